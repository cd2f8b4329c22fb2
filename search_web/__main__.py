"""`python -m search_web` is `gongwen`."""

from __future__ import annotations

from search_web.cli import main

main()
