# kills: client_auth.client.text
import hashlib, socket
def chat(host, port, secret, lines):
    s = socket.socket(); s.connect((host, port))
    def get(n):
        d = b""
        while len(d) < n:
            p = s.recv(n - len(d))
            if not p: raise ConnectionError("gone")
            d += p
        return d
    try:
        s.sendall(hashlib.md5(secret + get(32)).hexdigest().encode())
        out = []
        for i, line in enumerate(lines):
            b = line.rstrip().encode()
            try:
                s.sendall(b)
                out.append(get(len(b)).decode())
            except ConnectionError:
                if i == 0: raise PermissionError("no")
                raise
        return out
    finally:
        s.close()
