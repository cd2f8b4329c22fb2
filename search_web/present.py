"""An answer as what the search page shows: hits by tier, tabs, chips, facets as links, pages.

Takes a request and its answer, gives frozen values whose every link is a URL that asks for exactly that.
Chooses no words of the page but what filters and choices are called, in its language, and renders nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from indexer.answer import Answer, Hit
from search_web.language import gettext
from search_web.language import marked as _
from search_web.params import FILTERS, LEVELS, MAX_OFFSET, SORTS, SearchRequest, quoted

LABELS = {
    "year": _("年份"),
    "body": _("机关"),
    "kind": _("会议类别"),
    "verdict": _("结论"),
    "department": _("部门"),
    "instrument": _("议题文件"),
    "person": _("人员"),
}
LEVEL_LABELS = {"all": _("全部"), "resolution": _("议定事项"), "paragraph": _("段落")}
SORT_LABELS = {"relevance": _("相关度"), "-date": _("由近到远"), "date": _("由远到近")}

_NUMBERED = re.compile(r"\d+\.(\d+)", re.ASCII)  # 2.3, 2.3p1

# How the query parser words that it also looks for other names of the same thing.
ALIAS_NOTICE = "也查找"

FACET_VALUES = 40  # of each field; the rest is reached by narrowing further

FacetCounts = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Link:
    """A choice and the URL that makes it; `current` where it is the one made."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field with their counts, those chosen included."""

    name: str
    label: str
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """Where this page stands among all; numbers count from 1."""

    number: int
    count: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class SearchView:
    """All that the search page shows of one answer."""

    request: SearchRequest
    answer: Answer
    exact: tuple[Hit, ...]
    related: tuple[Hit, ...]
    tabs: tuple[Link, ...]
    sorts: tuple[Link, ...]
    matches: tuple[Link, ...]
    chips: tuple[Link, ...]
    facets: tuple[Facet, ...]
    pages: Pages
    literal: str | None
    meant: tuple[Link, ...] = ()


def search_view(request: SearchRequest, answer: Answer, counts: Mapping[str, FacetCounts]) -> SearchView:
    """Arrange an answer for the page; `counts` are the facets to show."""
    first = replace(request, offset=0)
    return SearchView(
        request=request,
        answer=answer,
        exact=tuple(hit for hit in answer.hits if hit.tier == "exact"),
        related=tuple(hit for hit in answer.hits if hit.tier == "related"),
        tabs=tuple(Link(gettext(LEVEL_LABELS[v]), replace(first, level=v).url(), v == request.level) for v in LEVELS),
        sorts=tuple(Link(gettext(SORT_LABELS[v]), replace(first, sort=v).url(), v == request.sort) for v in SORTS),
        matches=_matches(first, answer),
        chips=filter_chips(first, lambda without: without.url()),
        facets=tuple(_facet(first, name, counts.get(name, ())) for name in FILTERS if counts.get(name)),
        pages=_pages(request, answer),
        literal=_literal(first, answer),
        meant=tuple(Link(text, replace(first, text=text).url()) for text in answer.suggestions),
    )


def hit_url(hit: Hit, text: str) -> str:
    """The URL of a hit's place, with the query to be marked there."""
    path, _, anchor = hit.url.partition("#")
    arguments = {"q": text} if hit.tier == "exact" else {"q": text, "match": hit.tier}
    return f"{path}?{urlencode(arguments)}#{anchor}" if text else hit.url


def place_label(hit: Hit) -> str:
    """What the place of a hit in its record is called; "" for running text outside the agenda items."""
    passage = hit.passage
    if passage.section == "attendance":
        return gettext("出席名单")
    if passage.item_number is None:
        return ""
    numbered = _NUMBERED.match(passage.anchor)
    if numbered:
        return gettext("议题 %(number)s 第 %(part)s 条") % {"number": passage.item_number, "part": numbered[1]}
    return gettext("议题 %(number)s") % {"number": passage.item_number}


def file_name(path: str) -> str:
    """The last part of a path, so that a page does not tell how its server's folders lie."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _matches(first: SearchRequest, answer: Answer) -> tuple[Link, ...]:
    """Both tiers, or one of them alone."""
    total = answer.total
    return (
        Link(gettext("两者"), replace(first, match="auto").url(), first.match == "auto"),
        Link(gettext("精确命中"), replace(first, match="exact").url(), first.match == "exact", total.exact),
        Link(gettext("相关段落"), replace(first, match="related").url(), first.match == "related", total.related),
    )


def filter_chips(request: SearchRequest, url: Callable[[SearchRequest], str]) -> tuple[Link, ...]:
    """What narrows a search, each with the URL that `url` gives for the request without it."""
    chips = [
        Link(f"{gettext(LABELS[name])}{gettext('：')}{value}", url(request.toggled(name, value)))
        for name in FILTERS
        for value in request.values(name)
    ]
    if request.first:
        chips.append(Link(gettext("自 %(day)s 起") % {"day": request.first}, url(replace(request, first=None))))
    if request.last:
        chips.append(Link(gettext("至 %(day)s 止") % {"day": request.last}, url(replace(request, last=None))))
    if not request.expand:
        chips.append(Link(gettext("不查别名"), url(replace(request, expand=True))))
    return tuple(chips)


def _literal(first: SearchRequest, answer: Answer) -> str | None:
    """The URL that asks without aliases; None where the parser's notices tell of none."""
    told = any(ALIAS_NOTICE in notice for notice in answer.notices)
    return replace(first, expand=False).url() if told and first.expand else None


def _facet(first: SearchRequest, name: str, counted: FacetCounts) -> Facet:
    """One field: chosen values first, also those that no hit has."""
    chosen = first.values(name)
    best = counted[: FACET_VALUES + len(chosen)]  # a field may have thousands of values
    counts = dict(best)
    if chosen:
        counts |= {value: count for value, count in counted if value in chosen}
    order = (*chosen, *(value for value, _ in best if value not in chosen))[:FACET_VALUES]
    if name == "year":
        order = tuple(sorted(order, reverse=True))
    # The URLs that put a value in differ in it alone; no request has a NUL in it.
    before, _, after = first.toggled(name, "\0").url().partition("%00")
    links = (
        Link(value, first.toggled(name, value).url(), True, counts.get(value, 0))
        if value in chosen
        else Link(value, f"{before}{quoted(value)}{after}", False, counts[value])
        for value in order
    )
    return Facet(name, gettext(LABELS[name]), tuple(links))


def _pages(request: SearchRequest, answer: Answer) -> Pages:
    """Pages over the hits that this request can reach."""
    total = {
        "exact": answer.total.exact,
        "related": answer.total.related,
        "auto": answer.total.exact + answer.total.related,
    }[request.match]
    limit, offset = request.limit, request.offset
    after = offset + limit
    return Pages(
        number=offset // limit + 1,
        count=max(1, math.ceil(total / limit)),
        before=replace(request, offset=max(0, offset - limit)).url() if offset else None,
        after=replace(request, offset=after).url() if after < total and after <= MAX_OFFSET else None,
    )
