"""The parts of an OFD file (GB/T 33190): its pages with their templates, its units and resources, and their geometry.

Knows where things lie and how they are placed; what they say or look like is for who reads or draws them.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from indexer.errors import UnreadableFile
from indexer.readers.encoding import clean
from indexer.readers.package import Package, attribute, local

# a b c d e f as in GB/T 33190 8.3: x' = ax + cy + e, y' = bx + dy + f
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
# Composite units may hold composite units; no real file nests them deeper than 2.
DEEPEST = 8
MOST_DELTAS = 100_000


class OfdDocument:
    """One document of an OFD file."""

    def __init__(self, package: Package, name: str) -> None:
        self.package = package
        self.name = name
        self.root = package.xml(name)
        self.units: dict[str, etree._Element] = {}
        self.fonts: dict[str, str] = {}
        self.media: dict[str, str] = {}
        self._templates = {
            attribute(page, "ID"): attribute(page, "BaseLoc") for page in every(self.root, "TemplatePage")
        }
        for part in ("PublicRes", "DocumentRes"):
            for element in every(self.root, part):
                resource = package.find(name, element.text or "")
                if resource is not None:
                    self._resources(resource)

    def pages(self) -> Iterator[list[etree._Element]]:
        """Yield what lies on each page, from the bottom up: its templates and its own content, which is the last.

        A page that is missing has nothing.
        """
        for page in every(self.root, "Page"):
            name = self.package.find(self.name, attribute(page, "BaseLoc"))
            if name is None:
                yield []
                continue
            content = self.package.xml(name)
            used = (self._templates.get(attribute(one, "TemplateID")) for one in every(content, "Template"))
            found = (self.package.find(self.name, location) for location in used if location)
            yield [*(self.package.xml(one) for one in found if one is not None), content]

    def size(self, content: etree._Element) -> list[float]:
        """Return left, top, width and height of a page in millimetres, its own or the document's; A4 where none is."""
        for root in (content, self.root):
            for box in every(root, "PhysicalBox"):
                found = numbers(box.text or "")
                if len(found) == 4 and min(found[2:]) > 0:
                    return found
        return [0.0, 0.0, 210.0, 297.0]

    def attachments(self) -> list[str]:
        """Return the names of the attached files."""
        found: list[str] = []
        for element in self.root:
            if local(element) == "Attachments":
                listed = self.package.find(self.name, element.text or "")
                if listed is not None:
                    found += [attribute(item, "Name") for item in every(self.package.xml(listed), "Attachment")]
        return [clean(name)[0] for name in found if name]

    def _resources(self, name: str) -> None:
        root = self.package.xml(name)
        for unit in every(root, "CompositeGraphicUnit"):
            self.units[attribute(unit, "ID")] = unit
        for font in every(root, "Font"):
            self.fonts[attribute(font, "ID")] = attribute(font, "FontName")
        folder = attribute(root, "BaseLoc")
        for medium in every(root, "MultiMedia"):
            for file in every(medium, "MediaFile"):
                location = (file.text or "").strip()
                found = self.package.find(name, f"{folder}/{location}") or self.package.find(name, location)
                if found is not None:
                    self.media[attribute(medium, "ID")] = found


def documents(package: Package) -> Iterator[OfdDocument]:
    """Yield the documents of an OFD file; nearly all have one.

    Raises:
        UnreadableFile: it has none, or one that it names is missing.
    """
    if not package.has("OFD.xml"):
        raise UnreadableFile(package.path, "OFD 文件缺少 OFD.xml，已损坏")
    for root in every(package.xml("OFD.xml"), "DocRoot"):
        name = package.find("", root.text or "")
        if name is None:
            raise UnreadableFile(package.path, "OFD 文件缺少文档描述，已损坏")
        yield OfdDocument(package, name)


def placed(element: etree._Element) -> Matrix:
    """Return an object's matrix: its CTM, moved to the corner of its boundary."""
    left, top = [*numbers(attribute(element, "Boundary")), 0.0, 0.0][:2]
    own = numbers(attribute(element, "CTM"))
    a, b, c, d, e, f = own if len(own) == 6 else IDENTITY
    return a, b, c, d, e + left, f + top


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that applies `inner` first."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def deltas(text: str) -> list[float]:
    """Return the steps between glyphs; `g 3 5` stands for 5 5 5."""
    words = text.split()[:MOST_DELTAS]
    found: list[float] = []
    at = 0
    while at < len(words) and len(found) < MOST_DELTAS:
        if words[at] == "g" and at + 2 < len(words):
            count = int(number(words[at + 1], 0))
            found += [number(words[at + 2], 0)] * max(0, min(count, MOST_DELTAS - len(found)))
            at += 3
        else:
            found.append(number(words[at], 0))
            at += 1
    return found


def numbers(text: str) -> list[float]:
    """Return the first six numbers of a list; what is none counts as zero."""
    return [number(word, 0.0) for word in text.split()[:6]]


def number(text: str, default: float) -> float:
    """Return a measure, or the default for what is none or beyond any page."""
    try:
        found = float(text)
    except ValueError:
        return default
    return found if abs(found) < 1e7 else default


def every(root: etree._Element, name: str) -> list[etree._Element]:
    """Return all elements of a name below a root, in order."""
    return [element for element in root.iter() if local(element) == name]
