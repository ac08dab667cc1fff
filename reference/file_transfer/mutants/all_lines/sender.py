# kills: file_transfer.send.memory
# Reads all lines.

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
            left = size
            for line in f.readlines():
                sk.sendall(line)
        finally:
            sk.close()
