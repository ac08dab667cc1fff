"""The person at the terminal: lines are typed when a program asks for one, however it asks. A real agent plays."""

from __future__ import annotations

import base64
import json
import select
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.instrument.procfs import Watcher
from grader.instrument.run import Run
from grader.instrument.stage import Stage
from grader.model import Asked, Event, Exited, InputEnded, Printed, Quiet, Shown, Typed, Unproven
from grader.sandbox.base import AGENT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


class Line:
    """The stage's link to a real agent."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-I", "-B", AGENT / "__main__.py", str(folder)]
        self._agent = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self._rest = b""
        self.stage: Stage | None = None
        self.events: list[Event] = []
        self.pid = self._agent.pid
        self.hidden = False  # what threads wait for

    def load(self, source: str) -> None:
        content = base64.b64encode(textwrap.dedent(source).encode()).decode()
        self.tell({"op": "load", "files": {"m.py": content}})

    def pump(self, reading: Iterable[socket.socket], writing: Iterable[socket.socket], timeout: float) -> None:
        assert self._agent.stdout
        ready, _, _ = select.select([self._agent.stdout, *reading], list(writing), [], timeout)
        if self._agent.stdout in ready:
            *lines, self._rest = (self._rest + self._agent.stdout.read(65_536)).split(b"\n")
            for message in map(json.loads, lines):
                assert self.stage
                self.stage.heard(message | ({"readers": [], "known": False} if self.hidden else {}))

    def tell(self, message: Mapping[str, Any]) -> None:
        assert self._agent.stdin
        self._agent.stdin.write((json.dumps(message) + "\n").encode())

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def close(self) -> None:
        assert self._agent.stdin
        assert self._agent.stdout
        self._agent.stdin.close()
        self._agent.wait()
        self._agent.stdout.close()

    def seen(self) -> list[str | type]:
        """What passed at the terminal: texts that were shown, lines that were typed in <>, the other events' kinds."""
        texts: list[str | type] = []
        for e in self.events:
            match e:
                case Shown():
                    texts.append(e.text)
                case Typed():
                    texts.append(f"<{e.text}>")
                case Asked() | InputEnded() | Exited() | Quiet() | Unproven():
                    texts.append(type(e))
        return texts


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    line = Line(tmp_path_factory.mktemp("work"))
    yield line
    line.close()


@pytest.fixture(scope="module")
def watcher(agency: Line) -> Iterator[Watcher]:
    watcher = Watcher(agency.pid)
    yield watcher
    if watcher._diag:
        watcher._diag._netlink.close()


@pytest.fixture
def line(agency: Line) -> Line:
    agency.events.clear()
    agency.hidden = False
    return agency


@pytest.fixture
def begin(line: Line, watcher: Watcher) -> Iterator[Callable[..., Run]]:
    """Starts a program, the body of a function, at a terminal."""

    def begin(body: str, head: str = "", eyes: Watcher = watcher) -> Run:
        line.stage = Stage("c", 7, {}, line, eyes)
        source = "import os, select, selectors, sys, threading, time\n" + textwrap.dedent(head) + "def f():\n"
        line.load(source + textwrap.indent(textwrap.dedent(body), "    "))
        return line.stage.start("m:f", [], name="a", tty=True)

    yield begin
    if line.stage:
        line.stage.finish()


ECHO = """
while True:
    try: text = {read}
    except EOFError: break
    if not text: break
    print("heard", text.strip())
"""
READERS = {
    "input": "input()",
    "a prompt": "input('你: ')",
    "sys.stdin": "sys.stdin.readline()",
    "the descriptor": "os.read(0, 4096).decode()",
    "another descriptor": "open(os.ttyname(0)).readline()",
    "select": "(select.select([sys.stdin], [], []), sys.stdin.readline())[1]",
    "select with a time-out": "(select.select([0], [], [], 30), sys.stdin.readline())[1]",
    "looks again and again": "polled(sys.stdin.readline)",
    "poll": "(p := select.poll(), p.register(0, 1), p.poll(), sys.stdin.readline())[3]",
    "epoll": "(p := select.epoll(), p.register(0, 1), p.poll(), sys.stdin.readline())[3]",
    "selectors": "(s := selectors.DefaultSelector(), s.register(0, 1), s.select(), sys.stdin.readline())[3]",
    "a thread": "in_a_thread(sys.stdin.readline)",
    "readline": "(__import__('readline'), input('> '))[1]",
}
WAYS = """
def polled(function):
    while not select.select([0], [], [], 0.01)[0]:
        pass
    return function()

def in_a_thread(function):
    box = []
    t = threading.Thread(target=lambda: box.append(function()))
    t.start()
    t.join()
    return box[0]
"""


@pytest.mark.parametrize("read", READERS)
def test_a_line_is_typed_when_the_program_asks_and_what_it_prints_comes_between(line, begin, read):
    run = begin(ECHO.format(read=READERS[read]), head=WAYS)
    lines = ["one", "二 😀", "  three  "]
    assert all(run.console.type(text) for text in lines)
    assert run.console.end()
    assert run.wait()
    seen = [x for x in line.seen() if x != "> "]
    expected = [x for text in lines for x in (Asked, f"<{text}>", f"heard {text.strip()}\n")]
    assert [str(x).removeprefix("> ").replace("\n> ", "\n") for x in seen] == [
        str(x) for x in [*expected, Asked, InputEnded, Exited]
    ]


def test_what_was_printed_before_asking_is_there_when_it_asks(line, begin):
    run = begin("for i in range(300): print(i)\nprint('no line end', end='')\ninput()")
    assert run.console.asks()
    assert run.console.shown == "".join(f"{i}\n" for i in range(300)) + "no line end"
    assert line.seen()[-1] is Asked


def test_nothing_is_typed_at_a_program_that_waits_for_something_else(line, begin):
    run = begin("threading.Event().wait()")
    assert not run.console.type("hello")
    assert line.seen() == [Quiet]
    assert next(e for e in line.events if isinstance(e, Quiet)).waiting_for == "line"


def test_a_program_that_ends_asks_no_more(line, begin):
    run = begin("input()")
    assert run.console.type("hello")
    assert not run.console.type("more")
    assert line.seen() == [Asked, "<hello>", Exited]


def test_reading_a_pipe_is_not_asking(line, begin):
    run = begin("os.read(os.pipe()[0], 1)")
    assert not run.console.asks()


def test_who_watches_other_things_too_has_not_asked_for_sure(line, begin):
    run = begin("select.select([0, os.pipe()[0]], [], [])")
    assert run.console.asks()
    assert run.console.waits()
    assert not run.console.waits(alone=True)
    run = begin("select.select([0], [], [])")
    assert run.console.asks()
    assert run.console.waits(alone=True)


def test_a_fence_brings_what_was_printed_by_who_asks_for_nothing(line, begin):
    run = begin("print('x' * 5000)\nos.read(os.pipe()[0], 1)")
    line.stage.settle(0.01)
    assert line.stage.fence()
    assert run.console.shown == "x" * 5000 + "\n"


def test_lines_shown_are_found_in_order_and_by_their_ends(line, begin):
    run = begin(r"print('\033[32mfrom a: hello\033[0m'); print('hello'); print('hell', end=''); input()")
    assert run.console.shows("hello")
    assert run.console.shows("hello")
    assert not run.console.shows("hell")


def test_the_whole_output_is_summed_up_and_cut(line, begin):
    run = begin("print('界' * 40_000)\nprint('end')")
    assert run.wait()
    shown = "".join(e.text for e in line.events if isinstance(e, Shown))
    (printed,) = [e for e in line.events if isinstance(e, Printed)]
    assert printed.size == 120_005
    assert shown == "界" * (65_536 // 3)


def test_a_line_longer_than_a_terminal_takes_is_the_scripts_fault(line, begin):
    run = begin("input()")
    with pytest.raises(ValueError, match="no line"):
        run.console.type("x" * 4001)


def test_the_longest_line_arrives_whole(line, begin):
    run = begin("print(len(input()))")
    assert run.console.type("x" * 4000)
    assert run.wait()
    assert run.console.shown == "4000\n"


def test_without_proc_nothing_is_proved(line, begin, tmp_path):
    run = begin("print(input())", eyes=Watcher(line.pid, str(tmp_path)))
    line.hidden = True
    assert run.console.type("hello")
    assert run.wait()
    assert line.seen() == [Unproven, "<hello>", "hello\n", Exited]


def test_a_system_that_tells_what_threads_wait_for_is_not_doubted_where_it_tells_nothing_for_a_moment(line, begin):
    run = begin("while True: print('heard', input())")
    line.hidden = True
    assert not run.console.waits()
    line.hidden = False
    assert run.console.type("one")
    line.hidden = True
    assert not any(run.console.waits() for _ in range(100))
    line.hidden = False
    assert run.console.type("two")
    assert run.console.shows("heard two")
    assert Unproven not in line.seen()
