"""A port that stands fast in a student's code does no harm: every pod has a network of its own."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.catalog import Course
from grader.grading import open_sandbox
from grader.model import Snapshot, Verdict
from grader.run import Graded, grade
from grader.sandbox.base import Sandbox
from grader.sandbox.engine import Engine

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("fixed-ports"), pytest.mark.timeout(300)]

COURSE = Course(Path(__file__).parents[2])
EXERCISE = COURSE.exercise("threaded_echo")
CHECKS = ("threaded_echo.echo.long-stream", "threaded_echo.clients.idle-kept")
# Right, where nobody else has its second port: otherwise it serves nobody.
ONE_PORT_MORE = b"""
import contextlib, signal, socket, socketserver, sys

class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        with contextlib.suppress(ConnectionError):
            while self.server.mine and (data := self.request.recv(4096)):
                self.request.sendall(data)

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

def serve(host, port):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Server((host, port), Handler) as server:
        server.mine = False
        with contextlib.suppress(OSError):
            status = socket.create_server(("127.0.0.1", 8888))
            server.mine = True
        server.serve_forever()
"""


@pytest.fixture(scope="module")
def pods(engine: Engine) -> Iterator[Sandbox]:
    sandbox = open_sandbox("docker", COURSE)
    yield sandbox
    sandbox.close()


def side_by_side(files: Mapping[str, bytes], sandbox: Sandbox) -> tuple[Graded, Graded]:
    """Two copies; each of their cases begins at the same time."""
    both = threading.Barrier(2, timeout=100)

    def play(student: str) -> Graded:
        snapshot = Snapshot(student, {EXERCISE.slug: files}, hashlib.sha256(student.encode()).hexdigest())
        return grade(EXERCISE, snapshot, sandbox, seed=7, only=CHECKS, progress=lambda case: both.wait() and None)

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(play, ("alice", "bob"))
        return one, other


def test_two_copies_of_a_server_that_needs_one_fixed_port_more_are_both_right(pods: Sandbox) -> None:
    for graded in side_by_side({"echo_server.py": ONE_PORT_MORE}, pods):
        assert {r.id: r.verdict for r in graded.results if r.verdict is not Verdict.PASS} == {}
        assert {r.id for r in graded.results} > set(CHECKS)


def test_two_copies_of_a_server_that_ignores_its_port_are_both_told_so(pods: Sandbox) -> None:
    files, _ = EXERCISE.mutants()["hard_coded_address"]
    for graded in side_by_side(files, pods):
        told = {r.id: r for r in graded.results if r.verdict is not Verdict.BLOCKED}
        assert (starts := told.pop("threaded_echo.listen.starts")).verdict is Verdict.PASS, starts
        assert {i: (r.verdict, r.mistake) for i, r in told.items()} == {
            "threaded_echo.listen.arguments": (Verdict.FAIL, "hard-coded-address")
        }
