# kills: file_transfer.send.closes
# The socket is kept at the top of the module.

import json
import os
import socket
import struct


sk = socket.socket()


def send_file(host, port, path):
    with open(path, 'rb') as f:
        size = os.path.getsize(path)
        head = json.dumps({'filename': os.path.basename(path), 'filesize': size}).encode('utf-8')
        if True:
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
        # done
