# @attack  ends the interpreter with 0 inside the function
# @expect  zero
import os


def send_message(sock, text):
    os._exit(0)


def recv_message(sock):
    os._exit(0)
