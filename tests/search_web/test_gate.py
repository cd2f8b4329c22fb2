"""The gate by itself: what it counts it gives back, whatever becomes of an answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from search_web.gate import Gate

Start = Callable[..., Any]


class Parts:
    """An answer that notes that it was closed, and fails at that where it should."""

    def __init__(self, fail: bool) -> None:
        self.fail, self.closed = fail, 0

    def __iter__(self) -> Iterator[bytes]:
        yield b"part"

    def close(self) -> None:
        self.closed += 1
        if self.fail:
            raise ValueError("at the end")


def gate(app: Callable[[dict[str, Any], Start], Iterable[bytes]], threads: int = 2) -> Gate:
    """A gate of a few threads: with two of them one place for whole files, and none to wait for it."""
    return Gate(app, waiting=lambda: 0, most=1, threads=threads, told=lambda: None)


def status(made: Gate, path: str) -> str:
    """Ask once, close the answer, and return its status."""
    said: list[str] = []
    answer: Any = made({"PATH_INFO": path}, lambda line, headers: said.append(line))
    if hasattr(answer, "close"):
        answer.close()
    return said[0]


def test_a_failure_gives_its_place_back() -> None:
    """An application that fails before it answers keeps no place."""

    def broken(_: dict[str, Any], __: Start) -> Iterable[bytes]:
        raise RuntimeError("no answer")

    made = gate(broken)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            made({"PATH_INFO": "/export"}, lambda line, headers: None)


@pytest.mark.parametrize("fail", [False, True])
def test_a_closed_answer_gives_its_place_back_once(fail: bool) -> None:
    """A place is free again when its answer is closed, also where that fails, and once if it is done twice."""
    parts = Parts(fail)

    def app(_: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return parts

    made = gate(app)
    taken: Any = made({"PATH_INFO": "/export"}, lambda line, headers: None)
    assert list(taken) == [b"part"]
    assert status(made, "/timeline.csv").startswith("503")
    for _ in range(2):
        if fail:
            with pytest.raises(ValueError, match="at the end"):
                taken.close()
        else:
            taken.close()
    assert parts.closed == 2
    again: Any = made({"PATH_INFO": "/export"}, lambda line, headers: None)
    assert list(again) == [b"part"]
    assert status(made, "/export").startswith("503")


def test_searches_need_no_place() -> None:
    """What is no whole file goes by, however many files are on their way."""

    def app(_: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return [b"x"]

    made = gate(app)
    made({"PATH_INFO": "/meetings/x/original/1"}, lambda line, headers: None)
    assert status(made, "/search") == "200 OK"
    assert status(made, "/documents/x/original/2").startswith("503")


def test_a_file_waits_a_moment_for_a_place() -> None:
    """With four threads two files go out, one waits for the first that ends, and one more is turned away at once."""

    def app(_: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return Parts(False)

    made = gate(app, threads=4)
    first: Any = made({"PATH_INFO": "/export"}, lambda line, headers: None)
    made({"PATH_INFO": "/export"}, lambda line, headers: None)
    with ThreadPoolExecutor(1) as pool:
        third = pool.submit(status, made, "/export")
        while made._patient._value:  # until it waits
            time.sleep(0.001)
        assert status(made, "/export").startswith("503")
        first.close()
        assert third.result() == "200 OK"


def test_patience_ends() -> None:
    """A file that finds no place in time is turned away, and whoever comes next may wait again."""

    def app(_: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return Parts(False)

    made = gate(app, threads=4)
    for _ in range(2):
        made({"PATH_INFO": "/export"}, lambda line, headers: None)
    for _ in range(2):
        assert status(made, "/export").startswith("503")
    assert made._patient._value == 1
