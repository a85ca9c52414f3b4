"""A meeting as a checker reads it: from the nouns of the case, plant by plant, by code of its own.

What a tonne idled loses comes from :mod:`potline.shutdown`, which has a certificate of its own; all else is read here.
"""

from __future__ import annotations

__all__ = ["Facts", "by_owner", "read", "still"]

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from potline.cases import Case
from potline.cases.parts import Meeting
from potline.choices import Rule
from potline.compiled import compile_industry
from potline.industry import Industry, IsoelasticDemand
from potline.shutdown import Terms, priced_at, terms_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_FULL = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)  # not slotted: a sum asked a thousand times is kept
class Facts:
    """One meeting: J plants, O owners of the industry, n of them at the table; money/t without tax, kt/year.

    Attributes:
        owners: of the industry.
        seats: who decides at the table.
        seat: their place among the owners, [n].
        owner: of each plant, [J].
        running, idle, part, whole, stop, restart, use, line_size: [J]; ``part``, ``whole``: loss over the term per t
            idled of a part and of all of a plant; ``use``: of bought input per t.
        terms: what a plant pays and is paid.
        price, quantity, elasticity, isoelastic: the point that demand passes through today.
        ceiling, imports, spread: import parity, kt a year that come for each unit of money/t above it, and the standard
            deviation of the headroom up to it.
        annuity: of the term.
        steps, relief: falls of output at which the shared input gets cheaper, and by how much in all from there on.
        rule, least, stated, term: of the meeting; ``stated`` by seat.
    """

    owners: tuple[str, ...]
    seats: tuple[str, ...]
    seat: Integers
    owner: Integers
    running: Floats
    idle: Floats
    part: Floats
    whole: Floats
    stop: Floats
    restart: Floats
    use: Floats
    line_size: Floats
    terms: Terms
    price: float
    quantity: float
    elasticity: float
    isoelastic: bool
    ceiling: float
    imports: float
    spread: float
    annuity: float
    steps: Floats
    relief: Floats
    rule: Rule
    least: float
    stated: Floats
    term: float

    @cached_property
    def size(self) -> Floats:
        """What each owner runs, [O]."""
        return by_owner(self.owner, self.running, len(self.owners))

    @cached_property
    def bought_kt(self) -> Floats:
        """What each owner buys of the shared input a year, [O]."""
        return by_owner(self.owner, self.running * self.use, len(self.owners))

    @cached_property
    def table_kt(self) -> float:
        """What all at the table run together."""
        return float(self.size[self.seat].sum())

    @cached_property
    def revenue_m(self) -> float:
        """What those at the table take a year, million."""
        return 1e-3 * self.price * (self.table_kt or 1.0)

    @cached_property
    def scale_m(self) -> float:
        """What those at the table take a year, million, or lose a year by idling all: the measure of a discrepancy.

        Revenue is that at the price to which the tonnage asked for brings demand: many times today's where hardly
        anybody buys less, and money rounds by a share of it. A loss that a short term spreads over less than a year
        may be many times the revenue too, and rounds as it does.
        """
        lost = float((np.abs(self.part) * self.running)[np.isin(self.owner, self.seat)].sum())
        asked = min(max(self.least, 0.0), self.table_kt)
        dearer = 1.0 + asked / max(self.elasticity * self.quantity, 1e-300)
        capped = math.isinf(self.imports) and self.spread == 0.0
        most = max(self.ceiling / self.price, 1.0) if capped else math.inf
        return max(self.revenue_m * min(dearer, most), 1e-3 * lost / self.annuity)

    def mask(self, names: tuple[str, ...]) -> int:
        """Return the coalition of some owners, -1 for nobody or for a name that is not at the table or comes twice."""
        if not names or len(set(names)) < len(names) or not set(names) <= set(self.seats):
            return -1
        return sum(1 << self.seats.index(name) for name in names)

    def mask_in_order(self, names: tuple[str, ...]) -> int:
        """Return the same, and -1 too where the names do not stand in the order of the table."""
        mask = self.mask(names)
        return mask if names == tuple(s for k, s in enumerate(self.seats) if mask >= 0 and mask >> k & 1) else -1


def still(terms: Terms) -> Terms:
    """Return terms under which the price never moves."""
    none = np.zeros_like(terms.volatility)
    return dataclasses.replace(terms, volatility=none, drift=none, kappa=none)


def by_owner(owner: Integers, values: Floats, owners: int) -> Floats:
    """Return sums by owner, [owners]."""
    return np.bincount(owner, weights=values, minlength=owners).astype(np.float64)


def read(
    case: Case,
    *,
    rule: Rule | None = None,
    least: float | None = None,
    terms: Callable[[Terms], Terms] | None = None,
    ceiling_lift: float = 0.0,
    price: float | None = None,
    running: Floats | None = None,
    relieved: bool = True,
) -> Facts:
    """Read a case.

    Args:
        case: with a meeting.
        rule, least: instead of the case's.
        terms: what the terms become before options are solved.
        ceiling_lift: added to import parity.
        price, running: the state of a market that was cleared again.
        relieved: whether a cut makes the shared input cheaper.
    """
    industry, meeting = case.industry, case.meeting
    assert meeting is not None
    paid = terms_of(compile_industry(industry), np.array([meeting.term_years]))
    paid = terms(paid) if terms is not None else paid
    here = industry.price_per_t if price is None else price
    runs = np.array([plant.running_kt for plant in industry.plants]) if running is None else running
    told = _Told(
        industry=industry,
        meeting=meeting,
        rule=rule or meeting.rule,
        least=meeting.least_cut_kt if least is None else least,
        ceiling_lift=ceiling_lift,
        price=here,
        relieved=relieved,
        numbers=(runs.tobytes(), *(getattr(paid, item.name).tobytes() for item in dataclasses.fields(paid)[1:])),
        running=runs,
        terms=paid,
    )
    return _read(told)


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What a reading is made of; readings of equal ones are one, as a certificate asks for the same again and again."""

    industry: Industry
    meeting: Meeting
    rule: Rule
    least: float
    ceiling_lift: float
    price: float
    relieved: bool
    numbers: tuple[bytes, ...]
    running: Floats = field(compare=False)
    terms: Terms = field(compare=False)


@lru_cache(maxsize=64)
def _read(told: _Told) -> Facts:
    industry, meeting, paid, here, runs = told.industry, told.meeting, told.terms, told.price, told.running
    decides = {firm.name: firm.owner or firm.name for firm in industry.firms}
    held_by = [decides.get(plant.firm, plant.firm) for plant in industry.plants]
    owners = tuple(dict.fromkeys(held_by))
    seats = tuple(name for name in meeting.owners if name in owners)
    stated = np.zeros(len(seats))
    for firm, cut in meeting.stated_cuts_kt:
        name = decides.get(firm, firm)
        if name in seats:
            stated[seats.index(name)] += cut
    options = priced_at(paid, np.array([here]))
    built = np.array([plant.running_kt for plant in industry.plants]) + np.array(industry.restartable_kt)
    product = industry.input_market.product if industry.input_market is not None else ""
    used = [next((item for item in plant.inputs if item.product == product), None) for plant in industry.plants]
    years, rate = float(paid.term_years[0]), float(paid.discount_rate[0])
    quantity, elasticity = _demand(industry, here)
    steps, relief = _steps(industry, runs) if told.relieved else (np.empty(0), np.empty(0))
    return Facts(
        owners=owners,
        seats=seats,
        seat=np.array([owners.index(name) for name in seats], dtype=np.int64),
        owner=np.array([owners.index(name) for name in held_by], dtype=np.int64),
        running=runs,
        idle=np.maximum(built - runs, 0.0),
        part=options.loss_part[0],
        whole=options.loss_whole[0],
        stop=options.stop_price[0],
        restart=options.restart_price[0],
        use=np.array([0.0 if item is None else item.use_per_t * (1.0 - item.own_share) for item in used]),
        line_size=np.array([plant.line_kt for plant in industry.plants]),
        terms=paid,
        price=here,
        quantity=quantity,
        elasticity=elasticity,
        isoelastic=isinstance(industry.demand, IsoelasticDemand),
        ceiling=industry.trade.ceiling_per_t + told.ceiling_lift,
        imports=_imports(industry),
        spread=industry.trade.headroom_spread_per_t if industry.trade.headroom_spread_per_t > 1e-6 * here else 0.0,
        annuity=-math.expm1(-rate * years) / rate if rate > 0.0 else years,
        steps=steps,
        relief=relief,
        rule=told.rule,
        least=told.least,
        stated=stated,
        term=years,
    )


def _demand(industry: Industry, price: float) -> tuple[float, float]:
    """Return what is bought at a price and the elasticity there."""
    demand = industry.demand
    if isinstance(demand, IsoelasticDemand):
        return demand.quantity_kt * (price / demand.price_per_t) ** -demand.elasticity, demand.elasticity
    slope = demand.price_per_t / (demand.elasticity * demand.quantity_kt)
    quantity = max(demand.quantity_kt + (demand.price_per_t - price) / slope, _FULL * demand.quantity_kt)
    return quantity, price / (slope * quantity)


def _imports(industry: Industry) -> float:
    """Return by how many kt a year imports rise for each unit of money/t above parity."""
    trade = industry.trade
    if trade.rest_of_world is None or trade.parity is None:
        return trade.import_supply_slope_kt_per_price
    for_one_per_cent = 0.01 * trade.rest_of_world.quantity_kt * trade.rest_of_world.supply_elasticity
    one_per_cent = 0.01 * trade.parity.fob_usd_per_t
    return for_one_per_cent / (one_per_cent * trade.parity.exchange_rate * (1.0 + trade.parity.duty_share))


def _steps(industry: Industry, running: Floats) -> tuple[Floats, Floats]:
    """Return the falls of output at which a cheaper supplier becomes the last one needed, and the relief from there."""
    market = industry.input_market
    if market is None:
        return np.empty(0), np.empty(0)
    use = [sum(item.use_per_t for item in plant.inputs if item.product == market.product) for plant in industry.plants]
    taken, total = float(running @ np.array(use)), float(running.sum())
    each = taken / total if taken > 0.0 else 1.0
    wanted = taken + market.other_use_kt
    parity = market.parity.price_per_t if market.parity is not None else math.inf
    made, first = 0.0, math.nan
    found: list[tuple[float, float]] = []
    merit = sorted(market.suppliers, key=lambda item: item.cash_cost_per_t)
    for supplier in merit:
        made += supplier.capacity_kt
        cost = min(supplier.cash_cost_per_t, parity)
        if made < wanted * (1.0 - _FULL):
            found.append(((wanted - made) / each, cost))
        elif math.isnan(first):
            first = cost
    today = parity if math.isnan(first) else first
    kept = sorted((at, today - cost) for at, cost in found if at < total and cost < today)
    return np.array([at for at, _ in kept]), np.maximum.accumulate(np.array([saved for _, saved in kept]))
