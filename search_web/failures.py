"""Errors in, status and words out: a Chinese page, or problem details (RFC 9457) for the API.

The one place where an error gets a status. What nobody foresaw becomes a 500, logged with its traceback, and
tells the outside nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from indexer.errors import (
    BadParameter,
    GongwenError,
    IndexFailed,
    IndexLocked,
    IndexMissing,
    IndexRefused,
    IndexUnavailable,
    IndexUnreachable,
    NotFound,
    UnknownName,
)
from indexer.report import name_of
from search_web.holder import held_index, look_again
from search_web.origin import from_here

_log = logging.getLogger(__name__)

RETRY_SECONDS = 30

_TITLES = {
    400: "参数无效",
    401: "请登录",
    403: "不能访问",
    404: "没有找到",
    405: "不支持这种请求方法",
    410: "索引已更新",
    413: "请求过大",
    414: "网址过长",
    429: "请求过多",
    500: "程序出错",
    503: "索引暂不可用",
}
_FOR_PROGRAMS = ("/api/", "/healthz", "/metrics", "/openapi.json", "/feed.atom", "/cite/")
_OVERVIEWS = ("people", "departments", "instruments")
_DETAILS = {
    404: "这个网址下没有内容",
    405: "请用 GET 请求",
    410: "索引已更新，请从 cursor=* 重新开始",
    500: "出错的详情已记入日志",
    503: "索引暂不可用，请稍后再试，或告知管理员",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What is told of an error; `near` lists ids that look like the one asked for."""

    status: int
    detail: str
    parameter: str | None = None
    takes: str | None = None
    near: tuple[str, ...] = ()
    command: str | None = None

    @property
    def title(self) -> str:
        return _TITLES.get(self.status, "请求没有完成")


def register(app: Flask) -> None:
    """Make every error of the application end in `answer`."""
    app.register_error_handler(GongwenError, lambda error: answer(_failure(error)))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)
    app.after_request(_still_sound)


def answer(failure: Failure) -> Response:
    """Return the failure in the form that the path asks for."""
    if request.path.startswith(_FOR_PROGRAMS):
        response = _problem(failure)
    else:
        response = make_response(render_template("failure.html", failure=failure, near=_named(failure.near)))
    response.status_code = failure.status
    response.headers["Cache-Control"] = "no-store"
    if failure.status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _problem(failure: Failure) -> Response:
    """Problem details; `parameter`, `takes`, `near` and `command` are extension members (section 3.2)."""
    members: dict[str, object] = {
        "type": "about:blank",
        "title": failure.title,
        "status": failure.status,
        "detail": failure.detail,
        "instance": request.path,
        "parameter": failure.parameter,
        "takes": failure.takes,
        "near": list(failure.near) or None,
        "command": failure.command,
    }
    told = {name: value for name, value in members.items() if value is not None}
    return Response(current_app.json.dumps(told) + "\n", mimetype="application/problem+json")


def _named(ids: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """The path, the id and the name of the record of what an index gave as near; a name of an overview is its own."""
    kind = request.path.split("/")[1]
    if kind in _OVERVIEWS:
        return [(f"/{kind}/{quote(near)}", near, "") for near in ids]
    names = {head.id: name_of(head) for head in held_index().heads()} if ids else {}
    return [
        (f"/{'documents' if near.startswith('d-') else 'meetings'}/{near}", near, names.get(near.partition("#")[0], ""))
        for near in ids
    ]


def _failure(error: GongwenError) -> Failure:
    if isinstance(error, BadParameter):
        return Failure(400, str(error), parameter=error.name, takes=error.takes)
    if isinstance(error, UnknownName):
        return Failure(404, f"收录的会议里没有“{error.id[:100]}”", near=error.near)
    if isinstance(error, NotFound):
        return Failure(404, f"没有编号为“{error.id[:100]}”的会议、文件或段落", near=error.near)
    if isinstance(error, IndexUnavailable):
        _log.warning("index unavailable: %s: %s", type(error).__name__, error)
        if not from_here():
            return Failure(503, _DETAILS[503])  # where the index lies is for those who look after it
        return Failure(503, str(error), command=_command(error))
    _log.error("unforeseen error of the package", exc_info=error)
    return Failure(500, _DETAILS[500])


def _command(error: IndexUnavailable) -> str | None:
    """The command that puts an index in place; none where waiting is what helps."""
    if isinstance(error, IndexLocked | IndexUnreachable | IndexRefused | IndexFailed):
        return None
    return f"gongwen index 文件夹 --index {error.path if isinstance(error, IndexMissing) else '新目录'}"


def _http(error: HTTPException) -> Response:
    """Errors of the HTTP layer, with those headers that such an answer must have."""
    status = error.code or 500
    response = answer(Failure(status, _DETAILS.get(status, error.name)))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _still_sound(response: Response) -> Response:
    """Give no answer that came from files that were changed while it was made."""
    if response.status_code < 400:
        try:
            look_again()
        except IndexUnavailable as error:
            response.close()  # and what would have made the rest of it
            return answer(_failure(error))
    return response


def _unforeseen(error: Exception) -> Response:
    try:
        look_again()
    except IndexUnavailable as damage:
        return answer(_failure(damage))
    _log.error("unforeseen error at %s", request.path, exc_info=error)
    return answer(Failure(500, _DETAILS[500]))
