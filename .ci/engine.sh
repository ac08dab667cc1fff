#!/bin/sh
# Sees to it that a Docker engine answers, on a bare Debian too. Does nothing where one does. Needs root to install or
# start one. GRADER_ENGINE_LOG: where the engine's own output goes.
set -eu

log=${GRADER_ENGINE_LOG:-/var/log/grader-dockerd.log}
socket=/var/run/docker.sock

answers() {
    # Also without the docker command: the engine's greeting is plain HTTP on a Unix socket.
    python3 - "$socket" <<'PYTHON' 2>/dev/null
import socket, sys
with socket.socket(socket.AF_UNIX) as s:
    s.settimeout(5)
    s.connect(sys.argv[1])
    s.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
    sys.exit(b" 200 " not in s.recv(100))
PYTHON
}

fail() {
    echo "engine: $1" >&2
    [ -s "$log" ] && tail -n 40 "$log" >&2
    exit 1
}

if [ -n "${DOCKER_HOST:-}" ]; then
    echo "engine: DOCKER_HOST is set; using $DOCKER_HOST"
    exit 0
fi
if answers; then
    echo "engine: answers on $socket"
    exit 0
fi
[ "$(id -u)" = 0 ] || fail "none answers on $socket, and only root can install or start one (sudo make engine)"

missing=
for need in dockerd:docker.io iptables:iptables debootstrap:debootstrap; do
    command -v "${need%%:*}" >/dev/null || missing="$missing ${need#*:}"
done
if [ -n "$missing" ]; then
    command -v apt-get >/dev/null || fail "missing:$missing; there is no apt-get to install it with"
    echo "engine: installing$missing"
    apt-get update -qq
    # shellcheck disable=SC2086  # several words are meant
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

if [ -d /run/systemd/system ]; then
    systemctl start docker || fail "systemctl could not start docker"
fi
if ! answers; then
    echo "engine: starting dockerd, output in $log"
    setsid dockerd >"$log" 2>&1 </dev/null &
    dockerd=$!
    waited=0
    until answers; do
        kill -0 "$dockerd" 2>/dev/null || fail "dockerd ended at once:"
        [ "$waited" -lt 120 ] || fail "dockerd did not answer within 60 s:"
        sleep 0.5
        waited=$((waited + 1))
    done
fi
echo "engine: answers on $socket"
