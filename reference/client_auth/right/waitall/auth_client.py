import contextlib
import socket
from hashlib import md5


def chat(host, port, secret, lines):
    said = []
    with contextlib.closing(socket.create_connection((host, port))) as s:
        challenge = s.recv(32, socket.MSG_WAITALL)
        if len(challenge) != 32:
            raise ConnectionAbortedError("no challenge")
        s.sendall(md5(b"".join([secret, challenge])).hexdigest().encode("ascii"))
        stream = s.makefile("rb")
        heard = False
        for line in lines:
            raw = line.encode("utf-8")
            if not raw:
                said.append("")
                continue
            try:
                s.sendall(raw)
                back = stream.read(len(raw))
            except ConnectionError as error:
                if heard:
                    raise
                raise PermissionError("refused") from error
            if len(back) < len(raw):
                raise ConnectionResetError("cut") if heard or back else PermissionError("refused")
            heard = True
            said.append(back.decode())
    return said
