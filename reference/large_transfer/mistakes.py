"""The known mistakes of `large_transfer`: what each is, a hint, the wrong code."""

from grader.checks import mistake
from grader.model import say

MISTAKES = (
    # Cutting and joining.
    mistake(
        "empty-piece",
        say("An empty piece was made. On the wire it is the end frame, so the receiver stops there."),
        say("How many pieces do 0 bytes make? And exactly two sizes' worth of bytes?"),
        "for i in range(len(data) // size + 1):\n    yield data[i * size:(i + 1) * size]",
    ),
    mistake(
        "lost-tail",
        say("The last piece, which is shorter than the others, is missing."),
        say("What does // do with the remainder?"),
        "for i in range(len(data) // size):\n    yield data[i * size:(i + 1) * size]",
    ),
    mistake(
        "off-by-one",
        say("The pieces are one byte too long or too short, or they overlap."),
        say("How many bytes are data[0:size]? And where does the next piece begin?"),
        "yield data[i:i + size - 1]",
    ),
    mistake(
        "pads-the-tail",
        say("The last piece was filled up to the full size with bytes that nobody gave."),
        say("A last piece that is shorter is just right."),
        "yield data[i:i + size].ljust(size, b'\\0')",
    ),
    mistake(
        "other-size",
        say("The pieces have another size than the one that was asked for, which is 65,536 bytes where none was."),
        say("Where does your loop use `size`? And does its default still stand as in the stub?"),
        "def split(data, size=1024):",
    ),
    mistake(
        "no-size-check",
        say("A size of 0 or below was accepted: the pieces would never come to an end, or be none at all."),
        say("range() refuses a step of 0, but not one of -1. Ask before you begin."),
        "while data:\n    yield data[:size]        # size == 0\n    data = data[size:]",
    ),
    mistake(
        "limits-the-size",
        say("A size above 65,536 was refused; only the pieces on the wire have a limit."),
        say("split cuts bytes in memory, of any size from 1 on. Which of the four functions sends?"),
        "if not 1 <= size <= SIZE: raise ValueError",
    ),
    mistake(
        "not-pieces",
        say("What was returned is no sequence of pieces of bytes."),
        say("One element of a bytes object is a number. A piece is a slice."),
        "for piece in data: yield piece",
    ),
    mistake(
        "wrong-order",
        say("The pieces were not joined in the order in which they came."),
        say("What stands on the left when you add, what on the right?"),
        "data = piece + data",
    ),
    mistake(
        "stops-at-empty",
        say("An empty piece was taken for the last one."),
        say("In a list an empty piece is a piece like any other. What ends the loop?"),
        "for piece in pieces:\n    if not piece: break",
    ),
    mistake(
        "drops-equal-pieces",
        say("Of several pieces with the same bytes only one was kept."),
        say("A film has many pieces that are alike. What becomes of them in a set, or as the keys of a dict?"),
        "b''.join(dict.fromkeys(pieces))",
    ),
    mistake(
        "nothing-to-join",
        say("No pieces at all are right as well: they make b''."),
        say("With what does the joining begin?"),
        "functools.reduce(operator.add, pieces)   # of an empty list?",
    ),
    mistake(
        "needs-a-list",
        say("The pieces were taken for a list, but split may give them one by one, and only once."),
        say("A generator has no length and no index. What can a for loop do that len() cannot?"),
        "for i in range(len(pieces)):",
    ),
    mistake(
        "returns-nothing",
        say("The function returned None: its result never reached the caller."),
        say("Printing is not returning. What stands behind `return`?"),
        "print(total)",
    ),
    mistake(
        "quadratic",
        say("Every step copies all that there is so far (or still): twice the data takes four times the time."),
        say("bytes cannot grow: `data += piece` makes a new object. What grows in place, or joins once at the end?"),
        "data = b''\nfor piece in pieces:\n    data += piece            # copies all of data, each time",
    ),
    mistake(
        "recursion",
        say("Every piece is a call within the call for the piece before; Python allows about a thousand of them."),
        say("A loop needs no more room for the last piece than for the first."),
        "return n + recv_stream(sock, sink)   # calls itself for the rest",
    ),
    # The frames.
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
        say("The length counts its own four bytes too; it stands for the piece alone."),
        say("What is the length in the end frame?"),
        "struct.pack('<i', 4 + len(piece))",
    ),
    mistake(
        "no-header",
        say("The pieces were sent without their lengths: the receiver cannot know where one ends."),
        say("Four bytes stand in front of every piece."),
        "sock.sendall(piece)",
    ),
    mistake(
        "piece-too-long",
        say("A piece of more than 65,536 bytes was sent; a receiver refuses it."),
        say("source.read() without a number gives everything. And how long can a line be?"),
        "piece = source.read()      # all of it\nsock.sendall(struct.pack('<i', len(piece)) + piece)",
    ),
    mistake(
        "missing-end",
        say("The end frame is missing: the receiver cannot tell a whole stream from one that was cut off."),
        say("The socket stays open, so its end cannot be the end of the stream. What says it instead?"),
        "while piece := source.read(SIZE):\n    send(piece)              # and then?",
    ),
    mistake(
        "end-twice",
        say("More than one end frame was sent: the second one is taken for an empty stream that follows."),
        say("Is an empty piece sent as a frame before the end frame is?"),
        "while True:\n    piece = source.read(SIZE)\n    send(piece)              # b'' is a frame of length 0\n"
        "    if not piece: break\nsend(b'')",
    ),
    mistake(
        "adds-bytes",
        say("More bytes went out than the frames have."),
        say("The lengths make every terminator needless."),
        "sock.sendall(b'\\n')",
    ),
    mistake(
        "acknowledges",
        say("A word of the other side was waited for or sent after a piece; the stream runs in one direction only."),
        say("The lengths keep the pieces apart. What is the acknowledgement for?"),
        "sock.sendall(piece)\nsock.recv(1024)            # waits for an answer that nobody sends",
    ),
    # The source.
    mistake(
        "short-read-is-end",
        say("A read that gave fewer bytes than asked for was taken for the last one."),
        say("A pipe or a socket gives what is there. What does read return when nothing will come any more?"),
        "if len(piece) < SIZE: break",
    ),
    mistake(
        "stops-early",
        say("Only the beginning was sent: reading stopped before the source had come to its end."),
        say("What does read return at the end, and nowhere else?"),
        "data = source.read(1024 * 1024)   # and what lies behind that?",
    ),
    mistake(
        "spins-at-end",
        say("At its end the source gives b'' every time; the loop goes round for ever."),
        say("What does read return at the end, and where does the loop look at it?"),
        "while len(buffer) < SIZE:\n    buffer += source.read(SIZE - len(buffer))",
    ),
    mistake(
        "whole-in-memory",
        say("All of the data was in memory at once: with a film instead of a text there would not be enough."),
        say("How much of it do you need at a time? Pass each piece on before you take the next."),
        "data = source.read()\nfor piece in split(data): ...",
    ),
    mistake(
        "as-text",
        say("The bytes were treated as text. A picture is no UTF-8, and decoding loses or refuses its bytes."),
        say("What comes in as bytes can go out as bytes. Where is a str needed?"),
        "sock.recv(n).decode()",
    ),
    mistake(
        "changes-bytes",
        say("Some bytes were dropped on their way: zeros, blanks and line ends are content like any other."),
        say("Pass on exactly what came. What does strip() leave of a piece that is a single line end?"),
        "sink.write(piece.strip())",
    ),
    mistake(
        "asks-a-person",
        say("The program asks for input, and nobody sits there to type: everything it needs is in the arguments."),
        say("Which of the arguments says what you ask for?"),
        "path = input('>>> ')",
    ),
    mistake(
        "needs-a-disk-file",
        say("Something was asked of the source or the sink that not every file can do."),
        say("A pipe has no size, no name and no number. read and write are enough."),
        "os.path.getsize(source.name)",
    ),
    mistake(
        "stale-buffer",
        say("A buffer was passed on whole although only a part of it was new: old bytes went with it."),
        say("What does readinto (or recv_into) return, and what do you do with that number?"),
        "n = source.readinto(buffer)\nsend(buffer)                 # and not buffer[:n]",
    ),
    mistake(
        "end-after-error",
        say("The source had failed, and the end frame said that all was well: half a file counts as a whole one."),
        say("What does `finally` do when an exception passes by?"),
        "try: ...\nfinally:\n    sock.sendall(END)",
    ),
    mistake(
        "swallows-errors",
        say("The error was caught and nothing was said: the caller cannot know that the data is not whole."),
        say("Let the exception pass to the caller."),
        "try: ...\nexcept OSError: pass",
    ),
    # The socket.
    mistake(
        "send-not-sendall",
        say("send() may take only part of the bytes and returns how many; the rest was never sent."),
        say("What does send return, and which method sends all?"),
        "sock.send(head + piece)",
    ),
    mistake(
        "closes-socket",
        say("The function closed the socket, which belongs to its caller and may have more to carry."),
        say("Who opened the socket closes it."),
        "sock.close()               # or: with sock:",
    ),
    mistake(
        "single-recv",
        say("One recv was taken for one whole piece: recv(n) returns *at most* n bytes, often fewer."),
        say("How many bytes are still missing after a recv? Ask again until none are, or the peer has ended."),
        "head = sock.recv(4)        # may be 1, 2 or 3 bytes\n"
        "(n,) = struct.unpack('<i', head)\n"
        "piece = sock.recv(n)        # may be less than n",
    ),
    mistake(
        "waitall-once",
        say("One recv with MSG_WAITALL was taken for the whole: on a socket with a time-out it may return less."),
        say("Read `man 2 recv` on MSG_WAITALL. Does your code look at how much it was given?"),
        "piece = sock.recv(n, socket.MSG_WAITALL)",
    ),
    mistake(
        "over-read",
        say("More bytes were read than belong to this piece, and those of the next one were lost."),
        say("Never ask recv for more than what this piece still lacks, or keep the rest for the next one."),
        "data = sock.recv(65536)    # may hold the next frames too",
    ),
    mistake(
        "no-frames",
        say("The bytes were written as they came, and the lengths in front of the pieces with them."),
        say("Four bytes of every frame are no content. Who reads them, and who counts?"),
        "while data := sock.recv(65536):\n    sink.write(data)",
    ),
    mistake(
        "kept-from-before",
        say("Something was left from the stream before: a number, or bytes, that belongs to one call only."),
        say("What begins anew with every stream does not stand at the top of the module."),
        "total = 0                  # at the top of the module\ndef recv_stream(sock, sink):\n    global total",
    ),
    # The end of the stream.
    mistake(
        "timeout-is-end",
        say("A pause of the sender was taken for the end of the stream."),
        say("A slow network pauses as long as it likes. What alone is the end?"),
        "sock.settimeout(1)\ntry: head = sock.recv(4)\nexcept TimeoutError: return total",
    ),
    mistake(
        "end-frame-ignored",
        say("The end frame was not understood as the end; the function waits until the connection ends."),
        say("What does your loop do when the length is 0?"),
        "while head := recv_exactly(sock, 4): ...   # and a length of 0?",
    ),
    mistake(
        "short-piece-is-end",
        say("A piece that was shorter than 65,536 bytes was taken for the last one."),
        say("A sender may cut its pieces as it likes. What alone is the end?"),
        "if n < SIZE: return total",
    ),
    mistake(
        "empty-is-error",
        say("A stream without any content was taken for an error; an empty file is a file."),
        say("What does the end frame say if it comes first?"),
        "if total == 0: raise ValueError",
    ),
    mistake(
        "eof-as-end",
        say("The peer ended before its end frame had come, and that was taken for a whole stream."),
        say("A crash, a pulled cable, a full disk: they all look like this. What alone says that all has come?"),
        "head = sock.recv(4)\nif not head: return total",
    ),
    mistake(
        "eof-not-seen",
        say("recv had returned b'', which means the peer has ended, and the program went on as if bytes had come."),
        say("What does recv return when nothing will ever come again? Look at it before you unpack."),
        "head = sock.recv(4)        # b'' at the end\n(n,) = struct.unpack('<i', head)",
    ),
    mistake(
        "spins-on-eof",
        say("After the peer's end recv returns b'' at once, every time; the loop goes round for ever."),
        say("What does recv return when nothing will ever come again, and where does the loop look at it?"),
        "while len(piece) < n:\n    piece += sock.recv(n - len(piece))   # b'' adds nothing",
    ),
    mistake(
        "own-time-out",
        say("The program has set a time-out of its own, and the other side was slower than that."),
        say("A slow reader is no error. Who decides how long to wait: you, or whoever opened the socket?"),
        "sock.settimeout(1)",
    ),
    mistake(
        "other-exception",
        say("The trouble was noticed, but another exception than the agreed one left the function."),
        say("Who calls the function has written `except` for the exception that the README names, and for no other."),
        "assert 0 <= n <= SIZE   # AssertionError: who expects that?",
    ),
    # Lengths and counts.
    mistake(
        "no-limit",
        say("The announced length was believed: a stranger can make you wait for ever, or fill your memory."),
        say("Compare the length with the limit before anything is read or made ready for it."),
        "(n,) = struct.unpack('<i', head)\npiece = recv_exactly(sock, n)   # n may be 2147483647",
    ),
    mistake(
        "negative-length",
        say("A negative length was accepted."),
        say("The four bytes are signed: what do ff ff ff ff mean?"),
        "if n > SIZE: raise ValueError   # and n == -1?",
    ),
    mistake(
        "limit-off-by-one",
        say("A piece of exactly 65,536 bytes was refused; it is the longest that is allowed."),
        say("`<` or `<=`?"),
        "if n >= SIZE: raise ValueError",
    ),
    mistake(
        "limits-the-stream",
        say("A limit was set for the whole stream; only a single piece has one."),
        say("What is the largest file that your program can receive, and why?"),
        "if total > 1048576: raise ValueError",
    ),
    mistake(
        "wrong-count",
        say("The number that was returned is not that of the bytes in the sink."),
        say("The lengths and the end frame are not content. What do you add up?"),
        "total += 4 + n",
    ),
)
