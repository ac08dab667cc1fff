import socket
import time


def serve(host, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((host, port))
    s.settimeout(0.5)
    while True:
        try:
            buffer = bytearray(1100)
            n, who = s.recvfrom_into(buffer)
        except socket.timeout:
            continue
        except OSError as e:
            print(e)
            time.sleep(0.1)
            continue
        if n <= 1024:
            try:
                words = bytes(buffer[:n]).decode("utf8")
            except UnicodeError:
                pass
            else:
                print(words)
                s.sendto(b"\xe6\x94\xb6\xe5\x88\xb0", who)
