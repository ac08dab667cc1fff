# @attack  computes without an end while it is imported
# @expect  zero
n = 0
while True:
    n += 1


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
