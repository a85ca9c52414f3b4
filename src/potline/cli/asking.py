"""From a listed question to its subcommand: case, changes, the question's own options, and what is printed."""

from __future__ import annotations

__all__ = ["command_of"]

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from potline.cli.options import (
    case_and_changes,
    draws_and_seed,
    language,
    loaded,
    named_tables,
    printing,
    refuse_idle,
    rows_shown,
)
from potline.cli.printing import answered, progress_bar
from potline.errors import Infeasible, InputError, Problem

if TYPE_CHECKING:
    from potline.choices import Language
    from potline.report.listed import Listed
    from potline.report.table import Table


def command_of(item: Listed) -> click.Command:
    """Return the subcommand of a question."""
    asking = item.asking
    if asking is None:
        raise LookupError(f"question {item.name!r} has no command")

    def run(
        case: str,
        overrides: tuple[str, ...],
        as_json: bool,
        quiet: bool,
        rows: int,
        draws: int = 0,
        seed: int = 7,
        named: tuple[str, ...] = (),
        out: Path | None = None,
        language: Language | None = None,
        **options: Any,
    ) -> None:
        from potline.answers import SPREAD_DRAWS, Answers
        from potline.beside import beside
        from potline.plausibility import check
        from potline.report.words import set_text

        del language  # it is spoken already
        refuse_idle()
        found = loaded(case, overrides)
        if out is not None:
            from potline.report.folder import check_place

            check_place(out)
        with progress_bar(shown=not (as_json or quiet)) as tell:
            answers = Answers(
                found, draws=draws, seed=seed, spread_draws=SPREAD_DRAWS if asking.draws else 0, progress=tell
            )
            with beside(found):
                said = asking.said(answers, **options)
        sentences = [set_text(sentence) for sentence in said.sentences]
        if out is not None:
            from potline.cli.writing import write_answer

            sentences.append(f"Written: {write_answer(out, said.figures, said.tables)}")
        answered(
            sentences,
            said.tables,
            warnings=check(found, said.asked) if said.asked else answers.warnings,
            case=found,
            as_json=as_json,
            quiet=quiet,
            columns={} if named else said.columns,
            shown=_shown(named, said.tables, said.shown) if asking.names_tables else said.shown,
            rows=rows,
        )
        if said.infeasible:
            raise click.exceptions.Exit(Infeasible.exit_code)

    built: Any = printing(language(run))
    built = rows_shown(asking.rows)(built)
    if asking.names_tables:
        built = named_tables(built)
    if asking.writes:
        place = click.Path(path_type=Path)
        built = click.option(
            "--out", type=place, help="Folder for the figures (SVG, PNG) and tables (CSV), new or of an earlier answer."
        )(built)
    for option in reversed(asking.options):
        built = option(built)
    if asking.draws:
        built = draws_and_seed(built)
    return click.command(name=item.name, help=asking.about, epilog=asking.epilog)(case_and_changes(built))


def _shown(
    named: Sequence[str], tables: Sequence[Table], usual: Sequence[str] | None
) -> Sequence[str] | None:  # fmt: skip
    """Return the names of the tables to show; None for all.

    Raises:
        InputError: a name that no table has.
    """
    names = [table.name for table in tables]
    wrong = [name for name in named if name not in (*names, "all")]
    if wrong:
        needed = f"`all` or a table: {', '.join(names)}"
        raise InputError([Problem(where="--table", found=", ".join(wrong), needed=needed)])
    return None if "all" in named else named or usual
