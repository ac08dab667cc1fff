"""One byte at a time: slow, and right."""


def send_message(sock, text):
    data = text.encode("utf8")
    if len(data) > 1048576:
        raise ValueError("text of more than 1 MiB")
    sock.sendall(len(data).to_bytes(4, "little"))
    sock.sendall(data)


def one_byte(sock):
    b = sock.recv(1)
    if len(b) == 0:
        raise ConnectionError("the peer has ended")
    return b


def recv_message(sock):
    first = sock.recv(1)
    if first == b"":
        return None
    header = first + one_byte(sock) + one_byte(sock) + one_byte(sock)
    n = int.from_bytes(header, "little", signed=True)
    if n < 0:
        raise ValueError("negative")
    if n > 1048576:
        raise ValueError("too big")
    message = bytearray()
    for _ in range(n):
        message += one_byte(sock)
    return message.decode("utf8")
