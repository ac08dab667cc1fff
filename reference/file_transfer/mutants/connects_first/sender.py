# kills: file_transfer.send.missing
# Connects, and then looks for the file.

import json
import os
import socket
import struct


def send_file(host, port, path):
    with socket.create_connection((host, port)) as sk, open(path, 'rb') as f:
        size = os.path.getsize(path)
        head = json.dumps({'filename': os.path.basename(path), 'filesize': size}).encode('utf-8')
        try:
            sk.sendall(struct.pack('<i', len(head)))
            sk.sendall(head)
            left = size
            while left > 0:
                data = f.read(min(left, 65536))
                if not data:
                    raise OSError('the file has become shorter')
                sk.sendall(data)
                left -= len(data)
        finally:
            sk.close()
