"""Quantities of the record that follow from the market and from the meeting."""

from __future__ import annotations

__all__ = ["MEETING"]

import dataclasses
import math

from potline.equilibrium.cuts import withdrawn_kt
from potline.evidence.flexibility import flexibility
from potline.evidence.known import Known, NotComputed, needed
from potline.evidence.quantity import DrawnMeetings, Floats, table
from potline.industry import JointCut, ProRata


def parity_headroom_share(answers: Known, _: str) -> float:
    """Import parity of the product over its price, less 1."""
    industry = answers.case.industry
    if math.isinf(industry.trade.ceiling_per_t):
        raise NotComputed("no_unlimited_import")
    return industry.trade.ceiling_per_t / industry.price_per_t - 1.0


def product_imports_kt(answers: Known, _: str) -> float:
    """Imports of the product in half a year of the market without a deal, kt."""
    return needed(answers.market, "no_price_process").observed.market.imports_kt / 2.0


def price_flexibility(answers: Known, _: str) -> float:
    """Rise of the price in per cent per per cent of running capacity withdrawn, restarts and imports in.

    The owners present withdraw the meeting's least cut in equal shares; idle lines of others restart at their restart
    prices, and imports come as the case has them.
    """
    return flexibility(answers.case)


def output_kt(answers: Known, _: str) -> float:
    """Output of a year of the market without a deal, kt."""
    return needed(answers.market, "no_price_process").observed.market.quantity_kt


def jobs_at_stake_in_cut(answers: Known, _: str) -> float:
    """Jobs per kt of each region times what the least cut idles there in equal shares of the owners present."""
    jobs = {item.name: item.jobs_per_kt for item in answers.case.industry.governments}
    held = needed(answers.market, "no_price_process").observed.market
    idled = withdrawn_kt(answers.case.industry.under(_least_cut(answers)), held.avoidable)
    return sum(
        jobs.get(plant.government, 0.0) * running
        for plant, (running, _) in zip(answers.case.industry.plants, idled, strict=True)
    )


def agreement_reached(answers: Known, _: str) -> float:
    """1 where the meeting's headline verdict is an agreement, else 0."""
    verdict = needed(answers.meeting, "no_meeting").verdict
    if verdict == "not decided":
        raise NotComputed("not_decided")
    return float(verdict == "agreement")


def attribution_switching_cost_and_pressure_share(answers: Known, _: str) -> float:
    """Switching cost and pressure in what all obstacles together take from the margin, market held; may exceed 1."""
    return _attributed(answers, "switching cost", "pressure")


def attribution_free_riding_share(answers: Known, _: str) -> float:
    """Free riding in what all obstacles together take from the margin, market held; may exceed 1."""
    return _attributed(answers, "free riding")


def unilateral_cut_kt(answers: Known, firm: str) -> float:
    """What the deciding owner of the firm in brackets cuts in the baseline ``nash``, kt/year; owners present only."""
    owner = answers.case.industry.owner(firm)
    row = next((item for item in needed(answers.meeting, "no_meeting").owners if item.owner == owner), None)
    if row is None:
        raise NotComputed("not_at_the_meeting", owner=owner)
    return row.baseline_cut_kt


def unilateral_cuts_kt_per_year(answers: Known, _: str) -> float:
    """What all owners together cut in the baseline ``nash``, at the case's date, kt/year."""
    return needed(answers.meeting, "no_meeting").nash_cut_kt


def _least_cut(answers: Known) -> JointCut:
    meeting = answers.case.meeting
    if meeting is None:
        raise NotComputed("no_meeting")
    return JointCut(signatories=meeting.owners, rule=ProRata(total_kt=meeting.least_cut_kt), years=meeting.term_years)


def _attributed(answers: Known, *names: str) -> float:
    obstacles = needed(answers.meeting, "no_meeting").obstacles
    if obstacles is None:
        raise NotComputed("not_attributed")
    total = obstacles.freed_m_per_year - obstacles.margin_m_per_year
    part = sum(item.held_m_per_year for item in obstacles.obstacles if item.name in names)
    if math.isnan(total) or math.isnan(part) or total == 0.0:
        raise NotComputed("no_sum_to_share")
    return part / total


def _agreed_drawn(drawn: DrawnMeetings, _: str) -> Floats:
    return drawn.agreed


def _cut_drawn(drawn: DrawnMeetings, firm: str) -> Floats:
    return drawn.cut_kt[:, drawn.owners.index(drawn.case.industry.owner(firm))]


def _cuts_drawn(drawn: DrawnMeetings, _: str) -> Floats:
    return drawn.cut_kt.sum(axis=1)


def _flexibility_drawn(drawn: DrawnMeetings, _: str) -> Floats:
    return drawn.flexibility


_DRAWN = {
    "price_flexibility": _flexibility_drawn,
    "agreement_reached": _agreed_drawn,
    "unilateral_cut_kt": _cut_drawn,
    "unilateral_cuts_kt_per_year": _cuts_drawn,
}
_MEETING = table(
    product_imports_kt,
    price_flexibility,
    agreement_reached,
    attribution_switching_cost_and_pressure_share,
    attribution_free_riding_share,
    unilateral_cut_kt,
    unilateral_cuts_kt_per_year,
    output_kt,
    jobs_at_stake_in_cut,
)
MEETING = table(parity_headroom_share, basis="input") | {
    name: dataclasses.replace(quantity, over_draws=_DRAWN.get(name)) for name, quantity in _MEETING.items()
}
