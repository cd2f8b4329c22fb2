"""A line that a person copied along from a web page or a printed page is told from the lines of the document.

Lines go in, the set of furniture lines and what they say of the document (published, source …) come out. The text
of a line is never changed, and a line counts only when all of it is chrome: half a match is content.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def words(text: str) -> frozenset[str]:
    """Return the words of a list that is written with spaces."""
    return frozenset(text.split())


# No chrome line seen is longer; prose is not even looked at.
LONGEST = 160
# 来源：苏州日报
SHORT = 40
# Lines that are chrome wherever they stand; matched on the whole line without its white space.
ALONE = re.compile(
    "|".join(
        (
            # 当前位置: 首页 > 政务公开 > 会议纪要
            r"[>»|]*(?:您|你|现在|当前)(?:现在|当前)?的?(?:当前|所在)?的?位置是?[:：].*",
            r"首页(?:(?:->|>>?|[»/›→＞|])[^->»/›→＞|，。]{1,20}){1,9}(?:->|[>＞])?",
            r"[\[【（(]?(?:字体|字号|字体大小)[:：]?[\[【(（大中小特超\]】)）|+-]*(?:打印|关闭|本页|窗口|此页|分享|收藏|[|\]】）)])*",
            r"(?:访问量|浏览量|浏览次数|阅读次数|阅读量|点击数|点击量|点击次数|访问次数)[:：]?[\d,]*次?|阅读[:：]?\d+次?",
            r"[上下]一[条篇页则](?:[:：].{0,120})?",
            r"扫一扫.{0,4}(?:在|用)?手机(?:上)?(?:打开|查看|浏览|阅读)(?:当前|此|本)?页面?",
            r"(?:用)?微信扫一扫.{0,10}",
            r"Baidu|map|Baidumap|BaiduMap",
            r".{0,3}ICP备\d+号(?:-\d+)?.{0,30}",
            r"(?:.{0,30}[|\s])?.{0,3}公网安备\d+号?.{0,30}",
            r"(?:政府)?网站标识码[:：]?\w{6,14}.{0,40}",
            r"本网站(?:已)?支持IPv6.{0,4}",
            r"(?:Copyright|版权所有)[©:：\d].{0,100}",
            r"(?:相关|关联)(?:稿件|文章|链接|阅读|文档|信息)[:：]?",
            r"\.*(?:展开详细|\[详细内容\]|\[详细\]|展开全文|阅读全文)",
        )
    ),
    re.IGNORECASE,
)
# Rows of buttons: [打印] [关闭] 分享到：微信 微博. Matched without the signs between them; sizes alone are none.
BUTTONS = re.compile(
    r"(?:打印(?:本页|此页)?|我要打印|关闭(?:窗口|本页)?|收藏|分享到?|我要分享|一键分享|我要纠错|纠错|返回(?:顶部|首页|列表)?|回到顶部"
    r"|复制链接|下载|微信|新浪微博|微博|QQ空间|QQ好友|[大中小T+-])+"
)
BUTTON_SIGNS = str.maketrans("", "", "[]【】（）()|·:：/")
BUTTON_BEGINS = frozenset("[]【】（）()|·:：/打我关收分一纠返回复下微新Q大中小T+-")
SIZES = frozenset("大中小T+-下载")
# 时间: 2024-03-15 10:38 来源: X 访问量: — two of the words on one line, or one that means the page and not the event.
FACT = re.compile(
    r"(发布时间|发布日期|更新时间|发稿时间|时间|日期|内容来源|信息来源|文章来源|稿源|来源|作者|编辑|责任编辑"
    r"|访问量|浏览量|浏览次数|阅读次数|点击数|点击率|点击量|点击次数|访问次数|阅读量|字体|字号|打印|分享)\s*[:：]"
)
PAGE_WORDS = words(
    "发布时间 发布日期 更新时间 发稿时间 内容来源 信息来源 文章来源 稿源 访问量 浏览量 浏览次数 阅读次数 点击数 点击率"
    " 点击量 点击次数 访问次数 阅读量"
)
FACT_KEYS = {
    "发布时间": "published",
    "发布日期": "published",
    "更新时间": "published",
    "发稿时间": "published",
    "时间": "published",
    "日期": "published",
    "内容来源": "source",
    "信息来源": "source",
    "文章来源": "source",
    "稿源": "source",
    "来源": "source",
}
DATE_FIRST = re.compile(r"\d{4}\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}")
FACT_NOISE = re.compile(r"[\[【（(]\s*(?:字体|打印|大|中|小).*$|\s+(?:打印|分享|关闭|字体).*$")
# Words of menus: chrome only before the first or after the last line of the document.
MENU = words(
    "首页 网站首页 政务公开 政府信息公开 信息公开 政务服务 办事服务 互动交流 政民互动 新闻中心 新闻资讯 政务动态"
    " 政务要闻 走进我们 网站地图 无障碍 无障碍浏览 无障碍阅读 长者模式 关怀版 适老版 登录 注册 繁体 繁體"
    " 简体 English EN 手机版 移动版"
    " 政务微博 政务微信 微信公众号 联系我们 关于我们 加入收藏 设为首页 站内搜索 搜索 智能问答 数据开放 专题专栏"
    " 友情链接 隐私声明 网站声明 法律声明 免责声明 版权声明 使用帮助 帮助 信息公开指南 信息公开年报 依申请公开"
)
FOOTER = re.compile(
    r"(?:主办|承办|协办|主管|技术支持|地址|邮编|邮政编码|网站维护|网站维护联系方式|联系电话|电话|联系方式|传真|邮箱|电子邮箱"
    r"|网站管理)(?:单位)?[:：].{0,60}|.{0,20}(?:版权所有|主办|承办).{0,20}|党政机关|政府网站找错"
)
FOOTER_MARK = re.compile(r"ICP备|公网安备|网站标识码|支持IPv6", re.IGNORECASE)
# — 3 —, - 3 -, —  —, ─3─, 第 3 页 共 9 页, 第3页/共9页; three dashes without a gap are a rule.
PAGE_NUMBER = re.compile(
    r"[-—–－─―_]{1,3}[ \u3000\xa0]*\d{1,4}[ \u3000\xa0]*[-—–－─―_]{1,3}|[—–─―]{1,2}[ \u3000\xa0]+[—–─―]{1,2}"
    r"|第[ \xa0]?\d{1,4}[ \xa0]?页[ \xa0,，/]?(?:共[ \xa0]?\d{1,4}[ \xa0]?页)?"
)
RULE = re.compile(r"[-—–－─―_=*＊﹏~～]{3,}|\|+")
# A menu or a footer longer than this is no menu.
EDGE_LINES = 40


def furniture(texts: Sequence[str]) -> frozenset[int]:
    """Return the positions of the lines that are web chrome; page numbers and rules are not."""
    bare = ["".join(text.split()) if len(text) <= LONGEST else text for text in texts]
    found = {at for at, text in enumerate(bare) if text and _alone(texts[at], text)}
    filled = [at for at, text in enumerate(bare) if text]
    found.update(_menu(bare, filled[:EDGE_LINES], found))
    backwards = filled[: -EDGE_LINES - 1 : -1]
    found.update(_menu(bare, backwards, found))
    found.update(_footer(bare, backwards, found))
    return frozenset(found)


def facts(text: str) -> dict[str, str]:
    """Return what an information line says: published and source, verbatim; empty where it is no such line."""
    if len(text) > LONGEST or not is_information(text):
        return {}
    found: dict[str, str] = {}
    marks = list(FACT.finditer(text))
    lead = text[: marks[0].start()].strip()
    if DATE_FIRST.match(lead):
        found["published"] = lead
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        value = text[mark.end() : following.start() if following else len(text)]
        value = FACT_NOISE.sub("", value).strip(" \t\xa0\u3000|[【")
        key = FACT_KEYS.get(mark[1])
        if key and value and not (key == "published" and not DATE_FIRST.match(value)):
            found.setdefault(key, value)
    return found


def is_information(text: str) -> bool:
    """Tell a page's information line (时间… 来源… 访问量…) from a line of the minutes' own head (时间：, 地点：)."""
    if ":" not in text and "：" not in text:
        return False
    marks = [mark[1] for mark in FACT.finditer(text)]
    if not marks or not (DATE_FIRST.match(text) or FACT.match(text.lstrip())):
        return False
    return len(marks) > 1 or marks[0] in PAGE_WORDS or (marks[0] == "来源" and len(text) <= SHORT)


def page_number(text: str) -> bool:
    """Tell whether a line is a printed page number, with or without its digits."""
    return len(text) <= 30 and PAGE_NUMBER.fullmatch(text.strip()) is not None


def rule(text: str) -> bool:
    """Tell whether a line is only drawn across the page."""
    return len(text) <= LONGEST and RULE.fullmatch("".join(text.split())) is not None


def _alone(text: str, bare: str) -> bool:
    if len(text) > LONGEST:
        return False
    return ALONE.fullmatch(bare) is not None or _buttons(bare) or is_information(text.strip())


def _buttons(bare: str) -> bool:
    if bare[:1] not in BUTTON_BEGINS:
        return False
    buttons = bare.translate(BUTTON_SIGNS)
    return not SIZES.issuperset(buttons) and BUTTONS.fullmatch(buttons) is not None


def _menu(bare: Sequence[str], order: Sequence[int], found: set[int]) -> set[int]:
    """Follow the lines from one end as long as they are menu words or other chrome."""
    taken: set[int] = set()
    for at in order:
        if bare[at] in MENU:
            taken.add(at)
        elif at not in found:
            break
    return taken


def _footer(bare: Sequence[str], order: Sequence[int], found: set[int]) -> set[int]:
    """Follow the lines upwards from the end; a footer counts only where it holds a registration mark of a web site."""
    block: set[int] = set()
    for at in order:
        if at not in found and not FOOTER.fullmatch(bare[at]) and bare[at] not in MENU:
            break
        block.add(at)
    return block if any(FOOTER_MARK.search(bare[at]) for at in block) else set()
