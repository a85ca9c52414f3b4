"""Read an equilibrium off the columns and rows of a solved network."""

from __future__ import annotations

__all__ = ["result_of"]

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.concepts import NetworkConcept
from potline.equilibrium.network.arrays import CompiledNetwork, Kind
from potline.equilibrium.network.certificate import Accuracy, NetworkCertificate
from potline.equilibrium.network.foreseeing import Settled
from potline.equilibrium.network.profits import owner_profits
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.sellers import sellers_of
from potline.equilibrium.network.series import table
from potline.equilibrium.network.state import NetworkMethod
from potline.industry.network import FixedDemand, IsoelasticLocalDemand
from potline.numerics.convex.program import ConvexAnswer

Floats = NDArray[np.float64]

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
