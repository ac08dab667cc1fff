from hypothesis import given
from hypothesis import strategies as st

from grader.analysis.dialogue import Turn, last_words, streams, turns
from grader.model import Ended, Event, Flow, Printed, Received, Sent, Trace
from grader.wire.payload import BLOCK, blocks_of


def trace(*events: Event) -> Trace:
    return Trace("case", events)


def sent(data: bytes, conn: str = "a") -> Sent:
    return Sent(0, conn, data, len(data))


def got(data: bytes, conn: str = "a") -> Received:
    return Received(0, conn, data, len(data))


def stderr(text: str) -> Trace:
    return trace(Printed(0, "server", "stderr", text, len(text)))


def test_a_turn_lasts_until_we_send_again() -> None:
    talk = trace(
        sent(b"one"), got(b"o"), got(b"ne"), sent(b"x", "other"), sent(b"two"), got(b"t"), Ended(1, "a", "fin")
    )
    assert turns(talk, "a") == (Turn(b"one", 3, b"one", 3), Turn(b"two", 3, b"t", 1, "fin"))
    assert turns(talk, "nobody") == ()


def test_the_symptoms() -> None:
    table = {
        Turn(b"abc", 3, b"abc", 3): "",
        Turn(b"abc", 3, b"abc", 3, "fin"): "",
        Turn(b"abc", 3): "silent",
        Turn(b"abc", 3, ended="reset"): "closed",
        Turn(b"abc", 3, b"ab", 2): "short",
        Turn(b"abc", 3, b"ab", 2, "fin"): "cut",
        Turn(b"abc", 3, b"abd", 3): "other",
        Turn(b"abc", 3, b"abcd", 4): "other",
        Turn(b"abc", 5000, b"abc", 5000): "",  # only the beginning is kept
    }
    assert {t: t.symptom for t in table} == table


def flow(direction: str, data: bytes) -> Flow:
    return Flow(0, "a", direction, len(data), blocks_of(data), data[:8])


@given(size=st.integers(0, 3 * BLOCK), cut=st.integers(0, 3 * BLOCK))
def test_a_stream_that_is_only_cut_short_is_right_as_far_as_it_goes(size: int, cut: int) -> None:
    data = bytes(range(251)) * (size // 251 + 1)
    seen = streams(trace(flow("sent", data[:size]), flow("received", data[: min(size, cut)])), "a")
    assert (seen.sent, seen.got, seen.wrong_from) == (size, min(size, cut), -1)


@given(at=st.integers(0, 3 * BLOCK - 1))
def test_a_changed_byte_of_a_whole_stream_is_found_in_its_block(at: int) -> None:
    data = bytes(3 * BLOCK)
    seen = streams(trace(flow("sent", data), flow("received", data[:at] + b"!" + data[at + 1 :])), "a")
    assert seen.wrong_from == at // BLOCK * BLOCK


def test_the_last_exception_and_the_last_line_of_the_students_own() -> None:
    words = last_words(
        stderr(
            "hello\n"
            "Traceback (most recent call last):\n"
            '  File "/work/echo_server.py", line 9, in handle\n'
            "    text = data.decode()\n"
            '  File "/usr/lib/python3.13/codecs.py", line 300, in decode\n'
            "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe5\n"
            "-----------\n"
        ),
        "server",
        ("echo_server.py",),
    )
    assert words.error == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe5"
    assert words.where == "echo_server.py:9"


def test_the_last_words_may_be_a_name_that_says_nothing_of_errors():
    words = last_words(
        stderr('  File "/work/kitchen.py", line 7, in put\n    q.put_nowait(1)\nqueue.Full\n'), "server", ()
    )
    assert words.error == "queue.Full"


def test_prints_are_no_exceptions() -> None:
    words = last_words(stderr("Error handling is hard\nready: True\n"), "server", ("echo_server.py",))
    assert (words.error, words.where) == ("", "")
