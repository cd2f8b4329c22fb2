"""The styles and numbering parts of a DOCX file go in; a paragraph's style, level and list number come out."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from indexer.readers.numbering import Counters, Level
from indexer.readers.package import Package, attribute, local
from indexer.readers.source import Style

# A style may be based on another, which is based on another; damaged files make circles.
DEEPEST = 20
BODY_TEXT = 9


@dataclass(frozen=True, slots=True)
class _StyleInfo:
    name: str
    based_on: str
    outline: int | None
    number: str | None
    level: int | None


class Numbers:
    """Knows the styles and lists of a document and counts its paragraphs as they are asked for in order."""

    def __init__(self, package: Package) -> None:
        self._styles: dict[str, _StyleInfo] = {}
        self._lists: dict[str, tuple[str, dict[int, Level]]] = {}
        self._counters = Counters()
        if package.has("word/styles.xml"):
            for style in package.xml("word/styles.xml"):
                if local(style) == "style" and attribute(style, "type") in ("", "paragraph"):
                    self._styles[attribute(style, "styleId")] = _style(style)
        if package.has("word/numbering.xml"):
            self._lists = _lists(package.xml("word/numbering.xml"))

    def of(self, paragraph: etree._Element, filled: bool) -> tuple[Style, int | None, str]:
        """Return style, heading level from 1, and number of a paragraph; an empty one is not counted."""
        properties = _child(paragraph, "pPr")
        own = _properties(properties) if properties is not None else _StyleInfo("", "", None, None, None)
        chain = self._chain(own.based_on)
        number = next((info.number for info in (own, *chain) if info.number is not None), None)
        level = next((info.level for info in (own, *chain) if info.level is not None), 0)
        outline = next((info.outline for info in (own, *chain) if info.outline is not None), None)
        label, listed = "", False
        if number is not None and number in self._lists and filled:
            key, levels = self._lists[number]
            label, listed = self._counters.label(key, min(max(level, 0), 8), levels), True
        if outline is not None and 0 <= outline < BODY_TEXT:
            return "heading", outline + 1, label
        if any(info.name.lower() in ("title", "标题") for info in chain):
            return "title", None, label
        return "list" if listed else "", None, label

    def _chain(self, style: str) -> list[_StyleInfo]:
        chain: list[_StyleInfo] = []
        while style in self._styles and len(chain) < DEEPEST:
            chain.append(self._styles[style])
            style = self._styles[style].based_on
        return chain


def _style(element: etree._Element) -> _StyleInfo:
    name, based_on = _child(element, "name"), _child(element, "basedOn")
    properties = _child(element, "pPr")
    own = _properties(properties) if properties is not None else _StyleInfo("", "", None, None, None)
    return _StyleInfo(
        attribute(name, "val") if name is not None else "",
        attribute(based_on, "val") if based_on is not None else "",
        own.outline,
        own.number,
        own.level,
    )


def _properties(element: etree._Element) -> _StyleInfo:
    """Read a paragraph's properties; `based_on` is then its style."""
    style, outline, numbers = (_child(element, name) for name in ("pStyle", "outlineLvl", "numPr"))
    number = level = None
    if numbers is not None:
        number, level = (_child(numbers, name) for name in ("numId", "ilvl"))
    return _StyleInfo(
        "",
        attribute(style, "val") if style is not None else "",
        _value(outline),
        attribute(number, "val") if number is not None else None,
        _value(level),
    )


def _lists(root: etree._Element) -> dict[str, tuple[str, dict[int, Level]]]:
    """Return each list's counter key and levels; lists of one abstract definition go on counting together."""
    abstract = {
        attribute(element, "abstractNumId"): _levels(element) for element in root if local(element) == "abstractNum"
    }
    lists: dict[str, tuple[str, dict[int, Level]]] = {}
    for element in root:
        if local(element) != "num":
            continue
        number, link = attribute(element, "numId"), _child(element, "abstractNumId")
        key = attribute(link, "val") if link is not None else ""
        levels = dict(abstract.get(key, {}))
        overridden = [child for child in element if local(child) == "lvlOverride"]
        for override in overridden:
            at = int(attribute(override, "ilvl") or 0) if attribute(override, "ilvl").isdecimal() else 0
            levels |= _levels(override)
            start = _value(_child(override, "startOverride"))
            if start is not None:
                own = levels.get(at, Level())
                levels[at] = Level(own.format, own.text, start)
        lists[number] = (f"{key}#{number}" if overridden else key, levels)
    return lists


def _levels(element: etree._Element) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for child in element:
        at = attribute(child, "ilvl")
        if local(child) != "lvl" or not at.isdecimal() or int(at) > 8:
            continue
        form, text = _child(child, "numFmt"), _child(child, "lvlText")
        start = _value(_child(child, "start"))
        levels[int(at)] = Level(
            attribute(form, "val") if form is not None else "decimal",
            attribute(text, "val") if text is not None else "",
            1 if start is None else start,
        )
    return levels


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if local(child) == name), None)


def _value(element: etree._Element | None) -> int | None:
    text = attribute(element, "val") if element is not None else ""
    return int(text) if text.isdecimal() and len(text) < 6 else None
