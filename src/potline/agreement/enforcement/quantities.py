r"""The stakes of a cartel of owners who set quantities.

The deal sells the joint-profit output, shared by quotas; a cheat answers the others' quotas with its best output; the
end is the Cournot equilibrium.
"""

from __future__ import annotations

__all__ = ["QuantityMarket", "quantity_cartel", "quantity_deal", "quantity_market"]

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from potline.agreement.enforcement.deals import DealPayoffs
from potline.equilibrium import Cartel, CashCost, Cournot, solve
from potline.equilibrium.question import game_of
from potline.errors import InputError, Problem
from potline.industry import Industry, LinearDemand
from potline.numerics.ties import tied
from potline.reading import NonNegative, Share, reads

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuantityMarket:
    """Linear demand and step costs, for exact best answers; quantities kt/year, money/t, profits thousand a year."""

    owners: tuple[str, ...]
    intercept: float
    slope: float
    ceiling: float
    costs: tuple[Floats, ...]
    ends: tuple[Floats, ...]

    def price(self, quantity: float) -> float:
        """Return the price; it falls below 0 with demand, as in :func:`potline.solve`."""
        return min(self.ceiling, self.intercept - self.slope * quantity)

    def capacity(self, owner: int) -> float:
        """Return the capacity of an owner, at most what demand takes at the lowest cost, or at a price of 0."""
        return min(float(self.ends[owner].max(initial=0.0)), self.most)

    @property
    def most(self) -> float:
        """What demand takes at the lowest cost, or at a price of 0 where no cost lies below; kt/year."""
        return (self.intercept - min(float(cost.min(initial=0.0)) for cost in self.costs)) / self.slope

    def profit(self, owner: int, own: float, others: float) -> float:
        """Return revenue less cash cost, the cheapest plants first."""
        starts = np.concatenate([[0.0], self.ends[owner][:-1]])[: self.ends[owner].size]
        used = np.clip(own - starts, 0.0, self.ends[owner] - starts)
        return self.price(own + others) * own - float(self.costs[owner] @ used)

    def best(self, owner: int, others: float) -> tuple[float, float]:
        """Return the output that brings most against the others', and its profit: every piece is tried."""
        top = self.capacity(owner)
        starts = np.concatenate([[0.0], self.ends[owner][:-1]])[: self.ends[owner].size]
        room = self.intercept - self.slope * others
        inner = np.clip((room - self.costs[owner]) / (2.0 * self.slope), starts, self.ends[owner])
        tried = {0.0, top, *self.ends[owner].tolist(), *inner.tolist()}
        tried |= {(room - self.ceiling) / self.slope, room / self.slope}
        return max(
            ((q, self.profit(owner, q, others)) for q in sorted(tried) if 0.0 <= q <= top), key=lambda pair: pair[1]
        )


def quantity_market(industry: Industry) -> QuantityMarket:
    """Read an industry with linear demand and step costs; lines that start up or that an agreement idles sell nothing.

    Raises:
        InputError: other demand, rising plant costs, limited import tranches or an export floor.
    """
    demand, trade = industry.demand, industry.trade
    problems: list[Problem] = []
    if not isinstance(demand, LinearDemand):
        problems.append(Problem(where="industry, demand", found="isoelastic demand", needed="linear demand"))
    if any(plant.smooth_cost is not None for plant in industry.plants):
        problems.append(Problem(where="industry, plants", found="rising plant costs", needed="one cost a plant"))
    if any(math.isfinite(item.quantity_kt) for item in trade.tranches) or math.isfinite(trade.export_floor_per_t):
        problems.append(
            Problem(where="industry, trade", found="a limited tranche or an export floor", needed="at most a ceiling")
        )
    if problems or not isinstance(demand, LinearDemand):
        raise InputError(problems)
    game = game_of(industry, Cournot(), CashCost())
    most = (demand.intercept_per_t - float(game.cost.min(initial=0.0))) / demand.slope_per_kt
    mine = [slice(int(first), int(last)) for first, last in pairwise(game.start)]
    return QuantityMarket(
        owners=industry.owners,
        intercept=demand.intercept_per_t,
        slope=demand.slope_per_kt,
        ceiling=trade.ceiling_per_t,
        costs=tuple(game.cost[blocks] for blocks in mine),
        ends=tuple(np.cumsum(np.minimum(game.capacity[blocks], most)) for blocks in mine),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuantityCartel:
    """A cartel of all owners who set quantities: what each sells without a deal and in it, kt/year."""

    market: QuantityMarket
    alone: list[float]
    output: list[float]

    def deal(self, severity: float | None) -> DealPayoffs:
        """Return the stakes, with a stick of that severity; :func:`quantity_deal` says what they are.

        Payoffs of one owner that are equal on paper are equal to the last bit: no rounding decides who keeps a deal.
        """
        market, alone, output = self.market, self.alone, self.output
        harsh = alone
        if severity is not None:
            takes_part = [max(alone[i], output[i]) > 1e-9 * market.capacity(i) for i in range(len(alone))]
            harsh = [q + severity * (market.capacity(i) - q) if takes_part[i] else 0.0 for i, q in enumerate(alone)]
        total = math.fsum(output)
        best = [market.best(i, total - q) for i, q in enumerate(output)]
        payoffs: list[Floats] = []
        for i, q in enumerate(output):
            rest = math.fsum(harsh) - harsh[i]
            stick = market.profit(i, harsh[i], rest)
            earned = [
                market.profit(i, q, total - q),
                best[i][1],
                market.profit(i, alone[i], math.fsum(alone) - alone[i]),
                stick,
                stick if severity is None else market.best(i, rest)[1],
            ]
            payoffs.append(tied(earned, market.price(total) * q))
        in_deal, cheating, punished, carried, shirked = (tuple(row) for row in (np.array(payoffs).T / 1e3).tolist())
        return DealPayoffs(
            owners=market.owners,
            coordinate_m=in_deal,
            defect_m=cheating,
            punish_m=punished,
            stick_m=carried,
            stick_defect_m=shirked,
            price_per_t=market.price(total),
            cheat_price_per_t=tuple(market.price(total - q + own) for q, (own, _) in zip(output, best, strict=True)),
        )


def quantity_cartel(industry: Industry, quotas: str | Mapping[str, NonNegative]) -> QuantityCartel:
    """Find what each owner sells without a deal, and in it.

    Raises:
        InputError: an industry that cannot be read so, or a quota above capacity.
    """
    market = quantity_market(industry)
    apart = solve(industry, Cournot(), avoidable=CashCost())
    alone = [float(q) for q in apart.owner_output_kt]
    if isinstance(quotas, str):
        together = solve(industry, Cartel(members=industry.owners), avoidable=CashCost())
        joint = [float(q) for q in together.owner_output_kt]
        weights = {
            "cournot": alone, "capacity": [market.capacity(i) for i in range(len(alone))], "efficient": joint
        }.get(quotas)  # fmt: skip
        if weights is None:
            raise InputError(
                [Problem(where="quotas", found=repr(quotas), needed="cournot, capacity, efficient or a mapping")]
            )
        whole = math.fsum(weights)
        output = [math.fsum(joint) * weight / whole if whole > 0.0 else 0.0 for weight in weights]
    else:
        output = [float(quotas.get(owner, math.nan)) for owner in industry.owners]
    over = [i for i, q in enumerate(output) if not 0.0 <= q <= market.capacity(i) * (1.0 + 1e-9)]
    if over:
        needed = f"0 to its capacity of {market.capacity(over[0]):g}"
        raise InputError(
            [Problem(where=f"quota of {market.owners[over[0]]!r}", found=f"{output[over[0]]:g}", needed=needed)]
        )
    return QuantityCartel(market=market, alone=alone, output=output)


@reads
def quantity_deal(
    industry: Industry, *, quotas: str | Mapping[str, NonNegative] = "cournot", severity: Share | None = None
) -> DealPayoffs:
    """Return the stakes of a cartel of all owners who set quantities.

    Args:
        industry: linear demand, one cost a plant: its cash cost, running or idle.
        quotas: output of each owner in kt/year, or how the joint-profit output is shared: by what each sells without a
            deal (``cournot``), by ``capacity``, or at least cost (``efficient``).
        severity: of a stick: the share of the way from the output without a deal to capacity; no stick where None. An
            owner that sells neither in the deal nor without one takes no part in it.

    Raises:
        InputError: an industry that cannot be read so, or a quota above capacity.

    Examples:
        >>> from potline.industry import Plant
        >>> pair = Industry(name="pair", demand=LinearDemand.from_line(intercept_per_t=1000.0, slope_per_kt=1.0),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=900.0, other_cost_per_t=400.0) for n in "AB"))
        >>> deal = quantity_deal(pair)
        >>> [round(value[0], 6) for value in (deal.coordinate_m, deal.defect_m, deal.punish_m)]
        [45.0, 50.625, 40.0]
    """
    return quantity_cartel(industry, quotas).deal(severity)
