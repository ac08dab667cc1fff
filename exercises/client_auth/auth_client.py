"""验证客户端合法性（客户端）/ Client authentication (client). README.md 画出了线上的字节 / draws the bytes."""

from collections.abc import Iterable


def chat(host: str, port: int, secret: bytes, lines: Iterable[str]) -> list[str]:
    """连接服务器，用摘要证明自己知道密钥，然后逐行发送 lines，返回每一行的回答。

    收 32 个字节的随机数（收不全就抛出 ConnectionError，什么都不发）；
    发送 md5(secret + 随机数) 的 32 个小写十六进制字符；对每一行：发送它的 UTF-8 字节，再收同样多的字节。最后关闭连接。
    服务器拒绝（发出摘要之后、第一个回答之前就断开）时抛出 PermissionError；之后才断开时抛出其他 OSError。

    Connect, prove by a digest that you know the secret, then send the lines one by one and return the answer of each.
    Receive the challenge of 32 bytes (ConnectionError if fewer come, and nothing is sent); send md5(secret + challenge)
    as 32 lower-case hex characters; for each line send its UTF-8 bytes and receive as many. Close at the end.
    Raise PermissionError if the server refuses (it ends after the digest and before the first answer); if it ends
    later, raise another OSError.
    """
    # TODO: 连接，收随机数，发摘要，逐行收发
    # TODO: connect, receive the challenge, send the digest, then send and receive line by line
    raise NotImplementedError


if __name__ == "__main__":
    print(chat("127.0.0.1", 9000, b"let me in", ["hello", "how are you?"]))
