"""What the code says to people, read from its source: the first arguments of `say(…)` and of `….unproven(…)`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SAYERS = {"grader.model", "grader.checks"}


@dataclass(frozen=True, slots=True)
class Message:
    """template is None where it is not a literal. names: the keywords given, None where they cannot be seen."""

    where: str
    template: str | None
    names: frozenset[str] | None = None


def messages(path: Path) -> Iterator[Message]:
    """Every message of a Python file."""
    tree = ast.parse(path.read_text("utf-8"))
    says = any(
        isinstance(n, ast.ImportFrom) and n.module in SAYERS and any(a.name == "say" for a in n.names)
        for n in ast.walk(tree)
    )
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        where = f"{path}:{call.lineno}"
        if says and isinstance(call.func, ast.Name) and call.func.id == "say":
            names = [k.arg for k in call.keywords]
            yield Message(where, _literal(call), None if None in names else frozenset(filter(None, names)))
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "unproven" and _literal(call):
            yield Message(where, _literal(call))


def _literal(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
