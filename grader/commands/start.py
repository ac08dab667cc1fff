"""`grader start SLUG`: the files of an exercise, into a folder of its name. Nothing that is there is touched."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.app import PASSED, App
from grader.commands.help import Command
from grader.errors import UsageError
from grader.grading import READMES
from grader.model import say
from grader.store import blaming, make


@click.command(
    "start",
    cls=Command,
    about=say("Copies the files of an exercise into a folder of its name; a file that is there already is left alone."),
    examples=(("grader start framing", say("makes framing/framing.py and its README")),),
)
@click.argument("slug")
@click.pass_obj
def command(app: App, slug: str) -> int:
    (exercise,) = app.course().exercises([slug])
    folder = Path(exercise.slug)
    if folder.exists() and not folder.is_dir():
        raise UsageError(say("{path} is in the way: it is no folder", path=str(folder)))
    make(folder)
    made: list[str] = []
    kept: list[str] = []
    for name in (*exercise.meta.modules, *(r for r in READMES if (exercise.public / r).exists())):
        (made if _copy(exercise.public / name, folder / name) else kept).append(str(folder / name))
    if app.form == "json":
        app.json({"slug": exercise.slug, "made": made, "kept": kept})
        return PASSED
    language = app.speaker()
    if made:
        app.echo(language.say(say("Made: {files}", files=", ".join(made))))
    if kept:
        app.echo(language.say(say("There already, left as it is: {files}", files=", ".join(kept))))
    readme = folder / ("README.zh.md" if language.lang == "zh" else "README.md")
    app.echo(
        language.say(
            say(
                "Next: read {readme}, fill in {module}, then run `grader check {slug}`.",
                readme=str(readme),
                module=str(folder / exercise.meta.modules[0]),
                slug=exercise.slug,
            )
        )
    )
    return PASSED


def _copy(source: Path, target: Path) -> bool:
    """Whether it was copied. A link, even one that leads nowhere, is there."""
    with blaming(target):
        try:
            with target.open("xb") as f:
                f.write(source.read_bytes())
        except FileExistsError:
            return False
    return True
