from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from grader.sandbox.owner import orphaned, owner, started


def test_a_process_has_one_start_and_none_once_it_has_ended() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    began = started(child.pid)
    assert began and began == started(child.pid)
    label = f"{socket.gethostname()}:{child.pid}:{began}"
    assert not orphaned(label)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert orphaned(label)  # ended, though not yet buried by its parent
    child.communicate()
    assert started(child.pid) is None
    assert orphaned(label)


@pytest.mark.parametrize("label", ["", "x", "a:b:c", f"{socket.gethostname()}:1", f"{socket.gethostname()}:x:1"])
def test_in_doubt_a_container_stays(label: str) -> None:
    assert not orphaned(label)
    assert not orphaned(owner())
