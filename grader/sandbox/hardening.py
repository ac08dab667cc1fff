"""What a pod's two containers may do, as the Docker API takes it. Layer 5. Pure: no engine is asked for anything.

Rule 1: the instrument's container is made first and owns the network and the pid namespace; the student's joins both.
The reverse order is broken: the student's exit would end every process of the pod, the instrument included.
Rule 2: neither container may change its root file system, gain a privilege, make a namespace or reach any network but
the pod's own loopback. The system calls allowed are those of `seccomp.json` in this folder: Docker's own list without
what no exercise needs (io_uring, keyrings, namespaces, mounts, handles, clocks), `ptrace` and `seccomp` included.
Rule 3: no secret is in a container's configuration. The student's side can read the instrument's command line.

The numbers were measured against an attack battery. Memory of TCP buffers is not charged to a container under cgroup
v1, hence the small tcp_rmem and tcp_wmem: they bound it for the whole pod.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.model import Limits
from grader.sandbox.base import BOOT

Config = dict[str, Any]

INSTRUMENT_USER = "64001:64001"
STUDENT_USER = "64002:64002"
MIB = 1024 * 1024
SYSCTLS = {
    "net.ipv4.tcp_rmem": "4096 16384 65536",
    "net.ipv4.tcp_wmem": "4096 16384 65536",
    "net.ipv4.ip_unprivileged_port_start": "1024",
    "net.ipv4.ip_local_port_range": "32768 60999",
    "net.ipv4.tcp_fin_timeout": "5",
}


def instrument_config(image: str, labels: Mapping[str, str]) -> Config:
    """The container that is created first. image: an image's id."""
    host = {
        "NetworkMode": "none",
        "Memory": 96 * MIB,
        "MemorySwap": 96 * MIB,
        "PidsLimit": 32,
        "CpuShares": 2048,
        "ShmSize": 1 * MIB,
        "Tmpfs": {"/tmp": "rw,nosuid,nodev,noexec,size=8m,mode=1777"},
        "Ulimits": ulimits(nofile=1024, core=0),
        "Sysctls": SYSCTLS,
    }
    return container(image, labels, INSTRUMENT_USER, ["python3", "-I", "-S", "-B", "-c", BOOT], "/", host)


def student_config(
    image: str, labels: Mapping[str, str], instrument: str, limits: Limits, command: Sequence[str]
) -> Config:
    """The container that joins `instrument`, the id of a container. command: what starts the agent."""
    memory = limits.memory_mib * MIB
    host = {
        "NetworkMode": f"container:{instrument}",
        "PidMode": f"container:{instrument}",
        "Memory": memory,
        "MemorySwap": memory,
        "MemorySwappiness": 0,
        "PidsLimit": limits.processes,
        "CpuPeriod": 100_000,
        "CpuQuota": round(limits.cpus * 100_000),
        "CpuShares": 512,
        "OomScoreAdj": 900,
        "Tmpfs": {
            "/work": f"rw,nosuid,nodev,size={limits.file_mib}m,nr_inodes=2048,uid=64002,gid=64002,mode=0700",
            "/tmp": f"rw,nosuid,nodev,noexec,size={limits.file_mib}m,nr_inodes=512,mode=1777",
            "/dev/shm": "rw,nosuid,nodev,noexec,size=16m,nr_inodes=2048,mode=1777",
        },
        "Ulimits": ulimits(nofile=limits.open_files, core=0, fsize=limits.file_mib * MIB, nproc=4096),
    }
    return container(image, labels, STUDENT_USER, list(command), "/work", host)


def container(
    image: str, labels: Mapping[str, str], user: str, command: list[str], folder: str, host: Mapping[str, Any]
) -> Config:
    """What both have in common. Standard input is closed when the one who attached goes away (StdinOnce)."""
    return {
        "Image": image,
        "Cmd": command,
        "User": user,
        "WorkingDir": folder,
        "Env": ["LANG=C.UTF-8", f"HOME={folder}"],
        "Labels": dict(labels),
        "Tty": False,
        "OpenStdin": True,
        "StdinOnce": True,
        "AttachStdin": True,
        "AttachStdout": True,
        "AttachStderr": True,
        "HostConfig": {
            "ReadonlyRootfs": True,
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges", f"seccomp={seccomp_profile()}"],
            "IpcMode": "private",
            "Init": False,
            "LogConfig": {"Type": "local", "Config": {"max-size": "1m", "max-file": "1", "compress": "false"}},
            "RestartPolicy": {"Name": "no"},
            "AutoRemove": True,
            **host,
        },
    }


def ulimits(**limits: int) -> list[dict[str, Any]]:
    return [{"Name": name, "Soft": value, "Hard": value} for name, value in limits.items()]


@functools.cache
def seccomp_profile() -> str:
    """The profile as one line of JSON."""
    return json.dumps(json.loads(Path(__file__).with_name("seccomp.json").read_text("utf-8")), separators=(",", ":"))
