"""How answers travel: large ones gzipped for who takes that, and other sites let in where the settings name them."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

LEAST = 1400  # bytes: what fits in one packet gains nothing
LEVEL = 5  # JSON of 500 kB in 6 ms, a fifth larger than at level 9
_PACKED = ("text/", "application/json", "application/problem+json", "application/atom+xml", "application/x-")
_OPEN = ("/api/", "/openapi.json", "/feed.atom", "/cite/", "/healthz")


def register(app: Flask, cors: str = "") -> None:
    """Set up an application; `cors` is "" for none, * for all, or origins with commas between."""
    origins = frozenset(origin.strip() for origin in cors.split(",") if origin.strip())
    app.after_request(_packed)
    if origins:
        app.after_request(lambda response: _opened(response, origins))


def _packed(response: Response) -> Response:
    if response.is_streamed or response.direct_passthrough or response.status_code != 200:
        return response
    if not (response.mimetype or "").startswith(_PACKED) or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    data = response.get_data()
    if len(data) >= LEAST and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(data, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _opened(response: Response, origins: frozenset[str]) -> Response:
    """Let a page of another site read the API; it sends no cookies, as there are none."""
    if not request.path.startswith(_OPEN):
        return response
    origin = request.headers.get("Origin", "")
    if "*" not in origins:
        response.vary.add("Origin")
    if origin and ("*" in origins or origin in origins):
        response.headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else origin
        response.headers["Access-Control-Expose-Headers"] = "ETag"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    return response
