"""What is downloaded: lines go out as they are made, so that no size of file needs memory."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response, stream_with_context


def csv_response(lines: Iterable[str], name: str) -> Response:
    """Stream the lines of a CSV file under a name; RFC 6266 tells how a name in Chinese is sent."""
    return file_response(lines, name, "text/csv; charset=utf-8")


def file_response(lines: Iterable[str], name: str, content_type: str) -> Response:
    """Stream the lines of a file to be kept."""
    response = Response(stream_with_context(iter(lines)), content_type=content_type)
    plain = name.rpartition(".")[2]
    response.headers["Content-Disposition"] = f"attachment; filename=\"export.{plain}\"; filename*=UTF-8''{quote(name)}"
    return response
