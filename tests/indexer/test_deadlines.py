"""Deadlines of processes: who is not done in time is killed, everyone else is left alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from indexer.deadlines import Deadlines

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def deadlines() -> Iterator[Deadlines]:
    """Deadlines that are closed behind the test."""
    found = Deadlines()
    yield found
    found.close()


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    """A process that sleeps for a minute."""
    with subprocess.Popen(SLEEPS) as found:
        yield found
        found.kill()


def test_late_is_killed(deadlines: Deadlines, process: subprocess.Popen[bytes]) -> None:
    """A process whose seconds are over ends, and was not done in time."""
    deadlines.begin(process, 0.2)
    assert process.wait(30) != 0
    assert not deadlines.done(process)


def test_an_earlier_deadline_behind_a_later_one(deadlines: Deadlines, process: subprocess.Popen[bytes]) -> None:
    """Who is asked for less time than the one before is killed at its own time."""
    with subprocess.Popen(SLEEPS) as patient:
        deadlines.begin(patient, 600)
        deadlines.begin(process, 0.2)
        assert process.wait(30) != 0
        assert patient.poll() is None
        assert deadlines.done(patient)
        patient.kill()


def test_done_is_left_alone(deadlines: Deadlines, process: subprocess.Popen[bytes]) -> None:
    """A process that is done in time goes on, also when its seconds are over."""
    deadlines.begin(process, 0.3)
    assert deadlines.done(process)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.6)
