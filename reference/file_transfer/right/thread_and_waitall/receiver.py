import json, os, socket, struct, threading


def get(c, n):
    data = b''
    while len(data) < n:
        more = c.recv(n - len(data), socket.MSG_WAITALL)
        if not more: raise ConnectionError('short')
        data += more
    return data


def receive_file(host, port, directory):
    result = []
    def work():
        try: result.append((receive(host, port, directory), None))
        except Exception as e: result.append((None, e))
    t = threading.Thread(target=work)
    t.start()
    t.join()
    path, error = result[0]
    if error: raise error
    return path


def receive(host, port, directory):
    l = socket.create_server((host, port), reuse_port=False)
    c, a = l.accept()
    l.close()
    with c:
        n = struct.unpack('<i', get(c, 4))[0]
        if n < 2 or n > 65536: raise ValueError('length')
        text = get(c, n).decode()
        if text.count('[') + text.count('{') > 50: raise ValueError('nested')
        d = json.loads(text)
        if type(d) != dict: raise ValueError('header')
        name = d.get('filename', 0); size = d.get('filesize', 'x')
        if not isinstance(name, str): raise ValueError('name')
        if type(size) != int or not 0 <= size < 1 << 62: raise ValueError('size')
        if not 1 <= len(name.encode()) <= 255 or name in ['.', '..']: raise ValueError('name')
        for bad in '/', '\\', chr(0):
            if bad in name: raise ValueError('name')
        tmp = directory + '/.' + str(threading.get_ident()) + str(os.getpid())
        out = os.open(tmp, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
        try:
            rest = size
            while rest:
                piece = c.recv(min(rest, 262144))
                if piece == b'': raise ConnectionError('short')
                while piece:
                    k = os.write(out, piece); piece = piece[k:]; rest -= k
            c.setblocking(False)
            import select
            if select.select([c], [], [], .25)[0] and c.recv(1): raise ValueError('long')
            os.rename(tmp, directory + '/' + name)
        except:
            os.unlink(tmp)
            raise
        finally:
            os.close(out)
    return directory + '/' + name
