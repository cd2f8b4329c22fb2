"""The same matter in two meetings, side by side: a page and its twin for programs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from markupsafe import Markup, escape

from indexer.compare import Comparison, Line, Side
from indexer.errors import BadParameter
from indexer.report import head_json
from search_web import parameters, params, shapes
from search_web.described import described
from search_web.holder import held_index
from search_web.language import gettext

blueprint = Blueprint("comparing", __name__)

_TAKES = "须为 会议编号#段号，# 写作 %23"


@blueprint.get("/compare")
def compare() -> str:
    """Two places with what differs marked; with one, what it may be compared with."""
    a, b = _place("a", required=True), _place("b")
    index = held_index()
    if not b:
        return render_template("compare_with.html", here=index.side(a), others=index.comparable(a))
    return render_template("compare.html", compared=index.compare(a, b))


@blueprint.get("/api/v1/compare")
@described("比较", parameters.A, parameters.B, answer=shapes.Compared, statuses=(404,))
def compared() -> dict[str, Any]:
    """两次会议里的两项议题、议定事项或段落并列，逐段对应，逐词标出不同；marks 为对方没有的文字。"""
    return _json(held_index().compare(_place("a", required=True), _place("b", required=True)))


@blueprint.app_template_filter("differing")
def differing(line: Line, tag: str) -> Markup:
    """The text of a line with what the other side has not in `del` or `ins`, said in words, too."""
    told = gettext("删去：") if tag == "del" else gettext("新增：")
    begin = Markup('<{0}><span class="hidden">{1}</span>').format(Markup(tag), told)
    parts: list[Markup] = []
    done = 0
    for start, end in line.marks:
        parts += (escape(line.text[done:start]), begin, escape(line.text[start:end]), Markup(f"</{tag}>"))
        done = end
    return Markup().join((*parts, escape(line.text[done:])))


def _place(name: str, *, required: bool = False) -> str:
    raw = (request.args.get(name) or "").strip()
    record, _, anchor = raw.partition("#")
    if (raw or required) and not (record and anchor and len(raw) <= params.MAX_VALUE):
        raise BadParameter(name, raw, _TAKES)
    return raw


def _json(found: Comparison) -> dict[str, Any]:
    return {
        "a": _side(found.a),
        "b": _side(found.b),
        "alike": round(found.alike, 4),
        "rows": [{"a": _line(row.a), "b": _line(row.b)} for row in found.rows],
    }


def _side(side: Side) -> dict[str, Any]:
    return {"id": side.id, "meeting": head_json(side.head), "title": side.title}


def _line(line: Line | None) -> dict[str, Any] | None:
    return {"anchor": line.anchor, "text": line.text, "marks": [list(mark) for mark in line.marks]} if line else None
