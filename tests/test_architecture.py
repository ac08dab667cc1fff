"""The shape of grader/: layers, no cycles, purity below, no topic by name. Data first; what is not in it is an error.

An exception is a line of one of these tables, with its reason. A line that is no longer needed is an error as well.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from grader.catalog import INSTRUMENT

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "grader"

# Module or package → layer: imports point to the same or a lower number. The longest name that fits counts.
LAYERS = {
    "grader": 0,  # the version
    "grader.model": 0,
    "grader.errors": 0,
    "grader.checks": 1,
    "grader.codec": 1,
    "grader.likeness": 1,
    "grader.wire": 1,
    "grader.analysis": 1,
    "grader.schedule": 1,
    "grader.judge": 2,
    "grader.refusal": 2,
    "grader.report": 3,
    "grader.archives": 4,
    "grader.catalog": 4,
    "grader.intake": 4,
    "grader.instrument": 5,
    "grader.sandbox": 5,
    "grader.run": 6,
    "grader.theatre": 6,
    "grader.batch": 7,
    "grader.flips": 7,
    "grader.grading": 7,
    "grader.journal": 7,
    "grader.last": 7,
    "grader.pods": 7,
    "grader.selftest": 7,
    "grader.store": 7,
    "grader.cli": 8,
    "grader.commands": 8,
    "grader.pytest_items": 8,
    "grader.pytest_plugin": 8,
}
PURE = 3  # and below: no socket, file, process, thread or clock
EFFECTS = {
    *("asyncio", "atexit", "concurrent", "ctypes", "fcntl", "glob", "http", "importlib", "mmap", "multiprocessing"),
    *("os", "pathlib", "pty", "queue", "resource", "sched", "select", "selectors", "shelve", "shutil", "signal"),
    *("socket", "socketserver", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "termios", "threading", "time"),
    *("urllib", "uuid"),
}
ACTS = {"open", "print", "input", "exec", "eval", "breakpoint", "__import__"}
STRANGERS = ("grader.instrument", "grader.sandbox")  # these two do not know each other: run.py joins them

AGENT = "grader.sandbox.agent"  # a package that does not know its own name: its parts import each other relatively

LONG = 300  # lines
LONGER = {
    "model.py": "one record after the other; each is short, and all are looked up here",
    "instrument/connection.py": "one end of a conversation: beginning, sending, receiving, ending",
    "instrument/stage.py": "what a script may ask for, in one place",
    "sandbox/points.py": "one file by nature: it is handed over as a text",
    "instrument/coordinator.py": "one run from its first word to its last, and nothing else",
}
# Help texts that show a command as it is typed. No code may know an exercise, no docstring need name one.
NAMES_A_SLUG = {
    "cli.py": "examples of commands",
    "commands/batch.py": "examples of commands",
    "commands/check.py": "examples of commands",
    "commands/explain.py": "examples of commands",
    "commands/selftest.py": "examples of commands",
    "commands/start.py": "examples of commands",
    "locale/zh.po": "their translation",
    "schema/result.json": "an example of a place",
    "intake.py": "to be reworded",
    "last.py": "to be reworded",
    "report/record.py": "to be reworded",
}

HEAVY = {"docker", "jsonschema", "pytest", "xdist", "requests", "multiprocessing", "asyncio"}


@dataclass(frozen=True)
class Import:
    """lazy: only when a function is called. typing: only for a type checker."""

    importer: str
    imported: str
    lazy: bool = False
    typing: bool = False


@cache
def modules() -> dict[str, Path]:
    files = (p for p in PACKAGE.rglob("*.py") if "skeleton" not in p.parts)
    return {name_of(p): p for p in files}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports() -> tuple[Import, ...]:
    return tuple(i for name, path in modules().items() for i in imports_of(name, ast.parse(path.read_text("utf-8"))))


def imports_of(importer: str, tree: ast.AST, lazy: bool = False, typing: bool = False) -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(importer, alias.name, lazy, typing) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                assert node.level == 1 and importer.startswith(f"{AGENT}."), f"{importer}: imports are absolute"
                origin = f"{AGENT}.{origin}".rstrip(".")
            yield from (Import(importer, whole(origin, a.name), lazy, typing) for a in node.names)
        else:
            within = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            types = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
            yield from imports_of(importer, node, lazy or within, typing or types)


def whole(module: str, name: str) -> str:
    """`from grader import intake` imports grader.intake; `from grader.model import Text` imports grader.model."""
    return f"{module}.{name}" if f"{module}.{name}" in modules() else module


def layer(module: str) -> int:
    fitting = [name for name in LAYERS if name != "grader" and f"{module}.".startswith(f"{name}.")]
    if module == "grader":
        return LAYERS[module]
    assert fitting, f"{module} has no layer: put it into LAYERS"
    return LAYERS[max(fitting, key=len)]


def ours() -> list[Import]:
    return [i for i in imports() if i.imported.split(".")[0] == "grader"]


def pure() -> list[str]:
    return [name for name in modules() if layer(name) <= PURE]


# --- imports ---------------------------------------------------------------------------------------------------------


def test_there_is_something_to_look_at():
    assert len(modules()) > 40
    assert len(ours()) > 100
    assert {m for m in LAYERS if m not in modules()} == set(), "no such module any more"


def test_imports_point_down():
    assert [i for i in ours() if layer(i.importer) < layer(i.imported)] == []


def test_nothing_is_imported_in_a_circle():
    graph: dict[str, set[str]] = {name: set() for name in modules()}
    for i in ours():
        if not i.typing and i.imported != "grader":
            graph[i.importer].add(i.imported)
    left = dict(graph)
    while free := [name for name, needs in left.items() if not needs & set(left)]:
        for name in free:
            del left[name]
    assert left == {}, "these import each other"


def test_instrument_and_sandbox_do_not_know_each_other():
    one, other = ({n for n in modules() if n.startswith(name)} for name in STRANGERS)
    assert one
    assert other
    assert [i for i in ours() if {i.importer, i.imported} & one and {i.importer, i.imported} & other] == []


def test_the_engine_never_imports_the_course():
    assert [i for i in imports() if i.imported.split(".")[0] in ("exercises", "reference", "tests")] == []


def test_the_instruments_program_needs_only_itself_and_the_standard_library():
    tops = tuple(f"grader.{name.removesuffix('.py')}" for name in INSTRUMENT if name != "__init__.py")
    inside = [n for n in modules() if f"{n}.".startswith(tuple(f"{top}." for top in tops))] + ["grader"]
    allowed = sys.stdlib_module_names
    for i in imports():
        if i.importer in inside:
            assert i.imported in inside or i.imported.split(".")[0] in allowed, i


def test_what_runs_beside_the_students_code_imports_nothing_of_ours():
    beside = [name for name in modules() if f"{name}.".startswith((f"{AGENT}.", "grader.sandbox.points."))]
    assert len(beside) > 10
    for i in imports():
        if i.importer in beside:
            assert f"{i.imported}.".startswith(f"{AGENT}.") or i.imported.split(".")[0] in sys.stdlib_module_names, i


def test_no_part_of_the_agent_calls_its_package_by_a_name():
    """Which is another one in a pod: see the package's __main__.py."""
    for name in modules():
        if name.startswith(AGENT):
            tree = ast.parse(modules()[name].read_text("utf-8"))
            froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
            assert [n.module for n in froms if n.level == 0 and (n.module or "").startswith("grader")] == []


# --- purity ----------------------------------------------------------------------------------------------------------


def test_below_all_is_pure():
    assert [i for i in imports() if i.importer in pure() and i.imported.split(".")[0] in EFFECTS and not i.typing] == []


@pytest.mark.parametrize("name", pure())
def test_below_nothing_is_opened_printed_or_run(name):
    tree = ast.parse(modules()[name].read_text("utf-8"))
    calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name))
    assert [(c.func.id, c.lineno) for c in calls if isinstance(c.func, ast.Name) and c.func.id in ACTS] == []


# --- topics ----------------------------------------------------------------------------------------------------------


def test_the_engine_knows_no_exercise_by_name():
    slugs = [p.parent.name for p in (ROOT / "exercises").glob("*/exercise.json")]
    assert slugs
    word = re.compile(rf"\b({'|'.join(slugs)})\b")
    files = [p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    naming = {p.relative_to(PACKAGE).as_posix() for p in files if word.search(p.read_text("utf-8"))}
    assert naming == set(NAMES_A_SLUG)


# --- sizes -----------------------------------------------------------------------------------------------------------


def test_files_are_short():
    sizes = {p.relative_to(PACKAGE).as_posix(): len(p.read_text("utf-8").splitlines()) for p in modules().values()}
    assert {name for name, size in sizes.items() if size > LONG} == set(LONGER)


# --- the cost of a start ---------------------------------------------------------------------------------------------


def test_a_list_of_exercises_loads_nothing_heavy():
    program = """if True:
        import sys
        from grader.cli import main
        sys.argv = ["grader", "list"]
        try:
            main()
        except SystemExit as e:
            assert not e.code
        print("loaded:", *sys.modules)
    """
    command = [sys.executable, "-c", program]
    *said, loaded = subprocess.check_output(command, cwd=ROOT, text=True, timeout=60).splitlines()
    assert len(said) > 2
    assert HEAVY & set(loaded.split()) == set()
