r"""Conditional proposals: "cut if the price is below X", for as long as a window W lasts.

At or below X today the proposal is the plain one. Above, it comes into force when the price first falls to X, at tau,
and then the meeting at price X is held: lines whose stopping price is X or more have stopped, demand passes through X
at what is still made, and the plain proposal is put to owners in that state. All that follows from it counts

    D = E[exp(-rho tau); tau <= W]

today. What is computed is the agreement *then*. An agreement *today* that binds its signatories has the same groups
and the same verdict: the state at X does not depend on tau, so D multiplies every gain and every slack alike. Only
the stakes shrink, which is what makes such a plan cheap to sign. Left out: that owners who expect a cut at X hold out
longer on the way down, and that idle lines may first restart on a path that rises before it falls.
"""

from __future__ import annotations

__all__ = ["condition_of", "fallen", "fallen_to", "stopping_now"]

import dataclasses
import math
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from potline.agreement.proposals.outcome import Condition, Conditional, Parity
from potline.agreement.table.points import Points
from potline.cases import Case
from potline.compiled import compile_industry
from potline.numerics.switching.first_passage import FirstPassage, fall_reverting, fall_to
from potline.reading import refuse
from potline.shutdown import priced_at, terms_of

Floats = NDArray[np.float64]

_LEAST_DEMAND = 1e-9


def condition_of(case: Case, asked: Conditional) -> Condition:
    """Return the law of the trigger; the margin is left to the caller.

    Raises:
        InputError: no window's end where the price reverts.
    """
    price, rate = case.industry.price_per_t, case.industry.discount_rate
    process = case.industry.process
    if process is not None and process.kappa > 0.0 and math.isinf(asked.window_years):
        raise refuse("window_years", "no end", "a number of years, because the price reverts to a mean")
    passage = _passage(case, asked, rate) if price > asked.trigger_per_t else _TODAY
    stopped = stopping_now(case) >= asked.trigger_per_t
    running = np.array([plant.running_kt for plant in case.industry.plants])
    return Condition(
        price_per_t=price,
        trigger_per_t=asked.trigger_per_t,
        window_years=asked.window_years,
        parity=asked.parity,
        stopped_kt=float(running[stopped].sum()) if price > asked.trigger_per_t else 0.0,
        probability=float(passage.probability),
        expected_years=float(passage.years),
        discount=float(passage.discount),
        discounted_margin_m_per_year=math.nan,
    )


def fallen(case: Case, price_per_t: float, *, parity: Parity = "held") -> Case:
    """Return the case when the price has fallen to a level; the case itself at today's price or above.

    Lines with a stopping price at the level or above it stand idle, demand passes through the level at what is left of
    today's quantity, with the same elasticity, and import parity is held or follows.

    Examples:
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> two = Industry(name="two", price_per_t=10.0, process=PriceProcess(volatility=0.2),
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=c)
        ...                  for n, c in (("A", 8.0), ("B", 5.0))))
        >>> below = fallen(Case(name="two", industry=two), 6.0).industry
        >>> [plant.running_kt for plant in below.plants], below.demand.quantity_kt
        ([0.0, 100.0], 100.0)
    """
    industry = case.industry
    if price_per_t >= industry.price_per_t:
        return case
    stops = stopping_now(case)
    plants = tuple(
        dataclasses.replace(plant, running_kt=0.0) if stops[j] >= price_per_t else plant
        for j, plant in enumerate(industry.plants)
    )
    gone = sum(a.running_kt - b.running_kt for a, b in zip(industry.plants, plants, strict=True))
    q0 = industry.demand.quantity_kt
    quantity = max(q0 - gone, _LEAST_DEMAND * q0)
    trade, abroad = industry.trade, industry.trade.parity
    if parity == "follows" and abroad is not None:
        fob = abroad.fob_usd_per_t - (industry.price_per_t - price_per_t) / _landed_per_usd(case)
        trade = dataclasses.replace(trade, parity=dataclasses.replace(abroad, fob_usd_per_t=fob))
    moved = dataclasses.replace(
        industry,
        price_per_t=price_per_t,
        plants=plants,
        demand=dataclasses.replace(industry.demand, price_per_t=price_per_t, quantity_kt=quantity),
        trade=trade,
    )
    return dataclasses.replace(case, industry=moved)


def fallen_to(case: Case, price_per_t: Floats, *, parity: Parity = "held") -> Points:
    """Return the case at many levels of the price at once, each as :func:`fallen` has it, [B]."""
    assert case.meeting is not None
    compiled, count = compile_industry(case.industry), price_per_t.size
    today = compiled.number("price_per_t")[:1]
    below = price_per_t < today
    stops = below[:, None] & (stopping_now(case) >= price_per_t[:, None])
    running = np.broadcast_to(compiled.plant("running_kt")[:1], stops.shape)
    left = np.where(stops, 0.0, running)
    q0 = compiled.number("demand.quantity_kt")[:1]
    price = np.where(below, price_per_t, today)
    quantity = np.where(below, np.maximum(q0 - (running - left).sum(axis=1), _LEAST_DEMAND * q0), q0)
    through = np.where(below, price_per_t, compiled.number("demand.price_per_t")[:1])
    numbers = {"price_per_t": price, "demand.price_per_t": through, "demand.quantity_kt": quantity}
    if parity == "follows" and case.industry.trade.parity is not None:
        fob = compiled.number("trade.parity.fob_usd_per_t")[:1]
        numbers["trade.parity.fob_usd_per_t"] = fob - (today - price) / _landed_per_usd(case)
    moved = dataclasses.replace(
        compiled,
        draws=count,
        plants=MappingProxyType({**compiled.plants, "running_kt": np.ascontiguousarray(left)}),
        numbers=MappingProxyType({**compiled.numbers, **numbers}),
    )
    return Points(
        compiled=moved,
        term_years=np.full(count, case.meeting.term_years),
        least_cut_kt=np.full(count, case.meeting.least_cut_kt),
    )


def stopping_now(case: Case) -> Floats:
    """Return the price at which each plant stops altogether, money/t [J]."""
    compiled = compile_industry(case.industry)
    terms = terms_of(compiled, np.ones(1))
    return priced_at(terms, np.ascontiguousarray(compiled.number("price_per_t"))).stop_price[0]


_TODAY = FirstPassage(probability=np.array(1.0), years=np.array(0.0), discount=np.array(1.0))


def _passage(case: Case, asked: Conditional, rate: float) -> FirstPassage:
    process = case.industry.process
    price, level, window = case.industry.price_per_t, asked.trigger_per_t, asked.window_years
    if process is None:
        return fall_to(math.log(price / level), sigma=0.0, trend=0.0, rate=rate, window=window)
    if process.kappa > 0.0:
        return fall_reverting(
            price,
            level,
            sigma=process.volatility,
            drift=process.drift,
            kappa=process.kappa,
            theta=math.log(process.mean_price_per_t),
            rate=rate,
            window=window,
        )
    trend = process.drift - 0.5 * process.volatility**2
    return fall_to(math.log(price / level), sigma=process.volatility, trend=trend, rate=rate, window=window)


def _landed_per_usd(case: Case) -> float:
    parity = case.industry.trade.parity
    assert parity is not None
    return parity.exchange_rate * (1.0 + parity.duty_share)
