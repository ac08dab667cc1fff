"""A grader that is killed at its nth touch of the outside world. `python -m tests.faults.dies N COUNT ARGUMENT…`.

The moments are those at which something can be left half done: a file opened, moved or removed, a folder made, a
process started. N: which of them is the last, 0: none. COUNT: a file that gets the number of those that were reached.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from pathlib import Path

from grader.cli import run

MOMENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "subprocess.Popen", "socket.connect"}


def main() -> None:
    last, told, arguments = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    moments = count(1)
    reached = 0

    def at(event: str, _: tuple[object, ...]) -> None:
        nonlocal reached
        if event in MOMENTS:
            reached = next(moments)  # atomic, whichever thread comes here
            if reached == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(at)
    code = run(arguments, sys.stdout, sys.stderr, os.environ)
    told.write_text(str(reached))
    sys.exit(code)


if __name__ == "__main__":
    main()
