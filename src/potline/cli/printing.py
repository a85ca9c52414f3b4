"""What a subcommand prints: sentences and tables for people, or one JSON object; progress on the error stream."""

from __future__ import annotations

__all__ = ["answered", "progress_bar"]

import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from potline.cli.terminal import echo_json, say, write
from potline.text import cleaned

if TYPE_CHECKING:
    from potline.cases import Case
    from potline.plausibility import CaseWarning
    from potline.report.table import Table

ROWS = 20


def answered(
    sentences: Sequence[str],
    tables: Sequence[Table] = (),
    *,
    warnings: Sequence[CaseWarning],
    case: Case | None,
    as_json: bool,
    quiet: bool,
    columns: Mapping[str, Sequence[str]] | None = None,
    shown: Sequence[str] | None = None,
    rows: int = ROWS,
) -> None:
    """Print an answer.

    Args:
        sentences: what the answer is, in words.
        warnings: their number and the first three in the first lines, in JSON all.
        case: that they are of; None where there is none and so no warning.
        tables: what it rests on; on a terminal the first ``rows`` rows, in JSON all.
        as_json: one JSON object on the output stream and nothing else.
        quiet: sentences only.
        columns: by name of table the columns shown on a terminal; all where none are named.
        shown: names of the tables shown on a terminal; all where None.
        rows: rows of each table shown on a terminal.
    """
    from potline.cases.case_files import placed
    from potline.plausibility.warning import warning_data, warning_lines

    if as_json:
        import json

        from potline.report.table import table_json

        content = {
            "warnings": [{key: cleaned(text) for key, text in row.items()} for row in warning_data(warnings)],
            "answer": [cleaned(sentence) for sentence in sentences],
            "tables": {table.name: table_json(table) for table in tables},
        }
        echo_json(json.dumps(content, ensure_ascii=False, allow_nan=False))
        return
    for line in (*(placed(case, line) for line in ([] if case is None else warning_lines(warnings, case))), *sentences):
        say(line)
    if quiet:
        return
    for table in tables:
        if shown is None or table.name in shown:
            _show(table, (columns or {}).get(table.name, ()), rows)


def _show(table: Table, names: Sequence[str], rows: int) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid

    from potline.report.table import cell_shown

    picked = table.picked(names) if names else table
    grid = Grid(title=table.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in picked.columns:
        grid.add_column(column.heading, justify="right" if column.unit else "left", overflow="fold")
    for row in picked.rows[:rows]:
        grid.add_row(*(cell_shown(cell, column) for cell, column in zip(row, picked.columns, strict=True)))
    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 140)
    with console.capture() as written:
        console.print()
        console.print(grid)
        if len(picked.rows) > rows:
            console.print(f"... and {len(picked.rows) - rows} more rows: --json or `potline run` give all of them.")
        if table.note:
            console.print(table.note)
    write(written.get())


@contextmanager
def progress_bar(*, shown: bool) -> Generator[Callable[[str, float], None]]:
    """Give a function that shows what is being done and the share done, with the time left, on the error stream.

    What is said meanwhile is shown above the bar where a terminal shows both; a file or pipe gets it as its own.
    """
    if not (shown and sys.stderr.isatty()):
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<34}", markup=False), BarColumn(), TimeRemainingColumn())
    above = sys.stdout.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=above) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda words, share: bar.update(task, description=words, completed=share)


def _silent(words: str, share: float) -> None:
    del words, share
