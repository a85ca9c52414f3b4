"""Read an industry and a concept a second time, for the verifier: no function of the solver's reading is used.

Costs and capacities come from the compiled industry, who decides and how from the concept itself, and lines that an
agreement idles are taken owner by owner from the dearest down.
"""

from __future__ import annotations

__all__ = ["Asked", "asked", "sellable"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.compiled import CompiledIndustry, compile_industry
from potline.equilibrium.concepts import (
    Avoidable,
    Cartel,
    Competitive,
    Concept,
    Conjectural,
    Cournot,
    Follower,
    JointCap,
    Leader,
    StopAndRestart,
)
from potline.equilibrium.game import Game
from potline.errors import InputError
from potline.industry import ImportParity, Industry, IsoelasticDemand, ProRata, Stated

Floats = NDArray[np.float64]
_TIE = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """A question as a verifier reads it.

    Attributes:
        game: who decides, with which conduct, over which blocks.
        cash: net cash cost of each plant, money/t.
        scale, exponent: of the rising part of each plant's marginal cost, scale 0 for a step.
    """

    game: Game
    cash: Floats
    scale: Floats
    exponent: Floats


def asked(industry: Industry, concept: Concept, avoidable: Avoidable, cap: JointCap | None = None) -> Asked:
    """Return the question.

    Raises:
        InputError: a concept or a rule of an agreement that is none of ours.
    """
    compiled = compile_industry(industry)
    cash = compiled.net_cash_cost_per_t()[0]
    units, unit_of_owner, theta, leader = _conducts(compiled, concept)
    stop, restart = cash, cash
    if isinstance(avoidable, StopAndRestart):
        stop, restart = np.array(avoidable.stop_per_t), np.array(avoidable.restart_per_t)
    running, idle = sellable(compiled, stop)
    smooth = [plant.smooth_cost for plant in industry.plants]
    scale = np.array([item.scale if item else 0.0 for item in smooth])
    exponent = np.array([item.exponent if item else 1.0 for item in smooth])
    plants = np.concatenate([np.arange(cash.size, dtype=np.int64)] * 2)
    cost, capacity = np.concatenate([stop, restart]), np.concatenate([running, idle])
    unit = unit_of_owner[compiled.owner_index][plants]
    kept = np.flatnonzero((capacity > 0.0) & (cost < math.inf))
    kept = kept[np.lexsort((cost[kept], unit[kept]))]
    prices, sizes = _imports(industry)
    rise, rise_from = _rising(industry)
    first, second = _line(industry)
    game = Game(
        owners=compiled.owners,
        units=units,
        unit_of_owner=unit_of_owner,
        owner_of_plant=compiled.owner_index,
        theta=theta,
        leader=leader,
        start=np.searchsorted(unit[kept], np.arange(len(units) + 1)).astype(np.int64),
        plant=plants[kept],
        cost=cost[kept],
        capacity=capacity[kept],
        scale=scale[plants[kept]],
        exponent=exponent[plants[kept]],
        isoelastic=isinstance(industry.demand, IsoelasticDemand),
        first=first,
        second=second,
        tranche_price=prices,
        tranche_kt=sizes,
        floor=industry.trade.export_floor_per_t,
        cap=math.inf if cap is None else cap.cap_kt,
        limited=_capped(compiled, cap, unit_of_owner, len(units)),
        rise=rise,
        rise_from=rise_from,
    )
    return Asked(game=game, cash=cash, scale=scale, exponent=exponent)


def _owner_of(compiled: CompiledIndustry) -> dict[str, str]:
    """Return who decides for each name that may stand in a question: owners, firms, and firms with an owner."""
    names = {owner: owner for owner in compiled.owners}
    names |= {plant.firm: plant.firm for plant in compiled.industry.plants}
    return names | {firm.name: firm.owner or firm.name for firm in compiled.industry.firms}


def _conducts(compiled: CompiledIndustry, concept: Concept) -> tuple[tuple[str, ...], NDArray[np.int64], Floats, int]:
    """Return who decides, for which owners, with which conduct (nan for a leader), and which of them leads."""
    decides = _owner_of(compiled)
    rest: Follower
    match concept:
        case Cartel():
            joined, name, rest = (
                {decides.get(member, member) for member in concept.members},
                concept.name,
                concept.fringe,
            )
        case Leader():
            joined, name, rest = (
                {decides.get(member, member) for member in concept.leader},
                concept.name,
                concept.followers,
            )
        case _:
            joined, name, rest = set[str](), "", concept
    conduct: dict[str, float] = {}
    unit_of_owner = np.zeros(len(compiled.owners), dtype=np.int64)
    for place, owner in enumerate(compiled.owners):
        together = owner in joined
        label = name if together else owner
        if label not in conduct:
            conduct[label] = (math.nan if isinstance(concept, Leader) else 1.0) if together else _theta(rest, owner)
        unit_of_owner[place] = list(conduct).index(label) if together else len(conduct) - 1
    units = tuple(conduct)
    leader = units.index(name) if isinstance(concept, Leader) and name in conduct else -1
    return units, unit_of_owner, np.array(list(conduct.values())), leader


def _theta(concept: Follower, owner: str) -> float:
    match concept:
        case Competitive():
            return 0.0
        case Cournot():
            return 1.0
        case Conjectural():
            if isinstance(concept.theta, int | float):
                return float(concept.theta)
            return next((value for name, value in concept.theta if name == owner), concept.others)
        case _:  # pyright: ignore[reportUnnecessaryComparison]
            raise InputError(
                f"found {concept!r} as the conduct of {owner!r}; needed Competitive, Cournot or Conjectural."
            )


def sellable(compiled: CompiledIndustry, stop: Floats) -> tuple[Floats, Floats]:
    """Return running and idle capacity that may sell, once the last agreement has idled its lines, kt/year."""
    before = compiled.plant("running_kt")[0]
    running, idle = before.copy(), compiled.restartable_kt()[0].copy()
    if not compiled.industry.agreements:
        return running, idle
    deal = compiled.industry.agreements[-1]
    decides = _owner_of(compiled)
    signed = {decides[name] for name in deal.signatories}
    mine = {owner: compiled.owner_index == place for place, owner in enumerate(compiled.owners) if owner in signed}
    match deal.rule:
        case ProRata(share_of_running=share, total_kt=total):
            whole = sum(float(running[rows].sum()) for rows in mine.values())
            part = share if not math.isnan(share) else total / whole if whole > 0.0 else 0.0
            cut = {owner: part * float(running[rows].sum()) for owner, rows in mine.items()}
        case Stated(cuts_kt=pairs):
            cut = {owner: sum(kt for name, kt in pairs if decides[name] == owner) for owner in mine}
        case _:
            raise InputError(f"found {type(deal.rule).__name__} as the rule of an agreement; needed ProRata or Stated.")
    for owner, rows in mine.items():
        idle[rows] = 0.0
        order = np.flatnonzero(rows)[np.argsort(-stop[rows], kind="stable")]
        less = cut[owner]
        while less > 0.0 and order.size:
            with np.errstate(invalid="ignore"):
                near = np.abs(stop[order] - stop[order[0]]) <= _TIE * np.abs(stop[order[0]])
            tied = near | (stop[order] == stop[order[0]])
            group, order = order[tied], order[~tied]
            size = float(running[group].sum())
            running[group] *= 1.0 - (min(less / size, 1.0) if size > 0.0 else 1.0)
            less -= size
        running[rows] = np.where(running[rows] > _TIE * before[rows].sum(), running[rows], 0.0)
    return running, idle


def _imports(industry: Industry) -> tuple[Floats, Floats]:
    """Return price and quantity of imports, cheapest first, up to the first that is unlimited."""
    offers = {item.price_per_t: 0.0 for item in industry.trade.tranches}
    for item in industry.trade.tranches:
        offers[item.price_per_t] += item.quantity_kt
    trade = industry.trade
    if trade.parity is not None and trade.rest_of_world is None and trade.import_supply_slope_kt_per_price == math.inf:
        offers[_landed(trade.parity)] = math.inf
    ceiling = min((price for price, size in offers.items() if size == math.inf), default=math.inf)
    known = sorted((price, size) for price, size in offers.items() if price <= ceiling and size > 0.0)
    return np.array([price for price, _ in known]), np.array([size for _, size in known])


def _landed(parity: ImportParity) -> float:
    """Return what a tonne costs behind the border, money/t without tax."""
    abroad = (parity.fob_usd_per_t + parity.freight_usd_per_t) * parity.exchange_rate * (1.0 + parity.duty_share)
    return abroad + parity.port_charges_per_t / (1.0 + parity.vat_rate)


def _rising(industry: Industry) -> tuple[float, float]:
    """Return by how many kt imports rise with each unit of money/t, and from which price; nothing at any quantity."""
    trade = industry.trade
    if trade.parity is None:
        return 0.0, math.inf
    slope = trade.import_supply_slope_kt_per_price
    if trade.rest_of_world is not None:
        at_home = trade.parity.exchange_rate * (1.0 + trade.parity.duty_share)
        for_each_dollar = trade.rest_of_world.quantity_kt / trade.parity.fob_usd_per_t
        slope = for_each_dollar * trade.rest_of_world.supply_elasticity / at_home
    return (slope, _landed(trade.parity)) if 0.0 < slope < math.inf else (0.0, math.inf)


def _line(industry: Industry) -> tuple[float, float]:
    """Return the two numbers of demand: ``first - second p``, or ``first p ** -second``."""
    demand = industry.demand
    point, size, elasticity = demand.price_per_t, demand.quantity_kt, demand.elasticity
    if isinstance(demand, IsoelasticDemand):
        return size * point**elasticity, elasticity
    return size * (1.0 + elasticity), elasticity * size / point


def _capped(
    compiled: CompiledIndustry, cap: JointCap | None, unit_of_owner: NDArray[np.int64], units: int
) -> NDArray[np.bool_]:
    limited = np.zeros(units, dtype=np.bool_)
    if cap is not None:
        decides = _owner_of(compiled)
        named = {decides[name] for name in cap.owners} or set(compiled.owners)
        limited[unit_of_owner[[place for place, owner in enumerate(compiled.owners) if owner in named]]] = True
    return limited
