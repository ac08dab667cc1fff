"""The agent: first program of the student's side of a pod. Standard library only; it imports nothing of the grader's.

It obeys lines of JSON on standard input and relays what happens on standard output. Theory of operation:

  agent ──fork──► run            a fresh process per run; only there is the student's module imported
    ▲  reports (pipe, JSON)  │   "imported", "called", "returned", "raised"
    ├──────────────────────◄─┤
    │  stdout, stderr (pipes)│   the first 64 KiB are kept, the rest is counted
    └──────────────────────◄─┘
                                 a run that talks to a person has standard input and output on a terminal instead: what
                                 it prints is relayed as it comes, what a person would type is handed to it

Rule 1: the agent never runs the student's code in its own process, so that what a module does at import (threads,
patches, os._exit) happens anew in each run and cannot outlive it. A fork costs 2 ms, the import of a small module 1.
Rule 2: it relays and never decides. It has the student's uid and may be killed, traced or imitated by the student's
code: whoever reads these lines must treat them as the student's word.
Rule 3: whatever a run leaves behind dies when the run is stopped: the agent is the subreaper of its descendants.
Rule 4: when its standard input ends, its owner is gone: it kills all runs and exits.
Rule 5: of a recorded run, a process of its own tells what the run's processes do, reports among it, in order.
Rule 6: nothing of it can be imported by the student's code, or be shadowed by a module of the student's.

In the agent's process:      __main__   how the parts are loaded (Rule 6)
                             agent      what is commanded, and what is answered
                             ahead      what is imported before the fork
                             runs       who runs, what it prints and reports, how it ends
                             terminal   a person's place, and who waits for what is typed there
                             kernel     /proc and prctl(2)
                             files      the folders that runs may write in
                             lines      what is said, and how much at most
In the process of a run:     child      all of a run, from the fork to its end
                             student    calls into the student's modules, and how their outcome is told
In a recorder's process:     recorder   what the kernel sees of a run's processes
On both sides of the pod:    digest     what the parts are, in one word

The image of a pod holds this folder and nothing else of ours. Not a part is points.py: it is handed over as a text.
"""
