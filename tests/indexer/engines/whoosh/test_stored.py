"""A document that is packed without its texts comes back whole, whatever its paragraphs say of their places."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from made import document

from indexer.engines.passages import passages
from indexer.engines.whoosh import stored
from indexer.model import Paragraph

# Mostly as documents are, so that columns of equal values come up.
PARAGRAPHS = st.lists(
    st.builds(
        lambda anchor, text, gap, over, page, heading: (anchor, text, gap, over, page, heading),
        st.sampled_from(["", "", "", "一", "第五条"]),
        st.text(max_size=9),
        st.sampled_from([1, 1, 1, 0, 7]),
        st.sampled_from([0, 0, 0, 2]),
        st.sampled_from([None, None, 3]),
        st.sampled_from([(), (), ("第一章", "一、")]),
    ),
    max_size=5,
)


@given(PARAGRAPHS)
def test_documents_come_back(rows: list[tuple[str, str, int, int, int | None, tuple[str, ...]]]) -> None:
    end, made = -1, []
    for number, (anchor, text, gap, over, page, heading) in enumerate(rows, 1):
        begin = end + gap
        end = begin + len(text) + over
        made.append(Paragraph(anchor or f"p{number}", text, (begin, end), page, heading))
    record = replace(document("d1", ["会议"]), paragraphs=tuple(made))
    packed = stored.pack(record, passages(record))
    assert stored.unpack(packed, lambda i: made[i].text) == record
