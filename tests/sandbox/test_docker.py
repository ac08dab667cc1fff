from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.model import Limits
from grader.sandbox.base import AGENT
from grader.sandbox.docker import DockerPod, DockerSandbox
from grader.sandbox.engine import Engine
from grader.sandbox.owner import OWNER, POD, owner, sweep
from tests.sandbox.fakes import OBEDIENT_AGENT, ask, bundle, echo, engine_that

docker = pytest.mark.docker

LIBC = "import ctypes, os, signal, socket\nc = ctypes.CDLL(None, use_errno=True)\n"


def libc(call: str) -> str:
    return f"{LIBC}print({call}, ctypes.get_errno())"


REFUSED = {
    "unshare": (libc("c.unshare(0x10000000)"), "-1 1"),
    "mount": (libc("c.mount(b'none', b'/tmp', b'tmpfs', 0, None)"), "-1 1"),
    "setns": (libc("c.setns(0, 0)"), "-1 1"),
    "ptrace of the instrument": (libc("c.ptrace(16, 1, 0, 0)"), "-1 1"),
    "io_uring_setup": (libc("c.syscall(425, 1, None)"), "-1 1"),
    "clone3": (libc("c.syscall(435, None, 0)"), "-1 38"),
    "keyctl": (libc("c.syscall(219 if os.uname().machine == 'aarch64' else 250, 0, -3, 0)"), "-1 1"),
    "kill of the instrument": (f"{LIBC}os.kill(1, signal.SIGKILL)", "PermissionError 1"),
    "vsock": (f"{LIBC}socket.socket(40, socket.SOCK_STREAM)", "PermissionError 1"),
    "raw socket": (f"{LIBC}socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)", "PermissionError 1"),
    "netfilter": (f"{LIBC}socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)", "PermissionError 1"),
    "the world": (f"{LIBC}socket.create_connection(('1.1.1.1', 80), 5)", "OSError 101"),
    "privileged port": (f"{LIBC}socket.create_server(('127.0.0.1', 80))", "PermissionError 13"),
    "environment of the instrument": ("open('/proc/1/environ').read()", "PermissionError 13"),
    "memory of the instrument": ("open('/proc/1/mem', 'rb')", "PermissionError 13"),
    "input of the instrument": ("open('/proc/1/fd/0', 'wb')", "PermissionError 13"),
    "write to /": ("open('/x', 'w')", "OSError 30"),
    "write to the agent": ("open('/opt/grader/agent/__main__.py', 'a')", "PermissionError 13"),
    "more open files": (
        "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (999, 999))",
        "ValueError not allowed to raise maximum limit",
    ),
}


@docker
@pytest.mark.parametrize("attack", REFUSED)
def test_refuses(jail: DockerPod, attack: str) -> None:
    code, answer = REFUSED[attack]
    assert ask(jail, code) == answer


@docker
def test_has_no_capability_and_cannot_gain_any(jail: DockerPod) -> None:
    status = ask(jail, "print(open('/proc/self/status').read())")
    facts = dict(line.split(":", 1) for line in status.splitlines())
    assert {facts[f"Cap{which}"].strip() for which in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}
    assert facts["NoNewPrivs"].strip() == "1"
    assert facts["Seccomp"].strip() == "2"
    assert facts["Uid"].split() == ["64002"] * 4


NEEDED = {
    "processes": (
        "import multiprocessing as m\nq = m.Queue(5)\np = m.Process(target=q.put, args=(7,)); p.start()\n"
        "print(q.get()); p.join(); m.Lock().acquire()\n"
        "with m.Pool(2) as pool: print(pool.map(abs, [-1]))\nwith m.Manager() as x: print(x.list([2]))",
        "7\n[1]\n[2]",
    ),
    "asyncio and subprocesses": (
        "import asyncio\nasync def f():\n  p = await asyncio.create_subprocess_exec('echo', 'hi', stdout=-1)\n"
        "  return (await p.communicate())[0]\nprint(asyncio.run(f()))",
        "b'hi\\n'",
    ),
    "threads": ("import threading as t\nx = t.Thread(target=print, args=(3,)); x.start(); x.join()", "3"),
    "names": (
        "import socket as s\nprint(s.getaddrinfo('localhost', 80)[0][4], s.if_nameindex())",
        "('127.0.0.1', 80) [(1, 'lo')]",
    ),
    "sock_diag": ("import socket as s\ns.socket(s.AF_NETLINK, s.SOCK_DGRAM, 4).close()", ""),
    "loopback": (
        "import socket as s\nl = s.create_server(('127.0.0.1', 0))\nc = s.create_connection(l.getsockname())\n"
        "a, _ = l.accept(); c.sendall(b'x'); print(a.recv(1)); [x.close() for x in (l, c, a)]",
        "b'x'",
    ),
    "strace": (
        "import subprocess as s\n"
        "r = s.run(['strace', '-f', '--seccomp-bpf', '-e', 'trace=wait4', 'sh', '-c', 'true & wait'], stderr=s.PIPE)\n"
        "print(r.returncode, b'WEXITSTATUS(s) == 0' in r.stderr)",
        "0 True",
    ),
    "own folder": ("open('/work/a', 'w').write('x'); print(open('/work/a').read())", "x"),
}


@docker
@pytest.mark.parametrize("need", NEEDED)
def test_allows(jail: DockerPod, need: str) -> None:
    code, answer = NEEDED[need]
    assert ask(jail, code) == answer


@docker
def test_speaks_with_both_programs(pod: DockerPod) -> None:
    assert ask(pod, "print('héllo ' * 3)") == "héllo héllo héllo"
    assert ask(pod, "print('x' * 1_000_000)") == "x" * 1_000_000
    echo(pod, "y" * 1_000_000)
    assert pod.info.isolation == "docker"
    assert pod.info.image.startswith("sha256:")
    assert pod.info.python.startswith("3.")
    assert ask(pod, "import os; print(os.getpid())") == str(pod.info.agent_pid)


@docker
def test_what_one_more_program_says_is_all_heard(pod: DockerPod, engine: Engine) -> None:
    saying = ["sh", "-c", "echo first; echo wrong >&2; seq 100000"]
    said = engine.execute(pod.containers["agent"], saying)
    assert sorted(said.split()) == sorted(["first", "wrong", *map(str, range(1, 100_001))])


@docker
def test_the_instrument_outlives_the_student(pod: DockerPod) -> None:
    pod.tell("agent", json.dumps("import os; os.fork() or os._exit(0); os.kill(-1, 9); os._exit(1)"))
    assert pod.inbox.get(timeout=30) == ("agent", None)
    echo(pod)
    pod.tell("agent", "a program that is gone is no error")


@docker
def test_limits_are_the_exercises(sandbox: DockerSandbox) -> None:
    pod = sandbox.open(Limits(memory_mib=64, processes=12, open_files=40, file_mib=2))
    assert ask(pod, "import resource as r; print(r.getrlimit(r.RLIMIT_NOFILE))") == "(40, 40)"
    assert ask(pod, "open('/work/big', 'wb').write(bytes(3 << 20))") == "OSError 27"
    fork_on = "import os, signal\nn = 0\ntry:\n  while n < 99:\n    os.fork() or signal.pause()\n    n += 1\n"
    assert int(ask(pod, f"{fork_on}except OSError:\n  print(n)")) == 11
    pod.tell("agent", json.dumps("x = bytearray(200 << 20)"))
    assert pod.inbox.get(timeout=30) == ("agent", None)
    echo(pod)
    pod.close()


@docker
@pytest.mark.parametrize("folder", ["/work", "/tmp", "/dev/shm"])
def test_files_come_to_an_end(pod: DockerPod, folder: str) -> None:
    """Also empty ones: they fill the memory, and to remove them takes the time of whoever grades."""
    assert ask(pod, f"for n in range(9999): open(f'{folder}/{{n}}', 'w').close()") == "OSError 28"


@docker
def test_an_agent_that_floods_is_gone(pod: DockerPod) -> None:
    pod.tell("agent", json.dumps("import sys\nwhile True: sys.__stdout__.write('x' * 65536)"))
    assert pod.inbox.get(timeout=60) == ("agent", None)
    echo(pod)


@docker
def test_a_warm_pod_is_handed_out_and_a_broken_one_is_not(image: str, engine: Engine) -> None:
    sandbox = DockerSandbox(bundle(), image, agent=OBEDIENT_AGENT)
    sandbox.prepare(Limits(), 2)
    sandbox.await_warm()
    warm = {c["Id"] for c in engine.labelled(f"grader.sandbox={sandbox.name}")}
    assert len(warm) == 4
    first = sandbox.open(Limits())
    assert set(first.containers.values()) < warm
    for container in warm - set(first.containers.values()):
        engine.remove(container)
    second = sandbox.open(Limits())
    assert not warm & set(second.containers.values())
    assert ask(second, "print(1)") == "1"
    sandbox.prepare(Limits(), 1)
    sandbox.close()
    sandbox.close()
    assert engine.labelled(f"grader.sandbox={sandbox.name}") == []
    with pytest.raises(MachineError, match="closed"):
        sandbox.open(Limits())


@docker
def test_four_pods_at_a_time(sandbox: DockerSandbox) -> None:
    together = threading.Barrier(4)

    def use(number: int) -> str:
        pod = sandbox.open(Limits())
        together.wait(60)
        answer = ask(pod, f"print({number})")
        echo(pod)
        pod.close()
        return answer

    with ThreadPoolExecutor(4) as workers:
        assert list(workers.map(use, range(4))) == ["0", "1", "2", "3"]


@docker
def test_says_what_is_wrong_with_a_program(image: str, engine: Engine) -> None:
    broken = DockerSandbox(bundle("def main(): raise SystemExit('no fuel')"), image, agent=OBEDIENT_AGENT)
    with pytest.raises(MachineError, match="no fuel"):
        broken.open(Limits())
    broken.close()
    stale = DockerSandbox(bundle(), image, agent=AGENT)
    with pytest.raises(MachineError, match="make image"):
        stale.open(Limits())
    stale.close()
    for sandbox in (broken, stale):
        assert engine.labelled(f"grader.sandbox={sandbox.name}") == []
    with pytest.raises(MachineError, match=r"no image grader-no-such-image.*make image"):
        DockerSandbox(bundle(), "grader-no-such-image")


@docker
def test_sweeps_what_dead_graders_left_and_nothing_else(image: str, engine: Engine) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    host = socket.gethostname()
    labels = {
        "dead": f"{host}:{dead.pid}:12345",
        "pid used again": f"{host}:{os.getpid()}:12345",
        "alive": owner(),
        "elsewhere": f"another-{host}:{dead.pid}:12345",
    }
    made = {
        name: engine.create({"Image": image, "Cmd": ["true"], "Labels": {POD: "pod", OWNER: label}})
        for name, label in labels.items()
    }
    try:
        sweep(engine)
        left = {c["Id"] for c in engine.labelled(POD)}
        assert {name for name, container in made.items() if container in left} == {"alive", "elsewhere"}
    finally:
        for container in made.values():
            engine.remove(container)


@docker
def test_a_killed_grader_leaves_nothing(image: str, engine: Engine) -> None:
    command = [sys.executable, "-m", "tests.sandbox.holder", image]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as grader:
        assert grader.stdout is not None
        said = json.loads(grader.stdout.readline())
        grader.kill()
    for container in said["containers"]:
        engine.await_removal(container)
    sweep(engine)
    assert engine.labelled(f"grader.sandbox={said['sandbox']}") == []


# --- without an engine ---------------------------------------------------------------------------------------------


def test_an_engine_that_hangs_is_an_error_and_no_hang(tmp_path: Path) -> None:
    never = threading.Event()
    with engine_that(tmp_path, create=never.wait) as address:
        sandbox = DockerSandbox(bundle(), "any", base_url=address, patience=0.2)
        with pytest.raises(MachineError, match=r"did not answer within 0\.2 s"):
            sandbox.open(Limits())
        sandbox.close()
        never.set()


def test_an_engine_that_vanishes_is_an_error(tmp_path: Path) -> None:
    with engine_that(tmp_path, create=lambda: None) as address:
        sandbox = DockerSandbox(bundle(), "any", base_url=address, patience=5)
        sandbox.prepare(Limits())
        with pytest.raises(MachineError, match="--isolation process"):
            sandbox.open(Limits())
        sandbox.close()


def test_an_engine_that_cannot_make_a_container_is_an_error_that_says_why(tmp_path: Path) -> None:
    with engine_that(tmp_path, create=lambda: 500) as address:
        sandbox = DockerSandbox(bundle(), "any", base_url=address, patience=5)
        with pytest.raises(MachineError, match="no space left on device"):
            sandbox.open(Limits())
        sandbox.close()


HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
CUT_OFF = {
    "in its head": HEAD[:20],
    "in its body": HEAD + b'Content-Length: 80\r\n\r\n{"Id": "1234',
    "in a chunk": HEAD + b'Transfer-Encoding: chunked\r\n\r\n50\r\n{"Id": "1234',
    "and calls it whole": HEAD + b'Content-Length: 12\r\n\r\n{"Id": "1234',
}


@pytest.mark.parametrize("where", CUT_OFF)
def test_an_engine_that_breaks_off_in_the_middle_of_an_answer_is_an_error(tmp_path: Path, where: str) -> None:
    with engine_that(tmp_path, create=lambda: CUT_OFF[where]) as address:
        sandbox = DockerSandbox(bundle(), "any", base_url=address, patience=5)
        with pytest.raises(MachineError, match="--isolation process"):
            sandbox.open(Limits())
        sandbox.close()


def test_no_engine_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"make engine.*--isolation process"):
        DockerSandbox(bundle(), base_url=f"unix://{tmp_path}/none")
