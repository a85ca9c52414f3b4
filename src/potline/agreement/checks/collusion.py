r"""The certificate of collusion under a noisy price: every figure again, every deviation, no better pair near or far.

With the spell's share ``w = delta^T``, the value V of the deal and W of a spell's beginning solve

    V = (1 - delta) c + delta ((1 - alpha) V + alpha W),    W = (1 - w) p + w V,

and one who sells r instead, seen with chance P(r), has ``(1 - delta) pi(r) + delta ((1 - P) V + P W)`` in all.
"""

from __future__ import annotations

__all__ = ["verify_collusion"]

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.industry import LinearDemand

if TYPE_CHECKING:
    from potline.agreement.enforcement.noisy import NoisyCollusion

Floats = NDArray[np.float64]

QUESTION, MARKET, CHANCE, VALUE = "question", "market", "chance of a spell", "value of the deal"
DEVIATION, BOUND = "largest gain of a deviation", "no better deal"
_TOLD = (
    (QUESTION, 0.0, "differences", "equal owners under linear demand, a noise, and a rate"),
    (MARKET, 1e-9, "relative", "price and payoffs in the deal and in Cournot's equilibrium, in closed form"),
    (CHANCE, 1e-9, "chance", "of a price below the trigger stated, by the error function"),
    (VALUE, 1e-9, "of the payoff in the deal", "two linear equations, solved"),
    (DEVIATION, 1e-7, "of the payoff in the deal", "every output on a grid, closed in on"),
    (BOUND, 1e-6, "of the payoff in the deal", "other outputs and triggers, over the whole range and near the answer"),
)
_WIDE, _FINE = 61, 2001
_TRIED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """Demand, n equal owners, and the noise; money/t, kt, profits thousand a year."""

    intercept: float
    slope: float
    count: int
    unit: float
    most: float
    noise: float
    factor: float

    @property
    def nash(self) -> float:
        """What each sells in Cournot's equilibrium."""
        return min(self.most, max(0.0, (self.intercept - self.unit) / (self.slope * (self.count + 1))))

    def profit(self, own: Floats | float, others: Floats | float) -> Floats:
        """Return what an owner earns."""
        return np.asarray((self.intercept - self.slope * (own + others) - self.unit) * own, dtype=np.float64)


def verify_collusion(result: NoisyCollusion) -> Certificate:
    """Check the best collusion under noise, from its industry, strategy and figures alone."""
    gaps = Gaps()
    facts = _read(gaps, result)
    if facts is None:
        return gathered(gaps, "collusion", _TOLD)
    q, trigger = result.output_kt, result.trigger_per_t
    price = facts.intercept - facts.slope * facts.count * q
    inside = bool(0.0 < q <= facts.most * (1.0 + 1e-9)) and price > 0.0 and bool(trigger > 0.0)
    gaps.equal(QUESTION, inside, True)
    if not inside:
        return gathered(gaps, "collusion", _TOLD)
    keeps = float(facts.profit(q, (facts.count - 1) * q))
    apart = float(facts.profit(facts.nash, (facts.count - 1) * facts.nash))
    gaps.same(MARKET, result.price_per_t, price, price)
    gaps.same(MARKET, 1e3 * result.collusive_m_per_year, keeps, keeps)
    gaps.same(MARKET, 1e3 * result.apart_m_per_year, apart, keeps)
    level = math.log1p((trigger - price) / price) / facts.noise
    chance = float(_below(np.array([level]))[0])
    gaps.same(CHANCE, result.false_alarm, chance, max(chance, 1e-300))
    share = facts.factor**result.length_periods if result.length_periods > 0.0 else math.nan
    value = _value(facts, keeps, apart, chance, share)
    gaps.same(VALUE, 1e3 * result.value_m_per_year, value, keeps)
    gain = _gain(facts, q, level, value, (1.0 - share) * apart + share * value)
    gaps.add(DEVIATION, max(gain, 0.0) / keeps)
    gaps.same(DEVIATION, 1e3 * result.largest_gain_m_per_year, max(gain, 0.0), keeps)
    gaps.most(BOUND, apart, value, keeps)
    gaps.add(BOUND, max(0.0, _better(facts, apart, q, level, value) - value) / keeps)
    return gathered(gaps, "collusion", _TOLD)


def _read(gaps: Gaps, result: NoisyCollusion) -> _Facts | None:
    """Return the question in numbers; none, and a gap, where it is none that has an answer."""
    industry, demand = result.industry, result.industry.demand
    plants = industry.plants
    kinds = {(plant.net_cash_cost_per_t(industry.own_inputs), plant.capacity_kt) for plant in plants}
    free = not industry.trade.tranches and math.isinf(industry.trade.ceiling_per_t)
    alike = len(kinds) == 1 and len({industry.owner(plant.firm) for plant in plants}) == len(plants) and free
    asked = bool(result.strategy.noise > 0.0) and result.discount_rate >= 0.0 and result.period_months > 0.0
    gaps.equal(QUESTION, (alike, asked, isinstance(demand, LinearDemand)), (True, True, True))
    if not alike or not asked or not isinstance(demand, LinearDemand):
        return None
    unit, most = next(iter(kinds))
    slope = demand.price_per_t / (demand.elasticity * demand.quantity_kt)
    intercept = demand.price_per_t + slope * demand.quantity_kt
    return _Facts(
        intercept=intercept,
        slope=slope,
        count=len(plants),
        unit=unit,
        most=min(most, (intercept - min(unit, 0.0)) / slope),
        noise=result.strategy.noise,
        factor=math.exp(-result.discount_rate * result.period_months / 12.0),
    )


def _below(level: Floats) -> Floats:
    """Return the chance that a standard normal number is below a level."""
    from scipy.special import erfc

    return np.asarray(0.5 * erfc(-level / math.sqrt(2.0)), dtype=np.float64)


def _value(facts: _Facts, keeps: float, apart: float, chance: float, share: float) -> float:
    """Return the value of the deal from the two equations of the page."""
    d = facts.factor
    if not math.isfinite(share):
        return math.nan
    system = np.array([[1.0 - d * (1.0 - chance), -d * chance], [-share, 1.0]])
    return float(np.linalg.solve(system, np.array([(1.0 - d) * keeps, (1.0 - share) * apart]))[0])


def _gain(facts: _Facts, q: float, level: float, value: float, spell: float) -> float:
    """Return the most that selling something else brings, thousand a year: a grid over every output, closed in on."""
    others, price = (facts.count - 1) * q, facts.intercept - facts.slope * facts.count * q
    low, high, best = 0.0, min(facts.most, facts.intercept / facts.slope - others), -math.inf
    for _ in range(3):
        r = np.linspace(low, high, _FINE)
        seen = _seen(facts, r, others, price, level)
        worth = (1.0 - facts.factor) * facts.profit(r, others) + facts.factor * (value - seen * (value - spell))
        k = int(np.argmax(worth))
        best = max(best, float(worth[k]) - value) if math.isfinite(value) else math.nan
        width = (high - low) / (_FINE - 1)
        low, high = max(low, float(r[k]) - width), min(high, float(r[k]) + width)
    return best


def _seen(facts: _Facts, r: Floats, others: float, price: float, level: float) -> Floats:
    """Return the chance that a spell begins if an owner sells r; certain at a price of 0."""
    moved = facts.intercept - facts.slope * (others + r)
    positive = np.where(moved > 0.0, moved, price)
    fall = np.log1p((price - positive) / positive)
    return np.where(moved > 0.0, _below(level + fall / facts.noise), 1.0)


def _better(facts: _Facts, apart: float, q: float, level: float, value: float) -> float:
    """Return the largest value that another output, trigger and length would bring and keep; ``value`` where none.

    Next to q nobody gains only if ``(1 - d) pi' = d y (P' (c - p) - alpha pi')``, from which y follows.
    """
    joint = 0.5 * (facts.intercept - facts.unit) / (facts.count * facts.slope)
    near = np.linspace(-0.05, 0.05, _WIDE)
    best = value
    for outputs, levels in (
        (np.linspace(joint, facts.nash, _WIDE)[1:-1], np.linspace(-10.0, 4.0, _WIDE)),
        (q + near * (facts.nash - joint), level + near),
    ):
        own, at = (grid.ravel() for grid in np.meshgrid(outputs, levels))
        price = facts.intercept - facts.slope * facts.count * own
        keeps, rises = (price - facts.unit) * own, price - facts.unit - facts.slope * own
        chance = _below(at)
        steeper = np.exp(-0.5 * at**2) / math.sqrt(2.0 * math.pi) / facts.noise * facts.slope / price
        room = facts.factor * (steeper * (keeps - apart) - chance * rises)
        harsh = np.where(room > 0.0, (1.0 - facts.factor) * rises / np.where(room > 0.0, room, 1.0), np.inf)
        fine = (harsh > 0.0) & (harsh <= 1.0) & (keeps > apart) & (own <= facts.most)
        lost = np.where(fine, harsh, 0.0) * chance
        worth = apart + (1.0 - facts.factor) * (keeps - apart) / (1.0 - facts.factor + facts.factor * lost)
        worth = np.where(fine, worth, -np.inf)
        for k in np.argsort(-worth)[:_TRIED].tolist():
            if not worth[k] > best:
                break
            spell = float(worth[k] - harsh[k] * (worth[k] - apart))
            if _gain(facts, float(own[k]), float(at[k]), float(worth[k]), spell) <= 1e-9 * float(keeps[k]):
                best = float(worth[k])
                break
    return best
