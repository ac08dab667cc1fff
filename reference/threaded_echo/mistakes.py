"""The known mistakes of `threaded_echo`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.server_mistakes import SERVER_MISTAKES
from grader.checks import mistake
from grader.model import say

MISTAKES = (
    *SERVER_MISTAKES,
    mistake(
        "does-not-serve",
        say("serve came to its end, or got stuck, before anybody could connect."),
        say("A socket is reachable after bind and listen; and who keeps accepting clients after that?"),
        "server = socketserver.ThreadingTCPServer((host, port), Handler)   # and then?",
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
        "gives-up-sending",
        say("A client that did not read for a while was hung up on, and what was due to it is lost."),
        say("How long may a client take to read? What does settimeout mean for sendall?"),
        "self.request.settimeout(1)\nself.request.sendall(data)    # whoever reads later loses the rest",
    ),
    mistake(
        "serial-server",
        say("The server serves one client at a time: while one is connected, all others wait."),
        say("Which class of socketserver gives every connection a thread of its own?"),
        "socketserver.TCPServer((host, port), Handler)",
    ),
    mistake(
        "one-lock-for-all",
        say("One client does not read what it is sent, and nobody else is served: all wait for what it holds up."),
        say("sendall waits until the other side makes room, which may be for ever. What do you hold meanwhile?"),
        "with lock:\n    conn.sendall(data)   # one lock for all clients",
    ),
    mistake(
        "too-few-workers",
        say("Only so many clients are served at the same time; the next one waits until another leaves."),
        say("Clients may stay for hours. What limits the number of your threads or processes?"),
        "pool = ThreadPoolExecutor(10)",
    ),
    mistake(
        "threads-not-daemon",
        say("The program serves nobody any more, but does not end: it waits for its clients, who may stay for ever."),
        say("Which attribute says that a program need not wait for its handler threads?"),
        "class Server(socketserver.ThreadingTCPServer):\n    pass   # daemon_threads is False",
    ),
)
