# kills: threaded_echo.idle.cpu
# A non-blocking accept in an endless loop, as in the chapter's next section.
import socket
import threading


def talk(conn):
    conn.setblocking(True)
    try:
        while True:
            data = conn.recv(1024)
            if not data:
                break
            conn.sendall(data)
    except OSError:
        pass
    conn.close()


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.setblocking(False)
    sk.listen(5)
    while True:
        try:
            conn, addr = sk.accept()
            threading.Thread(target=talk, args=(conn,), daemon=True).start()
        except BlockingIOError:
            pass
