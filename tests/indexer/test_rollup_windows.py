"""What is gathered window by window is what is gathered at once, each thing once and in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Protocol

import pytest
from made import meeting

from indexer.engines.choose import open_engine
from indexer.rollup import concerned
from indexer.search import Index
from indexer.text.fold import fold


class Windowed(Protocol):
    """What comes in windows."""

    @property
    def next(self) -> int | None: ...


def windows(ask: Callable[[int], Any]) -> Iterator[Any]:
    """Ask for window after window."""
    offset: int | None = 0
    while offset is not None:
        found = ask(offset)
        yield found
        assert found.next is None or found.next > offset
        offset = found.next


@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_people_come_in_windows(sample_index: Index, limit: int) -> None:
    """Appearances of all windows are those of a person, newest first; mentions, too, but for their limit."""
    for name, meetings in sample_index.engine.values("person")[:25]:
        whole = sample_index.person(name)
        found = list(windows(lambda at, name=name: sample_index.person(name, offset=at, limit=limit)))
        assert [line for one in found for line in one.chaired] == list(whole.chaired), name
        assert [line for one in found for line in one.attended] == list(whole.attended), name
        assert {one.meetings for one in found} == {meetings}
        told = [mention.id for one in found for mention in one.mentions]
        assert len(set(told)) == len(told)
        assert set(told) <= {mention.id for mention in whole.mentions}
        if limit == 1000:
            assert told == [mention.id for mention in whole.mentions]
            assert found[0].posts == whole.posts


@pytest.mark.parametrize("limit", [1, 4, 1000])
def test_departments_come_in_windows(sample_index: Index, limit: int) -> None:
    """Tasks of all windows are those of a department, of all bodies or of one."""
    for name, _ in sample_index.engine.values("department")[:15]:
        whole = sample_index.department(name)
        found = list(windows(lambda at, name=name: sample_index.department(name, offset=at, limit=limit)))
        assert [task for one in found for task in one.tasks] == list(whole.tasks), name
        # An engine counts a body once, however its name is spelled.
        assert {fold(body) for body, _ in found[0].bodies} >= {fold(body) for body, _ in whole.bodies if body}
        body = whole.bodies[-1][0]
        one = windows(lambda at, name=name, body=body: sample_index.department(name, body=body, offset=at, limit=limit))
        wanted = [task for task in whole.tasks if fold(task.head.body or "") == fold(body)]
        assert not body or [task for part in one for task in part.tasks] == wanted


@pytest.mark.parametrize("limit", [1, 1000])
def test_instruments_come_in_windows(sample_index: Index, limit: int) -> None:
    """Considerations of all windows are those of an instrument, in order of time within each window."""
    for title, _ in sample_index.engine.values("instrument")[:15]:
        whole = sample_index.instrument(title)
        found = list(windows(lambda at, title=title: sample_index.instrument(title, offset=at, limit=limit)))
        assert [c for one in reversed(found) for c in one.considerations] == list(whole.considerations), title


def test_meeting_larger_than_a_window_is_whole(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A meeting with more passages than a window reckons with is read to its end."""
    monkeypatch.setattr(concerned, "EACH", 1)
    with open_engine(tmp_path / "index", create=True).writing() as writing:
        for number in range(1, 4):
            writing.put(meeting(number, date(2024, 1, number)), ())
        writing.commit()
    with Index(open_engine(tmp_path / "index")) as index:
        found = list(windows(lambda at: index.department("市教育局", offset=at, limit=1)))
        whole = index.department("市教育局")
        assert [task for one in found for task in one.tasks] == list(whole.tasks)
        assert len(found) == 3


def test_lists_are_made_once_for_each_state(tmp_path: Any) -> None:
    """A list is the same object until the index changes."""
    engine = open_engine(tmp_path / "index", create=True)
    with Index(engine) as index:
        assert index.directory("person") == ()
        with engine.writing() as writing:
            writing.put(meeting(1, date(2024, 1, 1)), ())
            writing.commit()
        made = index.directory("person")
        assert {entry.name for entry in made} == {"林远", "周方", "何平"}
        assert index.directory("person") is made
