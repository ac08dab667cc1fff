"""The known mistakes of `nonblocking_upper`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.server_mistakes import SERVER_MISTAKES
from grader.checks import mistake
from grader.model import say

MISTAKES = (
    *SERVER_MISTAKES,
    # --- what blocks ---
    mistake(
        "accepted-socket-blocking",
        say(
            "The socket that accept() returns is a blocking one, so recv or send on it stops the whole server. On "
            "Windows and macOS it takes over the listening socket's setting, and this program works there; on Linux it "
            "does not."
        ),
        say("Count your sockets. For which of them do you call setblocking, and on which do you call recv and send?"),
        "sk.setblocking(False)\n...\nconn, addr = sk.accept()   # on Linux conn is a blocking socket\n"
        "msg = conn.recv(1024)      # waits for this client, and nobody is served meanwhile",
    ),
    mistake(
        "listening-socket-blocking",
        say("The server waits in accept() for the next client; meanwhile those who are there are not served."),
        say("Which call stops your loop while nobody calls, and what can be done to a socket so that it does not?"),
        "sk.listen()\nwhile True:\n    conn, addr = sk.accept()   # waits until somebody calls",
    ),
    mistake(
        "serial-server",
        say("The server serves one client at a time: it waits for the one that is silent, and all others wait too."),
        say("With one thread, no call may ever wait for one particular client. Which of yours does?"),
        "conn, addr = sk.accept()\nwhile True:\n    msg = conn.recv(1024)   # until this client speaks",
    ),
    mistake(
        "waits-for-each-in-turn",
        say("The server waits for each client in turn, if only for a while: a silent one costs all others this time."),
        say("A time-out is a wait too. How can you learn who has something to read before you call recv?"),
        "conn.settimeout(1)\n...\nfor conn in conns:\n    msg = conn.recv(1024)   # up to a second for each",
    ),
    mistake(
        "would-block-uncaught",
        say(
            "BlockingIOError ended the server. It is no fault: it says that there is nothing to read, or no room to "
            "send, just now."
        ),
        say("recv, send and accept may all raise it. Which calls stand outside your try? What is sendall to do then?"),
        "conn.setblocking(False)\nconn.sendall(data)   # raises BlockingIOError when the client does not read",
    ),
    mistake(
        "waits-until-sent",
        say("The server tries again and again to send to one client that does not read, and serves nobody meanwhile."),
        say("What cannot be sent now must wait somewhere while the loop goes on. Where, and who sends it later?"),
        "while data:\n    try: data = data[conn.send(data):]\n    except BlockingIOError: pass   # round and round",
    ),
    mistake(
        "accepts-when-idle",
        say("New clients are taken only when there is nothing else to do; one that never reads keeps them all out."),
        say("In each round every socket should have its turn, the listening one too."),
        "if any(queues.values()):\n    continue   # first send all that waits",
    ),
    mistake(
        "more-than-one-thread",
        say("The server uses threads or processes; the task is to serve all clients from one thread."),
        say("A non-blocking socket, or a selector, lets one loop look after many clients."),
        "threading.Thread(target=serve_client, args=(conn,)).start()",
    ),
    mistake(
        "too-few-clients",
        say("Only so many clients are served at the same time; the next one waits until another leaves."),
        say("What limits the number of your clients?"),
        "if len(clients) < 10:\n    conn, addr = sk.accept()",
    ),
    # --- what is lost ---
    mistake(
        "partial-send",
        say(
            "Bytes were lost on the way back. A non-blocking send takes only what there is room for: it returns how "
            "much that was, or raises BlockingIOError and takes nothing."
        ),
        say("What does send return? Where do the bytes wait that it did not take, also after BlockingIOError?"),
        "try: conn.send(msg.upper())     # how much of it was sent?\nexcept BlockingIOError: pass   # and now?",
    ),
    mistake(
        "queue-dropped-at-eof",
        say("The client's FIN came while bytes were still waiting for it, and these were thrown away."),
        say("b'' says that the client sends no more. Does it say that it reads no more?"),
        "if not data:\n    conn.close()   # what is in its queue?",
    ),
    mistake(
        "unbounded-queue",
        say("A client that sends and never reads makes the server's memory grow without end."),
        say("When a client's queue is full, what should the server stop doing with this client until there is room?"),
        "queues[conn] += conn.recv(65536).upper()   # however long the queue is",
    ),
    mistake(
        "gives-up-at-limit",
        say("Once a client's queue was full, bytes were thrown away, or the client was never read or served again."),
        say("A full queue is no error. What must happen when the client reads again and there is room?"),
        "if len(queue) > LIMIT:\n    selector.unregister(conn)   # and who registers it again?",
    ),
    mistake(
        "one-limit-for-all",
        say("One limit was set for all queues together: whoever does not read fills it, and nobody else is read."),
        say("16 MiB may wait for *each* client. Whose queue has to be short enough before you read from a client?"),
        "if sum(map(len, queues.values())) < LIMIT: data = conn.recv(4096)",
    ),
    mistake(
        "single-recv",
        say(
            "Only what one recv returned was answered, and the rest was left lying: one recv is one piece of a stream."
        ),
        say("Who reads the bytes that did not fit into the first recv, and when?"),
        "epoll.register(conn, EPOLLIN | EPOLLET)\n...\ndata = conn.recv(1024)   # no further event comes for the rest",
    ),
    mistake(
        "waits-for-more",
        say("The server has read the bytes, but waits for more: a line end, a full buffer, or the end."),
        say("TCP has no lines and no messages. What has come can be sent back at once."),
        "if not buffer.endswith(b'\\n'):\n    continue",
    ),
    mistake(
        "one-message-per-connection",
        say("The server answers one message and hangs up, or forgets the client."),
        say("A connection lasts until the client ends it. What has to happen after the first answer?"),
        "conn.send(msg.upper())\nconn.close()",
    ),
    mistake(
        "closes-before-reply",
        say("The connection was closed before anything was sent back."),
        say("When is a conversation over? Look at every close."),
        "if not data: ...\nconn.close()",
    ),
    # --- what is changed ---
    mistake(
        "decodes-bytes",
        say("The bytes were decoded as text: half a character, or bytes that are no UTF-8 at all, cannot be."),
        say("Bytes have a method of their own for this. Which two calls can go?"),
        "msg = conn.recv(1024).decode('utf-8')\nconn.send(msg.upper().encode('utf-8'))",
    ),
    mistake(
        "upper-of-text",
        say("More than the letters a to z was changed: é, ß and the like belong to text, and here are only bytes."),
        say("str and bytes both have this method. On which of the two do you call it?"),
        "conn.send(data.decode('utf-8', 'replace').upper().encode('utf-8'))",
    ),
    mistake(
        "not-upper",
        say("What came back is not what bytes.upper() makes of what was sent."),
        say("Every byte counts, blanks and line ends too; only the letters a to z become capitals."),
        "conn.send(data.strip().upper())",
    ),
    mistake(
        "word-ends-it",
        say("A word in the data was taken for a command."),
        say("Only the client's FIN ends the conversation; recv shows it in its own way."),
        "if data == b'q':\n    break",
    ),
    # --- who leaves ---
    mistake(
        "list-changed-in-loop",
        say("Several clients ended in the same round, and the server broke down over its own list of clients."),
        say("May a list or dictionary change while a loop goes over it? Can a client be noted for removal twice?"),
        "for conn in clients:\n    ...\n    del clients[conn]   # RuntimeError: dictionary changed size",
    ),
    mistake(
        "spin-on-eof",
        say("A client that has ended is still looked after: it is always readable, and recv returns b'' every time."),
        say("What must happen to the socket, and to its place in the list or selector, after b''?"),
        "data = conn.recv(1024)\nif not data:\n    conn.shutdown(SHUT_WR)   # and it stays in the selector",
    ),
    mistake(
        "never-closes",
        say(
            "The client has ended its side, but the server never closes its own: to remove a socket from a list does "
            "not close it."
        ),
        say("Which call sends the client your FIN? `conn.close` without parentheses closes nothing."),
        "for conn in del_l:\n    conn_l.remove(conn)   # and the connection itself?",
    ),
    mistake(
        "vanished-client-kills",
        say("One client broke its connection off, and others lost theirs, or the whole server."),
        say("recv and send raise more than BlockingIOError. Who catches it when a client is gone?"),
        "except BlockingIOError:\n    pass       # and ConnectionResetError?",
    ),
    mistake(
        "ends-with-its-client",
        say("When one client ended its connection, the server stopped serving everybody."),
        say("b'' means that this client has finished. What must end then, and what must go on?"),
        "if not data:\n    break      # out of which loop?",
    ),
    mistake(
        "shared-state",
        say("One client got another's bytes: something that belongs to one connection is kept in one place for all."),
        say("Look for variables that several clients share. Where do a connection's data live?"),
        "queue = b''    # one for all connections",
    ),
    mistake(
        "asks-who-is-gone",
        say("A client that had broken off before it was accepted ended the server."),
        say("What do the calls on a new connection do when its peer is gone already?"),
        "conn, addr = sk.accept()\nprint(conn.getpeername())   # OSError: not connected",
    ),
    mistake(
        "dies-without-files",
        say("accept() fails when the process has too many files open; that ended the server, or it never recovered."),
        say("Which errors of accept concern only the client that is calling, and which the whole server?"),
        "try: conn, addr = sk.accept()\nexcept BlockingIOError: pass   # OSError 24: too many open files",
    ),
    mistake(
        "swallows-interrupt",
        say("The signal to stop was caught, and the server goes on serving."),
        say("Look at every `except`: a bare one catches KeyboardInterrupt and SystemExit too."),
        "while True:\n    try: ...\n    except:\n        pass",
    ),
)
