import selectors
import socket


def serve(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.bind((host, port))
    selector = selectors.DefaultSelector()
    selector.register(sock, selectors.EVENT_READ)
    try:
        while True:
            selector.select()
            drain(sock)
    except KeyboardInterrupt:
        sock.close()


def drain(sock):
    while True:
        try:
            data, _, flags, sender = sock.recvmsg(1024)
        except BlockingIOError:
            return
        if flags & socket.MSG_TRUNC:
            continue
        try:
            text = str(data, "utf-8")
        except ValueError:
            continue
        sock.sendto("收到".encode(), sender)
        print(f"{sender[0]}:{sender[1]} {text}", flush=True)
