# @attack  a server that answers from other ports than its own, and asks itself questions meanwhile
# @expect  not udp_chat.server.replies
import socket


def serve(host, port):
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        while True:
            data, sender = sock.recvfrom(2048)
            if data != b"myself":
                print(data.decode("utf-8", "replace"))
                with socket.socket(type=socket.SOCK_DGRAM) as other:
                    other.sendto("收到".encode(), sender)
                    other.sendto(b"myself", (host, port))
