"""What our side does in `tcp_chat`: it is the client of their server, the server of their client, and in both cases
also the person at their terminal.

Chapter section 1.3. The two speak in turns, the server first; one turn is one message without any end mark, so nothing
is cut here. A script is what both say, beginning with the server: which lines are typed at the student's terminal
follows from the role. `as_server` and `as_client` begin a conversation; most plays are the same for both.
"""

from functools import partial

from grader.instrument import Connection, Stage, case
from grader.wire import payload
from reference.peers import serving
from reference.peers.chat import Chat, call, find_served
from reference.peers.serving import Server, noticed

HOST = "127.0.0.1"
server = partial(Server, entry="chat_server:serve", tty=True)

TURNS = (
    *("Hello, who is there?", "It is me.", "How are you?", "Fine, and you?"),
    *("Fine too. Is it raining?", "No, not here.", "Then goodbye!", "See you!"),
)
UNICODE = ("你好，在吗？", "在的 😀", "naïve café — ∑ ≠ ∅", "𝒳 и ещё: ｆｕｌｌ", "你说：“好”", "👋🏽")
WORDS = ("Q?", "QQ", " Q", "q ", "Qq", "Quit", "quit", "qq", "no Q", "exit", "bye", " ")  # both sides say each of them
SERVER_QUITS = ("one", "two", "Q")
CLIENT_QUITS = ("one", "two", "three", "Q")
TOO_LONG = ("x" * 1025, "界" * 342)  # the second has 1026 bytes, but only 342 characters
NOT_UTF8 = (b"\xff", b"\xc3\x28", b"\xed\xa0\x80")
RETRIES = 5.0  # seconds
LATE = ("to one who has left, perhaps", "to whoever is there")


def as_server(stage: Stage, name: str = "a") -> Chat:
    return visit(stage, server(stage), name)


def as_client(stage: Stage, name: str = "client") -> Chat:
    return call(stage, "chat_client:chat", name)


def visit(stage: Stage, their: Server, name: str) -> Chat:
    """Our client calls their server."""
    return chat_with(stage, their.client(name))


def chat_with(stage: Stage, client: Connection) -> Chat:
    if not stage.watcher.available:
        stage.over = True  # to find out whether it listens, somebody had to call it: it is talking to that one
    assert client.run
    return Chat(client.run, client, opens=True)


def ends(chat: Chat) -> None:
    """What the end of a conversation is to the client: their process ends too."""
    chat.hangs_up()
    chat.wire.close()
    chat.exits()


# --- turns ----------------------------------------------------------------------------------------------------------


@case("server.turns")
def server_turns(stage: Stage) -> None:
    chat = as_server(stage)
    chat.play(TURNS[0])
    look_ahead(stage, chat)
    chat.play(*TURNS[1:])
    chat.run.console.asks()


@case("client.turns")
def client_turns(stage: Stage) -> None:
    chat = as_client(stage)
    look_ahead(stage, chat)
    chat.play(*TURNS, "And to you.")
    chat.run.console.asks()


def look_ahead(stage: Stage, chat: Chat) -> None:
    """Does the program ask for a line although it is our side's turn?"""
    noticed(stage)
    if chat.run.console.waits(alone=True):
        chat.run.console.asks()


@case("server.unicode")
def server_unicode(stage: Stage) -> None:
    as_server(stage).play(*UNICODE, "end")


@case("client.unicode")
def client_unicode(stage: Stage) -> None:
    as_client(stage).play(*UNICODE, "end", "end")


@case("server.long")
def server_long(stage: Stage) -> None:
    as_server(stage).play(*longest(stage), "end")


@case("client.long")
def client_long(stage: Stage) -> None:
    as_client(stage).play(*longest(stage), "end", "end")


def longest(stage: Stage) -> tuple[str, ...]:
    """Messages of 1024 bytes; every second pair is 341 characters of three bytes, and one of one byte."""
    wide = ("".join(chr(stage.rng.randrange(0x4E00, 0x9F00)) for _ in range(341)) + "!" for _ in "ab")
    plain = (payload.text(stage.rng, 1024, payload.PLAIN) for _ in "ab")
    return (*plain, *wide)


@case("server.too-long")
def server_too_long(stage: Stage) -> None:
    as_server(stage).play(*TOO_LONG, "", "short enough", "two", "three")


@case("client.too-long")
def client_too_long(stage: Stage) -> None:
    as_client(stage).play("one", *TOO_LONG, "", "short enough", "three", "four")


@case("server.empty-line")
def server_empty_line(stage: Stage) -> None:
    as_server(stage).play("", "one", "two", "", "", "three")


@case("client.empty-line")
def client_empty_line(stage: Stage) -> None:
    as_client(stage).play("one", "", "two", "three", "", "", "four")


# --- the end of a conversation --------------------------------------------------------------------------------------


@case("server.says-q")
def server_says_q(stage: Stage) -> None:
    chat = as_server(stage)
    chat.play(*SERVER_QUITS)
    chat.hangs_up()


@case("server.hears-q")
def server_hears_q(stage: Stage) -> None:
    chat = as_server(stage)
    chat.play(*CLIENT_QUITS)
    hears_the_end(stage, chat)


def hears_the_end(stage: Stage, chat: Chat) -> None:
    """The server has been told to end; what it has printed on its way is here."""
    chat.hangs_up()
    noticed(stage)
    stage.fence()


@case("client.says-q")
def client_says_q(stage: Stage) -> None:
    chat = as_client(stage)
    chat.play(*CLIENT_QUITS)
    ends(chat)


@case("client.hears-q")
def client_hears_q(stage: Stage) -> None:
    chat = as_client(stage)
    chat.play(*SERVER_QUITS)
    ends(chat)


@case("server.q-words")
def server_q_words(stage: Stage) -> None:
    chat = as_server(stage)
    chat.play(*(word for word in WORDS for _ in "ab"), "q")
    chat.hangs_up()
    stage.resume()
    chat = as_server(stage, "b")
    chat.play("one", "q")
    hears_the_end(stage, chat)


@case("client.q-words")
def client_q_words(stage: Stage) -> None:
    chat = as_client(stage, "a")
    chat.play(*(word for word in WORDS for _ in "ab"), "last", "q")
    chat.hangs_up()
    stage.resume()
    chat = as_client(stage, "b")
    chat.play("one", "two", "q")
    ends(chat)


@case("server.end-of-input")
def server_end_of_input(stage: Stage) -> None:
    chat = as_server(stage)
    chat.play("one", "two")
    chat.run.console.end()
    chat.hangs_up()


@case("client.end-of-input")
def client_end_of_input(stage: Stage) -> None:
    chat = as_client(stage)
    chat.play("one", "two", "three")
    chat.run.console.end()
    ends(chat)


# --- a peer that leaves, or is no friend ----------------------------------------------------------------------------


@case("server.next-client")
def server_next_client(stage: Stage) -> None:
    their = server(stage)
    for name, script in zip("abc", (SERVER_QUITS, CLIENT_QUITS, SERVER_QUITS), strict=True):
        chat = visit(stage, their, name)
        chat.play(*script)
        chat.hangs_up()
        chat.wire.close()


@case("server.one-at-a-time")
def server_one_at_a_time(stage: Stage) -> None:
    """The second calls in the middle of the first one's conversation. Then there are lines enough for both."""
    their = server(stage)
    first = visit(stage, their, "a")
    first.play(*TURNS[:2])
    second = visit(stage, their, "b")
    first.play(*TURNS[2:])
    second.wire.look()
    first.play("Q")
    first.hangs_up()
    first.wire.close()
    second.play("Now it is your turn.")


@case("server.client-leaves")
def server_client_leaves(stage: Stage) -> None:
    """When it is the client's turn: their program waits for its message."""
    their = server(stage)
    chat = visit(stage, their, "a")
    chat.play("one", "two", "three")
    chat.wire.finish()
    chat.hangs_up()
    chat.wire.close()
    if stage.over:
        return
    find_served(stage, visit(stage, their, "b"), *LATE)


@case("client.server-leaves")
def client_server_leaves(stage: Stage) -> None:
    """When it is the server's turn: at once, and after a turn of each side."""
    chat = as_client(stage, "at once")
    chat.wire.close()
    chat.exits()
    stage.resume()
    chat = as_client(stage, "later")
    chat.play("one", "two")
    chat.wire.finish()
    ends(chat)


@case("server.leaves-while-asked")
def server_leaves_while_asked(stage: Stage) -> None:
    """When it is the server's turn: at once, and after a turn of each side."""
    their = server(stage)
    chat = visit(stage, their, "a")
    leave(stage, chat)
    chat = visit(stage, their, "b")
    find_served(stage, chat, *LATE)
    chat.say(b"hello")
    leave(stage, chat)
    find_served(stage, visit(stage, their, "c"), *LATE)


def leave(stage: Stage, chat: Chat, *, reset: bool = False) -> None:
    """We go when their person is asked for a line; whoever looks out for it has noticed then."""
    chat.run.console.asks()
    if reset:
        chat.wire.reset()
    else:
        chat.wire.close()
    noticed(stage)


@case("client.leaves-while-asked")
def client_leaves_while_asked(stage: Stage) -> None:
    chat = as_client(stage)
    chat.play("one")
    leave(stage, chat)
    last_line(chat)


def last_line(chat: Chat) -> None:
    """One more line for a server that has gone, unless the program has noticed."""
    chat.run.console.type(LATE[0])
    chat.exits()


@case("server.reset")
def server_reset(stage: Stage) -> None:
    """First when it is the server's turn, then when it is the client's."""
    their = server(stage)
    leave(stage, visit(stage, their, "a"), reset=True)
    chat = visit(stage, their, "b")
    find_served(stage, chat, *LATE)
    noticed(stage)
    chat.wire.reset()
    noticed(stage)
    find_served(stage, visit(stage, their, "c"), *LATE)


@case("client.reset")
def client_reset(stage: Stage) -> None:
    chat = as_client(stage, "waiting")
    chat.play("one", "two")
    noticed(stage)
    chat.wire.reset()
    chat.exits()
    stage.resume()
    chat = as_client(stage, "asked")
    chat.play("one")
    leave(stage, chat, reset=True)
    last_line(chat)


@case("client.refused")
def client_refused(stage: Stage) -> None:
    """A client may try a few times before it gives up."""
    stage.start("chat_client:chat", [HOST, stage.free_port()], name="client", tty=True).wait(RETRIES)


@case("server.not-utf8")
def server_not_utf8(stage: Stage) -> None:
    their = server(stage)
    for name, message in zip("abc", NOT_UTF8, strict=True):
        chat = visit(stage, their, name)
        chat.play("one")
        chat.say(message)
        chat.hangs_up()
        chat.wire.close()
    find_served(stage, visit(stage, their, "d"), *LATE)


@case("client.not-utf8")
def client_not_utf8(stage: Stage) -> None:
    for name, message in zip("abc", NOT_UTF8, strict=True):
        chat = as_client(stage, name)
        chat.say(message)
        ends(chat)
        stage.resume()


# --- the server's start, rest and stop ------------------------------------------------------------------------------


def talk(stage: Stage, client: Connection) -> None:
    """A line of theirs, where the case is about something else."""
    chat_with(stage, client).play("hello")


@case("listen.starts")
def listen(stage: Stage) -> None:
    serving.listens(stage, server)


@case("listen.restart")
def restart(stage: Stage) -> None:
    serving.restart(stage, server, partial(talk, stage))


@case("listen.restart-after-kill")
def restart_after_kill(stage: Stage) -> None:
    serving.restart_after_kill(stage, server, partial(talk, stage))


@case("idle.cpu")
def idle(stage: Stage) -> None:
    chat = as_server(stage)
    chat.play("hello")
    serving.watch(stage, "idle")
    takes_time(stage, chat)


@case("client.waits")
def client_waits(stage: Stage) -> None:
    chat = as_client(stage)
    chat.play("one", "two")
    noticed(stage)
    takes_time(stage, chat)


def takes_time(stage: Stage, chat: Chat) -> None:
    """Our side thinks before it answers."""
    serving.patience(stage, chat.wire)
    chat.play("after a while", "at last")


@case("stop.interrupt")
def interrupt(stage: Stage) -> None:
    stop(stage, "SIGINT", "one", "two")


@case("stop.terminate")
def terminate(stage: Stage) -> None:
    stop(stage, "SIGTERM", "one")


def stop(stage: Stage, signal: str, *script: str) -> None:
    """Three clients are connected, one of them in conversation; two, where the program's queue holds but one more.

    The program waits for a line, or for that client.
    """
    their = server(stage)
    chat = visit(stage, their, "a")
    chat.play(*script)
    if chat.theirs:
        chat.run.console.asks()
    for name in "bc":
        queue = stage.watcher.listener(their.address)
        if not queue or queue.rx <= queue.tx:
            their.client(name)
    noticed(stage)
    their.run.signal(signal)
    if their.run.wait(patience=3.0):
        stage.until(lambda: not stage.watcher.pids(), "stop", None, polling=True, patience=3.0)
        stage.measure("processes left", len(stage.watcher.pids()))
        return
    stage.measure("processes", len(stage.watcher.pids()))
    stage.measure("listening", their.listens())
    stage.measure("accepting", their.listens())
