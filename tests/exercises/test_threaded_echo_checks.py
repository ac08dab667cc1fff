"""What the checks of `threaded_echo` make of traces written by hand: mistakes by their symptoms, and the fine lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.catalog import Course
from grader.checks import Check
from grader.judge import judge_trace
from grader.model import (
    Busy,
    Connected,
    Ended,
    Event,
    Exited,
    Finished,
    Flow,
    Frame,
    Measured,
    Printed,
    Quiet,
    Raised,
    Received,
    Refused,
    Result,
    Returned,
    Sent,
    Signalled,
    Trace,
    Value,
    Vanished,
    Verdict,
)
from grader.wire.payload import blocks_of

COURSE = Course(Path(__file__).parents[2])
CHECKS: dict[str, Check] = {c.id.removeprefix("threaded_echo."): c for c in COURSE.exercise("threaded_echo").checks}
KILLED = Exited(9, "server", None, "SIGKILL")  # how every run ends that the script does not end: by our side


def result(check: str, *events: Event) -> Result:
    return judge_trace(CHECKS[check], Trace("case", events))


def verdict(check: str, *events: Event) -> Verdict:
    return result(check, *events).verdict


def sent(data: bytes, conn: str = "a") -> Sent:
    return Sent(0, conn, data, len(data))


def got(data: bytes, conn: str = "a") -> Received:
    return Received(0, conn, data, len(data))


def echo(data: bytes, conn: str = "a") -> tuple[Event, ...]:
    return sent(data, conn), got(data, conn)


def flows(out: bytes, back: bytes, conn: str = "a") -> tuple[Event, ...]:
    both = (("sent", out), ("received", back))
    return tuple(Flow(0, conn, way, len(data), blocks_of(data), data[:20]) for way, data in both)


def readings(**values: float) -> tuple[Event, ...]:
    return tuple(Measured(0, what.replace("__", ", ").replace("_", " "), value) for what, value in values.items())


def stderr(text: str) -> Printed:
    return Printed(9, "server", "stderr", text, len(text))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("events", [(), (Vanished(1, "gone"),), (KILLED,)], ids=["nothing", "vanished", "killed"])
def test_nothing_seen_is_no_pass(check: str, events: tuple[Event, ...]) -> None:
    assert verdict(check, *events) is not Verdict.PASS


@pytest.mark.parametrize(
    ("check", "events", "mistake"),
    [
        ("echo.one", [sent(b"Hello"), Quiet(2, "server", "bytes")], "waits-for-more"),
        ("echo.one", [sent(b"Hello"), Ended(1, "a", "fin")], "closes-before-reply"),
        ("echo.one", [sent(b"Hello"), got(b"HELLO")], "strips-or-changes"),
        ("echo.three-messages", [*echo(b"1"), sent(b"2"), Ended(1, "a", "reset")], "one-message-per-connection"),
        ("echo.long-stream", [sent(b"x" * 2000), got(b"x" * 1024), Ended(1, "a", "fin")], "single-recv-1024"),
        ("echo.any-bytes", [sent(b" a \r\n"), got(b"a"), Quiet(2, "server", "bytes")], "strips-or-changes"),
        ("echo.any-bytes", [sent(b"\xe5"), Quiet(2, "server", "bytes")], "decodes-bytes"),
        ("echo.any-bytes", [sent(b"\xe5"), got(b"?")], "decodes-bytes"),
        ("echo.any-bytes", [*echo(b"abc"), sent(b"q"), Ended(1, "a", "fin")], "word-ends-it"),
        ("echo.any-bytes", [sent(b"q"), got(b"Q")], "strips-or-changes"),
        ("clients.idle-neighbour", [sent(b"Hello", "b"), Quiet(2, "server", "bytes")], "serial-server"),
        (
            "clients.idle-neighbour",
            [*echo(b"Hi", "b"), sent(b"?", "idle"), Quiet(2, "server", "bytes")],
            "shared-state",
        ),
        ("clients.reset-idle", [Refused(1, "b", "ECONNREFUSED")], "vanished-client-kills"),
        ("clients.early-close", [Refused(1, "b", "ECONNREFUSED")], "ends-with-its-client"),
    ],
)
def test_a_symptom_names_its_mistake(check: str, events: list[Event], mistake: str) -> None:
    found = result(check, *events, KILLED)
    assert (found.verdict, found.mistake) == (Verdict.FAIL, mistake)


def test_a_decoder_that_dies_of_it_is_told_by_its_traceback() -> None:
    trace = '  File "/work/echo_server.py", line 9, in handle\nUnicodeDecodeError: half a character\n------\n'
    found = result("echo.any-bytes", sent(b"\xe5"), Ended(1, "a", "fin"), stderr(trace), KILLED)
    assert (found.mistake, found.where) == ("decodes-bytes", "echo_server.py:9")
    assert "UnicodeDecodeError: half a character" in str(found.actual)


def test_what_our_rude_clients_made_a_handler_raise_is_not_given_as_the_reason() -> None:
    told = stderr("ConnectionResetError: [Errno 104] Connection reset by peer\n")
    found = result("clients.reset-idle", sent(b"Hello", "b"), Quiet(2, "server", "bytes"), told, KILLED)
    assert "ConnectionResetError" not in str(found.actual)


def test_the_line_of_the_exception_that_ended_serve_comes_before_all_others() -> None:
    frames = (Frame("echo_server.py", 3, "serve"), Frame("echo_server.py", 20, "talk"))
    raised = Raised(1, "server", 0, "ConnectionResetError", ("ConnectionResetError", "OSError"), "reset", frames)
    other = stderr('  File "/work/echo_server.py", line 9, in handle\nValueError\n')
    found = result("clients.reset-idle", Refused(2, "b", "ECONNREFUSED"), raised, other, Exited(1, "server", 1))
    assert found.where == "echo_server.py:20"


def test_a_reset_after_the_whole_reply_is_no_lost_reply() -> None:
    end = Finished(1, "a"), Ended(2, "a", "reset"), *flows(b"data", b"data")
    assert verdict("echo.half-close", *end) is Verdict.PASS
    assert verdict("clients.fin-prompt", *end) is Verdict.PASS


def test_a_lost_tail_is_one_however_the_connection_ended() -> None:
    for how in ("fin", "reset"):
        found = result("echo.half-close", Finished(1, "a"), Ended(2, "a", how), *flows(b"data", b"da"))
        assert (found.verdict, found.mistake) == (Verdict.FAIL, "closes-before-reply")


def test_bytes_after_the_echo_are_too_many() -> None:
    end = Finished(1, "a"), Ended(2, "a", "fin"), *flows(b"data", b"data\n")
    assert result("clients.fin-prompt", *end).mistake == "strips-or-changes"


@pytest.mark.parametrize(
    ("why", "mistake"), [(Quiet(2, "server", "end"), "never-closes"), (Busy(3, "server", 1.0, 3.0), "spin-on-eof")]
)
def test_a_connection_that_stays_open(why: Event, mistake: str) -> None:
    assert result("clients.fin-prompt", Finished(1, "a"), why, *flows(b"x", b"x"), KILLED).mistake == mistake


def test_one_block_of_a_stream_that_differs_is_found() -> None:
    data = bytes(200_000)
    changed = data[:150_000] + b"!" + data[150_001:]
    turns = [e for size in (5000, 1024, 4096, 8192) for e in echo(data[:size])]
    assert verdict("echo.long-stream", *turns, *flows(data, data)) is Verdict.PASS
    found = result("echo.long-stream", *turns, *flows(data, changed))
    assert (found.verdict, found.actual and found.actual.values["at"]) == (Verdict.FAIL, 131_072)


def crowd(served: int, *first_bad: Event) -> tuple[Event, ...]:
    return (
        (*readings(turns_served=served), Connected(1, "client 7", "peer"), *first_bad, KILLED)
        if first_bad
        else (*readings(turns_served=served),)
    )


def test_a_crowd_is_judged_by_its_sum_and_its_first_bad_turn() -> None:
    assert verdict("clients.fifty", *crowd(400)) is Verdict.PASS
    others = result("clients.fifty", *crowd(399, sent(b"client 7: x", "client 7"), got(b"client 8: x", "client 7")))
    assert (others.verdict, others.mistake) == (Verdict.FAIL, "shared-state")
    silent = result("clients.fifty", *crowd(60, sent(b"client 7: x", "client 7"), Quiet(3, "server", "bytes")))
    assert silent.mistake == "too-few-workers"


IDLE = {"busiest_thread__idle": 0.0, "busiest_thread__after_a_client_has_gone": 0.0, "connections_not_closed": 0}


def idle(*events: Event, **values: float) -> tuple[Event, ...]:
    turns = *echo(b"Hello", "silent"), *echo(b"Hello", "guest")
    return *turns, *readings(**{**IDLE, "silence": 0.6, **values}), *events


def test_a_thread_that_wants_to_run_all_the_time_spins() -> None:
    spin = {"busiest_thread__after_a_client_has_gone": 0.95}
    assert result("clients.eof-no-spin", *idle(KILLED, **spin)).mistake == "spin-on-eof"
    assert verdict("idle.cpu", *idle(KILLED, **spin)) is Verdict.PASS
    assert verdict("idle.cpu", *idle(KILLED, busiest_thread__idle=0.6)) is Verdict.PASS


def test_a_server_that_ended_with_its_guest_has_not_cut_off_the_silent_one() -> None:
    gone = Ended(1, "silent", "fin"), Returned(1, "server", 0, Value("none")), Exited(2, "server", 0)
    for check in ("clients.idle-kept", "clients.eof-no-spin"):
        assert result(check, *idle(*gone)).mistake == "ends-with-its-client"
    cut = Ended(1, "silent", "fin"), KILLED
    assert result("clients.idle-kept", *idle(*cut)).mistake == "idle-cut-off"


def stopping(*events: Event, **values: float) -> tuple[Event, ...]:
    turns = [e for name in "abc" for e in echo(b"Hello", name)]
    return *turns, Signalled(1, "server", "SIGTERM"), *events, *readings(**values)


def test_a_signal_may_end_the_process_by_itself() -> None:
    assert (
        verdict("stop.terminate", *stopping(Exited(1.1, "server", None, "SIGTERM"), processes_left=0)) is Verdict.PASS
    )
    assert verdict("stop.terminate", *stopping(Exited(1.1, "server", 0), processes_left=0)) is Verdict.PASS


def test_three_seconds_are_the_limit() -> None:
    assert verdict("stop.terminate", *stopping(Exited(3.9, "server", 0), processes_left=0)) is Verdict.PASS
    assert verdict("stop.terminate", *stopping(Exited(4.1, "server", 0), processes_left=0)) is Verdict.FAIL


@pytest.mark.parametrize(
    ("events", "values", "mistake"),
    [
        ([Exited(1.1, "server", 0)], {"processes_left": 2}, "leaves-processes"),
        ([Quiet(2, "server", "exit"), KILLED], {"processes": 4, "listening": 1}, "leaves-processes"),
        ([Quiet(2, "server", "exit"), KILLED], {"listening": 1, "accepting": 1}, "swallows-interrupt"),
        ([Quiet(2, "server", "exit"), KILLED], {"listening": 1, "accepting": 0}, "shutdown-deadlock"),
        ([Quiet(2, "server", "exit"), KILLED], {"listening": 0, "accepting": 0}, "threads-not-daemon"),
        (
            [Returned(1.1, "server", 0, Value("none")), Quiet(2, "server", "exit"), KILLED],
            {"listening": 1, "accepting": 0},
            "threads-not-daemon",
        ),
    ],
)
def test_why_a_program_did_not_stop(events: list[Event], values: dict[str, float], mistake: str) -> None:
    found = result("stop.terminate", *stopping(*events, **values))
    assert (found.verdict, found.mistake) == (Verdict.FAIL, mistake)


def test_a_program_that_ended_before_it_was_stopped_was_not_stopped() -> None:
    assert verdict("stop.terminate", *stopping(Exited(0.5, "server", 0), processes_left=0)) is Verdict.FAIL
