"""Calls into the student's modules, and how their outcome is told: values in a summary, exceptions with their place.

A driver gets a Student and makes its calls through it; where one call is all, there is no driver (child.py).
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import linecache
import os
import socket
import sys
import traceback
import types

from .files import INSIDE
from .lines import SHOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from .lines import Message

ITEMS = 1000  # so many of a list are told one by one; all count in its digest


class CallFailed(Exception):
    """A call into the student's code raised; it has been reported already."""


class Student:
    """What a driver gets: calls into the student's modules, each reported with its outcome."""

    Failed = CallFailed

    def __init__(self, report: Callable[[Message], None], folder: str) -> None:
        self._report = report
        self._folder = folder
        self._calls = 0

    def module(self, name: str) -> types.ModuleType:
        """The student's module; reports the exception and raises CallFailed where it cannot be imported."""
        if name in sys.modules:
            return sys.modules[name]
        try:
            module = importlib.import_module(name)
        except BaseException as e:
            self._failed(-1, e)
        self._report({"op": "imported"})
        return module

    def call(self, module: str, function: str, *args: Any, then: Callable[[Any], Any] | None = None) -> Any:
        """Calls module.function(*args); returns its value, or raises CallFailed after reporting the exception.

        then: what is made of the value before it is reported, still as part of the call: a generator runs in it.
        """
        target = self.module(module)
        return self.invoke(function, lambda *given: getattr(target, function)(*given), *args, then=then)

    def invoke(
        self, name: str, function: Callable[..., Any], *args: Any, then: Callable[[Any], Any] | None = None
    ) -> Any:
        """The same of what is no function of a module: a method of an object of the student's, say, under this name."""
        call, self._calls = self._calls, self._calls + 1
        self._report({"op": "called", "call": call, "name": name, "args": [describe(a) for a in args]})
        try:
            value = function(*args)
            value = then(value) if then else value
        except BaseException as e:
            self._failed(call, e)
        self._report({"op": "returned", "call": call, "value": describe(value)})
        return value

    def _failed(self, call: int, error: BaseException) -> NoReturn:
        frames = student_frames(error, self._folder)
        bases = [
            c.__name__ if c.__module__ == "builtins" else f"{c.__module__}.{c.__qualname__}"
            for c in type(error).__mro__[:20]
        ]
        self._report(
            {
                "op": "raised",
                "call": call,
                "error": bases[0],
                "bases": bases,
                "message": safely(str, error)[:2000],
                "frames": frames,
            }
        )
        last_words(error, self._folder)
        raise CallFailed from None


def student_frames(error: BaseException, folder: str) -> list[Message]:
    """The frames of a traceback that lie in the student's files, innermost last; a syntax error's own place too."""
    frames = [
        frame(f.filename, f.lineno, f.name, folder)
        for f in traceback.extract_tb(error.__traceback__)
        if is_theirs(f.filename, folder)
    ]
    if isinstance(error, SyntaxError) and is_theirs(str(error.filename), folder):
        frames.append(frame(str(error.filename), error.lineno or 0, "", folder))
    return frames[-20:]


def is_theirs(filename: str, folder: str) -> bool:
    return filename.startswith(folder) and not filename.startswith(os.path.join(folder, INSIDE))


def frame(filename: str, line: int | None, function: str, folder: str) -> Message:
    return {
        "file": os.path.relpath(filename, folder)[:200],
        "line": line or 0,
        "function": str(function)[:100],
        "source": linecache.getline(filename, line or 0).strip()[:200],
    }


def last_words(error: BaseException, folder: str) -> None:
    """The traceback on stderr as the student's own terminal would show it, without our frames."""
    own = [f for f in traceback.extract_tb(error.__traceback__) if is_theirs(f.filename, folder)]
    with contextlib.suppress(Exception):
        lines = ["Traceback (most recent call last):\n", *traceback.format_list(own)]
        print(*lines, *traceback.format_exception_only(error), file=sys.stderr, sep="", end="", flush=True)


def describe(x: Any, depth: int = 20) -> Message:
    """The summary of a value, as grader.wire.payload.value_of makes it of ours. Below `depth` a list has no items."""
    if x is None:
        return {"kind": "none", "shown": "None"}
    if type(x) is str:
        raw = x.encode("utf-8", "surrogatepass")
        return {"kind": "str", "size": len(raw), "digest": sha(raw), "shown": shorten(repr(x[:SHOWN]), len(x))}
    if type(x) in (bytes, bytearray, memoryview):
        raw = bytes(x)
        return {"kind": "bytes", "size": len(raw), "digest": sha(raw), "shown": shorten(repr(raw[:SHOWN]), len(raw))}
    if type(x) in (list, tuple):
        items: list[Message] = []
        total = hashlib.sha256()
        for item in (describe(i, depth - 1) for i in x) if depth else ():
            total.update(f"{item['kind']}:{item.get('size', 0)}:{item.get('digest', '')};".encode())
            items += [item] if len(items) < ITEMS else []
        return {
            "kind": type(x).__name__,
            "size": len(x),
            "digest": total.hexdigest(),
            "shown": safely(repr, x)[:SHOWN],
            "items": items,
        }
    if type(x) is socket.socket:
        return {"kind": "socket"}
    shown = safely(repr, x)
    return {"kind": type(x).__qualname__[:100], "digest": sha(shown.encode("utf-8", "replace")), "shown": shown[:SHOWN]}


def sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def shorten(shown: str, length: int) -> str:
    return shown if length <= SHOWN else f"{shown}… ({length})"


def safely(function: Callable[[Any], object], x: object) -> str:
    try:
        return str(function(x))
    except BaseException as e:
        return f"<{getattr(function, '__name__', '')}() raised {type(e).__name__}>"
