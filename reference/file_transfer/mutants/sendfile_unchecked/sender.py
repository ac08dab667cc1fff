# kills: file_transfer.send.grows, file_transfer.send.shrinks
# sendfile goes to the end of the file too, and its result is ignored.

import json
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
            sk.sendfile(f)
        finally:
            sk.close()
