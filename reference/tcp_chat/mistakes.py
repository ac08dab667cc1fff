"""The known mistakes of `tcp_chat`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.server_mistakes import SERVER_MISTAKES
from grader.checks import mistake
from grader.model import say

MISTAKES = (
    *SERVER_MISTAKES,
    # --- turns ---
    mistake(
        "waits-to-hear-first",
        say(
            "The server waits for the client to speak, and the client waits for the server: nobody ever says anything."
        ),
        say("Who speaks first? Which of the two calls, input or recv, must then come first in the loop?"),
        "conn, addr = server.accept()\nmsg = conn.recv(1024)   # and the client waits too",
    ),
    mistake(
        "speaks-first",
        say("The client asks for a line before the server has said anything; the server speaks first."),
        say("Which of the two calls, input or recv, comes first in the client's loop?"),
        "while True:\n    line = input()\n    sock.sendall(line.encode())\n    print(sock.recv(1024).decode())",
    ),
    mistake(
        "connects-elsewhere",
        say("The client does not connect to the address that chat was given."),
        say("Look for a host or a port written as a literal; both come as arguments."),
        "sock.connect(('127.0.0.1', 9000))",
    ),
    mistake(
        "closes-at-once",
        say("The connection was closed before anybody had said anything."),
        say("What happens between accept and the first input? A process of its own, for one, has no keyboard to read."),
        "conn, addr = server.accept()\nProcess(target=talk, args=(conn,)).start()   # input() raises EOFError there",
    ),
    mistake(
        "one-message-only",
        say(
            "The conversation does not go on after a message: there is no loop around the turns, or it ends too early."
        ),
        say("A chat has any number of turns. What is done again and again, and what only once?"),
        "if msg == 'Q' or 'q':   # true for every msg\n    break",
    ),
    mistake(
        "does-not-send",
        say("A line was typed, but it never got onto the wire."),
        say("What becomes of the string that input returns?"),
        "line = input()\nsock.makefile('w').write(line)   # it stays in the buffer",
    ),
    mistake(
        "adds-to-message",
        say("Something was added to the message: a line end, a name, a length. One turn is the message's bytes alone."),
        say("Compare the bytes that are sent with the line that was typed: which are not from the keyboard?"),
        "sock.sendall((line + '\\n').encode())",
    ),
    mistake(
        "changes-message",
        say("What arrived is not what was said: something was stripped, changed or lost."),
        say("Every character counts, blanks too. What is done to the text between the keyboard and the wire?"),
        "sock.sendall(line.strip().lower().encode())",
    ),
    mistake(
        "strips-message",
        say("Blanks at the beginning or the end of a message were taken away."),
        say("strip() is good for looking at a line; but which line is then sent, or printed?"),
        "line = input().strip()",
    ),
    mistake(
        "not-utf8",
        say("The text is not sent or read as UTF-8, so other letters than English ones are lost or the program dies."),
        say("encode() and decode() use UTF-8 unless they are told another encoding. What are yours told?"),
        "sock.sendall(line.encode('gbk'))",
    ),
    mistake(
        "short-recv",
        say("recv was told to take fewer bytes than a message may have: the rest is taken for the next message."),
        say("How long may a message be, in bytes? And how many does your recv take at most?"),
        "msg = sock.recv(100)",
    ),
    mistake(
        "low-limit",
        say("A line of 1024 bytes was refused: that is as long as a message may be, and not too long."),
        say("Is 1024 itself allowed? Look at the sign of your comparison, and at what its two sides are."),
        "if len(line.encode()) < 1024: ...",
    ),
    mistake(
        "too-long-ends",
        say("A line that is too long ended the conversation; another one should only be asked for."),
        say("Nobody has broken anything off: a person has typed too much. What is done after an empty line?"),
        "if len(line.encode()) > 1024:\n    raise ValueError('too long')",
    ),
    mistake(
        "not-asked-again",
        say("A line was refused, and no other was asked for in its place: now both sides wait for each other."),
        say("The turn is still this side's. What has to be done again until there is a line that can be sent?"),
        "if len(line.encode()) <= 1024:\n    sock.sendall(line.encode())\nprint(sock.recv(1024).decode())",
    ),
    mistake(
        "no-limit",
        say("A line that is too long was sent: a message has at most 1024 bytes, and the other side takes no more."),
        say("What has to be measured: the characters of the text, or the bytes that it becomes?"),
        "if len(line) > 1024: continue   # 342 Chinese characters are 1026 bytes",
    ),
    mistake(
        "cuts-line",
        say("Of a line that is too long the beginning was sent; the person believes that all of it was said."),
        say("Nothing is to be sent of such a line. Who can say it in other words?"),
        "sock.sendall(line.encode()[:1024])",
    ),
    mistake(
        "tested-once",
        say("A line was refused, but the one typed in its place was not looked at as carefully, and went through."),
        say("Every line has to pass every test, however many before it were refused. What does that make of the if?"),
        "if not line:\n    line = input()   # and if this one is empty too?",
    ),
    mistake(
        "waits-for-more",
        say("The message has arrived, but the program waits for more: a line end, a full buffer, or the end."),
        say("One turn is what one recv returns. Which call of yours is content with nothing less than more?"),
        "for line in sock.makefile():     # waits for a line end\n    print(line)",
    ),
    mistake(
        "not-printed",
        say("What the other side said never came onto the screen."),
        say("What is done with the bytes that recv returned?"),
        "msg = sock.recv(1024)   # and then?",
    ),
    mistake(
        "prints-bytes",
        say("The bytes were printed as Python shows them, b'…', instead of the text that they stand for."),
        say("recv returns bytes. Which method makes a str of them?"),
        "print(sock.recv(1024))",
    ),
    mistake(
        "prints-behind",
        say("Something stands behind the message on its line: what the other side said has to be the end of it."),
        say("What else does this print put on the line? In front of the message it would do no harm."),
        "print([msg])   # or print(msg, '<-', addr)",
    ),
    mistake(
        "prints-elsewhere",
        say("What the other side said was not printed: as a prompt of input or in a log it goes to stderr."),
        say("Which call writes to standard output? A prompt asks a question; it is not meant for what was heard."),
        "line = input(msg + '\\n> ')",
    ),
    mistake(
        "asks-out-of-turn",
        say("A line was asked for in the other side's turn: they take turns, and one at a time has the word."),
        say("Do listening and typing run side by side, in two threads perhaps? Which of the two has to wait?"),
        "Thread(target=listen, args=(sock,)).start()\nwhile True:\n    sock.sendall(input().encode())",
    ),
    mistake(
        "asks-before-print",
        say("The next line was asked for before the message was on the screen: one answers what one has not read yet."),
        say("In which order do print and input stand? And is anything kept back in a buffer of yours?"),
        "msg = sock.recv(1024).decode()\nline = input()\nprint(msg)",
    ),
    mistake(
        "out-of-turn",
        say("Something was sent although it was not this side's turn."),
        say("Each side sends exactly one message, then it listens. What does your program send without being asked?"),
        "msg = sock.recv(1024)\nsock.sendall(b'ok')   # nobody asked for a receipt",
    ),
    mistake(
        "empty-line-deadlock",
        say("An empty line was sent: that puts no byte on the wire, so both sides now wait for each other for ever."),
        say("What does sendall(b'') send? Ask again until there is something to say."),
        "line = input()\nsock.sendall(line.encode())   # line == ''",
    ),
    mistake(
        "empty-line-ends",
        say("An empty line ended the conversation; it should only be asked for again."),
        say("'' is contained in every string: `line in 'Qq'` is true for it. And what does your test of the line say?"),
        "if line in 'Qq':\n    break",
    ),
    mistake(
        "blank-as-empty",
        say("A line of blanks was treated like an empty one: it is a message like any other."),
        say("strip() makes '' of '   '. Is what was typed empty, or does it only look so?"),
        "if not line.strip():\n    continue",
    ),
    # --- Q ---
    mistake(
        "quit-not-sent",
        say("Q ended the program here, but it was not sent: the other side does not know that the chat is over."),
        say("What comes first, sending the line or looking whether it is Q?"),
        "line = input()\nif line == 'Q':\n    break\nsock.sendall(line.encode())",
    ),
    mistake(
        "quit-goes-on",
        say("Q was said, but the conversation went on, or its connection was never closed."),
        say(
            "Which loop must end after Q, and who closes the connection? `conn.close` without parentheses does nothing."
        ),
        "sock.sendall(line.encode())\nprint(sock.recv(1024).decode())   # after Q nobody answers",
    ),
    mistake(
        "quit-raises",
        say("After Q, chat ended with an exception instead of returning."),
        say("What still happens after the loop has ended, and on which socket?"),
        "sock.close()\nsock.shutdown(socket.SHUT_RDWR)",
    ),
    mistake(
        "quit-not-heard",
        say("The other side said Q, and the program asks for another line: nobody will ever read it."),
        say("Q ends the chat on both sides, whoever says it. Where do you look at what was heard?"),
        "print(sock.recv(1024).decode())\nline = input()",
    ),
    mistake(
        "quit-printed",
        say("Q was printed like a message; it is a sign to end, and nothing to read."),
        say("What comes first, printing what was heard or looking whether it is Q?"),
        "print(msg)\nif msg == 'Q':\n    break",
    ),
    mistake(
        "quit-answered",
        say("Q was answered. The other side has ended the chat and reads no more."),
        say("What does your program still send when it has heard Q?"),
        "if msg == 'Q':\n    sock.sendall(b'Q')\n    break",
    ),
    mistake(
        "quit-too-broad",
        say("A message that only resembles Q ended the conversation."),
        say("Only Q or q alone ends it. What else does your test let through: longer words, blanks?"),
        "if msg.strip().upper().startswith('Q'):\n    break",
    ),
    mistake(
        "quit-one-case",
        say("Only one of Q and q ends the conversation; both should."),
        say("Two spellings, two sides: which of the four is missing?"),
        "if line == 'Q':\n    break",
    ),
    # --- ends ---
    mistake(
        "end-not-noticed",
        say("The other side has gone, and the program goes on: the b'' or the error that recv ends in is no message."),
        say(
            "What does recv return when nothing more will come? Which part of your program sees it, and who else must?"
        ),
        "msg = sock.recv(1024).decode()\nprint(msg)            # ''\nline = input()",
    ),
    mistake(
        "stays-with-the-gone",
        say("The server still talks to a client that has left: it asks for line after line, and serves nobody else."),
        say("How do you see that a client has left: what does recv return, and what does send raise?"),
        "while True:\n    try: conn.sendall(input().encode())\n    except OSError: pass",
    ),
    mistake(
        "state-left-over",
        say("After the first conversation the next client is not served as the first one was."),
        say("What does the second round of the outer loop find changed: a flag, a socket, a variable?"),
        "running = True\nwhile True:\n    conn, addr = server.accept()\n    while running: ...   # it is False now",
    ),
    mistake(
        "talks-to-two",
        say("A second client got into the conversation with the first one: the server talks to one client at a time."),
        say("There is one keyboard. Whose is the next line that is typed there, when two clients are connected?"),
        "while True:\n    conn, addr = server.accept()\n    Thread(target=talk, args=(conn,)).start()",
    ),
    mistake(
        "dies-of-bytes",
        say("Bytes that are no UTF-8 ended the whole server: one client can thus stop it for all."),
        say("decode() raises UnicodeDecodeError. Which loop should that end?"),
        "msg = conn.recv(1024).decode()   # and nobody catches it",
    ),
    mistake(
        "decodes-anyway",
        say("Bytes that are no UTF-8 did not end the conversation: they were read all the same, or passed over."),
        say("What does decode do by itself with such bytes? What have you told it to do, or do in the except?"),
        "msg = conn.recv(1024).decode(errors='ignore')",
    ),
    mistake(
        "eof-error",
        say("At the end of the input, input() raises EOFError, and nobody caught it."),
        say("Ctrl-D means: nothing more will be said. What should a chat do then?"),
        "line = input()   # EOFError",
    ),
    mistake(
        "input-end-ignored",
        say("The input has ended, but the conversation has not: the program asks on, or keeps the connection open."),
        say("Nobody will ever type anything again. Which loop must end?"),
        "try: line = input()\nexcept EOFError: continue",
    ),
    mistake(
        "idle-cut-off",
        say("The other side took its time to answer, and the conversation was ended for it."),
        say("People think before they type. Where is a time limit set?"),
        "sock.settimeout(5)",
    ),
    mistake(
        "hides-error",
        say("The connection failed, and whoever called chat does not learn of it: no exception left the function."),
        say("Printing is not telling the caller. Which exceptions should pass?"),
        "except OSError:\n    print('connection lost')",
    ),
    mistake(
        "wrong-exception",
        say("Another exception than the one for this came out of chat."),
        say("Look at the exception's own line: what did it work on, and was that what you expected?"),
        "text = sock.recv(1024).decode()\nif text[0] == 'Q': ...   # IndexError for ''",
    ),
    mistake(
        "cuts-off",
        say("The connection was cut off (RST) instead of closed: what the other side has not read yet may be lost."),
        say("What does SO_LINGER with a time of 0 do at close?"),
        "sock.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack('ii', 1, 0))",
    ),
)
