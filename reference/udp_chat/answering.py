"""The checks of the server: what it answers, what it prints, what it survives, how it starts, rests and stops."""

from __future__ import annotations

from grader.analysis import serving
from grader.analysis.serving import measured
from grader.checks import BONUS, SHOULD, Unclear, check, fail
from grader.model import DatagramReceived, DatagramSent, Text, Trace, say

from .readings import BAD, BYTES, data_of, stream_socket, terminal
from .replies import REPLY, exchanges, replied, the_server

LONGEST = "好" * 341 + "!"  # what server.longest sends
POLLS = 50  # times a second


@check("server.starts", points=0.5, requirement=say("serve opens a UDP port and goes on taking datagrams there"))
def server_starts(trace: Trace) -> Text:
    one = the_server(trace, "one")
    if stream_socket(trace, "one"):
        fail(say("a port is open while serve runs"), one.state, "stream-socket", one.place())
    return serving.starts(one)


@check(
    "server.arguments",
    points=0.5,
    case="server.starts",
    needs=("server.starts",),
    requirement=say("it takes datagrams on the host and the port that serve is given, and nowhere else"),
)
def server_arguments(trace: Trace) -> Text:
    return serving.listens_as_told(the_server(trace, "one"), the_server(trace, "two"))


@check(
    "server.replies",
    points=1,
    case="server.messages",
    needs=("server.arguments",),
    requirement=say("a message is answered with 收到, in UTF-8, to the address that it came from"),
)
def server_replies(trace: Trace) -> Text:
    server = the_server(trace)
    table = {"other": "other-reply", "elsewhere": "replies-from-elsewhere", "twice": "replies-twice"}
    replied(server, "a", 1, table if server.fate else {**table, "silent": "no-reply"})
    return say("{data} came back", data=data_of(REPLY.encode()))


@check(
    "server.many",
    points=0.5,
    case="server.messages",
    needs=("server.replies",),
    requirement=say("it answers one message after another, each once, also one that was said before"),
)
def server_many(trace: Trace) -> Text:
    *before, last = exchanges(trace, "a") or (None,)
    again = bool(before) and last.sent.data == before[-1].sent.data and not last.got
    silent = "ignores-repeats" if again else "one-message-only"
    table = {"silent": silent, "returned": "one-message-only", "twice": "replies-twice"}
    replied(the_server(trace), "a", 4, table)
    return say("each message got one answer, also one that was said twice")


@check(
    "server.prints",
    points=0.5,
    case="server.messages",
    needs=("server.many",),
    requirement=say("it prints each message as text"),
)
def server_prints(trace: Trace) -> Text:
    shown, seen = terminal(trace, "server"), exchanges(trace, "a")
    if not seen:
        raise Unclear(say("no message was sent"))
    for exchange in seen:
        text = exchange.sent.data.decode()
        if text not in shown:
            printed = shown.strip()[-60:]
            actual = say("it printed {text}", text=repr(printed)) if printed else say("it printed nothing")
            expected = say("{line} is printed", line=repr(text))
            fail(expected, actual, "prints-bytes" if BYTES.search(shown) else "does-not-print")
    return say("every message was printed")


@check(
    "server.each-sender",
    points=1,
    needs=("server.many",),
    requirement=say("each answer goes to whoever sent the message, also where several talk at the same time"),
)
def server_each_sender(trace: Trace) -> Text:
    for conn in "abc":
        sent, got = len(trace.of(DatagramSent, conn=conn)), len(trace.of(DatagramReceived, conn=conn))
        if sent != got or not sent:
            server = the_server(trace)
            expected = say("each of three clients gets one answer for each of its messages")
            actual = say("client {name} sent {n} messages and got {k} answers", name=conn, n=sent, k=got)
            fail(expected, server.because(actual), "replies-to-one", server.place("silent"))
    return say("three clients that talked by turns and at once got their own answers")


@check(
    "server.empty",
    points=0.5,
    needs=("server.many",),
    requirement=say("an empty datagram is a message like any other"),
)
def server_empty(trace: Trace) -> Text:
    symptoms = ("silent", "other", "returned", "raised", "exited")
    replied(the_server(trace), "a", 3, dict.fromkeys(symptoms, "empty-means-end"))
    return say("the empty message was answered, and the one after it")


@check(
    "server.any-words",
    points=0.5,
    needs=("server.many",),
    requirement=say("no word that a client sends ends the server, Q neither: all are answered"),
)
def server_any_words(trace: Trace) -> Text:
    codes = dict.fromkeys(("silent", "returned", "raised", "exited", "other"), "word-ends-it")
    replied(the_server(trace), "a", 8, codes)
    return say("Q, quit and others were messages like any other")


@check(
    "server.longest",
    points=0.5,
    needs=("server.prints",),
    requirement=say("a message of 1024 bytes is taken whole"),
)
def server_longest(trace: Trace) -> Text:
    server = the_server(trace)
    replied(server, "a", 1, dict.fromkeys(("silent", "raised", "returned"), "short-buffer"))
    shown = terminal(trace, "server")
    if LONGEST not in shown:
        most = shown.count("好")
        fail(say("all of its 342 characters are printed"), say("{n} of them were", n=most), "short-buffer")
    return say("it was answered and printed whole")


@check(
    "server.not-text",
    points=1,
    needs=("server.each-sender",),
    requirement=say("a datagram that is not UTF-8 does not end the server"),
)
def server_not_text(trace: Trace) -> Text:
    return _survived(trace, 4, "dies-on-bad-text")


@check(
    "server.not-text-ignored",
    points=0.5,
    case="server.not-text",
    needs=("server.not-text",),
    requirement=say("a datagram that is not UTF-8 gets no answer"),
)
def server_not_text_ignored(trace: Trace) -> Text:
    return _ignored(trace, "answers-bad-text")


@check(
    "server.too-long",
    points=0.5,
    needs=("server.each-sender",),
    requirement=say("a datagram of more than 1024 bytes, up to the longest there can be, does not end the server"),
)
def server_too_long(trace: Trace) -> Text:
    return _survived(trace, 3, "too-long-kills")


@check(
    "server.too-long-dropped",
    points=0.5,
    case="server.too-long",
    severity=SHOULD,
    needs=("server.too-long",),
    requirement=say("a datagram of more than 1024 bytes is dropped whole: no answer, nothing printed"),
)
def server_too_long_dropped(trace: Trace) -> Text:
    if BAD in terminal(trace, "server"):
        fail(say("nothing of it is printed"), say("its beginning was printed"), "takes-a-part")
    return _ignored(trace, "answers-too-long")


def _survived(trace: Trace, count: int, code: str) -> Text:
    """After each of the bad datagrams, the next good one of another client was answered, even if it came just then."""
    codes = dict.fromkeys(("silent", "raised", "returned", "exited"), code)
    replied(the_server(trace), "good", count, codes)
    later = exchanges(trace, "good")[count:]
    if (got := sum(len(x.got) for x in later)) < len(later):
        server, expected = the_server(trace), say("good messages that come right behind bad ones are answered")
        actual = server.because(say("{got} of {n} were answered", got=got, n=len(later)))
        fail(expected, actual, codes.get(server.fate, "loses-the-next"), server.place("silent"))
    return say("after each of {n} bad datagrams the next good one was answered", n=count)


def _ignored(trace: Trace, code: str) -> Text:
    seen = exchanges(trace, "bad")
    if not seen:
        raise Unclear(say("no message was sent"))
    for exchange in seen:
        if exchange.got:
            expected = say("{data} gets no answer", data=data_of(exchange.sent.data, exchange.sent.size))
            fail(expected, say("{got} came back", got=data_of(exchange.got[0].data)), code)
    return say("none of {n} bad datagrams was answered", n=len(seen))


@check(
    "server.client-gone",
    points=0.5,
    needs=("server.each-sender",),
    requirement=say("a client that is gone before its answer comes does the server no harm"),
)
def server_client_gone(trace: Trace) -> Text:
    codes = dict.fromkeys(("silent", "raised", "returned", "exited"), "vanished-client-kills")
    replied(the_server(trace), "b", 2, codes)
    return say("the next client was answered")


@check(
    "server.burst",
    points=0.5,
    severity=SHOULD,
    needs=("server.each-sender",),
    requirement=say("of a hundred messages from five clients each is answered"),
)
def server_burst(trace: Trace) -> Text:
    server, answers = the_server(trace), int(measured(trace, "answers"))
    if lost := int(measured(trace, "datagrams dropped")):
        raise Unclear(say("the system dropped {n} datagrams", n=lost))
    if measured(trace, "asleep while messages lay there"):
        actual = say("it slept while messages lay there; {n} answers had come", n=answers)
        fail(say("100 answers to 100 messages"), actual, "sleeps-while-serving", server.place())
    if answers != 100:
        actual = server.because(say("{n} answers came", n=answers))
        fail(say("100 answers to 100 messages"), actual, "not-for-long", server.place())
    return say("100 messages got 100 answers")


# --- start, rest and stop -------------------------------------------------------------------------------------------


@check(
    "server.restart",
    points=0.5,
    needs=("server.replies",),
    requirement=say("stopped and started again at once on the same port, it serves again"),
)
def server_restart(trace: Trace) -> Text:
    if measured(trace, "port still held"):
        expected = say("when the program has ended, its port is free")
        fail(expected, say("a process that it has left behind still holds the port"), "leaves-processes")
    replied(the_server(trace, "again"), "b", 1, {})
    return say("the second start served a client")


@check(
    "server.rests",
    points=0.5,
    case="server.rest",
    severity=SHOULD,
    needs=("server.replies",),
    requirement=say("while nobody sends anything it keeps no processor busy"),
)
def server_rests(trace: Trace) -> Text:
    share = measured(trace, "busiest thread, idle")
    if share > serving.SPIN:
        fail(say("it sleeps until a datagram comes"), serving.busy(share), "spin-while-idle")
    return serving.busy(share)


@check(
    "server.no-polling",
    points=0.5,
    case="server.rest",
    severity=BONUS,
    needs=("server.rests",),
    requirement=say("it does not wake up dozens of times a second to look for datagrams"),
)
def server_no_polling(trace: Trace) -> Text:
    rate = round(measured(trace, "switches per second, idle"))
    if rate > POLLS:
        fail(say("fewer than {n} wake-ups a second", n=POLLS), say("{n} a second", n=rate), "polls")
    return say("{n} wake-ups a second", n=rate)


@check(
    "server.patient",
    points=0.5,
    case="server.rest",
    needs=("server.many",),
    requirement=say("it waits for messages as long as it takes"),
)
def server_patient(trace: Trace) -> Text:
    codes = dict.fromkeys(("silent", "raised", "returned", "exited"), "tires-of-waiting")
    replied(the_server(trace), "a", 2, codes)
    return say("after a silence the next message was answered")


@check(
    "server.interrupt",
    points=0.5,
    severity=SHOULD,
    needs=("server.replies",),
    requirement=say("Ctrl-C (SIGINT) ends the program within 3 s"),
)
def server_interrupt(trace: Trace) -> Text:
    return _stopped(trace)


@check(
    "server.terminate",
    points=0.5,
    severity=SHOULD,
    needs=("server.replies",),
    requirement=say("SIGTERM ends the program, with all its processes, within 3 s"),
)
def server_terminate(trace: Trace) -> Text:
    return _stopped(trace)


def _stopped(trace: Trace) -> Text:
    replied(the_server(trace), "a", 1, {})
    serving.stopped(the_server(trace))
    return say("it ended, and nothing of it is left")
