"""Solve a network for price takers and for sellers with market power at some of its stages, and certify the answer."""

from __future__ import annotations

__all__ = ["NetworkMethod", "result_of", "solve_network"]

import dataclasses
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.concepts import Competitive, NetworkConcept
from potline.equilibrium.network.arrays import CompiledNetwork, Kind
from potline.equilibrium.network.certificate import Accuracy, NetworkCertificate
from potline.equilibrium.network.compilation import compile_network
from potline.equilibrium.network.foreseeing import Settled
from potline.equilibrium.network.profits import owner_profits
from potline.equilibrium.network.reach import Near, brought_near
from potline.equilibrium.network.result import NetworkEquilibrium, NetworkMethod
from potline.equilibrium.network.sellers import sellers_of
from potline.equilibrium.network.series import table
from potline.equilibrium.network.verify import verify_network
from potline.errors import CertificateFailed, Infeasible, InputError, PotlineError, Problem
from potline.industry.network import FixedDemand, IsoelasticLocalDemand, Network
from potline.numerics.convex.program import ConvexAnswer, solve_convex
from potline.reading import reads, refuse

Floats = NDArray[np.float64]

STEPS = 40
UNCHECKED = NetworkCertificate(
    balance=np.inf,
    bounds=np.inf,
    complementarity=np.inf,
    worst="not checked",
    worst_per_t=np.inf,
    imbalance_kt=np.inf,
    gap=np.inf,
    foresight=np.inf,
    uniqueness="unknown",
    tolerance=Accuracy(),
)


@reads(name="solve")
def solve_network(
    network: Network,
    concept: NetworkConcept = Competitive(),
    *,
    stage: str = "",
    method: NetworkMethod = "auto",
    start: NetworkEquilibrium | None = None,
    accuracy: Accuracy = Accuracy(),
    check: Literal["raise", "report"] = "raise",
) -> NetworkEquilibrium:
    r"""Find prices and flows at which every activity, route, buyer and seller does what it should.

    .. math:: \max \sum_r \int_0^{Q_r} P_r - \text{costs} - \tfrac12 \sum_i \theta_i b_r x_{ir}^2

    ``x_ir`` is what seller i sells to demand r of the product ``stage`` and ``b_r`` the slope of that demand; price
    takers have ``theta = 0``. Sellers with market power keep their goods apart: the markets of one seller's goods may
    be at prices that no trader levels out. Everything else, carriers and stocks included, takes prices.

    Where no program has these conditions (cross terms that differ by direction, duty or tax on an endogenous price,
    inputs indexed to another product's price, demand of constant elasticity, derived demand that sellers foresee) they
    are solved as a complementarity problem, from the answer of the nearest program or from ``start``; so is a program
    that ``auto`` finds no answer to though nothing is short.

    Args:
        network: products, places, activities, routes, demands, stocks, periods.
        concept: Competitive, Cournot, Conjectural or Cartel; Successive for several stages.
        stage: the product sold with market power; may be left out where one product has demand that answers the price.
        method: ``auto``, or ``flow``, ``highs``, ``piqp`` (convex), ``complementarity``.
        start: the equilibrium of a neighbouring question, which shortens the way.
        accuracy: what the certificate must meet.
        check: ``raise`` refuses an answer whose certificate fails; ``report`` returns it with its status.

    Raises:
        InputError: the network or the question mean nothing, or the method asked for cannot carry it; every problem is
            listed with the route or activity that causes it.
        Infeasible: fixed demands, stocks and goods afloat cannot be balanced; says where and what is full.
        CertificateFailed: no answer was found, or its certificate does not hold and ``check`` is ``raise``.

    Source: Takayama and Judge (1971), Spatial and Temporal Price and Allocation Models, ch. 8-9; Hashimoto (1985),
    A spatial Nash equilibrium model, in Harker (ed.), Spatial Price Equilibrium, pp. 20-40 (the term in ``theta``).

    Examples:
        >>> from potline.industry.network import Activity, Amount, LocalDemand, Place, Product, Route
        >>> pair = Network(
        ...     name="pair", products=(Product(name="metal"),), places=(Place(name="west"), Place(name="east")),
        ...     activities=(Activity(name="mill", place="west", outputs=(Amount(product="metal"),), cost_per_t=2.0),),
        ...     routes=(Route(product="metal", origin="west", destination="east", freight_per_t=1.0),),
        ...     demands=(LocalDemand(product="metal", place="east", intercept_per_t=10.0, slope_per_kt=1.0),))
        >>> result = solve_network(pair)
        >>> result.price("metal", "east"), result.bought_kt.tolist(), result.status
        (3.0, [[7.0]], 'certified')
    """
    compiled = compile_network(network, concept, stage)
    answer = _answer(compiled, method, start.answer if start else None)
    result = result_of(compiled, concept, method, answer)
    certificate = verify_network(result, accuracy)
    if check == "raise" and not certificate.holds:
        raise CertificateFailed(f"The answer for network {network.name!r} does not pass its check: {certificate.words}")
    return dataclasses.replace(result, certificate=certificate)


def _answer(compiled: CompiledNetwork, method: NetworkMethod, start: ConvexAnswer | None) -> ConvexAnswer:
    """Solve the network with what nobody can pay brought near, or as it stands where that does not solve it."""
    near = brought_near(compiled)
    if near is None:
        return _solved(compiled, method, start)
    short: Infeasible | None = None
    try:
        answer = _from_near(near, method, start)
    except Infeasible as error:
        answer, short = None, error
    except PotlineError:
        answer = None
    if answer is not None:
        return answer
    try:
        return _solved(near.whole, method, start)
    except CertificateFailed as failed:
        raise short or failed from None


def _from_near(near: Near, method: NetworkMethod, start: ConvexAnswer | None) -> ConvexAnswer | None:
    """Solve the cut network, then with the costs of what is used given back by and by; None where that has no end."""
    for _ in range(STEPS):
        answer = _solved(near.network, method, start)
        x = near.solved(answer.x)
        if x is not None:
            return dataclasses.replace(answer, x=x)
        near, start = near.nearer(answer.x), answer
    return None


def _solved(compiled: CompiledNetwork, method: NetworkMethod, start: ConvexAnswer | None) -> ConvexAnswer:
    """Let the kernel that can carry the network solve it."""
    if method == "complementarity" or (method == "auto" and compiled.beyond_convex):
        from potline.equilibrium.network.complementarity import solve_conditions

        try:
            return solve_conditions(compiled, start)
        except (CertificateFailed, Infeasible) as failed:
            from potline.equilibrium.network.diagnosis import why_none

            raise why_none(compiled) or failed from None
    if compiled.beyond_convex:
        needed = "a network that the convex kernel can carry, or method='auto' or 'complementarity'"
        raise InputError(
            [
                Problem(where=f"network {compiled.network.name!r}, method {method!r}", found=reason, needed=needed)
                for reason in compiled.beyond_convex
            ]
        )
    _check_method(compiled, method)
    answer = solve_convex(compiled.program, method=method, start=start)
    if answer.status == "solved":
        return answer
    from potline.equilibrium.network.complementarity import solve_conditions
    from potline.equilibrium.network.diagnosis import no_answer, why_none

    # A solver of programs may take a tight program for one without an answer; the other kernel then decides.
    if method != "auto" or why_none(compiled):
        raise no_answer(compiled)
    try:
        return solve_conditions(compiled)
    except (CertificateFailed, Infeasible):
        raise no_answer(compiled) from None


def _check_method(compiled: CompiledNetwork, method: NetworkMethod) -> None:
    """Refuse a convex method that cannot carry the network."""
    if method not in ("flow", "highs"):
        return
    from potline.numerics.convex.graph import graph_of

    program = compiled.program
    bent = bool(np.any(program.diagonal)) or bool(np.any(program.cubic)) or program.cross[2].size > 0
    where = f"network {compiled.network.name!r}, method {method!r}"
    if method == "highs" and bent:
        needed = "straight costs and fixed demand: HiGHS solves linear programs"
        raise refuse(where, "costs or demand that change with the quantity", needed, "Leave the method out.")
    if method == "flow" and graph_of(program) is None:
        found = "activities or routes that are no arcs of a graph, or costs that bend twice"
        needed = "one product that changes place alone, at constant costs, between straight costs and straight demand"
        raise refuse(where, found, needed, "Leave the method out.")


def result_of(
    compiled: CompiledNetwork, concept: NetworkConcept, method: NetworkMethod, answer: ConvexAnswer
) -> NetworkEquilibrium:
    """Read quantities, prices and rents off the columns and rows of a compiled network; the certificate is missing."""
    network = compiled.network
    sellers, periods = len(compiled.sellers), network.periods
    level = _sums(compiled, answer.x, Kind.ACTIVITY, len(network.activities)).sum(axis=0)
    bought = _sums(compiled, answer.x, Kind.DEMAND, len(network.demands)).sum(axis=0)
    stock = _sums(compiled, answer.x, Kind.STOCK, len(network.stocks))
    for k, item in enumerate(network.stocks):
        stock[0, k, -1] += item.closing_kt
    for k, item in enumerate(network.demands):
        if isinstance(item, FixedDemand):
            bought[k] = table([item.quantity_kt], periods)[0]
    balances = compiled.row_product.size
    own = answer.price.reshape(periods, compiled.block).T / compiled.weight
    value = np.full((sellers, len(network.products), len(network.places), periods), np.nan)
    value[compiled.row_seller, compiled.row_product, compiled.row_place] = own[:balances]
    price = value[0].copy()
    if compiled.stages:
        _market_prices(compiled, bought, price)
    delivered, response = _deliveries(compiled, answer, own, price)
    rent = np.zeros((len(network.quotas), periods))
    room = np.flatnonzero(compiled.kind == Kind.ROOM)
    rows = compiled.matrix.indices[compiled.matrix.indptr[room]]
    rent[compiled.noun[room], compiled.period[room]] = -answer.price[rows] / compiled.weight[compiled.period[room]]
    arrays: dict[str, Any] = {
        "level_kt": level,
        "flow_kt": _sums(compiled, answer.x, Kind.ROUTE, len(network.routes)),
        "bought_kt": bought,
        "sales_kt": _sums(compiled, answer.x, Kind.SALE, len(network.demands)),
        "stock_kt": stock,
        "delivered_kt": delivered,
        "response_per_kt": response,
        "price_per_t": price,
        "value_per_t": value,
        "quota_rent_per_t": rent,
    }
    for array in arrays.values():
        array.setflags(write=False)
    result = NetworkEquilibrium(
        network=network,
        concept=concept,
        stages=compiled.stages,
        method=method,
        sellers=compiled.sellers,
        theta=tuple(compiled.theta.tolist()),
        **arrays,
        markets=compiled.market_names,
        owners=(),
        owner_profit_m=np.zeros((0, periods)),
        potential_m=np.nan if compiled.beyond_convex else -compiled.program.objective(answer.x) / 1000.0,
        answer=answer,
        certificate=UNCHECKED,
    )
    owners, profit = owner_profits(result, sellers_of(network, concept, result.stage))
    profit.setflags(write=False)
    return dataclasses.replace(result, owners=owners, owner_profit_m=profit)


def _sums(compiled: CompiledNetwork, x: Floats, kind: Kind, nouns: int) -> Floats:
    """Add up the columns of a kind, shape (sellers, nouns, periods)."""
    here = np.flatnonzero(compiled.kind == kind)
    periods = compiled.network.periods
    at = (compiled.seller[here] * nouns + compiled.noun[here]) * periods + compiled.period[here]
    size = len(compiled.sellers) * nouns * periods
    return np.bincount(at, x[here], size).astype(float).reshape(len(compiled.sellers), nouns, periods)


def _deliveries(compiled: CompiledNetwork, answer: ConvexAnswer, own: Floats, price: Floats) -> tuple[Floats, Floats]:
    """Return what sellers bring to activities and how prices there answer; write the prices.

    Shapes: (sellers, markets, periods), and (markets, periods, markets, periods): the first pair's price, in money of
    its period, by one more kt at the second.
    """
    markets, periods = compiled.markets, compiled.network.periods
    count = markets.row.size
    delivered = _sums(compiled, answer.x, Kind.DELIVERY, count)
    price[markets.product, markets.place] = own[markets.row]
    response = np.zeros((count, periods, count, periods))
    if isinstance(answer.basis, Settled):
        found = answer.basis.answers.reshape(periods, count, periods, count)
        response = found.transpose(1, 0, 3, 2) / compiled.weight[None, :, None, None]
    return delivered, response


def _market_prices(compiled: CompiledNetwork, bought: Floats, price: Floats) -> None:
    """Write what buyers pay for products sold with market power, read off their demand."""
    network = compiled.network
    number = {(item.product, item.place): k for k, item in enumerate(network.demands)}
    products, places = [item.name for item in network.products], [item.name for item in network.places]
    for k, item in enumerate(network.demands):
        if item.product not in compiled.stages or isinstance(item, FixedDemand):
            continue
        at = products.index(item.product), places.index(item.place)
        if isinstance(item, IsoelasticLocalDemand):
            usual, quantity = table([item.price_per_t, item.quantity_kt], network.periods)
            price[at] = usual * (bought[k] / quantity) ** (-1.0 / item.elasticity)
            continue
        intercept, slope = table([item.intercept_per_t, item.slope_per_kt], network.periods)
        price[at] = intercept - slope * bought[k]
        for term in network.cross_terms:
            if term.kind == "demand" and term.place == item.place and term.of == item.product:
                price[at] -= term.per_t_per_kt * bought[number[term.by, term.place]]
