import json, ntpath, os, posixpath, socket, struct


def send_file(host, port, path):
    with open(path, 'rb') as f:
        size = f.seek(0, 2)
        f.seek(0)
        name = posixpath.basename(path)
        head = json.dumps({'filename': name, 'filesize': size}).encode('ascii')
        with socket.create_connection((host, port), timeout=60) as s:
            s.sendall(b''.join([struct.pack('<i', len(head)), head]))
            if size and s.sendfile(f, 0, size) != size:
                raise OSError('not all of it')
            s.shutdown(socket.SHUT_WR)
            while s.recv(4096):  # until the receiver has closed too
                pass
