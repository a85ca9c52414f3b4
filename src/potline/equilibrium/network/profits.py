r"""Who earns what in a network: activities at the values of goods where they stand, and what sellers gain beyond them.

Goods change hands at their value ``v`` to whoever has them: what one more tonne is worth to him there. Routes, stocks
and quotas are paid what they are worth, rents of full ones included; these are no owner's. Of an owner, or of owners
who sell as one,

.. math:: \sum_k \Big(\sum_{out} a\,v - \sum_{in} a\,p\Big) x_k - C_k(x_k) \;+\; \sum_d (P_d - v_d)\,s_d ,

the first over its activities and the second over what it sells to buyers and brings to activities.
"""

from __future__ import annotations

__all__ = ["deciders", "owner_profits"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.sellers import Sellers
from potline.equilibrium.network.series import table
from potline.industry.network import Activity, Network

Floats = NDArray[np.float64]


def deciders(network: Network, sellers: Sellers) -> dict[str, str]:
    """Return under which name each owner decides: his own, or that of the sellers whose members he and others are.

    Examples:
        >>> from potline.industry.network import Activity
        >>> makers = tuple(Activity(name=name, place="west") for name in "ABC")
        >>> network = Network(name="three", products=(), places=(), activities=makers)
        >>> deciders(network, Sellers(names=("cartel",), product=("metal",), theta=(1.0,), members=(("A", "C"),)))
        {'A': 'cartel', 'B': 'B', 'C': 'cartel'}
    """
    found = {owner: owner for owner in network.owners}
    for name, members in zip(sellers.names, sellers.members, strict=True):
        if len(members) > 1:
            joined = {found[owner] for owner in members if found[owner] != owner}
            whole = " and ".join(dict.fromkeys((*sorted(joined), name)))
            found = {owner: whole if owner in members or one in joined else one for owner, one in found.items()}
    return found


def owner_profits(result: NetworkEquilibrium, sellers: Sellers) -> tuple[tuple[str, ...], Floats]:
    """Return who decides, in order of first appearance, and profits, million in money of each period."""
    network = result.network
    names = deciders(network, sellers)
    owners = tuple(dict.fromkeys(names.values()))
    profit = np.zeros((len(owners), network.periods))
    for k, activity in enumerate(network.activities):
        profit[owners.index(names[activity.decides])] += _made(result, sellers, k, activity)
    for s, members in enumerate(sellers.members, start=1):
        profit[owners.index(names[members[0]])] += _gained(result, s)
    return owners, profit / 1000.0


def _made(result: NetworkEquilibrium, sellers: Sellers, k: int, activity: Activity) -> Floats:
    """Return what an activity earns in each period, thousands."""
    network, level = result.network, result.level_kt[k]
    product = {item.name: p for p, item in enumerate(network.products)}
    place = {item.name: at for at, item in enumerate(network.places)}
    here, worth = place[activity.place], np.zeros(network.periods)
    for amount in activity.outputs:
        worth += (
            amount.per_t * result.value_per_t[sellers.layer(activity, amount.product), product[amount.product], here]
        )
    for amount in activity.inputs:
        paid = result.price_per_t[product[amount.product], here]
        if amount.indexed_to:
            read = place[amount.index_place] if amount.index_place else here
            paid = amount.index_share * result.price_per_t[product[amount.indexed_to], read]
        worth -= amount.per_t * paid
    return worth * level - _cost(network, result.level_kt, k, activity)


def _cost(network: Network, level_kt: Floats, k: int, activity: Activity) -> Floats:
    """Return what an activity costs in each period apart from its inputs, thousands; cheap steps run first."""
    level = level_kt[k]
    if activity.steps:
        room = table([step.capacity_kt for step in activity.steps], network.periods)
        each = table([step.cost_per_t for step in activity.steps], network.periods)
        order = np.argsort(each, axis=0, kind="stable")
        room, each = np.take_along_axis(room, order, 0), np.take_along_axis(each, order, 0)
        before = np.vstack((np.zeros(network.periods), np.cumsum(room, axis=0)[:-1]))
        return (each * np.clip(level - before, 0.0, room)).sum(axis=0)
    cost, slope = table([activity.cost_per_t, activity.cost_slope], network.periods)
    total = (cost + 0.5 * slope * level) * level
    for term in network.cross_terms:
        if term.kind == "activity" and term.of == activity.name:
            other = next(j for j, item in enumerate(network.activities) if item.name == term.by)
            total = total + term.per_t_per_kt * level_kt[other] * level
    return total


def _gained(result: NetworkEquilibrium, seller: int) -> Floats:
    """Return what a seller's goods bring beyond their value where they are sold, in each period, thousands."""
    network = result.network
    sold = [(item.product, item.place, result.sales_kt[seller, d]) for d, item in enumerate(network.demands)]
    sold += [(*market, result.delivered_kt[seller, m]) for m, market in enumerate(result.markets)]
    products, places = [item.name for item in network.products], [item.name for item in network.places]
    total = np.zeros(network.periods)
    for name, where, amount in sold:
        at = products.index(name), places.index(where)
        gain = result.price_per_t[at] - result.value_per_t[seller][at]
        total += np.where(amount != 0.0, gain, 0.0) * amount
    return total
