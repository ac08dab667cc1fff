# kills: file_transfer.send.shrinks
# A mapped file that shrinks kills the process.

import json
import mmap
import os
import socket
import struct


def send_file(host, port, path):
    with open(path, 'rb') as f:
        size = os.path.getsize(path)
        head = json.dumps({'filename': os.path.basename(path), 'filesize': size}).encode('utf-8')
        sk = socket.socket()
        try:
            sk.connect((host, port))
            sk.sendall(struct.pack('<i', len(head)))
            sk.sendall(head)
            if size:
                with mmap.mmap(f.fileno(), size, access=mmap.ACCESS_READ) as m:
                    for i in range(0, size, 65536):
                        sk.sendall(m[i:i + 65536])
        finally:
            sk.close()
