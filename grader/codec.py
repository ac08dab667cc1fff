"""Events and traces as JSON Lines, and back. Layer 1, standard library only.

One line per event: {"event": "Sent", "at": 0.00012, "conn": "a", "data": "08000000", "size": 4}. Bytes are hex, as
protocol people read them. A saved trace begins with a header line {"trace": 1, "case": …, "options": {…}}; reading it
back gives an equal `Trace`, so judging again gives the same results byte for byte.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Hashable, Iterable
from functools import cache
from typing import Any

from grader import model
from grader.model import Event, Trace

FORMAT = 1


def to_line(record: object) -> str:
    """One event (or any dict) as one line of JSON without its newline."""
    return _ENCODE(record)


def event_from(data: dict[str, Any]) -> Event:
    """The event that `to_line` wrote. Raises ValueError for anything else."""
    kind = _kinds().get(str(data.get("event")))
    if kind is None:
        raise ValueError(f"not an event: {str(data)[:80]}")
    return typing.cast(Event, _build(kind, data))


def dump(trace: Trace) -> str:
    """A whole trace as JSON Lines."""
    header = {"trace": FORMAT, "case": trace.case, "options": dict(trace.options)}
    return "".join(to_line(x) + "\n" for x in (header, *trace.events))


def load(lines: Iterable[str]) -> Trace:
    """A trace from its lines. Raises ValueError where they are not one."""
    rows = [json.loads(line) for line in lines if line.strip()]
    try:
        header, *events = rows
        if header["trace"] == FORMAT:
            return Trace(header["case"], tuple(event_from(e) for e in events), header["options"])
    except (KeyError, TypeError, AttributeError):
        pass
    raise ValueError("not a trace of this version")


def _plain(x: Any) -> Any:
    """What stands for what JSON has no form for: bytes, and records without those fields that are at their defaults."""
    if isinstance(x, bytes):
        return x.hex()
    found = {"event": type(x).__name__} if isinstance(x, Event) else {}
    for name, default in _fields(typing.cast(Hashable, type(x))):
        value = getattr(x, name)
        if default is dataclasses.MISSING or value != default:
            found[name] = value
    return found


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((f.name, f.default) for f in dataclasses.fields(kind))


@cache
def _kinds() -> dict[str, type]:
    return {k.__name__: k for k in vars(model).values() if isinstance(k, type) and issubclass(k, Event)}


Reader = Callable[[Any], Any]


def _build(kind: type, data: dict[str, Any]) -> Any:
    readers = _readers(kind)
    try:
        return kind(**{k: r(v) if (r := readers[k]) else v for k, v in data.items() if k != "event"})
    except (KeyError, TypeError, AttributeError) as e:
        raise ValueError(f"bad {kind.__name__}: {e}") from None


@cache
def _readers(kind: Any) -> dict[str, Reader | None]:
    """Field → what makes its value of what JSON gave; None where nothing has to be done."""
    return {name: _reader(hint) for name, hint in typing.get_type_hints(kind, vars(model)).items()}


def _reader(hint: Any) -> Reader | None:
    origin = typing.get_origin(hint)
    if origin is types.UnionType:
        inner = _reader(typing.get_args(hint)[0])
        return inner and (lambda v: None if v is None else inner(v))
    if origin is tuple:
        item = _reader(typing.get_args(hint)[0])
        return (lambda v: tuple(item(i) for i in v)) if item else tuple
    if hint is bytes:
        return bytes.fromhex
    if hint is float:
        return float
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return lambda v: _build(hint, v)
    return None
