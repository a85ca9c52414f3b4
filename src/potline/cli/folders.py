"""Subcommands about case folders: list, start, check."""

from __future__ import annotations

__all__ = ["cases", "check", "new"]

import json
from collections.abc import Mapping
from pathlib import Path

import click

from potline.cli.options import printing
from potline.cli.terminal import echo_json, say


@click.command(epilog="Example: potline cases")
@printing
def cases(as_json: bool, quiet: bool) -> None:
    """List the cases that come with Potline; with --quiet their names alone."""
    from potline.cases import load, shipped

    if quiet and not as_json:
        for name in shipped():
            say(name)
        return
    rows = [{"case": name, "title": load(name).title} for name in shipped()]
    if as_json:
        _object({"cases": rows})
        return
    for row in rows:
        say(f"{row['case']:<28} {row['title']}")


@click.command(epilog="Example: potline new my-case && potline run my-case")
@click.argument("folder", type=click.Path(path_type=Path))
@printing
def new(folder: Path, as_json: bool, quiet: bool) -> None:
    """Write a commented starter case into FOLDER; it runs as it is."""
    from potline.cases import new as write

    write(folder)
    if as_json:
        _object({"folder": str(folder), "files": sorted(item.name for item in folder.iterdir())})
        return
    more = "" if quiet else f" Read {folder / 'case.toml'}, then: potline run {folder}"
    say(f"Wrote a starter case to {folder}.{more}")


@click.command(epilog="Example: potline check china-aluminium-2013")
@click.argument("case")
@printing
def check(case: str, as_json: bool, quiet: bool) -> None:
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
            _object({"ok": False, "problems": problems or [{"found": str(error)}]})
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
        _object({"ok": True, "case": found.name, **counts})
        return
    if quiet:
        say(f"{found.name} is in order.")
        return
    say(
        f"{found.name} is in order: {counts['plants']} plants, {counts['firms']} firms, {counts['claims']} claims of "
        f"which {counts['assumed']} assumed, {counts['factors']} uncertain factors, {counts['record']} record entries."
    )


def _object(content: Mapping[str, object]) -> None:
    echo_json(json.dumps(content, ensure_ascii=False))
