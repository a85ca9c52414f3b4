"""What a remedy costs the public and who pays whom, plant by plant."""

from __future__ import annotations

__all__ = ["bill"]

from typing import TYPE_CHECKING

import numpy as np

from potline.agreement.checks.coalitions import BELIEFS
from potline.agreement.checks.facts import by_owner, read
from potline.agreement.checks.owners import by_plant
from potline.agreement.checks.remedy_levels import STOCKPILES, Level, switching
from potline.choices import Institution, Instrument, Party

if TYPE_CHECKING:
    from potline.agreement.remedy.result import Measure, Remedy


Paid = dict[tuple[str, str], float]
"""Money by payer and payee, million a year."""


def bill(result: Remedy, measure: Measure, here: Level, row: int) -> tuple[float, float, Paid]:
    """Return public cost, outlay and payments, million a year."""
    facts, found, level, name = here.facts, here.found, measure.level, measure.instrument
    members = np.flatnonzero(found.inside[row]).tolist()
    paid: Paid = {}
    if name == Instrument.TRANSFER:
        return level, level, _shared(measure, here, row)
    if name == Instrument.PENALTY:
        bound: Paid = {(facts.seats[k], Party.NOBODY): level for k in members} if level > 0.0 else {}
        return 0.0, 0.0, bound
    outlay = cost = 0.0
    idled = [by_plant(facts, i, float(here.base[i]) + (float(found.cut[row, k]) if found.inside[row, k] else 0.0))
             for k, i in enumerate(facts.seat.tolist())]  # fmt: skip
    quiet = [by_plant(facts, i, float(here.base[i])) for i in facts.seat.tolist()]
    price = facts.price + float(found.rise[row])
    for k in members:
        more, amount = idled[k] - quiet[k], 0.0
        if name == Instrument.COMPENSATION:
            amount = 1e-3 * level * float(more.sum())
        elif name == Instrument.SWITCHING_COST_PAID:
            amount = 1e-3 * level * float(more @ switching(facts)) / facts.annuity
        elif name in STOCKPILES:
            premium = result.premium_per_t if name == Instrument.STOCKPILE_QUOTA else level
            amount = 1e-3 * (price + premium) * float(found.bought[row, k])
            cost += amount - 1e-3 * facts.price * float(found.bought[row, k])
        outlay += amount
        if amount > 0.0:
            paid[Party.STATE, facts.seats[k]] = amount
    cost = cost if name in STOCKPILES else outlay
    if name in (Instrument.SUPPORT_REMOVED, Instrument.LUMP_SUMS_REMOVED):
        plain = read(result.case, rule=result.rule).terms
        per_t = plain.support[0] if name == Instrument.SUPPORT_REMOVED else plain.lump_sum[0]
        gone = np.sum(idled, axis=0)
        for i in range(len(facts.owners)):
            if i not in facts.seat:
                gone = gone + by_plant(facts, i, float(here.base[i]))
        given = by_owner(facts.owner, 1e-3 * level * (facts.running - gone) * per_t, len(facts.owners))
        paid = {
            (owner, Party.STATE): float(lost) for owner, lost in zip(facts.owners, given, strict=True) if lost > 0.0
        }
        cost = outlay = -float(given.sum())
    return cost, outlay, paid


def _shared(measure: Measure, here: Level, row: int) -> Paid:
    """Return who pays whom where money comes from outside or members settle among themselves."""
    facts, found = here.facts, here.found
    way, level = BELIEFS.index(measure.leaving), measure.level
    inside, gain, leave = found.inside[row], found.gain[row], found.leave[row, :, way]
    pooled = measure.institution == Institution.TRANSFERS
    if pooled:
        lack = np.where(inside, np.maximum(leave, 0.0) - gain, 0.0)
    else:
        short = np.minimum(gain, gain - leave) if measure.institution == Institution.VOLUNTARY else gain
        lack = np.where(inside, np.maximum(0.0, -short), 0.0)
    paid: Paid = {}
    if pooled and level > 0.0:
        paid[Party.STATE, Party.FUND] = level
    if pooled and level == 0.0 and lack.sum() < 0.0:
        owed, spare = float(lack[lack > 0.0].sum()), float(-lack[lack < 0.0].sum())
        lack = np.where(lack < 0.0, lack * owed / spare, lack)
    for owner, share in zip(facts.seats, lack.tolist(), strict=True):
        if share > 0.0:
            paid[Party.FUND if pooled else Party.STATE, owner] = share
        elif share < 0.0:
            paid[owner, Party.FUND] = -share
    return paid
