"""What decides `threaded_echo`. Chapter part 2, section 1.1; wire specification: what goes in comes back, until EOF.

Almost every check asks one thing: did these turns of this conversation come back unchanged? `_echoed` answers it, and
where they did not, the symptom (silence, a closed connection, too few bytes, other bytes) and the check together tell
which mistake it was: that is what the table `{symptom: mistake}` of a check is for.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.analysis.dialogue import Turn, last_words, streams, turns
from grader.checks import BONUS, SHOULD, Unclear, check, fail, mistake
from grader.model import (
    Busy,
    Connected,
    Ended,
    Exited,
    Finished,
    Frame,
    GaveUp,
    Listening,
    Measured,
    NotListening,
    Quiet,
    Raised,
    Refused,
    Returned,
    Signalled,
    Text,
    Trace,
    Vanished,
    say,
)

HOST = "127.0.0.1"
MODULES = ("echo_server.py",)
SPIN = 0.9  # share of the time in which a thread runs or wants to run
SHOWN = 40  # bytes
OURS = ("ConnectionResetError", "BrokenPipeError")  # what our rude clients make a handler raise, rightly
POLLS = 50  # context switches per second while nothing happens
STOPS = 3.0  # seconds
GROWN = 20  # threads, after a thousand clients
MEMORY = 5.0  # MiB, after a thousand clients with 8000 bytes each

MISTAKES = (
    mistake(
        "does-not-serve",
        say("serve came to its end, or got stuck, before anybody could connect."),
        say("A socket is reachable after bind and listen; and who keeps accepting clients after that?"),
        "server = socketserver.ThreadingTCPServer((host, port), Handler)   # and then?",
    ),
    mistake(
        "hard-coded-address",
        say("The server listens on an address of its own instead of the one that serve was given."),
        say("Look for a host or a port written as a literal; both come as arguments."),
        "socketserver.ThreadingTCPServer(('127.0.0.1', 9000), Handler)",
    ),
    mistake(
        "no-reuse-address",
        say("The last run's connections still hold the port: SO_REUSEADDR was not set before the server was bound."),
        say("socketserver has a class attribute for it. When is it looked at: while the object is made, or later?"),
        "server = ThreadingTCPServer(address, Handler)\nserver.allow_reuse_address = True   # bound already",
    ),
    mistake(
        "one-message-per-connection",
        say("The server answers one message and hangs up: handle returns, and with it the connection ends."),
        say("A connection lasts until the client ends it. What has to happen after the first answer?"),
        "def handle(self):\n    data = self.request.recv(1024)\n    self.request.sendall(data)",
    ),
    mistake(
        "single-recv-1024",
        say("Only what one recv returned was answered: one recv is one piece of the stream, not a message."),
        say("Who reads the bytes that did not fit into the first recv?"),
        "data = self.request.recv(1024)   # the other 3976 bytes?",
    ),
    mistake(
        "waits-for-more",
        say("The server has read the bytes, but waits for more: a line end, a full buffer, or the end."),
        say("TCP has no lines and no messages. Which call returns as soon as anything is there?"),
        "for line in self.rfile:          # waits for b'\\n'\n    self.wfile.write(line)",
    ),
    mistake(
        "closes-before-reply",
        say("The connection was closed before everything that had come was sent back."),
        say("What is still on its way when you call close, and what becomes of it?"),
        "conn.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack('ii', 1, 0))\nconn.close()  # what is not sent yet is lost",
    ),
    mistake(
        "decodes-bytes",
        say("The bytes were decoded as text: half a character, or bytes that are no UTF-8 at all, cannot be."),
        say("An echo need not understand what it sends back. Which two calls can go?"),
        "text = self.request.recv(1024).decode()\nself.request.sendall(text.encode())",
    ),
    mistake(
        "strips-or-changes",
        say("What came back is not what went in: something was stripped, added or changed."),
        say("Every byte counts, blanks and line ends too."),
        "self.request.sendall(data.strip())",
    ),
    mistake(
        "word-ends-it",
        say("A word in the data was taken for a command."),
        say("Only the client's FIN ends the conversation; recv shows it in its own way."),
        "if data == b'q':\n    break",
    ),
    mistake(
        "send-not-sendall",
        say("send() may take only part of the bytes and returns how many; the rest was never sent."),
        say("What does send return, and which method sends all?"),
        "self.request.send(data)",
    ),
    mistake(
        "serial-server",
        say("The server serves one client at a time: while one is connected, all others wait."),
        say("Which class of socketserver gives every connection a thread of its own?"),
        "socketserver.TCPServer((host, port), Handler)",
    ),
    mistake(
        "too-few-workers",
        say("Only so many clients are served at the same time; the next one waits until another leaves."),
        say("Clients may stay for hours. What limits the number of your threads or processes?"),
        "pool = ThreadPoolExecutor(10)",
    ),
    mistake(
        "shared-state",
        say("One client got another's bytes: something that belongs to one connection is kept in one place for all."),
        say("Look for global variables and class attributes that handle writes to. Where do a connection's data live?"),
        "class Handler(BaseRequestHandler):\n    buffer = b''          # one for all connections",
    ),
    mistake(
        "idle-cut-off",
        say("A client that said nothing for a while was cut off."),
        say("Nobody asked for a time limit. Where is one set?"),
        "self.request.settimeout(5)",
    ),
    mistake(
        "vanished-client-kills",
        say("One client broke its connection off, and others lost theirs, or the whole server."),
        say("recv and send raise an exception when the client is gone. Who catches it, and what else ends there?"),
        "data = conn.recv(1024)   # ConnectionResetError ends the whole program",
    ),
    mistake(
        "ends-with-its-client",
        say("When one client ended its connection, the server stopped serving everybody."),
        say("b'' means that this client has finished. Which loop must end then, and which must go on?"),
        "if not data:\n    self.server.shutdown()",
    ),
    mistake(
        "spin-on-eof",
        say("After the client's end recv returns b'' at once, every time: the loop goes round for ever."),
        say("What does recv return when nothing will ever come again, and where does the loop look at it?"),
        "while True:\n    data = self.request.recv(1024)\n    self.request.sendall(data)",
    ),
    mistake(
        "never-closes",
        say("The client has ended its side, but the server never closes its own: the connection stays half open."),
        say("Who closes the socket when the conversation is over? `conn.close` without parentheses closes nothing."),
        "if not data:\n    break\n...\nconn.close",
    ),
    mistake(
        "keeps-connections",
        say("Something stays behind for every client that ever was: a thread, a file or a socket."),
        say("What does a client leave in your lists, files and threads when it goes?"),
        "threads = []\nwhile True:\n    threads.append(start_writer(conn))   # and nobody ends them",
    ),
    mistake(
        "keeps-data",
        say("The memory grows with everything that was ever sent."),
        say("What has been sent back is needed no longer. Which list or string still holds it?"),
        "history.append(data)",
    ),
    mistake(
        "spin-while-idle",
        say("The server keeps a processor busy although nobody wants anything."),
        say("Let the operating system wake you: which call sleeps until there is something to do?"),
        "sock.setblocking(False)\nwhile True:\n    try: conn, addr = sock.accept()\n    except BlockingIOError: pass",
    ),
    mistake(
        "polls",
        say("The server wakes up again and again to look whether there is something to do."),
        say("A blocking call, or a selector, wakes you exactly when there is something to do."),
        "while True:\n    time.sleep(0.01)   # and then look again",
    ),
    mistake(
        "swallows-interrupt",
        say("The signal to stop was caught, and the server goes on serving."),
        say("Look at every `except`: a bare one catches KeyboardInterrupt and SystemExit too."),
        "while True:\n    try:\n        server.handle_request()\n    except:\n        pass",
    ),
    mistake(
        "threads-not-daemon",
        say("The program serves nobody any more, but does not end: it waits for its clients, who may stay for ever."),
        say("Which attribute says that a program need not wait for its handler threads?"),
        "class Server(socketserver.ThreadingTCPServer):\n    pass   # daemon_threads is False",
    ),
    mistake(
        "shutdown-deadlock",
        say("The program got stuck while stopping: it waits for something that only itself could bring about."),
        say("shutdown() waits until serve_forever has returned. In which thread does a signal handler run?"),
        "signal.signal(SIGTERM, lambda *_: server.shutdown())\nserver.serve_forever()",
    ),
    mistake(
        "leaves-processes",
        say("The server has ended, but processes that it had started are still there."),
        say("Who ends the children when their parent is stopped?"),
        "pid = os.fork()   # and nobody waits for it",
    ),
)


# --- listening ------------------------------------------------------------------------------------------------------


@check("listen.starts", points=0.5, requirement=say("serve opens a port and goes on listening"))
def starts(trace: Trace) -> Text:
    seen, elsewhere = trace.first(Listening), trace.first(NotListening)
    if seen and _measured(trace, "one listens", 0):
        return say("it listens on {address}:{port}", address=seen.address, port=seen.port)
    if not seen and elsewhere and elsewhere.others:
        return say("it listens on {others}", others=", ".join(elsewhere.others))
    return fail(say("a port is open while serve runs"), _state(trace, "one"), "does-not-serve", _place(trace, "one"))


@check(
    "listen.arguments",
    points=0.5,
    case="listen.starts",
    needs=("listen.starts",),
    requirement=say("it listens on the host and the port that serve is given, and nowhere else"),
)
def arguments(trace: Trace) -> Text:
    missed = trace.first(NotListening)
    if missed:
        run = "two" if trace.of(Listening) else "one"
        expected = say("it listens on {address}:{port}", address=HOST, port=missed.port)
        where = _place(trace, run)
        if missed.others:
            actual = say("it listens on {others}", others=", ".join(missed.others))
            fail(expected, actual, "hard-coded-address", where)
        actual = say("a second server, on a port of its own, did not start: {what}", what=_state(trace, run))
        fail(expected, actual, "hard-coded-address", where)
    for seen in trace.of(Listening):
        if seen.address != HOST:
            expected = say("it listens on {address}:{port}", address=HOST, port=seen.port)
            actual = say("it listens on {address}:{port}", address=seen.address, port=seen.port)
            fail(expected, actual, "hard-coded-address")
    ports = [str(seen.port) for seen in trace.of(Listening)]
    if len(ports) < 2:
        raise Unclear(say("there is no reading of this: {what}", what="LISTEN"))
    return say("two servers listened on the ports that they were given, {ports}", ports=", ".join(ports))


# --- one client -----------------------------------------------------------------------------------------------------


@check(
    "echo.one",
    points=1,
    case="echo.messages",
    needs=("listen.arguments",),
    requirement=say("what a client sends comes back at once, without waiting for a line end or the end"),
)
def one(trace: Trace) -> Text:
    table = {
        "silent": "waits-for-more",
        "closed": "closes-before-reply",
        "short": "waits-for-more",
        "other": "strips-or-changes",
    }
    n = _echoed(trace, "a", 1, table)
    return say("{n} bytes came back", n=n)


@check(
    "echo.three-messages",
    points=1,
    case="echo.messages",
    needs=("echo.one",),
    requirement=say("one connection carries any number of messages"),
)
def three_messages(trace: Trace) -> Text:
    gone = "one-message-per-connection"
    _echoed(trace, "a", 3, {"closed": gone, "silent": gone, "short": "waits-for-more", "other": "strips-or-changes"})
    return say("three messages came back on one connection")


@check(
    "clients.fin-prompt",
    points=0.5,
    case="echo.messages",
    needs=("echo.three-messages",),
    requirement=say("when the client has ended, the server closes the connection too"),
)
def fin_prompt(trace: Trace) -> Text:
    ended = trace.first(Ended, conn="a")
    expected = say("the connection is closed after the client's FIN, and not one byte more comes")
    if not trace.of(Finished, conn="a") or not ended:
        code, where = ("spin-on-eof", _place(trace, "server")) if trace.of(Busy) else ("never-closes", None)
        fail(expected, _because(say("the connection stays open"), trace, "server"), code, where)
    seen = streams(trace, "a")
    if seen.got != seen.sent:
        actual = say("{k} bytes came back for {n}", k=seen.got, n=seen.sent)
        fail(expected, actual, "strips-or-changes")
    return say("it was closed after the client's FIN")


@check(
    "echo.long-stream",
    points=1,
    needs=("echo.one",),
    requirement=say("messages longer than one recv and a stream of 1 MiB come back whole"),
)
def long_stream(trace: Trace) -> Text:
    table = {"cut": "single-recv-1024", "short": "single-recv-1024", "silent": "waits-for-more"}
    _echoed(trace, "a", 4, {**table, "closed": "one-message-per-connection"})
    return _streamed(trace, "a", "waits-for-more")


@check(
    "echo.any-bytes",
    points=1.5,
    needs=("echo.three-messages",),
    requirement=say("all 256 values come back unchanged, cut and glued in any way: an echo reads no text"),
)
def any_bytes(trace: Trace) -> Text:
    bad = next((t for t in turns(trace, "a") if t.symptom), Turn())
    code = "strips-or-changes"
    if "Unicode" in last_words(trace, "server", MODULES).error or not _is_utf8(bad.sent):
        code = "decodes-bytes"
    elif bad.sent == b"q" and bad.symptom != "other":
        code = "word-ends-it"
    n = _echoed(trace, "a", 14, dict.fromkeys(("silent", "closed", "short", "cut", "other"), code))
    return say("{n} bytes of every kind came back", n=n)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@check(
    "echo.backpressure",
    points=1,
    needs=("echo.three-messages", "echo.long-stream"),
    requirement=say("a client that first sends all it can, and only then reads, gets everything back"),
)
def backpressure(trace: Trace) -> Text:
    return _streamed(trace, "a", "send-not-sendall")


@check(
    "echo.half-close",
    points=1,
    needs=("clients.fin-prompt",),
    requirement=say("after the client's FIN the rest is still sent, and only then the connection is closed"),
)
def half_close(trace: Trace) -> Text:
    seen = streams(trace, "a")
    ended = trace.first(Ended, conn="a")
    expected = say("all {n} bytes, then FIN", n=seen.sent)
    if not ended:
        actual = _because(say("{k} of {n} bytes came back, and no end", k=seen.got, n=seen.sent), trace, "server")
        fail(expected, actual, "never-closes", _place(trace, "server"))
    if seen.got < seen.sent:
        end = "FIN" if ended.how == "fin" else "RST"
        actual = say("only {k} of {n} bytes came back before {end}", k=seen.got, n=seen.sent, end=end)
        fail(expected, actual, "closes-before-reply", _place(trace, "server"))
    return _streamed(trace, "a", "strips-or-changes")


@check(
    "echo.short-io",
    points=1,
    severity=SHOULD,
    needs=("echo.three-messages",),
    requirement=say("nothing is lost where every recv and send moves only a few bytes, as the system may do"),
)
def short_io(trace: Trace) -> Text:
    code = "send-not-sendall"
    for most in (7, 1):
        _echoed(trace, f"cap {most}", 2, {"short": code, "silent": code, "cut": code, "other": code})
    return say("everything came back with at most 7 bytes, and with 1 byte, a call")


# --- several clients ------------------------------------------------------------------------------------------------

CROWDED = {"silent": "too-few-workers", "other": "shared-state"}


@check(
    "clients.idle-neighbour",
    points=1.5,
    needs=("echo.one",),
    requirement=say("a client that is connected and silent delays nobody"),
)
def idle_neighbour(trace: Trace) -> Text:
    _echoed(trace, "b", 1, {"silent": "serial-server"}, say("while another client is connected and silent"))
    _echoed(trace, "idle", 1, {"silent": "shared-state", "other": "shared-state", "closed": "idle-cut-off"})
    return say("a client was served while another was silent, and then that one too")


@check(
    "clients.slow-neighbours",
    points=0.5,
    severity=SHOULD,
    needs=("clients.idle-neighbour", "echo.three-messages"),
    requirement=say("twenty clients that send a byte now and then delay nobody"),
)
def slow_neighbours(trace: Trace) -> Text:
    _crowd_served(trace, "slow clients served", 20, CROWDED)
    _echoed(trace, "b", 1, {"silent": "too-few-workers"}, say("while 20 slow clients are connected"))
    return say("a client was served among 20 slow ones, and they were too")


@check(
    "clients.fifty",
    points=1,
    needs=("clients.idle-neighbour", "echo.three-messages"),
    requirement=say("fifty clients that talk at the same time each get their own bytes back"),
)
def fifty(trace: Trace) -> Text:
    n = _crowd_served(trace, "turns served", 400, CROWDED)
    return say("{n} turns of 50 clients came back, none mixed up", n=n)


@check(
    "clients.five-hundred",
    points=0.5,
    severity=SHOULD,
    needs=("clients.fifty",),
    requirement=say("five hundred clients can be connected at the same time, and each is served"),
)
def five_hundred(trace: Trace) -> Text:
    n = _crowd_served(trace, "turns served", 500, CROWDED)
    return say("{n} clients were connected at once and served", n=n)


def _crowd_served(trace: Trace, what: str, count: int, table: Mapping[str, str]) -> int:
    """Every turn of a crowd came back; otherwise the first client that had a bad one is looked at."""
    served = int(_measured(trace, what))
    about = say("{k} of {n} turns came back", k=served, n=count)
    for conn in dict.fromkeys(e.conn for e in trace.of(Connected) if e.conn.startswith("client ")):
        _echoed(trace, conn, 1, table, about)
    if served < count:
        fail(
            say("{n} of {n} turns come back", n=count),
            _because(about, trace, "server"),
            table.get(_fate(trace, "server")) or table.get("silent"),
            _place(trace, "server"),
        )
    return count


@check(
    "clients.idle-kept",
    points=1,
    case="idle",
    needs=("echo.three-messages", "clients.idle-neighbour"),
    requirement=say("a client may be silent as long as it likes"),
)
def idle_kept(trace: Trace) -> Text:
    seconds = round(_measured(trace, "silence"), 1)
    about = say("after {n} s of silence", n=seconds)
    _echoed(trace, "silent", 2, {"closed": "idle-cut-off", "returned": "ends-with-its-client"}, about)
    return say("a client that had been silent for {n} s was still served", n=seconds)


# --- clients that are no friends ------------------------------------------------------------------------------------

VANISHED = {"silent": "vanished-client-kills", "closed": "vanished-client-kills", "refused": "vanished-client-kills"}


@check(
    "clients.early-close",
    points=0.5,
    needs=("echo.one",),
    requirement=say("a client that connects and leaves without a word harms nobody"),
)
def early_close(trace: Trace) -> Text:
    code = "ends-with-its-client"
    _echoed(trace, "b", 1, {"refused": code, "closed": code, "silent": code}, say("after a client came and left"))
    return say("the next client was served")


@check(
    "clients.reset-idle",
    points=0.5,
    needs=("echo.one",),
    requirement=say("a client that breaks off (RST) harms nobody"),
)
def reset_idle(trace: Trace) -> Text:
    _echoed(trace, "b", 1, VANISHED, say("after a client broke off"))
    return say("the next client was served")


@check(
    "clients.reset-midway",
    points=0.5,
    needs=("clients.idle-neighbour",),
    requirement=say("a client that breaks off in the middle of its data harms no later one"),
)
def reset_midway(trace: Trace) -> Text:
    _echoed(trace, "b", 1, VANISHED, say("after a client broke off in the middle"))
    return say("the next client was served")


@check(
    "clients.reset-neighbours",
    points=0.5,
    case="clients.reset-midway",
    needs=("clients.idle-neighbour", "echo.three-messages"),
    requirement=say("a client that breaks off takes no other connection with it"),
)
def reset_neighbours(trace: Trace) -> Text:
    _echoed(trace, "neighbour", 2, VANISHED, say("after another client broke off"))
    return say("a client that was connected all the time was still served")


@check(
    "clients.broken-pipe",
    points=0.5,
    needs=("echo.long-stream",),
    requirement=say("a client that breaks off while the server sends to it harms nobody"),
)
def broken_pipe(trace: Trace) -> Text:
    _echoed(trace, "b", 1, VANISHED, say("after a client broke off while it was sent to"))
    return say("the next client was served")


@check(
    "idle.cpu",
    points=0.5,
    case="idle",
    severity=SHOULD,
    needs=("echo.one",),
    requirement=say("no processor is kept busy while the clients are silent"),
)
def idle_cpu(trace: Trace) -> Text:
    _echoed(trace, "silent", 1, {})
    if trace.of(Vanished):
        _goes_on(trace)
    share = _measured(trace, "busiest thread, idle")
    if share > SPIN:
        fail(say("threads that sleep while nobody sends"), _busy(share), "spin-while-idle")
    return say("its busiest thread ran {share} % of the time", share=round(100 * share))


def _busy(share: float) -> Text:
    percent = min(100, round(100 * share))
    return say("its busiest thread ran or wanted to run {share} % of the time", share=percent)


@check(
    "idle.no-polling",
    points=0.5,
    case="idle",
    severity=BONUS,
    needs=("idle.cpu",),
    requirement=say("the server sleeps until there is something to do, instead of looking again and again"),
)
def no_polling(trace: Trace) -> Text:
    rate = round(_measured(trace, "switches per second, idle"))
    if rate > POLLS:
        expected = say("at most {n} wake-ups a second while nobody sends", n=POLLS)
        fail(expected, say("{n} wake-ups a second", n=rate), "polls")
    return say("{n} wake-ups a second", n=rate)


@check(
    "clients.eof-no-spin",
    points=0.5,
    case="idle",
    needs=("idle.cpu", "clients.idle-neighbour"),
    requirement=say("a client that has gone leaves no busy loop and no open connection behind"),
)
def eof_no_spin(trace: Trace) -> Text:
    _echoed(trace, "guest", 1, {})
    _goes_on(trace)
    share = _measured(trace, "busiest thread, after a client has gone")
    left = _measured(trace, "connections not closed")
    if share > SPIN:
        fail(say("nobody works for a client that has gone"), _busy(share), "spin-on-eof", _place(trace, "server"))
    if left:
        expected = say("no connection whose client has gone")
        fail(expected, say("{n} connections in CLOSE_WAIT", n=int(left)), "never-closes")
    return say("nothing was left of the client that had gone")


# --- resources ------------------------------------------------------------------------------------------------------


@check(
    "load.churn",
    points=1,
    needs=("clients.fin-prompt", "clients.idle-neighbour"),
    requirement=say("a thousand clients come and go, and no thread, file or socket stays behind"),
)
def churn(trace: Trace) -> Text:
    grown = _measured(trace, "threads, after") - _measured(trace, "threads, before")
    slots = _measured(trace, "descriptor table, after"), _measured(trace, "descriptor table, before")
    left = _measured(trace, "connections not closed, after")
    expected = say("as many threads, files and connections after 1000 clients as before")
    clients = int(_measured(trace, "clients served"))
    if left:
        fail(expected, say("{n} connections in CLOSE_WAIT", n=int(left)), "never-closes")
    if grown > GROWN:
        actual = say("{n} threads more than before, after {clients} clients", n=int(grown), clients=clients)
        fail(expected, actual, "keeps-connections", _place(trace, "server"))
    if slots[0] > 2 * slots[1]:
        before, after = map(int, reversed(slots))
        actual = say("the table of open files grew from {before} to {after} places", before=before, after=after)
        fail(expected, actual, "keeps-connections")
    table = {"silent": "keeps-connections", "other": "shared-state", "returned": "ends-with-its-client"}
    _crowd_served(trace, "clients served", 1000, table)
    _goes_on(trace)
    return say("1000 clients were served; {n} threads more than before", n=int(grown))


@check(
    "load.memory",
    points=0.5,
    case="load.churn",
    severity=BONUS,
    needs=("load.churn",),
    requirement=say("a thousand clients later the server needs no more memory than before"),
)
def memory(trace: Trace) -> Text:
    grown = round(_measured(trace, "memory, after") - _measured(trace, "memory, before"), 1)
    if grown > MEMORY:
        expected = say("less than {n} MiB more after 1000 clients with 8000 bytes each", n=MEMORY)
        fail(expected, say("{n} MiB more", n=grown), "keeps-data")
    return say("{n} MiB more", n=grown)


# --- stopping and starting again ------------------------------------------------------------------------------------


@check(
    "stop.interrupt",
    points=0.5,
    severity=SHOULD,
    needs=("clients.idle-neighbour",),
    requirement=say("Ctrl-C (SIGINT) ends the program within 3 s, also while clients are connected"),
)
def interrupt(trace: Trace) -> Text:
    return _stopped(trace)


@check(
    "stop.terminate",
    points=0.5,
    severity=SHOULD,
    needs=("clients.idle-neighbour",),
    requirement=say("SIGTERM ends the program within 3 s, also while clients are connected"),
)
def terminate(trace: Trace) -> Text:
    return _stopped(trace)


def _stopped(trace: Trace) -> Text:
    for client in "abc":
        _echoed(trace, client, 1, {})
    asked, ended = trace.first(Signalled), trace.first(Exited)
    if not asked or not ended or ended.at < asked.at:
        return fail(say("the program runs until it is stopped"), _state(trace, "server"))
    expected = say("the process ends within 3 s of {signal}", signal=asked.signal)
    stuck = [e.waiting_for for e in trace.events if isinstance(e, Quiet | GaveUp)]
    if "exit" in stuck or trace.of(Busy):
        fail(expected, _state(trace, "server"), _why_not_stopped(trace), _place(trace, "server"))
    seconds = round(ended.at - asked.at, 2)
    if seconds > STOPS:
        fail(expected, say("it took {n} s", n=seconds), _why_not_stopped(trace))
    if left := int(_measured(trace, "processes left")):
        fail(say("no process of the program is left"), say("{n} processes are left", n=left), "leaves-processes")
    return say("it ended after {n} s, with three clients connected", n=seconds)


def _why_not_stopped(trace: Trace) -> str:
    if _measured(trace, "processes", 1) > 1:
        return "leaves-processes"
    if _fate(trace, "server") or not _measured(trace, "listening", 0):
        return "threads-not-daemon"
    return "swallows-interrupt" if _measured(trace, "accepting", 0) else "shutdown-deadlock"


@check(
    "listen.restart",
    points=0.5,
    severity=SHOULD,
    needs=("echo.one",),
    requirement=say("it can be started again at once after it was stopped with a client connected"),
)
def restart(trace: Trace) -> Text:
    return _restarted(trace)


@check(
    "listen.restart-after-kill",
    points=0.5,
    severity=SHOULD,
    needs=("echo.one",),
    requirement=say("it can be started again at once after it was killed with a client connected"),
)
def restart_after_kill(trace: Trace) -> Text:
    return _restarted(trace)


def _restarted(trace: Trace) -> Text:
    if not trace.of(Listening)[1:]:
        expected = say("the second start listens on the same port")
        fail(expected, _state(trace, "again"), "no-reuse-address", _place(trace, "again"))
    _echoed(trace, "b", 1, {}, run="again")
    return say("the second start listened on the same port and served a client")


# --- reading the trace ----------------------------------------------------------------------------------------------


def _echoed(
    trace: Trace, conn: str, count: int, table: Mapping[str, str], about: Text | None = None, run: str = "server"
) -> int:
    """The first `count` turns of a connection came back unchanged; the number of their bytes. Fails otherwise.

    table: the mistake that a symptom (of Turn.symptom, or "refused") or a fate of the program (`_fate`) stands for
    here. about: under what conditions.
    """
    seen = turns(trace, conn)[:count]
    bad = next((t for t in seen if t.symptom), None)
    if len(seen) == count and not bad:
        return sum(t.got_size for t in seen)
    turn = bad or Turn()
    symptom = "refused" if trace.of(Refused, conn=conn) else turn.symptom or "closed"
    actual = _because(_seen(turn, symptom), trace, run)
    if about:
        actual = Text("{about}: {actual}", {"about": about, "actual": actual})
    expected = say("{data} comes back", data=_shown(turn.sent, turn.sent_size)) if turn.sent else say("an echo")
    return fail(expected, actual, table.get(_fate(trace, run)) or table.get(symptom), _place(trace, run, symptom))


def _goes_on(trace: Trace) -> None:
    """The program still ran at the end of the case."""
    if fate := _fate(trace, "server"):
        code = "ends-with-its-client" if fate == "returned" else "vanished-client-kills"
        fail(say("the server goes on"), _state(trace, "server"), code, _place(trace, "server"))


def _seen(turn: Turn, symptom: str) -> Text:
    k, n = turn.got_size, turn.sent_size
    match symptom:
        case "refused":
            return say("nobody takes the connection")
        case "silent":
            return say("nothing came back")
        case "closed":
            return say("the server closed the connection instead")
        case "short":
            return say("only {k} of {n} bytes came back", k=k, n=n)
        case "cut":
            return say("only {k} of {n} bytes came back, then the server closed the connection", k=k, n=n)
    return say("{got} came back", got=_shown(turn.got, k))


def _streamed(trace: Trace, conn: str, code: str) -> Text:
    """Everything that was sent on a connection came back, compared block by block."""
    seen = streams(trace, conn)
    expected = say("{n} bytes come back unchanged", n=seen.sent)
    if seen.got < seen.sent or not seen.sent:
        actual = _because(say("only {k} of {n} bytes came back", k=seen.got, n=seen.sent), trace, "server")
        fail(expected, actual, code, _place(trace, "server"))
    if seen.wrong_from >= 0 or seen.got > seen.sent:
        actual = say("{k} bytes came back, other ones from byte {at} on", k=seen.got, at=max(seen.wrong_from, 0))
        fail(expected, actual, "strips-or-changes", _place(trace, "server"))
    return say("{n} bytes came back unchanged", n=seen.got)


def _measured(trace: Trace, what: str, otherwise: float | None = None) -> float:
    """A reading. Without one and without `otherwise` nothing can be said: UNDECIDED."""
    found = trace.last(Measured, what=what)
    if found is None and otherwise is None:
        raise Unclear(say("there is no reading of this: {what}", what=what))
    return found.value if found else otherwise or 0.0


def _shown(data: bytes, size: int) -> str:
    return repr(data) if size <= SHOWN else f"{data[:SHOWN]!r}… ({size})"


def _fate(trace: Trace, run: str) -> str:
    """What became of the program by itself: "returned", "raised", "exited", "vanished", or "" where it still ran."""
    ended = trace.first(Exited, run=run)
    if trace.of(Vanished):
        return "vanished"
    if trace.of(Raised, run=run):
        return "raised"
    if trace.of(Returned, run=run):
        return "returned"
    return "exited" if ended and ended.signal != "SIGKILL" else ""


def _reason(trace: Trace, run: str) -> Text | None:
    """Why nothing more came, as far as it can be told; None where the program simply ran on."""
    raised, ended = trace.first(Raised, run=run), trace.first(Exited, run=run)
    match _fate(trace, run):
        case "raised" if raised:
            return say("serve raised {error}", error=f"{raised.error}: {raised.message}"[:200].removesuffix(": "))
        case "returned":
            return say("serve returned")
        case "vanished":
            return say("the program ended the process that looks after it")
        case "exited" if ended:
            return say("the process ended ({how})", how=ended.signal or say("exit code {code}", code=ended.code))
    error = last_words(trace, run, MODULES).error
    if error and not error.startswith(OURS):
        return say("a thread died of {error}", error=error)
    if busy := trace.first(Busy):
        return say("the program keeps a processor busy ({share} %)", share=min(100, round(100 * busy.share)))
    if trace.of(Quiet):
        return say("all its threads wait, and nothing is under way")
    if late := trace.first(GaveUp):
        return say("nothing more had come after {n} s", n=late.seconds)
    return None


def _because(seen: Text, trace: Trace, run: str) -> Text:
    why = _reason(trace, run)
    return Text("{seen}; {why}", {"seen": seen, "why": why}) if why else seen


def _state(trace: Trace, run: str) -> Text:
    return _reason(trace, run) or say("the program was still running")


def _place(trace: Trace, run: str, symptom: str = "") -> Frame | str | None:
    """The student's line: of the exception that ended serve; where it stands; of the last traceback on stderr."""
    raised = trace.first(Raised, run=run)
    stands = trace.first(Quiet) or trace.first(Busy)
    if raised and raised.frames:
        return raised.frames[-1]
    traced = last_words(trace, run, MODULES).where
    stood = stands.where if stands else None
    return stood or traced or None if symptom == "silent" else traced or stood
