# @attack  an exception whose message has fifty megabytes
# @expect  zero
MESSAGE = "A" * 50_000_000


def send_message(sock, text):
    raise ValueError(MESSAGE)


def recv_message(sock):
    raise ValueError(MESSAGE)
