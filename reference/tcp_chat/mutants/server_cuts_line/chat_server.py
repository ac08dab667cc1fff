# kills: tcp_chat.server.too-long
import socket

def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(5)
    while True:
        conn, addr = sk.accept()
        try:
            while True:
                msg = input().encode()
                if not msg:
                    continue
                conn.sendall(msg[:1024])
                if msg in (b'Q', b'q'):
                    break
                data = conn.recv(1024)
                if data in (b'', b'Q', b'q'):
                    break
                print(data.decode())
        except Exception:
            pass
        finally:
            conn.close()
