"""What the checks of `nonblocking_upper` make of traces written by hand: who waits for whom, and the fine lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.catalog import Course
from grader.checks import Check
from grader.judge import judge_trace
from grader.model import (
    Busy,
    Ended,
    Event,
    Exited,
    Finished,
    Flow,
    Frame,
    Measured,
    PassedOver,
    Quiet,
    Raised,
    Received,
    Result,
    Sent,
    Trace,
    Vanished,
    Verdict,
)
from grader.wire.payload import blocks_of

COURSE = Course(Path(__file__).parents[2])
CHECKS: dict[str, Check] = {
    c.id.removeprefix("nonblocking_upper."): c for c in COURSE.exercise("nonblocking_upper").checks
}
KILLED = Exited(9, "server", None, "SIGKILL")  # how every run ends that the script does not end: by our side


def result(check: str, *events: Event) -> Result:
    return judge_trace(CHECKS[check], Trace("case", events))


def verdict(check: str, *events: Event) -> Verdict:
    return result(check, *events).verdict


def sent(data: bytes, conn: str = "a") -> Sent:
    return Sent(0, conn, data, len(data))


def got(data: bytes, conn: str = "a") -> Received:
    return Received(0, conn, data, len(data))


def turn(data: bytes, conn: str = "a") -> tuple[Event, ...]:
    return sent(data, conn), got(data.upper(), conn)


def flows(due: bytes, back: bytes, conn: str = "a") -> tuple[Event, ...]:
    both = (("due", due), ("received", back))
    return tuple(Flow(0, conn, way, len(data), blocks_of(data), data[:20]) for way, data in both)


def readings(**values: float) -> tuple[Event, ...]:
    return tuple(Measured(0, what.replace("__", ", ").replace("_", " "), value) for what, value in values.items())


def waits(source: str, waiting_for: str = "bytes") -> Quiet:
    return Quiet(2, "server", waiting_for, Frame("upper_server.py", 17, "serve", source))


def dies(error: str) -> tuple[Event, ...]:
    bases = (error, "Exception")
    return Raised(1, "server", 0, error, bases, "", (Frame("upper_server.py", 9, "serve"),)), Exited(1, "server", 1)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("events", [(), (Vanished(1, "gone"),), (KILLED,)], ids=["nothing", "vanished", "killed"])
def test_nothing_seen_is_no_pass(check: str, events: tuple[Event, ...]) -> None:
    assert verdict(check, *events) is not Verdict.PASS


@pytest.mark.parametrize(
    ("check", "events", "mistake"),
    [
        ("upper.one", [sent(b"Hello"), got(b"Hello")], "not-upper"),
        ("upper.one", [sent(b"Hello"), waits("conn, addr = sk.accept()")], "listening-socket-blocking"),
        ("upper.one", [sent(b"Hello"), waits("data = conn.recv(1024)")], "waits-for-more"),
        ("upper.one", [sent(b"Hello"), Ended(1, "a", "reset"), *dies("BlockingIOError")], "would-block-uncaught"),
        ("upper.three-messages", [*turn(b"1"), sent(b"2"), Ended(1, "a", "fin")], "one-message-per-connection"),
        ("upper.any-bytes", [sent("é".encode()), got("É".encode())], "upper-of-text"),
        ("upper.any-bytes", [sent(b"\xe5"), PassedOver(2, "server", "bytes", 9, 0.6)], "decodes-bytes"),
        ("upper.any-bytes", [*turn(b"abc"), sent(b"q"), Ended(1, "a", "fin")], "word-ends-it"),
        ("clients.reset-idle", [sent(b"Hello", "b"), *dies("ConnectionResetError")], "vanished-client-kills"),
        ("clients.reset-idle", [sent(b"Hello", "b"), *dies("ValueError")], "list-changed-in-loop"),
        ("backpressure.neighbours", [*turn(b"1", "b"), sent(b"2", "b"), got(b"AAA", "b")], "shared-state"),
        ("backpressure.neighbours", [*turn(b"1", "b"), sent(b"2", "b"), Busy(3, "server", 1, 2)], "waits-until-sent"),
        ("backpressure.neighbours", [*turn(b"1", "b"), *dies("BlockingIOError")], "would-block-uncaught"),
        ("backpressure.newcomer", [sent(b"1", "newcomer"), waits("sel.select()")], "accepts-when-idle"),
    ],
)
def test_a_symptom_names_its_mistake(check: str, events: list[Event], mistake: str) -> None:
    found = result(check, *events, KILLED)
    assert (found.verdict, found.mistake) == (Verdict.FAIL, mistake)


def silenced(line: str, **alone: float) -> Result:
    """Of two clients one is silent, and the other is not answered."""
    seen = {f"{what}__without_clients": value for what, value in alone.items()} | {"slept_on_unread_bytes": 0.25}
    return result("clients.silent-neighbour", sent(b"Hello", "b"), waits(line), KILLED, *readings(**seen))


@pytest.mark.parametrize(
    "alone",
    [{"busiest_thread": 0.99}, {"busiest_thread": 0.01, "switches_per_second": 10.0}],
    ids=["goes round", "looks ten times a second"],
)
def test_a_program_that_waits_for_a_client_and_never_for_callers_has_made_the_wrong_socket_non_blocking(
    alone: dict[str, float],
) -> None:
    found = silenced("msg = conn.recv(1024)", **alone)
    assert (found.verdict, found.mistake, found.where) == (
        Verdict.FAIL,
        "accepted-socket-blocking",
        "upper_server.py:17",
    )
    said = str(found.actual)
    assert "upper_server.py:17" in said
    assert "msg = conn.recv(1024)" in said
    assert "the listening socket is non-blocking, the accepted one is not" in said


def test_a_program_that_waits_for_callers_too_is_a_serial_one() -> None:
    assert silenced("msg = conn.recv(1024)", busiest_thread=0.0, switches_per_second=0.0).mistake == "serial-server"
    assert silenced("conn, _ = sk.accept()", busiest_thread=0.0).mistake == "listening-socket-blocking"


@pytest.mark.parametrize(("slept", "mistake"), [(0.3, None), (1.8, "waits-for-each-in-turn")])
def test_a_time_out_for_each_client_is_a_wait_and_a_nap_is_none(slept: float, mistake: str | None) -> None:
    turns = [*turn(b"1", "b"), *turn(b"1", "silent")]
    assert result("clients.silent-neighbour", *turns, *readings(slept_on_unread_bytes=slept)).mistake == mistake


@pytest.mark.parametrize("line", ["conn.send(data)", "sock.sendall(data.upper())"])
def test_a_program_that_waits_in_send_has_a_blocking_accepted_socket(line: str) -> None:
    found = result("backpressure.neighbours", *turn(b"1", "b"), sent(b"2", "b"), waits(line), KILLED)
    assert found.mistake == "accepted-socket-blocking"
    assert line in str(found.actual)


def test_all_that_is_due_must_come_and_in_order() -> None:
    data = bytes(range(97, 123)) * 6000
    due = data.upper()
    assert verdict("backpressure.nothing-lost", *flows(due, due)) is Verdict.PASS
    for back in (due[:-1], due[:70_000] + due[70_001:], b"", due[:70_000] + b"?" + due[70_001:]):
        assert verdict("backpressure.nothing-lost", *flows(due, back)) is Verdict.FAIL
    assert result("backpressure.nothing-lost", *flows(due, due[:-9]), KILLED).mistake == "partial-send"


def test_after_a_half_close_the_rest_must_come_and_then_the_end() -> None:
    end = Finished(1, "a"), Ended(2, "a", "fin")
    assert verdict("backpressure.half-close", *end, *flows(b"DATA", b"DATA")) is Verdict.PASS
    assert result("backpressure.half-close", *end, *flows(b"DATA", b"DA")).mistake == "queue-dropped-at-eof"
    assert result("backpressure.half-close", *flows(b"DATA", b"DATA"), KILLED).mistake == "never-closes"


@pytest.mark.parametrize(("grown", "expected"), [(17.0, Verdict.PASS), (48.0, Verdict.PASS), (48.1, Verdict.FAIL)])
def test_forty_eight_mib_more_are_the_limit(grown: float, expected: Verdict) -> None:
    seen = readings(memory_grown=grown, bytes_taken=60e6, too_slow=0)
    assert verdict("backpressure.bounded", *turn(b"1", "b"), *turn(b"2", "b"), *seen) is expected


def test_of_a_server_that_queues_slowly_the_second_playing_counts() -> None:
    first = *turn(b"1", "b"), *readings(memory_grown=3.0, bytes_taken=9e6)
    second = *turn(b"1", "again b"), *turn(b"2", "again b")
    for grown, expected in ((16.0, Verdict.PASS), (49.0, Verdict.FAIL)):
        seen = readings(again_memory_grown=grown, again_bytes_taken=50e6, again_too_slow=0)
        assert verdict("backpressure.bounded", *first, *second, *seen) is expected
    late = readings(again_memory_grown=16.0, again_bytes_taken=20e6, again_too_slow=1)
    assert verdict("backpressure.bounded", *first, *second, *late) is Verdict.UNDECIDED
    assert verdict("backpressure.resumes", *first, *second, *late) is Verdict.UNDECIDED
    whole = *readings(again_bytes_taken=50e6), *flows(b"DATA", b"DATA", "again a")
    assert verdict("backpressure.resumes", *flows(b"DATA", b"DA"), *whole) is Verdict.PASS


def rest(share: float, left: float = 0, **more: float) -> tuple[Event, ...]:
    after = "after a client has gone"
    gone = Measured(1, f"busiest thread, {after}", share), Measured(1, f"switches per second, {after}", 0)
    turns = *turn(b"1", "guest"), *turn(b"1", "silent"), *turn(b"2", "silent")
    return *turns, *gone, *readings(connections_not_closed=left, **more), KILLED


def test_a_server_that_goes_round_without_a_pause_does_not_do_so_for_a_client_that_has_gone() -> None:
    assert verdict("clients.eof-no-spin", *rest(0.0)) is Verdict.PASS
    assert verdict("clients.eof-no-spin", *rest(0.99, busiest_thread__without_a_guest=0.99)) is Verdict.PASS
    assert result("idle.sleeps", *rest(0.99, busiest_thread__without_a_guest=0.99)).mistake == "spin-while-idle"


def test_one_that_does_is_failed_and_so_is_one_that_leaves_the_connection_open() -> None:
    assert result("clients.eof-no-spin", *rest(0.99, busiest_thread__without_a_guest=0.0)).mistake == "spin-on-eof"
    assert result("clients.eof-no-spin", *rest(0.99, 1, busiest_thread__without_a_guest=0.99)).mistake == "never-closes"


@pytest.mark.parametrize(("threads", "processes"), [(2, 1), (4, 4)])
def test_one_thread_is_one(threads: int, processes: int) -> None:
    assert verdict("server.one-thread", *turn(b"1", "b"), *readings(threads=1, processes=1)) is Verdict.PASS
    found = result("server.one-thread", *turn(b"1", "b"), *readings(threads=threads, processes=processes))
    assert (found.verdict, found.mistake) == (Verdict.FAIL, "more-than-one-thread")
