"""The language of a page: Chinese as its templates are written, English where the address says `lang=en`.

English comes from the package's catalogue, whose keys are the Chinese texts; nothing is kept in a cookie. What an
English page links to is English, too: that is seen to once, on the finished page, so that no template can forget it.
"""

from __future__ import annotations

import gettext as standard
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

from flask import Flask, Response, has_request_context, request
from markupsafe import Markup, escape

from search_web.templating import escaped

Lang = Literal["zh", "en"]

TRANSLATIONS = Path(__file__).with_name("translations")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

# What is the same in both languages, or no page.
_NO_PAGES = ("/static/", "/api/", "/openapi.json", "/feed.atom")
_TAG = re.compile(r'<(?P<name>a|form)(?=\s)[^>]*?\s(?:href|action)="(?P<address>/[^"]*|\?[^"]*)"[^>]*>')
_HAN = re.compile(r"[\u4e00-\u9fff]+(?:[ 、：:]*[\u4e00-\u9fff]+)*")
_forced: ContextVar[Lang | None] = ContextVar("lang", default=None)
_asked: ContextVar[Lang | None] = ContextVar("asked", default=None)  # while a request is answered
_ZH, _NONE = Markup(' lang="zh-Hans"'), Markup()


def register(app: Flask) -> None:
    """Give the templates of an application their two languages."""
    environment = app.jinja_env
    environment.policies["ext.i18n.trimmed"] = True
    environment.add_extension("jinja2.ext.i18n")
    install = environment.install_gettext_callables  # type: ignore[attr-defined]  # of the extension
    install(gettext, ngettext, newstyle=True)
    environment.globals["_"] = _told  # what the extension puts there takes three times as long
    for tool in (lang, many, zh, switch):
        app.add_template_global(tool)
    app.add_template_filter(spoken)
    app.add_template_global(day, "day_of")
    app.add_template_global(gettext, "of_catalogue")
    app.before_request(_begin)
    app.teardown_request(_end)
    app.after_request(_carry)


def lang() -> Lang:
    """Return the language that the request asks for; Chinese where there is none."""
    # A page of sixty items asks 2,700 times: looking into the request each time takes a fifth of its making.
    known = _forced.get() or _asked.get()
    if known:
        return known
    return "en" if has_request_context() and request.args.get("lang") == "en" else "zh"


def _begin() -> None:
    """Look once which language is asked for."""
    _asked.set(None)
    _asked.set(lang())


def _end(_: BaseException | None) -> None:
    """The next request of this thread asks anew."""
    _asked.set(None)


@contextmanager
def speaking(language: Lang) -> Iterator[None]:
    """Have all texts in one language, whatever the request asks for."""
    token = _forced.set(language)
    try:
        yield
    finally:
        _forced.reset(token)


def gettext(text: str) -> str:
    """Return a text of the catalogue in the language of the page."""
    return _catalogue().gettext(text) if lang() == "en" else text


def _told(text: str, **values: object) -> Markup:
    """Return a text of a template with values in it, which are escaped."""
    told = gettext(text)
    if not values and "%" not in told:
        return _markup(told)
    # As Markup's own % does, which takes five times as long: a long page has five hundred such texts.
    return Markup(told % {name: escaped(value) for name, value in values.items()})


@lru_cache(4096)
def _markup(text: str) -> Markup:
    return Markup(text)


def ngettext(one: str, several: str, count: int) -> str:
    """Return a text that holds a number; Chinese has one form for all."""
    return _catalogue().ngettext(one, several, count) if lang() == "en" else several


def marked(text: str) -> str:
    """Mark a text for the catalogue where it is written; it is turned where it is shown."""
    return text


def many(text: str, count: int, **more: object) -> Markup:
    """Return a text around a number, which stands in it as %(n)s; the text may hold markup, values may not."""
    return Markup(ngettext(text, text, count)) % {"n": f"{count:,}", **more}


def day(date: date) -> str:
    """2024 年 3 月 21 日, or 21 March 2024."""
    if lang() == "en":
        return f"{date.day} {MONTHS[date.month - 1]} {date.year}"
    return f"{date.year} 年 {date.month} 月 {date.day} 日"


def month(year: int, number: int) -> str:
    """2024 年 3 月, or March 2024."""
    return f"{MONTHS[number - 1]} {year}" if lang() == "en" else f"{year} 年 {number} 月"


def month_label(number: int) -> str:
    """3月, or Mar."""
    return MONTHS[number - 1][:3] if lang() == "en" else f"{number}月"


def zh() -> Markup:
    """Return the attribute that tells a reader's voice that a part of an English page is Chinese."""
    return _ZH if lang() == "en" else _NONE


def spoken(text: str) -> Markup:
    """Return a text as HTML in which an English page says of Chinese words that they are Chinese."""
    if lang() == "zh":
        return escape(text)
    return Markup(_HAN.sub(rf"<span{zh()}>\g<0></span>", str(escape(text))))


def switch(language: Lang) -> str:
    """Return the address of the same page in a language."""
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
    pairs += [("lang", "en")] if language == "en" else []
    path = quote(request.path)
    return f"{path}?{urlencode(pairs)}" if pairs else path


@cache
def _catalogue() -> standard.NullTranslations:
    return standard.translation("messages", TRANSLATIONS, ["en"])


def _carry(response: Response) -> Response:
    """Have the links, forms and redirections of an English page lead to English pages."""
    if lang() != "en" or response.is_streamed:
        return response
    if response.mimetype == "text/html":
        response.set_data(_TAG.sub(_carried, response.get_data(as_text=True)))
    if response.location and response.location.startswith("/") and "lang=en" not in response.location:
        response.location = _english(response.location, "&")
    return response


def _carried(found: re.Match[str]) -> str:
    """Add the language to one tag; one that has a `hreflang` names its language itself."""
    tag, address = found[0], found["address"]
    if address.startswith(_NO_PAGES) or " hreflang=" in tag:
        return tag
    if found["name"] == "form":
        return f'{tag}<input type="hidden" name="lang" value="en">'
    start, end = (place - found.start() for place in found.span("address"))
    return tag[:start] + _english(address, "&amp;") + tag[end:]


def _english(address: str, ampersand: str) -> str:
    path, sign, anchor = address.partition("#")
    return f"{path}{ampersand if '?' in path else '?'}lang=en{sign}{anchor}"
