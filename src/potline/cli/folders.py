"""Subcommands about case folders: list, start, check."""

from __future__ import annotations

__all__ = ["cases", "check", "new"]

import json
from pathlib import Path

import click


@click.command(epilog="Example: potline cases")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def cases(as_json: bool) -> None:
    """List the cases that come with Potline."""
    from potline.cases import load, shipped

    rows = [{"case": name, "title": load(name).title} for name in shipped()]
    if as_json:
        click.echo(json.dumps({"cases": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['case']:<28} {row['title']}")


@click.command(epilog="Example: potline new my-case && potline run my-case")
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write a commented starter case into FOLDER; it runs as it is."""
    from potline.cases import new as write

    write(folder)
    click.echo(f"Wrote a starter case to {folder}. Read {folder / 'case.toml'}, then: potline run {folder}")


@click.command(epilog="Example: potline check china-aluminium-2013")
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def check(case: str, as_json: bool) -> None:
    """Check a case and list everything that is wrong with it, with file, row and column."""
    from potline.cases import load
    from potline.errors import InputError

    try:
        found = load(case)
    except InputError as error:
        if as_json:
            problems = [
                {"where": p.where, "found": p.found, "needed": p.needed, "hint": p.hint} for p in error.problems
            ]
            click.echo(json.dumps({"ok": False, "problems": problems or [{"found": str(error)}]}, ensure_ascii=False))
            raise click.exceptions.Exit(error.exit_code) from None
        raise
    counts = {
        "plants": len(found.industry.plants),
        "firms": len(found.industry.firms),
        "claims": len(found.claims),
        "assumed": len(found.claims.with_standing("assumed")),
        "factors": len(found.factors),
        "record": len(found.record),
    }
    if as_json:
        click.echo(json.dumps({"ok": True, "case": found.name, **counts}, ensure_ascii=False))
        return
    click.echo(
        f"{found.name} is in order: {counts['plants']} plants, {counts['firms']} firms, {counts['claims']} claims of "
        f"which {counts['assumed']} assumed, {counts['factors']} uncertain factors, {counts['record']} record entries."
    )
