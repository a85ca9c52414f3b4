"""Whether this machine has what Potline needs, and what to do about what it lacks."""

from __future__ import annotations

__all__ = ["doctor"]

from typing import TYPE_CHECKING

import click

from potline.cli.options import printing
from potline.cli.terminal import echo_object, say

if TYPE_CHECKING:
    from potline.report.health import Finding


@click.command(epilog="Example: potline doctor")
@printing
def doctor(as_json: bool, quiet: bool) -> None:
    """Look at versions, folders, kernels, fonts, libraries, threads and memory, and say what to do about what lacks.

    The exit code is 2 where something that is needed is not there; what is optional never changes it.
    """
    from potline.report.health import findings

    found = findings()
    broken = [item for item in found if not item.fine and item.needed]
    if as_json:
        rows = [
            {"name": item.name, "found": item.found, "fine": item.fine, "needed": item.needed, "hint": item.remedy}
            for item in found
        ]
        echo_object({"ok": not broken, "findings": rows})
    else:
        for item in found:
            if not quiet or (item.needed and not item.fine):
                say(_line(item))
    if broken:
        raise click.exceptions.Exit(2)


def _line(item: Finding) -> str:
    mark = "ok" if item.fine else "lacks" if item.needed else "none"
    return f"{mark:<6} {item.name}: {item.found}{f'. {item.remedy}' if item.remedy and not item.fine else ''}"
