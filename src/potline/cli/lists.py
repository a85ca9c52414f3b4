"""Subcommand about vendors' lists: a list of plants becomes a case."""

from __future__ import annotations

__all__ = ["import_"]

from pathlib import Path

import click

from potline.cli.options import printing
from potline.cli.terminal import echo_object, say


@click.command(
    "import",
    epilog="Example: potline import plants.xlsx --out my-case, then edit my-case/mapping.toml, then the same again",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", "folder", required=True, metavar="FOLDER", type=click.Path(path_type=Path),
              help="Where the mapping file and the case are written.")  # fmt: skip
@click.option("--mapping", type=click.Path(path_type=Path), metavar="FILE",
              help="A mapping file elsewhere, in place of FOLDER/mapping.toml.")  # fmt: skip
@printing
def import_(file: Path, folder: Path, mapping: Path | None, as_json: bool, quiet: bool) -> None:
    """Make a case from a vendor's list of plants, CSV or XLSX with headings of its own.

    The first call guesses how the list is to be read and writes FOLDER/mapping.toml for you to edit: what was guessed
    from what, and what only you can say. The next call makes the case by it. Rows that become no plant stand in
    FOLDER/dropped.csv, each with its reason.
    """
    from potline.lists import import_list

    done = import_list(file, folder, mapping=mapping)
    if as_json:
        import dataclasses

        echo_object({**dataclasses.asdict(done), "reasons": done.reasons})
        return
    from potline.report.lists import import_lines

    lines = import_lines(done, str(file))
    for line in [lines[0], lines[-1]] if quiet else lines:
        say(line)
