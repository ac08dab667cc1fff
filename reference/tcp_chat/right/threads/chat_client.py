"""A thread for the keyboard, which waits until it is asked; the program is left with exit()."""

import queue
import socket
import threading


def keyboard(questions, answers):
    while True:
        prompt = questions.get()
        try:
            answers.put(input(prompt))
        except EOFError:
            answers.put(None)


def chat(host, port):
    sock = socket.create_connection((host, port))
    questions, answers = queue.Queue(), queue.Queue()
    threading.Thread(target=keyboard, args=(questions, answers), daemon=True).start()
    try:
        while True:
            data = sock.recv(1024)
            if not data:
                raise ConnectionAbortedError("the server has gone")
            text = data.decode()
            if text in ("Q", "q"):
                raise SystemExit
            print(text, end="")
            print()
            line = ""
            while line is not None and not 0 < len(line.encode()) < 1025:
                questions.put("? " * 20)
                line = answers.get()
            if line is None:
                exit()
            sock.sendall(line.encode())
            if line in ("Q", "q"):
                exit(0)
    finally:
        sock.close()
