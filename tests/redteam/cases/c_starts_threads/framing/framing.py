# @attack  starts threads until there are no more
# @expect  zero
import threading

stay = threading.Event()
try:
    while True:
        threading.Thread(target=stay.wait, args=(20,), daemon=True).start()
except RuntimeError:
    pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
