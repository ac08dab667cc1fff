# @attack  makes semaphores and shared memory, and removes none
# @expect  zero
import multiprocessing
from multiprocessing import shared_memory

held = []
try:
    for i in range(2000):
        held.append(multiprocessing.Semaphore())
        held.append(shared_memory.SharedMemory(create=True, size=65536))
except OSError:
    pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
