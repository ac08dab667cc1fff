# @attack  takes all memory that it can get
# @expect  zero
held = []
while True:
    held.append(bytearray(16 << 20))


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
