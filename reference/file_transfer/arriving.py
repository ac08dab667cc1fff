"""How the checks of send_file read a trace: the file that lay there, the header and the bytes that came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from grader.analysis.calls import connected
from grader.analysis.outcomes import Outcome
from grader.checks import Unclear, fail
from grader.model import Connected, Flow, Frame, Listed, Received, Refused, Text, Trace, say
from grader.wire.frames import HEADER
from grader.wire.payload import BLOCK

from .readings import ALIASES, answers, looks_like, stands, why_raised, why_unanswered

LONGEST = 65_536
KEYS = ("filename", "filesize")
RAISING = {  # mistakes and the exceptions that they can end in; others may end in any
    "text-mode": ("UnicodeError", "TypeError"),
    "send-not-sendall": (),
    "length-in-characters": (),
}

# --- what came ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """The first bytes of a transfer. raw: the length and what follows; text: as much as the length says."""

    raw: bytes
    length: int
    text: bytes
    fields: Any  # what the JSON says; None where it is none


def head_of(trace: Trace, part: str) -> Head:
    raw = b""
    for came in trace.of(Received, conn=part):
        raw += came.data
        if len(came.data) < came.size:  # that is all that was kept
            break
    length = int.from_bytes(raw[:HEADER], _order(trace), signed=True) if len(raw) >= HEADER else -1
    text = raw[HEADER : HEADER + length] if 0 <= length <= LONGEST else b""
    return Head(raw, length, text, _json(text))


def _order(trace: Trace) -> Literal["little", "big"]:
    return "big" if trace.options["byte_order"] == "big" else "little"


def _json(text: bytes) -> Any:
    try:
        return json.loads(text.decode())
    except (ValueError, RecursionError):
        return None


def flow(trace: Trace, part: str, direction: str) -> Flow:
    return trace.first(Flow, conn=part, direction=direction) or Flow(0.0, part, direction, 0, (), b"")


def parts(trace: Trace, count: int) -> Iterator[tuple[str, str]]:
    """(part, the name of its file) of so many parts. Unclear where one was not played and none before it failed."""
    look = trace.first(Listed)
    for part in (f"p{i:02}" for i in range(1, count + 1)):
        names = [f.path for f in look.files if f.kind == "file" and f.path.startswith(part + "/")] if look else []
        if len(names) != 1 or not (trace.of(Connected, conn=part) or trace.of(Refused, conn=part)):
            raise Unclear(say("the case was not played to its end"))
        yield part, names[0].rpartition("/")[2]


def all_sent(trace: Trace, count: int, likely: str | None = None, *, named: bool = False) -> Text:
    """Every file came with its size and its bytes, and send_file has returned. named: its name is judged as well."""
    sizes = [sent(trace, part, name, likely, named=named) for part, name in parts(trace, count)]
    if count == 1:
        return say("the file came whole, {n} bytes", n=f"{sizes[0]:,}")
    return say("{n} files came whole, {total} bytes in all", n=count, total=f"{sum(sizes):,}")


def sent(trace: Trace, part: str, name: str, likely: str | None = None, *, named: bool = False) -> int:
    """The size of a file that came as it lay there. likely: the mistake that this case is about."""
    due, body = flow(trace, part, "due"), flow(trace, part, "body")
    expected = say("{name} comes with its {n} bytes", name=repr(name), n=due.size)
    raised = next((o for o in answers(trace, part)[:1] if o.raised), None)
    if raised:
        fail(expected, raised.text, why_raised(raised, _if_raised(raised, likely)), raised.where)
    if not connected(trace, part) or not flow(trace, part, "received").size:
        fail_silent(trace, part, expected)
    fields = read(trace, part)
    if named and fields["filename"] != name:
        code = _why_other_name(fields, name)
        shown = ascii if code == "normalizes-name" else repr
        expected = say("the filename {name}", name=shown(name))
        fail(expected, say("the filename {name}", name=shown(fields["filename"])), code)
    if fields["filesize"] != due.size:
        expected = say("the filesize {n}", n=due.size)
        fail(expected, say("the filesize {n}", n=fields["filesize"]), "wrong-size")
    if (body.size, body.blocks) != (due.size, due.blocks):
        _fail_body(trace, part, expected, likely)
    if not answers(trace, part) and not stands(trace, part).quiet:  # one that waits has a check of its own
        fail(say("send_file returns"), stands(trace, part).text, why_unanswered(trace, part, None))
    return due.size


def _if_raised(raised: Outcome, likely: str | None) -> str | None:
    """The mistake that a case is about, where it can have made this exception."""
    if likely == "send-not-sendall" and raised.is_a("TimeoutError"):
        return "gives-up"
    return likely if likely not in RAISING or raised.is_a(*RAISING[likely]) else None


def _why_other_name(fields: dict[str, Any], name: str) -> str:
    other = str(fields["filename"])
    if looks_like(other, name):
        return "normalizes-name"
    return "sends-path" if other.endswith(("/" + name, "\\" + name)) else "changes-name"


def fail_silent(trace: Trace, part: str, expected: Text) -> NoReturn:
    if answers(trace, part):
        fail(expected, say("send_file returned, but nothing was sent"), "nothing-sent")
    still = stands(trace, part)
    code = "nothing-sent" if connected(trace, part) else "does-not-connect"
    fail(expected, still.text, code if still.quiet else None, still.where)


def _fail_body(trace: Trace, part: str, expected: Text, likely: str | None) -> NoReturn:
    due, body, where = flow(trace, part, "due"), flow(trace, part, "body"), _line(trace, part)
    if body.size < due.size:
        actual = say("only {k} of {n} bytes came after the header", k=body.size, n=due.size)
        fail(expected, actual, likely or "stops-early", where)
    if body.size > due.size:
        actual = say("more than {n} bytes came after the header", n=due.size)
        fail(expected, actual, likely or "adds-bytes", where)
    blocks = enumerate(zip(due.blocks, body.blocks, strict=True))
    at = next(i for i, (a, b) in blocks if a != b) * BLOCK
    actual = say("{n} bytes came, other ones from byte {at} on or a little later", n=body.size, at=at)
    fail(expected, actual, "text-mode" if likely == "text-mode" and not at else "changes-content", where)


def _line(trace: Trace, part: str) -> Frame | None:
    got = answers(trace, part)
    return got[0].where if got else stands(trace, part).where


# --- the header -----------------------------------------------------------------------------------------------------


def read(trace: Trace, part: str) -> dict[str, Any]:
    """The header's fields, both there and of their types. Fails with the mistake that the bytes speak for."""
    head = head_of(trace, part)
    expected = say("four bytes of length, then {header}", header='{"filename": …, "filesize": …}')
    if not isinstance(head.fields, dict):
        fail(expected, _shown(head), _why_no_header(head, trace))
    missing = [key for key in KEYS if key not in head.fields]
    if missing:
        expected = say("the keys filename and filesize")
        other = [k for k in head.fields if k not in KEYS]
        actual = say(
            "{missing} is missing; there is {other}", missing=missing[0], other=", ".join(map(str, other)) or "–"
        )
        fail(expected, actual, "header-key-alias" if set(other) & set(ALIASES) else None)
    for key, kind in zip(KEYS, (str, int), strict=True):
        if type(head.fields[key]) is not kind:
            value = json.dumps(head.fields[key], ensure_ascii=False)
            expected = say("{key} is of type {kind}", key=key, kind=kind.__name__)
            fail(expected, say("{key} is {value}", key=key, value=value[:100]), "wrong-type")
    return head.fields


def _shown(head: Head) -> Text:
    shown = head.raw[:32]
    text = "".join(c if c.isprintable() else "." for c in shown.decode("latin-1"))
    return Text("{hex}  |{text}|", {"hex": shown.hex(" "), "text": text})


def _why_no_header(head: Head, trace: Trace) -> str | None:
    """Reads what came in place of a header: which mistake makes such bytes?"""
    raw, other = head.raw, "little" if _order(trace) == "big" else "big"
    swapped = int.from_bytes(raw[:HEADER], other, signed=True)
    if isinstance(_json(raw[HEADER : HEADER + swapped]) if 0 < swapped <= LONGEST else None, dict):
        return "byte-order"
    if raw[:HEADER].isdigit():
        return "length-as-digits"
    at = raw.find(b"{")
    if at == 0:
        return "no-length"
    if at > HEADER and isinstance(_json(raw[at : at + int.from_bytes(raw[at - HEADER : at], _order(trace))]), dict):
        return "adds-bytes"
    if 0 < at != HEADER:
        return "wrong-width"
    decoder = json.JSONDecoder()
    try:
        fields, end = decoder.raw_decode(raw[HEADER:].decode("utf-8", "replace"))
    except ValueError:
        return "no-json"
    if not isinstance(fields, dict):
        return "no-json"
    return "length-in-characters" if end == head.length else "wrong-length"
