"""The parameters of the API, each once, with the limits that `params` holds: what is described is what is checked."""

from __future__ import annotations

from dataclasses import replace

from indexer.citations import STYLES
from indexer.model import VERDICTS
from search_web import params
from search_web.described import Parameter
from search_web.timelines import MOST_QUERIES, PERS, WISHES

_DAY = r"^[0-9]{4}(-[0-9]{1,2}(-[0-9]{1,2})?)?$"
_NAME = {"type": "string", "maxLength": params.MAX_VALUE}


def _choice(name: str, text: str, choices: tuple[str, ...]) -> Parameter:
    return Parameter(name, text, {"type": "string", "enum": list(choices), "default": choices[0]})


def _number(name: str, text: str, default: int, low: int, high: int) -> Parameter:
    return Parameter(name, text, {"type": "integer", "minimum": low, "maximum": high, "default": default})


def _day(name: str, text: str, example: str) -> Parameter:
    takes = "须为日期，如 2024、2024-07 或 2024-07-15"
    return Parameter(name, text, {"type": "string", "pattern": _DAY, "description": takes, "examples": [example]})


def _several(name: str, text: str, example: str, **schema: object) -> Parameter:
    return Parameter(name, text, _NAME | {"examples": [example]} | schema, params.MAX_VALUES)


Q = Parameter(
    "q",
    "检索式：词语、“原文”、字段和排除，写法见 /help",
    {"type": "string", "maxLength": params.MAX_QUERY, "examples": ["营商环境 优化", "部门:市教育局 结论:原则同意"]},
)
SOME_Q = replace(Q, text=f"{Q.text}；未给出筛选条件时必填")
SEVERAL_Q = replace(SOME_Q, text=f"{SOME_Q.text}；可重复以作比较", most=MOST_QUERIES)

LEVEL = _choice("level", "全部、议定事项，或自然段", params.LEVELS)
MATCH = _choice("match", "自动、含有原文的，或相关的", params.MATCHES)
SORT = _choice("sort", "相关度、由近到远，或由远到近", params.SORTS)
EXPAND = _choice("expand", "是否也查找别名", ("yes", "no"))
LIMIT = _number("limit", "几条", 10, 1, params.MAX_LIMIT)
OFFSET = _number("offset", "跳过前几条；要取尽全部结果，请用 cursor", 0, 0, params.MAX_OFFSET)
LIST_LIMIT = _number("limit", "几条", params.MAX_LIMIT, 1, 1000)
YEAR = _several("year", "年份", "2024", pattern="^[0-9]{4}$", description="须为四位数字的年份，如 2024，可重复")
BODY = _several("body", "机关", "云溯市人民政府")
KIND = _several("kind", "会议类别", "常务会议")
FILTERS = (
    YEAR,
    BODY,
    KIND,
    _several("verdict", "结论", "原则同意", enum=list(VERDICTS)),
    _several("department", "部门", "市教育局"),
    _several("instrument", "议题文件", "云溯市优化营商环境实施方案"),
    _several("person", "人员", "林致远"),
    _day("from", "会议不早于这一天", "2023"),
    _day("to", "会议不晚于这一天", "2024-07"),
)
CURSOR = Parameter(
    "cursor",
    "取尽全部结果：先给 *，再给上一次回答的 next，直到它为 null；其间索引有更新则回答 410",
    {
        "type": "string",
        "maxLength": 200,
        "pattern": r"^(\*|[A-Za-z0-9_-]+)$",
        "description": "须为 * 或上一次回答的 next",
        "examples": ["*"],
    },
)
FIELDS = Parameter(
    "fields", "只要这些成员，以逗号分隔；不给则全部都有", {"type": "string", "maxLength": 400, "examples": ["id,text"]}
)
BY = _choice("by", "按月、按年，或自动", WISHES)
PER = _choice("per", "网页上图的单位，对回答没有影响", PERS)
ANCHOR = Parameter(
    "anchor", "段号，如 1.2；不给则引用整篇", {"type": "string", "maxLength": params.MAX_VALUE, "examples": ["1.2"]}
)
MOST_MEETINGS = 50
MEETINGS = _number("limit", "至多几次会议", MOST_MEETINGS, 1, MOST_MEETINGS)
PLACE = _number("offset", "从哪里开始：0，或上一次回答的 next", 0, 0, 10**9)
ONE_BODY = replace(BODY, text="只要这一机关的会议", most=1)
_PLACE = {
    "type": "string",
    "maxLength": params.MAX_VALUE,
    "pattern": r"^[^/?#\\\u0000-\u0020]+#[^/?#\\\u0000-\u0020]+$",
    "description": "须为 会议编号#段号，# 写作 %23",
    "examples": ["20230518-6043d092#1.1"],
}
A = Parameter("a", "一边：会议编号#段号，议题、议定事项或段落均可", _PLACE, required=True)
B = Parameter("b", "另一边，写法同 a", _PLACE, required=True)
STYLE = _choice("style", "国标 GB/T 7714-2015、BibTeX、RIS 或 CSL-JSON", STYLES)

SEARCH = (SOME_Q, LEVEL, MATCH, SORT, EXPAND, LIMIT, OFFSET, *FILTERS)
