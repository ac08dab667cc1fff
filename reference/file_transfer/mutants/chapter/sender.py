# The chapter's own sample, its typos mended and its keys made the same: one recv for each thing, f.read() for the file.

import json
import os
import socket
import struct


def send_file(host, port, filepath):
    sk = socket.socket()
    sk.connect((host, port))
    filename = os.path.basename(filepath)
    filesize = os.path.getsize(filepath)
    dic = {'filename': filename, 'filesize': filesize}
    str_dic = json.dumps(dic).encode('utf-8')
    sk.send(struct.pack('i', len(str_dic)))
    sk.send(str_dic)
    with open(filepath, 'rb') as f:
        content = f.read()
        sk.send(content)
    sk.close()
