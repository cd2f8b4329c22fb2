"""What all meetings say of people, departments and instruments, for programs: lists, and one at a time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from indexer.model import AgendaItem, Resolution
from indexer.report import RecordHead, head_json, passage_json, path_of
from indexer.rollup.directory import Sort
from indexer.rollup.people import Appearance
from search_web import parameters as p
from search_web import params, shapes
from search_web.described import described
from search_web.holder import held_index
from search_web.overviews import MAX_PLACE

blueprint = Blueprint("gathered", __name__)

Json = dict[str, Any]

_LISTED = (p.LIST_LIMIT, p.OFFSET)
_WINDOW = (p.MEETINGS, p.PLACE)


@blueprint.get("/api/v1/people")
@described("人员", *_LISTED, answer=shapes.Directory)
def people() -> Json:
    """出席、列席、主持过会议的人员，会议次数多的在前。"""
    return _directory("person")


@blueprint.get("/api/v1/departments")
@described("部门", *_LISTED, answer=shapes.Directory)
def departments() -> Json:
    """议定事项里的部门，会议次数多的在前；同一部门的各种写法列在一起。"""
    return _directory("department")


@blueprint.get("/api/v1/instruments")
@described("议题文件", *_LISTED, answer=shapes.Directory)
def instruments() -> Json:
    """上会审议的文件，会议次数多的在前；标题只差地名和草案字样的列在一起。"""
    return _directory("instrument")


@blueprint.get("/api/v1/people/<path:name>")
@described("一位人员", *_WINDOW, answer=shapes.PersonOverTime, statuses=(404,))
def person(name: str) -> Json:
    """单位与职务、主持和出席的会议、正文提及，由近到远；next 不为 null 时，以它为 offset 续取更早的会议。"""
    found = held_index().person(name, **_window())
    return {
        "name": found.name,
        "meetings": found.meetings,
        "posts": [
            {
                "unit": post.unit,
                "first": post.first.isoformat() if post.first else None,
                "last": post.last.isoformat() if post.last else None,
                "count": post.count,
            }
            for post in found.posts
        ],
        "chaired": [_appearance(line) for line in found.chaired],
        "attended": [_appearance(line) for line in found.attended],
        "mentions": [passage_json(mention) for mention in found.mentions],
        "next": found.next,
    }


@blueprint.get("/api/v1/departments/<path:name>")
@described("一个部门", p.ONE_BODY, *_WINDOW, answer=shapes.DepartmentOverTime, statuses=(404,))
def department(name: str) -> Json:
    """它牵头（lead）、汇报（report）和配合（support）的议定事项，由近到远；next 的用法同人员。"""
    body = next(iter(params.values(request.args, "body")), None)
    found = held_index().department(name, body=body, **_window())
    return {
        "name": found.name,
        "official": found.official,
        "names": list(found.names),
        "others": list(found.others),
        "bodies": [[body, count] for body, count in found.bodies],
        "tasks": [{"part": task.part, **_resolution(task.head, task.item, task.resolution)} for task in found.tasks],
        "next": found.next,
    }


@blueprint.get("/api/v1/instruments/<path:title>")
@described("一件议题文件", *_WINDOW, answer=shapes.InstrumentOverTime, statuses=(404,))
def instrument(title: str) -> Json:
    """历次上会审议，由远到近，连同当时的标题和议定事项；next 的用法同人员。"""
    found = held_index().instrument(title, **_window())
    return {
        "title": found.title,
        "titles": list(found.titles),
        "considerations": [
            {
                "title": told.title,
                "meeting": head_json(told.head),
                "item": {"number": told.item.number, "title": told.item.title},
                "resolutions": [_resolution(told.head, told.item, r) for r in told.resolutions],
            }
            for told in found.considerations
        ],
        "next": found.next,
    }


def _directory(sort: Sort) -> Json:
    limit = params.number(request.args, "limit", params.MAX_LIMIT, 1, 1000)
    offset = params.number(request.args, "offset", 0, 0, params.MAX_OFFSET)
    entries = held_index().directory(sort)
    return {
        "total": len(entries),
        "offset": offset,
        "limit": limit,
        "entries": [
            {"name": entry.name, "count": entry.count, "letter": entry.letter, "others": list(entry.others)}
            for entry in entries[offset : offset + limit]
        ],
    }


def _window() -> dict[str, int]:
    return {
        "offset": params.number(request.args, "offset", 0, 0, MAX_PLACE),
        "limit": params.number(request.args, "limit", p.MOST_MEETINGS, 1, p.MOST_MEETINGS),
    }


def _appearance(line: Appearance) -> Json:
    return {"meeting": head_json(line.head), "role": line.role, "unit": line.unit, "note": line.note}


def _resolution(head: RecordHead, item: AgendaItem, r: Resolution) -> Json:
    return {
        "id": f"{head.id}#{r.anchor}",
        "meeting": head_json(head),
        "item": {"number": item.number, "title": item.title},
        "text": r.text,
        "verdicts": [decision.verdict for decision in r.verdicts],
        "reporter": r.reporter,
        "lead_department": r.lead_department,
        "departments": list(r.departments),
        "next_step": r.next_step.text if r.next_step else None,
        "deadline": r.deadline,
        "url": f"{path_of(head)}#{r.anchor}",
    }
