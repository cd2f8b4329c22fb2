"""Hits as a DOCX extract to be read: a heading for each meeting and agenda item, the passages with what is marked in
them, what they decide, and a link to each.

Written in order and never sought back in, so that any number of hits needs little memory; links are fields, since the
format's other kind stands in a list of its own that would have to be held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indexer import officefile
from indexer.answer import Hit
from indexer.archive import MOST_BYTES, Member, archive
from indexer.officefile import escaped
from indexer.report import name_of

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_FONT = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/>'
_FULL = "本文档写到这里为止，其余内容请导出为 CSV、XLSX 或 JSONL。"


def _style(id: str, name: str, size: int, paragraph: str = "", run: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f'<w:pPr>{paragraph}</w:pPr><w:rPr>{run}<w:sz w:val="{size}"/></w:rPr></w:style>'
    )


_STYLES = "".join(
    (
        f'<w:styles xmlns:w="{_MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>{_FONT}<w:sz w:val="24"/>'
        '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>',
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:pPr><w:spacing w:after="80" w:line="340" w:lineRule="auto"/></w:pPr></w:style>',
        _style("Title", "Title", 40, '<w:spacing w:after="160"/>', "<w:b/>"),
        _style(
            "Heading1", "heading 1", 30, '<w:keepNext/><w:spacing w:before="360"/><w:outlineLvl w:val="0"/>', "<w:b/>"
        ),
        _style(
            "Heading2", "heading 2", 26, '<w:keepNext/><w:spacing w:before="200"/><w:outlineLvl w:val="1"/>', "<w:b/>"
        ),
        _style("About", "About", 20, "", '<w:color w:val="555555"/>'),
        _style("Place", "Place", 20, "", '<w:color w:val="555555"/>'),
        "</w:styles>",
    )
)


def extract(hits: Iterable[Hit], title: str, about: Sequence[tuple[str, str]], site: str = "") -> Iterator[bytes]:
    """Yield the bytes of a document, in parts.

    Args:
        hits: What is written, those of one meeting after each other.
        title: The first line.
        about: What the file says of itself below it, as names and values.
        site: What stands in front of the paths of links; without it there are none, and ids stand alone.
    """
    return archive(_members(hits, title, about, site))


def _members(hits: Iterable[Hit], title: str, about: Sequence[tuple[str, str]], site: str) -> Iterator[Member]:
    yield "word/document.xml", _document(hits, title, about, site)
    yield "word/styles.xml", (officefile.XML, _STYLES)
    yield from officefile.package(
        "word/document.xml",
        f"{_WORD}.document.main+xml",
        {"word/styles.xml": f"{_WORD}.styles+xml"},
        "；".join(f"{name}：{value}" for name, value in about),
    )


def _document(hits: Iterable[Hit], title: str, about: Sequence[tuple[str, str]], site: str) -> Iterator[str]:
    yield f'{officefile.XML}<w:document xmlns:w="{_MAIN}"><w:body>'
    yield _paragraph("Title", _run(title))
    for name, value in about:
        yield _paragraph("About", _run(f"{name}：{value}"))
    written, meeting, item = 0, "", ""
    for hit in hits:
        passage = hit.passage
        told = ""
        if passage.head.id != meeting:
            meeting, item = passage.head.id, ""
            told += _paragraph("Heading1", _run(_named(hit)))
        if passage.item_title and passage.item_title != item:
            item = passage.item_title
            told += _paragraph("Heading2", _run(item))
        told += _paragraph("", _marked(hit))
        told += _paragraph("Place", _place(hit, site))
        written += len(told.encode())
        if written > MOST_BYTES:
            yield _paragraph("About", _run(_FULL))
            break
        yield told
    yield (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" '
        'w:header="720" w:footer="720" w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    )


def _named(hit: Hit) -> str:
    head = hit.passage.head
    parts = (name_of(head), head.body, head.date.isoformat() if head.date else None)
    return "　".join(part for part in parts if part)


def _marked(hit: Hit) -> str:
    """The text in runs, what is marked in bold and yellow."""
    text, done, runs = hit.text, 0, []
    for start, end in hit.marks:
        runs += [_run(text[done:start]), _run(text[start:end], '<w:b/><w:highlight w:val="yellow"/>')]
        done = end
    return "".join((*runs, _run(text[done:])))


def _place(hit: Hit, site: str) -> str:
    """What a passage decides, and its id, which is a link."""
    passage = hit.passage
    facts = (
        "、".join(passage.verdicts),
        f"牵头：{passage.lead_department}" if passage.lead_department else "",
        f"下一步：{passage.next_step}" if passage.next_step else "",
    )
    told = "　".join(fact for fact in facts if fact)
    before = _run(f"{told}　" if told else "")
    if not site:
        return before + _run(hit.id)
    look = '<w:color w:val="1F4E99"/><w:u w:val="single"/>'
    address = escaped(f"{site}{hit.url}".replace('"', "%22"))
    return f'{before}<w:fldSimple w:instr=" HYPERLINK &quot;{address}&quot; ">{_run(hit.id, look)}</w:fldSimple>'


def _paragraph(style: str, runs: str) -> str:
    set_ = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{set_}{runs}</w:p>"


def _run(text: str, look: str = "") -> str:
    if not text:
        return ""
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escaped(line) for line in text.split("\n"))
    return f'<w:r>{f"<w:rPr>{look}</w:rPr>" if look else ""}<w:t xml:space="preserve">{lines}</w:t></w:r>'
