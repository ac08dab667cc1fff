"""The known mistakes of `process_basics`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.process_mistakes import PROCESS_MISTAKES
from grader.checks import mistake
from grader.model import say

MISTAKES = (
    *PROCESS_MISTAKES,
    # start_all
    mistake(
        "args-not-a-tuple",
        say("The target was called with other arguments: args is taken apart, so it must be the tuple itself."),
        say('What is the difference between ("abc") and ("abc",)? And which of them do you have already?'),
        'Process(target=target, args=("abc"))    # target("a", "b", "c")',
    ),
    mistake(
        "same-arguments",
        say("Several processes got the same arguments: a lambda looks its variable up only when it is called."),
        say("What is args when the loop is over? Process takes the arguments as well, at once."),
        "for args in args_list:\n    made.append(Process(target=lambda: target(*args)))    # of the last args",
    ),
    mistake(
        "no-processes",
        say("The list holds something else than the Process objects."),
        say("What does start() return, and what is stored in the list?"),
        "return [Process(target=target, args=args).start() for args in args_list]    # [None, None, None]",
    ),
    mistake(
        "returns-no-list",
        say("The processes were started, and no list of them was handed over: nobody can join them now."),
        say("What stands after return, and which type does the stub promise?"),
        "for p in processes:\n    p.start()\n# and no return",
    ),
    mistake(
        "returns-others",
        say("The list does not hold the processes in the order of their arguments."),
        say("Compare process.pid of the list's items with who got which arguments."),
        "return active_children()    # in no order",
    ),
    # LineWriter
    mistake(
        "no-super-init",
        say("The __init__ of Process was never called, so the object is not yet a process."),
        say("A subclass that has an __init__ must call the one of its base class."),
        "def __init__(self, path, text):\n    self.path, self.text = path, text      # and super().__init__()?",
    ),
    mistake(
        "no-process-class",
        say("LineWriter is not derived from Process."),
        say("class LineWriter(…): what stands in the parentheses?"),
        "class LineWriter:",
    ),
    mistake(
        "overrides-start",
        say("The work stands in start() or somewhere else, and not in run(); so it is not the child that does it."),
        say("start() makes the process and comes from the base class. What does it call inside the child?"),
        "def start(self):\n    with open(self.path, 'a') as f: ...",
    ),
    mistake(
        "starts-in-init",
        say("The object starts its process by itself, as soon as it is made; who made it was to call start()."),
        say("Who decides when the process begins: you, or the one who makes the object?"),
        "def __init__(self, path, text):\n    super().__init__()\n    self.start()",
    ),
    mistake(
        "starts-in-run",
        say("run() starts another process; it is itself what the child executes."),
        say("Who calls run(), and in which process?"),
        "def run(self):\n    Process(target=self.write).start()",
    ),
    mistake(
        "pid-in-init",
        say("The number was taken in the parent: __init__ runs there, before the child exists."),
        say("Which of the methods is executed by the child? Ask for the number there."),
        "def __init__(self, path, text):\n    super().__init__()\n    self.number = os.getpid()   # the parent's",
    ),
    mistake(
        "pid-made-up",
        say("No process of this program ever had this number."),
        say("os.getpid() and os.getppid() know it."),
        "file.write(f'{self.text},1,0\\n')",
    ),
    mistake(
        "pid-twice",
        say("The same number stands for the process and for its parent."),
        say("getpid is one's own number. What is the parent's called?"),
        "return os.getpid(), os.getpid()",
    ),
    mistake(
        "ppid-wrong",
        say("The second number is not that of the process's parent."),
        say("Ask for it in the child: os.getppid()."),
        "self.parent = os.getppid()  # in __init__: the parent's parent",
    ),
    mistake(
        "pid-at-import",
        say("The number was asked for once and kept; a child inherits what was kept, and has another number."),
        say("When is the code at the top of a module executed, and in which process?"),
        "PID = os.getpid()\ndef whoami():\n    return PID, ...",
    ),
    mistake(
        "overwrites",
        say("What had stood in the file, or what others had just written, is gone: the line was not added at the end."),
        say("Which mode of open() adds at the end, wherever that is by then?"),
        "open(self.path, 'w')",
    ),
    mistake(
        "no-newline",
        say("Lines have grown together: there is no newline at the end of each."),
        say("write() adds nothing by itself."),
        "file.write(f'{self.text},{os.getpid()},{os.getppid()}')",
    ),
    mistake(
        "writes-nothing",
        say("No line arrived in the file."),
        say("Is the file opened in run(), at the path that was given, and is it closed again?"),
        "self.file = open(self.path, 'a')\nself.file.write(line)       # and close()?",
    ),
    mistake(
        "shared-by-all",
        say("All objects share what each should have for itself."),
        say("What belongs to one object is stored in self, not in the class or the module."),
        "LineWriter.text = text      # the last one wins",
    ),
    mistake(
        "name-taken",
        say("The text is gone, and the name of the process stands in its place: `name` is an attribute of Process."),
        say("What does the __init__ of the base class set, and what did you set before it was called?"),
        "self.name = text\nsuper().__init__()          # gives the process a name of its own",
    ),
    mistake(
        "other-encoding",
        say("The file is not in UTF-8: what was written cannot be read back."),
        say("Which encoding does open() use if you say nothing, and which one is asked for?"),
        "open(path, 'a', encoding='gbk')",
    ),
    mistake(
        "other-separator",
        say("Text and numbers are not separated by one comma each, with nothing beside it."),
        say("Look at the line that is asked for, character by character. What does print put between its arguments?"),
        "print(self.text, os.getpid(), os.getppid(), file=file)",
    ),
    mistake(
        "super-arguments",
        say("Process.__init__ was given the arguments of LineWriter; its own first parameter is another one."),
        say("Whose are path and text: the base class's, or this class's own?"),
        "super().__init__(path, text)",
    ),
    mistake(
        "unpicklable-object",
        say("A spawned process gets a copy of the object, and something in it cannot be copied."),
        say("Open files in run(), in the process that uses them."),
        "self.file = open(path, 'a')",
    ),
    # bump
    mistake(
        "changed-in-parent",
        say("The parent's box has changed. A child gets a copy; somebody changed the original."),
        say("After the child has ended: does the parent still do something to its box?"),
        "box[0] += 1                 # in the parent",
    ),
    mistake(
        "value-not-brought-back",
        say("The second value is not what the child saw, but what the parent has."),
        say("A child cannot change its parent's variables. What can carry a value from one process to another?"),
        "child.join()\nreturn box[0], box[0]",
    ),
    mistake(
        "no-tuple",
        say("What was returned is a list of the two values, and not a tuple."),
        say("Look at the return type in the stub."),
        "return [box[0], seen]",
    ),
    mistake(
        "value-faked",
        say("The value was computed in the parent; it is not what a child saw when it had added 1."),
        say("Let the child do it, and let it tell what it sees. How can it tell?"),
        "return box[0], box[0] + 1",
    ),
    mistake(
        "global-in-child",
        say("A spawned child imports the module anew: its global variables are others than those of the parent."),
        say("What does a child know that it was not given in args?"),
        "q = Queue()                 # at the top: each process makes its own\n\ndef child(box):\n    q.put(box[0])",
    ),
    mistake(
        "waits-first",
        say("The function waits for the end of a process that it has not yet told to end."),
        say("What comes first: the signal, or the waiting for what becomes of it?"),
        "process.join(3)\nprocess.terminate()",
    ),
    mistake(
        "stops-everyone",
        say("Other processes were ended as well."),
        say("Only the process that was handed over is to be stopped."),
        "for p in active_children():\n    p.terminate()",
    ),
    mistake(
        "says-without-looking",
        say("What was returned is not what is the case."),
        say("Ask is_alive() last of all, and return its answer."),
        "return False",
    ),
    mistake(
        "ended-is-no-error",
        say("A process that has ended before was taken for an error; then there is simply nothing left to stop."),
        say("What do terminate() and join() do to a process that has ended already?"),
        "if not process.is_alive():\n    raise ValueError",
    ),
)
