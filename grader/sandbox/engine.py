"""The few calls that we make to a Docker engine. Layer 5.

Rule 1: every call has a deadline, and whatever goes wrong in it is a `MachineError` that says what to do next.
Rule 2: only the Docker API is used, through its SDK, so that an engine on this machine, in a virtual machine (Docker
Desktop) or elsewhere (DOCKER_HOST, `docker context`) are all the same.
Rule 3: the SDK is imported when an engine is first wanted: it costs more than most commands do without it.
"""

from __future__ import annotations

import contextlib
import socket
import traceback
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.errors import MachineError
from grader.model import Text, say
from grader.sandbox.attached import channel, close
from grader.sandbox.stream import Frames

PATIENCE = 60.0
WHEN_TOLD = ("sh", "-c", 'read -r _; exec "$@"', "sh")


class Engine:
    """A Docker engine that answers. base_url: where ("unix:///…"); None: as the `docker` command would find it.

    patience: seconds that a call may take. Safe to use from several threads. Raises MachineError.
    """

    def __init__(self, base_url: str | None = None, patience: float = PATIENCE) -> None:
        import docker

        self._patience = patience
        options: dict[str, Any] = {"timeout": patience, "max_pool_size": 32}
        with blaming_the_engine(patience):
            client = docker.DockerClient(base_url, **options) if base_url else docker.from_env(**options)
        self.api: Any = client.api  # Any: the stubs leave half of these calls untyped

    def calls(self) -> contextlib.AbstractContextManager[None]:
        """What is called on `api` within it raises MachineError."""
        return blaming_the_engine(self._patience)

    def find_image(self, name: str) -> str | None:
        """The id ("sha256:…") of an image that the engine holds, by name or id."""
        import docker.errors

        with self.calls():
            try:
                return str(self.api.inspect_image(name)["Id"])
            except docker.errors.ImageNotFound:
                return None

    def image_id(self, name: str) -> str:
        """As find_image; raises MachineError where there is none."""
        if found := self.find_image(name):
            return found
        raise MachineError(say("The Docker engine has no image {image}. Run `make image`.", image=name))

    def create(self, config: Mapping[str, Any]) -> str:
        """The id of a new container, not yet started. config: as the Docker API takes it."""
        with self.calls():
            return str(self.api.create_container_from_config(config)["Id"])

    def attach(self, container: str) -> Any:
        """A socket-like object: standard input, and both outputs as frames. Before the start, no byte is lost."""
        with self.calls():
            return self.api.attach_socket(container, {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})

    def start(self, container: str) -> None:
        with self.calls():
            self.api.start(container)

    def kill(self, container: str) -> None:
        with self.calls():
            self.api.kill(container)

    def remove(self, container: str) -> None:
        """Ends a container and returns when it is gone; one that is gone already is no error."""
        import docker.errors

        with self.calls(), contextlib.suppress(docker.errors.NotFound):
            try:
                self.api.remove_container(container, v=True, force=True)
            except docker.errors.APIError as e:
                if e.status_code != 409:  # 409: the engine is removing it by itself
                    raise
                self.await_removal(container)

    def await_removal(self, container: str) -> None:
        """Returns when a container is gone that ends by itself."""
        import docker.errors

        with self.calls(), contextlib.suppress(docker.errors.NotFound):
            self.api.wait(container, timeout=self._patience, condition="removed")

    def labelled(self, *labels: str) -> list[dict[str, Any]]:
        """All containers, running or not, that carry these labels ("name" or "name=value"): {"Id", "Labels", …}."""
        with self.calls():
            return list(self.api.containers(all=True, filters={"label": list(labels)}))

    def execute(self, container: str, command: Sequence[str]) -> str:
        """Runs one more program in a running container until it ends: all that it said.

        It begins when we say so, and we do when we listen: the SDK drops what comes along with the engine's answer
        (docker-py, issue 2042).
        """
        with self.calls():
            job = self.api.exec_create(container, [*WHEN_TOLD, *command], stdin=True)
            attached = self.api.exec_start(job, socket=True)
            try:
                talk, frames = channel(attached), Frames()
                talk.settimeout(self._patience)
                talk.sendall(b"\n")
                heard = iter(lambda: bytes(talk.recv(65536)), b"")
                said = b"".join(piece for data in heard for _, piece in frames.feed(data))
            finally:
                close(attached)
        return said.decode("utf-8", "replace").strip()

    def execute_detached(self, container: str, command: Sequence[str]) -> None:
        """Starts one more program in a running container."""
        with self.calls():
            self.api.exec_start(self.api.exec_create(container, list(command)), detach=True)

    def close(self) -> None:
        self.api.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def blaming_the_engine(patience: float) -> Iterator[None]:
    """Turns every error of the SDK, and of the HTTP and the sockets below it, into a MachineError."""
    import docker.errors
    import requests.exceptions

    try:
        yield
    except docker.errors.APIError as e:
        raise MachineError(say("The Docker engine refused: {reason}", reason=e.explanation or str(e))) from e
    except requests.exceptions.Timeout as e:
        raise MachineError(stuck(patience)) from e
    except (docker.errors.DockerException, requests.exceptions.RequestException, OSError) as e:
        close_abandoned(e)
        raise MachineError(stuck(patience) if "timed out" in str(e) else unreachable(str(e))) from e


def close_abandoned(error: BaseException | None) -> None:
    """Closes a socket that the SDK made, could not connect, and left open; only the tracebacks still know it."""
    while error:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if isinstance(left := frame.f_locals.get("sock"), socket.socket):
                left.close()
        error = error.__context__


def stuck(patience: float) -> Text:
    return say(
        "The Docker engine did not answer within {seconds} s. Start it anew, or use --isolation process.",
        seconds=f"{patience:g}",
    )


def unreachable(reason: str) -> Text:
    if "PermissionError" in reason or "Permission denied" in reason:
        return say(
            "This user may not talk to the Docker engine. Linux: `sudo usermod -aG docker $USER` and log in again;"
            " or use --isolation process."
        )
    return say(
        "No Docker engine answers ({reason}). Start it (Linux: `sudo systemctl start docker`, or `make engine`;"
        " macOS, Windows: start Docker Desktop), or use --isolation process.",
        reason=reason,
    )
