"""Options that several subcommands share."""

from __future__ import annotations

__all__ = [
    "case_and_changes",
    "drawn",
    "draws_and_seed",
    "language",
    "loaded",
    "named_tables",
    "printing",
    "refuse_idle",
    "rows_shown",
]

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from potline.limits import MOST_DRAWS

if TYPE_CHECKING:
    from potline.cases import Case
    from potline.choices import Language

F = TypeVar("F", bound=Callable[..., Any])


class _Languages(click.ParamType):  # pyright: ignore[reportMissingTypeArgument]
    """A language by its word; the words are read when a subcommand is, so that a list of subcommands needs none."""

    name = "language"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Language:
        from potline.choices import Language

        return Language(_words().convert(value, param, ctx))

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        return _words().get_metavar(param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _words().shell_complete(ctx, param, incomplete)


def _words() -> click.Choice[str]:
    from potline.choices import Language

    return click.Choice([item.value for item in Language])


def _cases(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a shipped case; what is no name of one is a place on disk."""
    del ctx, param
    from potline.cases.folders import shipped

    found = [CompletionItem(name) for name in shipped() if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


def _enough(ctx: click.Context, param: click.Parameter, draws: int) -> int:
    """Refuse fewer draws than the eight scramblings the error comes from, and too many; 0 is none."""
    if draws and not 8 <= draws <= MOST_DRAWS:
        raise click.BadParameter(f"found {draws}; needed 8 to {MOST_DRAWS}, or 0 for none", ctx=ctx, param=param)
    return draws


def case_and_changes(function: F) -> F:
    """Add the CASE argument and ``--set``."""
    function = click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="PATH=VALUE",
        help="Change an input, in the case's own names, units and tax basis; repeatable. "
        "`+=` adds, `*=` multiplies. Example: --set 'plant[Fushun].power_price_cny_per_kwh=0.5'",
    )(function)
    return click.argument("case", shell_complete=_cases)(function)


def printing(function: F) -> F:
    """Add ``--json`` and ``--quiet``."""
    function = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")(function)
    return click.option("--quiet", "-q", is_flag=True, help="No tables and no progress, only the answer in words.")(
        function
    )


def draws_and_seed(function: F) -> F:
    """Add ``--draws``, 1,024 unless given, and ``--seed``."""
    return drawn(1024)(function)


def drawn(usual: int) -> Callable[[F], F]:
    """Add ``--draws`` with its usual number, and ``--seed``."""

    def added(function: F) -> F:
        function = click.option(
            "--draws",
            type=click.IntRange(min=0),
            callback=_enough,
            default=usual,
            show_default=True,
            help=f"How many draws over the stated input ranges, 8 to {MOST_DRAWS}; 0 for none.",
        )(function)
        return click.option(
            "--seed", type=click.IntRange(min=0), default=7, show_default=True, help="Seed of the draws."
        )(function)

    return added


def language(function: F) -> F:
    """Add ``--language``, in which all is said until the subcommand ends."""
    return click.option(
        "--language",
        type=_Languages(),
        callback=_speaking,
        help="Language of sentences, headings and figures; English unless given.",
    )(function)


def _speaking(ctx: click.Context, param: click.Parameter, chosen: Language | None) -> Language | None:
    del param
    if chosen is not None:
        from potline.report.catalogue import speaking

        ctx.with_resource(speaking(chosen))
    return chosen


def named_tables(function: F) -> F:
    """Add ``--table``."""
    return click.option(
        "--table", "named", multiple=True, metavar="NAME", help="Show this table; repeatable, `all` for every one."
    )(function)


def rows_shown(usual: int) -> Callable[[F], F]:
    """Add ``--rows`` with its usual number."""
    return click.option(
        "--rows", type=click.IntRange(min=1), default=usual, show_default=True, help="Rows of each table shown."
    )


def refuse_idle() -> None:
    """Refuse options of the running subcommand that another one leaves without effect.

    Raises:
        click.UsageError: with the two of them.
    """
    context = click.get_current_context()
    given = context.params

    def typed(name: str) -> bool:
        return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE

    whole = "--json" if given.get("as_json") else "--quiet" if given.get("quiet") else ""
    what = "holds every row of every table" if whole == "--json" else "shows no table"
    for name, option in (("rows", "--rows"), ("named", "--table")):
        if whole and typed(name):
            raise click.UsageError(f"{option} has no effect beside {whole}, which {what}; leave one out.", ctx=context)
    if given.get("draws") == 0 and typed("seed"):
        raise click.UsageError("--seed has no effect beside --draws 0; leave one out.", ctx=context)


def loaded(case: str, overrides: tuple[str, ...]) -> Case:
    """Load a case and apply the overrides, all errors at once."""
    from potline.cases import load

    return load(case).override(*overrides)
