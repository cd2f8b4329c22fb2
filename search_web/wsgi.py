"""The application for another server than our own, with the settings of gongwen.toml and the environment.

gunicorn --config deploy/gunicorn.conf.py 'search_web.wsgi:application()'
"""

from __future__ import annotations

from flask import Flask

from indexer.settings import load
from search_web import guard, logs, metrics
from search_web.app import create_app
from search_web.gate import Gate


def application() -> Flask:
    """Return the application; refuse settings that leave open who may read.

    Raises:
        BadParameter: a setting has a value that it does not take, or they contradict each other.
    """
    settings = load()
    guard.check_settings(settings)
    logs.set_up(settings.log, settings.access_log)
    app = create_app(settings)
    # How many requests wait is the other server's own affair; that whole files leave threads to searches is ours.
    app.wsgi_app = Gate(  # type: ignore[method-assign]
        app.wsgi_app,
        waiting=lambda: 0,
        most=settings.waiting,
        threads=settings.threads,
        told=metrics.of(app).turned_away,
    )
    return app
