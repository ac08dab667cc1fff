"""The checks of a conversation with the student's client."""

from __future__ import annotations

from grader.checks import SHOULD, Unclear, check, fail
from grader.model import Connected, Ended, Finished, Refused, Sent, Text, Trace, Unread, say

from . import judgements
from .judgements import GENERAL, conversed, ends_by_itself
from .readings import Party

WORDS = 25  # lines of q-words before its last


def them(trace: Trace, run: str = "client", conn: str = "") -> Party:
    """A run of the client; its connection bears the same name."""
    return Party(trace, run, conn or run)


@check(
    "client.connects",
    points=0.5,
    case="client.turns",
    requirement=say("chat connects to the host and the port that it is given"),
)
def client_connects(trace: Trace) -> Text:
    party = them(trace)
    if not trace.of(Connected):
        if not trace.of(Refused):
            raise Unclear(say("the case was not played"))
        seen = party.because(say("nobody connected there"))
        expected = say("a connection to the address that chat was given")
        fail(expected, seen, party.slip or "connects-elsewhere", party.where)
    return say("it connected")


@check(
    "client.listens-first",
    points=0.5,
    case="client.turns",
    needs=("client.connects",),
    requirement=say("the server speaks first: the client asks for a line only after it has heard one"),
)
def client_listens_first(trace: Trace) -> Text:
    party = them(trace)
    if not trace.of(Sent):
        raise Unclear(say("the case was not played"))
    if party.before.asked and trace.of(Unread):  # one that reads ahead, in a thread of its own perhaps, does listen
        expected = say("it waits for the server's first message")
        fail(expected, say("it asked for a line before anything was said to it"), "speaks-first", party.where)
    if not party.lines[0].asked and len(party.lines) < 2:
        expected = say("the program asks for a line when it has heard one")
        stuck = GENERAL["stuck"] if party.fate else "waits-for-more"
        fail(expected, party.state, party.slip or stuck, party.where)
    return say("it asked for a line after the server's first message")


@check(
    "client.turns",
    points=1,
    needs=("client.listens-first",),
    requirement=say("three turns of each side: what the server says is printed, what is typed reaches the server"),
)
def client_turns(trace: Trace) -> Text:
    n = conversed(them(trace), 8)
    return say("{n} messages went to and fro", n=n)


@check(
    "client.prints-first",
    points=0.5,
    case="client.turns",
    needs=("client.turns",),
    requirement=say("what the server says is on the screen before the client asks for the next line"),
)
def client_prints_first(trace: Trace) -> Text:
    n = judgements.printed_in_time(them(trace), 8)
    return say("{n} messages were on the screen when the next line was asked for", n=n)


@check(
    "client.unicode",
    points=0.5,
    needs=("client.turns",),
    requirement=say("Chinese, emoji and other scripts arrive on both sides as they were typed"),
)
def client_unicode(trace: Trace) -> Text:
    n = conversed(them(trace), 8, judgements.UNICODE)
    return say("{n} messages went to and fro", n=n)


@check(
    "client.long",
    points=0.5,
    needs=("client.turns",),
    requirement=say("messages of 1024 bytes arrive whole on both sides"),
)
def client_long(trace: Trace) -> Text:
    n = conversed(them(trace), 6, judgements.LONG)
    return say("{n} messages went to and fro", n=n)


@check(
    "client.empty-line",
    points=0.5,
    needs=("client.turns",),
    requirement=say("for an empty line nothing is sent: the client asks again, and the turn goes on"),
)
def client_empty_line(trace: Trace) -> Text:
    conversed(them(trace), 7, judgements.EMPTY)
    return say("nothing was sent for three empty lines, and the conversation went on")


@check(
    "client.too-long",
    points=0.5,
    severity=SHOULD,
    needs=("client.empty-line",),
    requirement=say("a typed line of more than 1024 bytes is not sent: the client asks again"),
)
def client_too_long(trace: Trace) -> Text:
    conversed(them(trace), 7, judgements.TOO_LONG)
    return say("nothing was sent for lines of 1025 and 1026 bytes")


# --- the end of a conversation --------------------------------------------------------------------------------------


@check(
    "client.says-q",
    points=0.5,
    needs=("client.turns",),
    requirement=say("Q typed at the client is sent to the server, then the connection is closed and chat returns"),
)
def client_says_q(trace: Trace) -> Text:
    seen = judgements.said_quit(them(trace), 4)
    returned(them(trace))
    return seen


@check(
    "client.hears-q",
    points=0.5,
    needs=("client.turns",),
    requirement=say("Q said by the server is not printed and not answered: the connection is closed, and chat returns"),
)
def client_hears_q(trace: Trace) -> Text:
    seen = judgements.heard_quit(them(trace), 3)
    returned(them(trace))
    return seen


def returned(party: Party) -> None:
    """It came to its end, and not by an exception: SystemExit may be somebody's way to end a program."""
    if party.fate == "raised" and party.raised and "SystemExit" not in party.raised.bases:
        fail(say("chat returns"), party.state, "quit-raises", party.where)
    if party.fate not in ("raised", "returned", "exited"):
        fail(say("chat returns"), party.state, "quit-goes-on", party.where)


@check(
    "client.closes-in-order",
    points=0.5,
    case="client.says-q",
    severity=SHOULD,
    needs=("client.says-q",),
    requirement=say("the client closes in good order: the server sees its end (FIN), not a broken connection (RST)"),
)
def client_closes_in_order(trace: Trace) -> Text:
    ended = trace.first(Ended)
    if not ended:
        raise Unclear(say("the case was not played"))
    if ended.how != "fin":
        fail(say("the server sees FIN"), say("it sees RST"), "cuts-off", them(trace).where)
    return say("the server saw FIN")


@check(
    "client.q-words",
    points=0.5,
    needs=("client.says-q", "client.hears-q"),
    requirement=say("q ends the conversation as Q does, and longer words or blanks beside it are ordinary text"),
)
def client_q_words(trace: Trace) -> Text:
    judgements.words_are_text(them(trace, "a"), WORDS)
    judgements.small_q_ends(them(trace, "a"), WORDS + 1, "person")
    judgements.small_q_ends(them(trace, "b"), 3, "peer")
    return say("q ended it on either side, and {n} words were ordinary text", n=WORDS // 2)


@check(
    "client.end-of-input",
    points=0.5,
    severity=SHOULD,
    needs=("client.turns",),
    requirement=say("the end of the input (Ctrl-D) ends the conversation: the connection is closed, and chat returns"),
)
def client_end_of_input(trace: Trace) -> Text:
    judgements.input_ended(them(trace))
    returned(them(trace))
    return say("the connection was closed, and chat returned")


# --- a server that leaves -------------------------------------------------------------------------------------------


@check(
    "client.server-leaves",
    points=1,
    needs=("client.connects",),
    requirement=say("a server that closes instead of speaking ends the conversation"),
)
def client_server_leaves(trace: Trace) -> Text:
    ends_by_itself(them(trace, "at once"), say("after the server has closed without a word"))
    ends_by_itself(them(trace, "later"), say("after the server has closed when it was its turn"))
    judgements.noticed_end(them(trace, "later"), Finished)
    return say("it ended, both times")


@check(
    "client.leaves-while-asked",
    points=0.5,
    needs=("client.turns",),
    requirement=say("a server that leaves while a line is being typed ends the conversation after that line"),
)
def client_leaves_while_asked(trace: Trace) -> Text:
    ends_by_itself(them(trace), say("after the server has left and a line was typed"))
    return say("it ended")


@check(
    "client.reset",
    points=0.5,
    needs=("client.turns",),
    requirement=say("a server that breaks off (RST) in any turn ends the conversation"),
)
def client_reset(trace: Trace) -> Text:
    ends_by_itself(them(trace, "waiting"), say("after the server has broken off when it was its turn"))
    ends_by_itself(them(trace, "asked"), say("after the server has broken off and a line was typed"))
    return say("it ended, both times")


@check(
    "client.raises-reset",
    points=0.5,
    case="client.reset",
    severity=SHOULD,
    needs=("client.reset",),
    requirement=say("whoever called chat learns that the server broke off: an OSError is raised"),
)
def client_raises_reset(trace: Trace) -> Text:
    return raises(them(trace, "waiting"), "OSError", "hides-error")


@check(
    "client.waits",
    points=0.5,
    severity=SHOULD,
    needs=("client.prints-first",),
    requirement=say("the server may take as long as it likes for its answer"),
)
def client_waits(trace: Trace) -> Text:
    conversed(them(trace), 4, judgements.CUT_OFF)
    return say("after a pause the conversation went on")


@check(
    "client.refused",
    points=0.5,
    severity=SHOULD,
    needs=("client.connects",),
    requirement=say("where nobody listens, chat raises an OSError"),
)
def client_refused(trace: Trace) -> Text:
    return raises(them(trace), "OSError", "hides-error")


@check(
    "client.not-utf8",
    points=0.5,
    severity=SHOULD,
    needs=("client.turns",),
    requirement=say("bytes that are no UTF-8 end the conversation: chat raises a ValueError"),
)
def client_not_utf8(trace: Trace) -> Text:
    for run in "abc":
        judgements.nonsense_ends(them(trace, run), 1, GENERAL)
        raises(them(trace, run), "ValueError", "hides-error")
    return say("it raised a ValueError each time")


def raises(party: Party, name: str, code: str) -> Text:
    if not party.raised or name not in party.raised.bases:
        wrong = party.slip or ("wrong-exception" if party.raised else code)
        fail(say("chat raises {error}", error=name), party.state, wrong, party.where)
    return say("it raised {error}", error=party.raised.error)
