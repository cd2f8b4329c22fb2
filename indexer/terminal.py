"""How answers, records and reports look in a terminal: values in, lines of text out; nothing is printed here.

Whatever a source or a query holds is stripped of control characters first, so that no text can steer the terminal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from indexer.answer import Answer, Hit
from indexer.coverage import Coverage
from indexer.engines.engine import PassageRecord, RecordHead, Stats
from indexer.evaluate import Evaluation
from indexer.model import ROLES, AgendaItem, Attendance, Meeting, Record, Resolution
from indexer.outcome import Report
from indexer.readers.folder import PICTURES
from indexer.wording import say

_MARK, _DIM, _OFF = "\x1b[1;31m", "\x1b[2m", "\x1b[0m"
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&quot;", '"'), ("&#39;", "'"), ("&#x27;", "'"))
_CLIP = 60  # characters of a paragraph that a table shows
_KINDS = 8  # kinds of files that are not read, which a report names
_PACKED = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")


def clean(text: str | None) -> str:
    """Return one line without control and formatting characters; "" for None."""
    shown = ("" if unicodedata.category(c) in ("Cc", "Cf", "Cs") and not c.isspace() else c for c in text or "")
    return " ".join("".join(shown).split())


def width(text: str) -> int:
    """Return the columns that a text takes: two for a wide character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in text)


def table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield rows with their columns under each other; empty cells at the end of a row leave no space behind."""
    rows = [[clean(cell) for cell in row] for row in rows]
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)] if rows else []
    for row in rows:
        yield "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)).rstrip()


def answer_lines(answer: Answer, color: bool) -> Iterator[str]:
    """Yield an answer: counts, notices, and each hit with its place, its text and its id."""
    exact, related = answer.total.exact, answer.total.related
    took = f"{answer.took_ms:.1f}"
    yield say(
        f"含有所查文字的 {exact} 条，相关的 {related} 条（{took} 毫秒）",
        f"exact {exact}, related {related} ({took} ms)",
    )
    for notice in answer.notices:
        yield say("提示：", "Notice: ") + clean(notice)
    if answer.suggestions:
        yield say("是否要查：", "Did you mean: ") + clean("、".join(answer.suggestions))
    tier = ""
    for number, hit in enumerate(answer.hits, answer.offset + 1):
        if hit.tier != tier:
            tier = hit.tier
            yield ""
            yield say("── 含有所查文字 ──", "-- exact --") if tier == "exact" else say("── 相关 ──", "-- related --")
        yield ""
        yield from _hit_lines(number, hit, color)


def _hit_lines(number: int, hit: Hit, color: bool) -> Iterator[str]:
    yield f"{number}. {place(hit.passage)}"
    yield "   " + _marked(hit.snippet, color)
    yield "   " + (f"{_DIM}{clean(hit.id)}{_OFF}" if color else clean(hit.id))


def _marked(html: str, color: bool) -> str:
    """Turn a snippet into plain text, its marks into colour, or into 【】 where there is none."""
    text = clean(html)
    start, end = (_MARK, _OFF) if color else ("【", "】")
    text = text.replace("<mark>", start).replace("</mark>", end)
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text.replace("&amp;", "&")


def head_line(head: RecordHead) -> str:
    """Return what names a record: body and meeting with its number, or the title, and the day."""
    number = say(f"第{head.number}次", f"no. {head.number} ") if head.number is not None else ""
    meeting = f"{head.body or ''}{number}{head.kind or ''}" if head.type == "meeting" else ""
    name = meeting if head.number is not None else head.title or meeting or head.id
    return clean("  ".join(part for part in (name, str(head.date or "")) if part))


def place(passage: PassageRecord) -> str:
    """Return where a passage stands and what it decides, as one line."""
    parts = [head_line(passage.head)]
    if passage.item_title:
        parts.append(f"{passage.item_number or ''} {passage.item_title}")
    if passage.verdicts:
        parts.append(f"[{'、'.join(passage.verdicts)}]")
    if passage.lead_department:
        parts.append(say("牵头：", "lead: ") + passage.lead_department)
    return "  ".join(clean(part) for part in parts)


def passage_lines(passage: PassageRecord) -> Iterator[str]:
    """Yield one passage: its place, its whole text, its id."""
    yield place(passage)
    yield from ("  " + clean(line) for line in passage.text.split("\n"))
    yield clean(passage.id)


def record_lines(record: Record) -> Iterator[str]:
    """Yield what was read of one record, so that a person can hold it against the source."""
    yield from table(_facts(record))
    if isinstance(record, Meeting):
        for item in record.items:
            yield ""
            yield from item_lines(item)
        if record.attendance:
            yield ""
            yield from table(_attendance(record.attendance))
    yield ""
    yield say("其余段落：", "Other paragraphs:") if isinstance(record, Meeting) else say("段落：", "Paragraphs:")
    yield from table((f"  {one.anchor}", _clip(one.text)) for one in record.paragraphs)
    for notice in record.notices:
        yield say("提示：", "Notice: ") + clean(notice)


def _facts(record: Record) -> list[tuple[str, str]]:
    rows = [
        (say("编号", "Id"), record.id),
        (say("标题", "Title"), record.title),
        (say("机关", "Body"), record.body),
        *(_meeting_facts(record) if isinstance(record, Meeting) else [(say("日期", "Date"), str(record.date or ""))]),
        (say("文号", "Number"), record.doc_number.text if record.doc_number else ""),
    ]
    # What every record should have is shown as missing where it is not there; the rest only where it is.
    looked_for = len(rows)
    rows += [
        (say("整理", "Compiled"), str(record.dates.compiled or record.dates.compiled_text or "")),
        (say("印发", "Printed"), str(record.dates.printed or "")),
        (say("发布", "Published"), str(record.dates.published or "")),
        (say("公开", "Disclosure"), record.disclosure),
        (say("分送", "Distribution"), record.distribution if isinstance(record, Meeting) else None),
    ]
    rows += [(say("来源", "Source"), f"{source.path} ({source.format})") for source in record.sources]
    return [(name, value or "—") for at, (name, value) in enumerate(rows) if at < looked_for or (value or "").strip()]


def _meeting_facts(m: Meeting) -> list[tuple[str, str | None]]:
    complete = {
        True: say("，与所列议程相符", ", as listed"),
        False: say("，与所列议程不符", ", not as listed"),
        None: "",
    }
    number = say(f"第{m.number}次", f"no. {m.number} ") if m.number is not None else ""
    rows: list[tuple[str, str | None]] = [
        (say("会议", "Meeting"), f"{m.term or ''}{number}{m.kind or ''}"),
        (say("日期", "Date"), str(m.date or "")),
        (say("主持", "Chair"), f"{m.chair.name}（{m.chair.office or '—'}）" if m.chair else ""),
        (say("议题", "Items"), f"{len(m.items)}{complete[m.complete]}"),
    ]
    if m.agenda:
        rows.append((say("议程", "Agenda"), "；".join(m.agenda)))
    return rows


def item_lines(item: AgendaItem) -> Iterator[str]:
    """Yield an agenda item and what was resolved on it: one row a fact, the wording under them."""
    yield clean(f"{item.number}. {item.title}")
    rows = [("", "", label, text) for label, text in _of_item(item)]
    for resolution in item.resolutions:
        told = enumerate(_decided(resolution))
        rows.extend(("", "" if at else resolution.anchor, label, text) for at, (label, text) in told)
    yield from table(rows)


def _of_item(item: AgendaItem) -> Iterator[tuple[str, str]]:
    if item.instruments:
        yield say("文件", "instruments"), "".join(f"《{title}》" for title in item.instruments)
    for short, full in item.short_names:
        yield say("简称", "short name"), f"{short} = {full}"


def _decided(r: Resolution) -> Iterator[tuple[str, str]]:
    for decision in r.verdicts:
        condition = say("；条件：", "; on condition: ") + decision.condition if decision.condition else ""
        yield say("结论", "verdict"), f"{decision.verdict}　{_clip(decision.object or '—')}{condition}"
    others = tuple(unit for unit in r.departments if unit not in (r.lead_department, r.reporter))
    step = r.next_step
    for label, text in (
        (say("汇报", "reporter"), r.reporter),
        (say("牵头", "lead"), r.lead_department),
        (say("其他单位", "others"), "、".join(others)),
        (say("要求", "addressed"), "、".join(r.addressees)),
        (say("下一步", "next"), step and step.text + (f"（{step.body}）" if step.body else "")),
        (say("时限", "by"), r.deadline),
        (say("原文", "text"), _clip(r.text)),
    ):
        if text:
            yield label, text


def _attendance(attendance: Sequence[Attendance]) -> Iterator[tuple[str, str]]:
    for role in ROLES:
        people = [one for one in attendance if one.role == role]
        if people:
            yield f"{role}（{len(people)}）", "、".join(_person(one) for one in people)


def _person(one: Attendance) -> str:
    aside = "，".join(part for part in (one.unit if one.name else None, one.note) if part)
    return f"{one.name or one.unit or ''}{f'（{aside}）' if aside else ''}"


def _clip(text: str) -> str:
    line = clean(text)
    return line if len(line) <= _CLIP else line[:_CLIP] + "…"


def report_lines(report: Report) -> Iterator[str]:
    """Yield the report of a build, the failed files last."""
    yield say(
        f"新增 {report.added}，更新 {report.updated}，未变 {report.unchanged}，移除 {report.removed}"
        f"（{report.seconds:.1f} 秒）",
        f"added {report.added}, updated {report.updated}, unchanged {report.unchanged}, removed {report.removed} "
        f"({report.seconds:.1f} s)",
    )
    yield say(
        f"索引现有会议 {report.meetings} 次、文件 {report.documents} 份、段落 {report.passages} 条",
        f"the index holds {report.meetings} meetings, {report.documents} documents, {report.passages} passages",
    )
    for path, record_id in report.duplicates:
        yield say(f"重复：{clean(path)} 与已收录的 {record_id} 相同", f"duplicate: {clean(path)} is {record_id}")
    for path, record_id, share in report.near_duplicates:
        yield say(
            f"相近：{clean(path)} 与 {record_id} 有 {share:.0%} 的文字相同",
            f"nearly the same: {clean(path)} shares {share:.0%} with {record_id}",
        )
    for path in report.withheld:
        yield say(f"未收录：{clean(path)} 未标明公开", f"left out: {clean(path)} does not say that it is public")
    for row in report.refused:
        mark = row.error.partition("“")[2].partition("”")[0]
        yield say(
            f"未收录：{clean(row.path)} 标有“{clean(mark)}”", f"left out: {clean(row.path)} is marked {clean(mark)!r}"
        )
    for row in report.failed:
        yield say(
            f"未能读取：{clean(row.path)}：{clean(row.error)}", f"not read: {clean(row.path)}: {clean(row.error)}"
        )
    if report.others:
        yield _others(report.others)


def _others(others: Sequence[tuple[str, int]]) -> str:
    """Tell what kinds of files were not looked into, and what would let them be read."""
    kinds = [f"{clean(suffix) or say('无后缀', 'no suffix')} {count}" for suffix, count in others[:_KINDS]]
    rest = sum(count for _, count in others[_KINDS:])
    if rest:
        kinds.append(say(f"其他 {rest}", f"others {rest}"))
    suffixes = {suffix for suffix, _ in others}
    ways = [
        *(
            [say("图片中的文字用 --ocr 识别", "--ocr reads the text of pictures")]
            if not suffixes.isdisjoint(PICTURES)
            else ()
        ),
        *([say("压缩包请先解压", "unpack archives first")] if not suffixes.isdisjoint(_PACKED) else ()),
    ]
    told = say("，", ", ").join(kinds)
    how = say(f"（{'；'.join(ways)}）", f" ({'; '.join(ways)})") if ways else ""
    return say(f"文件夹里还有不读的文件：{told}{how}", f"files of other kinds in the folders: {told}{how}")


def stats_lines(stats: Stats) -> Iterator[str]:
    """Yield the sizes and counts of an index."""
    yield from table(
        [
            (say("会议", "Meetings"), f"{stats.meetings:,}"),
            (say("文件", "Documents"), f"{stats.documents:,}"),
            (say("段落", "Passages"), f"{stats.passages:,}"),
            (say("分段", "Segments"), str(stats.segments)),
            (say("大小", "Size"), f"{stats.bytes / 1e6:,.1f} MB"),
            (say("版次", "Generation"), str(stats.generation)),
            (say("格式", "Format"), stats.format),
            (say("分词", "Segmenter"), stats.segmenter),
        ]
    )


def coverage_lines(coverage: Coverage) -> Iterator[str]:
    """Yield what is held of each body, the numbers missing, and which minutes do not hold all that was considered."""
    for row in coverage.series:
        gaps = "、".join(map(str, row.gaps or ()))
        missing = say(f"；缺第 {gaps} 次", f"; missing {gaps}") if gaps else ""
        days = f" {row.first} — {row.last}" if row.first else ""
        name = clean(f"{row.body} {row.kind}")
        yield say(f"{name}：{row.count} 次", f"{name}: {row.count}") + days + missing
    if coverage.compared:
        yield say(
            f"开头列出议题的会议 {coverage.compared} 次，与正文对不上的 {len(coverage.mismatches or ())} 次",
            f"{coverage.compared} meetings list their items; in {len(coverage.mismatches or ())} others follow",
        )
    for one in coverage.mismatches or ():
        yield say(
            f"  {one.head.id} 列出 {one.listed} 项，正文 {one.found} 项",
            f"  {one.head.id} lists {one.listed}, has {one.found}",
        )
    if coverage.further:
        yield say(
            f"自称还研究了其他事项的会议 {len(coverage.further)} 次",
            f"{len(coverage.further)} meetings tell of further matters",
        )
    for head in coverage.further or ():
        yield f"  {head.id}"


def evaluation_lines(found: Evaluation) -> Iterator[str]:
    """Yield how good the order of the answers was, by the judgements."""
    yield from table(
        [
            (say("查询", "Queries"), f"{found.queries:,}"),
            ("nDCG@10", f"{found.ndcg:.4f}"),
            ("MRR@10", f"{found.mrr:.4f}"),
            ("recall@100", f"{found.recall:.4f}"),
            (say("每次查询", "Per query"), say(f"{found.ms:.2f} 毫秒", f"{found.ms:.2f} ms")),
        ]
    )
