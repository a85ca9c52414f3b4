"""Check a solved chain: its network, the intervals of its prices, and that it is the chain of the industry it names."""

from __future__ import annotations

__all__ = ["verify_chain"]

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.compiled import compile_industry
from potline.equilibrium.asked import sellable
from potline.equilibrium.concepts import StopAndRestart
from potline.equilibrium.network.certificate import Accuracy, NetworkCertificate
from potline.equilibrium.network.verify import verify_network
from potline.equilibrium.network.verify_intervals import verify_intervals
from potline.industry import Industry, InputMarket
from potline.industry.chain import ABROAD, MARKET
from potline.industry.network import Activity, FixedDemand, LocalDemand, Network, at
from potline.verification import Check, Checked

if TYPE_CHECKING:
    from potline.equilibrium.chain.result import ChainResult

Floats = NDArray[np.float64]
_CLOSE = 1e-9


def verify_chain(
    result: ChainResult, accuracy: Accuracy | None = None, *, network: NetworkCertificate | None = None
) -> Checked:
    """Return the certificate of a chain: rows of its network, of its intervals, and of what it was made from.

    Args:
        result: the answer.
        accuracy: what the network is held to; that of the answer unless given.
        network: the certificate of the network, where it was made just now; made unless given.
    """
    solved = result.equilibrium
    found = network or verify_network(solved, accuracy or solved.certificate.tolerance)
    market = result.industry.input_market
    made = _made_from(result.industry, market, result, solved.network) if market is not None else np.nan
    source = Check(
        name="the industry's own chain", value=float(made), tolerance=_CLOSE, unit="of each capacity, cost and demand",
        method="plants by line, suppliers, ore and demand read anew from the industry",
    )  # fmt: skip
    if result.intervals_found:
        return Checked((*found.checks, source, verify_intervals(solved, result.intervals)))
    point = np.nan_to_num(np.abs(np.subtract(result.intervals.low_per_t, solved.price_per_t)))
    other = np.nan_to_num(np.abs(np.subtract(result.intervals.high_per_t, solved.price_per_t)))
    ends = Check(name="price intervals", value=float(np.max([point, other], initial=0.0)), tolerance=0.0)
    return Checked((*found.checks, source, ends))


def _made_from(industry: Industry, market: InputMarket, result: ChainResult, network: Network) -> float:
    """Return the largest relative difference between a network and what the industry says of it."""
    activities = {item.name: item for item in network.activities}
    products = {item.name for item in network.products}
    gaps = [0.0]
    if market.product in products:
        gaps += _supply(market, activities)
        gaps += _other_use(market, network, held=industry.product not in products)
    if industry.product in products:
        gaps += _made_by_plants(industry, market, result, activities, held=market.product not in products)
        gaps += _demand(industry, network)
        gaps += _trade(industry, market, activities, network)
    return float(np.max(gaps))


def _gap(found: float, wanted: float) -> float:
    """Return a relative difference; nothing where both are the same, also without limit."""
    return 0.0 if found == wanted else abs(found - wanted) / max(abs(found), abs(wanted))


def _made_by_plants(
    industry: Industry, market: InputMarket, result: ChainResult, activities: dict[str, Activity], *, held: bool
) -> list[float]:
    """Compare each plant's lines; where the input's price is held only what they can make."""
    compiled = compile_industry(industry)
    stop = restart = compiled.net_cash_cost_per_t()[0]
    if isinstance(result.avoidable, StopAndRestart):
        stop, restart = np.array(result.avoidable.stop_per_t), np.array(result.avoidable.restart_per_t)
    running, idle = sellable(compiled, stop)
    use = compiled.input(market.product, "use_per_t")[0]
    bought = use * compiled.input(market.product, "price_per_unit")[0]
    weight = np.maximum(compiled.plant("capacity_kt")[0], 1e-12)
    places = np.array([plant.government for plant in industry.plants]) if market.routes else np.zeros(weight.size)
    freight = np.zeros(weight.size)
    for name in np.unique(places):
        here = places == name
        freight[here] = np.average(compiled.plant("freight_per_t")[0][here], weights=weight[here])
    gaps: list[float] = []
    for j, plant in enumerate(industry.plants):
        lines = [
            (float(price - bought[j] - freight[j]), float(kt))
            for price, kt in ((stop[j], running[j]), (restart[j], idle[j]))
            if kt > 0.0 and np.isfinite(price)
        ]
        item = activities.get(plant.name)
        if item is None or len(item.steps) != len(lines):
            gaps.append(float(item is not None or bool(lines)))
            continue
        stated = [(at(step.cost_per_t, 0), at(step.capacity_kt, 0)) for step in item.steps]
        gaps += [_gap(one[1], other[1]) for one, other in zip(stated, lines, strict=True)]
        if not held:
            gaps += [_gap(one[0], other[0]) for one, other in zip(stated, lines, strict=True)]
            gaps.append(_gap(sum(amount.per_t for amount in item.inputs), float(use[j])))
    return gaps


def _supply(market: InputMarket, activities: dict[str, Activity]) -> list[float]:
    """Compare capacity, ore and cost of each supplier, and capacity and price of each source of ore."""
    rate = market.parity.exchange_rate if market.parity else np.nan
    gaps: list[float] = []
    for item in market.suppliers:
        made = activities[item.name]
        ores = [
            (source.cif_usd_per_t * rate if source.cif_usd_per_t else 0.0) + source.cost_per_t
            for source in market.ore
            if (source.kind, source.government) == (item.ore, item.government) and source.capacity_kt > 0.0
        ]
        gate = item.cash_cost_per_t - (item.delivery_per_t if market.routes else 0.0)
        gate -= item.ore_use_t_per_t * max(ores, default=0.0)
        gaps += [_gap(at(made.capacity_kt, 0), item.capacity_kt), _gap(at(made.cost_per_t, 0), gate)]
        gaps.append(_gap(sum(amount.per_t for amount in made.inputs), item.ore_use_t_per_t))
    for source in market.ore:
        made = activities.get(f"ore {source.name}")
        if made is not None:
            price = (source.cif_usd_per_t * rate if source.cif_usd_per_t else 0.0) + source.cost_per_t
            gaps += [_gap(at(made.capacity_kt, 0), source.capacity_kt), _gap(at(made.cost_per_t, 0), price)]
    if market.parity is not None:
        abroad = market.parity.fob_usd_per_t * market.parity.exchange_rate
        gaps += [_gap(at(item.cost_per_t, 0), abroad) for name, item in activities.items() if _abroad(name, market)]
    return gaps


def _abroad(name: str, market: InputMarket) -> bool:
    return name == f"{market.product} abroad"


def _other_use(market: InputMarket, network: Network, *, held: bool) -> list[float]:
    """Compare what others use of the input; where outputs are held it holds theirs too."""
    fixed = sum(
        at(item.quantity_kt, 0)
        for item in network.demands
        if isinstance(item, FixedDemand) and item.product == market.product
    )
    wanted = market.other_use_kt if sum(item.capacity_kt for item in market.suppliers) > 0.0 else 0.0
    return [max(0.0, wanted - fixed) / max(wanted, 1e-300)] if held else [_gap(fixed, wanted)]


def _trade(industry: Industry, market: InputMarket, activities: dict[str, Activity], network: Network) -> list[float]:
    """Compare imports and exports of the product: price at the border and beyond it, slope, tranches, floor."""
    trade, product = industry.trade, industry.product
    gaps: list[float] = []
    for place, item in enumerate(trade.tranches):
        made = activities.get(f"import tranche {place + 1}")
        offered = (np.nan, np.nan) if made is None else (at(made.cost_per_t, 0), at(made.capacity_kt, 0))
        gaps += [_gap(offered[0], item.price_per_t), _gap(offered[1], item.quantity_kt)]
    sold = activities.get("exports")
    floor = -np.inf if sold is None else -at(sold.cost_per_t, 0)
    gaps.append(_gap(floor, trade.export_floor_per_t))
    bought, parity = activities.get(f"{product} abroad"), trade.parity
    routes = [item for item in network.routes if (item.product, item.origin) == (product, ABROAD)]
    if parity is None or trade.slope_kt_per_price == 0.0:
        return [*gaps, float(bought is not None or bool(routes))]
    if bought is None or not routes:
        return [*gaps, 1.0]
    rate = parity.exchange_rate
    landed = (parity.fob_usd_per_t + parity.freight_usd_per_t) * rate * (1.0 + parity.duty_share)
    landed += parity.port_charges_per_t / (1.0 + parity.vat_rate)
    extra = {
        item.destination: item.freight_per_t
        for item in market.routes
        if (item.product, item.origin) == (product, ABROAD)
    }
    for route in routes:
        freight = at(route.freight_per_t, 0)
        duty = at(route.duty_share, 0) * (at(route.customs_value_per_t or 0.0, 0) + freight)
        port = at(route.port_charges_per_t, 0) / (1.0 + at(route.vat_rate, 0))
        wanted = landed + extra.get(route.destination, 0.0)
        gaps.append(_gap(at(bought.cost_per_t, 0) + freight + duty + port, wanted))
    rise = trade.import_supply_slope_kt_per_price
    if trade.rest_of_world is not None:
        abroad = trade.rest_of_world
        rise = abroad.supply_elasticity / (parity.fob_usd_per_t * rate) * abroad.quantity_kt / (1.0 + parity.duty_share)
    return [*gaps, _gap(at(bought.cost_slope, 0), 1.0 / rise)]


def _demand(industry: Industry, network: Network) -> list[float]:
    """Compare demand for the product at the market."""
    demand = industry.demand
    slope = demand.price_per_t / (demand.elasticity * demand.quantity_kt)
    found = [item for item in network.demands if (item.product, item.place) == (industry.product, MARKET)]
    if len(found) != 1 or not isinstance(found[0], LocalDemand):
        return [1.0]
    intercept = demand.price_per_t + slope * demand.quantity_kt
    return [_gap(at(found[0].slope_per_kt, 0), slope), _gap(at(found[0].intercept_per_t, 0), intercept)]
