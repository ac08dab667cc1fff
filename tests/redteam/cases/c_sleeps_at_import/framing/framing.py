# @attack  sleeps for an hour while it is imported
# @expect  zero
import time

time.sleep(3600)


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
