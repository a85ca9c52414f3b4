"""Check what an answer states besides flows and values: names, conduct, prices of price takers, the potential."""

from __future__ import annotations

__all__ = ["names_check", "stated_checks"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.asked import asked_markets, asked_reach, asked_sellers
from potline.equilibrium.network.properties import is_integrable
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.series import table
from potline.equilibrium.network.verify_routes import border_costs
from potline.equilibrium.network.verify_state import Books
from potline.industry.network import FixedDemand, IsoelasticLocalDemand, LocalDemand
from potline.verification import Check as Row

Floats = NDArray[np.float64]


def names_check(result: NetworkEquilibrium) -> Row:
    """Return the row of what is read anew from the concept: stages, sellers, conduct and markets."""
    network, sellers = result.network, asked_sellers(result.network, result.concept, result.stage)
    wrong = [
        result.stages != sellers.stages,
        result.sellers != ("", *sellers.names),
        result.theta != (0.0, *sellers.theta),
        len(result.markets) != len(set(result.markets)),
        set(result.markets) != asked_markets(network, sellers),
    ]
    return Row(name="sellers and markets", value=float(sum(wrong)), tolerance=0.0, method="read anew from the concept")


def stated_checks(check: Books, tolerance: float) -> tuple[Row, ...]:
    """Return the rows of what else is stated."""
    return (
        Row(name="prices of price takers", value=_apart(check) / check.money, tolerance=tolerance, unit="of the price"),
        Row(name="potential", value=_potential_gap(check), tolerance=tolerance, unit="of turnover"),
        Row(name="stated fall", value=_stated_falls(check), tolerance=0.0, unit="money/t per kt"),
        Row(name="where goods are worth something", value=_misplaced(check), tolerance=0.0, unit="places"),
        Row(name="sales", value=_sales(check) / check.size, tolerance=tolerance, unit="of the largest flow"),
    )


def _misplaced(check: Books) -> float:
    """Return for how many sellers, products and places a value is stated where none can be, or none where one can."""
    known = np.zeros(check.value.shape[:3], np.bool_)
    for seller, pairs in enumerate(asked_reach(check.network, check.sellers)):
        for name, where in pairs:
            known[seller, check.product[name], check.place[where]] = True
    return float(np.sum(np.isfinite(check.value) != known[..., None]))


def _sales(check: Books) -> float:
    """Return the largest sale stated where no seller sells to final demand."""
    demands = check.network.demands
    direct = [
        item.product in check.sellers.stages and (item.product, item.place) not in check.market_of for item in demands
    ]
    return float(np.max(np.abs(check.result.sales_kt[:, ~np.array(direct, np.bool_)]), initial=0.0))


def _apart(check: Books) -> float:
    """Return how far a price is from what a tonne is worth to price takers, where they alone make it."""
    sold = {*check.result.markets}
    sold |= {(item.product, item.place) for item in check.network.demands if item.product in check.sellers.stages}
    price, value = check.result.price_per_t, check.value[0]
    apart = np.where(np.isnan(price) & np.isnan(value), 0.0, np.abs(price - value))
    for product, place in sold:
        apart[check.product[product], check.place[place]] = 0.0
    return float(np.max(apart, initial=0.0))


def _stated_falls(check: Books) -> float:
    """Return the largest answer of prices stated where sellers believe in a stated fall, or have no power."""
    stated = dict(zip(check.sellers.stages, check.sellers.falls, strict=True))
    held = [stated.get(product) is not None for product, _ in check.result.markets]
    answers = check.result.response_per_kt[np.array(held, np.bool_)] if held else np.zeros(0)
    return float(np.max(np.abs(answers), initial=0.0))


def _potential_gap(check: Books) -> float:
    """Return how far the potential lies from area under demand less costs and sellers' terms, added up anew."""
    curved = any(isinstance(item, IsoelasticLocalDemand) for item in check.network.demands)
    stated = check.result.potential_m
    if curved or not is_integrable(check.network, check.sellers):
        return 0.0 if np.isnan(stated) else np.inf
    whole = _bought(check) - _made(check) - _moved(check) - _kept(check) - _held_back(check)
    return float(abs(stated - float(np.sum(check.weight * whole)) / 1000.0) / max(check.turnover / 1000.0, 1e-300))


def _bought(check: Books) -> Floats:
    """Return the area under demand in each period, money times kt."""
    total, bought = np.zeros(check.periods), check.result.bought_kt
    number = {(item.product, item.place): k for k, item in enumerate(check.network.demands)}
    for k, item in enumerate(check.network.demands):
        if isinstance(item, LocalDemand):
            most, slope = table([item.intercept_per_t, item.slope_per_kt], check.periods)
            total += most * bought[k] - 0.5 * slope * bought[k] ** 2
    for term in check.network.cross_terms:
        if term.kind == "demand":
            total -= 0.5 * term.per_t_per_kt * bought[number[term.of, term.place]] * bought[number[term.by, term.place]]
    return total


def _made(check: Books) -> Floats:
    """Return what activities cost in each period."""
    total, level = np.zeros(check.periods), check.result.level_kt
    number = {item.name: k for k, item in enumerate(check.network.activities)}
    for k, item in enumerate(check.network.activities):
        if not item.steps:
            cost, slope = table([item.cost_per_t, item.cost_slope], check.periods)
            total += cost * level[k] + 0.5 * slope * level[k] ** 2
            continue
        left = level[k].copy()
        room = table([step.capacity_kt for step in item.steps], check.periods)
        cost = table([step.cost_per_t for step in item.steps], check.periods)
        for row in np.argsort(cost, axis=0, kind="stable"):
            here = np.arange(check.periods)
            used = np.minimum(left, room[row, here])
            total += used * cost[row, here]
            left -= used
    for term in check.network.cross_terms:
        if term.kind == "activity":
            total += 0.5 * term.per_t_per_kt * level[number[term.of]] * level[number[term.by]]
    return total


def _moved(check: Books) -> Floats:
    """Return the integral of what a tonne more costs on each route, in each period."""
    routes = check.network.routes
    if not routes:
        return np.zeros(check.periods)
    total = check.result.flow_kt.sum(axis=0)
    slope = table([item.crowding_slope for item in routes], check.periods)
    cubic = table([item.crowding_cubic for item in routes], check.periods)
    whole = np.array([item.carriage == "marginal" for item in routes])[:, None]
    part = border_costs(check)[0] * total
    part = part + np.where(whole, 1.0, 0.5) * slope * total**2 + np.where(whole, 1.0, 1.0 / 3.0) * cubic * total**3
    return part.sum(axis=0)


def _kept(check: Books) -> Floats:
    """Return what stocks cost beyond those that must be in hand at the end."""
    total = np.zeros(check.periods)
    for k, item in enumerate(check.network.stocks):
        held = check.result.stock_kt[:, k].sum(axis=0)
        held[-1] -= item.closing_kt
        total += table([item.cost_per_t], check.periods)[0] * held
    return total


def _held_back(check: Books) -> Floats:
    """Return half of ``theta b x^2`` of each seller at each demand, and at each market with a stated fall."""
    total, theta = np.zeros(check.periods), np.array(check.result.theta)
    for k, item in enumerate(check.network.demands):
        if isinstance(item, FixedDemand) or item.product not in check.sellers.stages:
            continue
        if isinstance(item, LocalDemand):
            slope = table([item.slope_per_kt], check.periods)[0]
            total += 0.5 * slope * (theta[:, None] * check.result.sales_kt[:, k] ** 2).sum(axis=0)
    stated = dict(zip(check.sellers.stages, check.sellers.falls, strict=True))
    for m, (product, _) in enumerate(check.result.markets):
        fall = stated.get(product) or 0.0
        total += 0.5 * fall * (theta[:, None] * check.result.delivered_kt[:, m] ** 2).sum(axis=0)
    return total
