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
from collections.abc import Iterable
from functools import cache
from typing import Any

from grader import model
from grader.model import Event, Trace

FORMAT = 1


def to_line(record: object) -> str:
    """One event (or any dict) as one line of JSON without its newline."""
    return json.dumps(_plain(record), ensure_ascii=False, separators=(",", ":"))


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
    if not rows or rows[0].get("trace") != FORMAT:
        raise ValueError("not a trace of this version")
    return Trace(rows[0]["case"], tuple(event_from(r) for r in rows[1:]), rows[0]["options"])


def _plain(x: Any) -> Any:
    if isinstance(x, bytes):
        return x.hex()
    if isinstance(x, tuple | list):
        return [_plain(i) for i in x]
    if isinstance(x, dict):
        return {k: _plain(v) for k, v in x.items()}
    if dataclasses.is_dataclass(x):
        fields = {f.name: _plain(getattr(x, f.name)) for f in dataclasses.fields(x) if _worth_writing(x, f)}
        return {"event": type(x).__name__, **fields} if isinstance(x, Event) else fields
    return x


def _worth_writing(x: Any, f: dataclasses.Field[Any]) -> bool:
    return f.default is dataclasses.MISSING or getattr(x, f.name) != f.default


@cache
def _kinds() -> dict[str, type]:
    return {k.__name__: k for k in vars(model).values() if isinstance(k, type) and issubclass(k, Event)}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, vars(model))


def _build(kind: type, data: dict[str, Any]) -> Any:
    hints = _hints(kind)
    try:
        return kind(**{k: _typed(hints[k], v) for k, v in data.items() if k != "event"})
    except (KeyError, TypeError, AttributeError) as e:
        raise ValueError(f"bad {kind.__name__}: {e}") from None


def _typed(hint: Any, v: Any) -> Any:
    origin = typing.get_origin(hint)
    if origin is types.UnionType:
        return None if v is None else _typed(typing.get_args(hint)[0], v)
    if origin is tuple:
        return tuple(_typed(typing.get_args(hint)[0], i) for i in v)
    if hint is bytes:
        return bytes.fromhex(v)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _build(hint, v)
    if hint is float and isinstance(v, int) and not isinstance(v, bool):
        return float(v)
    return v
