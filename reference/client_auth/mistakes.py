"""The known mistakes of `client_auth`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.server_mistakes import SERVER_MISTAKES
from grader.checks import mistake
from grader.model import say

CHALLENGE = (
    mistake(
        "no-challenge",
        say("The server waits for the client to speak first, but it is the server that begins: with the challenge."),
        say("What does a client need before it can answer anything?"),
        "digest = conn.recv(32)      # and where is the challenge?",
    ),
    mistake(
        "challenge-size",
        say("The challenge is not exactly 32 bytes: the client reads 32, and would wait, or take the rest for words."),
        say("How long is a hex text of 32 bytes? Is anything sent before or after the challenge?"),
        "conn.sendall(os.urandom(32).hex().encode())   # 64 bytes",
    ),
    mistake(
        "fixed-challenge",
        say("Two clients got the same challenge: who has heard one right digest can use it too."),
        say("When is the challenge made: once for the server, or once for each client?"),
        "challenge = os.urandom(32)   # before the loop that accepts clients",
    ),
    mistake(
        "seeded-challenge",
        say("After a new start the server gives the same challenges again: whoever has listened knows the answers."),
        say("Where do the random numbers come from? A generator with a fixed seed is none."),
        "random.seed(1)\nchallenge = bytes(random.randrange(256) for _ in range(32))",
    ),
    mistake(
        "text-challenge",
        say("The challenge is made of letters or digits: of 256 values a byte could have, only a few come."),
        say("Nobody has to read a challenge. Which function of os, or of secrets, gives random bytes?"),
        "challenge = ''.join(random.choices(string.ascii_letters, k=32)).encode()",
    ),
    mistake(
        "half-random-challenge",
        say("Only a part of the challenge is random; the rest is the same, or repeats it."),
        say("All 32 bytes must be random. Which function of os, or of secrets, gives them?"),
        "challenge = os.urandom(4) * 8",
    ),
    mistake(
        "values-left-out",
        say("Some values never stand in a challenge: each of its bytes is drawn from fewer than 256."),
        say("Which is the smallest byte, and which is the largest? os.urandom leaves none out."),
        "challenge = bytes(random.randint(1, 255) for _ in range(32))",
    ),
    mistake(
        "shared-challenge",
        say("A client was judged by another one's challenge: the challenge is kept in one place for all of them."),
        say("Two clients may be asked before either answers. Where does the challenge of each one live?"),
        "class Handler(BaseRequestHandler):\n    challenge = None\n    def handle(self):\n"
        "        Handler.challenge = os.urandom(32)",
    ),
    mistake(
        "challenge-in-one-recv",
        say("One recv was taken for the whole challenge: recv(32) returns *at most* 32 bytes, often fewer."),
        say("How many bytes are still missing after a recv? Ask again until none are, or the peer has ended."),
        "challenge = sock.recv(32)",
    ),
    mistake(
        "decodes-challenge",
        say("The challenge was treated as text: decoded, stripped, or read as a line. It is 32 bytes of any value."),
        say("Which calls between recv and the hash can go?"),
        "challenge = sock.recv(32).decode('utf-8')",
    ),
    mistake(
        "hashes-short-challenge",
        say("The server ended before its challenge was whole, and the client answered nevertheless."),
        say("How many bytes have come? Who asks for less than a challenge must not get a digest."),
        "while len(challenge) < 32:\n    piece = sock.recv(32 - len(challenge))\n    if not piece: break",
    ),
)

DIGEST = (
    mistake(
        "sha1-not-md5",
        say("The digest is SHA-1, which has 40 hex digits; both sides have to use MD5, which has 32."),
        say("Which function of hashlib does the README name?"),
        "hashlib.sha1(secret + challenge).hexdigest()",
    ),
    mistake(
        "sha256",
        say("The digest is SHA-256, which has 64 hex digits; both sides have to use MD5, which has 32."),
        say("SHA-256 would be better today, but both sides must use the same. Which one does the README name?"),
        "hashlib.sha256(secret + challenge).hexdigest()",
    ),
    mistake(
        "hmac-not-md5",
        say("The digest is an HMAC, which mixes secret and challenge in another way than md5(secret + challenge)."),
        say("HMAC is the better way today, but both sides must do the same. What does the README ask for?"),
        "hmac.new(secret, challenge, 'md5').hexdigest()",
    ),
    mistake(
        "hmac-without-digestmod",
        say("hmac.new was called without the name of a hash, which is an error since Python 3.8."),
        say("Old books call it with two arguments. The README asks for a plain MD5, which needs no hmac at all."),
        "hmac.new(secret, challenge)   # TypeError: Missing required argument 'digestmod'",
    ),
    mistake(
        "order-swapped",
        say("Secret and challenge were hashed in the wrong order: a digest changes with it."),
        say("The secret comes first."),
        "md5 = hashlib.md5(challenge)\nmd5.update(secret)",
    ),
    mistake(
        "challenge-ignored",
        say("The digest is that of the secret alone, the same every time: who hears it once can use it for ever."),
        say("What is the challenge for, if it does not go into the digest?"),
        "hashlib.md5(secret).hexdigest()",
    ),
    mistake(
        "secret-ignored",
        say("The digest is that of the challenge alone: everybody who hears the challenge can work it out."),
        say("What must an answer prove?"),
        "hashlib.md5(challenge).hexdigest()",
    ),
    mistake(
        "bytes-as-text",
        say("str() of bytes is not the bytes, but the text b'…' that Python shows for them; that text was hashed."),
        say("hashlib takes bytes, and the challenge is bytes already."),
        "hashlib.md5(secret + str(challenge).encode())",
    ),
    mistake(
        "challenge-as-hex",
        say("The challenge was turned into hex before it was hashed; its bytes themselves are to be hashed."),
        say("hashlib takes bytes, and the challenge is bytes already."),
        "hashlib.md5(secret + challenge.hex().encode())",
    ),
    mistake(
        "digest-not-hexdigest",
        say("digest() gives 16 raw bytes; what goes over the wire are the 32 characters of hexdigest()."),
        say("Print both: which of them looks like the README's drawing?"),
        "sock.sendall(hashlib.md5(secret + challenge).digest())",
    ),
    mistake(
        "upper-case-hex",
        say("The hex digits are capital letters; the README asks for small ones, as hexdigest gives them."),
        say("Which call changes them after hexdigest?"),
        "sock.sendall(digest.upper().encode())",
    ),
    mistake(
        "secret-as-text",
        say("The secret was treated as text, decoded or stripped, but it is bytes of any value."),
        say("The secret is given to you as bytes, and hashlib takes bytes. Which call in between can go?"),
        "hashlib.md5(secret.decode().encode() + challenge)",
    ),
    mistake(
        "right-answer-refused",
        say("The right digest was not accepted."),
        say("Print both what came and what you expect, and their types: b'…' and '…' are never equal."),
        "if conn.recv(32) == digest.hexdigest():   # bytes and str",
    ),
    mistake(
        "says-welcome",
        say("Who has answered right gets something before its own words come back: a welcome that nobody expects."),
        say("The README draws every byte. What does the server send after a right digest?"),
        "conn.sendall(b'ok')\nchat(conn)",
    ),
    mistake(
        "digest-in-one-recv",
        say("One recv was taken for the whole digest: recv(32) returns *at most* 32 bytes, often fewer."),
        say("How many bytes are still missing after a recv? Ask again until none are, or the client has ended."),
        "digest = conn.recv(32)",
    ),
    mistake(
        "digest-over-read",
        say("More than the 32 bytes of the digest were read, and the client's first words with them."),
        say("Never ask recv for more than the digest still lacks, or keep the rest for the conversation."),
        "digest = conn.recv(1024)   # may hold the first words too",
    ),
    mistake(
        "eof-in-digest-not-seen",
        say("The client ended in the middle of its digest, and the server still waits for the rest, or spins."),
        say("What does recv return when nothing will ever come again, and where does the loop look at it?"),
        "while len(digest) < 32:\n    digest += conn.recv(32 - len(digest))   # b'' adds nothing",
    ),
)

REFUSAL = (
    mistake(
        "lets-in-anybody",
        say("A client with a wrong digest was let in."),
        say("Is the result of the comparison looked at, and does everything that follows depend on it?"),
        "if digest:   # any digest\n    chat(conn)",
    ),
    mistake(
        "part-compared",
        say("Only a part of the digest was compared: a wrong one with the same beginning, or end, was let in."),
        say("Both must be equal, all 32 bytes. `in`, startswith and zip look at less."),
        "if expected.startswith(digest):",
    ),
    mistake(
        "no-gate",
        say("Words that came before a right digest were answered."),
        say("Nothing may be echoed before the comparison has been made. In which order do things happen?"),
        "while True:\n    data = conn.recv(1024)   # a digest, or words?",
    ),
    mistake(
        "replay",
        say("A digest was accepted that answers another challenge: an old one, or one of another client."),
        say("With which challenge, and of which client, is the digest compared?"),
        "if digest in expected_digests:   # of all clients",
    ),
    mistake(
        "talks-to-refused",
        say("A client that was refused got something: the connection is to be closed without another byte."),
        say("Print it for yourself, but do not send it: the client would take it for an answer."),
        "conn.sendall(b'wrong password')",
    ),
    mistake(
        "refused-not-closed",
        say("The connection of a client that was refused stays open."),
        say("Who closes it? `conn.close` without parentheses closes nothing."),
        "if digest != expected:\n    print('not a friend')   # and then?",
    ),
    mistake(
        "refusal-ends-server",
        say("After a client was refused, the server no longer served others."),
        say("What ends when a digest is wrong: this client's conversation, or the loop that accepts clients?"),
        "if digest != expected:\n    break   # out of the accept loop",
    ),
    mistake(
        "locks-out",
        say("After a number of wrong digests nobody is let in any more, not even who knows the secret."),
        say("All clients come from the same address here. What is counted, and what does each refusal leave behind?"),
        "failures[addr[0]] += 1\nif failures[addr[0]] > 10: conn.close()",
    ),
    mistake(
        "decodes-digest",
        say("The answer was decoded as text before it was compared; bytes that are no UTF-8 ended the server."),
        say("Compare bytes with bytes: which side of the comparison should change its type?"),
        "if conn.recv(32).decode('utf-8') == expected:   # UnicodeDecodeError",
    ),
    mistake(
        "compares-str",
        say(
            "compare_digest takes a str only if it is ASCII; other letters raised TypeError, and that ended the server."
        ),
        say("Compare bytes with bytes."),
        "hmac.compare_digest(digest.decode(), expected)   # TypeError for é",
    ),
    mistake(
        "equals-compare",
        say("`==` stops at the first byte that differs, so the time it takes says how much of a guess was right."),
        say("The module hmac has a comparison that always takes the same time."),
        "if digest == expected:",
    ),
    mistake(
        "no-deadline",
        say("A client that sends no digest may stay for ever: nobody looks at the clock."),
        say(
            "Which method of a socket sets a limit to recv, and which exception does it raise? A close() from another "
            "thread, such as a Timer's, does not wake up a recv that waits already."
        ),
        "digest = conn.recv(32)   # waits for ever",
    ),
    mistake(
        "deadline-per-recv",
        say("Every recv had five seconds of its own: a client that sends a byte now and then is never cut off."),
        say("The five seconds are for the whole digest. How many of them are left before the next recv?"),
        "conn.settimeout(5)\nwhile len(digest) < 32:\n    digest += conn.recv(1)",
    ),
    mistake(
        "too-impatient",
        say("A client was cut off although its five seconds were not over."),
        say("How long may a client take for its digest?"),
        "conn.settimeout(1)",
    ),
    mistake(
        "secret-printed",
        say("The secret was printed, or stands in the text of an exception: whoever sees the screen knows it now."),
        say("Print the digest, if anything. Which print shows the secret?"),
        "print('secret:', secret)",
    ),
    mistake(
        "secret-sent",
        say("The secret itself went over the wire; whoever listens has it now."),
        say("That it need not be sent is the point of the whole exchange. What is sent in its place?"),
        "sock.sendall(secret)",
    ),
)

SERVING = (
    mistake(
        "serial-server",
        say("The server serves one client at a time: while one is connected, all others wait."),
        say("socketserver, threading, selectors and asyncio all can serve several. What happens after accept?"),
        "while True:\n    conn, addr = server.accept()\n    handle(conn)   # nobody accepts meanwhile",
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
        say("Who owes a digest may take five seconds. What limits the number of your threads or processes?"),
        "pool = ThreadPoolExecutor(10)",
    ),
    mistake(
        "one-message-per-connection",
        say("The server answers one message and hangs up, or hears no more."),
        say("A connection lasts until the client ends it. What has to happen after the first answer?"),
        "data = conn.recv(1024)\nconn.sendall(data.upper())\nconn.close()",
    ),
    mistake(
        "single-recv-1024",
        say("Only what one recv returned was answered: one recv is one piece of the stream, not a message."),
        say("Who reads the bytes that did not fit into the first recv?"),
        "data = conn.recv(1024)   # the other 3976 bytes?",
    ),
    mistake(
        "waits-for-more",
        say("The server has read the bytes, but waits for more: a line end, a full buffer, or the end."),
        say("TCP has no lines and no messages. Which call returns as soon as anything is there?"),
        "for line in conn.makefile('rb'):   # waits for b'\\n'",
    ),
    mistake(
        "closes-before-reply",
        say("The connection was closed before everything that had come was sent back."),
        say("What is still on its way, or in a buffer of your own, when you call close, and what becomes of it?"),
        "conn.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack('ii', 1, 0))\nconn.close()  # what is not sent yet is lost",
    ),
    mistake(
        "decodes-bytes",
        say("The bytes were decoded as text: half a character cannot be, and é.upper() is another character than é."),
        say("bytes have a method upper() of their own. Which two calls can go?"),
        "conn.sendall(conn.recv(1024).decode().upper().encode())",
    ),
    mistake(
        "not-in-capitals",
        say("The words came back, but not in capitals."),
        say("Which method of bytes makes capitals? It has to be used wherever the server sends words back."),
        "conn.sendall(data)",
    ),
    mistake(
        "changes-bytes",
        say("What came back is not what went in, in capitals: something was stripped, added or changed."),
        say("Every byte counts, blanks and line ends too."),
        "conn.sendall(data.strip().upper())",
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
        "sock.send(data)",
    ),
)

CLIENT = (
    mistake(
        "calls-elsewhere",
        say("The client did not call the host and the port that chat was given."),
        say("Look for a host or a port written as a literal; both come as arguments."),
        "sock.connect(('127.0.0.1', 9000))",
    ),
    mistake(
        "adds-bytes",
        say("More was sent than the digest and the lines: each line goes out as its own bytes, without a line end."),
        say("What do you put behind a line, or behind the digest, before it is sent?"),
        "sock.sendall((line + '\\n').encode())",
    ),
    mistake(
        "answer-in-one-recv",
        say("One recv was taken for a whole answer: recv(n) returns *at most* n bytes, often fewer."),
        say("How many bytes did the line have? So many has its answer: ask again until none are missing."),
        "answers.append(sock.recv(1024).decode())",
    ),
    mistake(
        "decode-per-chunk",
        say("Each piece was decoded by itself, but a character of several bytes may be cut between two pieces."),
        say("Collect bytes; decode once, when the answer is complete."),
        "answer += sock.recv(n).decode()",
    ),
    mistake(
        "changes-text",
        say("The text was changed on its way: white space and line ends are part of a line."),
        say("Send exactly what you were given, and return exactly what came."),
        "answers.append(data.decode().strip())",
    ),
    mistake(
        "other-encoding",
        say("The lines were sent in another encoding than UTF-8, and the server's answers cannot be read."),
        say("Name the encoding, in both directions; the README says which."),
        "line.encode('gbk')",
    ),
    mistake(
        "length-in-characters",
        say("Characters were counted where bytes come: 你好 is 2 characters and 6 bytes."),
        say("How long is the answer to a line: as long as the line, or as long as what was sent for it?"),
        "receive_exactly(sock, len(line))",
    ),
    mistake(
        "empty-line-deadlock",
        say("For an empty line nothing is sent, so nothing can come back: who waits for an answer waits for ever."),
        say("How many bytes has the answer to a line of no bytes? Is recv needed for them?"),
        "sock.sendall(b'')\nanswer = sock.recv(1024)   # nothing was asked",
    ),
    mistake(
        "empty-is-end",
        say("For an empty line recv was asked for no bytes; the b'' that it returned was taken for the server's end."),
        say("b'' from recv means the end only if at least one byte was asked for. How many are missing here?"),
        "data = sock.recv(n)        # n == 0\nif not data: raise ConnectionError",
    ),
    mistake(
        "empty-line-skipped",
        say("An empty line was left out, or taken for the end, but it has an answer like every other: the empty one."),
        say("How many answers are there to be for how many lines?"),
        "if not line:\n    continue",
    ),
    mistake(
        "needs-a-list",
        say("The lines were counted, indexed or gone through twice; an iterable may be gone through only once."),
        say("One `for` loop is all that every iterable can do."),
        "for i in range(len(lines)):\n    say(lines[i])",
    ),
    mistake(
        "chat-does-not-run",
        say("Calling chat runs nothing of it: with a yield in it, or async in front, it only makes an object."),
        say("chat is called like any function and must have done all its work when it returns the list."),
        "def chat(host, port, secret, lines):\n    ...\n    yield answer",
    ),
    mistake(
        "waits-for-welcome",
        say("After the digest the client waits for a word from the server, but a server that lets it in says nothing."),
        say("The README draws who speaks when. Whose turn is it after the digest?"),
        "sock.sendall(digest)\nif sock.recv(1024) == b'ok':",
    ),
    mistake(
        "waits-for-more-answer",
        say("The whole answer had come, and the client waited for more: a line end, or a full buffer."),
        say("How many bytes has the answer? What does your way of reading wait for?"),
        "answer = sock.makefile().readline()   # no line end will come",
    ),
    mistake(
        "one-connection-per-line",
        say("The client hung up after a line and called again, but all lines belong to one connection."),
        say("Where is the socket made, and how often does that place run?"),
        "for line in lines:\n    sock = socket.create_connection((host, port))",
    ),
    mistake(
        "never-ends",
        say("All answers had come, but chat did not return: it waits for something that nobody will send."),
        say("Which call does it wait in? After the last answer nothing more comes, unless the client ends first."),
        "while data := sock.recv(1024):   # until the server ends",
    ),
    mistake(
        "returns-nothing",
        say("chat returned None: what is printed is not returned."),
        say("Collect the answers in a list, and return it at the end."),
        "print(answer)   # and no return",
    ),
    mistake(
        "returns-bytes",
        say("chat returned bytes; the answers are to be texts."),
        say("The bytes on the wire are UTF-8: decode them."),
        "answers.append(data)",
    ),
    mistake(
        "left-open",
        say("chat has returned, and its connection is still open: nobody has closed it."),
        say("Who closes the socket, on every way out of chat? `with` does it by itself."),
        "self.sock = sock   # kept, and never closed",
    ),
    mistake(
        "resets-at-end",
        say("The connection was cut with RST, as if something had gone wrong."),
        say("close() alone ends a connection properly. Which option makes it a reset, or which bytes were never read?"),
        "sock.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack('ii', 1, 0))",
    ),
    mistake(
        "goes-on-after-refusal",
        say("The server had refused and ended, and the client went on as if it had been let in."),
        say("What does recv return when the server has ended? Look at it before you go on."),
        "answers.append(sock.recv(1024).decode())   # '' for ever",
    ),
    mistake(
        "refusal-unsaid",
        say("The server had refused, but another exception than PermissionError came out of chat."),
        say("Which exceptions may come between the digest and the first answer? All of them mean the same there."),
        "sock.sendall(data)   # BrokenPipeError: what does it mean here?",
    ),
    mistake(
        "unasked-refusal",
        say("The server ended before it had asked anything: that is a broken connection, not a refusal."),
        say("PermissionError says that the server did not accept your digest. Had you sent one?"),
        "except ConnectionError:\n    raise PermissionError   # also before the digest",
    ),
    mistake(
        "exits-program",
        say("chat ended the whole program; whoever called it cannot even learn why."),
        say("A function reports a failure by an exception; what to do about it is for its caller to decide."),
        "except OSError:\n    sys.exit('no server')",
    ),
    mistake(
        "loss-as-refusal",
        say("The server had answered before it ended, so it has not refused: PermissionError says something else."),
        say("What tells a refusal from a loss is whether an answer has come."),
        "except ConnectionError:\n    raise PermissionError   # also after ten answers",
    ),
    mistake(
        "loss-unnoticed",
        say("The server ended in the middle of the conversation, and chat returned as if all were well."),
        say("b'' from recv is no answer. Who tells the caller that there was none?"),
        "if not data:\n    break   # and return what there is",
    ),
    mistake(
        "short-answer",
        say("The server ended in the middle of an answer, and the part that had come was returned as a whole one."),
        say("Count before you return: are there as many bytes as the line had?"),
        "while len(data) < n:\n    piece = sock.recv(n - len(data))\n    if not piece: break",
    ),
    mistake(
        "spins-on-end",
        say("After the server's end recv returns b'' at once, every time; the loop goes round for ever."),
        say("What does recv return when nothing will ever come again, and where does the loop look at it?"),
        "while len(data) < n:\n    data += sock.recv(n - len(data))   # b'' adds nothing",
    ),
    mistake(
        "swallows-errors",
        say("The error was caught and nothing was said: the caller cannot know that nobody answered."),
        say("Let the exception pass to the caller."),
        "except OSError:\n    return []",
    ),
)

MISTAKES = (*SERVER_MISTAKES, *CHALLENGE, *DIGEST, *REFUSAL, *SERVING, *CLIENT)
