# @attack  ends the interpreter by a wrong address
# @expect  zero
import ctypes


def send_message(sock, text):
    ctypes.string_at(0)


def recv_message(sock):
    ctypes.string_at(0)
