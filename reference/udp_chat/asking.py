"""The checks of the client where nothing is lost: what it sends, what it prints, whom it believes, when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from grader.analysis.serving import measured
from grader.checks import SHOULD, check, fail
from grader.model import InputEnded, Text, Trace, say

from .readings import BAD, data_of, outcome_of
from .talks import Line, because, client_fell, ended, lines, place, state, talked

AT_ONCE = 0.5  # seconds
SENT = {"not-sent": "sends-elsewhere", "gave-up": "sends-elsewhere", "other": "changes-text"}
PRINTED = {
    "bytes": "prints-bytes",
    "not-printed": "does-not-print",
    "stripped": "prints-stripped",
    "late": "asks-too-early",
    "stale": "stale-answer",
    "stranger": "any-sender",
}


@check(
    "client.sends",
    points=0.5,
    case="client.turns",
    requirement=say("a line that is typed goes out as one datagram, in UTF-8, to the server's address"),
)
def client_sends(trace: Trace) -> Text:
    talked(trace, "a", 1, SENT, printed=False)
    return say("{data} came", data=data_of(lines(trace, "a")[0].requests[0].data))


@check(
    "client.prints",
    points=1,
    case="client.turns",
    needs=("client.sends",),
    requirement=say("the answer is printed as text"),
)
def client_prints(trace: Trace) -> Text:
    talked(trace, "a", 1, PRINTED)
    return say("the answer was printed")


@check(
    "client.many",
    points=0.5,
    case="client.turns",
    needs=("client.prints",),
    requirement=say("it goes on line by line, and asks for the next one when the answer is printed"),
)
def client_many(trace: Trace) -> Text:
    talked(trace, "a", 3, {"not-asked": "one-line-only", **PRINTED})
    if any(line.early for line in lines(trace, "a")):
        expected = say("it asks for the next line when the answer is printed")
        fail(expected, say("it asked for the next line before the answer came"), "asks-too-early")
    _goes_on(trace, "a", {"not-asked": "one-line-only"})
    return say("three lines were sent, and their answers printed")


@check(
    "client.at-once",
    points=0.5,
    case="client.turns",
    severity=SHOULD,
    needs=("client.many",),
    requirement=say("it takes the answer as soon as it is there"),
)
def client_at_once(trace: Trace) -> Text:
    if measured(trace, "asleep while the answer lay there"):
        expected = say("it wakes when the answer comes")
        fail(expected, say("it slept on while the answer lay there"), "sleeps-first")
    return say("it read the answer at once")


@check(
    "client.arguments",
    points=0.5,
    needs=("client.prints",),
    requirement=say("it talks to the host and the port that chat is given"),
)
def client_arguments(trace: Trace) -> Text:
    talked(trace, "a", 1, {**SENT, "not-printed": "sends-elsewhere"})
    return say("it reached a server on another address")


@check(
    "client.texts",
    points=0.5,
    needs=("client.many",),
    requirement=say("Chinese, emoji and messages of 1024 bytes go both ways unharmed"),
)
def client_texts(trace: Trace) -> Text:
    talked(trace, "a", 3, {"other": "changes-text", "not-printed": "short-buffer"})
    return say("three messages and their answers came whole")


@check(
    "client.empty-answer",
    points=0.5,
    needs=("client.many",),
    requirement=say("an empty answer is an answer: the talk goes on"),
)
def client_empty_answer(trace: Trace) -> Text:
    table = dict.fromkeys(("not-asked", "not-sent", "gave-up", "raised"), "empty-means-end")
    if len(lines(trace, "a")[0].requests) > 1:
        fail(say("the empty answer is taken"), say("the line was sent again"), "empty-means-end")
    talked(trace, "a", 2, table)
    return say("after an empty answer the next line was sent")


@check(
    "client.empty-line",
    points=0.5,
    severity=SHOULD,
    needs=("client.many",),
    requirement=say("an empty line is a message too: it goes out as an empty datagram"),
)
def client_empty_line(trace: Trace) -> Text:
    talked(trace, "a", 3, dict.fromkeys(("not-asked", "not-sent", "asks-on", "other"), "empty-line-unsent"))
    return say("an empty datagram came, and the talk went on")


@check(
    "client.blanks",
    points=0.5,
    severity=SHOULD,
    needs=("client.many",),
    requirement=say(
        "a line is sent as it was typed, and an answer printed as it came, with their blanks; ` Q` is no Q"
    ),
)
def client_blanks(trace: Trace) -> Text:
    quits = dict.fromkeys(("not-sent", "not-asked"), "quit-too-easily")
    talked(trace, "a", 4, {**PRINTED, **quits, "other": "changes-text"})
    return say("lines and answers with blanks stayed as they were")


# --- the end of the talk --------------------------------------------------------------------------------------------


@check(
    "client.quit-typed",
    points=0.5,
    needs=("client.many",),
    requirement=say("Q or q typed ends the client, and is not sent"),
)
def client_quit_typed(trace: Trace) -> Text:
    for run, word in (("after a talk", "Q"), ("at once", "q")):
        typed = next((x for x in lines(trace, run) if x.text == word), None)
        expected = say("{word} typed: nothing is sent, and chat returns", word=word)
        if typed and typed.requests:
            code = "quit-is-sent" if ended(trace, run) else "quit-unseen"  # one that knows the word ends after it
            actual = say("{data} was sent", data=data_of(typed.requests[0].data))
            fail(expected, because(actual, trace, run), code, place(trace, run))
        if not typed or not ended(trace, run):
            fail(expected, state(trace, run), client_fell(trace, run) or "quit-unseen", place(trace, run))
    return say("both ended it, and nothing was sent")


@check(
    "client.quit-words",
    points=0.5,
    needs=("client.quit-typed",),
    requirement=say("only Q and q end the talk: Quit, QQ and exit are text, typed or heard"),
)
def client_quit_words(trace: Trace) -> Text:
    code = "quit-too-easily"
    talked(trace, "a", 4, {"not-asked": code, "not-sent": code, "not-printed": code})
    _goes_on(trace, "a", {"not-asked": code})
    return say("four such words were sent, four were heard, and the talk went on")


@check(
    "client.quit-heard",
    points=1,
    needs=("client.many",),
    requirement=say("Q or q as the answer ends the client"),
)
def client_quit_heard(trace: Trace) -> Text:
    for word in "Qq":
        run = f"hears {word}"
        talked(trace, run, 2, {"not-asked": "one-line-only"}, printed=False)
        if not ended(trace, run):
            expected = say("{word} heard: chat returns", word=word)
            fail(expected, because(_after(lines(trace, run)[-1]), trace, run), "quit-unheard", place(trace, run))
    return say("both ended it")


@check(
    "client.input-ends",
    points=0.5,
    severity=SHOULD,
    needs=("client.many",),
    requirement=say("the end of the input (Ctrl-D) ends the client without an error"),
)
def client_input_ends(trace: Trace) -> Text:
    expected = say("chat returns when there is nothing more to read")
    if not trace.of(InputEnded, run="a") or not ended(trace, "a"):
        fail(expected, state(trace, "a"), "end-of-input", place(trace, "a"))
    return say("it returned")


# --- whom to believe ------------------------------------------------------------------------------------------------


@check(
    "client.strangers",
    points=0.5,
    severity=SHOULD,
    needs=("client.many",),
    requirement=say("a datagram from anybody but the server counts for nothing"),
)
def client_strangers(trace: Trace) -> Text:
    for line in lines(trace, "a"):
        if any(b.at - a.at < AT_ONCE for a, b in pairwise(line.requests)):
            actual = say("when a stranger's came, the line was sent again at once")
            fail(say("a stranger's datagram changes nothing"), actual, "stranger-counts")
    talked(trace, "a", 2, {**PRINTED, **dict.fromkeys(("gave-up", "raised", "not-asked", "not-printed"), "any-sender")})
    return say("two words of a stranger were ignored")


@check(
    "client.duplicates",
    points=0.5,
    severity=SHOULD,
    needs=("client.many",),
    requirement=say("an answer that arrives twice is not taken for the answer to the next line"),
)
def client_duplicates(trace: Trace) -> Text:
    talked(trace, "a", 3, {"stale": "stale-answer"})
    return say("each line got its own answer")


@check(
    "client.bad-answers",
    points=0.5,
    severity=SHOULD,
    needs=("client.many",),
    requirement=say("an answer that is not UTF-8, or longer than 1024 bytes, is ignored: the next good one counts"),
)
def client_bad_answers(trace: Trace) -> Text:
    died = outcome_of(trace, "a").is_a("UnicodeDecodeError")
    for i, code in enumerate(("answers-bad-text", "answers-bad-text", "takes-a-part", "takes-a-part"), 1):
        symptoms = ("not-asked", "not-sent", "not-printed", "bytes")
        table = dict.fromkeys(("raised", *symptoms), "dies-on-bad-text") if died else dict.fromkeys(symptoms, code)
        talked(trace, "a", i, table)
        if BAD in lines(trace, "a")[i - 1].shown:
            fail(say("nothing of it is printed"), say("its beginning was printed"), "takes-a-part")
    return say("four bad answers were ignored")


def _goes_on(trace: Trace, run: str, table: Mapping[str, str]) -> None:
    """After its last line it asks for another."""
    seen = lines(trace, run)
    if not seen[-1].asked:
        expected = say("it asks for the next line")
        fail(expected, state(trace, run), table.get("not-asked"), place(trace, run))


def _after(line: Line) -> Text:
    return say("it asks for another line") if line.asked else say("it goes on")
