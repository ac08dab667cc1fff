# @attack  returns an object that is equal to everything
# @expect  zero
class Yes(str):
    __eq__ = lambda self, other: True  # noqa: E731
    __ne__ = lambda self, other: False  # noqa: E731
    __hash__ = str.__hash__
    __len__ = lambda self: 0  # noqa: E731
    encode = lambda self, *_: b""  # noqa: E731


def send_message(sock, text):
    return Yes()


def recv_message(sock):
    return Yes("anything")
