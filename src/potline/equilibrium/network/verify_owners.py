"""Check what an answer states of owners: who decides with whom, and what each earns, added up anew along the goods.

What a maker gets for a tonne is added up by product: value where it is made; beyond it, price less value where it is
sold. Steps are filled one by one, as the bill of each would be paid.
"""

from __future__ import annotations

__all__ = ["owners_checks"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.series import table
from potline.equilibrium.network.verify_state import Books
from potline.verification import Check as Row

Floats = NDArray[np.float64]


def owners_checks(check: Books, tolerance: float) -> tuple[Row, ...]:
    """Return the rows of names and profits; a profit is compared with what all goods and costs turn over."""
    groups = _groups(check)
    stated = check.result.owner_profit_m
    named = Row(
        name="owners",
        value=float(check.result.owners != tuple(groups)) + float(stated.shape != (len(groups), check.periods)),
        tolerance=0.0,
        method="read anew from the concept",
    )
    if not named.holds:
        return (named,)
    whole = np.zeros((len(groups), check.periods))
    turned = np.zeros((len(groups), check.periods))
    for g, members in enumerate(groups.values()):
        for part in (*_activities(check, members), *_sold(check, members)):
            whole[g] += part
            turned[g] += np.abs(part)
    scale = float(np.max(turned, initial=0.0))
    gap = float(np.max(np.abs(1000.0 * stated - whole), initial=0.0)) / max(scale, 1e-300) if scale == scale else np.nan
    return named, Row(name="owners' profits", value=gap, tolerance=tolerance, unit="of the largest turnover")


def _groups(check: Books) -> dict[str, set[str]]:
    """Return owners by the name under which they decide: sets of members that overlap are one."""
    sets: list[tuple[str, set[str]]] = []
    for name, members in zip(check.sellers.names, check.sellers.members, strict=True):
        if len(members) == 1:
            continue
        touching = [item for item in sets if item[1] & set(members)]
        labels = sorted(item[0] for item in touching)
        whole = set(members).union(*(item[1] for item in touching))
        sets = [item for item in sets if item not in touching]
        sets.append((" and ".join(labels if name in labels else [*labels, name]), whole))
    found: dict[str, set[str]] = {}
    for item in check.network.activities:
        owner = item.owner or item.name
        name, members = next((item for item in sets if owner in item[1]), (owner, {owner}))
        found.setdefault(name, set()).update(members)
    return found


def _activities(check: Books, members: set[str]) -> list[Floats]:
    """Return receipts and bills of the activities of some owners, each of shape (periods,), thousands."""
    network, level_kt, parts = check.network, check.result.level_kt, list[Floats]()
    number = {item.name: j for j, item in enumerate(network.activities)}
    for k, activity in enumerate(network.activities):
        if (activity.owner or activity.name) not in members:
            continue
        level, here = level_kt[k], check.place[activity.place]
        for amount in activity.outputs:
            layer = _layer(check, activity.owner or activity.name, amount.product)
            parts.append(amount.per_t * level * check.value[layer, check.product[amount.product], here])
        for amount in activity.inputs:
            name, where, share = amount.product, activity.place, 1.0
            if amount.indexed_to:
                name, where, share = amount.indexed_to, amount.index_place or where, amount.index_share
            price = check.result.price_per_t[check.product[name], check.place[where]]
            parts.append(-amount.per_t * level * share * price)
        left = level.copy()
        room = table([step.capacity_kt for step in activity.steps], check.periods)
        cost = table([step.cost_per_t for step in activity.steps], check.periods)
        now = np.arange(check.periods)
        for turn in np.argsort(cost, axis=0, kind="stable") if activity.steps else ():
            used = np.minimum(left, room[turn, now])
            parts.append(-used * cost[turn, now])
            left = left - used
        if not activity.steps:
            linear, slope = table([activity.cost_per_t, activity.cost_slope], check.periods)
            parts += [-linear * level, -0.5 * slope * level**2]
        parts += [
            -term.per_t_per_kt * level_kt[number[term.by]] * level
            for term in network.cross_terms
            if term.kind == "activity" and term.of == activity.name
        ]
    return parts


def _layer(check: Books, owner: str, product: str) -> int:
    """Return the seller whose goods an owner's output of a product is; 0 for price takers."""
    for s, (name, members) in enumerate(zip(check.sellers.product, check.sellers.members, strict=True), start=1):
        if name == product and owner in members:
            return s
    return 0


def _sold(check: Books, members: set[str]) -> list[Floats]:
    """Return what the sellers that decide for some owners get beyond the value of what they sell, thousands."""
    result, parts = check.result, list[Floats]()
    for s, own in enumerate(check.sellers.members, start=1):
        if not members & set(own):
            continue
        ends = [(item.product, item.place, result.sales_kt[s, d]) for d, item in enumerate(check.network.demands)]
        ends += [(name, where, result.delivered_kt[s, m]) for m, (name, where) in enumerate(result.markets)]
        for name, where, amount in ends:
            at = check.product[name], check.place[where]
            some = amount != 0.0
            gain = np.zeros(check.periods)
            gain[some] = (result.price_per_t[at] - check.value[s][at])[some] * amount[some]
            parts.append(gain)
    return parts
