import socket
import struct

sk = socket.socket()
sk.bind(('127.0.0.1', 9000))
sk.listen()
conn, addr = sk.accept()

while True:
    head = conn.recv(4)
    n = struct.unpack('<i', head)[0]
    msg = conn.recv(n).decode('utf-8')
    print(msg)
