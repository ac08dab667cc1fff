import json, os, socket, struct, threading


def send_file(host, port, path):
    """只用一个缓冲区，一遍一遍地装满。"""
    f = open(path, 'rb', buffering=0)
    size = os.path.getsize(path)
    c = socket.create_connection((host, port))
    head = json.dumps({'filename': os.path.basename(path), 'filesize': size}, separators=(',', ':')).encode()
    buf = bytearray(300_000)
    with f, c:
        c.sendmsg([struct.pack('<i', len(head)) + head]) == 4 + len(head) or fail()
        done = 0
        while done < size:
            n = f.readinto(memoryview(buf)[:min(len(buf), size - done)])
            if n == 0:
                fail()
            c.sendall(memoryview(buf)[:n])
            done += n


def fail():
    raise OSError('could not send it all')
