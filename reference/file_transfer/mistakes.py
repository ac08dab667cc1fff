"""The known mistakes of `file_transfer`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.slips import SLIPS
from grader.checks import mistake
from grader.model import say

MISTAKES = (
    *SLIPS,
    # The header.
    mistake(
        "header-key-alias",
        say("The header's keys have other names. The two sides only understand each other with filename and filesize."),
        say("Compare your keys with the README, letter by letter."),
        "{'file_name': name, 'filesize': size}   # the chapter itself mixes file_name and filename",
    ),
    mistake(
        "byte-order",
        say("The four bytes of the length are in the other order."),
        say("The README draws the four bytes. Which of struct's `<`, `>` and `!` puts them in this order?"),
        "struct.pack('!i', len(header))",
    ),
    mistake(
        "wrong-width",
        say("The length in front of the header does not take exactly 4 bytes."),
        say("Which struct format is 4 bytes wide on every machine?"),
        "struct.pack('q', len(header))   # 8 bytes",
    ),
    mistake(
        "no-length",
        say("The header is sent without its length: the receiver cannot know where it ends."),
        say("What are the first four bytes on the wire in the README?"),
        "sock.sendall(json.dumps(header).encode())",
    ),
    mistake(
        "length-as-digits",
        say("The length is written as digits, which are text; it has to be a number of four bytes."),
        say("The README draws the four bytes. Which module of the standard library turns a number into bytes?"),
        "str(len(header)).zfill(4).encode()   # 44 becomes 30 30 34 34",
    ),
    mistake(
        "wrong-length",
        say("The length in front is not that of the header that follows it."),
        say("Of which bytes do you take the length, and which bytes do you send?"),
        "struct.pack('i', len(filename)) + header   # it is the length of the header",
    ),
    mistake(
        "length-in-characters",
        say("The length counts characters; it has to count bytes (文件 is 2 characters and 6 bytes)."),
        say("Encode first, then measure."),
        "text = json.dumps(header, ensure_ascii=False)\nstruct.pack('<i', len(text)) + text.encode()",
    ),
    mistake(
        "no-json",
        say("What follows the length is not JSON."),
        say("json.dumps makes JSON; str() of a dict looks similar, but its quotes are others."),
        "str(header).encode()   # {'filename': …} has the wrong quotes",
    ),
    mistake(
        "wrong-type",
        say("A field of the header has another type: filename is a text, filesize a whole number."),
        say('What does json.dumps make of 12, and what of "12"?'),
        "{'filename': name, 'filesize': str(size)}",
    ),
    mistake(
        "wrong-size",
        say("The announced size is not that of the file: the receiver waits for more, or loses the rest."),
        say("The size counts the bytes of the content. How do you find it without reading the file?"),
        "{'filename': name, 'filesize': len(text)}   # characters",
    ),
    # receive_file: listening and reading.
    mistake(
        "does-not-listen",
        say("receive_file does not open a port; it is the side that is called."),
        say("Which three calls make a socket wait for others? Which of the two programs connects?"),
        "sock.connect((host, port))   # in the receiver",
    ),
    mistake(
        "hard-coded-address",
        say("The program listens on an address of its own instead of the one that it was given."),
        say("Where do host and port come from, and where are they used?"),
        "sock.bind(('127.0.0.1', 9001))",
    ),
    mistake(
        "asks-a-person",
        say("The program asks for input, and nobody sits there to type: everything it needs is in the arguments."),
        say("Which of the arguments says what you ask for?"),
        "filename = input('>>> ')",
    ),
    mistake(
        "keeps-listening",
        say("After the call the port is still open, so the next call cannot listen on it."),
        say("There are two sockets, one that listens and one for the connection. Who closes the first one?"),
        "conn, addr = sock.accept()\n...\nconn.close()   # and sock?",
    ),
    mistake(
        "no-reuse-address",
        say("The port cannot be used again at once: the system keeps it for a minute after a connection."),
        say("Which socket option, set before bind, allows it?"),
        "sock = socket.socket()\nsock.bind((host, port))   # Address already in use",
    ),
    mistake(
        "single-recv",
        say("One recv was taken for one whole piece: recv(n) returns *at most* n bytes, often fewer."),
        say("How many bytes are still missing after a recv? Ask again until none are, or the sender has ended."),
        "length = struct.unpack('i', sock.recv(4))[0]\nheader = json.loads(sock.recv(length))",
    ),
    mistake(
        "over-read",
        say("More bytes were read than belong to the header; what belongs to the content was lost or misread."),
        say("Never ask recv for more than what the header still lacks, or keep the rest for the content."),
        "header = json.loads(sock.recv(1024))   # may hold the beginning of the content too",
    ),
    mistake(
        "counts-what-it-asked-for",
        say("One recv was counted as all that it was asked for; it brings what is there, often less."),
        say("recv(1024) may return 1 byte. What do you add to the sum?"),
        "data = sock.recv(1024)\nreceived += 1024",
    ),
    mistake(
        "reads-the-content",
        say("The content was looked at: something in it was taken for a header. It is only bytes."),
        say("Where does the header end? Its length says so, and nothing else."),
        "header, content = data[: data.rfind(b'}') + 1], …",
    ),
    mistake(
        "empty-file",
        say("An empty file is not transferred as what it is: a file with no bytes."),
        say(
            "How often does your loop go round for a size of 0, and what happens then? Is anything divided by the size?"
        ),
        "percent = 100 * received // filesize   # ZeroDivisionError",
    ),
    mistake(
        "text-mode",
        say("The file was opened or handled as text, which changes bytes or fails on those that are no text."),
        say("A file may be a picture. Which mode of open() gives bytes as they are?"),
        "open(path, 'w').write(data.decode())",
    ),
    mistake(
        "whole-file-in-memory",
        say("The whole file is held in memory. A film of 4 GB would not fit."),
        say("Read a piece, write a piece. How much must be in memory at any time?"),
        "data = b''\nwhile len(data) < filesize:\n    data += sock.recv(65536)",
    ),
    mistake(
        "expects-more",
        say("Everything had been sent, and the program wanted more: something that the README does not know."),
        say("What comes after the last byte of the content? Follow the picture in the README, line by line."),
        "digest = recv_exactly(conn, 32)   # or a second connection, or a newline",
    ),
    mistake(
        "never-returns",
        say("The file is stored, and receive_file does not return: it waits for another sender, or for nothing."),
        say("One call takes one file. Which loop is one too many?"),
        "while True:\n    conn, addr = sock.accept()",
    ),
    mistake(
        "waits-for-close",
        say("receive_file returns only when the sender closes, although the header says how many bytes there are."),
        say("After how many bytes is the file whole? A sender may forget to close, and you would wait for ever."),
        "while chunk := sock.recv(65536):\n    file.write(chunk)",
    ),
    # receive_file: the end.
    mistake(
        "spins-on-eof",
        say("At the end recv or read gives b'' at once, every time; the loop goes round for ever."),
        say("What do recv and read return when nothing will ever come again, and where does the loop look at it?"),
        "while received < filesize:\n    data = sock.recv(1024)   # b'' adds nothing\n    received += len(data)",
    ),
    mistake(
        "short-as-whole",
        say("The sender had ended too early, and what had come was treated as the whole file."),
        say("Count before you return: are there as many bytes as were announced?"),
        "while chunk := sock.recv(65536):\n    file.write(chunk)\nreturn path",
    ),
    mistake(
        "partial-left",
        say("The transfer failed, and a part of the file stayed behind, as if it were a file."),
        say("Which of your lines runs when the loop raises? Who removes what has been written by then?"),
        "with open(path, 'wb') as file:\n    copy(sock, file, size)   # raises in the middle",
    ),
    mistake(
        "reads-to-end",
        say("More bytes were written into the file than the header announces."),
        say("How many bytes may the last recv ask for?"),
        "data = sock.recv(1024)   # when only 10 are missing\nfile.write(data)",
    ),
    mistake(
        "extra-not-seen",
        say("More bytes came than were announced, and nobody noticed: something is wrong with this transfer."),
        say("After the last byte the sender closes. What would one more recv tell you?"),
        "if received == filesize: return path   # and what comes after it?",
    ),
    # receive_file: what the header says.
    mistake(
        "path-traversal",
        say("The name leads out of the directory: whoever sends may write any file that you may write."),
        say("Which characters must a bare name not have? Check it before you open anything."),
        "open(os.path.join(directory, header['filename']), 'wb')   # ../../.bashrc",
    ),
    mistake(
        "mends-name",
        say("A forbidden name was changed into another one and stored, instead of being refused."),
        say("Who sends ../../.bashrc made no slip of the pen. What does the README ask for?"),
        "name = os.path.basename(header['filename'])",
    ),
    mistake(
        "name-not-checked",
        say("A name that is no bare name was accepted."),
        say("The README lists what a bare name is. Windows takes \\ for a separator too."),
        "if '/' in name: raise ValueError   # and \\, and ..?",
    ),
    mistake(
        "changes-name",
        say("The name was changed on its way, or a legal name was refused."),
        say("A name may have any character but those that the README excludes. Pass on exactly what you were given."),
        "name = name.strip().replace(' ', '_')",
    ),
    mistake(
        "normalizes-name",
        say("The name was written in another way: it looks the same, but it is the name of another file."),
        say("é is one character or two (e and an accent). What is done to the name between the header and the disk?"),
        "name = unicodedata.normalize('NFC', name)",
    ),
    mistake(
        "header-too-strict",
        say("A good header was not understood: its keys stood in another order, or were not the only ones."),
        say("A JSON object is asked for two keys by name. What does your code expect of the rest?"),
        "if list(header) != ['filename', 'filesize']: raise ValueError",
    ),
    mistake(
        "too-strict",
        say("A legal name was refused: two dots are only dangerous if they are the whole name."),
        say("What does a..b.txt do in a path? And `..` alone?"),
        "if '..' in name: raise ValueError",
    ),
    mistake(
        "longer-temporary-name",
        say("A name of 255 bytes is as long as a file's name can be; with something added it is too long."),
        say("Must the temporary file be called like the final one?"),
        "partial = path + '.part'",
    ),
    mistake(
        "size-not-checked",
        say("A size was accepted that is no whole number from 0 on."),
        say("What may JSON hold in this place? Note that True is an int in Python."),
        "while received < header['filesize']:   # -1? '12'? True?",
    ),
    mistake(
        "header-not-checked",
        say("A header was accepted that is not what the README describes."),
        say("What can json.loads return, besides a dict with your two keys?"),
        "header = json.loads(raw)\nname = header.get('filename', 'unnamed')",
    ),
    mistake(
        "runs-the-header",
        say("The header was run as a program: whoever sends can do on your machine what you can do."),
        say("eval runs any code. Which function reads JSON and nothing else?"),
        "header = eval(raw)",
    ),
    mistake(
        "wrong-exception",
        say("The error that came out is an accident of the code, not an answer to bad input."),
        say("Check first, then use. Which line could meet something that it does not expect?"),
        "name = header['filename']   # KeyError; TypeError if it is a list",
    ),
    mistake(
        "other-family",
        say("The error is neither a ValueError nor an OSError: whoever calls expects one of these two."),
        say(
            "Which families of errors does the README name? Exception itself and AssertionError belong to none of them."
        ),
        "raise Exception('bad name')   # or assert",
    ),
    mistake(
        "refuses-large",
        say("A good file was refused for its size; the README knows no limit to it."),
        say("If every piece is written as it comes, what does the size matter?"),
        "if filesize > 10_000_000: raise ValueError",
    ),
    mistake(
        "no-limit",
        say("The announced length was believed: a stranger can make you wait for ever, or fill your memory."),
        say("Compare the length with the limit before anything is read."),
        "(length,) = struct.unpack('<i', head)\nheader = recv_exactly(sock, length)   # 2147483647",
    ),
    mistake(
        "sends-an-answer",
        say("receive_file sent something back. A sender that does not read it cuts its connection off when it closes."),
        say("Which way do the arrows in the README point? What comes from the receiver before it closes?"),
        "conn.sendall(b'ok')   # nobody reads it",
    ),
    # receive_file: the directory.
    mistake(
        "wrong-place",
        say("The file was stored under another name or in another folder."),
        say("directory and filename: how are the two joined? os.path.join puts the separator between them."),
        "open(directory + filename, 'wb')",
    ),
    mistake(
        "nothing-stored",
        say("receive_file ended without storing the file."),
        say("Follow one transfer line by line: where is the file opened, written, closed, given its name?"),
        "file.write(data)   # and never closed or renamed",
    ),
    mistake(
        "no-path",
        say("receive_file does not return the path of the stored file."),
        say("The caller wants to open it: what would open() need?"),
        "return filename   # without the directory; or no return at all",
    ),
    mistake(
        "leaves-files",
        say("Besides the file something else was left behind."),
        say("What else does your code create? Who removes it when all is well?"),
        "shutil.copy(partial, path)   # and the partial file stays",
    ),
    mistake(
        "no-replacing",
        say("A second file of the same name did not take the place of the first one."),
        say("Which mode of open() begins with an empty file? What does os.replace do?"),
        "open(path, 'ab')",
    ),
    mistake(
        "overwrites-at-once",
        say("The older file was gone before the new one was whole; when the transfer failed, both were lost."),
        say("Write under another name first. When is the right moment to give the file its own?"),
        "with open(path, 'wb') as file:   # the older one is empty now",
    ),
    mistake(
        "shared-temporary-name",
        say("Two transfers wrote into one file, because both chose the same (temporary) name."),
        say("Which module of the standard library finds a name that nobody else has?"),
        "partial = path + '.part'   # the same for both",
    ),
    mistake(
        "follows-link",
        say("A link lay where the file was to be, and the bytes went where it leads: out of the directory."),
        say("open() follows links. What does os.replace do with one?"),
        "open(path, 'wb')",
    ),
    mistake(
        "changes-content",
        say("As many bytes as there should be, but other ones: something was repeated, mixed up or changed."),
        say("Follow two pieces through your loop. Where does the second one begin?"),
        "file.seek(0)   # in every round",
    ),
    mistake(
        "loses-bytes",
        say("The stored file is shorter than what was sent."),
        say("Is everything that recv returns written? And is the file closed before anybody looks at it?"),
        "data = sock.recv(1024)   # before the loop, and never written",
    ),
    # send_file.
    mistake(
        "does-not-connect",
        say("send_file does not connect; it is the side that calls."),
        say("Which call of a socket reaches a listening one?"),
        "sock.bind((host, port)); sock.listen()   # in the sender",
    ),
    mistake(
        "other-path",
        say("The file was looked for under another path than the one that send_file was given."),
        say("Its last name is for the header. Which path leads to the file, wherever the program was started?"),
        "size = os.path.getsize(os.path.basename(path))",
    ),
    mistake(
        "nothing-sent",
        say("send_file connected, and no byte came."),
        say("Who speaks first? The receiver waits for the four bytes."),
        "sock.recv(1024)   # nobody will answer",
    ),
    mistake(
        "sends-path",
        say("The whole path was sent as the name; the receiver needs the name alone, not your folders."),
        say("Which function of os.path gives the last part of a path?"),
        "{'filename': path, 'filesize': size}",
    ),
    mistake(
        "stops-early",
        say("Fewer bytes came than the header announces."),
        say("How often does your loop go round for a file of 100,000 bytes?"),
        "if left > 0:   # one piece only\n    sock.sendall(file.read(65536))",
    ),
    mistake(
        "adds-bytes",
        say("More bytes came than header and file have."),
        say("The header says where the file ends; no mark is needed. Send the file as it is, and nothing else."),
        "sock.sendall(header + b'\\n')   # or b'EOF' at the end",
    ),
    mistake(
        "send-not-sendall",
        say("send() may take only part of the bytes and returns how many; the rest was never sent."),
        say("What does send return, and which method sends all?"),
        "sock.send(chunk)",
    ),
    mistake(
        "gives-up",
        say("The receiver was slow, and send_file gave up after a moment instead of waiting."),
        say("Nobody has broken anything off, the buffers are only full. Where is a time limit set?"),
        "sock.settimeout(1)\nsock.sendall(chunk)",
    ),
    mistake(
        "never-closes",
        say("After the last byte the connection stays open; the receiver cannot tell whether more is to come."),
        say("Who opened the socket closes it. What does `with` do for you?"),
        "sock.sendall(chunk)   # and then? the function returns, the socket lives on",
    ),
    mistake(
        "waits-for-answer",
        say("The file is sent, and send_file waits for something that never comes: the receiver gives no answer."),
        say("Which way do the arrows in the README point? How does the receiver learn that the file is whole?"),
        "sock.recv(1024)   # 'ok'?",
    ),
    mistake(
        "connects-first",
        say("It connected before it knew that there is a file to send; the receiver was troubled for nothing."),
        say("What can fail before the receiver is needed? Do that first."),
        "sock.connect((host, port))\nfile = open(path, 'rb')   # FileNotFoundError",
    ),
    mistake(
        "sends-what-grew",
        say("The file grew while it was sent, and more bytes came than were announced."),
        say("The header is a promise. How many bytes may the last read ask for?"),
        "while chunk := file.read(65536):   # to the end, wherever that is now\n    sock.sendall(chunk)",
    ),
    mistake(
        "shrunk-unnoticed",
        say("The file shrank while it was sent; fewer bytes came than were announced, and send_file said nothing."),
        say("How many bytes have gone out when read gives b''? Compare with what you promised."),
        "while chunk := file.read(65536):\n    sock.sendall(chunk)\n# all of it? nobody looks",
    ),
    mistake(
        "mapped-file-shrank",
        say("The file was mapped into memory and shrank: touching what is no longer there ends the process."),
        say("What does mmap do where the file has no bytes any more? How does read tell you the same?"),
        "with mmap.mmap(file.fileno(), size) as m:\n    sock.sendall(m)",
    ),
    mistake(
        "swallows-errors",
        say("The error was caught and nothing was said: the caller believes that the file has arrived."),
        say("Let the exception pass to the caller."),
        "except OSError:\n    print('failed')",
    ),
)
