"""What a view takes and gives, told beside it: the one table that guards its arguments and describes it to others.

A described view gives JSON members (or a response of its own); it gets its ETag, its 304 and the members that `fields`
chooses here. Arguments that it does not name are left alone; the meaning of values is checked by `params`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, current_app, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from indexer import __version__
from indexer.errors import BadParameter
from search_web.holder import held_index
from search_web.params import FILTERS, Arguments

Schema = Mapping[str, Any]
View = Callable[..., Any]

_NO_NUL = "不能含有空字符（NUL）"
# What pages take once; other names mean nothing to them and are left alone.
_ONCE = frozenset(("q", "level", "match", "sort", "limit", "offset", "from", "to", "expand", "by", "per", "format"))
_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a URL; `schema` is the JSON Schema of one value, `most` how often it may be repeated."""

    name: str
    text: str
    schema: Schema
    most: int = 1
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One view: `answer` is the type of its JSON, None where it gives another medium.

    `chosen` is what `fields` chooses from: a type, and the member of the answer that lists its values ("" where the
    answer is one itself).
    """

    summary: str
    text: str
    parameters: tuple[Parameter, ...]
    answer: Any
    media: tuple[str, ...]
    statuses: tuple[int, ...]
    chosen: tuple[tuple[str, ...], str] | None
    indexed: bool


def described(
    summary: str,
    *parameters: Parameter,
    answer: Any = None,
    media: tuple[str, ...] = ("application/json",),
    statuses: tuple[int, ...] = (),
    chosen: tuple[tuple[str, ...], str] | None = None,
    indexed: bool = True,
) -> Callable[[View], View]:
    """Describe a view and guard it.

    Args:
        summary: what it does, in a few words.
        statuses: those besides 200, 304, 400 (with parameters) and 503 (with an index).
        indexed: whether the answer is of the index, and changes with it alone.
    """

    def describe(view: View) -> View:
        text = " ".join((view.__doc__ or "").split())
        operation = Operation(summary, text, parameters, answer, media, statuses, chosen, indexed)

        @wraps(view)
        def guarded(**path: str) -> AnyResponse:
            guard(parameters, request.args)
            fields = _fields(operation)
            tag = etag() if indexed else ""
            # A record is looked for first: what is not there has not stayed as it was.
            if tag and not path and request.if_none_match.contains_weak(tag):
                return _unchanged(tag)
            made = view(**path)
            if tag and request.if_none_match.contains_weak(tag):
                return _unchanged(tag)
            response = made if isinstance(made, AnyResponse) else jsonify(_only(made, operation, fields))
            if tag and response.status_code == 200:
                response.set_etag(tag, weak=True)
            return response

        guarded.operation = operation  # type: ignore[attr-defined]  # read by openapi
        return guarded

    return describe


def operation_of(view: View) -> Operation | None:
    """Return how a view is described; None where it is not."""
    found: Operation | None = getattr(view, "operation", None)
    return found


def etag() -> str:
    """Return what stays the same while the index and the program do."""
    index = held_index()
    return f"{__version__}-{index.generation()}-{int(index.committed().timestamp()):x}"


def guard(parameters: tuple[Parameter, ...], args: Arguments) -> None:
    """Check every value against the schema of its parameter; an empty one counts as not given.

    Raises:
        BadParameter: a parameter is repeated too often or has a value that it does not take.
    """
    for parameter in parameters:
        values = args.getlist(parameter.name)
        if len(values) > parameter.most:
            takes = "只能给出一次" if parameter.most == 1 else f"至多可重复 {parameter.most} 次"
            raise BadParameter(parameter.name, f"{len(values)} 个值", takes)
        for value in values:
            if "\0" in value:
                raise BadParameter(parameter.name, value.replace("\0", "\\0"), _NO_NUL)
            if value.strip() and not _fits(value.strip(), parameter.schema):
                raise BadParameter(parameter.name, value, takes_of(parameter.schema))


def guard_page() -> None:
    """Check before a page is made that no argument has a NUL and none is repeated that has one value.

    Raises:
        BadParameter: one has.
    """
    if operation_of(current_app.view_functions.get(request.endpoint or "", guard_page)):
        return  # checked by its own parameters
    several = (*FILTERS, "q") if request.path.startswith("/timeline") else FILTERS
    for name, values in request.args.lists():
        if any("\0" in value for value in values):
            raise BadParameter(name, values[0].replace("\0", "\\0"), _NO_NUL)
        if len(values) > 1 and name in _ONCE and name not in several:
            raise BadParameter(name, f"{len(values)} 个值", "只能给出一次")


def takes_of(schema: Schema) -> str:
    """Say in words what a schema takes."""
    if "enum" in schema:
        return f"须为以下之一：{'、'.join(schema['enum'])}"
    if schema["type"] == "integer":
        return f"须为 {schema['minimum']} 至 {schema['maximum']} 的整数"
    return str(schema.get("description") or f"至多 {schema['maxLength']} 字")


def _fits(value: str, schema: Schema) -> bool:
    if schema["type"] == "integer":
        return bool(_WHOLE.fullmatch(value)) and schema["minimum"] <= int(value) <= schema["maximum"]
    return (
        value in schema.get("enum", (value,))
        and len(value) <= schema.get("maxLength", len(value))
        and re.search(schema.get("pattern", ""), value) is not None
    )


def _fields(operation: Operation) -> tuple[str, ...]:
    """Read `fields`: names of members with commas between; () where all are wanted."""
    if operation.chosen is None:
        return ()
    names = tuple(name.strip() for name in request.args.get("fields", "").split(",") if name.strip())
    known = operation.chosen[0]
    for name in names:
        if name not in known:
            raise BadParameter("fields", name, f"须为以下之一，以逗号分隔：{'、'.join(known)}")
    return names


def _only(made: dict[str, Any], operation: Operation, fields: tuple[str, ...]) -> dict[str, Any]:
    """Return an answer with the chosen members alone, in the order of the answer."""
    if not fields or operation.chosen is None:
        return made
    within = operation.chosen[1]
    if not within:
        return _members(made, fields)
    return made | {within: [_members(one, fields) for one in made[within]]}


def _members(of: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in of.items() if name in fields}


def _unchanged(tag: str) -> Response:
    response = current_app.response_class(status=304)
    response.set_etag(tag, weak=True)
    return response
