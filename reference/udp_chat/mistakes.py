"""The known mistakes of `udp_chat`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.server_mistakes import SERVER_MISTAKES
from grader.checks import mistake
from grader.model import say

MISTAKES = (
    *SERVER_MISTAKES,
    mistake(
        "does-not-serve",
        say("serve came to its end, or got stuck, before it had opened its port."),
        say("A UDP server needs no listen and no accept. Which two calls make it reachable, and who keeps receiving?"),
        "sock = socket.socket(type=socket.SOCK_DGRAM)   # which address is it to have?",
    ),
    mistake(
        "recvfrom-tuple",
        say("recvfrom returns a pair, the bytes and the address of the sender; the pair was taken for the bytes."),
        say("How many values does recvfrom give you, and which of them is the message?"),
        "msg = sk.recvfrom(1024)\nprint(msg.decode())   # 'tuple' object has no attribute 'decode'",
    ),
    mistake(
        "asks-keyboard",
        say("The server waits at its keyboard before it answers: as long as nobody types there, nobody is served."),
        say("The answer is always the same. Who needs to type it?"),
        "msg, addr = sk.recvfrom(1024)\ncontent = input('>>>')   # all clients wait for this\n"
        "sk.sendto('收到'.encode(), addr)",
    ),
    mistake(
        "no-reply",
        say("The server goes on, but nothing came back to whoever sent the message."),
        say("Is an answer sent at all, and to which address? Compare it with the sender's."),
        "sk.sendto('收到'.encode(), (host, port))   # that is the server itself",
    ),
    mistake(
        "other-reply",
        say("The answer is not 收到 in UTF-8."),
        say("Compare the bytes: which text do they stand for, and in which encoding?"),
        "sk.sendto('收到'.encode('gbk'), addr)",
    ),
    mistake(
        "replies-from-elsewhere",
        say("The answer came from another address than the one that was asked; a client takes it for a stranger's."),
        say("Which of your sockets has the address that the client knows?"),
        "socket.socket(type=socket.SOCK_DGRAM).sendto(reply, addr)   # a new socket has a new port",
    ),
    mistake(
        "replies-twice",
        say("One message got more than one answer; the client will take the second for the answer to its next line."),
        say("How often does your loop call sendto for one recvfrom?"),
        "sk.sendto(reply, addr)\nsk.sendto(data.upper(), addr)",
    ),
    mistake(
        "one-message-only",
        say("The server answers one message and then no more."),
        say("What has to happen again and again, and what only once?"),
        "data, addr = sk.recvfrom(1024)\nsk.sendto(reply, addr)   # and then?",
    ),
    mistake(
        "not-for-long",
        say("After some messages the server stopped answering: it counts them, or something runs out."),
        say("What does each message leave behind: an open file, a thread, a place in a list of fixed length?"),
        "for _ in range(50):\n    data, addr = sk.recvfrom(1024)",
    ),
    mistake(
        "does-not-print",
        say("The message that came is not printed."),
        say("What should a person at this program's terminal see when a message arrives?"),
        "data, addr = sk.recvfrom(1024)\nsk.sendto(reply, addr)   # and the person here?",
    ),
    mistake(
        "prints-bytes",
        say("The bytes were printed as Python shows bytes, not the text that they stand for."),
        say("print(data) shows b'…'. Which call makes text of bytes?"),
        "print(data)   # b'\\xe4\\xbd\\xa0\\xe5\\xa5\\xbd'",
    ),
    mistake(
        "replies-to-one",
        say("Answers go to one fixed client instead of to whoever sent the message."),
        say("Every recvfrom tells you the sender. When may an address be kept, and when must it be the newest?"),
        "if client is None:\n    client = addr        # whoever came first\nsk.sendto(reply, client)",
    ),
    mistake(
        "empty-means-end",
        say("An empty datagram was taken for the end. That is a habit from TCP: UDP has no connection that could end."),
        say("What does b'' mean on a TCP socket, and what on a UDP socket?"),
        "data, addr = sk.recvfrom(1024)\nif not data:\n    break",
    ),
    mistake(
        "word-ends-it",
        say("A word that a client sent ended the server for everybody, or was not answered."),
        say("Whose talk does Q end: that of the person who types it, or everybody's?"),
        "if data.decode().upper() == 'Q':\n    break",
    ),
    mistake(
        "short-buffer",
        say("The buffer is smaller than the longest message: the kernel throws away what does not fit, for good."),
        say("recvfrom takes one whole datagram or the beginning of it. How long may a message be here?"),
        "data, addr = sk.recvfrom(100)",
    ),
    mistake(
        "dies-on-bad-text",
        say("A datagram that is not UTF-8 ended the program. Anybody can send one."),
        say("decode raises an exception where the bytes are no text. Who catches it, and what happens then?"),
        "text = data.decode('utf-8')   # UnicodeDecodeError ends the loop",
    ),
    mistake(
        "answers-bad-text",
        say("A datagram that is not UTF-8 was treated as a message instead of being ignored."),
        say("errors='ignore' and errors='replace' make a text of anything. How do you find out that it was none?"),
        "text = data.decode(errors='replace')",
    ),
    mistake(
        "too-long-kills",
        say("A datagram longer than the buffer ended the server: what was left of it ended inside a character."),
        say("recvfrom(1024) cuts at 1024 bytes, wherever that is. How do you notice that a datagram was longer?"),
        "data, addr = sk.recvfrom(1024)\ntext = data.decode()   # the last character is cut",
    ),
    mistake(
        "takes-a-part",
        say("Of a datagram that was too long the beginning was taken for the whole message."),
        say("recvfrom(1024) returns 1024 bytes for longer ones too. How could you see the difference?"),
        "data, addr = sk.recvfrom(1024)   # was that all of it?",
    ),
    mistake(
        "vanished-client-kills",
        say("A client that had gone before its answer came ended the server, or kept it from serving others."),
        say("A connected UDP socket hears of it when nobody is there, as an exception, and hears nobody else."),
        "sk.connect(addr)\nsk.send(reply)\nsk.recvfrom(1024)   # ConnectionRefusedError",
    ),
    mistake(
        "leaves-processes",
        say("The server has ended, but a process that it had started still holds the port."),
        say("Who ends the children when their parent is stopped?"),
        "Process(target=loop, args=(sk,)).start()   # outlives a SIGTERM to its parent",
    ),
    mistake(
        "swallows-interrupt",
        say("The signal to stop was caught, and the server goes on serving."),
        say("Look at every `except`: a bare one catches KeyboardInterrupt and SystemExit too."),
        "while True:\n    try:\n        data, addr = sk.recvfrom(1024)\n    except:\n        continue",
    ),
    mistake(
        "spin-while-idle",
        say("The server keeps a processor busy although nobody sends anything."),
        say("Let the operating system wake you: what does recvfrom do by itself when nothing is there?"),
        "sk.setblocking(False)\nwhile True:\n    try: data, addr = sk.recvfrom(1024)\n    except BlockingIOError: pass",
    ),
    # --- the client
    mistake(
        "sends-elsewhere",
        say("The line went to an address of the client's own instead of the one that chat was given."),
        say("Look for a host or a port written as a literal; both come as arguments."),
        "sk.sendto(line.encode(), ('127.0.0.1', 9000))",
    ),
    mistake(
        "port-of-its-own",
        say("The client insists on a port of its own, so a second client cannot run on the same machine."),
        say("Only the server's port must be known beforehand. Who chooses a port for a socket that was not bound?"),
        "sk.bind(('127.0.0.1', 8888))   # in the client",
    ),
    mistake(
        "changes-text",
        say("What was sent is not what was typed, in UTF-8: something was added, stripped, or encoded otherwise."),
        say("Compare the bytes with those of the line, to the last one."),
        "sk.sendto((line.strip() + '\\n').encode('gbk'), server)",
    ),
    mistake(
        "one-line-only",
        say("The client sends one line and stops asking for more."),
        say("What has to happen again and again until Q?"),
        "line = input('>>>')\nsk.sendto(line.encode(), server)   # and the next one?",
    ),
    mistake(
        "empty-line-unsent",
        say("An empty line was not sent. In UDP an empty datagram is a message, and it gets an answer."),
        say("In TCP nothing would reach the peer. And here?"),
        "if not line:\n    continue",
    ),
    mistake(
        "quit-is-sent",
        say("Q was sent to the server; it should only end the client."),
        say("What comes first, the test for Q or sendto?"),
        "sk.sendto(line.encode(), server)\nif line.upper() == 'Q':\n    break",
    ),
    mistake(
        "quit-unseen",
        say("Q or q was typed, and the client did not end."),
        say("Both letters count. What does your program wait for after it?"),
        "if line == 'q':   # and Q?\n    break",
    ),
    mistake(
        "quit-unheard",
        say("The server answered Q or q, and the client did not end."),
        say("When is the answer compared with Q, and is it text or bytes then?"),
        "if data == 'Q':   # bytes never equal a text\n    break",
    ),
    mistake(
        "quit-too-easily",
        say("A text that only begins with Q, or contains one, was taken for the end."),
        say("Compare the whole line, without changing it first."),
        "if line.strip().upper().startswith('Q'):\n    break",
    ),
    mistake(
        "end-of-input",
        say("The end of the input (Ctrl-D) ended the client with an error, or not at all."),
        say("input() says it with an exception of its own. Which?"),
        "line = input('>>>')   # EOFError",
    ),
    mistake(
        "any-sender",
        say("A stranger's datagram was taken for the server's answer."),
        say("recvfrom tells who sent it; or let the kernel choose: what does connect do to a UDP socket?"),
        "data, _ = sk.recvfrom(1024)   # from whom?",
    ),
    mistake(
        "stranger-counts",
        say("A stranger's datagram was taken for the end of the wait, and cost one of the three tries."),
        say("Whose datagram ends the wait, and what should any other one change?"),
        "data, addr = sk.recvfrom(1024)\nif addr != server:\n    continue   # and the loop sends again",
    ),
    mistake(
        "stale-answer",
        say("An answer that came too late, or twice, was taken for the answer to the next line."),
        say("It lies in your socket's buffer when you send the next line. How could the next line not find it there?"),
        "sk.sendto(line.encode(), server)\ndata, addr = sk.recvfrom(1024)   # an old one may be there already",
    ),
    mistake(
        "no-time-out",
        say("The answer was lost, and the client waits for it for ever."),
        say("UDP does not tell you of a loss. What can a socket be told about how long to wait?"),
        "data, addr = sk.recvfrom(1024)   # it may never come",
    ),
    mistake(
        "too-few-tries",
        say("The client gave up before it had sent the line three times."),
        say("What should happen when the second is over and no answer has come?"),
        "sk.settimeout(1)\ndata, addr = sk.recvfrom(1024)   # one loss, and it is over",
    ),
    mistake(
        "too-many-tries",
        say("The client sent the line more than three times."),
        say("Three sends in all, the first one among them. Who counts?"),
        "while True:\n    sk.sendto(data, server)\n    try: return sk.recvfrom(1024)\n    except TimeoutError: pass",
    ),
    mistake(
        "gives-up-in-silence",
        say("No answer came, and the client ended as if all were well."),
        say("Whoever calls chat must learn that nobody answered. How does a function say so?"),
        "print('no answer')\nreturn",
    ),
    mistake(
        "resends-other",
        say("What was sent the second time is not the same line."),
        say("The server cannot know that it is a repetition; what should it get?"),
        "sk.sendto(b'retry ' + data, server)",
    ),
    mistake(
        "impatient",
        say("The client did not wait a second for the answer before it sent again or gave up."),
        say("An answer may take its time. What does your loop do while none has come, and what after the last send?"),
        "for _ in range(3):\n    sk.sendto(data, server)   # all at once",
    ),
    mistake(
        "too-patient",
        say("The client waited much longer than a second before it sent again."),
        say("Where is the time that your socket waits set, and to what?"),
        "sk.settimeout(10)",
    ),
    mistake(
        "clock-starts-anew",
        say("Each datagram of a stranger started the second anew, so a talkative one keeps the client waiting."),
        say("A time-out counts from each recvfrom. When is the second over, however many datagrams come in between?"),
        "sk.settimeout(1)\nwhile True:\n    data, addr = sk.recvfrom(1024)   # one second more each time\n"
        "    if addr == server: break",
    ),
    mistake(
        "spins",
        say("The client keeps a processor busy while it waits for the answer."),
        say("A socket with a time-out sleeps until something comes or the time is over."),
        "sk.setblocking(False)\nwhile time.time() < end:\n    try: ...\n    except BlockingIOError: pass",
    ),
)
