"""The known mistakes of `threaded_echo`, as students made them: what each is, a hint, the wrong code."""

from grader.checks import mistake
from grader.model import say

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
