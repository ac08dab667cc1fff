# @attack  json that turns every report into a success
# @expect  zero
import json

plain = json.dumps


def dumps(data, *args, **options):
    if isinstance(data, dict) and data.get("op") == "raised":
        data = {"op": "returned", "call": data.get("call"), "value": {"kind": "none"}}
    return plain(data, *args, **options)


json.dumps = dumps


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
