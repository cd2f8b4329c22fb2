"""The application for another server than our own, with the settings of gongwen.toml and the environment.

gunicorn --config deploy/gunicorn.conf.py 'search_web.wsgi:application()'
"""

from __future__ import annotations

from flask import Flask

from indexer.settings import load
from search_web import guard, logs
from search_web.app import create_app


def application() -> Flask:
    """Return the application; refuse settings that leave open who may read.

    Raises:
        BadParameter: a setting has a value that it does not take, or they contradict each other.
    """
    settings = load()
    guard.check_settings(settings)
    logs.set_up(settings.log, settings.access_log)
    return create_app(settings)
