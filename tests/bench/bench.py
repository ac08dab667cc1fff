"""`make bench`: how long things take, as medians of at least five, printed and written as JSON.

Ratios are taken within one run on one machine, because absolute times mean little on shared cores. The rivals
(check50, pytest) come from PyPI into a throw-away environment and run the same ten probes without any isolation.

Asleep is the share of a check's time in which no thread of it ran or was ready to: not the grader, not the instrument,
not the agent, not the student's program (here: the model answer; `process` isolation). It takes in all that our side
lets pass so as to prove something, and the clocks that an exercise sets (`client_auth` gives five seconds for a digest,
`udp_chat` three for three tries), beside which other cases go on. How it is read: asleep.py.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asleep
import bombs
import recording
import scheduling

from grader.catalog import Exercise, find_course
from grader.errors import GraderError
from grader.sandbox.base import Pod, Sandbox
from grader.sandbox.docker import DockerSandbox

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
GRADER = Path(sys.executable).with_name("grader")
TEN = [
    "recv.one",
    "recv.byte-length",
    "recv.header-split",
    "recv.payload-split",
    "recv.glued",
    "recv.utf8-split",
    "recv.empty",
    "recv.text-exact",
    "recv.timeout",
    "send.one",
]
NETWORK = (
    *("tcp_chat", "udp_chat", "framing", "large_transfer"),
    *("file_transfer", "threaded_echo", "nonblocking_upper", "client_auth"),
)
PROCESSES = ("process_basics", "task_modes", "join_and_reap", "daemon_process")
CHECK50 = "check50, ten probes without isolation [s]"
RATIOS = {
    "ours in process / check50's ten": "our ten checks, process [s]",
    "ours in a warm pod / check50's ten": "our ten checks, warm pod [s]",
}
LIMITS = {  # name → the most it may be; a figure above it, or below the least, makes the exit code 1
    "check framing, process [s]": 1.5,
    "check framing, docker, cold [s]": 3.0,
    "hand-out from a warm pod [ms]": 15.0,
    "one more run in a pod [ms]": 10.0,
    "peak memory of the grader in a batch [MiB]": 120.0,
    "share of a batch's CPU that isolation costs [%]": 30.0,
    "check of the eight network exercises, process [s]": 8.0,
    "check of the eight network exercises, docker [s]": 12.0,
    "asleep, the eight network exercises together [%]": 5.0,
    "slowest check of the four about processes, docker [s]": 3.0,
    "check ticket_lock, docker [s]": 6.0,
    "check ipc_queue, docker [s]": 6.0,
    "check producer_consumer, docker [s]": 6.0,
    "until a deadlock is proved [ms]": 100.0,
    "cost of recording 300 short children [recorded / not]": 1.3,
    "events lost of 1200 children's records": 0,
    "batch of 20 beside five bombs [/ without them]": 1.5,
}
LEAST = {
    "schedules per CPU second, three buyers": 30.0,
    "schedules per CPU second, four in a kitchen": 20.0,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="those figures whose names hold this")
    options = parser.parse_args()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        submission(work / "solution")
        for name, measure in BENCHES.items():
            if options.only in name:
                figures[name] = round(median(measure, work, options.rounds), 2)
                report(name, figures[name])
    for name, ours in RATIOS.items():
        if {ours, CHECK50} <= set(figures):
            figures[name] = round(figures[ours] / figures[CHECK50], 2)
            report(name, figures[name])
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "kernel": platform.release()}
    record = {"machine": machine, "rounds": options.rounds, "figures": figures, "limits": LIMITS, "least": LEAST}
    options.out.write_text(json.dumps(record, indent=2) + "\n")
    return int(not all(holds(name, value) for name, value in figures.items()))


def holds(name: str, value: float) -> bool:
    return LEAST.get(name, value) <= value <= LIMITS.get(name, value)


def report(name: str, value: float) -> None:
    bound = next((f"{word} {of[name]:g}" for word, of in (("at most", LIMITS), ("at least", LEAST)) if name in of), "")
    verdict = f"   ({bound}: {'yes' if holds(name, value) else 'NO'})" if bound else ""
    sys.stdout.write(f"{name:52} {value:9.2f}{verdict}\n")
    sys.stdout.flush()


def median(measure: Callable[[Path], float], work: Path, rounds: int) -> float:
    measure(work)  # warms caches; not counted
    return statistics.median(measure(work) for _ in range(rounds))


def submission(folder: Path) -> None:
    """The model answers of all exercises as one submission."""
    for exercise in find_course(ROOT).exercises():
        (folder / exercise.slug).mkdir(parents=True)
        for name, content in exercise.solution().items():
            (folder / exercise.slug / name).write_bytes(content)


# --- whole commands -------------------------------------------------------------------------------------------------


def command(*arguments: str | Path) -> float:
    began = time.monotonic()
    subprocess.run([GRADER, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return time.monotonic() - began


def check_process(work: Path) -> float:
    return command("check", "framing", "-C", work / "solution", "--seed", "7")


def check_docker(work: Path) -> float:
    return command("check", "framing", "-C", work / "solution", "--seed", "7", "--isolation", "docker")


def check_all(*slugs: str, isolation: str) -> Callable[[Path], float]:
    return lambda work: command("check", *slugs, "-C", work / "solution", "--seed", "7", "--isolation", isolation)


def slowest(*slugs: str, isolation: str) -> Callable[[Path], float]:
    return lambda work: max(check_all(slug, isolation=isolation)(work) for slug in slugs)


def sleeping(*slugs: str) -> Callable[[Path], float]:
    return lambda work: asleep.share([GRADER, "check", *slugs, "-C", work / "solution", "--seed", "7"], ROOT)


def list_exercises(work: Path) -> float:
    return command("list")


def ten_process(work: Path) -> float:
    only = [x for name in TEN for x in ("--only", f"framing.{name}")]
    return command("check", "framing", "-C", work / "solution", "--seed", "7", *only)


def ten_docker_cold(work: Path) -> float:
    only = [x for name in TEN for x in ("--only", f"framing.{name}")]
    return command("check", "framing", "-C", work / "solution", "--seed", "7", "--isolation", "docker", *only)


# --- inside a pod ---------------------------------------------------------------------------------------------------


def warm_pod(sandbox: Sandbox, exercise: Exercise) -> Pod:
    return sandbox.open(exercise.meta.limits)


def load(pod: Pod, exercise: Exercise) -> None:
    files = {name: base64.b64encode(content).decode() for name, content in exercise.solution().items()}
    agent = {"op": "load", "files": files, "driver": exercise.driver, "limits": {}}
    instrument = {
        "op": "load", "script": exercise.script, "seed": 7, "options": exercise.meta.options,
        "agent_pid": pod.info.agent_pid, "modules": ["framing"], "proc": "/proc",
    }  # fmt: skip
    pod.tell("agent", json.dumps(agent))
    pod.tell("instrument", json.dumps(instrument))


def play(pod: Pod, case: str, until: str) -> float:
    """Seconds from the order until a line of the instrument that holds `until`."""
    began = time.monotonic()
    pod.tell("instrument", json.dumps({"op": "play", "case": case, "pace": 1.0}))
    while True:
        source, line = pod.inbox.get(timeout=60)
        if line is None:
            raise SystemExit(f"the {source} has ended")
        if source == "agent":
            pod.tell("instrument", "@" + line.rstrip("\n"))
        elif '"tell"' in line[:20]:
            pod.tell("agent", json.loads(line)["line"])
        elif until in line:
            return time.monotonic() - began


def in_warm_pod(measure: Callable[[Sandbox, Exercise], float]) -> Callable[[Path], float]:
    def run(work: Path) -> float:
        course = find_course(ROOT)
        exercise = course.exercise("framing")
        sandbox = DockerSandbox(course.bundle())
        try:
            sandbox.prepare(exercise.meta.limits, 1)
            warm_pod(sandbox, exercise).close()
            sandbox.prepare(exercise.meta.limits, 1)
            sandbox.await_warm()
            return measure(sandbox, exercise)
        finally:
            sandbox.close()

    return run


def hand_out(sandbox: Sandbox, exercise: Exercise) -> float:
    began = time.monotonic()
    pod = warm_pod(sandbox, exercise)
    load(pod, exercise)
    play(pod, "recv.one", '"Connected"')
    elapsed = 1000 * (time.monotonic() - began)
    pod.close()
    return elapsed


def one_more_run(sandbox: Sandbox, exercise: Exercise) -> float:
    pod = warm_pod(sandbox, exercise)
    load(pod, exercise)
    play(pod, "import", '"done"')
    times = [1000 * play(pod, "import", '"done"') for _ in range(20)]
    pod.close()
    return statistics.median(times)


def ten_warm(sandbox: Sandbox, exercise: Exercise) -> float:
    began = time.monotonic()
    pod = warm_pod(sandbox, exercise)
    load(pod, exercise)
    for case in TEN:
        play(pod, case, '"done"')
    elapsed = time.monotonic() - began
    pod.close()
    return elapsed


# --- a batch --------------------------------------------------------------------------------------------------------


IN_BATCH = ("-e", "framing", "-e", "threaded_echo")


def a_class(work: Path) -> Path:
    folder = work / "class"
    if not folder.exists():
        for i in range(8):
            shutil.copytree(work / "solution", folder / f"student{i}")
    return folder


def batch(work: Path, isolation: str) -> tuple[float, float]:
    """(CPU seconds that the whole machine spent, peak memory of the grader in MiB)."""
    out = Path(tempfile.mkdtemp(dir=work))
    before = machine_cpu()
    child = subprocess.Popen(
        [GRADER, "batch", a_class(work), "--out", out, "--isolation", isolation, "--seed", "7", *IN_BATCH],
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
    )
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit("the batch of solutions did not pass")
    return machine_cpu() - before, usage.ru_maxrss / 1024


def machine_cpu() -> float:
    """Seconds of CPU of all cores so far: Docker's share runs in processes that are not ours."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    busy = sum(int(fields[i]) for i in (1, 2, 3, 6, 7))
    return busy / os.sysconf("SC_CLK_TCK")


def isolation_share(work: Path) -> float:
    docker, _ = batch(work, "docker")
    process, _ = batch(work, "process")
    return 100 * (docker - process) / docker


def peak_memory(work: Path) -> float:
    return batch(work, "docker")[1]


# --- the rivals -----------------------------------------------------------------------------------------------------


def rival(name: str) -> Callable[[Path], float]:
    def run(work: Path) -> float:
        env = work / "rivals"
        if not env.exists():
            subprocess.run([sys.executable, "-m", "venv", env], check=True)
            subprocess.run([env / "bin/python", "-m", "pip", "install", "--quiet", "check50", "pytest"], check=True)
        (work / "empty").mkdir(exist_ok=True)
        (work / "empty" / "answer.py").write_text("x = 1\n")
        words: dict[str, list[Any]] = {
            "check50": [env / "bin/check50", "--dev", HERE / "probe50", "-o", "json"],
            "pytest": [env / "bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull,
                       "--rootdir", HERE, HERE / "probes_pytest.py"],
        }  # fmt: skip
        began = time.monotonic()
        subprocess.run(
            words[name], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=work / "empty"
        )
        return time.monotonic() - began

    return run


BENCHES: dict[str, Callable[[Path], float]] = {
    "grader list [s]": list_exercises,
    "check framing, process [s]": check_process,
    "check framing, docker, cold [s]": check_docker,
    "hand-out from a warm pod [ms]": in_warm_pod(hand_out),
    "one more run in a pod [ms]": in_warm_pod(one_more_run),
    CHECK50: rival("check50"),
    "pytest, ten probes without isolation [s]": rival("pytest"),
    "our ten checks, process [s]": ten_process,
    "our ten checks, warm pod [s]": in_warm_pod(ten_warm),
    "our ten checks, docker, cold [s]": ten_docker_cold,
    "peak memory of the grader in a batch [MiB]": peak_memory,
    "share of a batch's CPU that isolation costs [%]": isolation_share,
    "check of the eight network exercises, process [s]": check_all(*NETWORK, isolation="process"),
    "check of the eight network exercises, docker [s]": check_all(*NETWORK, isolation="docker"),
    "slowest check of the four about processes, docker [s]": slowest(*PROCESSES, isolation="docker"),
    "check ticket_lock, docker [s]": check_all("ticket_lock", isolation="docker"),
    "check ipc_queue, docker [s]": check_all("ipc_queue", isolation="docker"),
    "check producer_consumer, docker [s]": check_all("producer_consumer", isolation="docker"),
    **scheduling.BENCHES,
    "asleep, the eight network exercises together [%]": sleeping(*NETWORK),
    **{f"asleep, {slug} [%]": sleeping(slug) for slug in find_course(ROOT).slugs},
    "cost of recording 300 short children [recorded / not]": recording.cost,
    "events lost of 1200 children's records": recording.lost,
    "batch of 20 beside five bombs [/ without them]": bombs.cost,
}


if __name__ == "__main__":
    try:
        sys.exit(main())
    except GraderError as e:
        sys.exit(str(e))
