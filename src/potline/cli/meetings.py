"""Subcommands about a meeting: whether owners agree, and what it would take."""

from __future__ import annotations

__all__ = ["meeting", "remedy"]

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from potline.cli.options import case_and_changes, chosen_tables, draws_and_seed, loaded, printing, sharing_rule
from potline.cli.printing import answered, progress_bar
from potline.errors import Infeasible, InputError, Problem

if TYPE_CHECKING:
    from potline.report.deals import DealAnswers
    from potline.report.table import Table

_INSTITUTIONS = (
    "voluntary",
    "transfers",
    "unanimity",
    "sequential",
    "farsighted",
    "conditional stockpile",
    "mandated",
)


@click.command(
    epilog="Examples: potline meeting china-aluminium-2013 --draws 0 --set 'meeting.least_cut_kt=500'   |   "
    "potline meeting china-aluminium-2013 --draws 0 --institution farsighted --table core   |   "
    "potline meeting china-aluminium-2013 --map 'metal premium' stated meeting.least_cut_kt 100..1500 --out map   |   "
    "potline meeting china-aluminium-2013 --if-below 12500 --within 2   |   "
    "potline meeting china-aluminium-2013 --everyone"
)
@case_and_changes
@draws_and_seed
@sharing_rule
@click.option("--everyone", is_flag=True, help="Put every owner that runs a plant at the table.")
@click.option(
    "--institution",
    "institutions",
    type=click.Choice(_INSTITUTIONS),
    multiple=True,
    help="Speak of this institution; repeatable, all unless given.",
)
@click.option(
    "--look-ahead", is_flag=True, help="Shares under institutions that look ahead, on a sixteenth of the draws."
)
@click.option(
    "--map",
    "plane",
    nargs=4,
    type=str,
    metavar="INPUT LOW..HIGH INPUT LOW..HIGH",
    help="Map the margin over two inputs: paths as after --set (`*` or `+` behind a path multiplies or adds), or names "
    "of factors; `stated` for a factor's own range.",
)
@click.option("--tornado", "one_at_a_time", is_flag=True, help="Move each factor alone, and all at once.")
@click.option(
    "--if-below", "trigger", type=float, help="The cut waits until the price, as quoted, is at or below this."
)
@click.option("--within", "window", type=float, default=1.0, show_default=True, help="Years such a plan stands.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the figures (SVG, PNG) and tables (CSV).")
@chosen_tables
@printing
def meeting(
    case: str,
    overrides: tuple[str, ...],
    draws: int,
    seed: int,
    rule: str | None,
    everyone: bool,
    institutions: tuple[str, ...],
    look_ahead: bool,
    plane: tuple[str, str, str, str] | None,
    one_at_a_time: bool,
    trigger: float | None,
    window: float,
    out: Path | None,
    named: tuple[str, ...],
    rows: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Ask whether the owners at the meeting of CASE will agree a joint cut, and what stands in the way.

    Words first: the verdict, other institutions, whether the deal would hold over time, how its gain would be divided.
    With --map, --tornado or --if-below also what the verdict hangs on, and whether a cut that waits for a price would
    hold. With more than 20 owners the best group is searched for, and the answer says what no group can exceed. Then
    tables; --json holds every table.
    """
    from potline.agreement import institution_share
    from potline.agreement import meeting as held_by
    from potline.agreement.question import everyone_at
    from potline.cli.meeting_inputs import inputs_of_meeting
    from potline.cli.writing import write_answer
    from potline.report.answers import SPREAD_DRAWS
    from potline.report.deals import LAW, deal_answers
    from potline.report.tables.deals import deal_tables
    from potline.report.tables.meeting import meeting_tables
    from potline.report.tables.share import institution_sentence, institution_table, share_table
    from potline.report.verdict import meeting_lines

    found = loaded(case, overrides)
    if everyone:
        found = everyone_at(found)
    with progress_bar(shown=not (as_json or quiet)) as tell:
        more, asked, figures = inputs_of_meeting(
            found,
            plane=plane,
            one_at_a_time=one_at_a_time,
            trigger=trigger,
            window=window,
            draws=draws,
            seed=seed,
            rule=rule,
        )
        result = held_by(
            found,
            draws=draws,
            seed=seed,
            rule=rule,
            spread_draws=SPREAD_DRAWS,
            progress=lambda share: tell("meeting", share),
        )
        tell("deal", 0.9)
        deal = deal_answers(found, rule=rule, with_remedy=False, only=institutions)
        if look_ahead:
            tell("institutions that look ahead", 0.95)
            ahead = institution_share(found, draws=max(8, draws // 16), seed=seed, rule=rule)
            asked.append(institution_table(ahead))
            more.append(institution_sentence(ahead))
    currency = found.currency
    shares = [share_table(result.share)] if result.share is not None else []
    tables = [*asked, *meeting_tables(result), *shares, *(deal_tables(deal, currency) if deal is not None else ())]
    cur = currency.lower()
    columns = {
        "owners": ("owner", "member", *(f"{name}_m_{cur}_per_year" for name in ("gain", "outside_gain", "slack"))),
        "institutions": ("institution", "believed_of_others", "verdict", f"margin_m_{cur}_per_year", "group"),
        "incentives": (
            "owner",
            *(f"{name}_m_{cur}_per_year" for name in ("coordinate", "defect", "punish")),
            "least_factor_per_month",
            "least_factor_per_year",
            "keeps",
        ),
    }
    usual = ("owners", "institutions", "incentives", "threats", "division", "division_payments")
    usual = (*(table.name for table in asked), *usual)
    sentences = [*meeting_lines(result, currency), *_deal_words(deal, currency), *more, LAW]
    if out is not None:
        sentences.append(f"Written: {write_answer(out, figures, tables)}")
    answered(
        sentences,
        tables,
        as_json=as_json,
        quiet=quiet,
        columns={} if named else columns,
        shown=_shown(named, tables, usual),
        rows=rows,
    )
    if result.verdict == "infeasible":
        raise click.exceptions.Exit(Infeasible.exit_code)


@click.command(epilog="Example: potline remedy china-aluminium-2013 --every --set 'meeting.least_cut_kt=500'")
@case_and_changes
@sharing_rule
@click.option("--every", is_flag=True, help="Both baselines and all ways of leaving, not only the headline's.")
@click.option(
    "--premium", type=float, help="Paid above the price for the stockpile quota, without VAT; 5 % if not given."
)
@chosen_tables
@printing
def remedy(
    case: str,
    overrides: tuple[str, ...],
    rule: str | None,
    every: bool,
    premium: float | None,
    named: tuple[str, ...],
    rows: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Ask what it would take for the owners of CASE to agree: least level, cost, who pays whom, and the frontier."""
    from potline.agreement.remedy import remedy as sought
    from potline.report.deals import LAW
    from potline.report.tables.remedy import remedy_tables
    from potline.report.tables.remedy_words import frontier_sentence, remedy_sentences

    result = sought(loaded(case, overrides), rule=rule, every=every, premium_per_t=premium)
    tables = remedy_tables(result)
    cur = result.currency.lower()
    usual = ("remedies",) if every else ("remedy_least_cost", "remedy_levels", "remedy_frontier")
    columns = {
        "remedy_least_cost": (
            "institution",
            f"margin_m_{cur}_per_year",
            "cheapest_instrument",
            f"public_cost_m_{cur}_per_year",
            "group",
            "without_public_cost",
        ),
        "remedies": (
            *("instrument", "institution", "baseline", "leaving", "suffices", "level", "unit"),
            f"public_cost_m_{cur}_per_year",
        ),
    }
    answered(
        [*remedy_sentences(result), frontier_sentence(result), LAW],
        tables,
        as_json=as_json,
        quiet=quiet,
        columns={} if named else columns,
        shown=_shown(named, tables, usual),
        rows=rows,
    )
    if all(margin.verdict == "infeasible" for margin in result.margins):
        raise click.exceptions.Exit(Infeasible.exit_code)


def _deal_words(deal: DealAnswers | None, currency: str) -> list[str]:
    """Return what the deal comes to in a few lines: institutions, over time, division."""
    from potline.report.tables.division import division_sentences
    from potline.report.tables.enforcement import enforcement_sentences
    from potline.report.tables.institutions import INSTITUTION_NAMES, institution_sentence, institutions_words

    if deal is None:
        return []
    lines = [institutions_words(deal.institutions)]
    lines += [
        f"{INSTITUTION_NAMES[one.institution].capitalize()}: {one.verdict}. {institution_sentence(one, currency)}"
        for one in deal.institutions
    ]
    if deal.over_time is not None:
        lines.append(" ".join(enforcement_sentences(deal.over_time)))
    return [*lines, " ".join(division_sentences(deal.division, currency))]


def _shown(named: Sequence[str], tables: Sequence[Table], usual: Sequence[str]) -> Sequence[str] | None:
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
