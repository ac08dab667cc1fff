# @attack  source lines with escapes and changes of direction, which a report quotes
# @expect  zero
NAME = "\u202e"


def send_message(sock, text):
    raise ValueError("x")  # ‮⁦ dessap ⁩ [2J1A ::set-output name=x::y


def recv_message(sock):
    raise ValueError("x")  # ]8;;https://example.orghere]8;;
