"""Small programs in place of the real instrument and the real agent, and an engine that does as it is told.

Each program answers every line it gets: the instrument with that line, the agent with what the line, a JSON string of
Python, printed or raised.
"""

from __future__ import annotations

import contextlib
import http.server
import io
import json
import socketserver
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grader.sandbox.docker import DockerPod

ECHO = """
import json, sys
def main():
    print(json.dumps({"op": "hello", "python": sys.version.split()[0]}), flush=True)
    for line in sys.stdin:
        print(line, end="", flush=True)
"""
OBEDIENT_AGENT = Path(__file__).with_name("obedient")


def bundle(main: str = ECHO) -> bytes:
    """A zip as the sandbox sends it to the instrument's container."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("grader/__init__.py", "")
        archive.writestr("grader/instrument/__init__.py", "")
        archive.writestr("grader/instrument/main.py", main)
    return made.getvalue()


def ask(pod: DockerPod, code: str, patience: float = 30) -> str:
    """Lets the obedient agent run this; what it printed or raised."""
    pod.tell("agent", json.dumps(code))
    source, line = pod.inbox.get(timeout=patience)
    assert source == "agent" and line is not None, (source, line)
    return str(json.loads(line))


def echo(pod: DockerPod, line: str = "still here", patience: float = 30) -> None:
    """The instrument answers."""
    pod.tell("instrument", line)
    assert pod.inbox.get(timeout=patience) == ("instrument", line)


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@contextlib.contextmanager
def engine_that(folder: Path, create: Callable[[], object]) -> Iterator[str]:
    """The address of something that answers like an engine, until a container is made: then it calls `create`, and
    answers with the status or the very bytes that this returns, or not at all; then it ends the connection."""
    answers: dict[str, Any] = {"/version": {"ApiVersion": "1.41"}, "/json": {"Id": "sha256:1"}, "/containers/json": []}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            ending = max((e for e in answers if path.endswith(e)), key=len)
            self.answer(200, answers[ending])

        def do_POST(self) -> None:
            said = create()
            if isinstance(said, bytes):
                self.wfile.write(said)
            elif said:
                self.answer(int(str(said)), {"message": "no space left on device"})

        def answer(self, status: int, what: Any) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def address_string(self) -> str:
            return "test"

        def log_message(self, *_: object) -> None: ...

    with Server(str(folder / "engine"), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"unix://{folder}/engine"
        server.shutdown()
