"""`grader new-exercise SLUG`: two folders that work, to be changed step by step. The files lie in skeleton/.

SLUG and ORDER in their names and contents are replaced. They are kept as .txt, because they are material, not modules.
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from grader.catalog import Course
from grader.commands.app import PASSED, App
from grader.commands.help import Command
from grader.errors import UsageError
from grader.model import say
from grader.store import blaming

SKELETON = Path(__file__).with_name("skeleton")
SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")


@click.command(
    "new-exercise",
    cls=Command,
    about=say("Makes a new exercise that works: stub, solution, script, checks, two mutants. Then change it."),
    examples=(("grader new-exercise ring_buffer", say("then `grader selftest ring_buffer` passes")),),
)
@click.argument("slug")
@click.pass_obj
def command(app: App, slug: str) -> int:
    course = app.course(may_be_empty=True)
    slug = slug.replace("-", "_")
    if not SLUG.fullmatch(slug):
        raise UsageError(
            say("{slug} cannot be a slug: small letters, digits and _, a letter first, 40 at most.", slug=slug)
        )
    made = make(course, slug)
    if app.form == "json":
        app.json({"slug": slug, "made": [str(p) for p in made]})
        return PASSED
    language = app.speaker()
    app.echo(*map(str, made))
    app.echo(language.say(say("Next: `grader selftest {slug}` passes already; replace every TODO.", slug=slug)))
    return PASSED


def make(course: Course, slug: str) -> list[Path]:
    """Writes both folders; returns the files. Raises UsageError where one is there already or cannot be written."""
    for part in ("exercises", "reference"):
        if (course.root / part / slug).exists():
            raise UsageError(say("{path} exists already.", path=str(course.root / part / slug)))
    exercises = course.exercises()
    words = {"SLUG": slug, "ORDER": str(max((e.meta.order for e in exercises), default=0) + 1)}
    made = []
    for source in sorted(SKELETON.rglob("*.txt")):
        part, *inner = source.relative_to(SKELETON).parts
        target = course.root.joinpath(part, slug, *(filled(name, words).removesuffix(".txt") for name in inner))
        with blaming(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(filled(source.read_text(encoding="utf-8"), words), encoding="utf-8", newline="\n")
        made.append(target)
    return made


def filled(s: str, words: dict[str, str]) -> str:
    return re.sub("|".join(words), lambda m: words[m[0]], s)
