"""What the checks of `udp_chat` make of traces written by hand: mistakes by their symptoms, fine lines, real time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.catalog import Course
from grader.checks import Check
from grader.judge import judge_trace
from grader.model import (
    Asked,
    DatagramReceived,
    DatagramSent,
    Event,
    Exited,
    Frame,
    InputEnded,
    Listening,
    Measured,
    Quiet,
    Raised,
    Result,
    Returned,
    Shown,
    Trace,
    Typed,
    Value,
    Vanished,
    Verdict,
)
from reference.peers.datagrams import STRANGER, Delivery, Relay

COURSE = Course(Path(__file__).parents[2])
CHECKS: dict[str, Check] = {c.id.removeprefix("udp_chat."): c for c in COURSE.exercise("udp_chat").checks}
SERVER, CLIENT = "127.0.0.1:9000", "127.0.0.1:40001"
OPEN = Listening(0, "127.0.0.1", 9000)
REPLY = "收到".encode()
NONE = Value("none")


def result(check: str, *events: Event) -> Result:
    return judge_trace(CHECKS[check], Trace("case", events))


def verdict(check: str, *events: Event) -> Verdict:
    return result(check, *events).verdict


def killed(run: str) -> Exited:
    """How every run ends that the script does not end: by our side."""
    return Exited(99, run, None, "SIGKILL")


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(
    "events", [(), (Vanished(1, "gone"),), (killed("server"), killed("a"))], ids=["nothing", "vanished", "killed"]
)
def test_nothing_seen_is_no_pass(check: str, events: tuple[Event, ...]) -> None:
    assert verdict(check, *events) is not Verdict.PASS


# --- the relay ------------------------------------------------------------------------------------------------------

A, B = Delivery(b"a"), Delivery(b"b")
STRANGE = Delivery(STRANGER, strange=True)
ACTIONS = {
    "all is well": ([], [A], [B]),
    "lost": (["lose"], [Delivery(b"a", lost=True)], [B]),
    "twice": (["double"], [A, A], [B]),
    "kept back and never released": (["hold"], [], [B]),
    "late": (["hold", "late"], [], [A, B]),
    "in the other order": (["hold", "swap"], [], [B, A]),
    "a stranger first": (["strange"], [STRANGE, A], [B]),
}


@pytest.mark.parametrize("plan", ACTIONS.values(), ids=ACTIONS.keys())
def test_the_relay_does_what_its_actions_say_and_then_no_harm(plan: tuple[list[str], ...]) -> None:
    actions, first, second = plan
    relay = Relay(actions)
    assert [relay.deliveries(b"a"), relay.deliveries(b"b"), relay.deliveries(b"c")] == [first, second, [Delivery(b"c")]]


def test_an_action_that_there_is_not_is_no_pass() -> None:
    with pytest.raises(ValueError, match="explode"):
        Relay(["explode"]).deliveries(b"a")


# --- the server -----------------------------------------------------------------------------------------------------


def sent(data: bytes, conn: str = "a") -> DatagramSent:
    return DatagramSent(0, conn, SERVER, data, len(data))


def got(data: bytes, conn: str = "a", source: str = SERVER) -> DatagramReceived:
    return DatagramReceived(0, conn, source, data, len(data))


def tuple_error() -> Raised:
    bases = ("AttributeError", "Exception")
    return Raised(1, "server", 0, "AttributeError", bases, "'tuple' object has no attribute 'decode'")


@pytest.mark.parametrize(
    ("check", "events", "mistake"),
    [
        ("server.replies", [sent(b"hi"), got(b"HI")], "other-reply"),
        ("server.replies", [sent(b"hi"), got("收到".encode("gbk"))], "other-reply"),
        ("server.replies", [sent(b"hi"), got(REPLY, source="127.0.0.1:45000")], "replies-from-elsewhere"),
        ("server.replies", [sent(b"hi"), got(REPLY), got(REPLY)], "replies-twice"),
        ("server.replies", [sent(b"hi"), Quiet(1, "server", "datagram"), Asked(1, "server")], "asks-keyboard"),
        ("server.replies", [sent(b"hi"), tuple_error()], "recvfrom-tuple"),
        ("server.replies", [sent(b"hi"), Quiet(1, "server", "datagram")], "no-reply"),
        ("server.many", [sent(b"1"), got(REPLY), sent(b"2"), Returned(1, "server", 0, NONE)], "one-message-only"),
        (
            "server.prints",
            [sent("你".encode()), got(REPLY), Shown(1, "server", "b'\\xe4\\xbd\\xa0'\n")],
            "prints-bytes",
        ),
        ("server.prints", [sent("你".encode()), got(REPLY), Shown(1, "server", "有人来了\n")], "does-not-print"),
        ("server.empty", [sent(b"x"), got(REPLY), sent(b""), Returned(1, "server", 0, NONE)], "empty-means-end"),
        ("server.not-text-ignored", [sent(b"\xff", "bad"), got(REPLY, "bad")], "answers-bad-text"),
        ("server.too-long-dropped", [sent(b"x" * 1025, "bad"), got(REPLY, "bad")], "answers-too-long"),
        ("server.patient", [sent(b"1"), got(REPLY), sent(b"2"), Returned(1, "server", 0, NONE)], "tires-of-waiting"),
        ("server.restart", [Measured(1, "port still held", 1)], "leaves-processes"),
    ],
)
def test_a_servers_symptom_names_its_mistake(check: str, events: list[Event], mistake: str | None) -> None:
    found = result(check, OPEN, *events, killed("server"))
    assert (found.verdict, found.mistake) == (Verdict.FAIL, mistake)


def test_prompts_and_addresses_beside_a_printed_message_do_no_harm() -> None:
    shown = Shown(1, "server", ">>> ('127.0.0.1', 40001) 说: \x1b[1m你好\x1b[0m (6 字节)\n")
    assert verdict("server.prints", OPEN, sent("你好".encode()), got(REPLY), shown) is Verdict.PASS


def test_a_server_that_sleeps_beside_unread_messages_is_told_from_one_that_has_ended() -> None:
    few = Measured(1, "answers", 3), Measured(1, "datagrams dropped", 0)
    for nap, mistake in ((1, "sleeps-while-serving"), (0, "not-for-long")):
        found = result("server.burst", OPEN, *few, Measured(1, "asleep while messages lay there", nap))
        assert (found.verdict, found.mistake) == (Verdict.FAIL, mistake)


def test_datagrams_that_the_system_has_dropped_are_not_the_servers_fault() -> None:
    counted = Measured(1, "answers", 93), Measured(1, "datagrams dropped", 7)
    assert verdict("server.burst", OPEN, *counted, killed("server")) is Verdict.UNDECIDED


# --- the client -----------------------------------------------------------------------------------------------------


def typed(text: str, at: float = 0, run: str = "a") -> Typed:
    return Typed(at, run, text)


def request(text: str, at: float = 0.1, run: str = "a") -> DatagramReceived:
    data = text.encode()
    return DatagramReceived(at, run, CLIENT, data, len(data))


def answer(text: str, at: float = 0.2, run: str = "a", lost: bool = False) -> DatagramSent:
    data = text.encode()
    return DatagramSent(at, run, CLIENT, data, len(data), lost)


def shown(text: str, at: float = 0.3, run: str = "a") -> Shown:
    return Shown(at, run, text + "\n")


def left_by(error: str, message: str = "", *bases: str) -> Raised:
    return Raised(1, "a", 0, error, (error, *bases), message)


QUIT_SENT = (typed("Q", run="after a talk"), request("Q", run="after a talk"))
IN_USE = left_by("OSError", "[Errno 98] Address already in use")
TURN = (typed("你好"), request("你好"), answer("收到 1"), shown("收到 1"), Asked(0.4, "a"))


@pytest.mark.parametrize(
    ("check", "events", "mistake"),
    [
        ("client.sends", [typed("你好"), Quiet(1, "a", "datagram")], "sends-elsewhere"),
        ("client.sends", [typed("你好"), request("你好\n")], "changes-text"),
        ("client.prints", [typed("x"), request("x"), answer("收到 1"), shown("b'\\xe6\\x94\\xb6'")], "prints-bytes"),
        (
            "client.prints",
            [typed("x"), request("x"), answer("收到 1"), shown("(b'\\xe6\\x94\\xb6', ('127.0.0.1', 9000))")],
            "recvfrom-tuple",
        ),
        ("client.prints", [typed("x"), request("x"), answer("收到 1"), shown("好的")], "does-not-print"),
        ("client.sends", [typed("x"), left_by("BrokenPipeError", "[Errno 32] Broken pipe")], "stream-socket"),
        (
            "client.prints",
            [typed("x"), request("x"), answer("收到 1"), typed("y", 1), shown("收到 1")],
            "asks-too-early",
        ),
        ("client.many", [*TURN, typed("b"), request("b"), Asked(1, "a"), *TURN[2:], *TURN], "asks-too-early"),
        ("client.many", [*TURN[:-1], Returned(1, "a", 0, NONE)], "one-line-only"),
        ("client.quit-typed", [*QUIT_SENT, Returned(1, "after a talk", 0, NONE)], "quit-is-sent"),
        ("client.quit-typed", [*QUIT_SENT, Asked(1, "after a talk")], "quit-unseen"),
        ("client.sends", [typed("x"), left_by("TimeoutError", "x", "OSError")], "sends-elsewhere"),
        ("client.sends", [typed("x"), left_by("NameError", "x")], None),
        (
            "client.quit-typed",
            [typed("Q", run="after a talk"), replace(IN_USE, run="after a talk")],
            "port-of-its-own",
        ),
        ("client.quit-typed", [typed("Q", run="after a talk"), Quiet(1, "after a talk", "exit")], "quit-unseen"),
        ("client.strangers", [typed("x"), request("x"), answer("收到 1"), shown(STRANGER.decode())], "any-sender"),
        ("client.strangers", [typed("x"), request("x"), request("x", 0.2), answer("收到 1")], "stranger-counts"),
        ("client.duplicates", [*TURN, typed("b"), request("b"), answer("收到 2"), shown("收到 1")], "stale-answer"),
        (
            "client.input-ends",
            [*TURN, InputEnded(1, "a"), Raised(1, "a", 0, "EOFError", ("EOFError",), "")],
            "end-of-input",
        ),
    ],
)
def test_a_clients_symptom_names_its_mistake(check: str, events: list[Event], mistake: str) -> None:
    found = result(check, *events, killed("a"))
    assert (found.verdict, found.mistake) == (Verdict.FAIL, mistake)


@pytest.mark.parametrize(
    ("message", "is_clean"), [("", True), ("0", True), ("None", True), ("1", False), ("bye", False)]
)
def test_leaving_by_sys_exit_is_an_end_too(message: str, is_clean: bool) -> None:
    left = Raised(1, "a", 0, "SystemExit", ("SystemExit", "BaseException"), message)
    assert (verdict("client.input-ends", *TURN, InputEnded(1, "a"), left) is Verdict.PASS) is is_clean


# --- losses ---------------------------------------------------------------------------------------------------------


def resent(*moments: float, run: str = "lost") -> list[Event]:
    return [typed("有人吗", run=run), *(request("有人吗", at, run) for at in moments)]


@pytest.mark.parametrize(
    ("events", "mistake"),
    [
        ([*resent(0), Quiet(4, "lost", "datagram", Frame("udp_client.py", 9, "chat"))], "no-time-out"),
        ([*resent(0), Quiet(4, "lost", "datagram", timed=True)], "too-patient"),
        ([*resent(0), Raised(1, "lost", 0, "TimeoutError", ("TimeoutError", "OSError"), "timed out")], "too-few-tries"),
        ([*resent(0), Returned(1, "lost", 0, NONE)], "too-few-tries"),
        (resent(0, 5), "too-patient"),
    ],
)
def test_what_a_client_does_about_a_lost_answer(events: list[Event], mistake: str) -> None:
    found = judge_trace(CHECKS["client.resends"], Trace("case", (*events, killed("lost"))))
    assert (found.verdict, found.mistake) == (Verdict.FAIL, mistake)


def gave_up(*moments: float, end: float, error: str = "TimeoutError") -> list[Event]:
    return [*resent(*moments, run="silent"), Raised(end, "silent", 0, error, (error, "OSError"), "")]


@pytest.mark.parametrize(
    ("moments", "end", "mistake"),
    [
        ((0, 1.0, 2.0), 3.0, None),
        ((0, 0.75, 1.5), 2.25, None),
        ((0, 1.5, 3.0), 4.5, None),
        ((0, 0.2, 0.4), 0.6, "impatient"),
        ((0, 1.0, 2.0), 2.0, "impatient"),
        ((0, 2.0, 4.0), 6.0, "too-patient"),
    ],
)
def test_a_second_is_about_a_second_the_last_one_too(moments: tuple[float, ...], end: float, mistake: str) -> None:
    found = result("client.waits-a-second", *gave_up(*moments, end=end))
    assert found.mistake == mistake
    assert (found.verdict is Verdict.PASS) is (mistake is None)


@pytest.mark.parametrize(
    ("moments", "error", "mistake"),
    [
        ((0, 1), "TimeoutError", "too-few-tries"),
        ((0, 1, 2, 3), "TimeoutError", "too-many-tries"),
        ((0, 1, 2), "RuntimeError", "other-exception"),
    ],
)
def test_three_sends_and_then_a_time_out(moments: tuple[float, ...], error: str, mistake: str | None) -> None:
    found = result("client.gives-up", *gave_up(*moments, end=9, error=error))
    assert (found.verdict, found.mistake) == (Verdict.FAIL, mistake)
