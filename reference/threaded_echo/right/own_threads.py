import socket
import threading


def talk(conn, addr):
    with conn:
        try:
            while True:
                data = conn.recv(4096)
                if data == b"":
                    return
                conn.sendall(data)
        except OSError as e:
            print("lost", addr, e)


def serve(host, port):
    sk = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen(5)
    print("listening on", host, port)
    try:
        while True:
            conn, addr = sk.accept()
            threading.Thread(target=talk, args=(conn, addr), daemon=True).start()
    except KeyboardInterrupt:
        print("bye")
    finally:
        sk.close()
