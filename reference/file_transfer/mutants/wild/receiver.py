# kills: file_transfer.receive.header-split, file_transfer.receive.short, file_transfer.receive.bad-name, file_transfer.receive.sizes, file_transfer.receive.extra, file_transfer.send.sizes, file_transfer.send.basename
# What most students hand in: recv(1024) for everything, progress in percent, the path as the name, no look at the end.

import json
import os
import socket
import struct


def receive_file(host, port, directory):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen(5)
    conn, addr = server.accept()
    header_len = struct.unpack('i', conn.recv(4))[0]
    header = json.loads(conn.recv(header_len).decode('utf-8'))
    total_size = header['filesize']
    path = os.path.join(directory, header['filename'])
    with open(path, 'wb') as f:
        recv_size = 0
        while recv_size < total_size:
            res = conn.recv(1024)
            f.write(res)
            recv_size += len(res)
            print('\r%.1f%%' % (100 * recv_size / total_size), end='')
        print('%d%% done' % (100 * recv_size / total_size))
    conn.close()
    server.close()
    return path
