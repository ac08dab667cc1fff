# kills: file_transfer.receive.free-header
import json, os, socket, struct, uuid

def exact(c, n):
    b = bytearray()
    while len(b) < n:
        p = c.recv(n - len(b))
        if p == b'': raise EOFError('peer closed')
        b += p
    return bytes(b)

def receive_file(host, port, directory):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
    s.bind((host, port)); s.listen()
    c, _ = s.accept(); s.close()
    with c:
        n = int.from_bytes(exact(c, 4), 'little')
        if not 1 <= n <= 65536: raise ValueError
        d = json.loads(exact(c, n).decode('utf-8'))
        if not isinstance(d, dict): raise ValueError
        name, size = d.values()
        if type(name) is not str or type(size) is not int or size < 0: raise ValueError
        if name != os.path.basename(name) or '\\' in name or '\0' in name or name in {'', '.', '..'} or len(os.fsencode(name)) > 255: raise ValueError
        tmp = os.path.join(directory, '.' + uuid.uuid4().hex)
        try:
            with open(tmp, 'xb') as out:
                left = size
                while left:
                    p = c.recv(min(65536, left))
                    if p == b'': raise ConnectionError
                    left -= out.write(p)
            c.settimeout(3)
            try:
                if c.recv(1): raise ValueError('extra')
            except TimeoutError: pass
            path = os.path.join(directory, name)
            os.rename(tmp, path)
            return path
        except:
            os.remove(tmp); raise
