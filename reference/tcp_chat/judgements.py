"""What is asked of both roles alike: that lines reach the other side and the screen, and that a conversation ends.

`conversed` follows a script line by line. What goes wrong first has a symptom, and the check's table says which
mistake that is; where the bytes or the screen tell more, that is said instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from grader.analysis.terminal import Line, ends_a_line
from grader.checks import Unclear, fail
from grader.model import Asked, Ended, Event, InputEnded, Received, Refused, Text, say
from grader.wire.terminal import readable

from .readings import Party, is_message, on_stderr, printed_like_a_message, quoted, screen

QUIT = (b"Q", b"q")
Codes = Mapping[str, str]

GENERAL: Codes = {
    "unsent": "does-not-send",
    "changed": "changes-message",
    "sent": "changes-message",
    "unread": "waits-for-more",
    "unprinted": "not-printed",
    "misprinted": "changes-message",
    "out-of-turn": "out-of-turn",
    "stuck": "one-message-only",
    "ended": "one-message-only",
}
UNICODE = {**GENERAL, **dict.fromkeys(("raised", "misprinted", "changed", "unprinted"), "not-utf8")}
LONG = {**GENERAL, "misprinted": "short-recv", "raised": "short-recv", "unprinted": "short-recv", "unsent": "low-limit"}
TOO_LONG = {
    **GENERAL,
    "sent": "no-limit",
    "stuck": "not-asked-again",
    **dict.fromkeys(("ended", "raised", "returned", "exited"), "too-long-ends"),
}
BLANK = {**GENERAL, **dict.fromkeys(("unsent", "changed", "unprinted", "misprinted", "sent"), "blank-as-empty")}
CUT_OFF = dict.fromkeys((*GENERAL, "raised", "returned", "exited"), "idle-cut-off")
EMPTY = {**GENERAL, "stuck": "empty-line-deadlock", "ended": "empty-line-ends", "returned": "empty-line-ends"}


def conversed(party: Party, count: int, codes: Codes = GENERAL) -> int:
    """The first `count` lines of a conversation went as they should; how many messages those were. Fails otherwise.

    Symptoms: a message that was typed is "unsent" or "changed"; a line that is no message is "sent"; a message heard is
    "unprinted", or "unread" where the program waits for more than that; it is "misprinted", or something was sent
    "out-of-turn" after it; then the program is "stuck" (it asks for no line), or it has "ended" the conversation.
    """
    seen = party.lines[:count]
    if party.before.got:
        expected = say("nothing is sent but what was typed")
        _fail(party, expected, say("{got} was sent", got=quoted(party.before.got)), codes, "out-of-turn")
    for number, line in enumerate(seen, 1):
        if line.by == "person":
            _reached(party, line, codes)
        else:
            _printed(party, line, codes)
        if number < count and number == len(seen):
            refused = [x for x in seen[-2:] if not is_message(x)]
            _stopped(party, line, {**codes, "stuck": "tested-once"} if len(refused) == 2 else codes)
    if not seen:
        expected = say("the program asks for a line to say")
        if party.before.ended:
            fail(expected, party.because(say("the connection was closed")), party.slip or "closes-at-once", party.where)
        _fail(party, expected, party.state, codes, "ended" if party.trace.of(Refused) else "stuck")
    return sum(is_message(line) for line in seen)


def _reached(party: Party, line: Line, codes: Codes) -> None:
    if not is_message(line):
        if line.got:
            expected = say("nothing is sent for a line of {n} bytes", n=len(line.data))
            code = "cuts-line" if line.data.startswith(line.got) and line.got != line.data else codes.get("sent")
            fail(expected, say("{got} was sent", got=quoted(line.got)), code, party.where)
        return
    expected = say("{text} reaches the other side", text=quoted(line.data))
    if not line.got:
        seen = say("the connection was closed instead") if line.ended else say("nothing was sent")
        _fail(party, expected, party.because(seen), codes, "ended" if line.ended else "unsent")
    if not line.arrived:
        fail(expected, say("{got} was sent", got=quoted(line.got)), change(line) or codes.get("changed"), party.where)


def change(line: Line) -> str | None:
    """What was made of a message on its way to the wire, where that can be told."""
    for encoding in ("gbk", "utf-16", "utf-16-le", "utf-16-be"):
        if line.got == line.text.encode(encoding, "replace"):
            return "not-utf8"
    return "adds-to-message" if line.data in line.got else None


def _printed(party: Party, line: Line, codes: Codes) -> None:
    if not line.printed and not line.printed_late:
        _unprinted(party, line, codes)
    if line.got:
        expected = say("after {text} it is their person's turn, and nothing is sent before", text=quoted(line.data))
        _fail(party, expected, say("{got} was sent", got=quoted(line.got)), codes, "out-of-turn")


def _unprinted(party: Party, line: Line, codes: Codes) -> NoReturn:
    expected = say("a line is printed that ends with {text}", text=quoted(line.data))
    if seen := screen(line.shown) or screen(line.late):
        actual = say("{shown} was printed", shown=quoted(seen))
        actual = party.because(actual) if party.fate else actual
        earlier = [x.text for x in party.lines[: party.lines.index(line)] if x.by == "peer" and not x.printed]
        delayed = "asks-before-print" if any(ends_a_line(text, seen) for text in earlier) else None
        fail(expected, actual, party.slip or misprint(line) or delayed or codes.get("misprinted"), party.where)
    if on_stderr(party, line):
        fail(expected, say("it was written to stderr, where prompts and logs go"), "prints-elsewhere", party.where)
    actual = party.because(say("nothing was printed"))
    waits = not party.fate and party.reason and not line.asked and not line.ended
    _fail(party, expected, actual, codes, "unread" if waits else "unprinted")


def misprint(line: Line) -> str | None:
    """What was made of a message on its way to the screen, where that can be told."""
    shown = readable(line.shown + line.late)
    if repr(line.data) in shown:
        return "prints-bytes"
    if line.text.strip() and line.text in shown:
        return "prints-behind"
    if not line.data.isascii() and line.data.decode("gbk", "replace") in shown:
        return "not-utf8"
    text, sizes = line.text, range(1, len(line.text))
    rests = ((text[:n], text[n : 2 * n]) for n in sizes)
    in_pieces = any(rest.strip() and rest in line.late and ends_a_line(piece, line.shown) for piece, rest in rests)
    return "short-recv" if in_pieces else None


def _stopped(party: Party, line: Line, codes: Codes) -> NoReturn:
    """The conversation should have gone on after this line."""
    if line.ended:
        expected = say("the conversation goes on after {text}", text=quoted(line.data))
        _fail(party, expected, party.because(say("the connection was closed")), codes, "ended")
    expected = say("the program asks for the next line after {text}", text=quoted(line.data))
    _fail(party, expected, party.state, codes, "stuck")


def _fail(party: Party, expected: Text, actual: Text, codes: Codes, symptom: str) -> NoReturn:
    fail(expected, actual, party.slip or codes.get(party.fate) or codes.get(symptom), party.where)


def printed_in_time(party: Party, count: int) -> int:
    """What was heard was on the screen when the program asked for the next line; how many messages that were."""
    early = party.before.asked and party.lines[0].by == "peer"
    if early or any(line.by == "person" and line.asked and line.arrived for line in party.lines[:count]):
        expected = say("a line is asked for when it is the person's turn, and what was heard is on the screen")
        actual = say("the program asked for a line in the other side's turn")
        fail(expected, actual, "asks-out-of-turn", party.where)
    heard = [line for line in party.lines[:count] if line.by == "peer" and line.asked]
    if not heard:
        raise Unclear(say("there is no reading of this: {what}", what="Asked"))
    for line in heard:
        if not line.printed:
            expected = say("{text} is on the screen when the next line is asked for", text=quoted(line.data))
            actual = say("the program asked for a line first, and printed it later")
            fail(expected, actual, "asks-before-print", party.where)
    return len(heard)


# --- the end --------------------------------------------------------------------------------------------------------


def said_quit(party: Party, count: int) -> Text:
    """The person said Q as the last line of a script of so many: it was sent, and then the connection was closed."""
    line = last(party, count)
    expected = say("{text} is sent, and then the connection is closed", text=quoted(line.data))
    if not line.got:
        fail(expected, party.because(say("nothing was sent")), "quit-not-sent", party.where)
    if not line.arrived:
        actual = say("{got} was sent", got=quoted(line.got))
        fail(expected, actual, change(line) or "quit-goes-on", party.where)
    if not line.ended or line.asked:
        fail(expected, party.because(_still(line)), "quit-goes-on", party.where)
    return say("{text} was sent, then the connection was closed", text=quoted(line.data))


def heard_quit(party: Party, count: int) -> Text:
    """Our peer said Q as the last line of a script of so many: not printed, not answered, the connection closed."""
    line = last(party, count)
    expected = say("{text} ends the conversation: the connection is closed, nothing is printed", text=quoted(line.data))
    if line.asked or not line.ended:
        code = "quit-not-heard" if line.asked or line.printed else "never-closes"
        fail(expected, party.because(_still(line)), code, party.where)
    _quietly(party, line, expected)
    return say("the connection was closed, and nothing was printed")


def _quietly(party: Party, line: Line, expected: Text) -> None:
    """What ended the conversation was neither answered nor printed."""
    if line.got:
        fail(expected, say("it was answered with {got}", got=quoted(line.got)), "quit-answered", party.where)
    if printed_like_a_message(party, line):
        actual = say("{shown} was printed", shown=quoted(screen(line.shown + line.late)))
        fail(expected, actual, "quit-printed", party.where)


def _still(line: Line) -> Text:
    return say("the program asked for another line") if line.asked else say("the connection stayed open")


def last(party: Party, count: int, codes: Codes = GENERAL) -> Line:
    """The last line of a script of so many. Fails where the conversation did not get so far."""
    if len(party.lines) < count:
        conversed(party, count, codes)
    return party.lines[count - 1]


def words_are_text(party: Party, count: int) -> None:
    """Words that only resemble Q are messages like any other."""
    codes = {**GENERAL, "ended": "quit-too-broad", "unsent": "quit-too-broad", "unprinted": "quit-too-broad"}
    codes |= {"returned": "quit-too-broad", "misprinted": "strips-message", "changed": "strips-message"}
    blank = next((i for i, line in enumerate(party.lines[:count]) if not line.text.strip()), count)
    conversed(party, blank, codes)
    conversed(party, count, BLANK)


def small_q_ends(party: Party, count: int, by: str) -> None:
    """q was said as the last line of a script of so many, and all is as after Q."""
    line = last(party, count)
    expected = say("{text} ends the conversation: the connection is closed", text=quoted(line.data))
    if line.by != by or line.data not in QUIT or not line.ended or line.asked:
        fail(expected, party.because(_still(line)), "quit-one-case", party.where)
    if by == "peer":
        _quietly(party, line, expected)
    elif line.got not in QUIT:
        expected = say("{text} is sent, and then the connection is closed", text=quoted(line.data))
        actual = say("{got} was sent", got=quoted(line.got)) if line.got else say("nothing was sent")
        fail(expected, actual, "quit-goes-on" if line.got else "quit-not-sent", party.where)


def after(party: Party, kind: type[Event]) -> tuple[Event, ...]:
    """What followed the first event of this kind on this connection, or of this run."""
    events = party.trace.events
    ours = (party.conn, party.run)
    found = (
        i for i, e in enumerate(events) if isinstance(e, kind) and getattr(e, "conn", getattr(e, "run", "")) in ours
    )
    return events[next(found, len(events)) + 1 :]


def noticed_end(party: Party, kind: type[Event]) -> None:
    """After the peer's end the connection was closed, without another line being asked for."""
    expected = say("the conversation ends: the connection is closed, and no other line is asked for")
    events = after(party, kind)
    ended = next((i for i, e in enumerate(events) if isinstance(e, Ended) and e.conn == party.conn), None)
    asked = any(isinstance(e, Asked) and e.run == party.run for e in events[:ended])
    if ended is None or asked:
        code = "spin-on-eof" if party.fate == "busy" else "end-not-noticed" if asked else "never-closes"
        seen = say("the program asked for another line") if asked else say("the connection stayed open")
        fail(expected, party.because(seen), code, party.where)


def input_ended(party: Party) -> bytes:
    """After Ctrl-D the connection was closed and no exception raised; what was still sent."""
    if not party.trace.of(InputEnded):
        raise Unclear(say("the case was not played"))
    expected = say("the end of the input ends the conversation: the connection is closed, nothing is raised")
    events = after(party, InputEnded)
    if party.raised and "SystemExit" not in party.raised.bases:
        code = "eof-error" if "EOFError" in party.raised.bases else None
        fail(expected, party.state, code, party.where)
    if any(isinstance(e, Asked) for e in events) or not any(isinstance(e, Ended) for e in events):
        fail(expected, party.state, "input-end-ignored", party.where)
    sent = b"".join(e.data for e in events if isinstance(e, Received))
    if sent not in (b"", *QUIT):  # to say goodbye is no mistake
        fail(expected, say("{got} was sent", got=quoted(sent)), "out-of-turn", party.where)
    return sent


def ends_by_itself(party: Party, about: Text) -> None:
    """The client's run came to its end after the server had gone: it returned, or raised an OSError."""
    expected = Text("{about}: {what}", {"about": about, "what": say("chat returns or raises an OSError")})
    raised = party.raised
    if raised and not {"OSError", "SystemExit"} & set(raised.bases):
        fail(expected, party.state, party.slip or "wrong-exception", party.where)
    if party.fate not in ("raised", "returned", "exited"):
        code = "spin-on-eof" if party.fate == "busy" else "end-not-noticed"
        fail(expected, party.state, code, party.where)


def nonsense_ends(party: Party, count: int, codes: Codes) -> None:
    """Bytes that are no UTF-8, said by our peer as the last line of a script, end the conversation."""
    line = last(party, count, codes)
    if line.asked or not line.ended:
        expected = say("{text} ends the conversation: the connection is closed", text=quoted(line.data))
        code = "decodes-anyway" if line.asked else "never-closes"
        fail(expected, party.because(_still(line)), code, party.where)
