"""Web pages and a JSON API that show what an index answers: `create_app(index)` gives a WSGI application."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search_web.app import create_app as create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> object:
    """Load the application when it is asked for: most commands of the command line need none."""
    if name != "create_app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from search_web.app import create_app

    return create_app
