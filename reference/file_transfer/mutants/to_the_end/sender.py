# kills: file_transfer.send.grows, file_transfer.send.shrinks
# Sends until read gives nothing, whatever was announced.

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
            while True:
                data = f.read(65536)
                if not data:
                    break
                sk.sendall(data)
        finally:
            sk.close()
