r"""What a deal, cheating on it and its end bring each member: the stakes of enforcement.

From an industry whose owners set quantities: the deal sells the joint-profit output, shared by quotas; a cheat answers
the others' quotas with its best output; the end is the Cournot equilibrium. From one whose owners set prices under
capacity limits: the deal charges the joint-profit price; a cheat undercuts it and sells what it can; the end is the
equilibrium of prices, in mixed strategies where the rivals of the largest cannot serve the market.
"""

from __future__ import annotations

__all__ = ["DealPayoffs", "price_deal", "quantity_deal", "quantity_market"]

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium import Cartel, CashCost, Cournot, solve
from potline.errors import InputError, Problem
from potline.industry import Industry, LinearDemand
from potline.reading import Name, NonNegative, Share, Within, noun, reads

Floats = NDArray[np.float64]
Amounts = tuple[float, ...]
Costs = tuple[NonNegative, ...]


@noun
class DealPayoffs:
    """Payoffs of the members of a deal, millions a year (one-off costs: millions), in the order of ``owners``.

    Attributes:
        owners: members.
        coordinate_m: while all keep the deal.
        defect_m: of one who cheats while the others keep it.
        punish_m: of that one ever after.
        restart_cost_m: paid once to cheat; zeros where none.
        stick_m, stick_defect_m: of each while all carry out a stick, and if it shirks; none: ``punish_m`` twice.
        idle_on_m: of one who keeps its part of the deal when all others have given it up; none where not known.
        punisher_cost_m: what it pays once to give it up as well.
        price_per_t: in the deal.
        cheat_price_per_t: when each cheats; none where not known.

    Raises:
        InputError: lengths differ, a number is missing or a cost is negative.

    Examples:
        >>> deal = DealPayoffs(owners=("A", "B"), coordinate_m=(3.0, 3.0), defect_m=(5.0, 5.0), punish_m=(1.0, 1.0))
        >>> deal.restart_cost_m
        (0.0, 0.0)
    """

    owners: tuple[Name, ...]
    coordinate_m: Amounts
    defect_m: Amounts
    punish_m: Amounts
    restart_cost_m: Costs = ()
    stick_m: Amounts = ()
    stick_defect_m: Amounts = ()
    idle_on_m: Amounts = ()
    punisher_cost_m: Costs = ()
    price_per_t: Annotated[float, Within(missing=True)] = math.nan
    cheat_price_per_t: Amounts = ()

    def __post_init__(self) -> None:
        """Fill in what is zero."""
        if not self.restart_cost_m:
            object.__setattr__(self, "restart_cost_m", (0.0,) * len(self.owners))
        if not self.punisher_cost_m:
            object.__setattr__(self, "punisher_cost_m", self.restart_cost_m)
        if not self.stick_m:
            object.__setattr__(self, "stick_m", self.punish_m)
            object.__setattr__(self, "stick_defect_m", self.punish_m)

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where nobody is a member, and for each list that is not as long as the members."""
        size = len(self.owners)
        if size == 0:
            yield Problem(where="deal, owners", found="nobody", needed="one member or more")
        for name in (
            "coordinate_m", "defect_m", "punish_m", "restart_cost_m", "stick_m", "stick_defect_m", "idle_on_m",
            "punisher_cost_m", "cheat_price_per_t",
        ):  # fmt: skip
            values: Amounts = getattr(self, name)
            if len(values) != size and (values or name not in ("idle_on_m", "cheat_price_per_t")):
                yield Problem(where=f"deal, {name}", found=f"{len(values)} numbers", needed=f"{size}")


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
        return min(float(self.ends[owner][-1]), self.most)

    @property
    def most(self) -> float:
        """What demand takes at the lowest cost, or at a price of 0 where no cost lies below; kt/year."""
        return (self.intercept - min(0.0, *(float(cost.min()) for cost in self.costs))) / self.slope

    def profit(self, owner: int, own: float, others: float) -> float:
        """Return revenue less cash cost, the cheapest plants first."""
        starts = np.concatenate([[0.0], self.ends[owner][:-1]])
        used = np.clip(own - starts, 0.0, self.ends[owner] - starts)
        return self.price(own + others) * own - float(self.costs[owner] @ used)

    def best(self, owner: int, others: float) -> tuple[float, float]:
        """Return the output that brings most against the others', and its profit: every piece is tried."""
        top = self.capacity(owner)
        starts = np.concatenate([[0.0], self.ends[owner][:-1]])
        room = self.intercept - self.slope * others
        inner = np.clip((room - self.costs[owner]) / (2.0 * self.slope), starts, self.ends[owner])
        tried = {0.0, top, *self.ends[owner].tolist(), *inner.tolist()}
        tried |= {(room - self.ceiling) / self.slope, room / self.slope}
        return max(
            ((q, self.profit(owner, q, others)) for q in sorted(tried) if 0.0 <= q <= top), key=lambda pair: pair[1]
        )


def quantity_market(industry: Industry) -> QuantityMarket:
    """Read an industry with linear demand and step costs.

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
    costs: list[Floats] = []
    ends: list[Floats] = []
    for owner in industry.owners:
        mine = sorted(
            (plant.net_cash_cost_per_t(industry.own_inputs), plant.capacity_kt)
            for plant in industry.plants
            if industry.owner(plant.firm) == owner
        )
        costs.append(np.array([cost for cost, _ in mine]))
        size = np.array([min(capacity, demand.intercept_per_t / demand.slope_per_kt) for _, capacity in mine])
        ends.append(np.cumsum(size))
    return QuantityMarket(
        owners=industry.owners,
        intercept=demand.intercept_per_t,
        slope=demand.slope_per_kt,
        ceiling=trade.ceiling_per_t,
        costs=tuple(costs),
        ends=tuple(ends),
    )


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
        output = [math.fsum(joint) * weight / math.fsum(weights) for weight in weights]
    else:
        output = [float(quotas.get(owner, math.nan)) for owner in industry.owners]
    over = [i for i, q in enumerate(output) if not 0.0 <= q <= market.capacity(i) * (1.0 + 1e-9)]
    if over:
        needed = f"0 to its capacity of {market.capacity(over[0]):g}"
        raise InputError(
            [Problem(where=f"quota of {market.owners[over[0]]!r}", found=f"{output[over[0]]:g}", needed=needed)]
        )
    best = [market.best(i, math.fsum(output) - output[i]) for i in range(len(output))]
    stick = stick_defect = punish = [market.profit(i, alone[i], math.fsum(alone) - alone[i]) for i in range(len(alone))]
    if severity is not None:
        takes_part = [q > 0.0 or quota > 0.0 for q, quota in zip(alone, output, strict=True)]
        harsh = [q + severity * (market.capacity(i) - q) if takes_part[i] else 0.0 for i, q in enumerate(alone)]
        stick = [market.profit(i, q, math.fsum(harsh) - q) for i, q in enumerate(harsh)]
        stick_defect = [market.best(i, math.fsum(harsh) - q)[1] for i, q in enumerate(harsh)]
    return DealPayoffs(
        owners=market.owners,
        coordinate_m=_millions([market.profit(i, q, math.fsum(output) - q) for i, q in enumerate(output)]),
        defect_m=_millions([profit for _, profit in best]),
        punish_m=_millions(punish),
        stick_m=_millions(stick),
        stick_defect_m=_millions(stick_defect),
        price_per_t=market.price(math.fsum(output)),
        cheat_price_per_t=tuple(
            market.price(math.fsum(output) - q + own) for q, (own, _) in zip(output, best, strict=True)
        ),
    )


@reads
def price_deal(industry: Industry, *, shares: str = "capacity") -> DealPayoffs:
    r"""Return the stakes of a cartel of all owners who set prices and are limited by capacity.

    With capacities k, one unit cost c and demand D: in the deal the joint-profit price and shares of what is sold; a
    cheat undercuts, selling min(k_i, D(p)) at the best price p up to that; without a deal, where the others of the
    largest owner n can serve the market at cost, nobody earns anything, and else ``(p_low - c) min(k_i, D(p_low))``
    with ``(p_low - c) min(k_n, D(p_low)) = max over p of (p - c) (D(p) - K_-n)``: who pays most is served first.

    Args:
        industry: linear demand and one unit cost for all; capacities may differ only if demand is inelastic (a share of
            1e-9 or less between cost and the highest price), because small owners may earn more otherwise.
        shares: of what the deal sells: ``capacity`` or ``equal``.

    Raises:
        InputError: costs differ, or capacities differ under elastic demand.

    Source: Compte, Jenny and Rey (2002), European Economic Review 46, pp. 1-29; Brock and Scheinkman (1985), Review of
        Economic Studies 52, pp. 371-382; Kreps and Scheinkman (1983), Bell Journal of Economics 14, pp. 326-337.

    Examples:
        >>> from potline.industry import Plant
        >>> trio = Industry(name="trio", demand=LinearDemand.from_line(intercept_per_t=1.0, slope_per_kt=1.0),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=9.0) for n in "ABC"))
        >>> deal = price_deal(trio)
        >>> [round(1e3 * value[0], 9) for value in (deal.coordinate_m, deal.defect_m, deal.punish_m)]
        [0.083333333, 0.25, 0.0]
    """
    market = quantity_market(industry)
    sizes = np.array([float(end[-1]) for end in market.ends])
    unit = float(market.costs[0][0])
    top = min(market.ceiling, market.intercept)

    def demand(price: float) -> float:
        return max(0.0, (market.intercept - price) / market.slope)

    def earns(price: float, most: float, taken: float = 0.0) -> float:
        return (price - unit) * max(0.0, min(most, demand(price) - taken))

    problems: list[Problem] = []
    if any((cost != unit).any() for cost in market.costs):
        problems.append(Problem(where="industry, plants", found="different unit costs", needed="one for all"))
    if np.ptp(sizes) > 1e-12 * sizes.max() and demand(unit) - demand(top) > 1e-9 * demand(unit):
        problems.append(
            Problem(
                where="industry, capacities",
                found="unequal capacities under elastic demand",
                needed="equal ones, or demand that does not change up to the highest price",
            )
        )
    if shares not in ("capacity", "equal"):
        problems.append(Problem(where="shares", found=repr(shares), needed="capacity or equal"))
    if problems:
        raise InputError(problems)

    def best(most: float, taken: float, highest: float) -> tuple[float, float]:
        peak = 0.5 * (market.intercept - market.slope * taken + unit)
        full = market.intercept - market.slope * (most + taken)
        tried = [p for p in (highest, peak, full) if unit <= p <= highest]
        return max(((p, earns(p, most, taken)) for p in tried), key=lambda pair: pair[1], default=(unit, 0.0))

    total, largest = float(sizes.sum()), int(np.argmax(sizes))
    price, joint = best(total, 0.0, top)
    weight = sizes / total if shares == "capacity" else np.full(sizes.size, 1.0 / sizes.size)
    _, rest = best(float(sizes[largest]), total - float(sizes[largest]), top)
    cheat = [best(float(k), 0.0, price) for k in sizes]
    lowest = _lowest_price(rest, float(sizes[largest]), unit, market, top) if rest > 0.0 else unit
    return DealPayoffs(
        owners=market.owners,
        coordinate_m=_millions([joint * float(part) for part in weight]),
        defect_m=_millions([profit for _, profit in cheat]),
        punish_m=_millions([earns(lowest, float(k)) for k in sizes]),
        price_per_t=price,
        cheat_price_per_t=tuple(p for p, _ in cheat),
    )


def _lowest_price(rest: float, size: float, unit: float, market: QuantityMarket, top: float) -> float:
    """Solve ``(p - c) min(k, D(p)) = rest`` on the rising side; two closed forms."""
    by_capacity = unit + rest / size
    if (market.intercept - by_capacity) / market.slope >= size:
        return min(by_capacity, top)
    middle, half = 0.5 * (market.intercept + unit), 0.5 * (market.intercept - unit)
    return min(middle - math.sqrt(max(half * half - market.slope * rest, 0.0)), top)


def _millions(values: list[float]) -> Amounts:
    return tuple(value / 1000.0 for value in values)
