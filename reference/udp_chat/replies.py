"""What a student's server answered to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.analysis.serving import Program
from grader.checks import fail
from grader.model import Asked, DatagramReceived, DatagramSent, Listening, Text, Trace, say

from .readings import data_of, took_tuple

REPLY = "收到"
MODULES = ("udp_server.py", "udp_client.py")


def the_server(trace: Trace, run: str = "server") -> Program:
    return Program(trace, MODULES, run)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A datagram of ours, and what came back to its sender before the next one was sent from there."""

    sent: DatagramSent
    got: tuple[DatagramReceived, ...] = ()


def exchanges(trace: Trace, conn: str) -> tuple[Exchange, ...]:
    """All of one socket of ours, in order."""
    found: list[Exchange] = []
    for e in trace.events:
        match e:
            case DatagramSent(conn=name) if name == conn:
                found.append(Exchange(e))
            case DatagramReceived(conn=name) if name == conn and found:
                found[-1] = Exchange(found[-1].sent, (*found[-1].got, e))
    return tuple(found)


def replied(server: Program, conn: str, count: int, table: Mapping[str, str]) -> None:
    """Each of the first `count` datagrams from this socket got one answer, the right one, from the server's address.

    Symptoms: "silent", "elsewhere" (from another address), "other" (other bytes), "twice".
    """
    seen = exchanges(server.trace, conn)[:count]
    bad = next(((x, symptom) for x in seen if (symptom := _symptom(server.trace, x))), None)
    if len(seen) == count and not bad:
        return
    exchange, symptom = bad or (None, "silent")
    asked = say("{data} is answered", data=data_of(exchange.sent.data, exchange.sent.size)) if exchange else None
    right = say("one datagram from the server's own address: {data}", data=data_of(REPLY.encode()))
    expected = Text("{asked}: {right}", {"asked": asked, "right": right}) if asked else right
    code = _of_the_program(server) or table.get(server.fate) or table.get(symptom)
    fail(expected, server.because(_answer(exchange, symptom)), code, server.place(symptom))


def _symptom(trace: Trace, x: Exchange) -> str:
    if not x.got:
        return "silent"
    if x.got[0].data != REPLY.encode():
        return "other"
    opened = trace.last(Listening)
    if opened and x.got[0].source.rpartition(":")[2] != str(opened.port):
        return "elsewhere"
    return "twice" if len(x.got) > 1 else ""


def _answer(exchange: Exchange | None, symptom: str) -> Text:
    got = exchange.got if exchange else ()
    if not got:
        return say("nothing came back")
    data = data_of(got[0].data, got[0].size)
    if symptom == "elsewhere":
        return say("{data} came from {source}", data=data, source=got[0].source)
    if symptom == "twice":
        return say("{n} datagrams came back", n=len(got))
    return say("{got} came back", got=data)


def _of_the_program(program: Program) -> str | None:
    """The mistakes that show in how the program stands or fell, whatever was asked of it."""
    if took_tuple(program.trace, program.run):
        return "recvfrom-tuple"
    return "asks-keyboard" if program.trace.of(Asked, run=program.run) else None
