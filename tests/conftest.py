"""What all tests share: invented minutes to write, an index built of some, and a word on what was not there to test."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import opensearch_nodes
import pytest
from hypothesis import settings
from opensearch_nodes import Cluster

from indexer.build import build
from indexer.search import Index, open_index

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT / "../shared"

# A random input that takes long on a busy machine is no failure; where time is the point, a test measures it.
# Where a run decides on a change it tries the same inputs each time; everywhere else it looks for new ones.
settings.register_profile("project", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("project")

MATTERS = (
    "教育事业发展规划",
    "城市排水管网改造",
    "安全生产专项整治",
    "老旧小区加装电梯",
    "职业技能培训补贴",
    "河湖水质治理",
)
OFFICES = ("市教育局", "市住房城乡建设局", "市应急管理局", "市民政局", "市人力资源社会保障局", "市生态环境局")


def minutes(number: int = 12, *, matters: int = 2, disclosure: str = "此件公开发布", extra: str = "") -> str:
    """Return the minutes of one meeting of an invented city, each number on another day and with other matters."""
    day = date(2023, 1, 6) + timedelta(days=7 * number)
    chosen = [(number + i) % len(MATTERS) for i in range(matters)]
    lines = [
        f"云州市人民政府第{number}次常务会议纪要",
        "",
        f"云府常会纪〔{day.year}〕{number}号",
        "",
        f"{day.year}年{day.month}月{day.day}日上午，林致远市长主持召开市政府第{number}次常务会议，"
        + "，".join(f"听取关于{MATTERS[i]}情况的汇报" for i in chosen)
        + "。现纪要如下：",
        "",
    ]
    for position, i in enumerate(chosen):
        lines += [
            f"{'一二三四五六'[position]}、听取关于{MATTERS[i]}情况的汇报",
            f"（一）原则同意《云州市{MATTERS[i]}实施方案》，由{OFFICES[i]}根据本次会议讨论意见作进一步修改完善后，按程序印发实施。",
            f"（二）会议要求，{OFFICES[i]}牵头，各区政府配合，于{day.year}年底前完成第{number}批{MATTERS[i]}任务。",
            "",
        ]
    lines += [extra, ""] if extra else []
    lines += ["出席：林致远  周明  何一帆", "列席：市财政局 钱立 市审计局 孙衡", "", f"（{disclosure}）", ""]
    return "\n".join(lines)


@pytest.fixture
def write_minutes(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the minutes of a meeting into the folder `in` and returns the path."""

    def write(number: int = 12, name: str = "", **what: object) -> Path:
        path = tmp_path / "in" / (name or f"{number}.txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(minutes(number, **what), encoding="utf-8")  # type: ignore[arg-type]  # as minutes() takes it
        return path

    return write


@pytest.fixture
def minutes_of() -> Callable[..., str]:
    """Return the function that writes the text of a meeting's minutes."""
    return minutes


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of an index of twelve meetings, to be read only."""
    folder = tmp_path_factory.mktemp("built")
    for number in range(1, 13):
        (folder / f"{number}.txt").write_text(minutes(number, matters=3), encoding="utf-8")
    report = build([folder], folder / "index")
    assert not report.failed
    return folder / "index"


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Return an open index of data/samples, to be read only."""
    path = tmp_path_factory.mktemp("samples") / "index"
    assert not build([ROOT / "data/samples"], path).failed
    with open_index(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Return an OpenSearch cluster of three nodes; its jars are fetched where every part is required, or before."""
    required = bool(os.environ.get("GONGWEN_REQUIRE_ALL"))
    with ExitStack() as stack:
        try:
            if not required and not opensearch_nodes.fetched():
                raise opensearch_nodes.Absent("its jars were not fetched yet (make opensearch)")
            started = stack.enter_context(opensearch_nodes.cluster())
        except opensearch_nodes.Absent as error:
            if required:
                raise
            pytest.skip(f"no OpenSearch: {error}")
        yield started


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly what real thing was not there, so that nobody takes a short run for a whole one."""
    absent = []
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        absent.append("no Chromium: the browser tests were left out (sudo apt-get install -y chromium)")
    if not SHARED.is_dir():
        absent.append("no ../shared: the tests on real documents were left out")
    if importlib.util.find_spec("rapidocr") is None:
        absent.append('no rapidocr: scanned pages were not recognised (pip install "gongwen[ocr]")')
    if not opensearch_nodes.fetched():
        absent.append("no OpenSearch: its engine was left out (make opensearch, which needs Maven and Java 21)")
    if os.name == "posix" and os.geteuid() == 0:
        absent.append("run as root: tests of files without permission were left out")
    for line in absent or ["every optional real part was there"]:
        terminalreporter.write_line(f"not tested: {line}" if absent else line)
