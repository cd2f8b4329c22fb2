"""A mark of secrecy is seen in every layout, words in a sentence are none, and what bears one leaves no trace."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import wrapped
from click.testing import CliRunner
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from word_file import P, word

from indexer.build import build
from indexer.readers import read_bytes
from indexer.readers.source import Line, SourceText
from indexer.search import open_index
from indexer.secrecy import mark
from search_web.cli import cli

Write = Callable[..., Path]
TOPIC = "听取关于教育事业发展规划情况的汇报。会议要求抓好落实。"


def text(*lines: str, style: str = "", **meta: str) -> SourceText:
    """A text with these lines, the first of which may stand around the page."""
    made = [Line(line, style=style if number == 0 else "") for number, line in enumerate(lines)]  # type: ignore[arg-type]
    return SourceText("a.txt", "txt", "0" * 64, tuple(made), meta)


MARKS = [
    ("机密★10年", "机密★10年"),
    ("秘密★", "秘密★"),
    ("绝密★长期", "绝密★长期"),
    ("机 密 ★ １０ 年", "机密★10年"),
    ("機密★一年", "机密★一年"),
    ("秘密☆5年", "秘密☆5年"),
    ("秘密★6个月", "秘密★6个月"),
    ("秘密★启用前", "秘密★启用前"),
    ("机密★至2030年12月31日", "机密★至2030年12月31日"),
    ("机密10年", "机密10年"),
    ("秘 密　五 年", "秘密五年"),
    ("绝密 长期", "绝密长期"),
    ("特急 机密★1年", "机密★1年"),
    ("机密★1年　特急　第 000012 号", "机密★1年"),
    ("云府常会纪〔2023〕12号　　机密★1年", "机密★1年"),
    ("市政府常务会议纪要（秘密★3年）", "秘密★3年"),
    ("密级：机密", "机密"),
    ("密级\t秘密\t紧急程度\t特急", "秘密"),
    ("密级：秘密｜紧急程度：特急", "秘密"),
    ("保密等级：机密★5年", "机密★5年"),
    ("内部资料", "内部资料"),
    ("内部资料　注意保存", "内部资料"),
    ("（内部资料，请勿外传）", "内部资料"),
    ("【内部文件】", "内部文件"),
    ("仅供内部参阅", "仅供内部参阅"),
    ("内 部 资 料", "内部资料"),
    ("（此件不予公开）", "此件不予公开"),
    ("此件不公开", "此件不公开"),
    ("不予公开", "不予公开"),
    ("公开方式：不予公开", "不予公开"),
    ("信息公开选项：不予公开", "不予公开"),
    ("信息公开类别：□主动公开 □依申请公开 ☑不予公开", "不予公开"),
    ("公 开 属 性 ： 不 予 公 开", "不予公开"),
]


@pytest.mark.parametrize(("line", "expected"), MARKS)
@pytest.mark.parametrize("place", ["first", "last", "around"])
def test_marks_are_seen(line: str, expected: str, place: str) -> None:
    """A mark alone on a line, beside its label, spread by spaces or with others is seen wherever the line stands."""
    body = [f"第{number}段，{TOPIC}" for number in range(20)]
    made = {"first": text(line, *body), "last": text(*body, line), "around": text(line, *body, style="furniture")}
    assert mark(made[place]) == expected


@pytest.mark.parametrize("line", ["机密", "秘 密", "绝密", "机密 特急", "000012 机密", "机密级"])
def test_bare_words_are_marks_where_marks_stand(line: str) -> None:
    """A grade alone counts at the beginning of a document, around its pages and behind its label, and nowhere else."""
    body = [f"第{number}段，{TOPIC}" for number in range(20)]
    assert mark(text("云州市人民政府", line, *body))
    assert mark(text(line, *body, style="furniture"))
    assert mark(text(*body, "密级", line))
    assert mark(text(*body, line)) is None


@pytest.mark.parametrize(
    "line",
    [
        "会议要求加强机密性、完整性和可用性保护，防止商业秘密泄露。",
        "各部门要依法保守国家秘密和工作秘密，做好商业秘密保护。",
        "《云州市商业秘密保护条例》",
        "商业秘密保护",
        "一、关于商业秘密保护工作",
        "国家秘密的密级分为绝密、机密、秘密三级。",
        "绝密级国家秘密是最重要的国家秘密，泄露会使国家安全和利益遭受特别严重的损害。",
        "国家秘密的保密期限，绝密级不超过三十年，机密级不超过二十年，秘密级不超过十年。",
        "市国家保密局、市密码管理局",
        "机密设备采购",
        "秘密调查取证",
        "规范政府内部资料管理，完善内部控制制度。",
        "内部资料性出版物管理办法",
        "行政机关内部事务信息可以不予公开。",
        "对涉及商业秘密、个人隐私等公开会造成损害的政府信息，行政机关不得公开。",
        "（此件公开发布）",
        "公开方式：主动公开",
        "公开属性：依申请公开",
        "信息公开类别：☑主动公开 □依申请公开 □不予公开",
        "附件中凡标有“秘密★”“机密★10年”等标志的，由各单位保密工作机构统一登记、编号、归档，任何人不得私自复制、摘抄或者带离办公场所，违者依法处理。",
        "密级：公开",
        "密级：无",
        "密级标志应当规范。",
    ],
)
def test_words_in_sentences_are_no_marks(line: str) -> None:
    """What is said about secrets is no secret."""
    assert mark(text("云州市人民政府", line, TOPIC)) is None


@given(st.text(alphabet="机绝秘密★内部资料不予公开：年10 （）级", max_size=300))
def test_no_line_stops_the_search(line: str) -> None:
    """Any line of these characters is answered, with a part of it or nothing."""
    found = mark(text(line))
    assert found is None or len(found) <= len(line)


@pytest.mark.parametrize("place", ["header", "text", "cell", "cells", "old", "page", "rich", "portable"])
def test_marks_in_files(place: str) -> None:
    """A mark in the header of a Word file, in a paragraph of any format, or in a cell is seen by the same rule."""
    body = [f"第{number}段，{TOPIC}" for number in range(20)]
    lines = ["机 密 ★ 10 年", *body]
    if place in ("header", "text", "cell", "cells"):
        made = Document()
        if place == "header":
            made.sections[0].header.paragraphs[0].text = "机 密 ★ 10 年"
        for line in body:
            made.add_paragraph(line)
        if place == "text":
            made.paragraphs[3].text = "机 密 ★ 10 年"
        if place in ("cell", "cells"):
            table = made.add_table(1, 4)
            cells = ["密级", "机密★10年", "紧急程度", "特急"] if place == "cells" else ["", "机 密 ★ 10 年", "", ""]
            for cell, said in zip(table.rows[0].cells, cells, strict=True):
                cell.text = said
        name, data = "a.docx", wrapped.saved(made)
    elif place == "old":
        name, data = "a.doc", word([P(f"{line}\r") for line in lines])
    elif place == "page":
        name, data = "a.html", wrapped.web_page(lines)
    elif place == "rich":
        name, data = "a.rtf", wrapped.rich_text(lines)
    else:
        name, data = "a.pdf", wrapped.portable(lines)
    (source,) = read_bytes(name, data)
    assert mark(source) == "机密★10年"


SECRET = "凤凰计划"


@pytest.fixture
def marked(tmp_path: Path, write_minutes: Write) -> Path:
    """A folder with a public meeting and others that bear marks, one of them in a list of documents."""
    write_minutes(1)
    write_minutes(2, extra=f"{SECRET}按程序推进。", name="机密.txt")
    path = tmp_path / "in/机密.txt"
    path.write_text("机密★10年\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    write_minutes(3, disclosure="此件不予公开", extra=f"{SECRET}不得外传。", name="closed.txt")
    rows = [
        {"id": "1", "title": "公报", "text": "云州市人民政府公报。" * 30},
        {"id": "2", "title": "简报", "text": f"内部资料 注意保存\n{SECRET}已经启动。" + "有关部门要抓好落实。" * 30},
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "in/list.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path / "in"


def traces(place: Path) -> list[str]:
    """The files of an index that hold the secret in any encoding that it would be kept in."""
    wanted = [SECRET.encode(name) for name in ("utf-8", "utf-16-le", "utf-32-le", "gb18030")]
    return [p.name for p in place.rglob("*") if p.is_file() and any(one in p.read_bytes() for one in wanted)]


def test_what_is_marked_leaves_no_trace(tmp_path: Path, marked: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A marked file is a row of the report and nowhere else: not in index, originals, suggestions, pairs or logs."""
    with caplog.at_level(logging.DEBUG):
        report = build(marked, tmp_path / "index", keep_originals=True, jobs=2)
    assert {(Path(row.path).name, row.error) for row in report.refused} == {
        ("机密.txt", "标有“机密★10年”，未收录"),
        ("closed.txt", "标有“此件不予公开”，未收录"),
        ("list.jsonl", "标有“内部资料”，未收录"),
    }
    assert (report.meetings, report.documents, report.failed) == (1, 1, ())
    assert traces(tmp_path / "index") == []
    assert SECRET not in caplog.text
    assert "机密" not in caplog.text
    with open_index(tmp_path / "index") as index:
        assert index.search(SECRET, match="exact").total.exact == 0
        assert SECRET not in str(index.suggest("凤凰"))
        assert len(index.heads()) == 2
    kept = [p for p in (tmp_path / "index/originals").rglob("*") if p.is_file()]
    assert len(kept) == 1


def test_marks_can_be_allowed_and_are_refused_again(tmp_path: Path, marked: Path) -> None:
    """With leave they are indexed; the next build without it removes them, though the files are as they were."""
    allowed = build(marked, tmp_path / "index", allow_marked=True)
    assert (allowed.meetings, allowed.documents, allowed.refused) == (3, 2, ())
    again = build(marked, tmp_path / "index", allow_marked=True)
    assert (again.unchanged, again.meetings) == (5, 3)
    report = build(marked, tmp_path / "index")
    assert (report.meetings, report.documents, len(report.refused)) == (1, 1, 3)
    with open_index(tmp_path / "index") as index:
        assert index.search(SECRET, match="exact").total.exact == 0


def test_a_mark_that_is_added_removes_what_was_indexed(tmp_path: Path, write_minutes: Write) -> None:
    """A file that gets a mark later goes from the index with the next build."""
    path = write_minutes(1)
    assert build(path, tmp_path / "index").meetings == 1
    path.write_text("秘密★3年\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    report = build(path, tmp_path / "index")
    assert (report.meetings, report.removed, len(report.refused)) == (0, 1, 1)


def test_the_command_tells_what_it_refused(tmp_path: Path, marked: Path) -> None:
    """`gongwen index` has a line for each, in both languages and in JSON, and ends well; --allow-marked takes them."""
    told = CliRunner().invoke(cli, ["index", str(marked), "--index", str(tmp_path / "one")])
    assert told.exit_code == 0
    assert told.output.count("未收录") == 3
    english = CliRunner().invoke(cli, ["--lang", "en", "index", str(marked), "--index", str(tmp_path / "two")])
    assert english.output.count("left out") == 3
    index = ["--index", str(tmp_path / "index")]
    rows = json.loads(CliRunner().invoke(cli, ["index", str(marked), *index, "--json"]).stdout)["refused"]
    assert sorted(Path(row["path"]).name for row in rows) == ["closed.txt", "list.jsonl", "机密.txt"]
    assert CliRunner().invoke(cli, ["index", str(marked), *index, "--allow-marked"]).exit_code == 0
    with open_index(tmp_path / "index") as opened:
        assert opened.search(SECRET, match="exact").total.exact > 0


@pytest.mark.parametrize(
    ("disclosure", "public"),
    [
        ("此件公开发布", True),
        ("公开方式：主动公开", True),
        ("主动公开", True),
        ("公开属性：主动公开", True),
        ("此件依申请公开", False),
        ("公开方式：依申请公开", False),
        ("此件删减后公开", False),
    ],
)
def test_public_only_takes_what_says_so(tmp_path: Path, write_minutes: Write, disclosure: str, public: bool) -> None:
    """With --public-only a record gets in that says 公开发布 or 主动公开 of itself, and no other."""
    path = write_minutes(1, disclosure=disclosure)
    if "：" in disclosure:
        path.write_text(path.read_text(encoding="utf-8").replace(f"（{disclosure}）", disclosure), encoding="utf-8")
    report = build(tmp_path / "in", tmp_path / "index", public_only=True)
    assert (report.meetings, len(report.withheld)) == ((1, 0) if public else (0, 1))
