"""The mistakes of servers, whatever they serve: what each is, a hint, the wrong code. Layer 1, pure.

An exercise's MISTAKES begin with these; one of its own with the same code stands in place of the general one.
"""

from grader.analysis.slips import SLIPS
from grader.checks import mistake
from grader.model import say

SERVER_MISTAKES = (
    *SLIPS,
    mistake(
        "does-not-serve",
        say("serve came to its end, or got stuck, before anybody could connect."),
        say("A socket is reachable after bind and listen; and who keeps accepting clients after that?"),
        "server.bind((host, port))\nserver.listen()   # and then?",
    ),
    mistake(
        "hard-coded-address",
        say("The server listens on an address of its own instead of the one that serve was given."),
        say("Look for a host or a port written as a literal; both come as arguments."),
        "server.bind(('127.0.0.1', 9000))",
    ),
    mistake(
        "no-reuse-address",
        say("The last run's connections still hold the port: SO_REUSEADDR was not set before the server was bound."),
        say("There is a socket option for it. When must it be set: before bind, or after?"),
        "server = socket.socket()\nserver.bind((host, port))   # while the last run's connections linger",
    ),
    mistake(
        "threads-not-daemon",
        say("The program serves nobody any more, but does not end: it waits for its clients, who may stay for ever."),
        say("What does the program still wait for when it is told to stop: threads, or a call that never returns?"),
        "threading.Thread(target=handle, args=(conn,)).start()   # the program ends only after it",
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
