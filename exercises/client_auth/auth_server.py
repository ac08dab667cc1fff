"""验证客户端合法性（服务器）/ Client authentication (server). README.md 说明了线上的字节 / shows the bytes on the wire.

服务器给每个客户端一个新的随机数，只有知道密钥的客户端才算得出正确的摘要。密钥本身从不经过网络。
The server gives every client a new random number; only who knows the secret can work out the right digest.
The secret itself never goes over the network.
"""


def serve(host: str, port: int, secret: bytes) -> None:
    """在 (host, port) 上监听，同时为所有客户端服务，直到被 SIGINT（Ctrl-C）或 SIGTERM 停止。

    对每个客户端：发送 32 个随机字节；在 5 秒内收完 32 个字节的摘要；摘要错误就关闭连接，什么都不再发送；
    摘要正确就把收到的每一个字节变成大写发回去，直到客户端不再发送。

    Listen on (host, port) and serve all clients at the same time, until SIGINT (Ctrl-C) or SIGTERM stops the program.
    For every client: send 32 random bytes; receive the 32 bytes of its digest, all of them within 5 seconds; if they
    are wrong, close the connection and send nothing more; if they are right, send back whatever comes in upper case,
    until the client ends.
    """
    # TODO: 监听；为每个客户端：发送随机数，收摘要，比较，聊天
    # TODO: listen; for every client: send the challenge, receive the digest, compare, echo
    raise NotImplementedError


if __name__ == "__main__":
    serve("127.0.0.1", 9000, b"let me in")
