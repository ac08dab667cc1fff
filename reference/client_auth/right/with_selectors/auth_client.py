"""A file over the socket; what read() gives is whole, or the server has ended."""
import hashlib
import socket


def chat(host, port, secret, lines):
    answers = []
    with socket.create_connection((host, port)) as sock, sock.makefile("rwb") as file:
        challenge = file.read(32)
        if len(challenge) != 32:
            raise ConnectionResetError("short challenge")
        file.write(hashlib.md5(secret + challenge).hexdigest().encode())
        for text in lines:
            try:
                raw = text.encode()
                file.write(raw)
                file.flush()
                back = file.read(len(raw))
                if len(back) < len(raw):
                    raise ConnectionResetError("the server has ended")
            except ConnectionError:
                sock.close()
                if not answers:
                    raise PermissionError("refused")
                raise
            answers.append(back.decode())
    return answers
