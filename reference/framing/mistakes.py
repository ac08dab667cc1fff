"""The known mistakes of `framing`, as students made them: what each is, a hint, the wrong code."""

from grader.checks import mistake
from grader.model import say

MISTAKES = (
    # How recv is called.
    mistake(
        "single-recv",
        say("One recv was taken for one whole piece: recv(n) returns *at most* n bytes, often fewer."),
        say("How many bytes are still missing after a recv? Ask again until none are, or the peer has ended."),
        "head = sock.recv(4)        # may be 1, 2 or 3 bytes\n"
        "(n,) = struct.unpack('<i', head)\n"
        "body = sock.recv(n)         # may be less than n",
    ),
    mistake(
        "waitall-once",
        say("One recv with MSG_WAITALL was taken for the whole: on a socket with a time-out it may return less."),
        say("Read `man 2 recv` on MSG_WAITALL. Does your code look at how much it was given?"),
        "body = sock.recv(n, socket.MSG_WAITALL)",
    ),
    mistake(
        "over-read",
        say("More bytes were read than belong to this message, and those of the next one were lost."),
        say("Never ask recv for more than what this message still lacks, or keep the rest for the next call."),
        "data = sock.recv(1024)     # may hold the next message too",
    ),
    mistake(
        "reads-to-end",
        say("Nothing was returned before the peer had ended, but a message ends where its length says."),
        say("The connection may stay open for hours. How do you know that you have all of one message?"),
        "while chunk := sock.recv(1024):\n    data += chunk",
    ),
    mistake(
        "shared-buffer",
        say("What is left of one connection's bytes is kept in one place for all connections."),
        say("Two sockets may be read at once. What belongs to one must not reach the other."),
        "buffer = b''               # at the top of the module\ndef recv_message(sock):\n    global buffer",
    ),
    mistake(
        "own-time-out",
        say("The program has set a time-out of its own, and the other side was slower than that."),
        say("A message may take however long it takes. Who decides how long: you, or whoever opened the socket?"),
        "sock.settimeout(2)",
    ),
    mistake(
        "recursion",
        say("Every recv is a call within the call for the one before; Python allows about a thousand of them."),
        say("A message may come in any number of pieces. A loop needs no more room for the last than for the first."),
        "return part + recv_exactly(sock, n - len(part))   # calls itself for the rest",
    ),
    mistake(
        "asks-a-person",
        say("The program asks for input, and nobody sits there to type: everything it needs is in the arguments."),
        say("Which of the arguments says what you ask for?"),
        "text = input('>>> ')",
    ),
    # The length.
    mistake(
        "byte-order",
        say("The bytes of the length are in the other order: what one side calls 8 the other calls 134217728."),
        say("The README draws the four bytes. Which of struct's `<`, `>` and `!` puts them in this order?"),
        "struct.pack('!i', 8)       # 00 00 00 08; the README draws 08 00 00 00",
    ),
    mistake(
        "wrong-width",
        say("The length does not take exactly 4 bytes."),
        say("Which struct format is 4 bytes wide on every machine?"),
        "struct.pack('q', n)        # 8 bytes",
    ),
    mistake(
        "length-as-digits",
        say("The length is written as digits, which are text; the frame begins with a number of four bytes."),
        say("The README draws the four bytes. Which module of the standard library turns a number into bytes?"),
        "str(n).zfill(4).encode()   # 8 becomes 30 30 30 38",
    ),
    mistake(
        "counts-header",
        say("The length counts its own four bytes too; it stands for the text alone."),
        say("What is the length of an empty message?"),
        "struct.pack('<i', 4 + len(body))",
    ),
    mistake(
        "length-in-characters",
        say("The length was taken to count characters; it counts bytes (你好 is 2 characters and 6 bytes)."),
        say("Sending: encode first, then measure. Receiving: count bytes, then decode."),
        "struct.pack('<i', len(text)) + text.encode()",
    ),
    mistake(
        "no-header",
        say("The length in front is missing: a bare text was sent or expected, or nothing at all for an empty one."),
        say("The receiver reads four bytes before anything else: they must be there, also for an empty message."),
        "sock.sendall(text.encode())",
    ),
    mistake(
        "no-limit",
        say("The announced length was believed: a stranger can make you wait for ever, or fill your memory."),
        say("Compare the length with the limit before anything is read or made ready for it."),
        "(n,) = struct.unpack('<i', head)\nbody = recv_exactly(sock, n)   # n may be 2147483647",
    ),
    mistake(
        "negative-length",
        say("A negative length was accepted."),
        say("The four bytes are signed: what do ff ff ff ff mean?"),
        "if n > LIMIT: raise ValueError   # and n == -1?",
    ),
    mistake(
        "limit-off-by-one",
        say("A message of exactly 1,048,576 bytes was refused; it is the longest that is allowed."),
        say("`<` or `<=`?"),
        "if n >= LIMIT: raise ValueError",
    ),
    # The end of the stream.
    mistake(
        "empty-is-eof",
        say("A message of length 0 was taken for the end of the connection."),
        say("b'' from recv means the end only if at least one byte was asked for. What does recv(0) return?"),
        "body = sock.recv(n)        # n == 0\nif not body: return None",
    ),
    mistake(
        "skips-empty",
        say("A message of length 0 was passed over, and the one behind it was returned."),
        say("An empty text is a message too: how many calls does the caller make for how many messages?"),
        "while n == 0:\n    n = read_length(sock)",
    ),
    mistake(
        "end-as-empty",
        say("The end of the connection was returned as '', which is what an empty message gives."),
        say("The caller must be able to tell the two apart: what does the docstring say about the end?"),
        "if not head: return ''",
    ),
    mistake(
        "eof-not-seen",
        say("recv had returned b'', which means the peer has ended, and the program went on as if bytes had come."),
        say("What does recv return when nothing will ever come again? Look at it before you unpack."),
        "head = sock.recv(4)        # b'' at the end\n(n,) = struct.unpack('<i', head)",
    ),
    mistake(
        "eof-as-error",
        say("The peer ended between two messages, as every conversation does, and that was reported as an error."),
        say("How many bytes of the next message had come? None at all is a proper end."),
        "if len(head) < 4: raise ConnectionError   # also when not one byte has come",
    ),
    mistake(
        "eof-as-none",
        say("The peer ended in the middle of a message, and that was reported as a proper end."),
        say("None stands only for an end *between* messages; half a message is a ConnectionError."),
        "if not chunk: return None  # in the middle of a message",
    ),
    mistake(
        "short-on-eof",
        say("The peer ended in the middle of a message, and the part that had come was returned as if it were whole."),
        say("Count before you return: are there as many bytes as the length had announced?"),
        "while len(body) < n:\n    chunk = sock.recv(n - len(body))\n    if not chunk: break\nreturn body.decode()",
    ),
    mistake(
        "spins-on-eof",
        say("After the peer's end recv returns b'' at once, every time; the loop goes round for ever."),
        say("What does recv return when nothing will ever come again, and where does the loop look at it?"),
        "while len(body) < n:\n    body += sock.recv(n - len(body))   # b'' adds nothing",
    ),
    mistake(
        "swallows-errors",
        say("The error was caught and nothing was said: the caller cannot know that the message is lost."),
        say("Let the exception pass to the caller."),
        "try: ...\nexcept OSError: return None",
    ),
    mistake(
        "other-exception",
        say("The trouble was noticed, but another exception than the agreed one left the function."),
        say("Who calls the function has written `except` for the exception that the README names, and for no other."),
        "assert 0 <= n <= LIMIT   # AssertionError: who expects that?",
    ),
    # The text.
    mistake(
        "decode-per-chunk",
        say("Each piece was decoded by itself, but a character of several bytes may be cut between two pieces."),
        say("Collect bytes; decode once, when the message is complete."),
        "text += sock.recv(n).decode()",
    ),
    mistake(
        "decode-errors-hidden",
        say("Bytes that are not UTF-8 were replaced or dropped, and a text came out that nobody sent."),
        say("Let decode raise: its UnicodeDecodeError is a ValueError already."),
        "body.decode(errors='ignore')",
    ),
    mistake(
        "other-encoding",
        say("The text was encoded or decoded with something other than UTF-8, and the two sides do not understand it."),
        say("Name the encoding, the same one on both sides; the README says which."),
        "text.encode('gbk')",
    ),
    mistake(
        "changes-text",
        say("The text was changed on its way: white space and line ends are part of the message."),
        say("A message may hold any characters. Pass on exactly what you were given."),
        "return body.decode().strip()",
    ),
    mistake(
        "returns-bytes",
        say("recv_message returned bytes; the message is a text."),
        say("The bytes on the wire are UTF-8: decode them."),
        "return body",
    ),
    # The socket, and sending.
    mistake(
        "closes-socket",
        say("The function closed the socket, which belongs to its caller and has more messages to carry."),
        say("Who opened the socket closes it."),
        "sock.close()               # or: with sock:, or: sock.shutdown(socket.SHUT_WR)",
    ),
    mistake(
        "send-not-sendall",
        say("send() may take only part of the bytes and returns how many; the rest was never sent."),
        say("What does send return, and which method sends all?"),
        "sock.send(head + body)",
    ),
    mistake(
        "lost-piece",
        say("A part of the text was left out: the pieces that were sent do not make up the whole."),
        say("What does // do with the remainder? Where does each piece begin, and where does the last one end?"),
        "for i in range(len(body) // 1024):\n    sock.sendall(body[i * 1024:(i + 1) * 1024])",
    ),
    mistake(
        "several-frames",
        say("One text went out as several frames; whoever receives takes each of them for a message of its own."),
        say("A frame holds up to 1,048,576 bytes. Who would put the parts of a longer text together again?"),
        "for part in parts:\n    sock.sendall(struct.pack('<i', len(part)) + part)",
    ),
    mistake(
        "sends-too-much",
        say(
            "A text above the limit was sent: whoever reads it by the rules will refuse it and give up the connection."
        ),
        say("The limit binds both sides. Where does send_message compare with it?"),
        "sock.sendall(struct.pack('<i', len(body)) + body)   # however long",
    ),
    mistake(
        "limit-in-characters",
        say("The limit was compared with the number of characters; it is one of bytes."),
        say("Encode first, then measure."),
        "if len(text) > LIMIT: raise ValueError",
    ),
    mistake(
        "sends-before-check",
        say("Bytes went out before the length was checked: the receiver now waits for a message that never comes."),
        say("First decide, then send."),
        "sock.sendall(head)\nif n > LIMIT: raise ValueError",
    ),
    mistake(
        "adds-bytes",
        say("More bytes went out than the frame has."),
        say("A length makes a terminator needless. Send the four bytes and the text, nothing else."),
        "sock.sendall(head + body + b'\\n')",
    ),
)
