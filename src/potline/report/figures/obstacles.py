"""Why no agreement: what each obstacle takes from the margin, with the market held and cleared again."""

from __future__ import annotations

__all__ = ["obstacles_figure"]

import math

from potline.agreement import Attribution
from potline.report.drawings import Step, ladder
from potline.report.figure import Figure, figure
from potline.report.verdict import shrinking_sentence
from potline.report.words import amount, listing, money_m, signed


def obstacles_figure(found: Attribution, *, currency: str, source: str) -> Figure | None:
    """Draw both columns of the attribution, largest obstacle first; None where no group reaches the tonnage."""
    if math.isnan(found.margin_m_per_year):
        return None
    order = sorted(found.obstacles, key=lambda item: -_size(item.held_m_per_year))
    held = [
        Step(label="margin as it is", value=found.margin_m_per_year, total=True),
        *(
            Step(
                label=f"without {item.name}",
                value=item.held_m_per_year,
                low=item.held_low_m_per_year,
                high=item.held_high_m_per_year,
            )
            for item in order
        ),
        Step(label="margin without all eight", value=found.freed_m_per_year, total=True),
    ]
    cleared = [
        Step(label="margin as it is", value=found.cleared_margin_m_per_year, total=True),
        *(Step(label=f"without {item.name}", value=item.cleared_m_per_year) for item in order),
        Step(label="margin without all eight", value=found.cleared_freed_m_per_year, total=True),
    ]
    least = 0.02 * max((abs(item.held_m_per_year) for item in order), default=0.0)
    against = [item for item in order if item.held_m_per_year > least]
    helping = [item for item in order if item.held_m_per_year < -least]
    sentence = "No obstacle takes anything from the margin."
    if against:
        named = listing([f"{item.name} ({signed(item.held_m_per_year)})" for item in against[:3]])
        sentence = f"What stands most in the way, in m {currency} a year of margin won back if it were gone: {named}."
    if against and not math.isnan(against[0].held_low_m_per_year):
        first = against[0]
        sentence += (
            f" Over {found.draws} draws of the inputs {first.name} takes {amount(first.held_low_m_per_year)} to "
            f"{amount(first.held_high_m_per_year)} in nine of ten."
        )
    if more := shrinking_sentence(found):
        sentence += f" {more}"
    if helping:
        sentence += (
            f" {listing([item.name for item in helping[:3]]).capitalize()} {'helps' if len(helping) == 1 else 'help'} "
            f"the deal: without {'it' if len(helping) == 1 else 'them'} the margin would be lower."
        )
    sentence += (
        f" With all eight gone the best group's margin is {money_m(found.freed_m_per_year, currency)} a year."
        if not math.isnan(found.freed_m_per_year)
        else ""
    )
    return figure(
        ladder(
            {"price and running lines held": held, "market cleared again": cleared},
            x_title=f"Margin, m {currency} a year",
        ),
        name="obstacles",
        title="Why no agreement: the margin as obstacles are removed"
        if found.margin_m_per_year < 0.0
        else "The margin as obstacles are removed",
        subtitle="Steps averaged over the order of removal; voluntary deal, others keep their cut"
        + (f"; thin lines: nine in ten of {found.draws} draws" if found.draws else ""),
        sentence=sentence,
        source=source,
        units=f"m {currency} a year",
        width=None,
        height=None,
    )


def _size(value: float) -> float:
    return -math.inf if math.isnan(value) else value
