"""The group of subcommands, errors as text, and exit codes.

Exit codes: 0 answered, 2 bad input, 3 infeasible, 4 a certificate failed. A verdict of "no agreement" is an answer.
A reader who closes the pipe has had what was wanted: 0.
"""

from __future__ import annotations

__all__ = ["command", "main"]

import sys
from importlib import import_module
from typing import Any

import click

from potline._version import __version__
from potline.cli.terminal import say, terminal
from potline.errors import PotlineError

INTERRUPTED = 130
_HOMES = {
    "run": "answers",
    "costs": "answers",
    "stops": "answers",
    "market": "answers",
    "meeting": "meetings",
    "remedy": "meetings",
    "record": "answers",
    "brief": "answers",
    "cases": "folders",
    "new": "folders",
    "check": "folders",
}


class Subcommands(click.Group):
    """A group that imports a subcommand's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the subcommands, the main job first."""
        del ctx
        return list(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand by name."""
        del ctx
        home = _HOMES.get(cmd_name)
        return getattr(import_module(f"potline.cli.{home}"), cmd_name) if home else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand, or say which is nearest."""
        if args and args[0] not in _HOMES and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], list(_HOMES), n=1)
            hint = f" Did you mean `potline {near[0]}`?" if near else f" There are: {', '.join(_HOMES)}."
            ctx.fail(f"There is no subcommand {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn an error meant for the user into its text and exit code."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except PotlineError as error:
            say(str(error), err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:  # whoever reads had enough
            ctx.exit(0)
        except OSError as error:
            place = error.filename or "output"
            say(f"{place}: found {error.strerror or error}; needed a place that can be read and written.", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            say("Stopped; nothing was written.", err=True)
            ctx.exit(INTERRUPTED)
        return result


@click.group(
    cls=Subcommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Start with: potline run china-aluminium-2013",
)
@click.version_option(__version__, prog_name="potline")
def command() -> None:
    """Who loses money, who stops, and whether producers will agree a joint cut.

    A CASE is the name of a shipped case (see `potline cases`) or a folder with a case.toml.
    """


def main() -> None:
    """Run the command line; Ctrl-C leaves with exit code 130 and nothing half written."""
    with terminal():
        command.main(standalone_mode=True)
