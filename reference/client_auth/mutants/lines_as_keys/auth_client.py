# kills: client_auth.client.chat
import hashlib
import socket


def chat(host, port, secret, lines):
    answers = {}
    with socket.create_connection((host, port)) as sock, sock.makefile("rwb") as stream:
        challenge = stream.read(32)
        if len(challenge) < 32:
            raise ConnectionError("no challenge")
        stream.write(hashlib.md5(secret + challenge).hexdigest().encode())
        for line in lines:
            data = line.encode()
            try:
                stream.write(data)
                stream.flush()
                answer = stream.read(len(data))
            except OSError:
                answer = b""
            if len(answer) < len(data):
                raise ConnectionError("lost") if any(answers.values()) else PermissionError("refused")
            answers[line] = answer.decode()
    return list(answers.values())
