"""What people type, and the tree, the marks, the words and the notices that the parser makes of it."""

from __future__ import annotations

import pytest

from indexer.query.nodes import And, Between, Everything, FieldIs, InSentence, Near, Node, Not, Or, Text
from indexer.query.parse import parse

ALIASES = {"发改局": ("市发展和改革委员会",), "市发展和改革委员会": ("发改局",)}


def show(node: Node) -> str:
    """Write a tree so that it can be compared at a glance."""
    match node:
        case Text(stream):
            return stream
        case Near(streams, within):
            return f"near{within}<{'/'.join(streams)}>"
        case InSentence(streams):
            return f"sentence<{'/'.join(streams)}>"
        case FieldIs(field, value):
            return f"{field}={value}"
        case Between(first, last):
            return f"{first or ''}..{last or ''}"
        case And(children):
            return "(" + " & ".join(map(show, children)) + ")"
        case Or(children):
            return "(" + " | ".join(map(show, children)) + ")"
        case Not(child):
            return "!" + show(child)
        case Everything():
            return "*"


READ = [
    # chunks and strings
    ("", "*"),
    (" \u3000\n", "*"),
    ("营商环境", "营商环境"),
    ("营商环境　优化", "(营商环境 & 优化)"),
    ("营商环境 营商环境", "营商环境"),
    ("ＰＰＰ項目", "ppp项目"),
    ('"营商环境 优化"', "营商环境优化"),
    ('"Open Data"', "open data"),
    ("“营商环境” ＂优化＂", "(营商环境 & 优化)"),
    ("”营商环境”", "营商环境"),
    ('"职业教育"规划', "(职业教育 & 规划)"),
    ('"甲" "乙"', "(甲 & 乙)"),
    ('"设立“工匠日”情况"', '设立"工匠日"情况'),
    ('"”情况"', '"情况'),
    ("“所称“工匠”是指”", '所称"工匠"是指'),
    ('"说"好"的"', '说"好"的'),
    ('"甲 "乙" 丙"', '甲"乙"丙'),
    ('"5" 寸"', '5"寸'),
    ('""工匠日""', '"工匠日"'),
    ('"甲 | 乙 (-丙)*丁~5"', "甲|乙(-丙)*丁~5"),
    ("设立“工匠日”情况", '设立"工匠日"情况'),
    # not
    ("甲 -乙", "(甲 & !乙)"),
    ("甲 －乙", "(甲 & !乙)"),
    ("甲 NOT 乙 丙", "(甲 & !乙 & 丙)"),
    ("甲 ＮＯＴ 乙", "(甲 & !乙)"),
    ('甲 -"乙 丙"', "(甲 & !乙丙)"),
    ("甲 -(乙 丙)", "(甲 & !(乙 & 丙))"),
    ("甲 -部门:教育局", "(甲 & !department=教育局)"),
    ("甲 NOT NOT 乙", "(甲 & 乙)"),
    ("甲 -(-乙)", "(甲 & 乙)"),
    ("甲 NOT -乙", "(甲 & 乙)"),
    ("not 甲", "(not & 甲)"),
    # or
    ("甲 OR 乙", "(甲 | 乙)"),
    ("甲 | 乙", "(甲 | 乙)"),
    ("甲|乙｜丙", "(甲 | 乙 | 丙)"),
    ("甲 || 乙", "(甲 | 乙)"),
    ("甲 乙 OR 丙 丁", "(甲 & (乙 | 丙) & 丁)"),
    ("甲 OR 甲", "甲"),
    ("甲 OR -乙", "(甲 | (* & !乙))"),
    ("甲 AND 乙 OR 丙", "(甲 & (乙 | 丙))"),
    ('"甲"|"乙"', "(甲 | 乙)"),
    ("甲 or 乙", "(甲 & or & 乙)"),
    # groups
    ("(甲 OR 乙) 丙", "((甲 | 乙) & 丙)"),
    ("（甲 ＯＲ 乙） 丙", "((甲 | 乙) & 丙)"),
    ("(甲 乙)|丙", "((甲 & 乙) | 丙)"),
    ("((甲 乙) 丙)", "(甲 & 乙 & 丙)"),
    ("(甲)", "甲"),
    ("（甲） OR （乙）", "(甲 | 乙)"),
    ("丙 -（甲）", "(丙 & !甲)"),
    ("(办法（试行） OR 意见)", "(办法(试行) | 意见)"),
    ('("甲)" OR 乙)', "(甲) | 乙)"),
    # near and sentence
    ('"甲 乙"~20', "near20<甲/乙>"),
    ("“甲　乙”～２０", "near20<甲/乙>"),
    ('"甲 乙"~20 丙', "(near20<甲/乙> & 丙)"),
    ("发改委*牵头", "sentence<发改委/牵头>"),
    ("甲＊乙*丙", "sentence<甲/乙/丙>"),
    ("甲 * 乙", "sentence<甲/乙>"),
    ('"a b"*"c d"', "sentence<a b/c d>"),
    ('甲*"c d" 乙', "(sentence<甲/c d> & 乙)"),
    # fields
    ("部门:教育局", "department=教育局"),
    ("部門：教育局", "department=教育局"),
    ("dept:教育局", "department=教育局"),
    ("ＤＥＰＴ：教育局", "department=教育局"),
    ("人员:张剑 person:李明", "(person=张剑 & person=李明)"),
    ("文号:苏府〔2024〕7号", "docno=苏府[2024]7号"),
    ("docno:[2024]7", "docno=[2024]7"),
    ("标题:“工匠 日” 甲", "(title=工匠日 & 甲)"),
    ("title:工匠", "title=工匠"),
    ("结论:原则同意", "verdict=原则同意"),
    ("verdict:通过", "verdict=通过"),
    ("机关:某市人民政府", "body=某市人民政府"),
    ("body:某市 kind:常务会议 类型:党组会议", "(body=某市 & kind=常务会议 & kind=党组会议)"),
    ("文件:实施办法（试行）", "instrument=实施办法(试行)"),
    ("instrument:办法", "instrument=办法"),
    ("文件:《办法》", "instrument=办法"),
    ("部门: 教育局 甲", "(department=教育局 & 甲)"),
    ("(部门:教育局 OR 部门:卫健委) 甲", "((department=教育局 | department=卫健委) & 甲)"),
    ("年:2021", "year=2021"),
    ("年：２０２１", "year=2021"),
    ("year:2021年", "year=2021"),
    ("年:2019..2021", "2019-01-01..2021-12-31"),
    ("年:2019-2021", "2019-01-01..2021-12-31"),
    ("日期:2021-03..2021-06", "2021-03-01..2021-06-30"),
    ("日期:2021-06..2021-03", "2021-03-01..2021-06-30"),
    ("日期:2021-03-29", "2021-03-29..2021-03-29"),
    ("date:2020.2", "2020-02-01..2020-02-29"),
    ("日期:2021年3月5日", "2021-03-05..2021-03-05"),
    ("日期:2021", "2021-01-01..2021-12-31"),
    ("日期:2021..", "2021-01-01.."),
    ("日期：…2021/6/3", "..2021-06-03"),
    ("日期:2020至2021", "2020-01-01..2021-12-31"),
    # what is no operator
    ("2024-2026 A-B", "(2024-2026 & a-b)"),
    ("办法（试行） 优化(二期)工程", "(办法(试行) & 优化(二期)工程)"),
    ("（试行）办法", "(试行)办法"),
    ("http://a.b:80/c", "http://a.b:80/c"),
    ("会议指出：要", "会议指出:要"),
    ("5×8~3", "5×8~3"),
    ("\ufeff-甲 乙\u200b丙", "(!甲 & 乙丙)"),
]


@pytest.mark.parametrize(("typed", "tree"), READ)
def test_what_can_be_read_is_read_without_notice(typed: str, tree: str) -> None:
    """Every construct of the language gives its tree and leaves nothing to say."""
    query = parse(typed, aliases={})
    assert show(query.node) == tree
    assert query.notices == ()


TOLD = [
    ("-甲", "(* & !甲)", "要排除"),
    ("（试行）", "(试行)", "连同括号"),
    ('"工匠日', '"工匠日', "引号没有成对"),
    ("“工匠日 甲", '("工匠日 & 甲)', "引号没有成对"),
    ("(甲 乙", "((甲 & 乙)", "括号没有成对"),
    ("甲) 乙", "(甲) & 乙)", "括号没有成对"),
    ("甲 OR", "(甲 & or)", "缺少内容"),
    ("OR", "or", "缺少内容"),
    ("| 甲", "(| & 甲)", "缺少内容"),
    ("甲 AND", "(甲 & and)", "缺少内容"),
    ("(甲 OR) 乙", "(甲 & or & 乙)", "缺少内容"),
    ("甲 NOT", "(甲 & not)", "缺少内容"),
    ("甲 *", "(甲 & *)", "缺少内容"),
    ("甲 -", "(甲 & -)", "没有内容"),
    ("甲 - 乙", "(甲 & - & 乙)", "没有内容"),
    ('""', "*", "引号里没有内容"),
    ('甲 ("")', "甲", "引号里没有内容"),
    ('甲 OR ""', "(甲 & or)", "引号里没有内容"),
    ('-("")', "-", "引号里没有内容"),
    ("甲*", "甲*", "只用在两段文字之间"),
    ("张**", "张**", "只用在两段文字之间"),
    ("部门:", "部门:", "没有内容"),
    ("部门: OR 甲", "(部门: | 甲)", "没有内容"),
    ("部门: | 甲", "(部门: | 甲)", "没有内容"),
    ("文件:《》", "文件:《》", "写法"),
    ("年:21", "年:21", "写法"),
    ("年:0000", "年:0000", "写法"),
    ("日期:2021-13", "日期:2021-13", "写法"),
    ("日期:2021-02-30", "日期:2021-02-30", "写法"),
    ("日期:..", "日期:..", "写法"),
    ("日期:2021..2022..2023", "日期:2021..2022..2023", "写法"),
    ("结论:好", "verdict=好", "原则同意"),
    ('"甲"~5', "甲", "不计距离"),
    ('"甲 乙"~99999', "near1000<甲/乙>", "1000"),
    ("*".join("甲乙丙丁戊己庚辛壬癸子丑"), "sentence<甲/乙/丙/丁/戊/己/庚/辛/壬/癸>", "最多 10 段"),
]


@pytest.mark.parametrize(("typed", "tree", "told"), TOLD)
def test_what_cannot_be_read_is_literal_and_told(typed: str, tree: str, told: str) -> None:
    """An operator without its operands and a value that its field cannot take are text, and a notice says so."""
    query = parse(typed, aliases={})
    assert show(query.node) == tree
    assert any(told in notice for notice in query.notices), query.notices


@pytest.mark.parametrize(
    ("typed", "terms", "words"),
    [
        ("营商环境 -优化 “苏州 工匠”", ("营商环境", "苏州工匠"), "营商环境 苏州工匠"),
        ("甲 乙 甲", ("甲", "乙"), "甲 乙"),
        ("-(甲 -乙) 丙", ("乙", "丙"), "乙 丙"),
        ('"甲 乙"~5 丙*丁', ("甲", "乙", "丙", "丁"), "甲 乙 丙 丁"),
        ("部门:教育局 年:2021", (), ""),
        ("", (), ""),
    ],
)
def test_marks_and_words_are_what_is_wanted(typed: str, terms: tuple[str, ...], words: str) -> None:
    """Streams to mark come in the order typed, without what is excluded and without fields; so do the words."""
    query = parse(typed, aliases={})
    assert (query.terms, query.plain) == (terms, words)


def test_a_chunk_that_is_an_alias_finds_the_other_names() -> None:
    """An alias becomes a choice, its other names are marked but not asked as words, and a notice tells it."""
    query = parse("發改局 牵头", aliases=ALIASES)
    assert show(query.node) == "((发改局 | 市发展和改革委员会) & 牵头)"
    assert query.terms == ("发改局", "市发展和改革委员会", "牵头")
    assert query.plain == "发改局 牵头"
    assert len(query.notices) == 1
    assert "也查找：市发展和改革委员会" in query.notices[0]


def test_the_aliases_of_the_package_are_used() -> None:
    """Without aliases of the caller's own, those of the package's lists hold."""
    assert "市发展和改革委员会" in parse("市发改委").terms
    assert parse("市发改委", expand=False).terms == ("市发改委",)


def test_an_alias_adds_only_names_that_find_more() -> None:
    """A name that holds another one needs no node of its own, and one too short to be sure of gets none."""
    aliases = {"发改委": ("发展改革委", "发展改革委员会", "市发改委", "计委"), "计委": ("发改委",), "委": ("计委",)}
    query = parse("发改委", aliases=aliases)
    assert show(query.node) == "(发改委 | 发展改革委)"
    assert query.terms == ("发改委", "发展改革委", "发展改革委员会", "市发改委")
    assert show(parse("计委", aliases=aliases).node) == "(计委 | 发改委)"
    assert parse("委", aliases=aliases).notices == ()


def test_a_department_is_found_by_its_other_names() -> None:
    """The value of the department's field is a name like any chunk; other fields take their value as it stands."""
    query = parse("部门:发改局 -部门:发改局", aliases=ALIASES)
    either = "(department=发改局 | department=市发展和改革委员会)"
    assert show(query.node) == f"({either} & !{either})"
    assert query.terms == ()
    assert len(query.notices) == 1
    assert parse("机关:发改局", aliases=ALIASES).notices == ()


def test_a_notice_names_a_few_aliases() -> None:
    """Of many names five are shown, and how many there are."""
    notice = parse("甲", aliases={"甲": tuple(f"名称{n}号" for n in range(8))}).notices[0]
    assert "名称4号等 8 个名称" in notice
    assert "名称5号" not in notice


@pytest.mark.parametrize("typed", ['"发改局"', "发改局牵头", "“发改局”*牵头", "发改局*牵头"])
def test_only_a_whole_chunk_is_an_alias(typed: str) -> None:
    """A quoted name, a part of a chunk and a part of a sentence are searched as they stand."""
    assert parse(typed, aliases=ALIASES) == parse(typed, aliases={})


def test_a_numeral_is_found_in_its_other_form() -> None:
    """A chunk with a numeral becomes a choice like an alias; its words are asked in the other form, too."""
    query = parse("第34次 财政")
    assert show(query.node) == "((第34次 | 第三十四次) & 财政)"
    assert query.terms == ("第34次", "第三十四次", "财政")
    assert query.plain == "第34次 第三十四次 财政"
    assert "也查找：第三十四次" in query.notices[0]
    assert parse('"第34次"').terms == ("第34次",)
    assert parse("第34次", expand=False).terms == ("第34次",)
    assert parse("财政 -第34次").plain == "财政"


def test_an_excluded_alias_excludes_all_its_names_and_marks_none() -> None:
    """What is excluded under one name is excluded under the others."""
    query = parse("甲 -发改局", aliases=ALIASES)
    assert show(query.node) == "(甲 & !(发改局 | 市发展和改革委员会))"
    assert query.terms == ("甲",)


def test_aliases_can_be_switched_off() -> None:
    """With expand off an alias is a chunk like any other."""
    assert parse("发改局", aliases=ALIASES, expand=False) == parse("发改局", aliases={})


def test_a_long_query_is_cut_and_told() -> None:
    """Text beyond 10,000 characters and tokens beyond the limit are left out with a notice; groups are closed."""
    assert "10000" in parse("甲" * 10_001, aliases={}).notices[0]
    query = parse("(" + " ".join(chr(0x4E00 + n) for n in range(300)) + ")", aliases={})
    assert isinstance(query.node, And)
    assert len(query.node.children) == 199
    assert "200" in query.notices[0]


def test_brackets_group_to_a_bounded_depth() -> None:
    """Deeper brackets are text, so that no query can exhaust the stack."""
    assert show(parse("(" * 20 + "甲 乙" + ")" * 20, aliases={}).node) == "(甲 & 乙)"
    deep = parse("(" * 500 + "甲 乙" + ")" * 500, aliases={})
    assert "(" in deep.terms[0]


def test_notices_are_few_and_short() -> None:
    """A query full of faults gets no more than ten notices, each quoting at most 20 characters."""
    notices = parse(" ".join(f"年:{'长' * 50}{n}" for n in range(50)), aliases={}).notices
    assert 1 <= len(notices) <= 10
    assert all(len(notice) < 100 for notice in notices)
