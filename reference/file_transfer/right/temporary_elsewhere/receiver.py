"""先存到系统的临时目录，完整了再移到目标目录。"""
import contextlib
import json
import os
import shutil
import socket
import struct
import tempfile


def recvall(conn, n):
    buf = bytearray(n)
    view = memoryview(buf)
    while view.nbytes:
        k = conn.recv_into(view)
        if k == 0:
            raise ConnectionResetError('早退')
        view = view[k:]
    return bytes(buf)


def receive_file(host, port, directory):
    with contextlib.ExitStack() as stack:
        lsock = stack.enter_context(socket.socket())
        lsock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        lsock.bind((host, port))
        lsock.listen(1)
        conn = stack.enter_context(lsock.accept()[0])
        hlen = struct.unpack('<i', recvall(conn, 4))[0]
        assert_value(0 < hlen <= 65536)
        raw = recvall(conn, hlen)
        try:
            d = json.loads(raw.decode('utf-8'))
        except RecursionError:
            raise ValueError('太深')
        assert_value(isinstance(d, dict) and {'filename', 'filesize'} <= d.keys())
        name, size = d['filename'], d['filesize']
        assert_value(type(name) is str and type(size) is int and size >= 0)
        assert_value(name not in ('', '.', '..') and not set('/\\\0') & set(name))
        assert_value(len(name.encode('utf-8')) <= 255)
        tmpdir = stack.enter_context(tempfile.TemporaryDirectory())
        tmp = os.path.join(tmpdir, 'file')
        with open(tmp, 'wb', buffering=1 << 20) as f:
            while size > 0:
                data = conn.recv(min(1 << 20, size))
                if not data:
                    raise ConnectionResetError('早退')
                f.write(data)
                size -= len(data)
        conn.settimeout(2)
        try:
            assert_value(not conn.recv(100))
        except socket.timeout:
            pass
        # 同一个文件系统里改名才是原子的，所以先复制到目标目录里
        fd, near = tempfile.mkstemp(dir=directory)
        os.close(fd)
        try:
            shutil.copyfile(tmp, near)
            dst = os.path.join(directory, name)
            os.replace(near, dst)
        except OSError:
            os.unlink(near)
            raise
        return dst


def assert_value(ok):
    if not ok:
        raise ValueError('头部不合规定')
