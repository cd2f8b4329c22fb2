"""The application factory: an index in, a Flask application with pages, API, headers and error handling out.

Reads no settings and opens no index by itself: that is for who calls it, or for the first request.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2s
from pathlib import Path

from flask import Flask, Response, g, request, url_for

from indexer.search import Index
from indexer.settings import Settings
from search_web import (
    api,
    citing,
    comparing,
    described,
    exports,
    facsimiles,
    failures,
    feeds,
    gathered,
    guard,
    language,
    linked,
    logs,
    metrics,
    openapi,
    originals,
    overviews,
    pages,
    sentences,
    signin,
    transfer,
)
from search_web.holder import EXTENSION, Holder
from search_web.templating import PageEnvironment

# Everything that a page needs comes from this server, and no page holds a script or a style of its own.
# img-src data: is for the icon, which is part of the page so that it costs no request.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}
# A year: once seen by https, the site is not asked for by anything else.
_HTTPS_ALONE = "max-age=31536000"
_MOST_BODY = 16 * 1024  # bytes; nothing here reads any
_STATIC_SECONDS = 365 * 24 * 3600


def create_app(index: Index | Settings | Path | str, settings: Settings | None = None) -> Flask:
    """Return the web application on an open index, or on the place of one that is opened when first asked.

    Args:
        index: the index, its place, or settings that name it.
        settings: what is let in and how often; by default those given as `index`, else what a single machine needs.
    """
    settings = settings or (index if isinstance(index, Settings) else Settings())
    app = Flask(__name__)
    app.jinja_environment = PageEnvironment
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of Flask's default provider
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    holder = app.extensions[EXTENSION] = Holder(index)
    # First what every request has, then who may ask, then what: in the order in which they are registered.
    logs.register(app, settings, metrics.register(app, holder))
    guard.register(app, settings)
    signin.register(app, settings)
    guard.register_rate(app, settings)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(originals.blueprint)
    app.register_blueprint(facsimiles.blueprint)
    app.register_blueprint(overviews.blueprint)
    app.register_blueprint(exports.blueprint)
    app.register_blueprint(linked.blueprint)
    for more in (api, citing, comparing, feeds, gathered, openapi):
        app.register_blueprint(more.blueprint)
    app.before_request(described.guard_page)
    app.after_request(lambda response: _secure(response, settings))
    transfer.register(app, settings.cors)
    language.register(app)
    sentences.register(app)
    app.add_template_global(_assets(app), "asset")
    failures.register(app)
    return app


def _secure(response: Response, settings: Settings) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if "data_hash" in g:
        allowed = _POLICY.replace("script-src 'self'", f"script-src 'self' 'sha256-{g.data_hash}'")
        response.headers["Content-Security-Policy"] = allowed
    if request.endpoint == "static" and response.status_code == 200 and "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={_STATIC_SECONDS}, immutable"
    elif request.endpoint != "static":
        # An index changes under a running server, so a page is asked for again each time.
        response.headers.setdefault("Cache-Control", "private, no-cache")
    if settings.auth != "none" and request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"  # what one has signed in for stays on no disk
    if settings.https:
        response.headers["Strict-Transport-Security"] = _HTTPS_ALONE
    return response


def _assets(app: Flask) -> Callable[[str], str]:
    """Return what gives a static file's URL with its hash, so that a browser may keep it for good."""
    folder = Path(app.root_path) / "static"
    versions = {file.name: blake2s(file.read_bytes(), digest_size=6).hexdigest() for file in folder.iterdir()}

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=versions[name])

    return asset
