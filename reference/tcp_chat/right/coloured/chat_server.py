import socket
import time


def serve(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen()
    while True:
        conn, addr = sk.accept()
        print(time.strftime("%H:%M:%S"), "\033[1;32m%s:%s 上线了\033[0m" % addr)
        try:
            while True:
                msg = input("\033[1;34m我: \033[0m")
                n = len(msg.encode("utf-8"))
                if n == 0 or n > 1024:
                    continue
                conn.sendall(msg.encode("utf-8"))
                if msg.upper() == "Q":
                    break
                ret = conn.recv(1024).decode("utf-8")
                if not ret or ret.upper() == "Q":
                    break
                print(time.strftime("[%H:%M:%S]"), "\033[1;31m%s\033[0m" % ret)
        except (ConnectionError, UnicodeError, EOFError):
            print("\033[1;33m聊天中断\033[0m")
        finally:
            conn.close()
            print("下线: Q")
