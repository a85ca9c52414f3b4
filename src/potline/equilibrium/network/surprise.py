"""Check what sellers of an upstream stage foresee: solve the chain downstream again with a little more brought to it.

The chain downstream is a network of its own, declared with the same nouns: whoever makes the product runs as before and
the product itself stands ready where it was brought, in the amounts of the equilibrium.
"""

from __future__ import annotations

__all__ = ["downstream", "largest_surprise"]

import dataclasses

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.concepts import Competitive, NetworkConcept, Successive
from potline.equilibrium.network.asked import asked_sellers
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.solving import equilibrium_of
from potline.industry.network import Activity, Amount, Network, Quota, Series, at

Floats = NDArray[np.float64]

STEP = 1e-3
MOST = 6


def largest_surprise(result: NetworkEquilibrium) -> float:
    """Return the most a seller gains per tonne, relative to the largest price, by bringing a little more or less.

    Its conduct scales how prices answer. The six markets and periods that get most of each stage's product are tried,
    a little more and a little less (differences of second order), which may differ where derived demand bends.
    """
    sellers = asked_sellers(result.network, result.concept, result.stage)
    money = float(np.nanmax(np.abs(result.price_per_t))) if result.markets else 1.0
    weight = np.power(1.0 - result.network.discount_per_period, np.arange(result.network.periods), dtype=np.float64)
    worst = 0.0
    for number, (product, fall) in enumerate(zip(sellers.stages, sellers.falls, strict=True)):
        here = [m for m, (name, _) in enumerate(result.markets) if name == product]
        if fall is not None or not here:
            continue
        brought = result.delivered_kt.sum(axis=0)
        pairs = sorted(((float(brought[m, t]), m, t) for m in here for t in range(weight.size)), reverse=True)
        mine = [k for k, name in enumerate(sellers.product, start=1) if name == product]
        for amount, m, t in pairs[:MOST]:
            if amount <= STEP * pairs[0][0]:
                continue
            p, at = _position(result, result.markets[m])
            sides = _answers(result, number, here, m, t, amount)
            place = here.index(m)
            for seller in mine:
                own = result.delivered_kt[seller, here]
                value = result.value_per_t[seller, p, at, t]
                for step, changes in sides:
                    if step < 0.0 and own[place, t] <= STEP * amount:
                        continue
                    # By half the step and by all of it: what is left at none.
                    earned = [
                        float(np.sum(weight * (theta * change * own))) / (part * weight[t]) + theta * change[place, t]
                        for part, change in zip((0.5 * step, step), changes, strict=True)
                        for theta in (result.theta[seller],)
                    ]
                    gain = result.price_per_t[p, at, t] + 2.0 * earned[0] - earned[1] - value
                    gain = gain if step > 0.0 else -gain
                    if np.isfinite(gain):
                        worst = max(worst, gain / money)
    return worst


def _answers(
    result: NetworkEquilibrium, number: int, here: list[int], m: int, t: int, amount: float
) -> list[tuple[float, list[Floats]]]:
    """Return a step up and a step down at market m in t, and how prices change by half of it and by all of it."""
    now = np.stack([result.price_per_t[_position(result, result.markets[k])] for k in here])
    start: NetworkEquilibrium | None = None
    sides: list[tuple[float, list[Floats]]] = []
    for step in (STEP * amount, -STEP * amount):
        moved: list[Floats] = []
        for part in (0.5 * step, step):
            network, concept = downstream(result, number, (m, t, part))
            start = equilibrium_of(network, concept, start=start)
            moved.append(np.stack([_price(start, result.markets[k]) for k in here]) - now)
        sides.append((step, moved))
    return sides


def _position(result: NetworkEquilibrium, market: tuple[str, str]) -> tuple[int, int]:
    products = [item.name for item in result.network.products]
    places = [item.name for item in result.network.places]
    return products.index(market[0]), places.index(market[1])


def downstream(
    result: NetworkEquilibrium, number: int, more: tuple[int, int, float] = (0, 0, 0.0)
) -> tuple[Network, NetworkConcept]:
    """Return the chain downstream of a stage as a network, and how its sellers behave.

    Args:
        result: an equilibrium of the whole chain.
        number: of the stage among ``result.stages``, upstream first.
        more: market, period and kt brought beyond the equilibrium.
    """
    network, gone = result.network, set(result.stages[: number + 1])
    sure = 4.0 * float(np.nanmax(np.abs(result.price_per_t)))
    held: list[Activity] = []
    for k, item in enumerate(network.activities):
        if not any(amount.product in gone for amount in item.outputs):
            held.append(item)
            continue
        outputs = tuple(amount for amount in item.outputs if amount.product not in gone)
        inputs = tuple(amount for amount in item.inputs if amount.product not in gone)
        if inputs or outputs:
            held.append(
                Activity(
                    name=item.name, place=item.place, inputs=inputs, outputs=outputs, cost_per_t=-sure,
                    capacity_kt=_series(result.level_kt[k]), owner="held",
                )
            )  # fmt: skip
    brought = result.delivered_kt.sum(axis=0).copy()
    brought[more[0], more[1]] += more[2]
    held += [
        Activity(
            name=f"brought {product} {place}", place=place, outputs=(Amount(product=product),), cost_per_t=-sure,
            capacity_kt=_series(brought[m]), owner="held",
        )
        for m, (product, place) in enumerate(result.markets)
        if product == result.stages[number]
    ]  # fmt: skip
    left = {item.name for item in held}
    routes = tuple(item for item in network.routes if item.product not in gone)
    kept = dataclasses.replace(
        network,
        activities=tuple(held),
        routes=routes,
        demands=tuple(
            item for item in network.demands if item.product not in gone or item.product == result.stages[number]
        ),
        stocks=tuple(item for item in network.stocks if item.product not in gone),
        quotas=tuple(_left(network, quota, gone, result) for quota in network.quotas),
        cross_terms=tuple(item for item in network.cross_terms if item.kind == "demand" or {item.of, item.by} <= left),
    )
    return kept, _followers(result, number)


def _followers(result: NetworkEquilibrium, number: int) -> NetworkConcept:
    concept = result.concept
    if not isinstance(concept, Successive):
        return Competitive()
    kept = [stage for stage in concept.stages if stage.product in result.stages[number + 1 :]]
    return Successive(stages=tuple(kept)) if kept else Competitive()


def _left(network: Network, quota: Quota, gone: set[str], result: NetworkEquilibrium) -> Quota:
    """Return what is left of a quota for the routes that are not held."""
    used = np.zeros(network.periods)
    for k, item in enumerate(network.routes):
        if item.label in quota.routes and item.product in gone:
            used += result.flow_kt[:, k].sum(axis=0)
    labels = {item.label for item in network.routes if item.product not in gone}
    limit = [max(0.0, at(quota.limit_kt, t) - float(used[t])) for t in range(network.periods)]
    return dataclasses.replace(
        quota, routes=tuple(name for name in quota.routes if name in labels), limit_kt=_series(np.array(limit))
    )


def _series(values: Floats) -> Series:
    return tuple(max(0.0, float(value)) for value in values)


def _price(result: NetworkEquilibrium, market: tuple[str, str]) -> Floats:
    return np.array([result.price(*market, t) for t in range(result.network.periods)])
