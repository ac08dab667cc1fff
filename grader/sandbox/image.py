"""Builds the image that both containers of a pod are made from. Layer 5. `python -m grader.sandbox.image`.

The image is a base (an official Python image by default), strace, and the agent: see the Dockerfile. Where the base is
neither on the engine nor to be had from a registry, one of that name is made from Debian's packages, which takes root,
debootstrap and about a minute. The builder that every engine has is enough; BuildKit is not asked for.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from grader.errors import MachineError
from grader.model import say
from grader.sandbox.base import AGENT
from grader.sandbox.docker import IMAGE
from grader.sandbox.engine import Engine

BASE = "python:3.13-slim"
SUITE = "trixie"  # the Debian whose python3 is 3.13
AGENT_PLACE = "grader/sandbox/agent"
BUILD_PATIENCE = 600.0
DEBOOTSTRAP_PATIENCE = 1800.0

Progress = Callable[[str], None]


def build(progress: Progress, name: str = IMAGE, base: str = BASE, agent: Path = AGENT) -> str:
    """Builds image `name` from `base` and this agent; returns its id. progress hears each step. Raises MachineError."""
    with Engine(patience=BUILD_PATIENCE) as engine:
        provide_base(progress, engine, base)
        progress(f"building {name} on {base}")
        options = {"tag": name, "buildargs": {"BASE_IMAGE": base}, "rm": True, "forcerm": True, "decode": True}
        files = {f"{AGENT_PLACE}/{path.name}": path for path in sorted(agent.glob("*.py"))}
        files |= {"Dockerfile": dockerfile()}
        context = build_context({name: path.read_bytes() for name, path in files.items()})
        with engine.calls():
            follow(progress, engine.api.build(fileobj=context, custom_context=True, **options))
        return engine.image_id(name)


def image_id(name: str = IMAGE) -> str:
    """The id of an image on the engine. Raises MachineError where there is none."""
    with Engine() as engine:
        return engine.image_id(name)


def dockerfile() -> Path:
    """The Dockerfile of this checkout, or the one that an installed grader carries."""
    package = Path(__file__).parents[1]
    installed = package / "course" / "Dockerfile"
    return installed if installed.is_file() else package.parent / "Dockerfile"


def build_context(files: Mapping[str, bytes]) -> io.BytesIO:
    """A tar of these files with fixed modes, times and owners: the same files give the same image, from cache."""
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    context.seek(0)
    return context


def follow(progress: Progress, reports: Iterable[Mapping[str, Any]]) -> None:
    """Passes on what the engine reports of a long job; raises MachineError where it reports an error."""
    for report in reports:
        if "error" in report:
            raise MachineError(say("The Docker engine could not do it: {reason}", reason=str(report["error"]).strip()))
        if said := str(report.get("stream", "")).strip():
            progress(said)


# --- the base ------------------------------------------------------------------------------------------------------


def provide_base(progress: Progress, engine: Engine, base: str) -> None:
    """Sees to it that the engine holds `base`: it does, or a registry has it, or Debian's packages make one."""
    if engine.find_image(base):
        return
    progress(f"{base} is not here; asking its registry")
    try:
        with engine.calls():
            follow(lambda _: None, engine.api.pull(*split_name(base), stream=True, decode=True))
    except MachineError as e:
        progress(f"not to be had: {e}")
        import_base(progress, engine, base, reason=e)


def split_name(name: str) -> tuple[str, str]:
    """("registry:5000/python", "3.13-slim") of "registry:5000/python:3.13-slim"; the tag is "latest" where none is."""
    repository, colon, tag = name.rpartition(":")
    return (repository, tag) if colon and "/" not in tag else (name, "latest")


def import_base(progress: Progress, engine: Engine, base: str, reason: MachineError) -> None:
    """Makes an image `base` of Debian's python3 and strace. reason: why it could not be had otherwise."""
    debootstrap = shutil.which("debootstrap")
    if debootstrap is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise MachineError(
            say(
                "The base image {base} is not on the engine, cannot be fetched ({reason}), and cannot be made here:"
                " that takes root and debootstrap. On Debian or Ubuntu: `sudo apt-get install debootstrap`, then"
                " `sudo make image`. Elsewhere: bring the image with `docker load`.",
                base=base,
                reason=reason.text,
            )
        ) from reason
    # Not /tmp, which may be mounted nodev: debootstrap makes device nodes.
    with tempfile.TemporaryDirectory(dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        system = Path(folder) / "system"
        progress(f"debootstrap: python3 and strace of Debian {SUITE}; about a minute")
        run_tool([debootstrap, "--variant=minbase", "--include=python3,strace", SUITE, str(system)])
        for cached in (*system.glob("var/cache/apt/archives/*.deb"), *system.glob("var/lib/apt/lists/*_*")):
            cached.unlink()
        progress(f"importing it as {base}")
        archive = Path(folder) / "system.tar"
        run_tool(["tar", "-C", str(system), "--one-file-system", "--exclude=./dev/*", "-cf", str(archive), "."])
        with engine.calls(), archive.open("rb") as data:
            repository, tag = split_name(base)
            blocks = iter(lambda: data.read(1 << 20), b"")  # as blocks: the SDK cannot send a file object
            engine.api.import_image_from_stream(blocks, repository=repository, tag=tag)
    engine.image_id(base)


def run_tool(command: list[str]) -> None:
    """Runs it to its end; MachineError with its last words where that is not 0."""
    try:
        subprocess.run(
            command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=DEBOOTSTRAP_PATIENCE
        )
    except (subprocess.SubprocessError, OSError) as e:
        said = (getattr(e, "stdout", None) or b"")[-1500:].decode("utf-8", "replace").strip()
        raise MachineError(say("{command} failed: {reason}", command=command[0], reason=said or str(e))) from e


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m grader.sandbox.image", description="Builds the grader's image.")
    parser.add_argument("--name", default=IMAGE)
    parser.add_argument("--base", default=BASE)
    parser.add_argument("--engine", action="store_true", help="only say, by the exit code, whether an engine answers")
    wanted = parser.parse_args()
    try:
        if wanted.engine:
            Engine().close()
            return
        click.echo(f"{wanted.name}: {build(click.echo, wanted.name, wanted.base)}")
    except MachineError as e:
        sys.exit(f"image: {e}")


if __name__ == "__main__":
    main()
