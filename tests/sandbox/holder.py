"""A grader to be killed: opens a pod, prints the ids of its containers, waits. Run with -m; one argument: the image."""

from __future__ import annotations

import json
import sys

from grader.model import Limits
from grader.sandbox.docker import DockerSandbox
from tests.sandbox.fakes import OBEDIENT_AGENT, bundle


def main() -> None:
    sandbox = DockerSandbox(bundle(), sys.argv[1], agent=OBEDIENT_AGENT)
    pod = sandbox.open(Limits())
    sys.stdout.write(json.dumps({"sandbox": sandbox.name, "containers": list(pod.containers.values())}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    sandbox.close()


if __name__ == "__main__":
    main()
