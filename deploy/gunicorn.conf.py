"""gunicorn for the search pages: as many processes as processors, all on one index.

    GONGWEN_INDEX=/var/lib/gongwen/index gunicorn --config deploy/gunicorn.conf.py 'search_web.wsgi:application()'

Everything else is set as for `gongwen serve` (gongwen.toml, GONGWEN_…); docs/operations.md tells more.
"""

from __future__ import annotations

import os
import shutil
import tempfile

bind = f"{os.environ.get('GONGWEN_HOST', '127.0.0.1')}:{os.environ.get('GONGWEN_PORT', '8000')}"
workers = int(os.environ.get("GONGWEN_PROCESSES") or os.cpu_count() or 1)
worker_class = "gthread"
threads = int(os.environ.get("GONGWEN_THREADS", "4"))
worker_connections = 200
backlog = 256
timeout = int(os.environ.get("GONGWEN_TIMEOUT", "30"))
graceful_timeout = timeout
keepalive = 30
# The longest line that gunicorn takes: a query of 900 Chinese characters. `gongwen serve` takes 2,000.
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190
accesslog = None  # the application writes its own, without what people look for
forwarded_allow_ips = ""  # the setting `proxies` says what is believed, and no one else

# Processes add up what /metrics tells, in a folder that goes when the server does.
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_own = not os.environ.get(_FOLDER)
if _own:
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix="gongwen-")


def on_exit(server: object) -> None:
    """Take the folder of counts away."""
    if _own:
        shutil.rmtree(os.environ[_FOLDER], ignore_errors=True)
