"""Solve a network for price takers and for sellers with market power at some of its stages, and certify the answer."""

from __future__ import annotations

__all__ = ["solve_network"]

import dataclasses

from potline.choices import OnFailure
from potline.equilibrium.concepts import Competitive, NetworkConcept
from potline.equilibrium.network.certificate import Accuracy
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.solving import equilibrium_of
from potline.equilibrium.network.state import NetworkMethod
from potline.equilibrium.network.verify import verify_network
from potline.errors import CertificateFailed
from potline.industry.network import Network
from potline.reading import reads


@reads(name="solve")
def solve_network(
    network: Network,
    concept: NetworkConcept = Competitive(),
    *,
    stage: str = "",
    method: NetworkMethod = "auto",
    start: NetworkEquilibrium | None = None,
    accuracy: Accuracy = Accuracy(),
    check: OnFailure = OnFailure.RAISE,
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
    result = equilibrium_of(network, concept, stage=stage, method=method, start=start)
    certificate = verify_network(result, accuracy)
    if check == OnFailure.RAISE and not certificate.holds:
        raise CertificateFailed(f"The answer for network {network.name!r} does not pass its check: {certificate.words}")
    return dataclasses.replace(result, certificate=certificate)
