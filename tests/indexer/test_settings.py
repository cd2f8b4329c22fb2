"""Settings: which source wins, what each field takes, and what is told when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import BadParameter
from indexer.settings import Settings, load


def test_defaults(tmp_path: Path) -> None:
    """Without file, environment and arguments the index is data/index and the server is the machine's own."""
    settings = load(tmp_path, {})
    assert settings == Settings()
    assert (settings.engine, settings.index) == ("whoosh:data/index", "data/index")
    assert settings.host == "127.0.0.1"


def test_the_later_source_wins(tmp_path: Path) -> None:
    """gongwen.toml beats the defaults, the environment beats the file, an argument beats all."""
    (tmp_path / "gongwen.toml").write_text('port = 1\njobs = 2\nthreads = 3\nlang = "en"\n', encoding="utf-8")
    settings = load(tmp_path, {"GONGWEN_PORT": "10", "GONGWEN_JOBS": "20", "OTHER": "x"}, port=100, threads=None)
    assert settings == Settings(port=100, jobs=20, threads=3, lang="en")


def test_index_of_the_file_counts_from_its_folder(tmp_path: Path) -> None:
    """A relative index in gongwen.toml lies beside the file, wherever the program is started."""
    (tmp_path / "gongwen.toml").write_text('index = "made/here"\n', encoding="utf-8")
    assert load(tmp_path, {}).index == str(tmp_path / "made/here")
    assert load(tmp_path, {"GONGWEN_INDEX": "other"}).index == "other"
    assert load(tmp_path, {"GONGWEN_INDEX": ""}).index == str(tmp_path / "made/here")
    assert load(tmp_path, {"GONGWEN_INDEX": "other"}, index="third").engine == "whoosh:third"


def test_other_engine_keeps_its_name(tmp_path: Path) -> None:
    """An engine string of another engine comes through the file unchanged and is the index as it stands."""
    (tmp_path / "gongwen.toml").write_text('engine = "opensearch:https://search.example/m"\n', encoding="utf-8")
    settings = load(tmp_path, {})
    assert settings.engine == settings.index == "opensearch:https://search.example/m"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("port = 65536", "port"),
        ("port = true", "port"),
        ("port = -1", "port"),
        ("jobs = 0", "jobs"),
        ('threads = "many"', "threads"),
        ('lang = "fr"', "lang"),
        ('index = ""', "index"),
        ("index = 3", "index"),
        ("host = []", "host"),
        ("colour = 1", "colour"),
        ("port = ", "gongwen.toml"),
        ("\udcff", "gongwen.toml"),
    ],
)
def test_bad_value_is_named(tmp_path: Path, content: str, name: str) -> None:
    """A value that a field does not take is refused with the field's name."""
    (tmp_path / "gongwen.toml").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadParameter) as caught:
        load(tmp_path, {})
    assert caught.value.name == name
    assert "\n" not in str(caught.value)


def test_bad_environment_is_named(tmp_path: Path) -> None:
    """A bad value of the environment is told like one of the file."""
    with pytest.raises(BadParameter, match="port"):
        load(tmp_path, {"GONGWEN_PORT": "eighty"})
