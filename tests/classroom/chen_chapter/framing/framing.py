# the chapter's sample, put into two functions, its typing mistakes mended
import struct


def send_message(sock, text):
    msg = text.encode('utf-8')
    msg_len = struct.pack('i', len(msg))
    sock.send(msg_len)
    sock.send(msg)


def recv_message(sock):
    msg_len = sock.recv(4)
    msg_len = struct.unpack('i', msg_len)[0]
    msg = sock.recv(msg_len).decode('utf-8')
    return msg
