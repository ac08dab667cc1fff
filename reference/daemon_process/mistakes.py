"""The known mistakes of `daemon_process`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.process_mistakes import PROCESS_MISTAKES
from grader.checks import mistake
from grader.model import say

MISTAKES = (
    *PROCESS_MISTAKES,
    mistake(
        "set-after-start",
        say("daemon was set after start(); by then the process is running, and what it is cannot be changed."),
        say("In which order must the two lines stand?"),
        "p.start()\np.daemon = True        # AssertionError: process has already started",
    ),
    mistake(
        "not-daemon",
        say("The process is no daemon: the program waits for it at its end, and it never ends."),
        say("Which attribute of Process makes a daemon, and when must it be set?"),
        "p = Process(target=beat, args=(path, interval))\np.start()              # and daemon?",
    ),
    mistake(
        "nothing-started",
        say("work ran, and no process was there beside it."),
        say("Creating a Process object starts nothing. And what comes first: the process, or work()?"),
        "work()\np.start()              # too late",
    ),
    mistake(
        "work-not-called",
        say("work was never called."),
        say("What is run to do while the daemon is beating?"),
        "p.start()\ntime.sleep(5)          # and work()?",
    ),
    mistake(
        "work-called-again",
        say("work was called more than once."),
        say("Who calls work, and in how many places does your code do it?"),
        "work()\ntry:\n    work()                 # once again",
    ),
    mistake(
        "work-in-child",
        say("work ran in a process of its own; it belongs to the main process."),
        say("Which of the two runs beside the other: the heartbeat, or work?"),
        "Process(target=work).start()",
    ),
    mistake(
        "other-text",
        say("The lines in the file are other ones than `is alive`."),
        say("Look at what you write, letter by letter, and at what stands at the ends of the line."),
        "f.write('is alive!\\n')",
    ),
    mistake(
        "no-newline",
        say("What was written has no newline: it is all one line."),
        say("What must stand at the end of a line, and does write put it there?"),
        "f.write('is alive')",
    ),
    mistake(
        "one-line-only",
        say("The daemon ended after its first heartbeat."),
        say("What repeats the writing for as long as the process lives?"),
        "def beat(path, interval):\n    write(path)\n    time.sleep(interval)     # and then?",
    ),
    mistake(
        "stops-beating",
        say("The daemon ended by itself after some heartbeats, while work was still running."),
        say("How often does your loop go round, and how long may work take?"),
        "for _ in range(10):         # and then?\n    write(path)\n    time.sleep(interval)",
    ),
    mistake(
        "too-slow",
        say("The heart beats, but much more slowly than once in every `interval`."),
        say("How long does the daemon pause between two heartbeats, and who says how long?"),
        "while True:\n    write(path)\n    time.sleep(1)           # and interval?",
    ),
    mistake(
        "overwrites",
        say("What stood in the file before is gone: it was emptied, and not appended to."),
        say("In which mode do you open the file?"),
        "open(path, 'w')",
    ),
    mistake(
        "never-flushed",
        say("The daemon is there, but nothing reaches the file: it stays in a buffer, and dies with the process."),
        say("When does what you write leave your process? Who closes the file, or flushes it?"),
        "f = open(path, 'a')\nwhile True:\n    f.write('is alive\\n')     # into a buffer\n    time.sleep(interval)",
    ),
    mistake(
        "nothing-written",
        say("The daemon is there, but writes nothing to the file, and does not have it open either."),
        say("Where does what it writes go: to the screen, to another file, or to the one at `path`?"),
        "print('is alive')",
    ),
    mistake(
        "no-interval",
        say("There are many more lines than intervals have passed."),
        say("What must happen between two heartbeats?"),
        "while True:\n    write(path)              # without a pause",
    ),
    mistake(
        "beats-in-main",
        say(
            "No process was started, and work is never reached: the main process itself does what the daemon is to do."
        ),
        say("When is the function called that you hand to Process, and by whom? Which call makes a new process?"),
        "p = Process(target=beat(path, interval))   # calls it here and now",
    ),
    mistake(
        "joins-the-daemon",
        say("The daemon is waited for, and it never ends by itself."),
        say("For whom must you wait here, and who ends without being waited for?"),
        "p.start()\np.join()               # for ever\nwork()",
    ),
    mistake(
        "waits-before-work",
        say("A child process is waited for before work has been called; it was to run beside work."),
        say("Which of the three run at the same time? Where does join belong, if anywhere?"),
        "s.start()\ns.join()                # and then work()",
    ),
    mistake(
        "orphan",
        say("A process lived on after the program that had started it."),
        say("How does the program end: by itself, or by a call that leaves no time for cleaning up?"),
        "os._exit(0)",
    ),
    mistake(
        "failure-swallowed",
        say("work raised an exception, and nobody was told of it."),
        say("What does your code do with the exception of work: keep it, or let it pass?"),
        "try:\n    work()\nexcept Exception:\n    pass",
    ),
    mistake(
        "sibling-not-started",
        say("sibling was not running beside work: it has not been started by then, or never is."),
        say("How many processes does run_with_sibling start, and what does it do only then?"),
        "Process(target=sibling)      # and start()?",
    ),
    mistake(
        "sibling-ended",
        say("sibling was ended before it was done."),
        say("What becomes of a daemon process when the main code ends, and which of the two shall be one?"),
        "s = Process(target=sibling, daemon=True)",
    ),
    mistake(
        "waits-for-sibling",
        say("The daemon went on beating after the main code had ended, until sibling was done."),
        say("Whose end ends the daemon? In which process does it live, and who is its parent?"),
        "class Daemon(Thread): ...    # in the sibling's process",
    ),
)
