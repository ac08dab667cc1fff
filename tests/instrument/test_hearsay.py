"""Whatever the student's side says, the instrument goes on, and what it writes down is small."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.codec import event_from, to_line
from grader.instrument.hearsay import event_of, listed, stack_frames
from grader.model import (
    Called,
    Died,
    Event,
    Execed,
    Exited,
    File,
    Forked,
    Frame,
    Imported,
    Killed,
    Left,
    Listed,
    Printed,
    Raised,
    Reaped,
    Recorded,
    Returned,
    Stack,
    Started,
    Value,
)
from grader.sandbox.base import LINE_CAP

OPS = (
    *("started", "imported", "called", "returned", "raised", "printed", "exited", "stack", "pong", "stopped", "x"),
    *("left", "forked", "execed", "killed", "died", "reaped", "recorded"),
)
FIELDS = [
    *("run", "pid", "call", "name", "args", "value", "error", "bases", "message", "frames", "stream", "text", "size"),
    *("code", "signal", "folder", "kind", "digest", "shown", "items", "file", "line", "function", "source"),
    *("files", "path", "head", "target", "whole", "by", "argv", "recorded", "t"),
]

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=30)
anything = st.recursive(
    scalars,
    lambda x: st.lists(x, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), x, max_size=6),
    max_leaves=12,
)
messages = st.dictionaries(st.sampled_from(FIELDS), anything, max_size=8)


@given(st.sampled_from(OPS) | anything, messages)
@example("exited", {"code": 10**4000})
@example("stack", {"folder": "/w", "text": f'  File "/w/m.py", line {"9" * 5000} in f\n'})
def test_no_message_raises_and_every_event_can_be_written_and_read(op, message):
    event = event_of({**message, "op": op}, 1.5)
    assert event is None or event_from(json.loads(to_line(event))) == event


def test_a_value_without_a_bottom_is_cut():
    event = event_of({"op": "returned", "value": json.loads('{"items":[' * 300 + "]}" * 300)}, 0)
    assert isinstance(event, Returned)
    assert event.value.items[0].items[0].items[0].items == ()


LONG = "\x01" * 70_000
MANY = [{"kind": LONG, "digest": LONG, "shown": LONG}] * 2000
VALUE = {"kind": LONG, "shown": LONG, "size": 2**62, "items": [{"kind": LONG, "shown": LONG, "items": MANY}] * 2000}
FRAMES = [{"file": LONG, "line": 2**62, "function": LONG, "source": LONG}] * 2000
STACK = '  File "/w/{}.py", line 123456789 in {}\n'.format("f" * 5000, "g" * 5000) * 2000


@pytest.mark.parametrize(
    "message",
    [
        {"op": "called", "name": LONG, "args": [VALUE] * 2000},
        {"op": "returned", "value": VALUE},
        {"op": "raised", "error": LONG, "bases": [LONG] * 2000, "message": LONG, "frames": FRAMES},
        {"op": "printed", "stream": LONG, "text": LONG, "size": 2**62},
        {"op": "exited", "signal": LONG, "code": 10**4000},
        {"op": "stack", "folder": "/w", "text": STACK},
    ],
    ids=lambda m: m["op"],
)
def test_every_event_fits_a_line_to_the_host(message):
    event = event_of({**message, "run": LONG}, 1.5)
    assert event is not None
    assert len(to_line(event).encode()) < LINE_CAP


@pytest.mark.parametrize(
    ("message", "event"),
    [
        ({"op": "started", "run": "a", "pid": 41}, Started(1.5, "a", "", 41)),
        ({"op": "imported", "run": "a"}, Imported(1.5, "a")),
        (
            {"op": "called", "run": "a", "call": 2, "name": "f", "args": [{"kind": "int", "shown": "7"}]},
            Called(1.5, "a", 2, "f", (Value("int", shown="7"),)),
        ),
        (
            {"op": "returned", "run": "a", "call": 2, "value": {"kind": "str", "size": 1, "digest": "d", "shown": "x"}},
            Returned(1.5, "a", 2, Value("str", 1, "d", "x")),
        ),
        (
            {"op": "raised", "run": "a", "call": -1, "error": "E", "bases": ["E"], "message": "m", "frames": [{}]},
            Raised(1.5, "a", -1, "E", ("E",), "m", (Frame("", 0, ""),)),
        ),
        (
            {"op": "printed", "run": "a", "stream": "stdout", "text": "x", "size": 9},
            Printed(1.5, "a", "stdout", "x", 9),
        ),
        ({"op": "exited", "run": "a", "code": 3}, Exited(1.5, "a", 3)),
        ({"op": "exited", "run": "a", "code": None, "signal": "SIGKILL"}, Exited(1.5, "a", None, "SIGKILL")),
        ({"op": "exited", "run": "a", "code": True}, Exited(1.5, "a", None)),
        ({"op": "pong", "n": 1}, None),
        ({"op": ["exited"], "run": "a"}, None),
        ({}, None),
    ],
)
def test_messages_and_their_events(message, event: Event | None):
    assert event_of(message, 1.5) == event


@given(messages)
def test_no_list_of_files_raises_and_every_one_can_be_written_and_read(message):
    event = listed(message, 1.5)
    assert event_from(json.loads(to_line(event))) == event


def test_a_list_of_files_and_its_event():
    file = {"path": "a/b", "kind": "file", "size": 3, "digest": "d", "head": "00ff"}
    link = {"path": "c", "kind": "link", "target": "/etc", "head": "not hex"}
    event = listed({"folder": "/w", "files": [file, link, 7], "whole": True}, 1.5)
    found = (File("a/b", "file", 3, "d", b"\x00\xff"), File("c", "link", target="/etc"), File("", ""))
    assert event == Listed(1.5, "/w", found)
    assert listed({"whole": 1}, 1.5) == Listed(1.5, "", (), whole=False)


def test_any_list_of_files_fits_a_line_to_the_host():
    file = {"path": LONG, "kind": LONG, "size": 2**62, "digest": LONG, "head": LONG, "target": LONG}
    assert len(to_line(listed({"folder": LONG, "files": [file] * 2000}, 1.5)).encode()) < LINE_CAP


def test_lone_surrogates_become_something_that_utf8_can_carry():
    event = event_of({"op": "printed", "run": "a", "stream": "stdout", "text": "a\udc80b", "size": 3}, 0)
    assert isinstance(event, Printed)
    assert event.text.encode()


STACKS = """\
Thread 0x00007f (most recent call first):
  File "/usr/lib/python3.13/threading.py", line 359 in wait
  File "/work/framing.py", line 31 in background
  File "/usr/lib/python3.13/threading.py", line 1012 in run

Current thread 0x00007e (most recent call first):
  File "/usr/lib/python3.13/socket.py", line 720 in readinto
  File "/work/framing.py", line 18 in recv_message
  File "/work/helpers/exact.py", line 4 in <lambda>
  File "/workshop/other.py", line 9 in f
  File "/agent.py", line 200 in call
"""


def test_a_stack_is_that_of_the_thread_that_stands_deepest_in_the_students_files():
    assert stack_frames(STACKS, "/work") == (
        Frame("framing.py", 18, "recv_message"),
        Frame("helpers/exact.py", 4, "<lambda>"),
    )
    assert event_of({"op": "stack", "run": "a", "text": STACKS, "folder": "/nowhere"}, 0) == Stack(0, "a", ())


# --- the recorder's lines --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ({"op": "forked", "pid": 2, "by": 1}, Forked(1.5, "a", 2, 1)),
        ({"op": "execed", "pid": 2, "argv": ["sh", 7]}, Execed(1.5, "a", 2, ("sh", ""))),
        ({"op": "killed", "pid": 2, "by": 1, "signal": "SIGTERM"}, Killed(1.5, "a", 2, "SIGTERM", 1)),
        ({"op": "died", "pid": 2, "code": 3, "signal": None}, Died(1.5, "a", 2, 3)),
        ({"op": "died", "pid": 2, "code": None, "signal": "SIGKILL"}, Died(1.5, "a", 2, None, "SIGKILL")),
        ({"op": "reaped", "pid": 2, "by": 1}, Reaped(1.5, "a", 2, 1)),
        ({"op": "recorded", "whole": True}, Recorded(1.5, "a", True)),
        ({"op": "recorded", "whole": 1}, Recorded(1.5, "a", False)),
    ],
)
def test_only_the_recorders_own_lines_are_its_record(line, event):
    assert event_of({**line, "run": "a", "recorded": 1}, 1.5) == event
    assert event_of({**line, "run": "a", "recorded": 0}, 1.5) is None
    assert event_of({**line, "run": "a"}, 1.5) is None


def test_the_end_of_the_main_code_is_the_runs_own_word():
    assert event_of({"op": "left", "run": "a", "recorded": 0}, 1.5) == Left(1.5, "a")


def test_modules_of_ours_are_no_place_in_the_students_code():
    text = '  File "/w/.grader/jobs.py", line 3 in pause\n  File "/w/m.py", line 9 in f\n'
    assert stack_frames(text, "/w") == (Frame("m.py", 9, "f"),)
