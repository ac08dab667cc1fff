from __future__ import annotations

import json
import re
from typing import Any

import pytest

from grader.model import Limits
from grader.sandbox.hardening import MIB, instrument_config, seccomp_profile, student_config

PROFILE: dict[str, Any] = json.loads(seccomp_profile())
ALLOWED = {n for rule in PROFILE["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW" for n in rule["names"]}
NEVER = re.compile(
    r"io_uring_.*|process_vm_.*|process_madvise|keyctl|add_key|request_key|memfd_secret|.*_handle_at|fanotify_.*|unshare|setns"
    r"|mount|umount2?|pivot_root|chroot|move_mount|open_tree|fsopen|fsmount|fsconfig|fspick|mount_setattr|bpf"
    r"|perf_event_open|userfaultfd|kexec_.*|reboot|swapo.*|.*_module|.*settime.*|settimeofday|stime|adjtimex|clock_adjtime"
    r"|quotactl.*|acct|clone3|ioperm|iopl|syslog|pidfd_getfd|kcmp|modify_ldt|sethostname|setdomainname|vhangup"
)


def test_what_no_exercise_needs_is_refused() -> None:
    timers = {"timer_settime", "timerfd_settime"}  # they set a timer, not the clock
    assert [name for name in sorted(ALLOWED - timers) if NEVER.fullmatch(name)] == []
    assert {"ptrace", "seccomp"} <= ALLOWED
    assert PROFILE["defaultAction"] == "SCMP_ACT_ERRNO"


@pytest.mark.parametrize("name", ["clone", "socket", "personality"])
def test_calls_that_depend_on_their_arguments_are_never_allowed_outright(name: str) -> None:
    assert all(rule.get("args") for rule in PROFILE["syscalls"] if name in rule["names"])


def test_the_student_joins_the_instrument_within_the_limits() -> None:
    limits = Limits(memory_mib=200, processes=9, open_files=77, file_mib=3, cpus=0.5)
    config = student_config("sha256:1", {"grader": "pod"}, "abc", limits, ["agent"])
    host = config["HostConfig"]
    assert host["NetworkMode"] == host["PidMode"] == "container:abc"
    assert (host["Memory"], host["MemorySwap"], host["PidsLimit"]) == (200 * MIB, 200 * MIB, 9)
    assert host["CpuQuota"] == host["CpuPeriod"] // 2
    assert {u["Name"]: u["Hard"] for u in host["Ulimits"]} == {
        "nofile": 77,
        "core": 0,
        "fsize": 3 * MIB,
        "nproc": 4096,
    }
    sizes = {folder: options.split("size=")[1].split(",")[0] for folder, options in host["Tmpfs"].items()}
    assert sizes == {"/work": "3m", "/tmp": "3m", "/dev/shm": "16m"}
    assert all("nr_inodes=" in options for options in host["Tmpfs"].values())  # empty files cost memory too


def test_both_containers_are_locked_down_and_have_different_users() -> None:
    both = [instrument_config("i", {}), student_config("i", {}, "abc", Limits(), ["agent"])]
    for config in both:
        host = config["HostConfig"]
        assert host["ReadonlyRootfs"] and host["AutoRemove"] and host["CapDrop"] == ["ALL"]
        assert "no-new-privileges" in host["SecurityOpt"]
        assert any(option.startswith("seccomp={") for option in host["SecurityOpt"])
        assert "Binds" not in host and "Mounts" not in host
        assert config["OpenStdin"] and config["StdinOnce"]
    assert len({config["User"] for config in both}) == 2
    assert both[0]["HostConfig"]["NetworkMode"] == "none"
