"""Subcommands that set two things side by side: two cases, two runs, a run and its repetition; export of a run."""

from __future__ import annotations

__all__ = ["compare", "diff", "export", "rerun"]

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from potline.cli.options import drawn, language, loaded, printing, refuse_idle, rows_shown
from potline.cli.printing import answered, progress_bar
from potline.cli.terminal import echo_json, say
from potline.errors import CertificateFailed, InputError, Problem

if TYPE_CHECKING:
    from potline.cases import Case
    from potline.choices import Language
    from potline.report.table import Table


@click.command(
    epilog="Examples: potline compare china-aluminium-2013 china-aluminium-2015   |   "
    "potline compare china-aluminium-2013 --set 'price_cny_per_t=15000' --only costs --only largest_deal"
)
@click.argument("case")
@click.argument("other", required=False)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change an input of the second case; of CASE itself where no second one is named; repeatable.",
)
@click.option("--only", multiple=True, metavar="QUESTION", help="Ask this question; repeatable, all unless given.")
@drawn(0)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the tables (CSV, XLSX), new or an earlier one."
)
@rows_shown(10)
@language
@printing
def compare(
    case: str,
    other: str | None,
    overrides: tuple[str, ...],
    only: tuple[str, ...],
    draws: int,
    seed: int,
    out: Path | None,
    rows: int,
    language: Language | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Set two cases side by side: base, other, difference.

    The second is OTHER, or CASE changed by --set. Shown are the inputs that differ, the headline numbers that move, and
    the rows of each table in which something does. With --out also a workbook whose sheet "changed since" lists every
    number that differs.
    """
    from potline.questions.verbs import compare as set_beside

    del language  # it is spoken already
    refuse_idle()
    before, after = _two(case, other, overrides)
    if out is not None:
        from potline.report.folder import check_place

        check_place(out)
    with progress_bar(shown=not (as_json or quiet)) as tell:
        found = set_beside(before, after, only=only, draws=draws, seed=seed, progress=tell)
    sentences, tables = found.sentences(), found.all_tables()
    if out is not None:
        sentences.append(_written(out, tables, found.name, found.changed))
    from potline.plausibility import check

    answered(sentences, tables, warnings=check(before), case=before, as_json=as_json, quiet=quiet, rows=rows)
    if not found.certificate.holds:
        raise click.exceptions.Exit(CertificateFailed.exit_code)


@click.command(epilog="Example: potline diff runs/first runs/second")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("other", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the tables (CSV, XLSX), new or an earlier one."
)
@rows_shown(10)
@language
@printing
def diff(
    run: Path,
    other: Path,
    out: Path | None,
    rows: int,
    language: Language | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say in what two run folders differ: inputs, settings, versions, headline numbers, tables, files.

    With --out also a workbook whose sheet "changed since" lists every number that differs.
    """
    from potline.report.run_difference import run_difference

    del language  # it is spoken already
    refuse_idle()
    found = run_difference(run, other)
    sentences = list(found.sentences)
    if out is not None:
        sentences.append(_written(out, found.tables, f"{run.name} | {other.name}", found.changed))
    answered(sentences, found.tables, warnings=(), case=None, as_json=as_json, quiet=quiet, rows=rows)


@click.command(epilog="Example: potline rerun runs/china-aluminium-2013")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The new run folder; RUN-rerun unless given.")
@printing
def rerun(run: Path, out: Path | None, as_json: bool, quiet: bool) -> None:
    """Repeat a run from its manifest and say which tables and numbers differ.

    On the same machine, with the same versions, none does. Where one differs the exit code is 4.
    """
    from potline.questions.verbs import rerun as repeated
    from potline.report.run_difference import repeated_sentence

    with progress_bar(shown=not (as_json or quiet)) as tell:
        result = repeated(run, out=out, progress=tell)
    count = sum(name.endswith((".csv", ".json")) for name in result.manifest["files_sha256"])
    if as_json:
        import json

        echo_json(json.dumps({"folder": str(result.folder), "files": count, "changed": list(result.changed)}))
    else:
        say(repeated_sentence(count, result.changed))
    if result.changed or not result.certified:
        raise click.exceptions.Exit(CertificateFailed.exit_code)


@click.command(epilog="Example: potline export runs/china-aluminium-2013 --format iamc --out iamc")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "parquet", "long", "iamc"]),
    required=True,
    help="A file a table (csv, json, parquet), or one of all: tidy rows (long), the format of the IAMC (iamc).",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write, new or an earlier one.")
@click.option("--region", default="", help="Region of rows that name none, for iamc; the case's name unless given.")
@printing
def export(run: Path, form: str, out: Path, region: str, as_json: bool, quiet: bool) -> None:
    """Write the tables of a run for other tools. Parquet needs polars or pyarrow."""
    from potline.report.exporting import exported

    places = exported(run, out, form, region=region)
    if as_json:
        import json

        echo_json(json.dumps({"folder": str(out), "files": [place.name for place in places]}))
    else:
        say(str(out) if quiet else f"Written: {', '.join(str(place) for place in places)}")


def _written(out: Path, tables: Sequence[Table], title: str, changed: Table | None) -> str:
    """Write tables as files and as one workbook, a sheet each, led by what changed."""
    from potline.cli.writing import write_answer
    from potline.report.workbook import Asked, workbook_bytes

    sheets = [Asked(name=table.name, about=table.title, tables=(table.bare,)) for table in tables]
    book = workbook_bytes(sheets, title=title, changed=changed)
    return f"Written: {write_answer(out, (), tables, workbook=book)}"


def _two(case: str, other: str | None, overrides: tuple[str, ...]) -> tuple[Case, Case]:
    if other is None and not overrides:
        needed = "a second case, or --set PATH=VALUE"
        raise InputError([Problem(where="compare", found=f"{case!r} alone", needed=needed)])
    return loaded(case, ()), loaded(case if other is None else other, overrides)
