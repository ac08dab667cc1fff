"""What the agent says, turned into events. Pure.

Rule: these lines come from the student's side. Whatever they hold, the outcome is an event of bounded size or None;
no line raises, and nothing of it is believed beyond "this is what the student's side says".
"""

from __future__ import annotations

import re
from typing import Any

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
    Kept,
    Killed,
    Left,
    Listed,
    Printed,
    Raised,
    Reaped,
    Recorded,
    Returned,
    Shown,
    Stack,
    Started,
    Value,
)

ITEMS = 1000  # of one value, on each of its levels
FILES = 500  # of one list
STACK_LINE = re.compile(r'  File "(?P<file>[^"]+)", line (?P<line>[0-9]{1,9}) in (?P<function>\S+)')


def event_of(message: dict[str, Any], at: float) -> Event | None:
    """The event that one message of the agent stands for; None for answers that are no events, and for nonsense."""
    run = _text(message.get("run"), 100)
    match message.get("op"):
        case "started":
            return Started(at, run, "", _number(message.get("pid")))
        case "imported":
            return Imported(at, run)
        case "called":
            args = tuple(_value(a, ITEMS // 20) for a in _list(message.get("args"), 20))
            return Called(at, run, _number(message.get("call")), _text(message.get("name"), 100), args)
        case "returned":
            return Returned(at, run, _number(message.get("call")), _value(message.get("value")))
        case "raised":
            return Raised(
                at,
                run,
                _number(message.get("call")),
                _text(message.get("error"), 200),
                tuple(_text(b, 200) for b in _list(message.get("bases"), 20)),
                _text(message.get("message"), 2000),
                tuple(_frame(f) for f in _list(message.get("frames"), 20)),
            )
        case "printed":
            size = _number(message.get("size"))
            return Printed(at, run, _text(message.get("stream"), 10), _text(message.get("text"), 65_536), size)
        case "shown":
            return Shown(at, run, _text(message.get("text"), 65_536))
        case "exited":
            code, signal = message.get("code"), message.get("signal")
            return Exited(at, run, _number(code) if type(code) is int else None, _text(signal, 20) if signal else None)
        case "kept":
            name, size = _text(message.get("name"), 255), _number(message.get("size"))
            return Kept(at, run, name, _text(message.get("text"), 65_536), size)
        case "stack":
            return Stack(at, run, stack_frames(_text(message.get("text"), 65_536), _text(message.get("folder"), 500)))
        case "left":
            return Left(at, run)
    return _recorded(message, at, run) if message.get("recorded") == 1 else None


def _recorded(message: dict[str, Any], at: float, run: str) -> Event | None:
    """A line of the recorder, which marks what it passes on for the run with another number."""
    pid, by = _number(message.get("pid")), _number(message.get("by"))
    match message.get("op"):
        case "forked":
            return Forked(at, run, pid, by)
        case "execed":
            return Execed(at, run, pid, tuple(_text(word, 200) for word in _list(message.get("argv"), 16)))
        case "killed":
            return Killed(at, run, pid, _text(message.get("signal"), 20), by)
        case "died":
            code, signal = message.get("code"), message.get("signal")
            return Died(at, run, pid, code if type(code) is int else None, _text(signal, 20) if signal else None)
        case "reaped":
            return Reaped(at, run, pid, by)
        case "recorded":
            return Recorded(at, run, message.get("whole") is True)
    return None


# A thread that waits for a line; how often it has slept, which is more after every line; it waits for other things too.
Reader = tuple[int, int, bool]


def readers_of(message: dict[str, Any]) -> set[Reader]:
    """The threads that wait at a terminal, in the agent's answer."""
    found = [_list(reader, 3) for reader in _list(message.get("readers"), 100)]
    return {(_number(r[0]), _number(r[1]), bool(_number(r[2]))) for r in found if len(r) == 3}


def listed(message: dict[str, Any], at: float) -> Listed:
    """The answer to the question what files there are."""
    files = tuple(_file(f) for f in _list(message.get("files"), FILES))
    return Listed(at, _text(message.get("folder"), 500), files, message.get("whole") is True)


def stack_frames(text: str, folder: str) -> tuple[Frame, ...]:
    """The student's frames in faulthandler's output, innermost first; the thread that stands deepest in them."""
    stacks: list[list[Frame]] = [[]]
    for line in text.splitlines():
        if not line.strip() or "most recent call first" in line:
            stacks.append([])
        elif (found := STACK_LINE.match(line)) and found["file"].startswith(folder + "/"):
            name = found["file"][len(folder) + 1 :]
            if name.startswith("."):
                continue  # a module of ours that is there for drivers
            stacks[-1].append(Frame(name[:200], int(found["line"]), found["function"][:100]))
    return tuple(max(stacks, key=len)[:20])


def _value(x: object, most: int = ITEMS, depth: int = 3, shown: int = 2000) -> Value:
    if not isinstance(x, dict):
        return Value("unknown")
    inner = _list(x.get("items"), most) if depth else []
    items = tuple(_value(i, most // len(inner), depth - 1, 200) for i in inner)
    size = _number(x.get("size", 0))
    return Value(_text(x.get("kind"), 100), size, _text(x.get("digest"), 64), _text(x.get("shown"), shown), items)


def _frame(x: object) -> Frame:
    d = x if isinstance(x, dict) else {}
    return Frame(
        _text(d.get("file"), 200), _number(d.get("line")), _text(d.get("function"), 100), _text(d.get("source"), 200)
    )


def _file(x: object) -> File:
    d = x if isinstance(x, dict) else {}
    head = _text(d.get("head"), 240)
    return File(
        _text(d.get("path"), 1000),
        _text(d.get("kind"), 10),
        _number(d.get("size", 0)),
        _text(d.get("digest"), 64),
        bytes.fromhex(head) if re.fullmatch("([0-9a-f]{2})*", head) else b"",
        _text(d.get("target"), 500),
    )


def _text(x: object, most: int) -> str:
    return x[:most].encode("utf-8", "replace").decode() if isinstance(x, str) else ""


def _number(x: object) -> int:
    return x if isinstance(x, int) and not isinstance(x, bool) and abs(x) < 2**63 else 0


def _list(x: object, most: int) -> list[Any]:
    return x[:most] if isinstance(x, list) else []
