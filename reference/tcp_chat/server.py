"""The checks of a conversation with the student's server."""

from __future__ import annotations

from collections.abc import Mapping

from grader.analysis import serving
from grader.checks import SHOULD, check, fail
from grader.model import Ended, Finished, Received, Refused, Text, Trace, say

from . import judgements
from .judgements import GENERAL, conversed
from .readings import Party, program, quoted

WORDS = 24  # lines of q-words before its last


def them(trace: Trace, conn: str = "a") -> Party:
    return Party(trace, "server", conn)


@check("listen.starts", points=0.5, requirement=say("serve opens a port and goes on listening"))
def starts(trace: Trace) -> Text:
    return serving.starts(program(trace, "one"))


@check(
    "listen.arguments",
    points=0.5,
    case="listen.starts",
    needs=("listen.starts",),
    requirement=say("it listens on the host and the port that serve is given, and nowhere else"),
)
def arguments(trace: Trace) -> Text:
    return serving.listens_as_told(program(trace, "one"), program(trace, "two"))


@check(
    "server.speaks-first",
    points=0.5,
    case="server.turns",
    needs=("listen.arguments",),
    requirement=say("the server speaks first: a line that is typed there reaches the client"),
)
def server_speaks_first(trace: Trace) -> Text:
    conversed(them(trace), 1, {**GENERAL, "stuck": "waits-to-hear-first", "unsent": "does-not-send"})
    return say("the first line that was typed reached the client")


@check(
    "server.turns",
    points=1,
    needs=("server.speaks-first",),
    requirement=say("three turns of each side: what is typed reaches the client, what the client says is printed"),
)
def server_turns(trace: Trace) -> Text:
    n = conversed(them(trace), 7)
    return say("{n} messages went to and fro", n=n)


@check(
    "server.prints-first",
    points=0.5,
    case="server.turns",
    needs=("server.turns",),
    requirement=say("what the client says is on the screen before the server asks for the next line"),
)
def server_prints_first(trace: Trace) -> Text:
    n = judgements.printed_in_time(them(trace), 7)
    return say("{n} messages were on the screen when the next line was asked for", n=n)


@check(
    "server.unicode",
    points=0.5,
    needs=("server.turns",),
    requirement=say("Chinese, emoji and other scripts arrive on both sides as they were typed"),
)
def server_unicode(trace: Trace) -> Text:
    n = conversed(them(trace), 7, judgements.UNICODE)
    return say("{n} messages went to and fro", n=n)


@check(
    "server.long",
    points=0.5,
    needs=("server.turns",),
    requirement=say("messages of 1024 bytes arrive whole on both sides"),
)
def server_long(trace: Trace) -> Text:
    n = conversed(them(trace), 5, judgements.LONG)
    return say("{n} messages went to and fro", n=n)


@check(
    "server.empty-line",
    points=1,
    needs=("server.turns",),
    requirement=say("for an empty line nothing is sent: the server asks again, and the turn goes on"),
)
def server_empty_line(trace: Trace) -> Text:
    conversed(them(trace), 6, judgements.EMPTY)
    return say("nothing was sent for three empty lines, and the conversation went on")


@check(
    "server.too-long",
    points=0.5,
    severity=SHOULD,
    needs=("server.empty-line",),
    requirement=say("a typed line of more than 1024 bytes is not sent: the server asks again"),
)
def server_too_long(trace: Trace) -> Text:
    conversed(them(trace), 6, judgements.TOO_LONG)
    return say("nothing was sent for lines of 1025 and 1026 bytes")


# --- the end of a conversation --------------------------------------------------------------------------------------


@check(
    "server.says-q",
    points=0.5,
    needs=("server.turns",),
    requirement=say("Q typed at the server is sent to the client, and then the connection is closed"),
)
def server_says_q(trace: Trace) -> Text:
    return judgements.said_quit(them(trace), 3)


@check(
    "server.hears-q",
    points=0.5,
    needs=("server.turns",),
    requirement=say("Q said by the client is not printed and not answered: the connection is closed"),
)
def server_hears_q(trace: Trace) -> Text:
    return judgements.heard_quit(them(trace), 4)


@check(
    "server.q-words",
    points=0.5,
    needs=("server.says-q", "server.hears-q"),
    requirement=say("q ends the conversation as Q does, and longer words or blanks beside it are ordinary text"),
)
def server_q_words(trace: Trace) -> Text:
    judgements.words_are_text(them(trace), WORDS)
    judgements.small_q_ends(them(trace), WORDS + 1, "person")
    judgements.small_q_ends(them(trace, "b"), 2, "peer")
    return say("q ended it on either side, and {n} words were ordinary text", n=WORDS // 2)


@check(
    "server.end-of-input",
    points=0.5,
    severity=SHOULD,
    needs=("server.turns",),
    requirement=say("the end of the input (Ctrl-D) ends the conversation: the connection is closed in good order"),
)
def server_end_of_input(trace: Trace) -> Text:
    judgements.input_ended(them(trace))
    return say("the connection was closed")


# --- clients that come and go ---------------------------------------------------------------------------------------


def served(trace: Trace, conn: str, about: Text, codes: Mapping[str, str]) -> None:
    """One of the lines that were typed reached this client."""
    party = them(trace, conn)
    if any(line.arrived for line in party.lines if line.by == "person"):
        return
    typed = sum(line.by == "person" for line in party.lines)
    if trace.of(Refused, conn=conn):
        seen = say("nobody takes the connection")
    elif typed > 1:
        seen = say("{n} lines were typed, and none reached the client", n=typed)
    else:
        seen = say("nothing reached the client")
    actual = Text("{about}: {actual}", {"about": about, "actual": party.because(seen)})
    cut_off = party.raised and "ConnectionError" in party.raised.bases
    code = "vanished-client-kills" if cut_off else party.slip or codes.get(party.fate) or codes.get("")
    fail(say("the next client is served"), actual, code, party.where)


DEAD = ("returned", "raised", "exited", "vanished")
GONE = {"": "stays-with-the-gone", "busy": "spin-on-eof", **dict.fromkeys(DEAD, "ends-with-its-client")}


@check(
    "server.next-client",
    points=1,
    needs=("server.says-q", "server.hears-q"),
    requirement=say("after a conversation the server takes the next client, and nothing is left of the one before"),
)
def server_next_client(trace: Trace) -> Text:
    codes = {**dict.fromkeys(GENERAL, "state-left-over"), **dict.fromkeys(DEAD, "ends-with-its-client")}
    for conn in "abc":
        conversed(them(trace, conn), 2, codes)
    return say("three clients were served, one after another")


@check(
    "server.one-at-a-time",
    points=0.5,
    needs=("server.next-client",),
    requirement=say("a client that calls during another one's conversation waits until that is over, and is the next"),
)
def server_one_at_a_time(trace: Trace) -> Text:
    first, second = them(trace), them(trace, "b")
    over, heard = trace.first(Ended, conn="a"), trace.of(Received, conn="b")
    if heard and (not over or heard[0].at < over.at):
        expected = say("nothing is said to one client while the conversation with another goes on")
        fail(
            expected, say("{got} was sent to the second client", got=quoted(heard[0].data)), "talks-to-two", first.where
        )
    if not over:
        fail(say("the conversation goes on although a second client calls"), first.state, "talks-to-two", first.where)
    if not heard:
        fail(say("the client that has waited is the next"), second.state, "state-left-over", second.where)
    return say("the second client waited until the conversation with the first was over")


@check(
    "server.client-leaves",
    points=1,
    needs=("server.turns",),
    requirement=say("a client that closes instead of answering ends the conversation, and the next one is served"),
)
def server_client_leaves(trace: Trace) -> Text:
    judgements.noticed_end(them(trace), Finished)
    served(trace, "b", say("after a client has closed when it was its turn"), GONE)
    return say("the connection was closed, and the next client was served")


@check(
    "server.leaves-while-asked",
    points=0.5,
    needs=("server.turns",),
    requirement=say("a client that leaves while a line is being typed costs no more than that line"),
)
def server_leaves_while_asked(trace: Trace) -> Text:
    served(trace, "b", say("after a client has left without a word"), GONE)
    served(trace, "c", say("after a client has left when a line was asked for"), GONE)
    return say("the clients after them were served")


@check(
    "server.reset",
    points=0.5,
    needs=("server.turns",),
    requirement=say("a client that breaks off (RST) in any turn harms nobody"),
)
def server_reset(trace: Trace) -> Text:
    codes = {**GONE, "returned": "vanished-client-kills"}
    served(trace, "b", say("after a client has broken off when a line was asked for"), codes)
    served(trace, "c", say("after a client has broken off when it was its turn"), codes)
    return say("the clients after them were served")


@check(
    "server.not-utf8",
    points=0.5,
    severity=SHOULD,
    needs=("server.turns",),
    requirement=say("bytes that are no UTF-8 end the conversation, and the next client is served"),
)
def server_not_utf8(trace: Trace) -> Text:
    codes = dict.fromkeys(("raised", "returned", "exited", "stuck", "ended"), "dies-of-bytes")
    for conn in "abc":
        judgements.nonsense_ends(them(trace, conn), 2, codes)
    served(trace, "d", say("after bytes that are no UTF-8"), {**GONE, "raised": "dies-of-bytes"})
    return say("three conversations were ended, and the next client was served")
