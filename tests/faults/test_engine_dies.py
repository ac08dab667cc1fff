"""An engine that is killed in the middle of a batch: nobody loses a point, and the same command later finishes it.

The engine is a private one, on a socket and a data root of its own; whoever else uses this machine's is not disturbed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TextIO

import pytest

from grader.errors import MachineError
from grader.sandbox.docker import IMAGE
from grader.sandbox.engine import Engine
from tests.sandbox.conftest import engine, missing  # noqa: F401  # the same fixture, for this folder
from tests.support import tiny

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300), pytest.mark.xdist_group("private-engine")]

GRADER = Path(sys.executable).with_name("grader")
STUDENTS = {f"s{i}": what for i, what in enumerate(("solution", "square", "stub", "numbers_only") * 2)}


class PrivateEngine:
    """dockerd with everything of its own, its network too: without a bridge it would take docker0 from the other one.

    start: returns when it listens. kill: it, and what it had started.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.url = root, f"unix://{root}/docker.sock"
        self._dockerd: subprocess.Popen[str] | None = None

    def start(self) -> None:
        places = {name: f"{self.root}/{name}" for name in ("data-root", "exec-root", "pidfile")}
        Path(places["pidfile"]).unlink(missing_ok=True)
        self.unmount(below="exec-root")
        shutil.rmtree(places["exec-root"], ignore_errors=True)  # as after a reboot: its pid file may name a zombie
        self._dockerd = subprocess.Popen(
            ["unshare", "--net", "dockerd", "--host", self.url, "--bridge", "none", "--iptables=false"]
            + [word for name, place in places.items() for word in (f"--{name}", place)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._dockerd.stderr
        lines = []
        for line in self._dockerd.stderr:
            lines.append(line)
            if "API listen on" in line:
                threading.Thread(target=drain, args=[self._dockerd.stderr]).start()  # or it would wait for a reader
                return
        raise MachineError("".join(lines[-10:]))  # type: ignore[arg-type]  # said to a developer only

    def kill(self) -> None:
        """dockerd, its containerd and the shims: all that name our root in their command line, or hold its end."""
        if self._dockerd:
            self._dockerd.kill()
            self._dockerd.wait()
            self._dockerd = None
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if str(self.root).encode() in path.read_bytes():
                    os.kill(int(path.parent.name), signal.SIGKILL)

    def unmount(self, below: str = "") -> None:
        """What a killed engine leaves mounted below its root."""
        mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        for place in sorted((m for m in mounted if m.startswith(str(self.root / below))), reverse=True):
            subprocess.run(["umount", "-l", place], check=False)


def drain(log: TextIO) -> None:
    with log:
        log.read()


@pytest.fixture
def private(engine: Engine) -> Iterator[PrivateEngine]:  # noqa: F811
    if os.geteuid() or not shutil.which("dockerd"):
        missing(MachineError("a private dockerd needs root"))  # type: ignore[arg-type]  # said to a developer only
    with contextlib.ExitStack() as ending:
        made = PrivateEngine(Path(tempfile.mkdtemp(prefix="engine-")))  # a short path: sockets lie below it
        for step in (partial(shutil.rmtree, made.root, ignore_errors=True), made.unmount, made.kill):
            ending.callback(step)
        made.start()
        with Engine(made.url) as ours:
            ours.api.load_image(engine.api.get_image(IMAGE))
        yield made


@pytest.fixture
def klass(tmp_path: Path) -> Path:
    course = tiny.course(tmp_path / "course", "twice", "again")
    for name, what in STUDENTS.items():
        tiny.hand_in(course, tmp_path / "class" / name, what)
        tiny.hand_in(course, tmp_path / "class" / name, what, "again")
    return tmp_path


def batch(klass: Path, out: str, url: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "GRADER_COURSE": str(klass / "course"), "DOCKER_HOST": url}
    arguments = [GRADER, "--lang", "en", "batch", klass / "class", "--out", klass / out, "--seed", "7", "-j", "2"]
    return subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def records(out: Path) -> dict[str, dict[str, object]]:
    return {p.stem: tiny.timeless(p) for p in sorted((out / "results").glob("*.json"))}


def verdicts(out: Path) -> dict[str, dict[str, str]]:
    return {
        student: {check["id"]: check["verdict"] for e in data["exercises"] for check in e["checks"]}
        for student, data in records(out).items()
    }


def test_an_engine_that_is_killed_costs_nobody_a_point_and_its_batch_goes_on(
    klass: Path, private: PrivateEngine
) -> None:
    whole = batch(klass, "undisturbed", private.url)
    said, _ = whole.communicate()
    assert whole.returncode == 1, said
    true = verdicts(klass / "undisturbed")

    disturbed = batch(klass, "out", private.url)
    assert disturbed.stdout
    with disturbed.stdout as stdout:
        next(line for line in stdout if line.startswith("s"))  # somebody is done
        private.kill()
        said = stdout.read()
    assert disturbed.wait() == 3, said
    seen = verdicts(klass / "out")
    assert set(seen) == set(STUDENTS)
    wrong = {i: v for s in seen for i, v in seen[s].items() if v not in ("undecided", true[s][i])}
    assert wrong == {}, "whatever was not decided as usual is undecided"
    assert any("undecided" in of_one.values() for of_one in seen.values())

    private.start()
    again = batch(klass, "out", private.url)
    said, _ = again.communicate()
    assert again.returncode == 1, said
    assert records(klass / "out") == records(klass / "undisturbed")
