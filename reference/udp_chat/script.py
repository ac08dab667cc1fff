"""What our side does in `udp_chat`: clients of the student's server; a server behind a relay for the student's client.

Chapter section 1.4. Both of the student's programs run at a terminal. Towards a server, what deserves no answer is
followed by rest and then by a good message of somebody else's: its answer proves that the server goes on, and whatever
has come to the first client by then came unasked. Towards a client, a line is typed only when it asks for one; the one
second after which a client sends again is its own time and real, so all clients that lose something wait side by side.
"""

from functools import partial
from itertools import pairwise

from grader.instrument import Stage, case
from grader.instrument.ports import HOST
from grader.instrument.sockdiag import UDP
from grader.model import GaveUp
from reference.peers.datagrams import OTHER_HOST, DatagramServer, Partner, restart, stop
from reference.peers.serving import LOOK, listens, noticed, paused, watch

start = partial(DatagramServer, entry="udp_server:serve")
partner = partial(Partner, entry="udp_client:chat")

HELLO = "你好，服务器".encode()
LIMIT, LARGEST = 1024, 65_507
LONGEST = "好" * 341 + "!"  # 1024 bytes
CHARACTER_AT_THE_LIMIT, WHOLE_AT_THE_LIMIT = "龘" * 342, "龘" * 341 + "!!"  # 1026 and 1025 bytes
NOT_TEXT = (b"\xff", b"\xc3(", b"\xed\xa0\x80", "半个字".encode()[:-1])
PATIENCE = 4.0  # seconds for which we wait for a client that lets its time pass
WAITED = 31.0  # seconds: greater time-outs of a server are not waited for
SLOW, LATE = 1.6, 3.0  # seconds after which sending again is not what was asked for; is no answer to a loss at all
TICK = 0.25  # seconds between two words of a stranger who never stops talking


def numbered(count: int) -> list[bytes]:
    """So many messages, each another one: a server may take one that comes twice for a repetition."""
    return [f"第 {i} 条".encode() for i in range(1, count + 1)]


# --- the server -----------------------------------------------------------------------------------------------------


@case("server.starts")
def server_starts(stage: Stage) -> None:
    listens(stage, start)


@case("server.messages")
def server_messages(stage: Stage) -> None:
    server = start(stage)
    client = server.client("a")
    texts = ("你好，服务器", "第二条消息", "第二条消息", "第三条 😀")  # one may well say the same thing twice
    for text in texts:
        if not server.ask(client, text.encode()):
            server.run.console.asks()  # that it waits for somebody to type would explain it
            return
        noticed(stage)
        client.look()
    stage.until(lambda: all(text in server.run.console.shown for text in texts), "print", server.run)


@case("server.each-sender")
def each_sender(stage: Stage) -> None:
    """By turns; then both at once; then one whom the server has not seen before."""
    server = start(stage)
    one, two, three = (server.client(name) for name in ("a", "b", "c"))
    for client, message in zip((one, two, two, one), numbered(10)[6:], strict=True):
        server.ask(client, message)
    for client, message in zip((one, two, three, one, two, three), numbered(6), strict=True):
        client.send(message, server.address)
    for client in (one, two, three):
        client.wait(2)
    noticed(stage)
    for client in (one, two, three):
        client.look()


@case("server.empty")
def server_empty(stage: Stage) -> None:
    server = start(stage)
    client = server.client("a")
    for message in (HELLO, b"", *numbered(1)):
        server.ask(client, message)


@case("server.longest")
def server_longest(stage: Stage) -> None:
    server = start(stage)
    server.ask(server.client("a"), LONGEST.encode())
    stage.until(lambda: LONGEST in server.run.console.shown, "print", server.run)


@case("server.too-long")
def server_too_long(stage: Stage) -> None:
    offered(stage, *(text.encode() for text in (CHARACTER_AT_THE_LIMIT, WHOLE_AT_THE_LIMIT)), b"x" * LARGEST)


@case("server.not-text")
def server_not_text(stage: Stage) -> None:
    offered(stage, *NOT_TEXT)


def offered(stage: Stage, *messages: bytes) -> None:
    """Messages to be dropped, from "bad"; after each a good one from "good"; then by turns, all at once."""
    server = start(stage)
    bad, good = server.client("bad"), server.client("good")
    for message, still in zip(messages, numbered(len(messages)), strict=True):
        server.offer(bad, message)
        server.ask(good, still)
        bad.look()
    with paused(stage, server.run):
        for message, still in zip(messages, numbered(2 * len(messages))[len(messages) :], strict=True):
            bad.send(message, server.address)
            good.send(still, server.address)
    good.wait(len(messages))
    noticed(stage)
    good.look()
    bad.look()


@case("server.any-words")
def any_words(stage: Stage) -> None:
    server = start(stage)
    client = server.client("a")
    for message in ("q", "Q", "quit", "bye", "0", " ", "收到", "再见"):
        server.ask(client, message.encode())


@case("server.client-gone")
def client_gone(stage: Stage) -> None:
    server = start(stage)
    gone = server.client("gone")
    gone.vanish()
    server.offer(gone, HELLO)
    other = server.client("b")
    for message in numbered(2):
        server.ask(other, message)


@case("server.burst")
def server_burst(stage: Stage) -> None:
    server = start(stage)
    clients = [server.client(f"client {i}") for i in range(1, 6)]
    server.burst(clients, numbered(100))
    stage.measure("answers", sum(len(client.arrived) for client in clients))
    stage.measure("datagrams dropped", stage.watcher.drops(server.address[1]))


@case("server.rest")
def server_rest(stage: Stage) -> None:
    """Nobody says anything for a while; one who waits with a time-out may mean to give up then, so we wait for that."""
    server = start(stage)
    client = server.client("a")
    server.ask(client, HELLO)
    noticed(stage)
    watch(stage, "idle")
    if longest := max((t for t in stage.time_outs() if t <= WAITED), default=0.0):
        stage.watch(longest + LOOK)
    server.ask(client, *numbered(1))


@case("server.restart")
def server_restart(stage: Stage) -> None:
    restart(stage, start, HELLO)


@case("server.interrupt")
def server_interrupt(stage: Stage) -> None:
    stop(stage, start, HELLO, "SIGINT")


@case("server.terminate")
def server_terminate(stage: Stage) -> None:
    stop(stage, start, HELLO, "SIGTERM")


# --- the client -----------------------------------------------------------------------------------------------------


@case("client.turns")
def client_turns(stage: Stage) -> None:
    talk = partner(stage, "a")
    if not talk.turn("你好，服务器"):
        talk.tell_if_it_asks()
    noticed(stage)  # by now a program that prints in a thread of its own has printed
    talk.slow_turn("second line")
    talk.turn("第三行 😀")
    talk.run.console.asks()


@case("client.arguments")
def client_arguments(stage: Stage) -> None:
    talk = partner(stage, "a", host=OTHER_HOST)
    talk.turn("你好，另一台主机")
    talk.run.console.asks()


@case("client.texts")
def client_texts(stage: Stage) -> None:
    talk = partner(stage, "a")
    talk.turn(LONGEST)
    talk.turn("再长一点？", ("够" * 341 + ".").encode())
    talk.turn("ÿ 😀 e\u0301 𝒳", "😀 ÿ 𝒳 收到".encode())
    talk.run.console.asks()


@case("client.empty-answer")
def client_empty_answer(stage: Stage) -> None:
    talk = partner(stage, "a")
    talk.turn("第一句", b"")
    talk.turn("第二句")
    talk.run.console.asks()


@case("client.empty-line")
def client_empty_line(stage: Stage) -> None:
    talk = partner(stage, "a")
    talk.turn("第一句")
    talk.turn("")
    talk.turn("第三句")
    talk.run.console.asks()


@case("client.quit-typed")
def client_quit_typed(stage: Stage) -> None:
    """One after a talk; one whose first word it is."""
    after, at_once = partner(stage, "after a talk"), partner(stage, "at once")
    after.turn("第一句")
    at_once.run.console.asks()  # both are there at the same time, however slowly one starts
    for talk, word in ((after, "Q"), (at_once, "q")):
        if talk.run.console.type(word):
            talk.hears(len(talk.requests) + 1)  # this comes only where the word is sent
            talk.run.wait()


@case("client.quit-words")
def client_quit_words(stage: Stage) -> None:
    talk = partner(stage, "a")
    for line, answer in (("Quit", "Quit?"), ("QQ", "QQ"), ("exit", "quit"), ("quiet", "queue")):
        talk.turn(line, answer.encode())
    talk.run.console.asks()


@case("client.blanks")
def client_blanks(stage: Stage) -> None:
    talk = partner(stage, "a")
    for line, answer in (("  两边有空格  ", "  收到  "), (" Q", " Q"), ("q ", "q "), (" ", "收到")):
        talk.turn(line, answer.encode())
    talk.run.console.asks()


@case("client.quit-heard")
def client_quit_heard(stage: Stage) -> None:
    for word in "Qq":
        talk = partner(stage, f"hears {word}")
        talk.turn("第一句")
        if talk.turn("第二句", word.encode()):
            talk.run.wait()
        if stage.over:
            return


@case("client.input-ends")
def client_input_ends(stage: Stage) -> None:
    talk = partner(stage, "a")
    talk.turn("第一句")
    if talk.run.console.end():
        talk.run.wait()


@case("client.strangers")
def client_strangers(stage: Stage) -> None:
    """A stranger's word before the answer; and one that lies in the buffer when the next line is sent."""
    talk = partner(stage, "a", ["strange"])
    talk.turn("第一句")
    if talk.run.console.asks():
        talk.intrude()
    talk.turn("第二句")
    talk.run.console.asks()


@case("client.duplicates")
def client_duplicates(stage: Stage) -> None:
    """The second copy comes right behind the first; and when the client has asked for the next line already."""
    talk = partner(stage, "a", ["double"])
    for line in ("第一句", "第二句", "第三句"):
        talk.turn(line)
        if talk.run.console.asks():
            talk.repeat()


@case("client.bad-answers")
def client_bad_answers(stage: Stage) -> None:
    talk = partner(stage, "a")
    for bad in (*NOT_TEXT[:2], CHARACTER_AT_THE_LIMIT.encode(), WHOLE_AT_THE_LIMIT.encode()):
        number = len(talk.requests) + 1
        talk.turn(f"第 {number} 句", bad, f"收到 {number}".encode())
    talk.run.console.asks()


@case("client.losses", clock=True)
def client_losses(stage: Stage) -> None:
    """All who lose something, side by side, because each wait of theirs is a second that really passes."""
    lost, late, swapped, silent = everyone = [
        partner(stage, "lost", ["lose", "pass", "lose"]),
        partner(stage, "late", ["hold", "late"]),
        partner(stage, "swapped", ["hold", "swap"]),
        partner(stage, "silent", ["lose"] * 20),
    ]
    nobody = stage.start("udp_client:chat", [HOST, stage.free_port(UDP)], name="nobody", tty=True)
    for run in (nobody, *(talk.run for talk in everyone)):
        run.console.type("有人吗")
    silent.hears(1)
    watch(stage, "waiting")
    for talk in (lost, late, swapped):
        if not sent_again(stage, talk, 2):
            return
        talk.run.console.asks()
    for talk in (late, swapped):
        talk.turn("下一句")
        talk.run.console.asks()
    lost.run.console.type("再来一句")
    pestered = partner(stage, "pestered", ["lose"] * 20)
    pester(stage, pestered)
    sent_again(stage, lost, 4)
    if sent_again(stage, silent, 3):
        silent.hears(4, PATIENCE)  # the fourth never comes: this ends when the program does
        silent.tell_if_it_asks()
    nobody.wait(PATIENCE, clocked=True)


def sent_again(stage: Stage, talk: Partner, times: int) -> bool:
    """Until it has been sent so many times in all. False where that does not come, or comes too late to go on."""
    talk.hears(times, PATIENCE)
    waits = [b.at - a.at for a, b in pairwise(talk.requests) if a.data == b.data]
    longest = max(waits, default=0.0)
    if longest > (SLOW if times > 2 else LATE):  # it may be the machine that is slow: to be seen twice
        stage.record(GaveUp(stage.now(), "datagram", round(longest, 1), talk.run.name))
    return len(talk.requests) >= times and longest < LATE


def pester(stage: Stage, talk: Partner) -> None:
    """Somebody else talks to the client without a pause while it waits for an answer, until it sends again."""
    talk.run.console.type("有人吗")
    talk.hears(1)
    end = stage.now() + LATE
    while len(talk.requests) == 1 and stage.now() < end and not (stage.over or talk.run.exited):
        talk.intrude()
        stage.watch(TICK)
