"""Sentences and terms that the indexer gives in Chinese, told in the language of the page.

A sentence is known by its kind: the fixed words around its values. What is not known stays as it is. A term of the
minutes stays Chinese in either language, with an English gloss beside it on English pages.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from flask import Flask
from markupsafe import Markup

from search_web.language import gettext, lang, zh
from search_web.language import marked as _

_OF_QUERIES = (
    _("查询超过 %(most)s 字，只读前 %(read)s 字"),
    _("查询过长，只用前 %(most)s 段"),
    _("查询只有要排除的内容，列出的是其余全部"),
    _("“%(text)s”已按原文查找：%(field)s的写法为%(values)s"),
    _("没有“%(text)s”这种%(field)s，可用的有：%(values)s"),
    _("“%(text)s”只有一段，不计距离"),
    _("距离最多 %(most)s 字，已按 %(used)s 字查找"),
    _("“*”只用在两段文字之间，“%(text)s”已按原文查找"),
    _("“%(text)s”也查找：%(names)s等 %(count)s 个名称"),
    _("“%(text)s”也查找：%(names)s"),
    _("一组最多 %(most)s 段，其余已略去"),
    _("“%(text)s”连同括号按原文查找"),
    _("引号里没有内容，已略去"),
    _("“%(field)s：”后面没有内容，已按原文查找"),
    _("引号没有成对，“%(text)s”已按原文查找"),
    _("括号没有成对，“%(text)s”已按原文查找"),
    _("“%(text)s”后面没有内容，已按原文查找"),
    _("“%(text)s”前后缺少内容，已按原文查找"),
)
_OF_RECORDS = (
    _("会议日期“%(text)s”没有年份，按文中日期取%(year)s年"),
    _("会议日期“%(text)s”没有年份，无法确定"),
    _("出席名单过长，只识别了前%(most)s字"),
    _("日期“%(text)s”无法确认，原样保留"),
    _("议题编号不连续：缺少第%(number)s项"),
    _("共%(count)s行，多为零碎文字，未识别结构"),
    _("去掉了 %(count)s 个控制字符"),
    _("隐藏的工作表没有读取：%(names)s"),
    _("文字由识别得来，可能有错"),
    _("第 %(pages)s 页是图片，文字由识别得来，可能有错"),
    _("第 %(pages)s 页是图片，没有读取；要识别请加 --ocr"),
    _("识别的可信度：平均 %(average)s%%，最低的一行 %(lowest)s%%"),
    _("有 %(count)s 个字符的字体没有对应文字，没有读出"),
    _("正文是 %(count)s 张图片，图中文字没有读取"),
    _("网页标签异常（嵌套过深或属性过多），已整理"),
)
_OF_FACSIMILES = (
    _("没有第 %(number)s 页"),
    _("原件太大，不绘出页面，请下载原件"),
    _("同时要看原件的人太多，请稍后再试"),
    _("绘出这一页超过 %(seconds)s 秒，已中止"),
    _("绘出这一页所需的内存超过上限"),
    _("这一页无法绘出，可能是文件过大或已损坏"),
    _("这一页的图形太多，没有绘出"),
    _("保存的原件已损坏（校验和不符）"),
    _("PDF 文件已损坏，这一页无法绘出"),
)
_OF_ERRORS = (
    _("参数 %(name)s 的值“%(count)s 个值”无效：%(takes)s"),
    _("参数 %(name)s 的值“%(text)s”无效：%(takes)s"),
    _("没有编号为“%(text)s”的会议、文件或段落"),
    _("收录的会议里没有“%(text)s”"),
    _("索引 %(path)s 不存在；请先运行：%(command)s"),
    _("索引 %(path)s 正在由另一个程序写入（%(who)s）；请等它结束后再试"),
    _("索引 %(path)s 正在由另一个程序写入；请等它结束后再试"),
    _(
        "索引 %(path)s 由另一版本写成（索引为 %(found)s，本程序为 %(expected)s）；请换用相应版本的程序，"
        "或用 gongwen index 文件夹 --index 新目录 重建"
    ),
    _("索引 %(path)s 已损坏：%(text)s；请从备份恢复，或用 gongwen index 文件夹 --index 新目录 重建"),
    _("须不早于 from（%(day)s）"),
    _("至多 %(most)s 字，现有 %(count)s 字"),
    _("至多 %(most)s 字"),
    _("须为 %(low)s 至 %(high)s 的整数"),
    _("至多可重复 %(most)s 次"),
    _("须为四位数字的年份，如 2024，可重复"),
    _("须为以下之一，可重复：%(values)s"),
    _("须为以下之一，以逗号分隔：%(values)s"),
    _("须为以下之一：%(values)s"),
    _("须为日期，如 2024、2024-07 或 2024-07-15"),
    _("不能含有空字符（NUL）"),
    _("只能给出一次"),
)
_OF_PLACES = (
    _("议题%(number)s“%(title)s”第%(part)s条"),
    _("议题%(number)s“%(title)s”"),
    _("议题%(number)s"),
    _("出席名单"),
    _("正文第%(number)s段"),
)
SENTENCES = (*_OF_QUERIES, *_OF_RECORDS, *_OF_FACSIMILES, *_OF_ERRORS, *_OF_PLACES)

# Words of minutes that a page glosses: verdicts, roles, kinds of meetings and of documents.
TERMS = frozenset(
    (
        *(_("同意"), _("原则同意"), _("通过"), _("原则通过"), _("暂缓"), _("不同意")),
        *(_("听取"), _("传达学习"), _("研究"), _("责成")),
        *(_("主持"), _("出席"), _("列席"), _("邀请"), _("请假"), _("记录")),
        *(_("常务会议"), _("全体会议"), _("党组会议"), _("专题会议"), _("办公会议"), _("市长办公会议")),
        *(_("通知"), _("意见"), _("办法"), _("条例"), _("规定"), _("方案"), _("决定"), _("公告"), _("通告"), _("批复")),
        *(_("函"), _("报告"), _("请示"), _("纪要"), _("规划"), _("细则"), _("议案"), _("命令")),
    )
)

AGREED = ("同意", "原则同意", "通过", "原则通过")
NOT_AGREED = ("暂缓", "不同意")

_LONGEST = 600  # code points of one value: lists of names are the longest


def register(app: Flask) -> None:
    """Give the templates of an application these filters."""
    app.add_template_filter(told, "told")
    app.add_template_global(gloss)
    app.add_template_global(verdict)


def told(sentence: str) -> str:
    """Return a sentence of the indexer in the language of the page; an unknown one as it is."""
    if lang() == "zh":
        return sentence
    for kind in SENTENCES:
        found = _pattern(kind).fullmatch(sentence)
        if found:
            values = found.groupdict()
            if "takes" in values:  # a sentence itself; all other values are names or what was typed
                values["takes"] = told(values["takes"])
            return gettext(kind) % values
    return gettext(sentence)


def gloss(term: str | None) -> Markup:
    """Return what stands behind a term of the minutes on an English page; nothing where it needs nothing."""
    if lang() == "zh" or term not in TERMS:
        return Markup()
    return Markup(' <span class="gloss" lang="en">({})</span>').format(gettext(term))


def verdict(word: str) -> Markup:
    """Return a verdict as pages show it, by its colour told apart from others, with its gloss on an English page."""
    return _verdict(word, lang())


@lru_cache(maxsize=256)
def _verdict(word: str, _: str) -> Markup:
    colour = "verdict-yes" if word in AGREED else "verdict-no" if word in NOT_AGREED else ""
    return Markup('<span><span class="verdict {}"{}>{}</span>{}</span>\n').format(colour, zh(), word, gloss(word))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", kind)
    values = (f"(?P<{name}>.{{0,{_LONGEST}}}?)" for name in parts[1::2])
    fixed = [re.escape(part.replace("%%", "%")) for part in parts[::2]]
    return re.compile(fixed[0] + "".join(a + b for a, b in zip(values, fixed[1:], strict=True)), re.DOTALL)
