import signal
import socket


def too_late(*_):
    raise TimeoutError


def chat(host, port):
    """用闹钟信号计时 / the second is an alarm signal's"""
    signal.signal(signal.SIGALRM, too_late)
    while True:
        try:
            line = input()
        except EOFError:
            return
        if line.strip(" ") == line and line.upper() == "Q":
            return
        reply = ask(host, port, line)
        print(reply)
        if reply.upper() == "Q":
            return


def ask(host, port, line, tries=3):
    if tries == 0:
        raise TimeoutError("nobody answers")
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        s.connect((host, port))
        s.send(line.encode())
        signal.setitimer(signal.ITIMER_REAL, 1)
        try:
            while True:
                data = s.recv(70000)
                try:
                    if len(data) <= 1024:
                        return data.decode()
                except UnicodeDecodeError:
                    continue
        except TimeoutError:
            pass
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    return ask(host, port, line, tries - 1)
