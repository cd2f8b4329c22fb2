"""Whatever is typed, the parser gives a sound tree, keeps the promise of quoted text, and takes linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.query import parse as parsing
from indexer.query.nodes import And, FieldIs, InSentence, Near, Node, Not, Or, Text
from indexer.query.parse import parse
from indexer.text.fold import fold

SIGNS = '"“”＂|｜-－()（）*＊~～:： \u3000\n\u200b\ud800'
PIECES = ["OR", "NOT", "AND", "部门:", "年:", "日期:2021", "..", "~20", " OR ", "甲", "乙方", "Aa", "2024", *SIGNS]
PLAIN = [*"甲乙的 第百年月日四次國", "发改委", "职业教育", "第四次", "二〇二四年"]
typed = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(max_size=200),
    st.text(alphabet=st.sampled_from(SIGNS + "甲a1"), max_size=200),
)


def walk(node: Node) -> list[Node]:
    """Return a node with all below it."""
    children = node.children if isinstance(node, And | Or) else (node.child,) if isinstance(node, Not) else ()
    return [node, *(below for child in children for below in walk(child))]


@given(typed)
@settings(max_examples=600)
def test_every_text_gives_a_sound_tree(text: str) -> None:
    """Streams are folded and not empty, every Not stands in an And with something positive, no node is idle."""
    query = parse(text)
    for node in walk(query.node):
        match node:
            case Text(stream):
                assert stream == fold(stream) != ""
            case Near(streams) | InSentence(streams):
                assert len(streams) >= 2
                assert all(s == fold(s) != "" for s in streams)
            case FieldIs(_, value):
                assert value == fold(value) != ""
            case And(children):
                assert len(children) >= 2
                assert len(set(children)) == len(children)
                assert any(not isinstance(child, Not) for child in children)
                assert not any(isinstance(child, And) for child in children)
            case Or(children):
                assert len(children) >= 2
                assert not any(isinstance(child, Not | Or) for child in children)
            case Not(child):
                assert not isinstance(child, Not)
    assert not isinstance(query.node, Not)
    assert all(term == fold(term) != "" for term in query.terms)
    assert len(query.terms) == len(set(query.terms))
    " ".join((query.plain, *query.notices)).encode("utf-8")


@given(st.lists(st.sampled_from(PLAIN), max_size=12).map("".join))
@example("教育 教育")
@example("市发改委 的")
@settings(max_examples=300)
def test_a_plain_query_is_read_as_by_its_signs(text: str) -> None:
    """What is read at a glance, as it has neither sign nor numeral, has the tree that the tokens would give."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "MAX_PLAIN", -1)
        by_signs = parse(text), parse(text, expand=False)
    assert (parse(text), parse(text, expand=False)) == by_signs


@given(st.text(alphabet=st.one_of(st.sampled_from(SIGNS + "甲乙Aa1〔「"), st.characters()), min_size=1, max_size=100))
@settings(max_examples=600)
def test_a_quoted_text_is_one_string(text: str) -> None:
    """Any text without straight quotation marks, put between two of them, is searched as it stands."""
    text = text.replace('"', "").replace("＂", "")
    query = parse(f'"{text}"')
    if fold(text):
        assert isinstance(query.node, Text)
        assert query.node.stream == fold(text)
        assert query.terms == (fold(text),)
        assert query.notices == ()


@given(st.lists(st.text(alphabet="会议同意A1，。、“”（）-:.", min_size=1, max_size=12), min_size=1, max_size=5))
def test_chunks_without_operators_are_literal(chunks: list[str]) -> None:
    """A sign inside a chunk is text: behind a first ordinary character nothing operates."""
    chunks = [f"第{chunk}项" for chunk in chunks]
    query = parse(" ".join(chunks), aliases={})
    streams = tuple(dict.fromkeys(map(fold, chunks)))
    assert query.terms == streams
    assert all(isinstance(node, And | Text) for node in walk(query.node))


HOSTILE = [
    '"a ',
    "“a ",
    "“",
    '"',
    "(a ",
    "(",
    ")",
    "（a）",
    "(a）|",
    "a*",
    "-",
    "NOT ",
    "|",
    "| ",
    "部门:",
    "日期:1",
    "a ",
    " ",
    "~9",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    """10,000 characters of any one construct are read far below a second; a quadratic parser takes many."""
    text = (piece * 10_000)[:10_000]
    parse("甲")
    start = time.perf_counter()
    parse(text)
    parse('"' + text)
    assert time.perf_counter() - start < 1
