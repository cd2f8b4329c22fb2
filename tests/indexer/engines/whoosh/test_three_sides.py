"""Stock Whoosh through the codec, the executor and a plain reference find the same passages with the same scores.

GONGWEN_EQUALITY sets how many records the seeded corpus has (60 without it) and how many examples are tried.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import stock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import document, meeting
from reference import Kept, Reference, sentences
from whoosh import index as whoosh_index

from indexer.engines.engine import Level, Wanted
from indexer.engines.passages import Passage, passages
from indexer.engines.whoosh import executor, kernels, ranking, writer
from indexer.engines.whoosh.engine import WhooshEngine, open_engine
from indexer.model import Paragraph, Record
from indexer.query.asked import streams
from indexer.query.nodes import And, Node, Not, Or, Text
from indexer.query.parse import parse
from indexer.text import kin, words
from indexer.text.fold import fold, fold_map

RECORDS = int(os.environ.get("GONGWEN_EQUALITY", "60"))
# Sums of a few 32-bit numbers, each exact to 6e-8.
FLOAT32 = 2e-6
PIECES = (
    *("职业教育", "教育", "条例", "市政府", "财政局", "安全生产", "办法", "的", "要", "职", "市发改委", "发展和改革"),
    *("。各部门要抓好落实。", "；市财政局要保障经费；"),
    *("、", "《", "》", "，", "。", "；", "\n", " ", "ab", "AB c", "2024", "３", "𠮷", "職業", "〔2024〕"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
STRINGS = (*PIECES[:12], "业教", "教育条例", "育", "政府财", "产办法", "ab", "2", "𠮷", "职业教育、", "没有")
NAMES = st.sampled_from(STRINGS)
QUERIES = st.one_of(
    st.lists(NAMES, min_size=1, max_size=3).map(" ".join),
    st.tuples(NAMES, NAMES, NAMES).map(lambda s: f"({s[0]} {s[1]}) | {s[2]}"),
    st.tuples(NAMES, NAMES, NAMES).map(lambda s: f"{s[0]} ({s[1]} | {s[2]})"),
    st.tuples(NAMES, NAMES).map(lambda s: f"{s[0]} -{s[1]}"),
    NAMES.map(lambda s: f"-{s}"),
    st.tuples(NAMES, NAMES, st.integers(0, 9)).map(lambda s: f'"{s[0]} {s[1]}"~{s[2]}'),
    st.tuples(NAMES, NAMES).map(lambda s: f"{s[0]}*{s[1]}"),
    st.lists(st.sampled_from(PIECES), min_size=2, max_size=5).map(lambda s: f"怎样{''.join(s)}"),
)
# One action: the number of a record, and its texts; None removes it.
ACTIONS = st.lists(st.tuples(st.integers(0, 7), st.none() | st.lists(TEXTS, min_size=1, max_size=4)), max_size=5)
LEVELS: tuple[Level, ...] = ("all", "resolution", "paragraph")


class Sides:
    """One index with the three that read it, and all that was ever put into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine: WhooshEngine = open_engine(folder, create=True)
        self.known: dict[tuple[str, str], tuple[Passage, str | None]] = {}
        self.days: dict[str, date | None] = {}

    def commit(self, actions: Sequence[tuple[int, list[str] | None]]) -> None:
        """Put and remove records in one transaction."""
        with self.engine.writing() as writing:
            for number, texts in actions:
                record = made(number, texts or [])
                if texts is None:
                    writing.remove(record.id)
                else:
                    writing.put(record, ())
                    self._note(record)
            writing.commit()

    def _note(self, record: Record) -> None:
        found = passages(record) or [Passage("p1", "", 0)]
        headings = {p.item_number: f"{record.id}#{p.anchor}" for p in found if p.section == "heading"}
        for passage in found:
            name = f"{record.id}#{passage.anchor}"
            self.known[name, passage.text] = passage, headings.get(passage.item_number)
            self.days[name] = record.date

    def reference(self) -> Reference:
        """Return a reference over what a stock reader finds in the index."""
        return Reference([self._kept(*row) for row in stock.rows(whoosh_index.open_dir(str(self.folder)))])

    def _kept(self, name: str, text: str, alive: bool) -> Kept:
        passage, heading = self.known[name, text]
        title = None if passage.section == "heading" else passage.item_title
        held = words.cut(fold(text)) + (words.cut(fold(title)) if title else [])
        roll = passage.section == "attendance"
        folded = fold_map(text)
        places = list(folded.offsets)
        breaks = [sum(at < i for at in places) for i, c in enumerate(text) if c == "\n" and i not in places]
        return Kept(
            id=name,
            stream=folded.stream,
            shown="".join(text[i] for i in places),
            first_line=breaks[0] if breaks else 0,
            words={} if roll else Counter(held),
            levels=passage.levels,
            roll=roll,
            sentences=() if roll or passage.section == "heading" else sentences(folded.stream, breaks),
            heading=heading,
            alive=alive,
        )

    def agree_with_loops(self, wanted: Wanted) -> None:
        """Ask for everything, and for a page of the exact tier, on whole arrays and by compiled loops."""
        snapshot = self.engine.snapshot()
        if not snapshot.segments:
            return
        compiled = kernels.load(snapshot)
        assert compiled is not None
        for asked in (wanted, wanted._replace(match="exact", limit=3, words=())):
            arrays, loops = (executor.run(snapshot, asked, by) for by in (None, compiled))
            assert (arrays.exact, arrays.related) == (loops.exact, loops.related)
            exact = [[h.passage.id for h in found.hits if h.tier == "exact"] for found in (arrays, loops)]
            assert exact[0] == exact[1]
            scores = [{(h.tier, h.passage.id): h.score for h in found.hits} for found in (arrays, loops)]
            assert scores[0] == pytest.approx(scores[1], rel=FLOAT32)

    def agree(self, query: str, level: Level = "all") -> None:
        """Ask all three and compare what they say."""
        asked = parse(query)
        plain = kin.weighted_words(asked.plain)
        found = self.engine.find(Wanted(asked, plain, level, limit=100_000))
        reference = self.reference()
        scores = {tier: {h.passage.id: h.score for h in found.hits if h.tier == tier} for tier in ("exact", "related")}

        by_strings = reference.by_strings(asked.node, level)
        equal(scores["exact"], reference.finished(asked.node, by_strings), reference.doubtful)
        telling, common = reference.weighed(plain)
        rest = reference.shown(reference.selected(Not(asked.node)), level)
        by_words = reference.by_words(telling, [n for n in rest if allowed(asked.node, reference.living[n].stream)])
        equal(scores["related"], reference.second_look(asked.plain, common, by_words), reference.doubtful)
        assert (found.exact, found.related) == (len(by_strings), len(by_words))
        self.agree_with_loops(Wanted(asked, plain, level, limit=100_000))
        for tier in scores:
            order = [(-h.score, -ordinal(self.days[h.passage.id])) for h in found.hits if h.tier == tier]
            assert order == sorted(order)

        index = whoosh_index.open_dir(str(self.folder))
        if is_tree(asked.node):
            weights = reference.weights(asked.node)
            assert stock.statistics(index, weights) == {s: reference.rarest(s) for s in weights}
            posted = stock.by_strings(index, asked.node, weights)
            assert posted.keys() == reference.selected(asked.node)
            shown = {name: posted[name] for name in reference.shown(posted, level)}
            equal(shown, by_strings)
            equal(reference.finished(asked.node, shown), scores["exact"], reference.doubtful)
        # Whoosh's postings state the sum over words that the second look begins with; all of them, and all levels.
        by_postings = stock.by_words(index, plain)
        equal(by_postings, reference.by_words(telling, list(reference.living)))
        read = reference.second_look(asked.plain, common, {name: by_postings[name] for name in by_words})
        equal(read, scores["related"], reference.doubtful)


def made(number: int, texts: list[str]) -> Record:
    """Return the record of a number: documents and meetings by turns, some of one day, some undated."""
    day = date(2024, 1, 1 + number % 3) if number % 5 else None
    if number % 3:
        return document(f"{number}", texts, day)
    whole = meeting(number, date(2024, 1, 1 + number % 3))
    item, roll = whole.items[0], whole.roll
    assert item.heading is not None
    assert roll is not None
    first, second, third = (texts * 3)[:3] if texts else ("", "", "")
    resolutions = (
        replace(item.resolutions[0], text=second, paragraphs=(Paragraph("1.1p1", second, (100, 101)),)),
        replace(item.resolutions[1], text=second + third, paragraphs=(Paragraph("1.2p1", third, (150, 151)),)),
    )
    changed = replace(item, heading=replace(item.heading, text=first), resolutions=resolutions)
    return replace(whole, items=(changed,), roll=replace(roll, text=f"出席：{third}"))


def equal(found: dict[str, float], expected: dict[str, float], doubtful: Set[str] = frozenset()) -> None:
    """Compare passages, and their scores to the exactness of 32-bit numbers."""
    assert found.keys() == expected.keys()
    sure = [name for name in expected if name not in doubtful]
    assert [found[n] for n in sure] == pytest.approx([expected[n] for n in sure], rel=FLOAT32, abs=FLOAT32)


def allowed(node: Node, stream: str) -> bool:
    """Tell whether a passage may be of the related tier: what a query excludes binds it, too."""
    match node:
        case Not():
            return not any(s in stream for s in streams(node.child))
        case And():
            return all(allowed(child, stream) for child in node.children)
    return True


def is_tree(node: Node) -> bool:
    """Tell whether a query is of strings, AND, OR and NOT alone."""
    match node:
        case And() | Or():
            return all(map(is_tree, node.children))
        case Not():
            return is_tree(node.child)
    return isinstance(node, Text)


def ordinal(day: date | None) -> int:
    """Return a day as a number; 0 for none."""
    return day.toordinal() if day else 0


@settings(max_examples=max(40, RECORDS), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIONS, min_size=1, max_size=6), st.lists(QUERIES, min_size=1, max_size=4), st.sampled_from(LEVELS))
def test_three_sides_agree_on_any_corpus(
    tmp_path_factory: Any, commits: list[list[tuple[int, list[str] | None]]], queries: list[str], level: Level
) -> None:
    """Whatever was put, replaced, removed and merged, all three find the same passages with the same scores."""
    sides = Sides(tmp_path_factory.mktemp("sides"))
    for actions in commits:
        sides.commit(actions)
    for query in queries:
        sides.agree(query, level)


def test_three_sides_agree_on_a_larger_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many commits leave several segments, merged ones and deletions; more passages match than are read again."""
    monkeypatch.setattr(writer, "SEGMENT_CHARACTERS", 3_000)
    monkeypatch.setattr(writer, "SMALLEST", 500)
    chance = random.Random(11)
    sides = Sides(tmp_path)
    merged = 0
    for start in range(0, RECORDS, 6):
        before = {entry.segid for entry in sides.engine.snapshot().entries}
        numbers = [*range(start, start + 6), *chance.sample(range(start + 6), 3)]
        sides.commit([(n, [text(chance) for _ in range(chance.randint(1, 6))]) for n in numbers])
        sides.commit([(chance.randrange(start + 6), None)])
        merged += len(before - {entry.segid for entry in sides.engine.snapshot().entries})
    entries = sides.engine.snapshot().entries
    assert merged > 2
    assert len(entries) > 1
    assert any(entry.dead for entry in entries)
    assert len(sides.reference().selected(Text("教育"))) > ranking.READ_FOR_PROXIMITY
    for query in (
        *STRINGS,
        "教育 条例",
        "(教育 职) | 办法",
        "教育 -条例",
        '"教育 条例"~6',
        "教育*办法",
        "怎样办好职业教育",
    ):
        sides.agree(query)


def text(chance: random.Random) -> str:
    """Return a random text."""
    return "".join(chance.choices(PIECES, k=chance.randint(0, 12)))
