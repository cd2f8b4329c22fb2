"""Paragraphs go in, a PDF file comes out as programs write it, its fonts in it: printed by the system's Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape

# A4 with the margins, type and lines of GB/T 9704.
PAGE = {"format": "A4", "margin": {"top": "37mm", "bottom": "35mm", "left": "28mm", "right": "26mm"}}
STYLE = "body{font:16pt/28pt 'Noto Serif CJK SC'} p{margin:0;white-space:pre-wrap}"


@contextmanager
def printer() -> Iterator[Callable[[Sequence[str]], bytes]]:
    """Start a Chromium and give what prints with it.

    Raises:
        SystemExit: there is none.
    """
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("PDF files are printed by Chromium, which is not here (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()

        def printed(paragraphs: Sequence[str]) -> bytes:
            shown = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
            page.set_content(f"<meta charset=utf-8><style>{STYLE}</style>{shown}")
            return bytes(page.pdf(**PAGE))

        yield printed
        browser.close()
