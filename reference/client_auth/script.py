"""What our side does in `client_auth`: clients that know the secret, or lie; a server that checks, or lies.

Chapter part 2, section 1.3. That a client was let in shows only in the answer to its next words, and that one was not,
only in the end of its connection: so every client says something after its digest, whatever that was. Where the server
may serve one client at a time, each goes before the next one comes.
"""

from functools import partial

from grader.instrument import Connection, Stage, case
from grader.model import GaveUp, say
from grader.wire import payload
from grader.wire.challenge import SIZE, answer
from reference.peers import serving
from reference.peers.auth import HELLO, Caller, Server, cut, mistakes, new_secret, talk
from reference.peers.serving import MIB, Crowd, closed, noticed, numbered, resources, shrunk, turn, watch

NO_TEXT = b" \0\xff\xfe\n\r"  # around a secret, or a challenge: blanks, a NUL, line ends, and no UTF-8
LINES = ("hello", "How are you?", "See you soon")
PATIENCE = 5.0  # seconds that a client has for its digest
LATEST = 7.0  # by then it has been cut off on any machine that is not overloaded
QUIET = 5.4  # seconds for which a client that was let in says nothing
IN_TIME, DRIP = 3.0, 0.45  # seconds until a digest that is still in time; between two characters of a slow one
SPIN = 0.9
OVERFLOW = 5 * MIB // 2  # twice as much as the system keeps for a client that does not read


def server(stage: Stage, **options: object) -> Server:
    return Server(stage, secret=new_secret(stage), **options)


def plain(stage: Stage, size: int) -> bytes:
    return payload.text(stage.rng, size, payload.PLAIN).encode()


# --- listening, starting, stopping ----------------------------------------------------------------------------------


@case("server.listens")
def listens(stage: Stage) -> None:
    serving.listens(stage, partial(Server, secret=new_secret(stage)))


@case("server.restart")
def restart(stage: Stage) -> None:
    secret = new_secret(stage)
    serving.restart(stage, partial(Server, secret=secret), talk(secret))


@case("server.restart-after-kill")
def restart_after_kill(stage: Stage) -> None:
    secret = new_secret(stage)
    serving.restart_after_kill(stage, partial(Server, secret=secret), talk(secret))


@case("server.stop-interrupt")
def stop_interrupt(stage: Stage) -> None:
    secret = new_secret(stage)
    serving.stop(stage, partial(Server, secret=secret), talk(secret), "SIGINT")


@case("server.stop-terminate")
def stop_terminate(stage: Stage) -> None:
    secret = new_secret(stage)
    serving.stop(stage, partial(Server, secret=secret), talk(secret), "SIGTERM")


@case("server.secret-kept")
def server_secret_kept(stage: Stage) -> None:
    """One client is let in and one is not; then the server is stopped, so that all it has printed is known."""
    program = server(stage)
    program.serves("friend")
    program.refuses("stranger", lambda asked: answer(b"another secret", asked))
    program.run.signal("SIGINT")
    program.run.wait(patience=3.0)


# --- challenge and digest -------------------------------------------------------------------------------------------


@case("server.challenge")
def challenge(stage: Stage) -> None:
    client, _ = server(stage).asked("a")
    noticed(stage)
    client.look()


@case("server.accepts")
def accepts(stage: Stage) -> None:
    secret = new_secret(stage)
    client = Server(stage, secret=secret).enter("a")
    if turn(client, HELLO) == HELLO.upper():
        return
    # What else would this program take for right? Each such answer names a mistake; our FIN follows at once.
    for code, proof in mistakes(secret).items():
        stage.resume()
        client = Server(stage, secret=secret, name=code).client(code)
        client.step(proof(client.receive(SIZE)))
        client.send(HELLO + b"\n")
        client.finish()
        if client.receive(len(HELLO)) == HELLO.upper():
            return


@case("server.any-secret")
def any_secret(stage: Stage) -> None:
    Server(stage, secret=new_secret(stage, NO_TEXT)).serves("a")


@case("server.challenge-fresh")
def challenge_fresh(stage: Stage) -> None:
    secret = new_secret(stage)
    for start in ("first", "second"):
        program = Server(stage, secret=secret, name=start)
        for number in range(1, 101):
            program.asked(f"{start} start, client {number}")[0].close()
        stage.resume()


@case("server.digest-split")
def digest_split(stage: Stage) -> None:
    program = server(stage)
    for name, points in (("halves", [16]), ("byte by byte", range(1, SIZE))):
        client, right = program.asked(name)
        client.step(*cut(right, points))
        turn(client, HELLO)
        client.close()


@case("server.digest-glued")
def digest_glued(stage: Stage) -> None:
    client, right = server(stage).asked("a")
    client.step(right + HELLO)
    client.receive(len(HELLO))
    turn(client, b"and more")


@case("server.short-io")
def server_short_io(stage: Stage) -> None:
    for most in (7, 1):
        stage.mark(f"at most {most} bytes a call")
        client = server(stage, shim=most, most=min(most, 3)).enter(f"cap {most}")
        for size in (5, 120):
            turn(client, plain(stage, size))
        if stage.over:
            return
        stage.resume()


# --- who is not let in ----------------------------------------------------------------------------------------------


@case("server.wrong-secret")
def wrong_secret(stage: Stage) -> None:
    program = server(stage)
    program.refuses("stranger", lambda asked: answer(b"another secret", asked))
    program.serves("friend")
    program.refuses("late stranger", lambda asked: answer(b"another secret", asked))


@case("server.near-miss")
def near_miss(stage: Stage) -> None:
    program = server(stage)
    for place in (0, 1, 15, 16, 31):
        program.refuses(f"character {place + 1} is wrong", lambda asked, at=place: spoilt(program.right(asked), at))
    program.refuses("one character too early", lambda asked: b"0" + program.right(asked))
    program.serves("friend")


def spoilt(digest: bytes, at: int) -> bytes:
    return digest[:at] + (b"0" if digest[at : at + 1] != b"0" else b"1") + digest[at + 1 :]


@case("server.truncated")
def truncated(stage: Stage) -> None:
    """The beginning of the right digest, and then other words, or the end."""
    program = server(stage)
    for size in (31, 1):
        client, right = program.asked(f"{size} characters, then words")
        client.step(right[:size])
        program.knock(client)
    for size in (31, 0):
        client, right = program.asked(f"{size} characters, then the end")
        client.step(right[:size])
        client.finish()
        client.receive_to_end(1000)
        client.close()
    program.serves("friend")


@case("server.not-text")
def not_text(stage: Stage) -> None:
    program = server(stage)
    for name, octet in (("ff", b"\xff"), ("00", b"\0")):
        program.refuses(f"32 times {name}", lambda asked, octet=octet: octet * SIZE)
        program.serves(f"friend after {name}")


@case("server.not-ascii")
def not_ascii(stage: Stage) -> None:
    program = server(stage)
    program.refuses("16 times é", lambda asked: "é".encode() * (SIZE // 2))
    program.serves("friend")


@case("server.words-first")
def words_first(stage: Stage) -> None:
    program = server(stage)
    client, right = program.asked("impatient")
    client.step(HELLO)
    client.look()
    client.send(right)
    program.knock(client)
    program.serves("friend")


@case("server.fifty-wrong")
def fifty_wrong(stage: Stage) -> None:
    program = server(stage)
    for number in range(1, 51):
        program.refuses(f"stranger {number}", lambda asked: answer(b"another secret", asked))
        if stage.over:
            return
    program.serves("friend")


@case("server.replay")
def replay(stage: Stage) -> None:
    """A digest that was right once; and two clients, each with the digest of the other."""
    program = server(stage)
    heard, right = program.asked("overheard")
    heard.step(right)
    turn(heard, HELLO)
    heard.close()
    program.refuses("replay", lambda asked: right)
    (left, for_left), (right_hand, for_right) = program.asked("left"), program.asked("right")
    left.step(for_right)
    program.knock(left)
    right_hand.step(for_left)
    program.knock(right_hand)
    program.serves("friend")


@case("server.constant-time")
def constant_time(stage: Stage) -> None:
    decoy = stage.rng.randbytes(SIZE // 2).hex()
    server(stage, entry="serve_comparing", decoy=decoy).refuses("decoy", lambda asked: decoy.encode())


# --- the conversation -----------------------------------------------------------------------------------------------


@case("server.messages")
def messages(stage: Stage) -> None:
    client = server(stage).enter("a")
    for message in (HELLO, b"second message", b"3rd"):
        turn(client, message)
    client.finish()
    client.receive_to_end(1000)


@case("server.any-bytes")
def any_bytes(stage: Stage) -> None:
    client = server(stage).enter("a")
    for octet in "好😀".encode():
        turn(client, bytes([octet]))
    turn(client, "straße, café, ǆ".encode())
    turn(client, b"  blanks, a line end and more blanks \r\n\t \n")
    turn(client, b"\r\n")
    turn(client, bytes(range(256)))
    turn(client, b"\xff\xfe not UTF-8 \xc3\x28 \xed\xa0\x80 \0 NUL")
    turn(client, b"q")


@case("server.long-stream")
def long_stream(stage: Stage) -> None:
    program = server(stage)
    client = program.enter("a")
    sent = [plain(stage, size) for size in (5000, 1024, 4096, MIB // 4 + 77)]
    for message in sent:
        client.exchange(message, len(message), window=8192)
    program.due(client, *sent)


@case("server.half-close")
def half_close(stage: Stage) -> None:
    """Half of the answer is still in the server's buffer when it closes: nothing is read before. Of another client's
    answer most is still in the program itself, or not even made, when the FIN comes."""
    program = server(stage)
    client = program.enter("a", receive_buffer=4096)
    data = plain(stage, 6000)
    client.send(data)
    client.finish()
    client.drained()
    stage.until(lambda: not program.close_wait() or noticed(stage, 0.02), "end", program.run, polling=True)
    client.receive_to_end(len(data))
    program.due(client, data)
    client = program.enter("b", receive_buffer=16_384, segment=1460)
    data = plain(stage, OVERFLOW)
    data = data[: client.flood(data)]
    client.finish()
    noticed(stage)
    client.widen()
    client.receive_to_end(len(data))
    program.due(client, data)


# --- several clients ------------------------------------------------------------------------------------------------


@case("server.silent")
def silent(stage: Stage) -> None:
    """One was let in and is silent; one owes its digest, and one half of it. None of them is gone at the end: who is
    served only then has waited for them."""
    program = server(stage)
    quiet = program.hello("quiet")
    program.serves("b")
    mute, _ = program.asked("mute")
    half, right = program.asked("half")
    half.send(right[:16])
    program.serves("c")
    still_owe(stage, program, [mute, half])
    turn(quiet, b"still here")


def still_owe(stage: Stage, program: Server, clients: list[Connection]) -> None:
    """Looks whether these have been cut off meanwhile. A machine may be so slow: then the case is played again."""
    for client in clients:
        client.look()
    if any(client.ended for client in clients):
        stage.record(GaveUp(stage.now(), "bytes", PATIENCE, program.run.name))


@case("server.side-by-side")
def side_by_side(stage: Stage) -> None:
    """The second client is asked before the first has answered."""
    program = server(stage)
    (first, for_first), (second, for_second) = program.asked("first"), program.asked("second")
    for client, right in ((first, for_first), (second, for_second)):
        client.step(right)
        turn(client, HELLO)


@case("server.slow")
def slow(stage: Stage) -> None:
    program = server(stage)
    slow = []
    for number in range(1, 21):
        client, right = program.asked(f"slow {number}")
        client.send(right[: number % 2 * 31])
        slow.append(client)
    program.serves("b")
    still_owe(stage, program, slow)


@case("server.crowd")
def five_hundred(stage: Stage) -> None:
    """Fifty after fifty come and are let in, so that nobody owes a digest for long; then all of them talk."""
    program = server(stage)
    crowds: list[Crowd] = []
    while len(crowds) < 10 and not stage.over:
        crowds.append(program.crowd(stage, 50))
    stage.measure("clients connected", sum(len(crowd.members) for crowd in crowds))
    for crowd in crowds:
        if not crowd.turn(numbered(100, plain(stage, 100))):
            break
    stage.measure("turns served", sum(crowd.served for crowd in crowds))
    for crowd in crowds:
        crowd.leave()


@case("server.early-close")
def early_close(stage: Stage) -> None:
    """It has not even looked at its challenge."""
    program = server(stage)
    rude = program.client("rude")
    noticed(stage)
    rude.close()
    noticed(stage)
    program.serves("friend")


@case("server.reset-idle")
def reset_idle(stage: Stage) -> None:
    """One breaks off in place of its digest, one was let in."""
    program = server(stage)
    rude, _ = program.asked("rude")
    noticed(stage)
    rude.reset()
    noticed(stage)
    program.serves("friend")
    ruder = program.hello("ruder")
    noticed(stage)
    ruder.reset()
    noticed(stage)
    program.serves("another friend")


@case("server.reset-midway")
def reset_midway(stage: Stage) -> None:
    """One breaks off in the middle of its digest, one when the answer to its words lies unread in its buffer."""
    program = server(stage)
    client, right = program.asked("rude")
    client.step(right[:7])
    client.reset()
    noticed(stage)
    program.serves("friend")
    client = program.hello("ruder")
    client.step(plain(stage, 5000))
    noticed(stage)
    client.reset()
    noticed(stage)
    program.serves("another friend")


@case("server.broken-pipe")
def broken_pipe(stage: Stage) -> None:
    """While a client does not read, another is served; then it breaks off. One cuts; one closes first, so that the
    server finds a broken pipe in place of a reset."""
    program = server(stage)
    for name, leave_by in (("rude", Connection.reset), ("ruder", Connection.close)):
        rude = program.enter(name, receive_buffer=4096)
        rude.flood(plain(stage, 8 * MIB))
        program.serves(f"neighbour of the {name} one")
        leave_by(rude)
        noticed(stage)
    program.serves("friend")


# --- time and resources ---------------------------------------------------------------------------------------------


@case("server.idle")
def idle(stage: Stage) -> None:
    """A client that was let in is silent; it goes; another goes in the middle of its digest."""
    program = server(stage)
    quiet = program.hello("quiet")
    watch(stage, "idle")
    quiet.close()
    noticed(stage, 0.05)
    if watch(stage, "after a client has gone") > SPIN:
        return
    program.serves("friend")
    client, right = program.asked("quitter")
    client.step(right[:7])
    client.close()
    noticed(stage, 0.05)
    if watch(stage, "after a client has gone in its digest") > SPIN:
        return
    program.serves("another friend")
    closed(stage, program)


@case("server.deadline", clock=True)
def deadline(stage: Stage) -> None:
    """One says nothing, one drips its digest, one answers late but in time, one was let in and is silent."""
    program = server(stage)
    (mute, _), (dripping, right), (late, late_right) = (program.asked(n) for n in ("mute", "dripping", "late"))
    quiet = program.hello("quiet")
    stage.mark(say("three clients owe their digest").template)
    began, seconds, drops = stage.now(), 0.0, 0
    while seconds < LATEST and (seconds < QUIET or mute.alive or dripping.alive) and not stage.over:
        stage.watch(0.05)
        mute.look()
        dripping.look()
        seconds = stage.now() - began
        if seconds > DRIP * drops:
            dripping.send(right[drops : drops + 1])
            drops += 1
        if seconds > IN_TIME and late.alive:
            late.step(late_right)
            turn(late, HELLO)
            late.close()
    stage.measure("waited", seconds, "s")
    if (mute.alive or dripping.alive) and not stage.over and not stage.settle(0.2, at_most=2.0):
        stage.record(GaveUp(stage.now(), "end", round(seconds, 1), program.run.name))  # too busy to be sure
    stage.mark(say("the silent client that was let in speaks").template)
    turn(quiet, b"still here")


@case("server.churn")
def churn(stage: Stage) -> None:
    """Good clients, such as are not let in, and such as do not even answer: what is left of them all?"""
    program = server(stage)
    come_and_go(stage, program, 5)
    before = resources(stage, program, "before")
    served = come_and_go(stage, program, 30)
    if shrunk(stage, program, before):  # otherwise that is enough
        served += come_and_go(stage, program, 70)
    stage.measure("clients served", served)
    shrunk(stage, program, before)
    resources(stage, program, "after")


def come_and_go(stage: Stage, program: Server, rounds: int) -> int:
    """In each round ten clients that are let in, two that are not, and two that go without a word. How many of the
    turns of the first came back right."""
    served = 0
    for _ in range(rounds):
        others = Crowd(stage, program)
        others.grow(4)
        others.hear(SIZE)
        others.tell(lambda number: b"?" * (number % 2 * SIZE))
        friends = program.crowd(stage, 10)
        good = friends.turn(numbered(100, plain(stage, 100)))
        served += friends.served
        friends.leave()
        others.leave()
        if not good:
            break
    return served


# --- the student's client -------------------------------------------------------------------------------------------


def chat(stage: Stage, *lines: str, **options: object) -> Caller:
    secret = new_secret(stage)
    return Caller(stage, lines, secret=secret, **options)


@case("client.digest")
def digest(stage: Stage) -> None:
    """A challenge that is text, so that only the digest is in question; all that the client sends is looked at."""
    caller = chat(stage, "hello")
    caller.ask().converse().end()


@case("client.chat")
def client_chat(stage: Stage) -> None:
    """One line comes twice. The process lives on when chat has returned: what has ended then, chat has closed."""
    chat(stage, *LINES, LINES[0], lives_on=True).ask().converse().end()


@case("client.challenge-split")
def challenge_split(stage: Stage) -> None:
    for name, points in (("halves", [16]), ("byte by byte", range(1, SIZE))):
        chat(stage, *LINES, name=name).ask(pieces=points).converse().end()
        if stage.over:
            return


@case("client.challenge-bytes")
def challenge_bytes(stage: Stage) -> None:
    chat(stage, *LINES).ask(NO_TEXT + plain(stage, 20) + NO_TEXT[::-1]).converse().end()


@case("client.any-secret")
def client_any_secret(stage: Stage) -> None:
    Caller(stage, LINES, secret=new_secret(stage, NO_TEXT)).ask().converse().end()


@case("client.text")
def text(stage: Stage) -> None:
    chat(stage, "你好，服务器", "  blanks \t", "😀 café straße", "two\nlines\r\n", "a\0b").ask().converse().end()


@case("client.answer-split")
def answer_split(stage: Stage) -> None:
    chat(stage, *LINES).ask().converse(pieces=lambda size: range(1, size)).end()


@case("client.character-split")
def character_split(stage: Stage) -> None:
    chat(stage, "好", "网络 a😀b").ask().converse(pieces=lambda size: range(1, size)).end()


@case("client.long-lines")
def long_lines(stage: Stage) -> None:
    lines = [plain(stage, size).decode() for size in (1025, 8193, 65_536)]
    chat(stage, *lines).ask().converse(pieces=lambda size: range(1000, size, 16_000)).end()


@case("client.empty-line")
def empty_line(stage: Stage) -> None:
    chat(stage, "before", "", "after").ask().converse().end()


@case("client.no-lines")
def no_lines(stage: Stage) -> None:
    caller = chat(stage)
    if caller.connection.alive:
        caller.connection.send(stage.rng.randbytes(SIZE))
    caller.end()


@case("client.iterable")
def iterable(stage: Stage) -> None:
    chat(stage, *LINES, kind="generator").ask().converse().end()


@case("client.short-io")
def client_short_io(stage: Stage) -> None:
    for most in (7, 1):
        chat(stage, *LINES, name=f"cap {most}", shim=most).ask().converse().end()
        if stage.over:
            return


# --- servers that refuse, vanish or lie -----------------------------------------------------------------------------


@case("client.refused")
def refused(stage: Stage) -> None:
    """A cut comes when the first line is here, and the client waits for its answer: before that, it would be chance
    whether the line or the answer meets it."""
    for name in ("FIN", "closed", "RST"):
        caller = chat(stage, *LINES, name=name).ask()
        if name != "FIN":
            caller.connection.receive(len(caller.lines[0]))
        leave(caller.connection, name)
        caller.end()
        if stage.over:
            return


@case("client.lost")
def lost(stage: Stage) -> None:
    """The server ends after the first answer; cuts once the next line is here, as in `refused`."""
    for name in ("FIN", "RST"):
        caller = chat(stage, *LINES, name=name).ask().converse(1)
        if name == "RST":
            caller.connection.receive(len(caller.lines[1]))
        leave(caller.connection, name)
        caller.end()
        if stage.over:
            return


@case("client.cut-answer")
def cut_answer(stage: Stage) -> None:
    """In the middle of the last one, so that no later line makes up for it."""
    caller = chat(stage, *LINES).ask().converse(2)
    heard = caller.connection.receive(len(caller.lines[2]))
    caller.connection.step(heard[:5].upper())
    caller.connection.finish()
    caller.end()


def leave(connection: Connection, how: str) -> None:
    """FIN: and we still read; closed: what comes then is answered by the system with RST."""
    if how == "FIN":
        connection.finish()
    elif how == "closed":
        connection.close()
    else:
        connection.reset()


@case("client.short-challenge")
def short_challenge(stage: Stage) -> None:
    for size in (31, 0):
        caller = chat(stage, *LINES, name=f"{size} bytes")
        caller.connection.step(stage.rng.randbytes(size))
        caller.connection.finish()
        caller.end()
        if stage.over:
            return
    caller = chat(stage, *LINES, name="broken off")
    caller.connection.step(stage.rng.randbytes(10))
    caller.connection.reset()
    caller.end()


@case("client.no-server")
def no_server(stage: Stage) -> None:
    given = {"host": "127.0.0.1", "port": stage.free_port(), "secret": b"nobody".hex(), "lines": LINES}
    stage.start("chat", given, name="a").wait()


@case("client.secret-kept")
def client_secret_kept(stage: Stage) -> None:
    """One conversation, and one that is refused."""
    secret = new_secret(stage)
    Caller(stage, LINES, secret=secret, name="let in").ask().converse().end()
    caller = Caller(stage, LINES, secret=secret, name="refused").ask()
    caller.connection.finish()
    caller.end()
