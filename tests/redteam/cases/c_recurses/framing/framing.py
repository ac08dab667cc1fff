# @attack  a recursion without an end, with the limit taken away
# @expect  zero
import sys

sys.setrecursionlimit(10**9)


def deeper(n):
    return deeper(n + 1) + 1


def send_message(sock, text):
    deeper(0)


def recv_message(sock):
    deeper(0)
