"""Records go to JSON and come back equal."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import wire
from indexer.model import Document, Meeting, Record

text = st.text(max_size=8)
maybe = st.none() | text
day = st.dates(date(1900, 1, 1), date(2100, 1, 1))
unique_pairs = st.dictionaries(text, text, max_size=2).map(lambda d: tuple(d.items()))
records: st.SearchStrategy[Record] = st.deferred(lambda: st.from_type(Meeting) | st.from_type(Document))


def _register() -> None:
    from indexer import model

    number = st.integers(0, 3000)
    tuples = lambda of: st.lists(of, max_size=2).map(tuple)  # noqa: E731
    paragraph = st.builds(model.Paragraph, text, text, st.tuples(number, number), st.none() | number, tuples(text))
    decision = st.builds(model.Decision, st.sampled_from(model.VERDICTS), maybe, maybe)
    step = st.builds(model.NextStep, text, maybe, maybe)
    resolution = st.builds(
        model.Resolution,
        number=st.none() | number,
        anchor=text,
        text=text,
        paragraphs=tuples(paragraph),
        verdicts=tuples(decision),
        reporter=maybe,
        lead_department=maybe,
        departments=tuples(text),
        addressees=tuples(text),
        next_step=st.none() | step,
        deadline=maybe,
    )
    item = st.builds(
        model.AgendaItem,
        number=number,
        anchor=text,
        action=maybe,
        title=text,
        heading=st.none() | paragraph,
        instruments=tuples(text),
        short_names=unique_pairs,
        resolutions=tuples(resolution),
    )
    attendance = st.builds(model.Attendance, st.sampled_from(model.ROLES), maybe, maybe, maybe)
    doc_number = st.none() | st.builds(model.DocNumber, text, maybe, st.none() | number, st.none() | number)
    dates = st.builds(model.Dates, st.none() | day, st.none() | day, st.none() | day, maybe)
    sources = tuples(st.builds(model.Source, text, text, text, st.none() | number, maybe))
    shared: dict[str, Any] = {
        "id": text,
        "title": maybe,
        "body": maybe,
        "date": st.none() | day,
        "doc_number": doc_number,
        "dates": dates,
        "source": maybe,
        "disclosure": maybe,
        "paragraphs": tuples(paragraph),
        "notices": tuples(text),
        "sources": sources,
    }
    st.register_type_strategy(Document, st.builds(Document, genre=maybe, **shared))
    st.register_type_strategy(
        Meeting,
        st.builds(
            Meeting,
            kind=maybe,
            term=maybe,
            number=st.none() | number,
            chair=st.none() | st.builds(model.Chair, text, maybe),
            distribution=maybe,
            agenda=tuples(text),
            complete=st.none() | st.booleans(),
            items=tuples(item),
            attendance=tuples(attendance),
            roll=st.none() | paragraph,
            **shared,
        ),
    )


_register()


@given(records)
@settings(max_examples=60, deadline=None)
def test_there_and_back(record: Record) -> None:
    """Whatever a record holds survives the way through JSON text."""
    assert wire.from_json(json.loads(json.dumps(wire.to_json(record)))) == record


def test_the_contract_names() -> None:
    """The keys of a meeting are those that the contract lists."""
    from indexer.model import Dates

    empty = Meeting(
        "20210329-00000000", None, None, None, None, None, date(2021, 3, 29), None, None, Dates(), None, None, None,
        (), None, (), (), (), None, (), (),
    )  # fmt: skip
    data = wire.to_json(empty)
    assert {
        *("id", "title", "body", "kind", "term", "number", "date", "chair", "doc_number", "dates", "source"),
        *(
            "disclosure",
            "distribution",
            "agenda",
            "complete",
            "items",
            "paragraphs",
            "attendance",
            "notices",
            "sources",
        ),
    } <= set(data)
    assert data["date"] == "2021-03-29"
    assert (data["type"], data["items"], data["complete"]) == ("meeting", [], None)
