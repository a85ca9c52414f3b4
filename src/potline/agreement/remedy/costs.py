"""What an instrument costs at its level, who pays whom, and the level checked again without the sweep."""

from __future__ import annotations

__all__ = ["cost_of", "costs_of", "gap_of"]

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from potline.agreement.remedy.result import Measure, Payment
from potline.agreement.table.cuts import idled_by_plant
from potline.agreement.table.games import Games, play, scores
from potline.agreement.table.levers import Ask, outcomes, switching_per_t, table_at
from potline.agreement.table.stakes import Stakes
from potline.agreement.verdict.rows import names_of
from potline.numerics.joint_cut.deals import Alone

Floats = NDArray[np.float64]

_STATE = "the state"
_OTHERS = 16


def costs_of(ask: Ask, measure: Measure, way: int, institution: int, below: float) -> Measure:
    """Return the measure with coalition, cost, payments and check; ``below``: the lower end of its bracket."""
    name, level, base = measure.instrument, measure.level, measure.baseline
    here, baseline, games = table_at(ask, name, level, base)
    tests = scores(games)[:, way, institution]
    row = int(np.argmax(tests))
    lower = float("nan")
    if np.isfinite(below):
        lower = float(outcomes(ask, name, np.array([below]), base).margin_m[0, way, institution])
    cost, outlay, payments = cost_of(ask, here, baseline, games, row, name, level)
    extra: dict[str, Any] = {}
    if name == "compensation":
        extra["paid_per_t"] = np.full(here.plants.owner.size, level)
    elif name == "switching cost paid":
        extra["paid_per_t"] = level * switching_per_t(ask.terms, here) / here.market.annuity[0]
    elif name.startswith("stockpile"):
        quota = name == "stockpile quota"
        extra["bought_per_kt_idled"] = level if quota else 1.0
        extra["premium_per_t"] = ask.premium_per_t if quota else level
    return dataclasses.replace(
        measure,
        coalition=names_of(ask.question, int(games.mask[row])),
        cut_kt=float(games.cut_kt[row].sum()),
        public_cost_m_per_year=cost,
        outlay_m_per_year=outlay,
        payments=payments,
        margin_m_per_year=float(tests[row]),
        margin_below_m_per_year=lower,
        gap_m_per_year=gap_of(ask, here, baseline, games, row, extra),
    )


def gap_of(ask: Ask, here: Stakes, baseline: Alone | None, games: Games, row: int, extra: Mapping[str, Any]) -> float:
    """Return the largest difference of a member's gain or gain outside, million a year, when played without the sweep.

    The coalition of ``row``, its coalitions without one member, and 16 others drawn by seed. The stockpile is not in
    the sweep: there it is asked whether each price found clears its market and each idle line does what pays it.
    """
    rng = np.random.default_rng(7)
    count = games.mask.size
    mask = int(games.mask[row])
    near = {mask} | {mask ^ (1 << k) for k in range(games.inside.shape[1]) if mask >> k & 1}
    picked = near | set(rng.choice(games.mask, size=min(_OTHERS, count), replace=False).tolist())
    rows = np.flatnonzero(np.isin(games.mask, list(picked)))
    if "bought_per_kt_idled" in extra:
        return _stock_gap(here, games, rows, ask, baseline)
    again = play(here, ask.question, games.mask[rows], games.cut_kt[rows], baseline=baseline, **extra)
    known = set(games.mask[rows].tolist())
    gap = float(np.abs(np.where(games.inside[rows], again.gain_m - games.gain_m[rows], 0.0)).max())
    left = np.abs(again.outside_gain_m - games.outside_gain_m[rows])
    gap = max(gap, float(left[:, :, 0].max()))
    every = set(games.mask.tolist())
    for place, m in enumerate(games.mask[rows].tolist()):
        for k in range(games.inside.shape[1]):
            rest = m ^ (1 << k)
            if m >> k & 1 and (rest in known or rest not in every):
                gap = max(gap, float(left[place, k, 1]))
    return gap


def _stock_gap(here: Stakes, games: Games, rows: NDArray[np.int64], ask: Ask, baseline: Alone | None) -> float:
    """Return how far supply and demand, and the choices of idle lines, are from meeting, million a year.

    Without a baseline only: with one, what restarted in it stays on inside the coalition.
    """
    plants, market = here.plants, here.market
    p0, q0, elasticity = (float(x[0]) for x in (market.price_per_t, market.quantity_kt, market.elasticity))
    if baseline is not None:
        return 0.0
    worst, top = 0.0, max(float(market.ceiling_per_t[0]), p0)
    for row in rows.tolist():
        rise, relief = float(games.price_rise_per_t[row]), float(games.relief_per_t[row])
        price = p0 + rise
        wanted = q0 * (price / p0) ** -elasticity if market.isoelastic else q0 - (price - p0) * elasticity * q0 / p0
        held = np.isin(plants.owner, ask.question.attendees[games.inside[row]])
        lead = rise + plants.relief_use[0] * relief - np.maximum(plants.restart_price_per_t[0] - p0, 0.0)
        free = np.where(held, 0.0, plants.idle_kt[0])
        tight = 1e-7 * p0
        sure, maybe = float(free[lead > tight].sum()), float(free[np.abs(lead) <= tight].sum())
        supply = q0 - float(games.cut_kt[row].sum()) - float(games.bought_kt[row].sum()) + sure
        short = wanted - supply
        if price < top - tight and (short < -1e-6 * q0 or short > maybe + 1e-6 * q0) and rise > tight:
            worst = max(worst, min(abs(short), abs(short - maybe)) * price * 1e-3)
        if price >= top - tight and short < -1e-6 * q0:
            worst = max(worst, -short * price * 1e-3)
    return worst


def cost_of(
    ask: Ask, here: Stakes, baseline: Alone | None, games: Games, row: int, name: str, level: float
) -> tuple[float, float, tuple[Payment, ...]]:
    """Return public cost, outlay and payments, million a year."""
    plants, asked = here.plants, ask.question
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
        if name == "compensation":
            amount = level * float(plan.sum()) * 1e-3
        elif name == "switching cost paid":
            amount = level * float(plan @ switching_per_t(ask.terms, here)) * 1e-3 / float(here.market.annuity[0])
        elif name.startswith("stockpile"):
            premium = ask.premium_per_t if name == "stockpile quota" else level
            amount = (price + premium) * float(games.bought_kt[row, k]) * 1e-3
            cost += (price + premium - float(here.market.price_per_t[0])) * float(games.bought_kt[row, k]) * 1e-3
        outlay += amount
        if amount > 0.0:
            paid.append(Payment(payer=_STATE, payee=asked.owners[k], m_per_year=amount))
    if not name.startswith("stockpile"):
        cost = outlay
    if name in ("support removed", "lump sums removed"):
        runs = plants.running_kt[0] - idled
        per_t = ask.terms.support[0] if name == "support removed" else ask.terms.lump_sum[0]
        given = level * runs * per_t * 1e-3
        for i in range(owners):
            lost = float(given[plants.owner == i].sum())
            if lost > 0.0:
                paid.append(Payment(payer=here.compiled.owners[i], payee=_STATE, m_per_year=lost))
        cost = outlay = -float(given.sum())
    return cost, outlay, tuple(paid)
