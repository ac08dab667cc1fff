# What most students hand in: recv(1024) for everything, progress in percent, the path as the name, no look at the end.

import json
import os
import socket
import struct


def send_file(host, port, path):
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    total = os.path.getsize(path)
    header = json.dumps({'filename': path, 'filesize': total}).encode('utf-8')
    client.connect((host, port))
    client.send(struct.pack('i', len(header)))
    client.send(header)
    send_size = 0
    with open(path, 'rb') as f:
        for line in f:
            client.send(line)
            send_size += len(line)
            print('\r%.1f%%' % (100 * send_size / total), end='')
    print('%d%% done' % (100 * send_size / total))
    client.close()
