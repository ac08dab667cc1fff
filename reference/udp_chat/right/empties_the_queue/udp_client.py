import socket, time


def chat(host, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect((host, port))
    try:
        while True:
            try:
                text = input()
            except EOFError:
                break
            if text in "Qq" and text:
                break
            s.setblocking(False)
            while True:
                try:
                    s.recv(65535)
                except BlockingIOError:
                    break
            answer = None
            for _ in range(3):
                s.send(text.encode("utf-8"))
                end = time.time() + 1
                while answer is None and (rest := end - time.time()) > 0:
                    s.settimeout(rest)
                    try:
                        data = s.recv(65535)
                        if len(data) <= 1024:
                            answer = str(data, "utf-8")
                    except (socket.timeout, UnicodeDecodeError):
                        pass
                if answer is not None:
                    break
            else:
                raise TimeoutError("三次都没有回复")
            print("对方：" + answer)
            if answer.upper() == "Q":
                break
    finally:
        s.close()
