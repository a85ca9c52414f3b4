"""Subcommands about cases as files: list, start, check, convert."""

from __future__ import annotations

__all__ = ["cases", "check", "convert", "new"]

from pathlib import Path

import click

from potline.cli.options import case_and_changes, loaded, printing
from potline.cli.terminal import echo_object, say


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
        echo_object({"cases": rows})
        return
    for row in rows:
        say(f"{row['case']:<28} {row['title']}")


@click.command(epilog="Examples: potline new my-case && potline run my-case   |   potline new --xlsx my-case.xlsx")
@click.argument("place", type=click.Path(path_type=Path))
@click.option("--xlsx", is_flag=True, help="As one workbook to fill in; a name that ends in .xlsx says so too.")
@click.option("--minimal", is_flag=True, help="The smallest case that is answered: four files, sixty lines.")
@printing
def new(place: Path, xlsx: bool, minimal: bool, as_json: bool, quiet: bool) -> None:
    """Write a commented starter case to PLACE, a new folder or workbook; it runs as it is."""
    from potline.cases import new as write

    if xlsx and place.suffix.casefold() != ".xlsx":
        place = place.with_name(f"{place.name}.xlsx")
    write(place, minimal=minimal)
    if as_json:
        echo_object(_written(place))
        return
    first = place if place.is_file() else place / "case.toml"
    more = "" if quiet else f" Read {first}, then: potline run {place}"
    say(f"Wrote a {'minimal' if minimal else 'starter'} case to {place}.{more}")


@click.command(epilog="Examples: potline convert my-case my-case.xlsx   |   potline convert my-case.xlsx my-folder")
@click.argument("case")
@click.argument("place", type=click.Path(path_type=Path))
@printing
def convert(case: str, place: Path, as_json: bool, quiet: bool) -> None:
    """Write CASE to PLACE, a new workbook (.xlsx) or folder; both say the same, and nothing is replaced.

    Ranges, sources, comments of case.toml, columns and sheets of your own stay.
    """
    del quiet
    loaded(case, ()).save(place)
    if as_json:
        echo_object(_written(place))
    else:
        say(f"Wrote {case} to {place}.")


def _written(place: Path) -> dict[str, object]:
    if place.is_file():
        return {"workbook": str(place)}
    return {"folder": str(place), "files": sorted(item.name for item in place.iterdir())}


@click.command(epilog="Examples: potline check china-aluminium-2013   |   potline check my-case --strict")
@case_and_changes
@click.option("--upgrade", "renew", is_flag=True, help="First rewrite a folder of an older schema in place.")
@click.option("--strict", is_flag=True, help="Leave with exit code 2 where there are warnings.")
@printing
def check(case: str, overrides: tuple[str, ...], renew: bool, strict: bool, as_json: bool, quiet: bool) -> None:
    """Check a case and list everything that is wrong with it, with file, row and column, and what is unusual.

    What is wrong stops every answer (exit code 2). A warning stops none: it says what is outside its usual range, does
    not add up, lacks what all others have, or is a state that the model would not hold.
    """
    from potline.cases import upgrade
    from potline.errors import InputError

    changes: tuple[str, ...] = ()
    try:
        changes = upgrade(case).changes if renew else ()
        found = loaded(case, overrides)
    except InputError as error:
        if as_json:
            problems = [
                {"where": p.where, "found": p.found, "needed": p.needed, "hint": p.hint} for p in error.problems
            ]
            echo_object({"ok": False, "problems": problems or [{"found": str(error)}]})
            raise click.exceptions.Exit(error.exit_code) from None
        raise
    from potline.cases.case_files import placed
    from potline.plausibility import check as warned  # after reading, since a refusal needs nothing of it
    from potline.plausibility import warning_data

    counts = {
        "plants": len(found.industry.plants),
        "firms": len(found.industry.firms),
        "claims": len(found.claims),
        "assumed": found.claims.standings["assumed"],
        "factors": len(found.factors),
        "record": len(found.record),
    }
    unusual = warned(found)
    count = len(unusual)
    number = f"{count} warning{'s' * (count > 1)}"
    unused: dict[str, list[str]] = {}
    for item in found.extra_columns:
        unused.setdefault(item.table, []).append(item.column)
    if as_json:
        about = {"warnings": warning_data(unusual), "columns_not_used": unused}
        upgraded = {"upgraded": changes} if renew else {}
        echo_object({"ok": not (strict and count), "case": found.name, **upgraded, **counts, **about})
    elif quiet:
        say(f"{found.name} is in order{f', with {number}' if count else ''}.")
    else:
        if renew:
            say(f"{found.name} is now of schema 2:" if changes else f"{found.name} was of schema 2 already.")
        for line in changes:
            say(f"  {line}")
        say(
            f"{found.name} is in order: {counts['plants']} plants, {counts['firms']} firms, {counts['claims']} claims "
            f"of which {counts['assumed']} assumed, {counts['factors']} uncertain factors, {counts['record']} record "
            "entries."
        )
        for table, columns in unused.items():
            noun = "columns" if len(columns) > 1 else "column"
            say(placed(found, f"Not used: {noun} {', '.join(columns)} of {table}."))
        for line in [f"{number}:", *(f"  {placed(found, str(item))}" for item in unusual)] if count else []:
            say(line)
    if strict and count:
        raise click.exceptions.Exit(2)
