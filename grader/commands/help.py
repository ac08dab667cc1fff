"""Commands and options whose help is said in the reader's language, when it is asked for and not before. Layer 8.

click wraps at blanks and counts characters; Chinese has none of the former and needs two cells for most of the latter.
So the help is laid out here, with the same means as the reports.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import click

from grader.commands.app import App
from grader.model import Text, say

F = TypeVar("F", bound=Callable[..., Any])
Example = tuple[str, Text]

WIDEST = 100


class Option(click.Option):
    """An option with a translatable help."""

    def __init__(self, *args: Any, about: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about


def option(*names: str, about: Text, **kwargs: Any) -> Callable[[F], F]:
    return click.option(*names, cls=Option, about=about, **kwargs)


class Command(click.Command):
    """A command with a translatable help and the two options that every command has.

    about: one sentence. more: what else there is to know. examples: (what to type, what it does).
    """

    def __init__(
        self, *args: Any, about: Text, more: Text | None = None, examples: Sequence[Example] = (), **kwargs: Any
    ) -> None:
        kwargs["context_settings"] = {"help_option_names": ["-h", "--help"]}
        super().__init__(*args, **kwargs)
        self.about, self.more, self.examples = about, more, examples
        self.params += common_options()

    def get_help(self, ctx: click.Context) -> str:
        return render(self, ctx, ())


class Group(click.Group):
    """A group whose help is laid out like that of its commands."""

    about = Text("")
    more: Text | None = None
    examples: Sequence[Example] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["context_settings"] = {"help_option_names": ["-h", "--help"]}
        super().__init__(*args, **kwargs)
        self.params += common_options()

    def get_help(self, ctx: click.Context) -> str:
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        return render(self, ctx, [(name, c.about) for name, c in commands if isinstance(c, Command)])


def common_options() -> list[click.Parameter]:
    """--lang and --format; they are heeded before all else, so that errors are said in the right language."""

    def heed(name: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
        def set_it(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
            if value:
                setattr(ctx.obj, name, value)

        return set_it

    shared: dict[str, Any] = {"is_eager": True, "expose_value": False}
    return [
        Option(
            ["--lang"],
            type=click.Choice(["zh", "en"]),
            callback=heed("lang"),
            about=say("language of everything that is said; by default that of the locale"),
            **shared,
        ),
        Option(
            ["--format"],
            type=click.Choice(["text", "json"]),
            callback=heed("form"),
            about=say("text for a person (default), or JSON for a program"),
            **shared,
        ),
    ]


# --- laying it out -------------------------------------------------------------------------------------------------


def render(command: Command | Group, ctx: click.Context, commands: Sequence[Example]) -> str:
    """The whole help of a command; `commands` are those of a group with what they do."""
    from grader.report.layout import wrap  # lazily: it costs more than a command that needs no help

    app = ctx.find_object(App)
    assert app is not None
    say_it = app.speaker().say
    width = min(shutil.get_terminal_size().columns, WIDEST) - 1
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    options = [(p.get_help_record(ctx), p) for p in command.get_params(ctx) if isinstance(p, click.Option)]
    tables = (
        (say("Commands:"), commands),
        (say("Options:"), [(record[0], _about(p)) for record, p in options if record]),
        (say("Examples:"), command.examples),
    )
    parts = [
        [say_it(say("Usage: {usage}", usage=usage))],
        *(wrap(say_it(text), width) for text in (command.about, command.more) if text),
        *(
            [say_it(head), *_table([(left, say_it(right)) for left, right in rows], width)]
            for head, rows in tables
            if rows
        ),
    ]
    return "\n\n".join("\n".join(p) for p in parts)


def _about(param: click.Parameter) -> Text:
    return param.about if isinstance(param, Option) else say("show this help")


def _table(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    from grader.report.layout import pad, widest, wrap  # as above

    left_width = min(widest(left for left, _ in rows), width // 2)
    for left, right in rows:
        heads = [left]
        if widest([left]) > left_width:
            yield f"  {left}"
            heads = [""]
        for line in wrap(right, width - left_width - 4):
            yield f"  {pad(heads.pop() if heads else '', left_width)}  {line}"
