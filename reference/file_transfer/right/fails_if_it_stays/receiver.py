# 接收端：监听，收一个文件，存到目录里
import socket
import struct
import json
import os


def receive_file(host, port, directory):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((host, port))
    s.listen(5)
    print('等待发送端……')
    conn, addr = s.accept()
    s.close()
    print('来了：', addr)

    # 先收 4 个字节的长度
    head = b''
    while len(head) < 4:
        data = conn.recv(4 - len(head))
        if data == b'':
            conn.close()
            raise ConnectionError('对方断开了')
        head = head + data
    head_len = struct.unpack('i', head)[0]
    if head_len <= 0 or head_len > 65536:
        conn.close()
        raise ValueError('头部长度不对')

    # 再收头部
    body = b''
    while len(body) < head_len:
        data = conn.recv(head_len - len(body))
        if data == b'':
            conn.close()
            raise ConnectionError('对方断开了')
        body = body + data
    try:
        dic = json.loads(body.decode('utf-8'))
        filename = dic['filename']
        filesize = dic['filesize']
    except Exception:
        conn.close()
        raise ValueError('头部不对')

    # 检查
    ok = True
    if type(filename) != str:
        ok = False
    elif filename == '' or filename == '.' or filename == '..':
        ok = False
    elif filename.find('/') >= 0 or filename.find('\\') >= 0 or filename.find('\0') >= 0:
        ok = False
    elif len(filename.encode('utf-8')) > 255:
        ok = False
    if type(filesize) != int:
        ok = False
    elif filesize < 0:
        ok = False
    if ok == False:
        conn.close()
        raise ValueError('文件名或大小不对')

    # 临时文件名里有进程号和端口，不会和别人重复
    temp = os.path.join(directory, 'temp' + str(os.getpid()) + '_' + str(port))
    f = open(temp, 'wb')
    try:
        got = 0
        while got < filesize:
            want = filesize - got
            if want > 1024:
                want = 1024
            data = conn.recv(want)
            if len(data) == 0:
                raise ConnectionError('文件不完整')
            f.write(data)
            got = got + len(data)
        # 发送端应当马上关闭；三秒还不关，就算出错
        conn.settimeout(3)
        if conn.recv(1) != b'':
            raise ValueError('数据太多了')
        f.close()
        final = os.path.join(directory, filename)
        os.replace(temp, final)
    except:
        try:
            f.close()
        except OSError:
            pass
        os.remove(temp)
        conn.close()
        raise
    conn.close()
    print('收完了')
    return final
