"""What an instrument costs at its level, and who pays whom."""

from __future__ import annotations

__all__ = ["cost_of", "costs_of"]

import dataclasses

import numpy as np
from numpy.typing import NDArray

from potline.agreement.remedy.levers import Levers, outcomes, switching_per_t, table_at
from potline.agreement.remedy.result import STOCKPILES, Measure, Payment
from potline.agreement.table.cuts import idled_by_plant
from potline.agreement.table.games import Games, scores
from potline.agreement.table.stakes import Stakes
from potline.agreement.verdict.rows import names_of
from potline.choices import Instrument, Party
from potline.numerics.joint_cut.deals import Alone

Floats = NDArray[np.float64]


def costs_of(levers: Levers, measure: Measure, below: float) -> Measure:
    """Return the measure with coalition, cost, payments and check; ``below``: the lower end of its bracket."""
    name, level, base = measure.instrument, measure.level, measure.baseline
    here, baseline, games = table_at(levers, name, level, base)
    belief, institution = measure.leaving.place, measure.institution.place
    tests = scores(games)[:, belief, institution]
    row = int(np.argmax(tests))
    lower = float("nan")
    if np.isfinite(below):
        lower = float(outcomes(levers, name, np.array([below]), base).margin_m[0, belief, institution])
        lower = lower if np.isfinite(lower) else float("nan")  # there no group counts
    cost, outlay, payments = cost_of(levers, here, baseline, games, row, name, level)
    return dataclasses.replace(
        measure,
        coalition=names_of(levers.meeting.question, int(games.mask[row])),
        cut_kt=float(games.cut_kt[row].sum()),
        public_cost_m_per_year=cost,
        outlay_m_per_year=outlay,
        payments=payments,
        margin_m_per_year=float(tests[row]),
        margin_below_m_per_year=lower,
        level_below=below,
        baseline_cuts=here.cuts_of(baseline),
    )


def cost_of(
    levers: Levers, here: Stakes, baseline: Alone | None, games: Games, row: int, name: Instrument, level: float
) -> tuple[float, float, tuple[Payment, ...]]:
    """Return public cost, outlay and payments, million a year."""
    plants, asked = here.plants, levers.meeting.question
    owners = len(here.compiled.owners)
    before = np.zeros(owners) if baseline is None else baseline.cut_kt[0]
    idled = np.zeros(plants.owner.size)
    paid: list[Payment] = []
    outlay = cost = 0.0
    for i in range(owners):
        extra = sum(float(games.cut_kt[row, k]) for k in np.flatnonzero(asked.attendees == i))
        idled += idled_by_plant(here, i, float(before[i]) + extra)
    price = float(here.market.price_per_t[0]) + float(games.price_rise_per_t[row])
    for k in np.flatnonzero(games.inside[row]).tolist():
        i = int(asked.attendees[k])
        plan = idled_by_plant(here, i, float(before[i]) + float(games.cut_kt[row, k]))
        plan = plan - idled_by_plant(here, i, float(before[i]))
        amount = 0.0
        if name == Instrument.COMPENSATION:
            amount = level * float(plan.sum()) * 1e-3
        elif name == Instrument.SWITCHING_COST_PAID:
            amount = (
                level * float(plan @ switching_per_t(levers.meeting.terms, here)) * 1e-3 / float(here.market.annuity[0])
            )
        elif name in STOCKPILES:
            premium = levers.premium_per_t if name == Instrument.STOCKPILE_QUOTA else level
            amount = (price + premium) * float(games.bought_kt[row, k]) * 1e-3
            cost += (price + premium - float(here.market.price_per_t[0])) * float(games.bought_kt[row, k]) * 1e-3
        outlay += amount
        if amount > 0.0:
            paid.append(Payment(payer=Party.STATE, payee=asked.owners[k], m_per_year=amount))
    if name not in STOCKPILES:
        cost = outlay
    if name in (Instrument.SUPPORT_REMOVED, Instrument.LUMP_SUMS_REMOVED):
        runs = plants.running_kt[0] - idled
        per_t = (
            levers.meeting.terms.support[0] if name == Instrument.SUPPORT_REMOVED else levers.meeting.terms.lump_sum[0]
        )
        given = level * runs * per_t * 1e-3
        for i in range(owners):
            lost = float(given[plants.owner == i].sum())
            if lost > 0.0:
                paid.append(Payment(payer=here.compiled.owners[i], payee=Party.STATE, m_per_year=lost))
        cost = outlay = 0.0 - float(given.sum())
    return cost, outlay, tuple(paid)
