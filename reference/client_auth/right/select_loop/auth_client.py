import hashlib
import socket
import struct


def chat(host, port, secret, lines):
    """每次只收一个字节：慢，但是不会多收也不会少收。"""
    connection = socket.create_connection((host, port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(count):
        octets = []
        while len(octets) < count:
            octet = connection.recv(1)
            if len(octet) == 0:
                raise OSError("connection ended") if answers else ConnectionError("connection ended")
            octets.append(octet)
        return b"".join(octets)

    answers = []
    challenge = read(32)
    connection.sendall(hashlib.md5(struct.pack(f"{len(secret)}s32s", secret, challenge)).hexdigest().encode())
    for line in list(lines):
        data = line.encode()
        try:
            connection.sendall(data)
            answer = read(len(data))
        except ConnectionError as e:
            if answers:
                raise
            raise PermissionError from e
        answers.append(answer.decode())
    connection.close()
    return answers
