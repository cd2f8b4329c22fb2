"""What a running server tells of itself, in the text form of Prometheus, to this machine or who has the token.

Requests by route (never by path, which may say what somebody looks for), how long they took, how many were turned
away, and the index: generation, age, size and counts. Processes that share PROMETHEUS_MULTIPROC_DIR are added up.
"""

from __future__ import annotations

import hmac
import os
import time

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from indexer import __version__
from indexer.errors import IndexUnavailable
from search_web import failures, origin
from search_web.holder import Holder

blueprint = Blueprint("metrics", __name__)

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name
_METRICS = "gongwen.metrics"
# A search takes some milliseconds, a page some tens, a whole file seconds.
_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.3, 0.5, 1.0, 3.0, 10.0, 30.0)
_METHODS = ("GET", "HEAD", "OPTIONS")


class Metrics:
    """The counts of one application, in a registry of their own."""

    def __init__(self, holder: Holder) -> None:
        self.counts = CollectorRegistry()
        self._requests = Counter(
            "gongwen_requests",
            "Answers by route, method and status",
            ("route", "method", "status"),
            registry=self.counts,
        )
        self._seconds = Histogram(
            "gongwen_request_seconds",
            "Seconds from a request to the end of its answer",
            ("route",),
            buckets=_BUCKETS,
            registry=self.counts,
        )
        self._turned_away = Counter(
            "gongwen_turned_away", "Requests beyond what the server can do, answered 503 at once", registry=self.counts
        )
        self._index = CollectorRegistry()
        self._index.register(_IndexFigures(holder))

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        method = method if method in _METHODS else "other"
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def turned_away(self) -> None:
        """Count one request that was not taken."""
        self._turned_away.inc()

    def text(self) -> bytes:
        """Return all of it; the counts of all processes where there are several."""
        counts = self.counts
        if os.environ.get(FOLDER):
            counts = CollectorRegistry()
            MultiProcessCollector(counts)  # type: ignore[no-untyped-call]  # of the library
        return generate_latest(counts) + generate_latest(self._index)


class _IndexFigures:
    """Figures of the index at the moment they are asked for."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder

    def collect(self) -> list[Metric]:
        info = InfoMetricFamily("gongwen_build", "The program", value={"version": __version__})
        try:
            index = self._holder.index()
            stats = index.stats()
            figures = {
                "generation": (index.generation(), "Grows with every commit"),
                "age_seconds": (max(0.0, time.time() - index.committed().timestamp()), "Since the newest commit"),
                "size_bytes": (stats.bytes, "On disk"),
                "meetings": (stats.meetings, "Meetings held"),
                "documents": (stats.documents, "Other documents held"),
                "passages": (stats.passages, "Passages held"),
            }
        except IndexUnavailable:
            figures = {}
        told: list[Metric] = [info, GaugeMetricFamily("gongwen_index_up", "Whether there is one", value=bool(figures))]
        for name, (value, text) in figures.items():
            told.append(GaugeMetricFamily(f"gongwen_index_{name}", text, value=value))
        return told


def share(folder: str) -> None:
    """Have the processes that this one will start add up their counts in a folder; comes before any application."""
    os.environ[FOLDER] = folder
    # The library looked for the folder when it was imported.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # of the library


def register(app: Flask, holder: Holder) -> Metrics:
    """Give an application its counts and the page that tells them."""
    metrics = Metrics(holder)
    app.extensions[_METRICS] = metrics
    app.register_blueprint(blueprint)
    return metrics


def of(app: Flask) -> Metrics:
    """Return the counts of an application."""
    metrics: Metrics = app.extensions[_METRICS]
    return metrics


@blueprint.get("/metrics", endpoint="metrics")
def show() -> Response:
    """The figures, for who may see them: a request from this machine, or one with the token."""
    if not (origin.from_here() or _has_token()):
        told = "只限本机，或以 Authorization: Bearer 给出 metrics_token 者查看"
        return failures.answer(failures.Failure(403, told))
    return Response(of(current_app).text(), content_type=CONTENT_TYPE_LATEST)


def _has_token() -> bool:
    token = origin.settings_now().metrics_token
    given = request.authorization
    if not token or given is None or given.type != "bearer" or not given.token:
        return False
    return hmac.compare_digest(given.token.encode("utf-8", "replace"), token.encode("utf-8"))
