"""Why no agreement: what each obstacle takes from the margin, with the market held and cleared again."""

from __future__ import annotations

__all__ = ["obstacles_figure"]

import math
from collections.abc import Sequence

from potline.agreement import Attribution, Obstacle
from potline.report.drawings import Step, ladder
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.verdict import shrinking_sentence
from potline.report.words import listing


def obstacles_figure(found: Attribution, *, currency: str, source: str) -> Figure | None:
    """Draw both columns of the attribution, largest obstacle first; None where no group reaches the tonnage."""
    if math.isnan(found.margin_m_per_year):
        return None
    order = sorted(found.obstacles, key=lambda item: -_size(item.held_m_per_year))
    held = [
        Step(label=say("obstacles.margin_as_it_is"), value=found.margin_m_per_year, total=True),
        *(
            Step(
                label=say("obstacles.without", name=item.name),
                value=item.held_m_per_year,
                low=item.held_low_m_per_year,
                high=item.held_high_m_per_year,
            )
            for item in order
        ),
        Step(label=say("obstacles.margin_without_all_eight"), value=found.freed_m_per_year, total=True),
    ]
    cleared = [
        Step(label=say("obstacles.margin_as_it_is"), value=found.cleared_margin_m_per_year, total=True),
        *(Step(label=say("obstacles.without", name=item.name), value=item.cleared_m_per_year) for item in order),
        Step(label=say("obstacles.margin_without_all_eight"), value=found.cleared_freed_m_per_year, total=True),
    ]
    sentence = _sentence(found, order, currency)
    return figure(
        ladder(
            {say("obstacles.held"): held, say("obstacles.cleared"): cleared},
            x_title=say("obstacles.margin_m_a_year", currency=currency),
        ),
        name="obstacles",
        title=say("obstacles.why_no_agreement_the_margin")
        if found.margin_m_per_year < 0.0
        else say("obstacles.the_margin_as_obstacles_are"),
        subtitle=(
            say("obstacles.steps_averaged_over_the_order", draws=found.draws)
            if found.draws
            else say("obstacles.steps_averaged_over_the_order_2")
        ),
        sentence=sentence,
        source=source,
        units=say("obstacles.m_a_year", currency=currency),
        width=None,
        height=None,
    )


def _sentence(found: Attribution, order: Sequence[Obstacle], currency: str) -> str:
    """Say what stands most in the way, what helps, and what the margin is with all obstacles gone."""
    least = 0.02 * max((abs(item.held_m_per_year) for item in order), default=0.0)
    against = [item for item in order if item.held_m_per_year > least]
    helping = [item for item in order if item.held_m_per_year < -least]
    sentence = say("obstacles.no_obstacle_takes_anything_from")
    if against:
        named = listing([say("obstacles.with_size", name=item.name, size=item.held_m_per_year) for item in against[:3]])
        sentence = say("obstacles.what_stands_most_in_the", currency=currency, named=named)
    if against and not math.isnan(against[0].held_low_m_per_year):
        first = against[0]
        sentence += " " + say(
            "obstacles.over_draws_of_the_inputs",
            draws=found.draws,
            name=first.name,
            held_low_m_per_year=first.held_low_m_per_year,
            held_high_m_per_year=first.held_high_m_per_year,
        )
    if more := shrinking_sentence(found):
        sentence += f" {more}"
    if helping:
        sentence += " " + say(
            "obstacles.help_the_deal_without_them",
            helping=listing([called("obstacle", item.name) for item in helping[:3]]).capitalize(),
            count=len(helping),
        )
    sentence += (
        " " + say("obstacles.with_all_eight_gone_the", currency=currency, freed_m_per_year=found.freed_m_per_year)
        if not math.isnan(found.freed_m_per_year)
        else ""
    )
    return sentence


def _size(value: float) -> float:
    return -math.inf if math.isnan(value) else value
