# @attack  freezes the process that it was to end, and says that it has ended
# @expect  not process_basics.stop.running
import os
import signal


def stop(process):
    os.kill(process.pid, signal.SIGSTOP)
    process._popen.returncode = -15
    process.is_alive = lambda: False
    return False
