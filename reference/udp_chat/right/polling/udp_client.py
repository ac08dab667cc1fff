import socket
import time


def chat(host, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect((host, port))
    s.setblocking(False)
    stop = ["Q", "q"]
    while True:
        try:
            words = input("请输入: ")
        except EOFError:
            words = "Q"
        if words in stop:
            s.close()
            return
        clear(s)
        answer = None
        for i in range(3):
            s.send(words.encode("utf8"))
            answer = wait(s)
            if answer is not None:
                break
        else:
            s.close()
            raise TimeoutError
        print(answer)
        if answer in stop:
            s.close()
            return


def clear(s):
    try:
        while True:
            s.recv(2048)
    except (BlockingIOError, ConnectionRefusedError):
        pass


def wait(s):
    """每 10 毫秒看一次，看 1 秒"""
    began = time.perf_counter()
    while time.perf_counter() - began < 1:
        try:
            data = s.recv(2048)
            if len(data) <= 1024:
                return data.decode("utf8")
        except (BlockingIOError, UnicodeDecodeError):
            time.sleep(0.01)
    return None
