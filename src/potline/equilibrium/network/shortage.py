r"""Proof that a network has no plan at all: prices at which nothing that can be done is worth what has to be delivered.

Take any prices, below 0 too, and rents of quotas, 0 or more. A plan balances every product, place and period, so what
it brings at these prices is exactly what fixed buyers take less what is in hand or under way. What it can bring is at
most the sum over activities, routes and stocks of their limit times what a tonne of each gains, where that is above 0,
and the rents. Where the first exceeds the second no plan exists (Farkas 1902). Prices are scaled so that it does by 1.
"""

from __future__ import annotations

__all__ = ["ShortageProof", "verify_shortage"]

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.series import table
from potline.industry.network import FixedDemand, Network
from potline.reading import refuse
from potline.showing import Shown
from potline.verification import Check, Checked, Verified, verify

Floats = NDArray[np.float64]

_CLOSE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShortageProof(Shown):
    """Prices that prove a shortage.

    Attributes:
        network: what has no plan.
        price_per_t: shape (products, places, periods).
        rent_per_t: shape (quotas, periods).
    """

    network: Network = field(repr=False)
    price_per_t: Floats
    rent_per_t: Floats

    @property
    def certificate(self) -> Verified:
        """What is found when everything that can be done is added up again."""
        return verify(self)


def verify_shortage(proof: ShortageProof) -> Checked:
    """Add up what can be brought and what must be delivered at the prices of a proof, noun by noun."""
    network, price, rent = proof.network, proof.price_per_t, proof.rent_per_t
    shape = (len(network.products), len(network.places), network.periods)
    fine = price.shape == shape and rent.shape == (len(network.quotas), network.periods)
    if not fine or not (np.isfinite(price).all() and np.isfinite(rent).all()):
        return Checked((Check(name="shortage: prices", value=float("nan"), tolerance=0.0, unit="differences"),))
    most, endless = 0.0, 0.0
    size = float(np.abs(price).max(initial=0.0)) or 1.0
    for gain, room in _doings(proof):
        limited = np.isfinite(room)
        most += float((np.maximum(gain, 0.0)[limited] * room[limited]).sum())
        endless = max(endless, float(gain[~limited].max(initial=0.0)) / size)
    limit = table([quota.limit_kt for quota in network.quotas], network.periods) if network.quotas else rent
    most += float((rent * limit).sum())
    needed = _needed(proof)
    rows = (
        ("what must be delivered less what can be brought", abs(needed - most - 1.0), "of what is short"),
        ("gain of what has no limit", endless, "of price"),
        ("rents below 0", float(np.maximum(-rent, 0.0).max(initial=0.0)) / size, "of price"),
    )
    return Checked(
        tuple(
            Check(name=f"shortage: {name}", value=value, tolerance=_CLOSE if k == 0 else 1e-9, unit=unit,
                  method="added up from the network's own nouns")
            for k, (name, value, unit) in enumerate(rows)
        )
    )  # fmt: skip


def _doings(proof: ShortageProof) -> Iterator[tuple[Floats, Floats]]:
    """Yield what a tonne of each thing that can be done gains, and how much of it can be done, by period."""
    network, price = proof.network, proof.price_per_t
    product = {item.name: k for k, item in enumerate(network.products)}
    place = {item.name: k for k, item in enumerate(network.places)}
    periods = network.periods
    for activity in network.activities:
        here = place[activity.place]
        gain = np.zeros(periods)
        for amount in activity.outputs:
            gain += amount.per_t * price[product[amount.product], here]
        for amount in activity.inputs:
            gain -= amount.per_t * price[product[amount.product], here]
        steps = [step.capacity_kt for step in activity.steps] or [activity.capacity_kt]
        yield gain, table(steps, periods).sum(axis=0)
    for route in network.routes:
        at, lag = product[route.product], route.lag_periods
        gain = np.full(periods, -np.inf)
        gain[: periods - lag] = (1.0 - route.loss_share) * price[at, place[route.destination], lag:]
        gain[: periods - lag] -= price[at, place[route.origin], : periods - lag]
        for q, quota in enumerate(network.quotas):
            gain -= quota.routes.count(route.label) * proof.rent_per_t[q]
        yield gain, table([route.capacity_kt], periods)[0]
    for stock in network.stocks:
        mine = price[product[stock.product], place[stock.place]]
        gain = -mine.copy()
        gain[:-1] += (1.0 - stock.loss_share) * mine[1:]
        room = table([stock.capacity_kt], periods)[0].copy()
        room[-1] -= stock.closing_kt
        yield gain, room
    for demand in network.demands:
        if not isinstance(demand, FixedDemand):
            yield -price[product[demand.product], place[demand.place]], np.full(periods, np.inf)


def _needed(proof: ShortageProof) -> float:
    """Return what has to be delivered less what is there already, at the prices."""
    network, price = proof.network, proof.price_per_t
    product = {item.name: k for k, item in enumerate(network.products)}
    place = {item.name: k for k, item in enumerate(network.places)}
    total = 0.0
    for demand in network.demands:
        if isinstance(demand, FixedDemand):
            here = price[product[demand.product], place[demand.place]]
            total += float((here * table([demand.quantity_kt], network.periods)[0]).sum())
    for stock in network.stocks:
        here = price[product[stock.product], place[stock.place]]
        total += float(here[-1] * stock.closing_kt - here[0] * stock.opening_kt)
    for route in network.routes:
        here = price[product[route.product], place[route.destination]]
        total -= float(here[: route.lag_periods].sum()) * (1.0 - route.loss_share) * route.afloat_kt
    return total


@verify.register
def _(result: ShortageProof, tolerance: object = None) -> Checked:
    if tolerance is not None:
        raise refuse("tolerance", repr(tolerance), "none for a ShortageProof", "Each of its checks states its own.")
    return verify_shortage(result)
