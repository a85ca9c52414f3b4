"""Solve a network for price takers, Cournot sellers, conjectures and cartels at one stage, and certify the answer."""

from __future__ import annotations

__all__ = ["result_of", "solve_network"]

import dataclasses
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.concepts import Competitive, Concept
from potline.equilibrium.network.arrays import CompiledNetwork, Kind
from potline.equilibrium.network.certificate import Accuracy, NetworkCertificate
from potline.equilibrium.network.compilation import compile_network
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.series import table
from potline.equilibrium.network.verify import verify_network
from potline.errors import CertificateFailed, InputError, Problem
from potline.industry.network import FixedDemand, LocalDemand, Network
from potline.numerics.convex import ConvexAnswer, Method, solve_convex

Floats = NDArray[np.float64]

UNCHECKED = NetworkCertificate(
    balance=np.inf, bounds=np.inf, complementarity=np.inf, worst="not checked", gap=np.inf, tolerance=Accuracy()
)


def solve_network(
    network: Network,
    concept: Concept = Competitive(),
    *,
    stage: str = "",
    method: Method = "auto",
    start: NetworkEquilibrium | None = None,
    accuracy: Accuracy = Accuracy(),
    check: Literal["raise", "report"] = "raise",
) -> NetworkEquilibrium:
    r"""Find prices and flows at which every activity, route, buyer and seller does what it should.

    .. math:: \max \sum_r \int_0^{Q_r} P_r - \text{costs} - \tfrac12 \sum_i \theta_i b_r x_{ir}^2

    ``x_ir`` is what seller i sells to demand r of the product ``stage`` and ``b_r`` the slope of that demand; price
    takers have ``theta = 0``. Sellers with market power keep their goods apart: the markets of one seller's goods may
    be at prices that no trader levels out. Everything else, carriers and stocks included, takes prices.

    Args:
        network: products, places, activities, routes, demands, stocks, periods.
        concept: Competitive, Cournot, Conjectural or Cartel.
        stage: the product sold with market power; may be left out where one product has linear demand.
        method: ``auto``, or ``flow``, ``highs``, ``piqp``.
        start: the equilibrium of a neighbouring question, which shortens the way.
        accuracy: what the certificate must meet.
        check: ``raise`` refuses an answer whose certificate fails; ``report`` returns it with its status.

    Raises:
        InputError: the network or the question mean nothing, or the equilibrium is no convex program; every problem is
            listed with the route or activity that causes it.
        Infeasible: fixed demands, stocks and goods afloat cannot be balanced; says where and what is full.
        CertificateFailed: the certificate does not hold and ``check`` is ``raise``.

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
    if compiled.not_integrable:
        raise InputError(
            [
                Problem(
                    where=f"network {network.name!r}",
                    found=reason,
                    needed="costs and wedges that do not depend on prices, and cross terms alike in both directions",
                    hint="This equilibrium is a complementarity problem and not a convex program.",
                )
                for reason in compiled.not_integrable
            ]
        )
    answer = solve_convex(compiled.program, method=method, start=start.answer if start else None)
    if answer.status != "solved":
        from potline.equilibrium.network.diagnosis import no_answer

        raise no_answer(compiled)
    result = result_of(compiled, concept, method, answer)
    certificate = verify_network(result, accuracy)
    if check == "raise" and not certificate.holds:
        raise CertificateFailed(
            f"The answer for network {network.name!r} does not pass its check: imbalance {certificate.balance:.1e}, "
            f"bounds {certificate.bounds:.1e}, complementarity {certificate.complementarity:.1e} at "
            f"{certificate.worst or 'nowhere'} (allowed {accuracy.residual:.0e}), gap {certificate.gap:.1e} (allowed "
            f'{accuracy.gap:.0e}). Use check="report" to see it, and please report the network.'
        )
    return dataclasses.replace(result, certificate=certificate)


def result_of(compiled: CompiledNetwork, concept: Concept, method: Method, answer: ConvexAnswer) -> NetworkEquilibrium:
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
    if sellers > 1:
        _market_prices(compiled, bought, price)
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
        "price_per_t": price,
        "value_per_t": value,
        "quota_rent_per_t": rent,
    }
    for array in arrays.values():
        array.setflags(write=False)
    return NetworkEquilibrium(
        network=network,
        concept=concept,
        stage=compiled.stage,
        method=method,
        sellers=compiled.sellers,
        theta=tuple(compiled.theta.tolist()),
        **arrays,
        potential_m=-compiled.program.objective(answer.x) / 1000.0,
        answer=answer,
        certificate=UNCHECKED,
    )


def _sums(compiled: CompiledNetwork, x: Floats, kind: Kind, nouns: int) -> Floats:
    """Add up the columns of a kind, shape (sellers, nouns, periods)."""
    here = np.flatnonzero(compiled.kind == kind)
    periods = compiled.network.periods
    at = (compiled.seller[here] * nouns + compiled.noun[here]) * periods + compiled.period[here]
    size = len(compiled.sellers) * nouns * periods
    return np.bincount(at, x[here], size).astype(float).reshape(len(compiled.sellers), nouns, periods)


def _market_prices(compiled: CompiledNetwork, bought: Floats, price: Floats) -> None:
    """Write what buyers pay for the product sold with market power, read off their demand."""
    network = compiled.network
    number = {(item.product, item.place): k for k, item in enumerate(network.demands)}
    for k, item in enumerate(network.demands):
        if item.product != compiled.stage or not isinstance(item, LocalDemand):
            continue
        p = [product.name for product in network.products].index(item.product)
        at = [place.name for place in network.places].index(item.place)
        intercept, slope = table([item.intercept_per_t, item.slope_per_kt], network.periods)
        price[p, at] = intercept - slope * bought[k]
        for term in network.cross_terms:
            if term.kind == "demand" and term.place == item.place and term.of == item.product:
                price[p, at] -= term.per_t_per_kt * bought[number[term.by, term.place]]
