"""Web pages and a JSON API that show what an index answers: `create_app(index)` gives a WSGI application."""

from __future__ import annotations

from search_web.app import create_app

__all__ = ["create_app"]
