r"""Deals that hold though nobody sees a cheat, only a noisy price (Green and Porter 1984).

A period ends in a spell without a deal with chance alpha if all keep the deal and beta_i if i cheats. With
``y = 1 - delta^T`` the harshness of a spell of T periods (1 for ever), p the payoff in it and k = rho R what it costs a
year to restart when one begins,

    V = p + [(1 - delta)(c - p) - delta alpha k]/((1 - delta) + delta alpha y)        keeping the deal
    D = [(1 - delta) d + delta beta (V - y (V - p))]/(1 - delta (1 - beta))          cheating until a spell comes

and the deal holds where ``V - D + rho R`` and ``V - p`` are 0 or more for all. With log-normal noise and a trigger
at ``exp(x)`` of the price P in the deal, ``alpha = Phi(x/sigma)`` and ``beta_i = Phi((x + log(P/P_i))/sigma)``.
"""

from __future__ import annotations

__all__ = ["NoisyCollusion", "Spell", "best_spell", "chances", "collusion_under_noise", "noise_slack", "value_of_deal"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from potline.agreement.enforcement.deals import DealPayoffs, QuantityMarket, quantity_market
from potline.agreement.enforcement.strategies import GreenPorter
from potline.equilibrium import CashCost, Cournot, solve
from potline.errors import Infeasible, InputError, Problem
from potline.industry import Industry
from potline.reading import NonNegative, Positive, reads

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """When a spell without a deal starts and how long it lasts.

    Attributes:
        trigger: as a share of the price in the deal; nan where the chances were given.
        length_periods: inf for ever. false_alarm: chance a period. detection: of each member's cheating, a period.
    """

    trigger: float
    length_periods: float
    false_alarm: float
    detection: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoisyCollusion:
    """The best collusion that equal owners can sustain when only a noisy price is seen.

    Attributes:
        output_kt, price_per_t: of each owner, and the expected price, while they collude.
        trigger_per_t: observed price below which a spell starts. length_periods: of a spell, not rounded.
        false_alarm: chance of a spell a period. value_m_per_year: average payoff of one owner, spells included.
        collusive_m_per_year, apart_m_per_year: in the deal, and without one.
        largest_gain_m_per_year: what the best of all deviations would still bring, tried at every output and polished.
    """

    output_kt: float
    price_per_t: float
    trigger_per_t: float
    length_periods: float
    false_alarm: float
    value_m_per_year: float
    collusive_m_per_year: float
    apart_m_per_year: float
    largest_gain_m_per_year: float


def chances(deal: DealPayoffs, strategy: GreenPorter, x: Floats) -> tuple[Floats, Floats]:
    """Return alpha [X] and beta [members, X] at log triggers x; where the chances are given they do not depend on x.

    Raises:
        InputError: neither noise nor chances, or noise without the prices of the deal and of each cheat.
    """
    if math.isnan(strategy.noise):
        if not 0.0 <= strategy.false_alarm <= strategy.detection <= 1.0:
            found = f"false_alarm {strategy.false_alarm:g}, detection {strategy.detection:g}"
            needed = "noise above 0, or 0 <= false_alarm <= detection <= 1"
            raise InputError([Problem(where="GreenPorter", found=found, needed=needed)])
        shape = (len(deal.owners), x.size)
        return np.full(x.size, strategy.false_alarm), np.full(shape, strategy.detection)
    if not strategy.noise > 0.0:
        raise InputError([Problem(where="GreenPorter, noise", found=f"{strategy.noise:g}", needed="above 0")])
    if not deal.price_per_t > 0.0 or not deal.cheat_price_per_t or min(deal.cheat_price_per_t) <= 0.0:
        needed = "positive prices in the deal and when each member cheats"
        raise InputError([Problem(where="deal, price_per_t and cheat_price_per_t", found="none", needed=needed)])
    gap = np.log(deal.price_per_t / np.array(deal.cheat_price_per_t))
    return ndtr(x / strategy.noise), ndtr((x[None, :] + gap[:, None]) / strategy.noise)


def value_of_deal(c: Floats, p: Floats, alpha: Floats, y: Floats, delta: float, k: Floats | float = 0.0) -> Floats:
    """Return V, what the deal is worth on average with its spells, each of which costs ``k`` a year to begin."""
    return p + ((1.0 - delta) * (c - p) - delta * alpha * k) / ((1.0 - delta) + delta * alpha * y)


def noise_slack(deal: DealPayoffs, rate: float, years: float, alpha: Floats, beta: Floats, y: Floats) -> Floats:
    """Return the smaller of V - D + rho R and V - p a year, shape (members, X), for periods of ``years``."""
    c, d, p, cost = (
        np.array(v)[:, None] for v in (deal.coordinate_m, deal.defect_m, deal.punish_m, deal.restart_cost_m)
    )
    delta = math.exp(-rate * years)
    value = value_of_deal(c, p, alpha, y, delta, rate * np.array(deal.punisher_cost_m)[:, None])
    cheat = ((1.0 - delta) * d + delta * beta * (value - y * (value - p))) / (1.0 - delta * (1.0 - beta))
    return np.minimum(value - cheat + rate * cost, value - p)


def best_spell(
    deal: DealPayoffs, strategy: GreenPorter, rate: float, years: float, *, safest: bool = False
) -> tuple[Spell, Floats]:
    """Choose trigger and length: the most valuable deal that holds, or where none holds the one that misses by least.

    For each trigger the shortest spell that keeps everybody is found by bisection; triggers are searched on a grid that
    closes in on the best.

    Args:
        deal, strategy: with noise or chances. rate: a year. years: a period.
        safest: rather the deal with the largest least slack.

    Returns:
        the spell and each member's slack a year.
    """
    delta = math.exp(-rate * years)
    fixed = math.isnan(strategy.noise) or strategy.trigger is not None
    wide = 0.0 if math.isnan(strategy.noise) else 8.0 * strategy.noise
    low, high = -wide - (0.0 if fixed else math.log(deal.price_per_t / min(deal.cheat_price_per_t))), wide
    chosen = 0.0 if strategy.trigger is None else math.log(strategy.trigger)
    c, p = np.array(deal.coordinate_m)[:, None], np.array(deal.punish_m)[:, None]
    restart = rate * np.array(deal.punisher_cost_m)[:, None]
    best: tuple[float, float, float] = (chosen, 1.0, -math.inf)
    for _ in range(1 if fixed else 6):
        x = np.array([chosen]) if fixed else np.linspace(low, high, 401)
        alpha, beta = chances(deal, strategy, x)
        y = _shortest(deal, strategy, rate, years, alpha, beta)
        worst = noise_slack(deal, rate, years, alpha, beta, y).min(axis=0)
        holds = worst >= -1e-12 * float(np.abs(c).max())
        value = value_of_deal(c, p, alpha, y, delta, restart).sum(axis=0)
        k = int(np.argmax(np.where(holds, value, -np.inf) if holds.any() and not safest else worst))
        best = (float(x[k]), float(y[k]), float(value[k]))
        step = (high - low) / 400.0
        low, high = best[0] - step, best[0] + step
    at = np.array([best[0]])
    alpha, beta = chances(deal, strategy, at)
    length = math.inf if best[1] >= 1.0 else math.log1p(-best[1]) / math.log(delta)
    slack = noise_slack(deal, rate, years, alpha, beta, np.array([best[1]]))[:, 0]
    trigger = math.nan if math.isnan(strategy.noise) else math.exp(best[0])
    detection = tuple(beta[:, 0].tolist())
    return Spell(trigger=trigger, length_periods=length, false_alarm=float(alpha[0]), detection=detection), slack


@reads
def collusion_under_noise(
    industry: Industry, strategy: GreenPorter, *, discount_rate: NonNegative = 0.10, period_months: Positive = 12.0
) -> NoisyCollusion:
    r"""Find the output, trigger and spell that are worth most to equal owners who see only a noisy price.

    For a common output q and a trigger at exp(x) of the price, the first-order condition of one owner,
    ``(1 - delta) pi' = delta y [F' (c - p) - alpha pi']``, fixes how harsh a spell must be; the value is then one
    number for each (q, x), searched on a grid that closes in on the best. All deviations are tried for the answer.

    Args:
        industry: owners with equal plants, linear demand. strategy: with noise.
        discount_rate: a year. period_months: between two looks at the price.

    Raises:
        InputError: owners differ, or no noise is given. Infeasible: nothing better than no deal can be sustained.

    Source: Porter (1983), Journal of Economic Theory 29, pp. 313-338.

    Examples:
        >>> from potline.industry import LinearDemand, Plant
        >>> pair = Industry(name="pair", demand=LinearDemand.from_line(intercept_per_t=1000.0, slope_per_kt=1.0),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=900.0, other_cost_per_t=400.0) for n in "AB"))
        >>> found = collusion_under_noise(pair, GreenPorter(noise=0.02), discount_rate=0.05)
        >>> bool(150.0 < found.output_kt < 200.0), found.largest_gain_m_per_year < 1e-6
        (True, True)
    """
    market = quantity_market(industry)
    n = len(market.owners)
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
    a, b, unit, sigma = market.intercept, market.slope, float(market.costs[0][0]), strategy.noise
    delta = math.exp(-discount_rate * period_months / 12.0)
    nash = float(solve(industry, Cournot(), avoidable=CashCost()).owner_output_kt[0])
    apart = market.profit(0, nash, (n - 1) * nash)
    joint = 0.5 * (a - unit) / (n * b)
    low: Floats = np.array([joint, -8.0 * sigma])
    high: Floats = np.array([nash, 4.0 * sigma])
    best: tuple[float, float, float, float] | None = None
    for _ in range(7):
        part: Floats = np.linspace(0.0, 1.0, 161)
        q: Floats = np.repeat(float(low[0]) + part * float(high[0] - low[0]), part.size)
        x: Floats = np.tile(float(low[1]) + part * float(high[1] - low[1]), part.size)
        price = a - n * b * q
        c = (price - unit) * q
        rises = price - b * q - unit
        alpha: Floats = ndtr(x / sigma)
        seen = np.exp(-0.5 * (x / sigma) ** 2) / (math.sqrt(2.0 * math.pi) * sigma) * b / price
        with np.errstate(divide="ignore", invalid="ignore"):
            y = (1.0 - delta) * rises / (delta * (seen * (c - apart) - alpha * rises))
        usable = (y > 0.0) & (y <= 1.0) & (c > apart)
        value = np.where(usable, value_of_deal(c, np.array(apart), alpha, np.where(usable, y, 1.0), delta), -np.inf)
        found = None
        for k in np.argsort(-value)[:200].tolist():
            if not np.isfinite(value[k]):
                break
            tried = (float(q[k]), float(x[k]), float(y[k]), float(value[k]))
            if _gain(market, n, tried, apart, sigma, delta) <= 1e-7 * tried[3]:
                found = tried
                break
        if found is not None and (best is None or found[3] >= best[3]):
            best = found
        if best is None:
            break
        span = (high - low) / 20.0
        at = np.array(best[:2])
        low = np.maximum(at - span, np.array([joint, -20.0 * sigma]))
        high = np.minimum(at + span, np.array([nash, 8.0 * sigma]))
    if best is None:
        raise Infeasible(
            f"no collusion between {n} owners holds under a noise of {sigma:g} a period; needed one better than no "
            "deal. Try less noise, shorter periods or a lower discount rate."
        )
    q0, x0, y0, value0 = best
    price0 = a - n * b * q0
    return NoisyCollusion(
        output_kt=q0,
        price_per_t=price0,
        trigger_per_t=price0 * math.exp(x0),
        length_periods=math.inf if y0 >= 1.0 else math.log1p(-y0) / math.log(delta),
        false_alarm=float(ndtr(x0 / sigma)),
        value_m_per_year=value0 / 1000.0,
        collusive_m_per_year=(price0 - unit) * q0 / 1000.0,
        apart_m_per_year=apart / 1000.0,
        largest_gain_m_per_year=max(0.0, _gain(market, n, best, apart, sigma, delta)) / 1000.0,
    )


def _shortest(
    deal: DealPayoffs, strategy: GreenPorter, rate: float, years: float, alpha: Floats, beta: Floats
) -> Floats:
    """Return the least harshness y that keeps everybody, a whole number of periods; 1 where nothing does."""
    if strategy.length_periods is not None:
        return np.full(alpha.size, -math.expm1(-rate * years * strategy.length_periods))
    low, high = np.zeros(alpha.size), np.ones(alpha.size)
    for _ in range(60):
        middle = 0.5 * (low + high)
        holds = (noise_slack(deal, rate, years, alpha, beta, middle) >= 0.0).all(axis=0)
        low, high = np.where(holds, low, middle), np.where(holds, middle, high)
    if rate <= 0.0:
        return high
    with np.errstate(divide="ignore"):
        periods = np.ceil(-np.log1p(-np.minimum(high, 1.0)) / (rate * years) - 1e-9)
    return np.where(high >= 1.0 - 1e-12, 1.0, -np.expm1(-rate * years * np.maximum(periods, 1.0)))


def _gain(
    market: QuantityMarket, n: int, tried: tuple[float, float, float, float], apart: float, sigma: float, delta: float
) -> float:
    """Return the most that one deviation brings, a year: every output on a fine grid, the best polished."""
    q, x, y, value = tried
    a, b, unit = market.intercept, market.slope, float(market.costs[0][0])
    price = a - n * b * q
    low, high = 0.0, min(market.capacity(0), 0.999 * (a / b - (n - 1) * q))
    gain = -math.inf
    for _ in range(4):
        r = np.linspace(low, high, 801)
        new = a - b * ((n - 1) * q + r)
        chance = ndtr((x + np.log(price / new)) / sigma)
        total = (1.0 - delta) * (new - unit) * r + delta * (value - chance * y * (value - apart)) - value
        k = int(np.argmax(total))
        gain = max(gain, float(total[k]))
        step = (high - low) / 800.0
        low, high = max(0.0, float(r[k]) - step), min(high, float(r[k]) + step)
    return gain
