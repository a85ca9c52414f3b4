"""The group of subcommands, errors as text, and exit codes.

Exit codes: 0 answered, 2 bad input, 3 infeasible, 4 a certificate failed. A verdict of "no agreement" is an answer.
A reader who closes the pipe has had what was wanted: 0.
"""

from __future__ import annotations

__all__ = ["command", "main"]

import gc
import sys
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import click

from potline._version import __version__
from potline.cli.terminal import say, terminal
from potline.errors import InputError, PotlineError

if TYPE_CHECKING:
    from potline.report.listed import Listed

INTERRUPTED = 130
_FIRST = {"run": "whole"}
_LAST = {
    "brief": "whole",
    "cases": "folders",
    "new": "folders",
    "import": "lists",
    "check": "folders",
    "convert": "folders",
    "compare": "comparing",
    "diff": "comparing",
    "rerun": "comparing",
    "export": "comparing",
    "doctor": "doctor",
}


class Subcommands(click.Group):
    """The faces' own subcommands, and one for each listed question that has a command; each loaded when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the subcommands, the main job first."""
        del ctx
        return [*_FIRST, *_questions(), *_LAST]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand by name."""
        del ctx
        home = (_FIRST | _LAST).get(cmd_name)
        if home is not None:
            return getattr(import_module(f"potline.cli.{home}"), f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name)
        question = _questions().get(cmd_name)
        if question is None:
            return None
        from potline.cli.asking import command_of

        return command_of(question)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of subcommands; a question's line is what the list says of it, and loads nothing."""
        questions = _questions()
        rows: list[tuple[str, str]] = []
        for name in self.list_commands(ctx):
            if name in questions:
                rows.append((name, _sentence(questions[name].about)))
            elif (found := self.get_command(ctx, name)) is not None:
                rows.append((name, found.get_short_help_str(limit=90)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand, or say which is nearest."""
        own = _FIRST | _LAST
        if args and args[0] not in own and not args[0].startswith("-") and args[0] not in _questions():
            import difflib

            names = self.list_commands(ctx)
            near = difflib.get_close_matches(args[0], names, n=1)
            hint = f" Did you mean `potline {near[0]}`?" if near else f" There are: {', '.join(names)}."
            ctx.fail(f"There is no subcommand {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options that stand before a subcommand; a help that nobody reads to its end is an answer too."""
        try:
            return super().parse_args(ctx, args)
        except OSError as error:
            ctx.exit(_unwritten(error))

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn an error meant for the user into its text and exit code."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except PotlineError as error:
            say(str(error), err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            ctx.exit(_unwritten(error))
        except KeyboardInterrupt:
            say("Stopped; nothing was written.", err=True)
            ctx.exit(INTERRUPTED)
        return result


def _questions() -> dict[str, Listed]:
    from potline.questions import listed

    return {item.name: item for item in listed() if item.command}


def _sentence(about: str) -> str:
    return about[:1].upper() + about[1:]


@click.group(
    cls=Subcommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Start with: potline run china-aluminium-2013",
)
@click.version_option(__version__, prog_name="potline")
def command() -> None:
    """Who loses money, who stops, and whether producers will agree a joint cut.

    A CASE is the name of a shipped case (see `potline cases`), a folder with a case.toml, or a workbook (.xlsx).
    """


def main() -> None:
    """Run the command line; Ctrl-C leaves with exit code 130 and nothing half written.

    The exit code of a command that is not understood is 2 also where nobody reads why.
    """
    gc.set_threshold(50_000, 20, 100)  # a command ends soon and leaves few circles; looking for them took a twentieth
    with terminal():
        try:
            code: object = command.main(standalone_mode=False)
        except click.ClickException as error:
            with suppress(BrokenPipeError):
                error.show()
            code = error.exit_code
        except click.Abort:
            say("Stopped; nothing was written.", err=True)
            code = INTERRUPTED
        sys.exit(_told(code if isinstance(code, int) else 0))


def _unwritten(error: OSError) -> int:
    """Say that something cannot be read or written, and return the exit code; whoever closed a pipe had enough: 0."""
    if isinstance(error, BrokenPipeError):
        return 0
    place = error.filename or "output"
    say(f"{place}: found {error.strerror or error}; needed a place that can be read and written.", err=True)
    return InputError.exit_code


def _told(code: int) -> int:
    """Return the exit code once all that was said is written; one of bad input where it cannot be held."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return code or _unwritten(error)
    return code
