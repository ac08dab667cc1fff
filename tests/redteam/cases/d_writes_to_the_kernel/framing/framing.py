# @attack  writes to the files by which a kernel is told what to run
# @expect  zero
PLACES = (
    "/proc/sys/kernel/core_pattern",
    "/proc/sysrq-trigger",
    "/sys/kernel/uevent_helper",
    "/proc/sys/kernel/modprobe",
    "/sys/fs/cgroup/release_agent",
    "/sys/fs/cgroup/memory/release_agent",
    "/proc/self/exe",
    "/proc/1/oom_score_adj",
)
for path in PLACES:
    try:
        with open(path, "w") as f:
            f.write("|/bin/touch /tmp/pwned_by_kernel")
    except OSError:
        pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
