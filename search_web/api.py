"""The JSON API: the same questions as the pages, answered with the dicts of the contract, each described beside it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from indexer import wire
from indexer.errors import BadParameter
from indexer.model import Document, Meeting
from indexer.report import FACETS, answer_json, head_json, passage_json
from search_web import cursors, listing, params, shapes, timelines
from search_web import parameters as p
from search_web.described import described
from search_web.holder import ask, held_index

blueprint = Blueprint("api", __name__)

Json = dict[str, Any]

_OF_HIT = tuple(shapes.Hit.__annotations__)
_OF_LISTED = tuple(shapes.Listed.__annotations__)
_OF_PASSAGE = tuple(shapes.Passage.__annotations__)
_OF_MEETING, _OF_DOCUMENT = (("type", *(field.name for field in fields(kind))) for kind in (Meeting, Document))


@blueprint.get("/api/v1/search")
@described("检索", *p.SEARCH, p.CURSOR, p.FIELDS, answer=shapes.SearchReport, statuses=(410,), chosen=(_OF_HIT, "hits"))
def search() -> Json:
    """命中的段落，含原文的在前，相关的在后；q 与筛选条件至少给出一个。"""
    wanted = params.search_request(request.args)
    if wanted.empty:
        raise BadParameter("q", "", f"须为 1 至 {params.MAX_QUERY} 字，或至少给出一个筛选条件")
    index = held_index()
    walk = cursors.walk(index)
    if walk:
        wanted = replace(wanted, offset=walk.offset)
    # What is counted over the whole result is told once on a walk.
    answer = ask(index, wanted, () if walk and walk.offset else FACETS)
    told = answer_json(answer)
    if walk:
        total = answer.total
        reached = {"exact": total.exact, "related": total.related, "auto": total.exact + total.related}[wanted.match]
        told["next"] = walk.after(index, len(answer.hits), reached)
    return told


@blueprint.get("/api/v1/suggest")
@described("输入提示", p.Q, p.LIMIT, answer=shapes.Suggestions)
def suggest() -> Json:
    """正在输入的可能是什么：汉字、拼音或首字母均可；没有合适的则为空表。"""
    text = params.query(request.args)
    limit = params.number(request.args, "limit", 10, 1, params.MAX_LIMIT)
    found = held_index().suggest(text, limit)
    told = [{"text": one.text, "kind": one.kind, "count": one.count} for one in found]
    return {"query": text, "suggestions": told}


@blueprint.get("/api/v1/meetings")
@described(
    "会议列表",
    *(p.BODY, p.KIND, p.YEAR, p.LIST_LIMIT, p.OFFSET, p.CURSOR, p.FIELDS),
    answer=shapes.Meetings,
    statuses=(410,),
    chosen=(_OF_LISTED, "meetings"),
)
def meetings() -> Json:
    """收录的会议，由近到远，可按机关、类别和年份筛选。"""
    bodies, kinds = params.values(request.args, "body"), params.values(request.args, "kind")
    years = params.years(request.args)
    limit = params.number(request.args, "limit", params.MAX_LIMIT, 1, 1000)
    offset = params.number(request.args, "offset", 0, 0, params.MAX_OFFSET)
    index = held_index()
    walk = cursors.walk(index)
    offset = walk.offset if walk else offset
    found = listing.chosen((head for head in index.heads() if head.type == "meeting"), bodies, kinds, years)
    shown = found[offset : offset + limit]
    told: Json = {
        "total": len(found),
        "offset": offset,
        "limit": limit,
        "meetings": [head_json(head) for head in shown],
    }
    if walk:
        told["next"] = walk.after(index, len(shown), len(found))
    return told


@blueprint.get("/api/v1/meetings/<id>")
@described("一次会议", p.FIELDS, answer=Meeting, statuses=(302, 404), chosen=(_OF_MEETING, ""))
def meeting(id: str) -> Json | Response:
    """一次会议的纪要全文：议题、议定事项、段落、出席名单和来源。文件的编号会转到 /api/v1/documents。"""
    return _record(id)


@blueprint.get("/api/v1/documents/<id>")
@described("一份文件", p.FIELDS, answer=Document, statuses=(302, 404), chosen=(_OF_DOCUMENT, ""))
def document(id: str) -> Json | Response:
    """一份文件的全文。会议的编号会转到 /api/v1/meetings。"""
    return _record(id)


@blueprint.get("/api/v1/passages/<path:id>")
@described("一个段落", p.FIELDS, answer=shapes.Passage, statuses=(404,), chosen=(_OF_PASSAGE, ""))
def passage(id: str) -> Json:
    """一个段落，编号为 会议编号#段号，其中 # 在网址里写作 %23。"""
    return passage_json(held_index().passage(id))


@blueprint.get("/api/v1/timeline")
@described("时间线", p.SEVERAL_Q, p.BY, p.PER, p.LEVEL, p.EXPAND, *p.FILTERS, answer=shapes.Timelines)
def timeline() -> Json:
    """按月或按年的提及段数，连同各期的会议次数；q 与筛选条件至少给出一个。"""
    wanted = timelines.timeline_request(request.args)
    if wanted.empty:
        raise BadParameter("q", "", f"须有 1 至 {timelines.MOST_QUERIES} 个，或至少给出一个筛选条件")
    return timelines.to_json(timelines.ask(held_index(), wanted))


@blueprint.get("/healthz")
@described("是否正常", answer=shapes.Health, indexed=False)
def health() -> Json:
    """能回答一次检索，才算正常；否则为 503。"""
    index = held_index()
    index.search("会议", limit=1)
    stats = index.stats()
    return {"status": "ok", "meetings": stats.meetings, "passages": stats.passages}


def _record(id: str) -> Json | Response:
    record = held_index().record(id)
    kind = "meetings" if isinstance(record, Meeting) else "documents"
    if not request.path.startswith(f"/api/v1/{kind}/"):
        return redirect(url_for(f"api.{kind[:-1]}", id=id))
    return wire.to_json(record)
