"""A server whose index is damaged under it says so, or is right; it never gives a wrong answer silently."""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.build import build
from search_web import create_app, holder

ADDRESSES = ("/api/v1/search?q=实施方案&limit=50", "/api/v1/search?q=怎样改造管网", "/search?q=林致远", "/meetings")
TOOK = re.compile(r"[\d.,]+ ?(毫秒|秒|ms)")


@pytest.fixture
def place(tmp_path: Path, write_minutes: Callable[..., Path]) -> Path:
    """An index in several segments, with its originals, to be damaged."""
    for number in (1, 2, 3):
        write_minutes(number)
        build([tmp_path / "in"], tmp_path / "index", keep_originals=True)
    return tmp_path / "index"


def files(place: Path) -> Iterator[Path]:
    """The files that answers are made of."""
    return (path for path in sorted(place.iterdir()) if path.suffix in (".arr", ".toc", ".json"))


def ask(client: FlaskClient) -> list[tuple[int, object]]:
    """The status and what is said, without what differs by time."""
    found: list[tuple[int, object]] = []
    for address in ADDRESSES:
        response = client.get(address)
        told = response.get_json(force=True) if "/api/" in address else TOOK.sub("", response.text)
        if isinstance(told, dict):
            told = {name: value for name, value in told.items() if name not in ("took_ms", "seconds", "took")}
        found.append((response.status_code, json.dumps(told, ensure_ascii=False, sort_keys=True)))
    return found


@pytest.mark.parametrize("opened", [True, False], ids=["under a server", "before it starts"])
def test_damage_is_503_or_makes_no_difference(place: Path, opened: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a byte of any file changed, or the file cut or gone, every answer is the right one or a 503 that tells."""
    monkeypatch.setattr(holder, "DAMAGED_SECONDS", 0.0)
    chance = random.Random(5)
    app = create_app(place)
    right = ask(app.test_client())
    assert {status for status, _ in right} == {200}
    for file in list(files(place)):
        sound = file.read_bytes()
        places = [chance.randrange(len(sound)) for _ in range(12)]
        harms = [sound[:at] + bytes([sound[at] ^ 1 << chance.randrange(8)]) + sound[at + 1 :] for at in places]
        for harm in (*harms, sound[: len(sound) // 2], b"", None):
            if harm is None:
                file.unlink()
            else:
                file.write_bytes(harm)
            client = (app if opened else create_app(place)).test_client()
            for got, expected in zip(ask(client), right, strict=True):
                assert got == expected or got[0] == 503, f"{file.name}: {got}"
                # What is open needs the list of segments no more; everything else is missed at once.
                assert got[0] == 503 or (opened and file.suffix == ".toc"), file.name
            file.write_bytes(sound)
            assert ask(app.test_client()) == right, "an index that is put right is answered from again"


def test_damage_that_the_file_system_does_not_show(place: Path) -> None:
    """A disk that gives back another byte is found when the files are summed up, and told from then on."""
    client = create_app(place).test_client()
    assert client.get("/healthz").status_code == 200
    held = client.application.extensions[holder.EXTENSION]
    file = next(place.glob("*.arr"))
    sound = file.read_bytes()
    state = file.stat()
    file.write_bytes(bytes([sound[0] ^ 1]) + sound[1:])
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    # The time of the change of the inode cannot be set back; as if it were, the seal is taken anew.
    snapshot = held.index().engine._snapshot
    for name, one in snapshot.sealed.items():
        snapshot.sealed[name] = type(one)(one.path, type(one.seal)(*_seal(Path(one.path))))
    assert client.get("/healthz").status_code == 200
    held._next = 0.0
    end = time.monotonic() + 60
    while client.get("/healthz").status_code == 200 and time.monotonic() < end:
        time.sleep(0.01)
    told = client.get("/api/v1/search?q=市")
    assert (told.status_code, file.name in told.text) == (503, True)
    assert client.get("/search?q=市").status_code == 503


def _seal(path: Path) -> tuple[int, int, int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def test_damage_found_while_an_answer_is_made(place: Path) -> None:
    """An answer during which a file of the index changed is not given, nor is the error that came of it."""
    app = create_app(place)

    @app.get("/slow/<how>")
    def slow(how: str) -> str:
        index = holder.held_index()
        index.generation()
        file = next(place.glob("*.arr"))
        file.write_bytes(file.read_bytes()[:-1] + b"\x01")
        if how == "fails":
            raise IndexError(how)
        return "made of nobody knows what"

    sound = {path: path.read_bytes() for path in files(place)}
    for how in ("works", "fails"):
        assert app.test_client().get(f"/slow/{how}").status_code == 503
        for path, data in sound.items():
            path.write_bytes(data)
        assert app.test_client().get("/healthz").status_code == 200


def test_damaged_original_is_not_given(place: Path) -> None:
    """An original that is not what was kept is a 503, whole or cut; another one is given."""
    client = create_app(place).test_client()
    ids = [head.id for head in client.application.extensions[holder.EXTENSION].index().heads()]
    before = {one: client.get(f"/meetings/{one}/original/1") for one in ids}
    assert {response.status_code for response in before.values()} == {200}
    file = next(path for path in (place / "originals").rglob("*") if path.is_file())
    sound = file.read_bytes()
    for harm in (sound[:9] + b"\x09" + sound[10:], sound[:-20] + b"\0" + sound[-19:], sound[: len(sound) // 2], b"ab"):
        file.write_bytes(harm)
        assert sorted(client.get(f"/meetings/{one}/original/1").status_code for one in ids) == [200, 200, 503]
    file.write_bytes(sound)
    assert [client.get(f"/meetings/{one}/original/1").data for one in ids] == [r.data for r in before.values()]
