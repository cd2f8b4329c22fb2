"""Markup goes in, a flat list of its visible elements and texts comes out, and which of them hold the document.

Every walk is a loop, never a recursion, so that no depth of tags is too deep. What a browser does not show is not in
the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.readers.chrome import words

UNSEEN = words(
    "head script style noscript template svg canvas object applet select option datalist textarea button audio video"
    " map math rt rp title meta link base input"
)
INVISIBLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# Names of the element that holds the document, best first: lower case, id or class.
CONTAINERS = (
    # gov.cn; TRS; 博达 VSB; JCMS and others' #zoom; 新点; WeChat
    "ucap-content",
    "trs_editor",
    "trs_ueditor",
    "trs_paper_default",
    "trs_editor_view",
    "custom_unionstyle",
    "vsb_content",
    "v_news_content",
    "zoom",
    "zoomcon",
    "pages_content",
    "js_content",
    "ewb-article-info",
    "ewb-info-content",
    "articlecontent",
    "article-content",
    "article_content",
    "article_con",
    "article-con",
    "art_con",
    "artcontent",
    "contentbody",
    "content_body",
    "content-body",
    "bt_content",
    "news_content",
    "news-content",
    "newscontent",
    "con_text",
    "context",
    "detail-content",
    "detail_content",
    "detailcontent",
    "info_content",
    "info-content",
    "xxgk_content",
    "zwgk_content",
    "xl_content",
    "wz_content",
    "wzcon",
    "txtcon",
    "text_con",
    "main-txt",
    "maintext",
    "bodytext",
    "contenttext",
    "conttext",
    "article",
    "article_box",
    "articlebox",
    "detail",
    "view",
    "content",
    "main",
)
RANK = {name: rank for rank, name in enumerate(CONTAINERS)}
CHROME_TAGS = frozenset(("nav", "footer", "header", "aside", "iframe", "dialog"))
CHROME_NAMES = words(
    "nav navbar navigation menu submenu breadcrumb breadcrumbs crumb crumbs position curposition dqwz weizhi location"
    " wz_top share bdsharebuttonbox bdshare jiathis_style share-box sharebox fx fenxiang footer foot bottom header head"
    " top topbar toolbar tools tool print fontsize sidebar side aside left-nav leftnav related relate xgxw xgbd xgwz"
    " recommend pagination pager pagebar page-nav prevnext prev next copyright qrcode qr_container ewm erweima code"
    " comment comments login search searchbox links friendlink yqlj a11y"
)
# Word processors nest dozens of <span>; browsers stop at 512. The parser needs 15 s for 100,000 nested <div>.
DEEPEST = 400
# Each new block opens again every unclosed <b> or <font>: 500 of them make a page of 1 MB 500 times as large.
DEEPEST_FORMAT = 30
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})(?=[\s/>])[^<>]*>")
# Elements that end by themselves or hold nothing: their missing end tags are no depth.
FLAT = words("p li td th tr dt dd option br hr img input meta link col wbr area base source html head body")
# The parser compares each attribute with all before it; a long tag with few of them holds a picture.
LONGEST_TAG = 4000
MOST_ATTRIBUTES = 200
# Inside these, tags are text.
RAW = frozenset(("script", "style", "textarea", "title"))
FORMAT = words("b big code em font i nobr s small strike strong tt u")
# An element that holds a larger part of the page's text is no menu, whatever its name.
CHROME_SHARE = 0.4
# A container found by name with less than this part of the page's prose is a teaser, not the document.
CONTAINER_SHARE = 0.25
DENSITY_SHARE = 0.8
PROSE = re.compile(r"[，。；：、,;]")


@dataclass(slots=True)
class Item:
    """One visible element or text: `end` is the position after its last descendant, `prose` weighs its text."""

    tag: str
    text: str
    parent: int
    attributes: dict[str, str | None]
    end: int = 0
    prose: int = 0
    linked: bool = False


@dataclass(slots=True)
class Page:
    """A page in document order; `notes` are the texts of its comments and `head` the items of its <head>."""

    items: list[Item] = field(default_factory=list)
    head: list[tuple[str, dict[str, str | None], str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def text(self, at: int) -> str:
        """Return all visible text inside an item."""
        return "".join(item.text for item in self.items[at : self.items[at].end])


def tamed(markup: str) -> tuple[str, bool]:
    """Return markup without what would make the parser slow, and whether there was any: see the limits above."""
    depth = {False: 0, True: 0}
    parts: list[str] = []
    last = 0
    raw = ""
    for tag in TAG.finditer(markup):
        name = tag[2].lower()
        if raw or name in RAW:
            raw = "" if name == raw and tag[1] else raw or ("" if tag[1] else name)
            continue
        if tag.end() - tag.start() > LONGEST_TAG and tag[0].count("=") > MOST_ATTRIBUTES:
            parts += [markup[last : tag.start()], f"<{tag[2]}>"]
            last = tag.end()
        if name in FLAT:
            continue
        is_format = name in FORMAT
        if not tag[1]:
            depth[is_format] += 1
        if depth[is_format] > (DEEPEST_FORMAT if is_format else DEEPEST):
            parts.append(markup[last : max(last, tag.start())])
            last = tag.end()
        if tag[1]:
            depth[is_format] = max(0, depth[is_format] - 1)
    return ("".join(parts) + markup[last:], True) if parts else (markup, False)


def flatten(tree: LexborHTMLParser) -> Page:
    """Return the visible items of a parsed page."""
    page = Page()
    for told in tree.css("head > title, head > meta, head > link, head > base"):
        page.head.append((told.tag or "", dict(told.attributes), told.text()))
    root = tree.body or tree.root
    if root is None:
        return page
    node: LexborNode | None = root
    parents: list[int] = []
    while node is not None:
        entered = _enter(page, node, parents[-1] if parents else -1)
        child = node.child if entered else None
        if child is not None:
            parents.append(len(page.items) - 1)
            node = child
            continue
        if entered:
            page.items[-1].end = len(page.items)
        while node is not None and node.next is None and parents:
            page.items[parents.pop()].end = len(page.items)
            node = node.parent
        node = node.next if node is not None and parents else None
    _weigh(page)
    return page


def _enter(page: Page, node: LexborNode, parent: int) -> bool:
    """Add a visible node; return whether its children are to be seen."""
    tag = node.tag or ""
    if tag == "-text":
        text = node.text_content or ""
        linked = parent >= 0 and page.items[parent].linked
        page.items.append(Item(tag, text, parent, {}, len(page.items) + 1, linked=linked))
        return False
    if tag == "-comment":
        page.notes.append((node.comment_content or "")[:500])
        return False
    if tag.startswith("-") or tag in UNSEEN:
        return False
    attributes = dict(node.attributes)
    if "hidden" in attributes or INVISIBLE.search(attributes.get("style") or ""):
        return False
    linked = tag == "a" or (parent >= 0 and page.items[parent].linked)
    page.items.append(Item(tag, "", parent, attributes, linked=linked))
    return True


def _weigh(page: Page) -> None:
    """Sum up the length of prose: text without links; a quarter where it is short and has no punctuation."""
    for item in reversed(page.items):
        if item.tag == "-text" and not item.linked:
            bare = item.text.strip()
            item.prose = len(bare) if len(bare) >= 20 or PROSE.search(bare) else len(bare) // 4
        if item.parent >= 0:
            page.items[item.parent].prose += item.prose


def container(page: Page) -> list[int]:
    """Return the positions of the elements that hold the document, in page order; [] for an empty page."""
    if not page.items:
        return []
    named: dict[int, list[int]] = {}
    for at, item in enumerate(page.items):
        rank = min((RANK[name] for name in names(item) if name in RANK), default=None)
        if item.tag == "article":
            rank = min(RANK["article"], len(RANK) if rank is None else rank)
        if rank is not None and item.tag != "body":
            named.setdefault(rank, []).append(at)
    whole = page.items[0].prose
    for rank in sorted(named):
        outer = outermost(page, named[rank])
        if sum(page.items[at].prose for at in outer) > CONTAINER_SHARE * whole:
            return outer
    return [_dense(page)]


def outermost(page: Page, positions: list[int]) -> list[int]:
    """Return, of positions in page order, those that lie in no other one."""
    found: list[int] = []
    for at in positions:
        if not found or at >= page.items[found[-1]].end:
            found.append(at)
    return found


def _dense(page: Page) -> int:
    """Go down from the body as long as one child holds nearly all prose."""
    at, whole = 0, page.items[0].prose
    while whole:
        inner = [child for child in children(page, at) if page.items[child].prose >= DENSITY_SHARE * whole]
        if not inner or page.items[inner[0]].tag in ("p", "-text", "span", "a", "li", "td"):
            return at
        at = inner[0]
    return at


def children(page: Page, at: int) -> list[int]:
    """Return the positions of an item's children."""
    found = []
    child, end = at + 1, page.items[at].end
    while child < end:
        found.append(child)
        child = page.items[child].end
    return found


def names(item: Item) -> list[str]:
    """Return an element's id and classes in lower case."""
    if not item.attributes:
        return []
    return f"{item.attributes.get('id') or ''} {item.attributes.get('class') or ''}".lower().split()


def is_chrome(page: Page, at: int, whole: int) -> bool:
    """Tell whether an element is a menu, a share row or a footer; `whole` is the prose of the document around it."""
    item = page.items[at]
    if item.tag not in CHROME_TAGS and CHROME_NAMES.isdisjoint(names(item)):
        return False
    return item.prose <= CHROME_SHARE * whole
