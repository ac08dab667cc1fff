# kills: file_transfer.send.slow-reader

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
            sk.settimeout(1)
            sk.connect((host, port))
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
