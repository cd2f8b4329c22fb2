"""The description of the API as OpenAPI 3.1, made of what stands beside each described view; and a page that shows it.

Paths come from the application's own map of URLs, parameters and shapes from the decorators of its views, so that
nothing is described that is not served.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, current_app, render_template
from werkzeug.routing import Rule

from indexer import __version__
from search_web import shapes
from search_web.described import Operation, Parameter, described, operation_of
from search_web.schemas import Components, Schema

blueprint = Blueprint("openapi", __name__)

_IN_PATH = re.compile(r"<(?:\w+:)?(\w+)>")
_TEXTS = {
    200: "成功",
    302: "在另一网址下，见 Location",
    304: "自 If-None-Match 所示以来没有变化",
    400: "参数无效，parameter 指明是哪一个，takes 说明它接受什么",
    404: "没有这个编号；near 列出相近的",
    410: "索引已更新，请从 cursor=* 重新开始",
    503: "索引暂不可用，command 给出建立索引的命令",
}
_PATH_TEXTS = {
    "passages": "会议编号#段号，# 写作 %23，如 20230518-6043d092%231.1",
    "meetings": "会议编号，如 20230518-6043d092",
    "documents": "文件编号，如 d-6774afb620df",
    "cite": "会议或文件的编号",
    "people": "姓名，如 林致远",
    "departments": "部门的任何一种写法，如 市发改委",
    "instruments": "文件标题，有无书名号均可",
}
_OF_NAMES = ("people", "departments", "instruments")
_IDS = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[^/?#\\\u0000-\u0020]+$"}
_NAMES = {**_IDS, "pattern": r"^[^/?#\\\u0000-\u0020.]+$"}
_PASSAGE_IDS = {**_IDS, "pattern": r"^[^/?#\\\u0000-\u0020]+#[^/?#\\\u0000-\u0020]+$"}


@blueprint.get("/openapi.json")
@described("本接口的描述", answer=dict[str, Any], indexed=False)
def openapi() -> dict[str, Any]:
    """OpenAPI 3.1，由程序自身生成。"""
    return description(current_app)


@blueprint.get("/docs")
def docs() -> str:
    """The description as a page."""
    told = description(current_app)
    return render_template("docs.html", told=told, example=_example)


def description(app: Flask) -> dict[str, Any]:
    """Return the description of an application."""
    components = Components()
    problem = components.of(shapes.Problem)
    paths: dict[str, Any] = {}
    for rule, operation in operations(app):
        path = _IN_PATH.sub(r"{\1}", rule.rule)
        paths[path] = {"get": _operation(rule, operation, components, problem)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "公文检索接口",
            "version": __version__,
            "description": "政府会议纪要与公文的全文检索。只读；出错时回答 RFC 9457 的 problem details。",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": components.schemas},
    }


def operations(app: Flask) -> Iterator[tuple[Rule, Operation]]:
    """Yield every described view with its rule, by path."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        operation = operation_of(app.view_functions[rule.endpoint])
        if operation:
            yield rule, operation


def _operation(rule: Rule, operation: Operation, components: Components, problem: Schema) -> Schema:
    names = _IN_PATH.findall(rule.rule)
    in_path = [_path_parameter(name, rule.rule) for name in names]
    return {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": operation.summary,
        "description": operation.text,
        "parameters": [*in_path, *(_parameter(one) for one in operation.parameters)],
        "responses": {str(s): _response(s, operation, components, problem) for s in _statuses(operation)},
    }


def _statuses(operation: Operation) -> list[int]:
    found = {200, *operation.statuses}
    found |= {400} if operation.parameters else set()
    found |= {304} if operation.indexed else set()
    return sorted(found | ({503} if operation.answer != dict[str, Any] else set()))


def _response(status: int, operation: Operation, components: Components, problem: Schema) -> Schema:
    told: Schema = {"description": _TEXTS[status]}
    if status == 200:
        told["content"] = {media: {"schema": _answer(media, operation, components)} for media in operation.media}
    elif status >= 400:
        told["content"] = {"application/problem+json": {"schema": problem}}
    if operation.indexed and status in (200, 304):
        told["headers"] = {"ETag": {"description": "随索引更新而变", "schema": {"type": "string"}}}
    return told


def _answer(media: str, operation: Operation, components: Components) -> Schema:
    if operation.answer is None:
        return {"type": "array", "items": {"type": "object"}} if media.endswith("json") else {"type": "string"}
    return {"type": "object"} if operation.answer == dict[str, Any] else components.of(operation.answer)


def _parameter(parameter: Parameter) -> Schema:
    schema = dict(parameter.schema)
    told: Schema = {"name": parameter.name, "in": "query", "description": parameter.text}
    if parameter.required:
        told["required"] = True
    if parameter.most > 1:
        told |= {"schema": {"type": "array", "items": schema, "maxItems": parameter.most}, "style": "form"}
        return told | {"explode": True}
    return told | {"schema": schema}


def _path_parameter(name: str, rule: str) -> Schema:
    kind = next((kind for kind in _PATH_TEXTS if f"/{kind}/" in rule), "meetings")
    schema = _PASSAGE_IDS if kind == "passages" else _NAMES if kind in _OF_NAMES else _IDS
    return {"name": name, "in": "path", "required": True, "description": _PATH_TEXTS[kind], "schema": schema}


@blueprint.app_template_filter("typed")
def _typed(schema: Schema) -> str:
    """Say a schema in short: string, null, [Hit], Head."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_typed(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(schema["enum"])
    if "prefixItems" in schema:
        return f"[{', '.join(_typed(one) for one in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        return f"[{_typed(schema['items'])}]"
    if "additionalProperties" in schema:
        return f"{{string: {_typed(schema['additionalProperties'])}}}"
    return str(schema.get("const") or schema.get("format") or schema.get("type"))


def _example(path: str, operation: Schema) -> str:
    """Return the path of a request that shows what an operation is for."""
    if "{" in path:
        return path
    needed = [one for one in operation["parameters"] if one.get("required")]
    if needed:
        asked = (f"{one['name']}={quote(one['schema']['examples'][0], safe='')}" for one in needed)
        return f"{path}?{'&'.join(asked)}"
    for parameter in operation["parameters"]:
        schema = parameter["schema"].get("items", parameter["schema"])
        if schema.get("examples"):
            return f"{path}?{parameter['name']}={quote(schema['examples'][0], safe='')}"
    return path
