r"""From an industry to a network: ore and suppliers, the input by route, plants by line, the product to the market.

A supplier's cost at its gate is its cash cost less delivery and less its ore at the dearest source of its kind in its
province; ore is bought at its own price. Lines of a plant offer at

    stop (restart) price - use * price of the input in the case - freight of the product,

and buy the input at the price of their province: a cheaper tonne of it moves a line's price by its use. What is used
outside the plants stands where suppliers are, by capacity. Without routes all provinces are one place.
"""

from __future__ import annotations

__all__ = ["EVERYWHERE", "chain_network", "ore_reference_per_t", "place_of", "product_route_name", "use_of"]

import math
from collections.abc import Mapping, Sequence

from potline.equilibrium.avoidable import avoidable_cost
from potline.equilibrium.concepts import Avoidable, CashCost
from potline.equilibrium.cuts import withdrawn_kt
from potline.errors import InputError, Problem
from potline.industry import ImportParity, Industry, InputMarket, Plant, Supplier
from potline.industry.chain import ABROAD, MARKET
from potline.industry.network import (
    Activity,
    Amount,
    CostStep,
    FixedDemand,
    LocalDemand,
    Network,
    Place,
    PlaceDemand,
    Product,
    Route,
)

EVERYWHERE = "everywhere"


def chain_network(
    industry: Industry,
    avoidable: Avoidable | None = None,
    *,
    output_kt: Sequence[float] | None = None,
    input_price_per_t: Mapping[str, float] | None = None,
) -> Network:
    """Write an industry and its chain as a network of one year.

    Args:
        industry: with ``industry.input_market``; agreements recorded in it withdraw lines.
        avoidable: what a line avoids by stopping; see :func:`potline.equilibrium.chain`.
        output_kt: output of each plant; held, so that nothing is said of the product.
        input_price_per_t: price of the input by province, money/t without tax: held, so that suppliers are left out.

    Raises:
        InputError: no market of an input, an ore that nothing brings, outputs of a wrong number; all problems at once.

    Examples:
        >>> from potline.industry import Input, LinearDemand, Plant
        >>> ore = Input(product="coke", use_per_t=2.0, price_per_unit=2000.0)
        >>> small = Industry(name="small", demand=LinearDemand(price_per_t=9000.0, quantity_kt=50.0, elasticity=1.0),
        ...     plants=(Plant(name="A", firm="A", government="Henan", capacity_kt=50.0, inputs=(ore,)),),
        ...     input_market=InputMarket(product="coke", price_per_t=2000.0,
        ...                         suppliers=(Supplier(name="H", capacity_kt=160.0, cash_cost_per_t=1800.0),)))
        >>> [activity.name for activity in chain_network(small).activities]
        ['H', 'A']
    """
    market = _market(industry, output_kt)
    products = [Product(name=market.product)]
    activities: list[Activity] = []
    routes: list[Route] = []
    demands: list[PlaceDemand] = []
    if input_price_per_t is None:
        kinds = dict.fromkeys(item.ore for item in market.suppliers if item.ore_use_t_per_t > 0.0)
        products += [Product(name=kind) for kind in kinds]
        activities += _ore(market, set(kinds))
        activities += [_supplying(market, item) for item in market.suppliers]
        routes += _input_routes(market, activities)
        demands += _fixed(industry, market, output_kt)
    if output_kt is None:
        products.append(Product(name=industry.product))
        activities += _making(industry, market, avoidable_cost(industry, avoidable), input_price_per_t)
        routes += _product_routes(industry, market)
        activities += _product_trade(industry, routes)
        demand = industry.demand
        demands.append(
            LocalDemand.calibrated(
                product=industry.product, place=MARKET, price_per_t=demand.price_per_t, quantity_kt=demand.quantity_kt,
                elasticity=demand.elasticity,
            )
        )  # fmt: skip
    names = [item.place for item in activities] + [
        place for item in routes for place in (item.origin, item.destination)
    ]
    names += [item.place for item in demands]
    return Network(
        name=industry.name,
        currency=industry.currency,
        products=tuple(item for item in products if input_price_per_t is None or item.name != market.product),
        places=tuple(Place(name=name) for name in dict.fromkeys(names)),
        activities=tuple(activities),
        routes=tuple(routes),
        demands=tuple(demands),
    )


def product_route_name(product: str, place: str) -> str:
    """Return how the route of the product from a province is called."""
    return f"{product} {place} to {MARKET}"


def place_of(market: InputMarket, government: str) -> str:
    """Return the place of a province: itself, or the one place of a chain without routes."""
    return government or "no province" if market.routes else EVERYWHERE


def ore_reference_per_t(market: InputMarket, supplier: Supplier) -> float:
    """Return what ore cost where the supplier's cash cost was stated: the dearest source that brings any."""
    rate = market.parity.exchange_rate if market.parity else math.nan
    prices = [
        item.delivered_per_t(rate)
        for item in market.ore
        if item.kind == supplier.ore and item.government == supplier.government and item.capacity_kt > 0.0
    ]
    return max(prices, default=0.0)


def _market(industry: Industry, output_kt: Sequence[float] | None) -> InputMarket:
    market = industry.input_market
    if market is None:
        raise InputError(
            [
                Problem(
                    where=f"industry {industry.name!r}",
                    found="no input market",
                    needed="`input_market`",
                    hint="Give the case numbers of `input_market` and suppliers.csv.",
                )
            ]
        )
    brought = {(item.kind, item.government) for item in market.ore}
    problems = [
        Problem(
            where=f"supplier {item.name!r}",
            found=f"{item.ore or 'no kind of ore'!r}, which nothing brings to {item.government!r}",
            needed="a source of ore of that kind and province",
            hint="Add one, or set ore_use_t_per_t to 0.",
        )
        for item in market.suppliers
        if item.ore_use_t_per_t > 0.0 and (item.ore, item.government) not in brought
    ]
    if output_kt is not None and len(output_kt) != len(industry.plants):
        needed = f"{len(industry.plants)}, one for each plant"
        problems.append(Problem(where="output_kt", found=f"{len(output_kt)} outputs", needed=needed))
    if problems:
        raise InputError(problems)
    return market


def _ore(market: InputMarket, kinds: set[str]) -> list[Activity]:
    rate = market.parity.exchange_rate if market.parity else math.nan
    return [
        Activity(
            name=f"ore {item.name}",
            place=place_of(market, item.government),
            outputs=(Amount(product=item.kind),),
            cost_per_t=item.delivered_per_t(rate),
            capacity_kt=item.capacity_kt,
            owner=item.name,
        )
        for item in market.ore
        if item.kind in kinds
    ]


def _supplying(market: InputMarket, item: Supplier) -> Activity:
    use = item.ore_use_t_per_t
    delivery = item.delivery_per_t if market.routes else 0.0
    return Activity(
        name=item.name,
        place=place_of(market, item.government),
        inputs=(Amount(product=item.ore, per_t=use),) if use > 0.0 else (),
        outputs=(Amount(product=market.product),),
        cost_per_t=item.cash_cost_per_t - delivery - use * ore_reference_per_t(market, item),
        capacity_kt=item.capacity_kt,
    )


def _input_routes(market: InputMarket, activities: list[Activity]) -> list[Route]:
    """Return the routes of the input, and add what is bought abroad to the activities."""
    mine = [item for item in market.routes if item.product == market.product]
    routes = [
        Route(
            name=item.name, product=item.product, origin=item.origin, destination=item.destination,
            freight_per_t=item.freight_per_t, capacity_kt=item.capacity_kt,
        )
        for item in mine
        if item.origin != ABROAD
    ]  # fmt: skip
    parity = market.parity
    if parity is None:
        return routes
    activities.append(_bought_abroad(market.product, parity))
    landings = [(item.destination, item.freight_per_t, item.capacity_kt) for item in mine if item.origin == ABROAD]
    places = dict.fromkeys(item.place for item in activities if item.place != ABROAD)
    for place, extra, capacity in landings or [(place, 0.0, math.inf) for place in places]:
        routes.append(_landing(market.product, parity, place, extra, capacity))
    return routes


def _bought_abroad(product: str, parity: ImportParity, slope_kt_per_price: float = math.inf) -> Activity:
    """Return purchases abroad; a price at home that is higher by 1 brings ``slope_kt_per_price`` more."""
    return Activity(
        name=f"{product} {ABROAD}",
        place=ABROAD,
        outputs=(Amount(product=product),),
        cost_per_t=parity.fob_usd_per_t * parity.exchange_rate,
        cost_slope=1.0 / slope_kt_per_price,
    )


def _landing(product: str, parity: ImportParity, place: str, extra: float, capacity: float) -> Route:
    """Return the way from abroad: freight by sea, duty on the value at the border, tax got back, port charges."""
    rate = parity.exchange_rate
    # Extra cost comes after the border, so that no duty is charged on it.
    port = parity.port_charges_per_t + extra * (1.0 + parity.vat_rate)
    return Route(
        name=f"{product} {ABROAD} to {place}", product=product, origin=ABROAD, destination=place,
        freight_per_t=parity.freight_usd_per_t * rate, customs_value_per_t=parity.fob_usd_per_t * rate,
        duty_share=parity.duty_share, vat_rate=parity.vat_rate, port_charges_per_t=port, capacity_kt=capacity,
    )  # fmt: skip


def _fixed(industry: Industry, market: InputMarket, output_kt: Sequence[float] | None) -> list[PlaceDemand]:
    wanted: dict[str, float] = {}
    total = sum(item.capacity_kt for item in market.suppliers)
    for item in market.suppliers if total > 0.0 else ():
        place = place_of(market, item.government)
        wanted[place] = wanted.get(place, 0.0) + market.other_use_kt * item.capacity_kt / total
    for plant, made in zip(industry.plants, output_kt or (), strict=False):
        place = place_of(market, plant.government)
        wanted[place] = wanted.get(place, 0.0) + made * use_of(plant, market.product)
    return [
        FixedDemand(product=market.product, place=place, quantity_kt=amount)
        for place, amount in wanted.items()
        if amount > 0.0
    ]


def use_of(plant: Plant, product: str) -> float:
    """Return how much of an input a plant uses for a tonne."""
    return next((item.use_per_t for item in plant.inputs if item.product == product), 0.0)


def _making(
    industry: Industry, market: InputMarket, avoidable: Avoidable, prices: Mapping[str, float] | None
) -> list[Activity]:
    freight = product_freight(industry, market)
    result: list[Activity] = []
    for j, (plant, (running, idle)) in enumerate(zip(industry.plants, withdrawn_kt(industry, avoidable), strict=True)):
        use = use_of(plant, market.product)
        place = place_of(market, plant.government)
        bought = next((item.price_per_unit for item in plant.inputs if item.product == market.product), 0.0)
        own = -use * bought - freight[place]
        if prices is not None:
            own += use * prices[place] if use > 0.0 else 0.0
        stop = restart = plant.net_cash_cost_per_t(industry.own_inputs)
        if not isinstance(avoidable, CashCost):
            stop, restart = avoidable.stop_per_t[j], avoidable.restart_per_t[j]
        able = plant.restartable_kt(industry.availability_share)
        lines = ((plant.running_kt - running, stop), (able - idle, restart))
        steps = [
            CostStep(capacity_kt=capacity, cost_per_t=price + own)
            for capacity, price in lines
            if capacity > 0.0 and math.isfinite(price)
        ]
        if steps:
            inputs = (Amount(product=market.product, per_t=use),) if use > 0.0 and prices is None else ()
            result.append(
                Activity(
                    name=plant.name, place=place, owner=industry.owner(plant.firm), inputs=inputs,
                    outputs=(Amount(product=industry.product),), steps=tuple(steps),
                )
            )  # fmt: skip
    return result


def product_freight(industry: Industry, market: InputMarket) -> dict[str, float]:
    """Return the mean freight of the product by place, by capacity, money/t."""
    weight: dict[str, float] = {}
    bill: dict[str, float] = {}
    for plant in industry.plants:
        place, capacity = place_of(market, plant.government), max(plant.capacity_kt, 1e-12)
        weight[place] = weight.get(place, 0.0) + capacity
        bill[place] = bill.get(place, 0.0) + capacity * plant.freight_per_t
    return {place: bill[place] / weight[place] for place in weight}


def _product_routes(industry: Industry, market: InputMarket) -> list[Route]:
    product = industry.product
    given = [item for item in market.routes if item.product == product and item.origin != ABROAD]
    routes = [
        Route(
            name=item.name, product=product, origin=item.origin, destination=item.destination,
            freight_per_t=item.freight_per_t, capacity_kt=item.capacity_kt,
        )
        for item in given
    ]  # fmt: skip
    stated = {item.origin for item in given if item.destination == MARKET}
    routes += [
        Route(
            name=product_route_name(product, place),
            product=product,
            origin=place,
            destination=MARKET,
            freight_per_t=cost,
        )
        for place, cost in product_freight(industry, market).items()
        if place not in stated
    ]
    if industry.trade.parity is not None and industry.trade.slope_kt_per_price > 0.0:
        parity = industry.trade.parity
        landings = [item for item in market.routes if item.product == product and item.origin == ABROAD]
        for item in landings:
            routes.append(_landing(product, parity, item.destination, item.freight_per_t, item.capacity_kt))
        if not landings:
            routes.append(_landing(product, parity, MARKET, 0.0, math.inf))
    return routes


def _product_trade(industry: Industry, routes: Sequence[Route]) -> list[Activity]:
    product, trade = industry.product, industry.trade
    result: list[Activity] = []
    if trade.parity is not None and any(item.product == product and item.origin == ABROAD for item in routes):
        result.append(_bought_abroad(product, trade.parity, trade.slope_kt_per_price))
    for number, tranche in enumerate(trade.tranches, 1):
        result.append(
            Activity(
                name=f"import tranche {number}", place=MARKET, outputs=(Amount(product=product),),
                cost_per_t=tranche.price_per_t, capacity_kt=tranche.quantity_kt,
            )
        )  # fmt: skip
    if math.isfinite(trade.export_floor_per_t):
        result.append(
            Activity(
                name="exports", place=MARKET, inputs=(Amount(product=product),), cost_per_t=-trade.export_floor_per_t
            )
        )
    return result
