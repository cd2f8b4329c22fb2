"""One instrument 《》 over time: each meeting that considered it, in order, with verdict and wording.

Titles are of one instrument where they are equal when folded, without the name of a place in front and the mark of a
draft behind: 《云州市养老服务条例（草案）》 and 《养老服务条例》. Bodies of different places may give one title to
different texts; considerations are told with the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from indexer.engines.engine import Engine, Filters, RecordHead
from indexer.errors import UnknownName
from indexer.minutes.instruments import anatomy
from indexer.model import AgendaItem, Meeting, Resolution
from indexer.rollup import concerned
from indexer.text.fold import fold
from indexer.text.lexicon import is_region, short_name

# (草案), (修订草案送审稿), (讨论稿): what stands in the last brackets of a folded title.
DRAFT = re.compile(r"\([^()]{0,12}(?:草案|稿)[^()]{0,8}\)$")
PLACE = re.compile(r"(?:中共)?(?P<place>[^()]{1,10}?[省市州盟区县旗镇乡])(?=人民|政府|委|人大|政协|党|$)")
LONGEST_PLACE = 12
SHORTEST_TITLE = 4  # what is left of a title must still name it: 条例 alone does not


@dataclass(frozen=True, slots=True)
class Consideration:
    """One item that considered the instrument, under the title as written there.

    `resolutions` are those that name it; where none does, those with a verdict; else all of the item.
    """

    head: RecordHead
    item: AgendaItem
    title: str
    resolutions: tuple[Resolution, ...]

    @property
    def draft(self) -> str | None:
        """The state of the text that was considered (修订草案, 送审稿), None where its title does not say."""
        return anatomy(self.title).draft


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument: the title asked for, all titles it has in meetings, and its considerations, oldest first.

    Of a window they are those of its meetings; `next` is where the window before it in time begins, None at the end.
    """

    title: str
    titles: tuple[str, ...]
    considerations: tuple[Consideration, ...]
    next: int | None = None

    @property
    def genre(self) -> str | None:
        """What kind of text it is by its title: 方案, 办法, 条例 …; None where the title does not say."""
        return anatomy(self.title).genre


@dataclass(frozen=True, slots=True)
class Titles:
    """All titles that agenda items consider, those of one instrument together under its key; `places` as in `key`."""

    places: frozenset[str]
    alike: Mapping[str, tuple[str, ...]]


def titles_held(engine: Engine) -> Titles:
    """Return the titles that are held, most frequent first; the same for each state of the index."""
    places = places_of(head.body for head in engine.heads())
    alike: dict[str, tuple[str, ...]] = {}
    for value, _ in engine.values("instrument"):
        one = key(value, places)
        alike[one] = (*alike.get(one, ()), value)
    return Titles(places, alike)


def instrument(
    engine: Engine, title: str, offset: int = 0, limit: int | None = None, held: Titles | None = None
) -> Instrument:
    """Gather what is held of an instrument, in all meetings or in at most `limit` of them, the newest first.

    Args:
        offset: 0, or the `next` of the window before.
        held: what `titles_held` gives, where it is known already.

    Raises:
        UnknownName: No agenda item considers it.
    """
    held = held or titles_held(engine)
    titles = held.alike.get(key(title, held.places), ())
    if not titles:
        raise UnknownName(title, concerned.near(title, (value for value, _ in engine.values("instrument"))))
    filters = Filters(instrument=titles)
    meetings: Iterable[tuple[RecordHead, Meeting]]
    if limit is None:
        meetings, after = concerned.meetings(engine, filters), None
    else:
        found = concerned.window(engine, filters, None, offset, limit)
        meetings, after = found.meetings, found.next
    return Instrument(title, titles, tuple(reversed(list(_considerations(meetings, titles)))), after)


def key(title: str, places: frozenset[str]) -> str:
    """Return what is equal for all titles of one instrument; `places` are what may stand in front beside regions."""
    stream = fold(title).strip("《》")
    bare = DRAFT.sub("", stream)
    while bare != stream:
        stream, bare = bare, DRAFT.sub("", bare)
    while (end := _place_end(bare, places)) and len(bare) - end >= SHORTEST_TITLE:
        bare = bare[end:]
    return bare


def places_of(bodies: Iterable[str | None]) -> frozenset[str]:
    """Return the places of bodies, folded, with and without their class word: 云州市 and 云州 of 云州市人民政府."""
    found: set[str] = set()
    for body in set(bodies):
        place = PLACE.match(fold(body)) if body else None
        if place and len(place["place"]) > 2:
            found |= {place["place"], short_name(place["place"]), place["place"][:-1]}
    return frozenset(place for place in found if len(place) > 1)


def _place_end(stream: str, places: frozenset[str]) -> int:
    """Return where the name of a place in front ends; 0 where there is none."""
    for end in range(min(LONGEST_PLACE, len(stream)), 1, -1):
        if stream[:end] in places or is_region(stream[:end]):
            return end
    return 0


def _considerations(meetings: Iterable[tuple[RecordHead, Meeting]], titles: tuple[str, ...]) -> Iterator[Consideration]:
    """Yield considerations, newest meeting first, the last item of a meeting first."""
    for head, meeting in meetings:
        for item in reversed(meeting.items):
            written = next((title for title in item.instruments if title in titles), None)
            if written:
                yield Consideration(head, item, written, _about(item, written))


def _about(item: AgendaItem, title: str) -> tuple[Resolution, ...]:
    stream = fold(title)
    naming = tuple(r for r in item.resolutions if stream in fold(r.text))
    deciding = tuple(r for r in item.resolutions if r.verdicts)
    return naming or deciding or item.resolutions
