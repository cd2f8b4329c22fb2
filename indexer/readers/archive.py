"""A ZIP archive goes in, the documents of the files in it come out, each with the path `archive.zip!/member`.

Archives in archives are opened a few levels deep; nothing is written to disk. Members that could not be read are
told together after all others were yielded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indexer.errors import UnreadableFile
from indexer.readers.folder import known
from indexer.readers.package import LARGEST_TOTAL, MOST_MEMBERS, RATIO_FROM, Package
from indexer.readers.source import SourceText

# What stands between an archive's path and a member's name, as in Java's addresses of JAR files.
INSIDE = "!/"
DEEPEST = 3
# So many members that could not be read are named; the rest is counted.
NAMED = 5
# What is told of one of them has so many characters at most; it may tell of an archive with its own.
TOLD = 120
FAILED = "没有读出："
# Text shrinks to a fifth, office documents hardly; archives in archives could else grow by the ratio of each.
RATIO = 50
Opener = Callable[[str, bytes], Iterator[SourceText]]


@dataclass(slots=True)
class Budget:
    """What may still be unpacked of an archive and of all archives in it together."""

    members: int
    bytes: int

    @classmethod
    def of(cls, size: int) -> Budget:
        """Return what an archive of this size may hold."""
        return cls(MOST_MEMBERS, min(LARGEST_TOTAL, max(RATIO_FROM, RATIO * size)))

    def spend(self, package: Package) -> None:
        """Take off what one archive holds.

        Raises:
            UnreadableFile: that is more than is left.
        """
        self.members -= len(package.members)
        self.bytes -= sum(member.file_size for member in package.members.values())
        if min(self.members, self.bytes) < 0:
            raise UnreadableFile(package.path, "压缩包里套的压缩包合起来太大，没有读取")


def read_members(path: str, package: Package, opened: Opener) -> Iterator[SourceText]:
    """Yield the documents of all members whose names readers know, in the order of their names.

    Raises:
        UnreadableFile: after the last document, where members could not be read; at once for a nest of archives.
    """
    if path.count(INSIDE) >= DEEPEST:
        raise UnreadableFile(path, f"压缩包套了 {DEEPEST} 层以上，没有读取")
    failed: list[str] = []
    documents = 0
    for name in sorted(filter(_wanted, package.names)):
        try:
            for source in opened(path + INSIDE + name.lstrip("/"), package.read(name)):
                documents += 1
                yield source
        except UnreadableFile as error:
            inner = error.path.removeprefix(path + INSIDE) if error.path != path else ""
            reason = error.reason.removeprefix(FAILED)
            reason = reason if len(reason) <= TOLD else reason[:TOLD] + "…"
            failed.append(f"{inner}（{reason}）" if inner else reason)
    if failed:
        more = f"等共 {len(failed)} 个" if len(failed) > NAMED else ""
        others = f"（其余 {documents} 篇已读出）" if documents else ""
        raise UnreadableFile(path, f"{FAILED}{'；'.join(failed[:NAMED])}{more}{others}")
    if not documents:
        raise UnreadableFile(path, "压缩包里没有能读的文件")


def _wanted(name: str) -> bool:
    """Tell whether a member is a document by its name: no hidden one, no lock file, none that points upwards."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return False
    return known(parts[-1])
