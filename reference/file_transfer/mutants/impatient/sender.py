# kills: file_transfer.send.slow-reader
# With a time-out set, send takes what fits; the rest of the block is lost.

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
            sk.settimeout(30)
            sk.sendall(struct.pack('<i', len(head)))
            sk.sendall(head)
            left = size
            while left > 0:
                data = f.read(min(left, 4000000))
                if not data:
                    raise OSError('the file has become shorter')
                sk.send(data)
                left -= len(data)
        finally:
            sk.close()
