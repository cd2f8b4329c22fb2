"""What search engines and other programs read of a page: its one address, its data as JSON-LD, and how to search here.

Vocabulary: schema.org (Event for a meeting, Legislation for a document). Data is no script, but it stands in a script
element, so the policy of the page gets its hash all the same.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256

from flask import Blueprint, Response, g, render_template, request, url_for
from markupsafe import Markup

from indexer.model import Document, Meeting
from indexer.report import name_of
from search_web.language import Lang, lang

blueprint = Blueprint("linked", __name__)

# Pages whose address says all, whatever follows its question mark; others are one page each where nothing does.
ONE_PAGE = ("pages.meeting", "pages.document", "overviews.person", "overviews.department", "overviews.instrument")
MOST_DESCRIBED = 5  # items that a description names

# < > & and the line ends of JavaScript, as they may stand in a script element.
_SIGNS = re.compile("[<>&'\u2028\u2029]")


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """What a browser needs to add this site to its search engines (OpenSearch 1.1)."""
    text = render_template("opensearch.xml", root=request.url_root.rstrip("/"))
    return Response(text, content_type="application/opensearchdescription+xml; charset=utf-8")


@blueprint.app_template_global("canonical")
def canonical(language: Lang | None = None) -> str | None:
    """The one address of the page that is shown, in its own or another language; None where it is one of many views."""
    endpoint = request.endpoint or ""
    if not endpoint or (endpoint not in ONE_PAGE and set(request.args) - {"lang"}):
        return None
    named = {"lang": "en"} if (language or lang()) == "en" else {}
    return url_for(endpoint, _external=True, **(request.view_args or {}), **named)


@blueprint.app_template_filter("json_ld")
def json_ld(record: Meeting | Document) -> Markup:
    """A record as the content of a script element, whose hash goes into the policy of the answer."""
    told = {name: value for name, value in _told(record).items() if value}
    text = _SIGNS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(told, ensure_ascii=False))
    text = text.encode("utf-8", "replace").decode("utf-8")
    g.data_hash = b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Markup(text)


@blueprint.app_template_filter("described")
def described(record: Meeting | Document) -> str:
    """One or two sentences that say what a record is about, in words of its own."""
    day = f"{record.date.year}年{record.date.month}月{record.date.day}日" if record.date else ""
    if isinstance(record, Document):
        return f"{name_of(record)}。{record.body or ''}{day and f'，{day}' if record.body else day}".rstrip("。") + "。"
    titles = "；".join(item.title for item in record.items[:MOST_DESCRIBED])
    more = f"等 {len(record.items)} 项议题" if len(record.items) > MOST_DESCRIBED else ""
    held = "，".join(part for part in (record.body, day) if part)
    return "。".join(part for part in (name_of(record), held, f"{titles}{more}") if part) + "。"


def _told(record: Meeting | Document) -> dict[str, object]:
    body = {"@type": "GovernmentOrganization", "name": record.body} if record.body else None
    number = record.doc_number.text if record.doc_number else None
    day = record.date.isoformat() if record.date else None
    common = {"@context": "https://schema.org", "name": name_of(record), "url": canonical("zh"), "inLanguage": "zh"}
    if isinstance(record, Document):
        kind = {"legislationType": record.genre, "legislationIdentifier": number, "legislationDate": day}
        return {**common, "@type": "Legislation", **kind, "legislationPassedBy": body}
    titles = dict.fromkeys(title for item in record.items for title in item.instruments)
    address = common["url"]
    return {
        **common,
        "@type": "Event",
        "identifier": record.id,
        "startDate": day,
        "organizer": body,
        "about": [{"@type": "Legislation", "name": title} for title in titles],
        "subEvent": [
            {"@type": "Event", "name": item.title, "url": f"{address}#{item.anchor}"} for item in record.items
        ],
    }
