"""Words are jieba's, whichever segmenter does the work, and only letters, digits and ideographs are words."""

from __future__ import annotations

import gzip
import json
import logging
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from indexer.text import words
from indexer.text.fold import fold
from indexer.text.words import PARTING, Cut, cut, definition, fast, identity, own_words, pieces, query_words

CORPUS = Path(__file__).resolve().parents[3] / "../shared/corpus/laws.jsonl.gz"


@pytest.fixture(scope="module")
def jieba() -> Cut:
    """jieba itself with the project's words."""
    return definition()


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("", []),
        ("，。、 -", []),
        ("...", []),
        ("审议通过了条例。", ["审议", "通过", "审议通过", "了", "条例"]),
        ("人民法院", ["人民", "民法", "法院", "人民法院"]),
        ("张三、李四", ["张三", "李四"]),
        ("增长3.5%", ["增长", "3.5%"]),
        ("open data", ["open", "data"]),
        ("v2.0.1", ["v2.0", "1"]),
        ("www.example.com", ["www", "example", "com"]),
        ("2024-2026年", ["2024", "2026", "年"]),
        ("㐀㐁字", ["㐀", "㐁", "字"]),
        ("二〇二四", ["二", "〇", "二四"]),
    ],
)
def test_words_of_a_stream(stream: str, expected: list[str]) -> None:
    """Words come in search mode; single characters stay, signs and white space go."""
    assert sorted(cut(stream)) == sorted(expected)


def test_streams_together_have_the_pieces_of_each() -> None:
    """With parting characters between, streams are segmented as alone; so are those that need jieba's own rule."""
    streams = ["市政府常务会议", "", "增长3.5%的v2.0.1项目", "㐀字", "李亚平", "a_b-c。", "愻", "的"]
    apart = [[*pieces(stream), PARTING] for stream in streams]
    assert pieces(PARTING.join([*streams, ""])) == [piece for one in apart for piece in one]


def test_the_words_of_a_query_are_distinct_and_parted_by_white_space() -> None:
    """A query is folded chunk by chunk, and each word stands once, in the order typed."""
    assert query_words("審議　条例 审议 ＡＢＣ？") == ("审议", "条例", "abc")
    assert query_words(" ？") == ()


def raw(segment: Cut, stream: str) -> list[str]:
    return [word for word in segment(stream) if any(map(str.isalnum, word))]


tricky = st.text(alphabet="会议同意工匠日中华人民3.5%a-b_c+#&龥㐀𠀀鿕〇々·，。()v2 é1", max_size=14).map(fold)


@given(stream=tricky)
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_segmenters_give_the_same_words(stream: str, jieba: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    """rjieba and jieba agree where they could differ: dotted names, rare ideographs, mixed scripts.

    A character three times in a row (日日日) is left out: jieba's model gives two cuts of it the same probability.
    """
    assume(not re.search(r"(.)\1\1", stream))
    expected = cut(stream)
    with monkeypatch.context() as patch:
        patch.setattr(words, "_loaded", jieba)
        assert cut(stream) == expected


@pytest.mark.shared
@pytest.mark.skipif(not CORPUS.exists(), reason="no corpus beside the checkout")
def test_words_of_real_texts_are_jiebas_own(jieba: Cut) -> None:
    """On 2,000 paragraphs of laws the words are exactly what jieba alone gives, signs left out."""
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        texts = [json.loads(next(lines))["text"] for _ in range(40)]
    streams = [fold(line) for text in texts for line in text.split("\n")][:2000]
    assert [s for s in streams if cut(s) != raw(jieba, s)] == []


def test_the_lexicon_adds_words(tmp_path: Path) -> None:
    """Words of a lexicon are cut as one by both segmenters; comments, signs and single characters are none."""
    lexicon = tmp_path / "words.txt"
    lexicon.write_text("# own words\n議定事項\n\n议 # too short\n容缺受理　# folded\n甲方 > 乙方\n", encoding="utf-8")
    assert list(own_words(lexicon)) == ["议定事项", "容缺受理", "甲方", "乙方"]
    assert list(own_words(tmp_path / "absent.txt")) == []
    for segment in (fast(lexicon), definition(lexicon)):
        assert segment is not None
        assert "议定事项" in segment("落实议定事项和容缺受理")
        assert "容缺受理" in segment("落实议定事项和容缺受理")


def test_without_rjieba_jieba_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rjieba is not installed the words are the same."""
    stream = "会议原则同意设立工匠日，由v2.0.1版负责"
    expected = cut(stream)
    monkeypatch.setitem(sys.modules, "rjieba", None)
    monkeypatch.setattr(words, "_loaded", None)
    assert fast() is None
    assert cut(stream) == expected


def test_a_segmenter_of_another_mind_is_not_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An rjieba that fails a probe is left aside with a warning in the log."""
    monkeypatch.setattr(words, "PROBES", (("国务院", "国 务院"),))
    with caplog.at_level(logging.WARNING):
        assert fast() is None
    assert "jieba is used" in caplog.text


def test_threads_get_the_same_words() -> None:
    """Threads that begin at once share one segmenter."""
    streams = [f"会议原则同意第{n}项议题" for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(cut, streams)) == [cut(stream) for stream in streams]


def test_the_identity_names_all_that_words_depend_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Segmenter, version, mode and lexicon stand in it; another lexicon or another mode is another identity."""
    first = words.IDENTITY
    assert first.startswith("jieba-0.42.1 search ")
    lexicon = tmp_path / "words.txt"
    lexicon.write_text("议定事项\n", encoding="utf-8")
    monkeypatch.setattr(words, "LEXICONS", (lexicon,))
    other = identity()
    monkeypatch.setattr(words, "HMM", not words.HMM)
    assert len({first, other, identity()}) == 3


def test_importing_words_loads_no_segmenter() -> None:
    """The dictionaries are read at the first cut, not at import."""
    code = "import sys, indexer.text.words; sys.exit(bool({'jieba', 'rjieba'} & set(sys.modules)))"
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
