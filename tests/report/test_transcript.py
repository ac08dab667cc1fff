from hypothesis import given
from hypothesis import strategies as st

from grader import model
from grader.analysis.phrases import TABLE, octets, phrase
from grader.analysis.transcript import LIMIT, Row, rows
from grader.model import (
    Called,
    Connected,
    DatagramReceived,
    DatagramSent,
    Did,
    Drained,
    Ended,
    Event,
    Execed,
    Flow,
    Frame,
    GaveUp,
    Given,
    Imported,
    Kept,
    Measured,
    NotListening,
    Printed,
    Quiet,
    Raised,
    Received,
    Recorded,
    Returned,
    Sent,
    Standing,
    Started,
    Step,
    Told,
    Trace,
    Value,
)
from tests.support import samples
from tests.support.properties import steady

HERE = Frame("framing.py", 18, "recv_message")


def told(*events: Event, where: str | None = None) -> list[str]:
    """The rows of a trace in English: "ms who: what"."""
    return [line(r) for r in rows(Trace("case", events), where)]


def line(r: Row) -> str:
    return f"{'' if r.at is None else round(r.at * 1000, 1)} {r.who}: {r.what}".strip()


def pieces(n: int, conn: str = "a", read: bool = True) -> list[Event]:
    found: list[Event] = []
    for i in range(n):
        found.append(Sent(i / 1000, conn, bytes([i % 10]), 1))
        if read:
            found.append(Drained(i / 1000 + 0.0005, conn, i + 1))
    return found


def test_header_split() -> None:
    assert [line(r) for r in rows(samples.header_split())] == [
        "0.0 you: starts: receiver",
        "3.4 peer → you: connects",
        "3.6 you: recv_message(sock)",
        "3.8 peer → you: 08  read",
        "4.3 you: raises struct.error: unpack requires a buffer of 4 bytes (framing.py:18)",
        "6.2 you: process ends",
    ]


def test_many_pieces_are_folded() -> None:
    shown = told(*pieces(50), Raised(0.1, "r", 0, "ValueError", (), "", (HERE,)))
    assert shown == [
        "0.0 peer → you: 00  read",
        "1.0 peer → you: 01  read",
        "2.0 peer → you: 02  read",
        "peer → you: … 46 more pieces, each read before the next was sent",
        "49.0 peer → you: 09  read",
        "100.0 you: raises ValueError (framing.py:18)",
    ]


def test_only_an_empty_queue_proves_that_a_piece_was_read() -> None:
    assert told(Sent(0, "a", b"x", 1), Drained(0, "a", 1, "delay")) == ["0 peer → you: 78  |x|"]
    assert told(Drained(0, "a", 1)) == []


def test_the_proof_marks_the_piece_of_its_own_connection() -> None:
    shown = told(Sent(0, "a", b"\0", 1), Sent(0, "b", b"\1", 1), Drained(0, "a", 1))
    assert shown == ["0 peer → you [a]: 00  read", "0 peer → you [b]: 01"]


def test_many_different_rows_leave_the_start_the_trouble_and_the_end() -> None:
    chat: list[Event] = []
    for i in range(500):
        chat += [Called(i, "r", i, "recv_message"), Sent(i, "a", b"\0", 1), Returned(i, "r", i, Value("none"))]
    trouble = Raised(250.5, "r", 250, "ValueError", (), "bad", (HERE,))
    chat.insert(750, trouble)
    shown = told(*chat)
    assert len(shown) <= LIMIT
    at = next(i for i, s in enumerate(shown) if "ValueError" in s)
    assert shown[at - 1] == "249000 you: returns none"
    assert shown[0] == "0 you: recv_message()"
    assert shown[-1] == "499000 you: returns none"
    assert [s for s in shown if "more rows" in s] == [": … 736 more rows", ": … 743 more rows"]


def test_the_failures_own_line_counts_as_the_trouble() -> None:
    first = Raised(1, "r", 0, "ValueError", (), "asked for", (HERE,))
    last = Raised(99, "r", 9, "OSError", (), "later", (Frame("framing.py", 30, "send_message"),))
    between = [Returned(i, "r", i, Value("none")) for i in range(2, 90)]
    shown = told(first, *between, last, *between[:20], where="framing.py:18")
    assert "asked for" in shown[0]
    shown = told(*between, first, *between, last, *between, where="framing.py:18")
    assert any("asked for" in s for s in shown)


def test_a_datagram_is_a_row_whatever_it_holds_and_a_lost_one_says_so() -> None:
    assert told(
        DatagramReceived(0, "a", "127.0.0.1:40000", b"hi", 2),
        DatagramSent(0.001, "a", "127.0.0.1:40000", "收到".encode(), 6, lost=True),
        DatagramSent(0.002, "a", "127.0.0.1:40000", b"", 0),
        Drained(0.003, "a", 0),
    ) == [
        "0 you → peer: 68 69  |hi|",
        "1.0 peer → you: e6 94 b6 e5 88 b0  |收到|  lost on its way",
        "2.0 peer → you: an empty datagram  read",
    ]


def test_bytes_as_hex_with_the_text_beside() -> None:
    assert str(octets(b"\x08\0\0\0", 4)) == "08 00 00 00"
    assert str(octets("\x06\0\0\0你好".encode(), 10)) == "06 00 00 00 e4 bd a0 e5 a5 bd  |....你好|"
    assert str(octets(b"\0\2\0\0" + b"x" * 116, 70_000)) == "00 02 00 00 78 78 78 78 … (70,000 bytes)  |....xxxx|"


def test_importing_waiting_and_giving_up() -> None:
    assert told(
        Started(0, "r", "receiver", 1),
        Raised(0, "r", -1, "SyntaxError", (), "invalid syntax", (Frame("framing.py", 3, ""),)),
        Quiet(0, "r", "return", HERE),
        GaveUp(0, "something new", 5, "r"),
        NotListening(0, 9000, ("0.0.0.0:8080",)),
        Measured(0, "threads", 3.0),
        Connected(0, "a", "student"),
        Received(0, "a", b"hi", 2),
        Ended(0, "a", "reset"),
    ) == [
        "0 you: starts: receiver",
        "0 you: importing raises SyntaxError: invalid syntax (framing.py:3)",
        "0 watcher: your code sleeps and nothing is pending; we wait for the function to return (framing.py:18)",
        "0 watcher: gave up after 5.0 s waiting for something new",
        "0 watcher: nobody listens on port 9000, but on 0.0.0.0:8080",
        "0 watcher: threads: 3",
        "0 you → peer: connects",
        "0 you → peer: 68 69  |hi|",
        "0 you → peer: RST: has cut the connection",
    ]


def test_what_is_empty_is_no_row() -> None:
    assert told(Printed(0, "r", "stdout", "", 0), Sent(0, "a", b"", 0)) == []


def test_output_of_a_run() -> None:
    trace_back = 'Traceback (most recent call last):\n  File "/tmp/x/framing.py", line 3\nOSError: gone\n'
    errors = Printed(2, "r", "stderr", trace_back, 90)
    assert told(Printed(0, "r", "stdout", "hi\n", 3), errors) == [
        "0 you: wrote 3 bytes to stdout: hi",
        "2000 you: wrote 90 bytes to stderr: OSError: gone",
    ]
    raised = Raised(1, "r", 0, "OSError", (), "gone", (HERE,))
    assert told(raised, errors) == ["1000 you: raises OSError: gone (framing.py:18)"]


def test_the_first_time_that_the_code_got_stuck_is_the_trouble() -> None:
    """Exceptions may have been asked for, being stuck never is."""
    calm = [Returned(i, "r", i, Value("none")) for i in range(60)]
    shown = told(*calm, Quiet(60, "r", "return"), *calm, Raised(99, "r", 0, "ValueError", (), ""), *calm)
    assert any("your code sleeps" in s for s in shown)
    assert not any("ValueError" in s for s in shown)


def test_every_kind_of_event_is_shown_or_left_out_on_purpose() -> None:
    kinds = {k for k in vars(model).values() if isinstance(k, type) and issubclass(k, Event) and k is not Event}
    scheduled = {Given, Kept, Step, Did, Standing}  # shown as a table of their own, or where a check speaks of them
    assert kinds - set(TABLE) == {Imported, Told, Flow, Drained, Execed, Recorded} | scheduled


EVENTS = st.one_of(
    st.builds(Sent, st.floats(0, 9), st.sampled_from("ab"), st.binary(max_size=20), st.integers(20, 99)),
    st.builds(Drained, st.floats(0, 9), st.sampled_from("ab"), st.integers(0, 99)),
    st.builds(Received, st.floats(0, 9), st.sampled_from("ab"), st.binary(max_size=20), st.integers(20, 99)),
    st.builds(Called, st.floats(0, 9), st.sampled_from("rs"), st.integers(0, 9), st.just("f")),
    st.builds(Raised, st.floats(0, 9), st.just("r"), st.just(0), st.text(), st.just(()), st.text(), st.just((HERE,))),
)


@steady
@given(st.lists(EVENTS, max_size=200))
def test_any_trace_fits_a_screen_and_ends_with_its_last_row(events: list[Event]) -> None:
    shown = rows(Trace("case", tuple(events)))
    assert len(shown) <= LIMIT
    worth_showing = [e for e in events if phrase(e)]
    assert bool(shown) == bool(worth_showing)
    if worth_showing:
        assert shown[-1].at == worth_showing[-1].at
