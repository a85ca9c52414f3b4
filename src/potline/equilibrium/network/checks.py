"""Find everything that is wrong with a declared network before anything is compiled."""

from __future__ import annotations

__all__ = ["check_network"]

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from potline.errors import InputError, Problem
from potline.industry.network import (
    FixedDemand,
    IsoelasticLocalDemand,
    LocalDemand,
    Network,
    PlaceDemand,
    Route,
    Series,
    at,
)
from potline.text import apart

Least = Callable[[str, str, Series, float, str], Iterable[Problem]]

_SOME, _NONE_LESS = -math.inf, "0 or more"


def check_network(network: Network) -> None:
    """Raise every problem of a network at once.

    Raises:
        InputError: unknown or repeated names, numbers out of range, demand that slopes the wrong way, products that
            nobody makes, places that nobody can reach, loops of routes that earn money without end.

    Examples:
        >>> check_network(Network(name="empty", products=(), places=()))
    """
    problems = [*_names(network), *_references(network), *_numbers(network)]
    if not problems:
        problems = [*_made(network), *_loops(network)]
    if problems:
        raise InputError(problems)


def _names(network: Network) -> Iterable[Problem]:
    groups = {
        "product": [item.name for item in network.products],
        "place": [item.name for item in network.places],
        "activity": [item.name for item in network.activities],
        "route": [item.label for item in network.routes],
        "demand": [f"{item.product} at {item.place}" for item in network.demands],
        "stock": [f"{item.product} at {item.place}" for item in network.stocks],
        "quota": [item.name for item in network.quotas],
    }
    for noun, names in groups.items():
        for name, times in Counter(names).items():
            if times > 1:
                yield Problem(where=f"{noun} {name!r}", found=f"{times} of that name", needed="one")


def _references(network: Network) -> Iterable[Problem]:
    products = {item.name for item in network.products}
    places = {item.name for item in network.places}
    labels = {item.label for item in network.routes}

    def known(where: str, noun: str, name: str, names: set[str]) -> Iterable[Problem]:
        if name not in names:
            yield Problem(where=where, found=f"{noun} {name!r}", needed=f"a {noun} of the network")

    for activity in network.activities:
        where = f"activity {activity.name!r}"
        yield from known(where, "place", activity.place, places)
        for amount in (*activity.inputs, *activity.outputs):
            yield from known(where, "product", amount.product, products)
            if amount.indexed_to:
                yield from known(where, "product", amount.indexed_to, products)
            if amount.index_place:
                yield from known(where, "place", amount.index_place, places)
        if not (activity.inputs or activity.outputs):
            yield Problem(where=where, found="no inputs and no outputs", needed="one at least")
    for route in network.routes:
        where = f"route {route.label!r}"
        yield from known(where, "product", route.product, products)
        yield from known(where, "place", route.origin, places)
        yield from known(where, "place", route.destination, places)
        if route.origin == route.destination:
            yield Problem(where=where, found="the same place at both ends", needed="two places")
    for noun, items in (("demand", network.demands), ("stock", network.stocks)):
        for item in items:
            yield from known(f"{noun} for {item.product!r} at {item.place!r}", "product", item.product, products)
            yield from known(f"{noun} for {item.product!r} at {item.place!r}", "place", item.place, places)
    for quota in network.quotas:
        for name in quota.routes:
            yield from known(f"quota {quota.name!r}", "route", name, labels)
    demands = {(item.product, item.place) for item in network.demands if isinstance(item, LocalDemand)}
    names = {item.name for item in network.activities if not item.steps}
    for term in network.cross_terms:
        for name in (term.of, term.by):
            if (term.kind == "demand" and (name, term.place) not in demands) or (
                term.kind == "activity" and name not in names
            ):
                yield Problem(
                    where=f"cross term of {term.by!r} on {term.of!r}",
                    found=f"{name!r}",
                    needed=f"a linear demand at {term.place!r}"
                    if term.kind == "demand"
                    else "an activity without steps",
                )


def _numbers(network: Network) -> Iterable[Problem]:
    periods = network.periods
    if periods < 1:
        yield Problem(where="network", found=f"{periods} periods", needed="1 or more")
        return
    if not 0.0 <= network.discount_per_period < 1.0:
        found = f"{network.discount_per_period:g}"
        yield Problem(where="network, discount_per_period", found=found, needed="0 or more, below 1")

    def least(where: str, field: str, series: Series, low: float, needed: str) -> Iterable[Problem]:
        values = series if isinstance(series, tuple) else (series,)
        if isinstance(series, tuple) and len(series) != periods:
            found = f"{len(series)} values"
            yield Problem(where=f"{where}, {field}", found=found, needed=f"{periods}, one a period, or one number")
            return
        wrong = next((value for value in values if not value >= low), None)
        if wrong is not None:
            yield Problem(where=f"{where}, {field}", found=f"{wrong:g}", needed=needed)

    yield from _activity_numbers(network, least)
    yield from _route_numbers(network, least)
    yield from _demand_numbers(network, least)
    yield from _stock_numbers(network, least)
    for quota in network.quotas:
        yield from least(f"quota {quota.name!r}", "limit_kt", quota.limit_kt, 0.0, _NONE_LESS)


def _activity_numbers(network: Network, least: Least) -> Iterable[Problem]:
    for activity in network.activities:
        where = f"activity {activity.name!r}"
        yield from least(where, "cost_per_t", activity.cost_per_t, _SOME, "a number")
        yield from least(where, "cost_slope", activity.cost_slope, 0.0, _NONE_LESS)
        yield from least(where, "capacity_kt", activity.capacity_kt, 0.0, _NONE_LESS)
        for step in activity.steps:
            yield from least(where, "step capacity_kt", step.capacity_kt, 0.0, _NONE_LESS)
            yield from least(where, "step cost_per_t", step.cost_per_t, _SOME, "a number")
        for amount in (*activity.inputs, *activity.outputs):
            if not 0.0 < amount.per_t < math.inf:
                yield Problem(where=f"{where}, {amount.product!r}", found=f"{amount.per_t:g} per_t", needed="above 0")
            if not 0.0 <= amount.index_share < math.inf or (amount.indexed_to and amount.index_share == 0.0):
                needed = "above 0 where the input is indexed"
                yield Problem(
                    where=f"{where}, {amount.product!r}", found=f"{amount.index_share:g} index_share", needed=needed
                )
            if amount.indexed_to and amount in activity.outputs:
                yield Problem(
                    where=f"{where}, {amount.product!r}", found="an output indexed to another price", needed="an input"
                )
        if activity.steps and (activity.capacity_kt != math.inf or activity.cost_slope != 0.0):
            found = "steps, and a capacity or slope of the whole"
            yield Problem(where=where, found=found, needed="one or the other: steps carry their own capacity")


def _route_numbers(network: Network, least: Least) -> Iterable[Problem]:
    periods = network.periods
    for route in network.routes:
        where = f"route {route.label!r}"
        yield from least(where, "freight_per_t", route.freight_per_t, _SOME, "a number")
        for field in ("capacity_kt", "duty_share", "vat_rate", "crowding_slope", "crowding_cubic"):
            yield from least(where, field, getattr(route, field), 0.0, _NONE_LESS)
        if not 0.0 <= route.loss_share < 1.0:
            yield Problem(where=f"{where}, loss_share", found=f"{route.loss_share:g}", needed="0 or more, below 1")
        if not 0 <= route.lag_periods < max(periods, 1):
            needed = f"0 to {periods - 1}, so that something arrives in {periods} periods"
            yield Problem(where=f"{where}, lag_periods", found=f"{route.lag_periods}", needed=needed)
        if not 0.0 <= route.afloat_kt < math.inf:
            yield Problem(where=f"{where}, afloat_kt", found=f"{route.afloat_kt:g}", needed="0 or more")


def _demand_numbers(network: Network, least: Least) -> Iterable[Problem]:
    for demand in network.demands:
        where = f"demand for {demand.product!r} at {demand.place!r}"
        if isinstance(demand, FixedDemand):
            yield from least(where, "quantity_kt", demand.quantity_kt, 0.0, _NONE_LESS)
            continue
        if isinstance(demand, IsoelasticLocalDemand):
            for field in ("price_per_t", "quantity_kt", "elasticity"):
                yield from least(where, field, getattr(demand, field), 5e-324, "above 0")
            continue
        yield from least(where, "intercept_per_t", demand.intercept_per_t, _SOME, "a number")
        falls = "above 0: P = intercept_per_t - slope_per_kt Q falls as more is sold"
        for problem in least(where, "slope_per_kt", demand.slope_per_kt, 5e-324, falls):
            yield replace(problem, hint=_feeding(network, demand))


def _stock_numbers(network: Network, least: Least) -> Iterable[Problem]:
    for stock in network.stocks:
        where = f"stock of {stock.product!r} at {stock.place!r}"
        yield from least(where, "cost_per_t", stock.cost_per_t, _SOME, "a number")
        for field in ("capacity_kt", "opening_kt", "closing_kt"):
            yield from least(where, field, getattr(stock, field), 0.0, _NONE_LESS)
        if not 0.0 <= stock.loss_share < 1.0:
            yield Problem(where=f"{where}, loss_share", found=f"{stock.loss_share:g}", needed="0 or more, below 1")
        if isinstance(stock.capacity_kt, (int, float)) and stock.closing_kt > stock.capacity_kt:
            found, most = apart(stock.closing_kt, stock.capacity_kt)
            yield Problem(where=f"{where}, closing_kt", found=found, needed=f"{most} at most, its capacity")


def _feeding(network: Network, demand: PlaceDemand) -> str:
    """Return a hint that names the routes that lead to a demand."""
    into = [
        route.label for route in network.routes if route.product == demand.product and route.destination == demand.place
    ]
    return f"Turn the sign round; it is fed by route {into[0]!r}." if into else "Turn the sign round."


def _made(network: Network) -> Iterable[Problem]:
    """Look for products that nobody makes and demands that nobody's goods can come to."""
    sources: dict[str, set[str]] = {product.name: set() for product in network.products}
    for activity in network.activities:
        for amount in activity.outputs:
            sources[amount.product].add(activity.place)
    for stock in network.stocks:
        if stock.opening_kt > 0.0:
            sources[stock.product].add(stock.place)
    for route in network.routes:
        if route.afloat_kt > 0.0:
            sources[route.product].add(route.destination)
    by_product: dict[str, list[Route]] = {}
    for route in network.routes:
        by_product.setdefault(route.product, []).append(route)
    wanted: dict[str, str] = {}
    for activity in network.activities:
        for amount in activity.inputs:
            wanted.setdefault(amount.product, f"activity {activity.name!r} needs it")
    for demand in network.demands:
        wanted.setdefault(demand.product, f"{demand.place!r} buys it")
    for product, who in wanted.items():
        if not sources[product]:
            carriers = by_product.get(product, [])
            yield Problem(
                where=f"product {product!r}",
                found=f"nobody that makes it, though {who}"
                + (f" and route {carriers[0].label!r} carries it" if carriers else ""),
                needed="an activity with it among its outputs, an opening stock, or goods afloat",
                hint="Goods from outside are an activity with outputs only.",
            )
    reached: dict[str, set[str]] = {}
    for product, makers in sources.items():
        onward: dict[str, list[str]] = {}
        for route in by_product.get(product, ()):
            onward.setdefault(route.origin, []).append(route.destination)
        seen, front = set(makers), list(makers)
        while front:
            fresh = [place for place in onward.get(front.pop(), ()) if place not in seen]
            seen.update(fresh)
            front += fresh
        reached[product] = seen
    for demand in network.demands:
        if sources[demand.product] and demand.place not in reached[demand.product]:
            into = [route for route in by_product.get(demand.product, ()) if route.destination == demand.place]
            found = (
                f"only routes that nobody's goods can reach: {', '.join(repr(route.label) for route in into[:3])}"
                if into
                else "no route that ends there, and no maker there"
            )
            makers = ", ".join(sorted(sources[demand.product])[:4])
            yield Problem(
                where=f"demand for {demand.product!r} at {demand.place!r}",
                found=found,
                needed=f"a way from where it is made ({makers})",
                hint=f"Add a route {demand.product!r} from one of them"
                + (f" or into {into[0].origin!r}." if into else f" to {demand.place!r}."),
            )


def _loops(network: Network) -> Iterable[Problem]:
    """Look for loops of routes without limit whose costs add up to less than nothing (Bellman and Ford)."""
    told: set[tuple[str, ...]] = set()
    negative = [route for route in network.routes if _may_be_negative(route)]
    for product in dict.fromkeys(route.product for route in negative):
        routes = [route for route in network.routes if route.product == product]
        for period in range(network.periods):
            free = [route for route in routes if _unlimited(route, period)]
            costs = [route.border_cost_per_t(period) for route in free]
            if not any(cost < 0.0 for cost in costs):
                continue
            loop = _negative_loop(free, costs)
            label = tuple(sorted(route.label for route in loop))
            if loop and label not in told:
                told.add(label)
                total = sum(route.border_cost_per_t(period) for route in loop)
                yield Problem(
                    where=f"loop of routes {', '.join(repr(route.label) for route in loop)}",
                    found=f"a total cost of {total:g} per t and no capacity: going round earns money without end",
                    needed="costs that add up to 0 or more, or a capacity_kt",
                    hint=f"Look at {min(loop, key=lambda route: route.border_cost_per_t(period)).label!r} first.",
                )


def _may_be_negative(route: Route) -> bool:
    series = route.freight_per_t if isinstance(route.freight_per_t, tuple) else (route.freight_per_t,)
    return min(series) < 0.0


def _unlimited(route: Route, period: int) -> bool:
    bound = at(route.capacity_kt, period)
    crowding = at(route.crowding_slope, period) + at(route.crowding_cubic, period)
    return math.isinf(bound) and crowding == 0.0 and route.lag_periods == 0 and route.loss_share == 0.0


def _negative_loop(routes: list[Route], costs: list[float]) -> list[Route]:
    places = list(dict.fromkeys(place for route in routes for place in (route.origin, route.destination)))
    distance = dict.fromkeys(places, 0.0)
    came: dict[str, int] = {}
    slack = 1e-12 * max(abs(cost) for cost in costs)
    last = ""
    for _ in places:
        last = ""
        for k, route in enumerate(routes):
            if distance[route.origin] + costs[k] < distance[route.destination] - slack:
                distance[route.destination] = distance[route.origin] + costs[k]
                came[route.destination] = k
                last = route.destination
        if not last:
            return []
    for _ in places:
        last = routes[came[last]].origin
    loop, place = [routes[came[last]]], routes[came[last]].origin
    while place != last:
        loop.append(routes[came[place]])
        place = routes[came[place]].origin
    return loop[::-1]
