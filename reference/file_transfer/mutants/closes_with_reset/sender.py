# kills: file_transfer.send.closes
# Cuts the connection off instead of ending it.

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
            sk.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
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
