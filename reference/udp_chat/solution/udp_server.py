"""UDP 聊天：服务器 / UDP chat, the server."""

import socket

REPLY = "收到"
LIMIT = 1024  # 一条消息最多这么多字节 / a message has at most so many bytes


def serve(host: str, port: int) -> None:
    """打印每条消息，并向它的发送者回复“收到”。Print each message and answer 收到 to whoever sent it."""
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        while True:
            data, sender = sock.recvfrom(LIMIT + 1)  # 多要一个字节，过长的才看得出来 / one more shows what is too long
            try:
                message = data.decode()
            except UnicodeDecodeError:
                continue
            if len(data) <= LIMIT:
                print(message)
                sock.sendto(REPLY.encode(), sender)


if __name__ == "__main__":
    serve("127.0.0.1", 9000)
