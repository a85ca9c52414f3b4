"""The subcommand that asks what it would take."""

from __future__ import annotations

__all__ = ["remedy"]

import click

from potline.cli.options import case_and_changes, loaded, printing
from potline.cli.printing import answered


@click.command(epilog="Example: potline remedy china-aluminium-2013 --every --set 'meeting.least_cut_kt=500'")
@case_and_changes
@click.option("--rule", type=click.Choice(["pro_rata", "efficient", "stated"]), help="How a cut is shared.")
@click.option("--every", is_flag=True, help="Both baselines and all ways of leaving, not only the headline's.")
@click.option(
    "--premium", type=float, help="Paid above the price for the stockpile quota, without VAT; 5 % if not given."
)
@click.option("--rows", type=click.IntRange(min=1), default=40, show_default=True, help="Rows of each table shown.")
@printing
def remedy(
    case: str,
    overrides: tuple[str, ...],
    rule: str | None,
    every: bool,
    premium: float | None,
    rows: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Ask what it would take for the owners of CASE to agree: least level, cost, and who pays whom."""
    from potline.agreement.remedy import remedy as sought
    from potline.report.tables.remedy import remedy_sentences, remedy_tables

    result = sought(loaded(case, overrides), rule=rule, every=every, premium_per_t=premium)
    cur = result.currency.lower()
    shown = ("instrument", "institution", "suffices", "level", "unit", f"public_cost_m_{cur}_per_year", "group")
    if every:
        shown = (*shown[:2], "baseline", "leaving", *shown[2:])
    answered(remedy_sentences(result), remedy_tables(result), as_json=as_json, quiet=quiet, columns=(shown,), rows=rows)
