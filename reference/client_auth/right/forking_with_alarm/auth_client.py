from hashlib import md5
from socket import MSG_WAITALL, socket


class Refused(PermissionError):
    pass


def take(sock, size):
    buffer = bytearray(size)
    view = memoryview(buffer)
    while view:
        n = sock.recv_into(view, len(view), MSG_WAITALL)
        if n == 0:
            raise ConnectionError("the other side has ended")
        view = view[n:]
    return bytes(buffer)


def chat(host, port, secret, lines):
    sock = socket()
    try:
        sock.connect((host, port))
        sock.sendall(md5(b"".join((secret, take(sock, 32)))).hexdigest().encode("latin-1"))
        return list(answers(sock, lines))
    finally:
        sock.close()


def answers(sock, lines):
    let_in = False
    for line in lines:
        raw = bytes(line, "utf8")
        try:
            for i in range(0, len(raw), 1000):  # 分段发送
                sock.sendall(raw[i : i + 1000])
            answer = take(sock, len(raw))
        except ConnectionError as e:
            raise e if let_in else Refused(str(e))
        let_in = True
        yield str(answer, "utf8")
