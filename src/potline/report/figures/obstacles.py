"""Why no agreement: what each obstacle takes from the margin, with the market held and cleared again."""

from __future__ import annotations

__all__ = ["cleared_figure", "obstacles_figure"]

import math
from collections.abc import Sequence

from potline.agreement import Attribution, Obstacle
from potline.report.drawings import Step, ladder
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.words import listing


def obstacles_figure(found: Attribution, *, currency: str, source: str) -> Figure | None:
    """Draw the attribution with price and running lines held; None where no group reaches the tonnage."""
    if math.isnan(found.margin_m_per_year):
        return None
    steps = [
        Step(
            label=say("obstacles.without", name=item.name),
            value=item.held_m_per_year,
            low=item.held_low_m_per_year,
            high=item.held_high_m_per_year,
        )
        for item in _ordered(found)
    ]
    ends = found.margin_m_per_year, found.freed_m_per_year
    return _drawn("obstacles", say("obstacles.held"), steps, ends, found, _against(found, currency), currency, source)


def cleared_figure(found: Attribution, *, currency: str, source: str) -> Figure | None:
    """Draw it with the market cleared again after each removal; None where no group reaches the tonnage."""
    if math.isnan(found.margin_m_per_year):
        return None
    order = _ordered(found)
    steps = [Step(label=say("obstacles.without", name=item.name), value=item.cleared_m_per_year) for item in order]
    ends = found.cleared_margin_m_per_year, found.cleared_freed_m_per_year
    sentence = _more(found, order, currency)
    return _drawn("obstacles_cleared", say("obstacles.cleared"), steps, ends, found, sentence, currency, source)


def _drawn(
    name: str,
    panel: str,
    steps: Sequence[Step],
    ends: tuple[float, float],
    found: Attribution,
    sentence: str,
    currency: str,
    source: str,
) -> Figure:
    first = Step(label=say("obstacles.margin_as_it_is"), value=ends[0], total=True)
    last = Step(label=say("obstacles.margin_without_all_eight"), value=ends[1], total=True)
    spread = found.draws and name == "obstacles"
    return figure(
        ladder(
            {panel: [first, *steps, last]},
            x_title=say("obstacles.margin_m_a_year", currency=currency),
            width=255,
            row_height=22,
            label_limit=150,
        ),
        name=name,
        title=say("obstacles.why_no_agreement_the_margin")
        if found.margin_m_per_year < 0.0
        else say("obstacles.the_margin_as_obstacles_are"),
        subtitle=say("obstacles.steps_averaged_over_the_order", draws=found.draws)
        if spread
        else say("obstacles.steps_averaged_over_the_order_2"),
        sentence=sentence,
        source=source,
        units=say("obstacles.m_a_year", currency=currency),
        width=None,
        height=None,
    )


def _ordered(found: Attribution) -> list[Obstacle]:
    return sorted(found.obstacles, key=lambda item: -_size(item.held_m_per_year))


def _least(found: Attribution) -> float:
    return 0.02 * max((abs(item.held_m_per_year) for item in found.obstacles), default=0.0)


def _against(found: Attribution, currency: str) -> str:
    """Say what stands most in the way."""
    against = [item for item in _ordered(found) if item.held_m_per_year > _least(found)]
    if not against:
        return say("obstacles.no_obstacle_takes_anything_from")
    named = listing([say("obstacles.with_size", name=item.name, size=item.held_m_per_year) for item in against[:3]])
    return say("obstacles.what_stands_most_in_the", currency=currency, named=named)


def _more(found: Attribution, order: Sequence[Obstacle], currency: str) -> str:
    """Say how far the largest spreads, what helps, and what the margin is with all obstacles gone."""
    said: list[str] = []
    first = order[0]
    if first.held_m_per_year > _least(found) and not math.isnan(first.held_low_m_per_year):
        said.append(
            say(
                "obstacles.over_draws_of_the_inputs",
                draws=found.draws,
                name=first.name,
                held_low_m_per_year=first.held_low_m_per_year,
                held_high_m_per_year=first.held_high_m_per_year,
            )
        )
    helping = [called("obstacle", item.name) for item in order if item.held_m_per_year < -_least(found)]
    if helping:
        who = listing(helping[:3]).capitalize()
        said.append(say("obstacles.help_the_deal_without_them", helping=who, count=len(helping)))
    if not math.isnan(found.freed_m_per_year):
        said.append(
            say("obstacles.with_all_eight_gone_the", currency=currency, freed_m_per_year=found.freed_m_per_year)
        )
    return " ".join(said)


def _size(value: float) -> float:
    return -math.inf if math.isnan(value) else value
