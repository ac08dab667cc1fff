# kills: client_auth.client.closes
import hashlib, socket
keep = []
def chat(host, port, secret, lines):
    s = socket.socket(); keep.append(s); s.connect((host, port))
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
            b = line.encode()
            try:
                s.sendall(b)
                out.append(get(len(b)).decode())
            except ConnectionError:
                if i == 0: raise PermissionError("no")
                raise
        return out
    except RuntimeError:
        pass
