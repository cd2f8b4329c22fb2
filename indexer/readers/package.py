"""The bytes of a ZIP container go in, its members and their XML come out, within limits that no real document meets.

Nothing is written to disk, so a member's name can do no harm; entities are never expanded, nothing is fetched.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from indexer.errors import UnreadableFile

# An office document with pictures has some hundred members; a year's minutes in one archive some thousand.
MOST_MEMBERS = 20_000
# The largest XML part seen has 30 MB; pictures are never opened.
LARGEST_MEMBER = 256 * 1024 * 1024
LARGEST_XML = 128 * 1024 * 1024
LARGEST_TOTAL = 1024 * 1024 * 1024
# Office XML shrinks to a twentieth; a bomb to a thousandth.
HIGHEST_RATIO = 200
RATIO_FROM = 32 * 1024 * 1024
ENCRYPTED = 0x1
UTF8_NAME = 0x800


class Package:
    """An opened ZIP container."""

    def __init__(self, path: str, data: bytes) -> None:
        """Open the container and check the sizes that its directory names.

        Raises:
            UnreadableFile: it is damaged, or larger than any document.
        """
        self.path = path
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise UnreadableFile(path, "压缩结构已损坏或不完整，无法打开") from error
        # Not ZipInfo.is_dir, which fails over a name of no characters.
        members = [member for member in self._zip.infolist() if not member.filename.endswith("/")]
        total = sum(member.file_size for member in members)
        if len(members) > MOST_MEMBERS:
            raise UnreadableFile(path, f"内有 {len(members)} 个文件，超过 {MOST_MEMBERS} 个的上限")
        if total > LARGEST_TOTAL or (total > RATIO_FROM and total > HIGHEST_RATIO * len(data)):
            raise UnreadableFile(path, f"解压后有 {total // 2**20} MB，压缩比异常，没有读取")
        self.members = {member_name(member): member for member in members}
        self._lower = {name.lower(): name for name in self.members}

    @property
    def names(self) -> list[str]:
        """Return the members' names in the order of the container."""
        return list(self.members)

    def has(self, name: str) -> bool:
        """Tell whether there is a member of this name, whatever its case."""
        return name.lower() in self._lower

    def read(self, name: str, limit: int = LARGEST_MEMBER) -> bytes:
        """Return the bytes of a member.

        Raises:
            UnreadableFile: it is encrypted, damaged or larger than `limit`.
        """
        member = self.members[self._lower[name.lower()]]
        if member.flag_bits & ENCRYPTED:
            raise UnreadableFile(self.path, f"其中的 {name} 已加密，需要密码；请解除加密后再试")
        if member.file_size > limit:
            raise UnreadableFile(self.path, f"其中的 {name} 有 {member.file_size // 2**20} MB，太大，没有读取")
        try:
            # Reading stops at the size that the directory names, so a lie about it gains nothing.
            return self._zip.read(member)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise UnreadableFile(self.path, f"其中的 {name} 已损坏，无法解压") from error

    def xml(self, name: str) -> etree._Element:
        """Return the root of an XML member."""
        data = self.read(name, LARGEST_XML)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise UnreadableFile(self.path, f"其中的 {name} 不是有效的 XML（可能已加密或损坏）") from error
        if getattr(root.getroottree().docinfo, "doctype", ""):
            raise UnreadableFile(self.path, f"其中的 {name} 含有文档类型定义，没有读取")
        return root

    def find(self, base: str, location: str) -> str | None:
        """Return the member that a location names, seen from the member `base`; None where there is none."""
        location = location.replace("\\", "/").strip()
        folder = posixpath.dirname(base)
        for candidate in (posixpath.join(folder, location), location):
            name = posixpath.normpath(candidate).lstrip("/")
            if name.lower() in self._lower:
                return self._lower[name.lower()]
        return None


def member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; Chinese programs write it in GBK, which zipfile takes for code page 437."""
    if member.flag_bits & UTF8_NAME:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace; "" for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its name without namespace; "" where there is none."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""
