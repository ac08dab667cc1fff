# kills: tcp_chat.server.one-at-a-time
import socket, threading

def handle(conn, addr):
    try:
        while True:
            msg = input()
            while not 0 < len(msg.encode()) <= 1024:
                msg = input()
            conn.sendall(msg.encode())
            if msg in ('Q', 'q'):
                break
            data = conn.recv(1024).decode()
            if data in ('', 'Q', 'q'):
                break
            print(addr, data)
    except Exception as e:
        print(e)
    finally:
        conn.close()

def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(5)
    while True:
        conn, addr = sk.accept()
        threading.Thread(target=handle, args=(conn, addr), daemon=True).start()
