"""Read an industry and a concept as a game: the border between nouns and arrays."""

from __future__ import annotations

__all__ = ["game_of"]

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.concepts import (
    Avoidable,
    Cartel,
    CashCost,
    Competitive,
    Concept,
    Conjectural,
    Cournot,
    Follower,
    JointCap,
    Leader,
)
from potline.equilibrium.cuts import price_scale, withdrawn_kt
from potline.equilibrium.game import Game, NoAnswer
from potline.errors import InputError, Problem
from potline.industry import Industry, LinearDemand, Trade, overfull
from potline.numerics.market.sweep import group_by_owner
from potline.numerics.ties import tied
from potline.reading import found_as, refuse, unique

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def game_of(industry: Industry, concept: Concept, avoidable: Avoidable, cap: JointCap | None = None) -> Game:
    """Write an industry and a concept as arrays.

    Agreements recorded in the industry withdraw lines (:func:`potline.equilibrium.cuts.withdrawn_kt`); lines being
    commissioned sell nothing.

    Raises:
        InputError: an owner, a conduct, a cost or a cap that means nothing; all problems at once.
        NoAnswer: a cap that nothing can meet, or unlimited capacity below the export floor.
    """
    problems: list[Problem] = []
    owners = industry.owners
    position = {name: i for i, name in enumerate(owners)}
    owner_of_plant = np.array([position[owner] for owner in industry.plant_owners], np.int64)
    units, unit_of_owner, theta, leader = _units(industry, concept, problems)
    plant, cost, capacity, scale, exponent = _blocks(industry, avoidable, problems)
    first, second = _demand(industry, problems)
    tranche_price, tranche_kt, floor = _trade(industry, problems)
    if leader >= 0:
        problems.extend(industry.trade.not_steps)
    rise, rise_from = _rise(industry.trade)
    limited = np.zeros(len(units), np.bool_)
    cap_kt = math.inf
    if cap is not None:
        cap_kt = cap.cap_kt
        named = _members(industry, cap.owners, "JointCap.owners", problems) if cap.owners else owners
        limited[unit_of_owner[[position[name] for name in named]]] = True
        for i, name in enumerate(owners):
            if limited[unit_of_owner[i]] and name not in named:
                problems.append(
                    Problem(
                        where="JointCap.owners",
                        found=f"a member of {units[unit_of_owner[i]]!r} without {name!r}",
                        needed="all who decide together, or none of them",
                    )
                )
    if problems:
        raise InputError(problems)
    elastic = not isinstance(industry.demand, LinearDemand)
    if cap_kt == 0.0 and elastic and bool(np.all(limited)) and not (tranche_price.size or rise):
        raise NoAnswer(
            "Joint cap of 0 kt/year on every owner: isoelastic demand has no price at which nothing is sold. "
            "Raise the cap, leave an owner outside it, or give an import price."
        )
    if np.any(np.isinf(capacity) & (scale == 0.0) & (cost < floor)):
        raise NoAnswer(
            f"Export floor of {floor:g} per t: a plant of unlimited capacity costs less and would export without "
            "end. Give the plant a capacity, or remove the floor."
        )
    at_paper = tied(np.concatenate([cost, tranche_price]), price_scale(industry))
    cost, tranche_price = at_paper[: cost.size], at_paper[cost.size :]
    keep = np.flatnonzero(capacity > 0.0)
    unit = unit_of_owner[owner_of_plant[plant[keep]]]
    order, start = group_by_owner(unit, len(units), cost[keep])
    chosen = keep[order]
    return Game(
        owners=owners,
        units=units,
        unit_of_owner=unit_of_owner,
        owner_of_plant=owner_of_plant,
        theta=theta,
        leader=leader,
        start=start,
        plant=plant[chosen],
        cost=cost[chosen],
        capacity=capacity[chosen],
        scale=scale[chosen],
        exponent=exponent[chosen],
        isoelastic=elastic,
        first=first,
        second=second,
        tranche_price=tranche_price,
        tranche_kt=tranche_kt,
        floor=floor,
        cap=cap_kt,
        limited=limited,
        rise_from=rise_from,
        rise=rise,
    )


def _members(industry: Industry, names: tuple[str, ...], where: str, problems: list[Problem]) -> tuple[str, ...]:
    owners = industry.owners
    firms = {firm.name for firm in industry.firms}
    found: list[str] = []
    for name in names:
        owner = industry.owner(name)
        if owner in owners:
            found.append(owner)
        elif name not in firms:
            listed = ", ".join(owners[:8]) + (", ..." if len(owners) > 8 else "")
            problems.append(Problem(where=where, found=repr(name), needed=f"an owner of plants: {listed}"))
    return tuple(dict.fromkeys(found))


def _conducts(industry: Industry, pairs: tuple[tuple[str, float], ...]) -> Iterable[Problem]:
    """Look for conduct without effect: of nobody, of a firm that another decides for, or stated twice."""
    owners = industry.owners
    names = [name for name, _ in pairs]
    yield from unique("owner", "Conjectural.theta", names)
    for name in dict.fromkeys(names):
        if name in owners:
            continue
        decides = industry.owner(name)
        held = decides in owners
        yield Problem(
            where="Conjectural.theta",
            found=f"{name!r}, for whom {decides!r} decides" if held else repr(name),
            needed=f"an owner of plants: {', '.join(owners[:8])}{', ...' if len(owners) > 8 else ''}",
            hint=f"Name {decides!r}." if held else "",
        )


def _units(
    industry: Industry, concept: Concept, problems: list[Problem]
) -> tuple[tuple[str, ...], Integers, Floats, int]:
    owners = industry.owners
    merged: tuple[str, ...] = ()
    name, rest = "", concept
    if isinstance(concept, Cartel):
        merged = _members(industry, concept.members, "Cartel.members", problems)
        name, rest = concept.name, concept.fringe
    elif isinstance(concept, Leader):
        merged = _members(industry, concept.leader, "Leader.leader", problems)
        name, rest = concept.name, concept.followers
    assert not isinstance(rest, Cartel | Leader)
    if isinstance(concept, Cartel | Leader) and not merged:
        problems.append(Problem(where=name, found="no owner of plants", needed="at least one member"))
        merged = owners[:1]
    if isinstance(rest, Conjectural) and isinstance(rest.theta, tuple):
        problems += _conducts(industry, rest.theta)
    units: list[str] = []
    thetas: list[float] = []
    unit_of_owner = np.zeros(len(owners), np.int64)
    for i, owner in enumerate(owners):
        if owner in merged:
            if name not in units:
                units.append(name)
                thetas.append(math.nan if isinstance(concept, Leader) else 1.0)
            unit_of_owner[i] = units.index(name)
        else:
            theta = _conduct(rest, owner)
            unit_of_owner[i] = len(units)
            units.append(owner)
            thetas.append(theta)
    leader = units.index(name) if isinstance(concept, Leader) else -1
    return tuple(units), unit_of_owner, np.array(thetas), leader


def _conduct(concept: Follower, owner: str) -> float:
    if isinstance(concept, Conjectural):
        return concept.of(owner)
    conduct: dict[object, float] = {Competitive(): 0.0, Cournot(): 1.0}
    if concept not in conduct:
        raise refuse("concept", found_as(concept), "Competitive(), Cournot() or Conjectural(theta=...)")
    return conduct[concept]


def _blocks(
    industry: Industry, avoidable: Avoidable, problems: list[Problem]
) -> tuple[Integers, Floats, Floats, Floats, Floats]:
    plants = industry.plants
    rows: list[tuple[int, float, float, float, float]] = []
    cuts = withdrawn_kt(industry, avoidable)
    if not isinstance(avoidable, CashCost):
        for prices, name in ((avoidable.stop_per_t, "stop_per_t"), (avoidable.restart_per_t, "restart_per_t")):
            if len(prices) != len(plants):
                needed = f"{len(plants)}, one for each plant"
                raise InputError(
                    [Problem(where=f"StopAndRestart.{name}", found=f"{len(prices)} prices", needed=needed)]
                )
    for j, plant in enumerate(plants):
        running, idle = plant.running_kt, plant.restartable_kt(industry.availability_share)
        if found := tuple(overfull((plant,))):
            problems += found
            continue
        stop = restart = plant.net_cash_cost_per_t(industry.own_inputs)
        if not isinstance(avoidable, CashCost):
            stop, restart = avoidable.stop_per_t[j], avoidable.restart_per_t[j]
        if math.isnan(stop) or math.isnan(restart):
            problems.append(Problem(where=f"plant {plant.name!r}, avoidable cost", found="nan", needed="a number"))
            continue
        running, idle = running - cuts[j][0], idle - cuts[j][1]
        smooth = plant.smooth_cost
        if stop == restart:
            running, idle = running + idle, 0.0
        if smooth is None:
            rows.append((j, stop, running, 0.0, 1.0))
            rows.append((j, restart, idle, 0.0, 1.0))
        elif idle > 0.0:
            problems.append(
                Problem(
                    where=f"plant {plant.name!r}",
                    found=f"a smooth cost and {idle:g} kt/year idle",
                    needed="no idle lines where marginal cost rises smoothly",
                )
            )
        elif not (smooth.scale > 0.0 and smooth.exponent > 0.0):
            problems.append(
                Problem(
                    where=f"plant {plant.name!r}, smooth cost",
                    found=f"scale {smooth.scale:g}, exponent {smooth.exponent:g}",
                    needed="both above 0",
                )
            )
        else:
            rows.append((j, stop, running, smooth.scale, smooth.exponent))
    # An infinite price means that the lines never run (or never restart).
    rows = [row for row in rows if row[1] < math.inf]
    table = np.array(rows, np.float64).reshape(-1, 5)
    return (
        np.ascontiguousarray(table[:, 0]).astype(np.int64),
        table[:, 1].copy(),
        table[:, 2].copy(),
        table[:, 3].copy(),
        table[:, 4].copy(),
    )


def _demand(industry: Industry, problems: list[Problem]) -> tuple[float, float]:
    demand = industry.demand
    for name, value in (
        ("price_per_t", demand.price_per_t),
        ("quantity_kt", demand.quantity_kt),
        ("elasticity", demand.elasticity),
    ):
        if not (math.isfinite(value) and value > 0.0):
            problems.append(Problem(where=f"demand.{name}", found=f"{value:g}", needed="a number above 0"))
    if problems:
        return 1.0, 1.0
    if isinstance(demand, LinearDemand):
        return demand.intercept_per_t / demand.slope_per_kt, 1.0 / demand.slope_per_kt
    return demand.quantity_kt * demand.price_per_t**demand.elasticity, demand.elasticity


def _rise(trade: Trade) -> tuple[float, float]:
    """Return by how much imports rise with the price, kt per money/t, and from which price on."""
    if trade.parity is None or not trade.rises or trade.slope_kt_per_price <= 0.0:
        return 0.0, math.inf
    return trade.slope_kt_per_price, trade.parity.price_per_t


def _trade(industry: Industry, problems: list[Problem]) -> tuple[Floats, Floats, float]:
    trade = industry.trade
    ceiling, floor = trade.ceiling_per_t, trade.export_floor_per_t
    merged: dict[float, float] = {}
    for tranche in trade.import_tranches:
        if math.isnan(tranche.price_per_t) or not tranche.quantity_kt >= 0.0:
            problems.append(
                Problem(
                    where="trade.tranches",
                    found=f"{tranche.quantity_kt:g} kt/year at {tranche.price_per_t:g}",
                    needed="a price, and a quantity of 0 or more",
                )
            )
        elif tranche.price_per_t <= ceiling and tranche.quantity_kt > 0.0:
            merged[tranche.price_per_t] = merged.get(tranche.price_per_t, 0.0) + tranche.quantity_kt
    prices = np.array(sorted(merged), np.float64)
    cheapest = float(prices[0]) if prices.size else _rise(trade)[1]
    if floor >= cheapest:
        problems.append(
            Problem(
                where="trade.export_floor_per_t",
                found=f"{floor:g}",
                needed=f"less than the cheapest import price, {cheapest:g}",
                hint="Otherwise trade alone would earn money without end.",
            )
        )
    if cheapest <= 0.0 and not isinstance(industry.demand, LinearDemand):
        where = "trade.tranches" if prices.size else "trade.parity"
        problems.append(Problem(where=where, found=f"{cheapest:g}", needed="a price above 0"))
    return prices, np.array([merged[price] for price in prices], np.float64), floor
