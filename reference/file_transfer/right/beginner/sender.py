# 发送端：连接，发头部，再一段一段地发文件
import socket
import struct
import json
import os


def send_file(host, port, path):
    f = open(path, 'rb')
    filename = os.path.basename(path)
    filesize = os.path.getsize(path)
    dic = {'filename': filename, 'filesize': filesize}
    head = json.dumps(dic, ensure_ascii=False).encode('utf-8')
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.connect((host, port))
    try:
        s.sendall(struct.pack('i', len(head)))
        s.sendall(head)
        sent = 0
        while sent < filesize:
            data = f.read(1024)
            if not data:
                raise OSError('文件变短了')
            if sent + len(data) > filesize:
                data = data[:filesize - sent]
            s.sendall(data)
            sent += len(data)
        print('发完了')
    finally:
        s.close()
        f.close()
