"""What watches a run and writes events. It plays scripts and never judges. Layer 5; runs inside the pod.

A script.py is written with what this package exports: `@case` marks a function that plays one case on a `Stage`.
"""

from grader.instrument.connection import Connection, Listener
from grader.instrument.datagrams import DatagramSocket
from grader.instrument.run import Run
from grader.instrument.stage import Stage, case

__all__ = ["Connection", "DatagramSocket", "Listener", "Run", "Stage", "case"]
