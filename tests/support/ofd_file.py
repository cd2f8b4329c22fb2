"""OFD files (GB/T 33190) written by hand: text objects at places of pages, given in millimetres."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

SPACE = "xmlns:ofd='http://www.ofdspec.org/2016'"


def text(x: float, y: float, said: str, more: str = "", code: str = "X='0' Y='5'") -> str:
    """Return a text object of size 5."""
    inner = f"<ofd:TextCode {code}>{said}</ofd:TextCode>"
    return f"<ofd:TextObject Boundary='{x} {y} 100 6' Size='5' {more}>{inner}</ofd:TextObject>"


def page(*objects: str, template: str = "") -> str:
    """Return a page's XML."""
    used = f"<ofd:Template TemplateID='{template}'/>" if template else ""
    return f"<ofd:Page {SPACE}>{used}<ofd:Content><ofd:Layer>{''.join(objects)}</ofd:Layer></ofd:Content></ofd:Page>"


def ofd(*pages: str, more: str = "", files: Mapping[str, bytes] | None = None, **members: str) -> bytes:
    """Return an OFD file; `more` goes into the document's description, `members` and `files` into Doc_0."""
    listed = "".join(f"<ofd:Page ID='{n}' BaseLoc='Pages/P{n}.xml'/>" for n in range(len(pages)))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as container:
        container.writestr(
            "OFD.xml",
            f"<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        container.writestr(
            "Doc_0/Document.xml", f"<ofd:Document {SPACE}>{more}<ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
        )
        for number, content in enumerate(pages):
            container.writestr(f"Doc_0/Pages/P{number}.xml", content)
        for name, content in members.items():
            container.writestr(f"Doc_0/{name}.xml", content)
        for name, data in (files or {}).items():
            container.writestr(f"Doc_0/{name}", data)
    return held.getvalue()
