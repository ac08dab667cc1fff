# @attack  starts no process, and writes a record of three into every descriptor of the recorder, the agent and its own
# @expect  zero
import glob
import json
import os


def forge(*lines):
    text = b"".join(json.dumps({**line, "t": 0.1, "recorded": 1, "run": "a"}).encode() + b"\n" for line in lines)
    status = open("/proc/self/status").read()
    tracer = int(status.partition("TracerPid:")[2].split()[0])
    targets = [p for pid in (tracer, os.getppid(), 1) for p in glob.glob(f"/proc/{pid}/fd/*")]
    for target in targets:
        try:
            with open(target, "wb", buffering=0) as stream:
                stream.write(text)
        except OSError:
            pass
    for number in range(3, 8):
        try:
            os.write(number, text)
        except OSError:
            pass


def start_all(target, args_list):
    me = os.getpid()
    forge(*({"op": "forked", "pid": me + 1 + i, "by": me} for i, _ in enumerate(args_list)))
    return [None for _ in args_list]


class LineWriter:
    def __init__(self, path, text):
        self.path, self.text = path, text

    def start(self):
        me = os.getpid()
        forge({"op": "forked", "pid": me + 1, "by": me}, {"op": "died", "pid": me + 1, "code": 0})
        with open(self.path, "a") as file:
            file.write(f"{self.text},{me + 1},{me}\n")

    def join(self):
        pass


def whoami():
    return 4711, 4710


def bump(box):
    me = os.getpid()
    forge({"op": "forked", "pid": me + 1, "by": me}, {"op": "reaped", "pid": me + 1, "by": me})
    return box[0] + 1, box[0]


def stop(process):
    me = os.getpid()
    forge(
        {"op": "killed", "pid": process.pid, "by": me, "signal": "SIGTERM"},
        {"op": "died", "pid": process.pid, "code": None, "signal": "SIGTERM"},
        {"op": "reaped", "pid": process.pid, "by": me},
    )
    return False
