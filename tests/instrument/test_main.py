"""The instrument's program as the host meets it: started from its bundle, with this test in the agent's place."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from grader.catalog import find_course
from grader.codec import event_from
from grader.model import Event, Exited, Imported, Marked, Printed, Raised, Returned, Started, Vanished
from grader.sandbox.base import BOOT, RELAYED

PATIENCE = 20.0  # seconds; only ever reached on failure
Message = dict[str, Any]


class Host:
    """Speaks with an instrument; answers for the agent by `agent`: op → lines."""

    def __init__(self, folder: Path, bundle: bytes) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", "-c", BOOT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.agent: dict[str, list[Message]] = {"stop": [{"op": "stopped"}]}
        self.told: list[Message] = []
        self._inbox: SimpleQueue[bytes] = SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self._write(f"{len(bundle)} {folder / 'program.zip'}\n".encode() + bundle)

    def _read(self) -> None:
        assert self.process.stdout
        with open(self.process.stdout.fileno(), "rb", closefd=False) as lines:
            for line in lines:
                self._inbox.put(line)
        self._inbox.put(b"")

    def _write(self, data: bytes) -> None:
        assert self.process.stdin
        rest = memoryview(data)
        while rest:
            rest = rest[self.process.stdin.write(rest) :]

    def tell(self, op: str, **more: Any) -> None:
        self._write((json.dumps({"op": op, **more}) + "\n").encode())

    def relay(self, line: str | bytes) -> None:
        self._write(RELAYED.encode() + (line if isinstance(line, bytes) else line.encode()) + b"\n")

    def hear(self) -> Message | None:
        """The next line that is not for the agent; None at the end."""
        while True:
            try:
                line = self._inbox.get(timeout=PATIENCE)
            except Empty:
                pytest.fail(f"silence; the agent was told {self.told}")
            message = json.loads(line) if line else None
            if not message or message.get("op") != "tell":
                return message
            self.told.append(command := json.loads(message["line"]))
            for answer in self.agent.get(command["op"], []):
                self.relay(json.dumps({"run": command.get("run"), "n": command.get("n"), **answer}))

    def load(self, script: str, modules: tuple[str, ...] = ("m",), seed: int = 7) -> Message:
        self.tell(
            "load",
            script="from grader.instrument import Stage, case\n" + textwrap.dedent(script),
            seed=seed,
            options={"byte_order": "little"},
            agent_pid=self.process.pid,
            modules=list(modules),
            proc="/proc",
        )
        loaded = self.hear()
        assert loaded
        return loaded

    def play(self, case: str, pace: float = 1.0) -> list[Event]:
        self.tell("play", case=case, pace=pace)
        return self.rest_of(case)

    def rest_of(self, case: str) -> list[Event]:
        events = []
        while (message := self.hear()) != {"op": "done", "case": case}:
            assert message
            assert "event" in message, message
            events.append(event_from(message))
        return events

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def bundle() -> bytes:
    return find_course().bundle()


@pytest.fixture
def host(tmp_path: Path, bundle: bytes) -> Iterator[Host]:
    host = Host(tmp_path, bundle)
    assert host.hear() == {"op": "hello", "python": ".".join(map(str, sys.version_info[:3]))}
    yield host
    host.close()


MARKS = """
@case("some.marks")
def some_marks(stage: Stage) -> None:
    stage.mark(str(stage.rng.random()))
    stage.mark(stage.options["byte_order"])

def helper(stage): ...

@case("other", clock=True)
def other(stage: Stage) -> None:
    stage.mark(str(stage.rng.random()))
"""


def labels(events: list[Event]) -> list[str]:
    return [e.label for e in events if isinstance(e, Marked)]


def test_cases_are_those_that_are_marked_in_their_order_after_the_import(host):
    assert host.load(MARKS) == {
        "op": "loaded",
        "cases": ["import", "some.marks", "other"],
        "clocks": ["other"],
    }


def test_a_case_is_the_same_whenever_it_is_played_and_others_are_not(host):
    host.load(MARKS)
    first, other, again = (labels(host.play(name)) for name in ("some.marks", "other", "some.marks"))
    assert first == again
    assert first[1] == "little"
    assert first[0] != other[0]


def test_what_the_agent_says_becomes_events_and_what_it_is_asked_reaches_it(host):
    host.agent["run"] = [
        {"op": "started", "pid": 77},
        {"op": "imported"},
        {"op": "returned", "call": 0, "value": {"kind": "int", "shown": "5"}},
        {"op": "printed", "stream": "stdout", "text": "你好 \u2028 \x85", "size": 9},
        {"op": "exited", "code": 0},
    ]
    host.load("@case('c')\ndef c(stage):\n  stage.start('m:f', [1], name='a', shim=3).wait()")
    events = host.play("c")
    assert [type(e) for e in events] == [Started, Imported, Returned, Printed, Exited]
    assert events[0] == Started(events[0].at, "a", "m:f", 77)
    assert events[3].text == "你好 \u2028 \x85"
    assert host.told[0] == {"op": "run", "run": "a", "entry": "m:f", "args": [1], "shim": 3, "tty": False}
    assert host.told[-1] == {"op": "stop"}


NONSENSE = [
    b"",
    b"not json",
    b"\xff\xfe",
    b"5",
    b"[]",
    b'"exited"',
    b"{}",
    b'{"op":"exited","run":"another","code":0}',
    b'{"op":"exited","run":["a"],"code":0}',
    b'{"op":"returned","run":"a","call":NaN,"value":{"size":1e999}}',
    b'{"op":"printed","run":"a","text":"\\ud800","size":' + b"9" * 5000 + b"}",
    b'{"op":"stack","run":"a","folder":"/w","text":"  File \\"/w/m.py\\", line ' + b"9" * 5000 + b' in f"}',
    b'{"op":"pong","n":-1}',
    b'{"op":"waits","n":-1,"lines":5}',
    b'{"op":"readers","n":-1,"readers":[1,[2],["a",3],[4,5,6]]}',
    b'{"op":"shown","run":"a","text":7}',
    b"[" * 100_000,
    b'{"op":' * 50_000,
]


def test_no_word_of_the_agents_breaks_the_instrument(host):
    host.load(
        """
        @case("c")
        def c(stage):
            run = stage.start("m:f", name="a")
            stage.mark("on")
            run.wait()
            stage.mark("still here")
        """
    )
    host.tell("play", case="c", pace=1.0)
    assert host.hear()["label"] == "on"
    for line in NONSENSE:
        host.relay(line)
    host.relay('{"op":"exited","run":"a","code":3}')
    events = host.rest_of("c")
    assert labels(events) == ["still here"]
    assert [e.code for e in events if isinstance(e, Exited)] == [3]
    assert [e.call for e in events if isinstance(e, Returned)] == [0]


def test_the_import_plays_every_module_in_a_run_of_its_own(host):
    host.agent["run"] = [{"op": "imported"}, {"op": "exited", "code": 0}]
    host.load("", modules=("server", "client"))
    assert [e.run for e in host.play("import") if isinstance(e, Imported)] == ["server", "client"]
    assert [c["entry"] for c in host.told if c["op"] == "run"] == ["server:", "client:"]


@pytest.mark.parametrize(
    ("script", "error"),
    [("1/0", "ZeroDivisionError"), ("def", "SyntaxError"), ("import no_such_module", "ModuleNotFoundError")],
)
def test_a_script_that_cannot_be_loaded_is_said_to_be_broken(host, script, error):
    said = host.load(script)
    assert said["op"] == "broken"
    assert error in said["error"]
    assert host.hear() is None


def test_a_script_that_breaks_in_a_case_is_said_to_be_broken(host):
    host.load("@case('c')\ndef c(stage):\n  stage.mark('before')\n  1/0")
    host.tell("play", case="c", pace=1.0)
    said = [host.hear(), host.hear(), host.hear()]
    assert [m.get("op") or m["event"] for m in said if m] == ["Marked", "broken", "done"]
    assert "ZeroDivisionError" in said[1]["error"]
    assert 'script.py", line 5' in said[1]["error"]


def test_a_case_that_no_script_has_is_the_authors_fault(host):
    host.load(MARKS)
    host.tell("play", case="no.such", pace=1.0)
    said = host.hear()
    assert said
    assert said["op"] == "broken"
    assert "no.such" in said["error"]


def test_an_agent_that_goes_while_a_case_is_played_ends_it(host):
    host.load("@case('c')\ndef c(stage):\n  stage.start('m:f', name='a').wait()")
    host.tell("play", case="c", pace=1.0)
    host.tell("agent-gone")
    assert [type(e) for e in host.rest_of("c")] == [Vanished]


def test_an_agent_that_is_gone_before_a_case_is_not_waited_for(host):
    host.load("@case('c')\ndef c(stage):\n  stage.start('m:f', name='a').wait()")
    host.tell("agent-gone")
    assert [type(e) for e in host.play("c")] == [Vanished]
    host.tell("play", case="c", pace=1.0)
    host.tell("agent-gone")
    assert [type(e) for e in host.rest_of("c")] == [Vanished]


def test_what_came_too_late_for_a_case_does_not_reach_the_next(host):
    host.load("@case('c')\ndef c(stage):\n  stage.start('m:f', name='a').wait()")
    host.agent["run"] = [{"op": "exited", "code": 1}]
    host.play("c")
    host.relay('{"op":"raised","run":"a","call":0,"error":"E","bases":[],"message":"late"}')
    assert not [e for e in host.play("c") if isinstance(e, Raised)]


def test_a_thousand_events_are_written_whole(host):
    host.load("@case('c')\ndef c(stage):\n  for i in range(5000): stage.mark(f'{i}:' + '好' * 100)")
    assert labels(host.play("c")) == [f"{i}:" + "好" * 100 for i in range(5000)]


@pytest.mark.parametrize("when", ["before it is loaded", "between cases", "in a case"])
def test_without_its_host_it_ends(host, when):
    if when != "before it is loaded":
        host.load("@case('c')\ndef c(stage):\n  stage.mark('on')\n  stage.start('m:f', name='a').wait()")
    if when == "in a case":
        host.tell("play", case="c", pace=1.0)
    host.process.stdin.close()
    assert host.process.wait(PATIENCE) == 0
