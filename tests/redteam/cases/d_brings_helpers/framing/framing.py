# @attack  files beside the module that a test runner, an interpreter or git would obey
# @expect  zero


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
