r"""The best collusion of equal owners who see only a noisy price (Porter 1983).

For a common output q and a trigger at exp(x) of the price, the first-order condition of one owner,
``(1 - delta) pi' = delta y [F' (c - p) - alpha pi']``, fixes how harsh a spell must be; the value is then one
number for each (q, x), searched on a grid that closes in on the best. Where that is at spells for ever, the trigger is
solved for.
"""

from __future__ import annotations

__all__ = ["collusion_under_noise"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.collusion import verify_collusion
from potline.agreement.enforcement.noise import value_of_deal
from potline.agreement.enforcement.noisy import NoisyCollusion
from potline.agreement.enforcement.quantities import QuantityMarket, quantity_market
from potline.agreement.enforcement.strategies import GreenPorter
from potline.choices import OnFailure
from potline.equilibrium import CashCost, Cournot, solve
from potline.errors import Infeasible, InputError, Problem
from potline.industry import Industry
from potline.reading import NonNegative, Positive, reads

Floats = NDArray[np.float64]

_POINTS, _ROUNDS, _TRIED = 161, 7, 200
_SURE = 1e-7
_NEARLY_FOR_EVER = 1.0 - 1e-3
_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Search:
    """The question in numbers; money/t, kt, profits thousand a year."""

    market: QuantityMarket
    owners: int
    unit: float
    sigma: float
    delta: float
    nash: float
    apart: float

    def harshness(self, q: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
        """Return y that the first-order condition asks for, the payoff in the deal, and alpha."""
        price = self.market.intercept - self.owners * self.market.slope * q
        c = (price - self.unit) * q
        rises = price - self.market.slope * q - self.unit
        alpha = ndtr(x / self.sigma)
        bell = np.exp(-0.5 * (x / self.sigma) ** 2) / (math.sqrt(2.0 * math.pi) * self.sigma)
        with np.errstate(divide="ignore", invalid="ignore"):
            need = bell * self.market.slope / price * (c - self.apart) - alpha * rises
            return (1.0 - self.delta) * rises / (self.delta * need), c, alpha

    def value(self, q: Floats, x: Floats) -> tuple[Floats, Floats]:
        """Return what the deal is worth, -inf where no spell keeps it, and y."""
        y, c, alpha = self.harshness(q, x)
        usable = (y > 0.0) & (y <= 1.0) & (c > self.apart)
        worth = value_of_deal(c, np.array(self.apart), alpha, np.where(usable, y, 1.0), 1.0 - self.delta)
        return np.where(usable, worth, -np.inf), y

    def gain(self, tried: tuple[float, float, float, float]) -> float:
        """Return the most that one deviation brings, a year: every output on a fine grid, the best polished."""
        q, x, y, value = tried
        a, b = self.market.intercept, self.market.slope
        others = (self.owners - 1) * q
        low, high = 0.0, min(self.market.capacity(0), 0.999 * (a / b - others))
        gain = -math.inf
        for _ in range(4):
            r = np.linspace(low, high, 801)
            new = a - b * (others + r)
            chance = ndtr((x + np.log((a - b * (others + q)) / new)) / self.sigma)
            kept = self.delta * (value - chance * y * (value - self.apart))
            total = (1.0 - self.delta) * (new - self.unit) * r + kept - value
            k = int(np.argmax(total))
            gain = max(gain, float(total[k]))
            step = (high - low) / 800.0
            low, high = max(0.0, float(r[k]) - step), min(high, float(r[k]) + step)
        return gain


@reads
def collusion_under_noise(
    industry: Industry,
    strategy: GreenPorter,
    *,
    discount_rate: NonNegative = 0.10,
    period_months: Positive = 12.0,
    check: OnFailure = OnFailure.RAISE,
) -> NoisyCollusion:
    r"""Find the output, trigger and spell that are worth most to equal owners who see only a noisy price.

    ``max over (q, x) of V`` with the harshness of a spell from ``(1 - delta) pi' = delta y [F' (c - p) - alpha pi']``;
    all deviations are tried for the answer.

    Args:
        industry: owners with equal plants, linear demand.
        strategy: with noise.
        discount_rate: a year.
        period_months: between two looks at the price.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: owners differ, or no noise is given. Infeasible: nothing better than no deal can be sustained.
        CertificateFailed: separate code rejects the answer.

    Source: Porter (1983), Journal of Economic Theory 29, pp. 313-338.

    Examples:
        >>> from potline.industry import LinearDemand, Plant
        >>> pair = Industry(name="pair", demand=LinearDemand.from_line(intercept_per_t=1000.0, slope_per_kt=1.0),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=900.0, other_cost_per_t=400.0) for n in "AB"))
        >>> found = collusion_under_noise(pair, GreenPorter(noise=0.02), discount_rate=0.05)
        >>> bool(150.0 < found.output_kt < 200.0), found.largest_gain_m_per_year < 1e-6
        (True, True)
    """
    search = _laid_out(industry, strategy, discount_rate, period_months)
    best = _on_a_grid(search)
    if best is None:
        raise Infeasible(
            f"no collusion between {search.owners} owners holds under a noise of {search.sigma:g} a period; needed one "
            "better than no deal. Try less noise, shorter periods or a lower discount rate."
        )
    if best[2] > _NEARLY_FOR_EVER:
        best = _for_ever(search, best)
    q, x, y, value, price, trigger = _settled(search, best)
    result = NoisyCollusion(
        industry=industry,
        strategy=strategy,
        discount_rate=discount_rate,
        period_months=period_months,
        output_kt=q,
        price_per_t=price,
        trigger_per_t=trigger,
        length_periods=math.inf if y >= 1.0 else math.log1p(-y) / math.log(search.delta),
        false_alarm=float(ndtr(x / search.sigma)),
        value_m_per_year=value / 1000.0,
        collusive_m_per_year=(price - search.unit) * q / 1000.0,
        apart_m_per_year=search.apart / 1000.0,
        largest_gain_m_per_year=max(0.0, search.gain((q, x, y, value))) / 1000.0,
    )
    return certified(result, verify_collusion, check, f"the collusion of {industry.name!r} under noise")


def _laid_out(industry: Industry, strategy: GreenPorter, rate: float, months: float) -> _Search:
    """Return the question in numbers, or refuse it."""
    market = quantity_market(industry)
    first = (market.costs[0].tolist(), market.ends[0].tolist())
    problems: list[Problem] = []
    if any((cost.tolist(), end.tolist()) != first for cost, end in zip(market.costs, market.ends, strict=True)):
        problems.append(Problem(where="industry, owners", found="owners that differ", needed="equal ones"))
    if market.costs[0].size > 1 or math.isfinite(market.ceiling):
        problems.append(
            Problem(where="industry", found="several costs or a ceiling", needed="one plant each, no ceiling")
        )
    if not strategy.noise > 0.0:
        problems.append(Problem(where="GreenPorter, noise", found=f"{strategy.noise:g}", needed="above 0"))
    if problems:
        raise InputError(problems)
    count = len(market.owners)
    nash = float(solve(industry, Cournot(), avoidable=CashCost()).owner_output_kt[0])
    return _Search(
        market=market,
        owners=count,
        unit=float(market.costs[0][0]),
        sigma=strategy.noise,
        delta=math.exp(-rate * months / 12.0),
        nash=nash,
        apart=market.profit(0, nash, (count - 1) * nash),
    )


def _on_a_grid(search: _Search) -> tuple[float, float, float, float] | None:
    """Return the best (q, x, y, V) from which nobody gains by deviating; none where there is none."""
    sigma, nash = search.sigma, search.nash
    joint = 0.5 * (search.market.intercept - search.unit) / (search.owners * search.market.slope)
    low: Floats = np.array([joint, -8.0 * sigma])
    high: Floats = np.array([nash, 4.0 * sigma])
    part: Floats = np.linspace(0.0, 1.0, _POINTS)
    best: tuple[float, float, float, float] | None = None
    for _ in range(_ROUNDS):
        q: Floats = np.repeat(float(low[0]) + part * float(high[0] - low[0]), part.size)
        x: Floats = np.tile(float(low[1]) + part * float(high[1] - low[1]), part.size)
        value, y = search.value(q, x)
        for k in np.argsort(-value)[:_TRIED].tolist():
            if not np.isfinite(value[k]):
                break
            tried = (float(q[k]), float(x[k]), float(y[k]), float(value[k]))
            if search.gain(tried) <= _SURE * tried[3]:
                best = tried if best is None or tried[3] >= best[3] else best
                break
        if best is None:
            break
        span = (high - low) / 20.0
        at = np.array(best[:2])
        low = np.maximum(at - span, np.array([joint, -20.0 * sigma]))
        high = np.minimum(at + span, np.array([nash, 8.0 * sigma]))
    return best


def _for_ever(search: _Search, best: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return the best answer with spells for ever near another; that one where none is better and holds.

    For each output the trigger at which y is 1 is found by halving; the output by golden section.
    """

    def at(q: float) -> tuple[float, float, float, float]:
        low, high = best[1] - 0.25 * search.sigma, best[1] + 0.25 * search.sigma
        ends = [float(search.harshness(np.array([q]), np.array([x]))[0][0]) - 1.0 for x in (low, high)]
        if not ends[0] * ends[1] < 0.0:
            return q, best[1], 1.0, -math.inf
        for _ in range(80):
            middle = 0.5 * (low + high)
            above = float(search.harshness(np.array([q]), np.array([middle]))[0][0]) - 1.0
            low, high = (middle, high) if above * ends[0] > 0.0 else (low, middle)
        _, c, alpha = search.harshness(np.array([q]), np.array([low]))
        value = value_of_deal(c, np.array(search.apart), alpha, np.array([1.0]), 1.0 - search.delta)
        return q, low, 1.0, float(value[0])

    low, high = best[0] - 1e-3 * search.nash, min(best[0] + 1e-3 * search.nash, search.nash)
    inner = [high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)]
    found = [at(q) for q in inner]
    for _ in range(60):
        if found[0][3] >= found[1][3]:
            high = inner[1]
            inner = [high - _GOLDEN * (high - low), inner[0]]
            found = [at(inner[0]), found[0]]
        else:
            low = inner[0]
            inner = [inner[1], low + _GOLDEN * (high - low)]
            found = [found[1], at(inner[1])]
    ever = max((found[0], found[1], at(best[0])), key=lambda item: item[3])
    better = ever[3] >= best[3] * (1.0 - 1e-12) and search.gain(ever) <= _SURE * ever[3]
    return ever if better else best


def _settled(
    search: _Search, best: tuple[float, float, float, float]
) -> tuple[float, float, float, float, float, float]:
    """Return (q, x, y, V, price, trigger) that belong to the trigger as a number: x is what stands between the two."""
    q, x, y, _ = best
    price = search.market.intercept - search.owners * search.market.slope * q
    trigger = price * math.exp(x)
    x = math.log1p((trigger - price) / price)
    need, c, alpha = search.harshness(np.array([q]), np.array([x]))
    y = 1.0 if y >= 1.0 else min(1.0, float(need[0]))
    value = value_of_deal(c, np.array(search.apart), alpha, np.array([y]), 1.0 - search.delta)
    return q, x, y, float(value[0]), price, trigger


registered(NoisyCollusion, verify_collusion)
