"""The public verb ``solve``: one market of an industry, or a network of markets, by the same name."""

from __future__ import annotations

__all__ = ["solve"]

from typing import Any, overload

from potline.choices import OnFailure
from potline.equilibrium.certificate import Certificate
from potline.equilibrium.concepts import (
    Avoidable,
    Competitive,
    Concept,
    JointCap,
    NetworkConcept,
    Successive,
    Sweep,
    Tolerance,
)
from potline.equilibrium.network.certificate import Accuracy, NetworkCertificate
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.solve import solve_network
from potline.equilibrium.network.state import NetworkMethod
from potline.equilibrium.network.verify import verify_network
from potline.equilibrium.result import MarketEquilibrium
from potline.equilibrium.solve import solve as solve_market
from potline.equilibrium.solve import verify as verify_market
from potline.errors import InputError, Problem
from potline.industry import Industry
from potline.industry.network import Network
from potline.reading import binds, listed, reads
from potline.verification import verify

_OPTIONS: dict[type, tuple[str, tuple[str, ...]]] = {
    Industry: ("an industry", ("avoidable", "cap", "method", "tolerance", "check")),
    Network: ("a network", ("stage", "method", "start", "accuracy", "check")),
}


@overload
def solve(
    industry: Industry,
    concept: Concept = Competitive(),
    *,
    avoidable: Avoidable | None = None,
    cap: JointCap | None = None,
    method: Sweep = Sweep(),
    tolerance: Tolerance = Tolerance(),
    check: OnFailure = OnFailure.RAISE,
) -> MarketEquilibrium: ...


@overload
def solve(
    industry: Network,
    concept: NetworkConcept = Competitive(),
    *,
    stage: str = "",
    method: NetworkMethod = "auto",
    start: NetworkEquilibrium | None = None,
    accuracy: Accuracy = Accuracy(),
    check: OnFailure = OnFailure.RAISE,
) -> NetworkEquilibrium: ...


@binds("solve")
def solve(
    industry: Industry | Network, concept: NetworkConcept = Competitive(), **options: Any
) -> MarketEquilibrium | NetworkEquilibrium:
    """Find the equilibrium of one market (an industry) or of a chain in space (a network).

    Options and errors are those of :func:`potline.equilibrium.solve.solve` and
    :func:`potline.equilibrium.network.solve.solve_network`.

    Examples:
        >>> from potline.industry.network import Activity, Amount, LocalDemand, Place, Product
        >>> here = Network(name="here", products=(Product(name="metal"),), places=(Place(name="west"),),
        ...     activities=(Activity(name="mill", place="west", outputs=(Amount(product="metal"),), cost_per_t=2.0),),
        ...     demands=(LocalDemand(product="metal", place="west", intercept_per_t=10.0, slope_per_kt=1.0),))
        >>> solve(here).price("metal", "west")
        2.0
    """
    noun, known = _OPTIONS.get(type(industry), ("", tuple(options)))
    if not options.keys() <= {*known}:
        found = [name for name in options if name not in known]
        needed = f"an option of {noun}: {listed(known)}"
        raise InputError([Problem(where="solve", found=f"the option {name!r}", needed=needed) for name in found])
    if isinstance(industry, Network):
        if options.get("stage") and isinstance(concept, Competitive | Successive):
            found = f"{options['stage']!r} beside {type(concept).__name__}"
            needed = "no stage: it says where the market power of Cournot, Conjectural or Cartel sits"
            raise InputError([Problem(where="stage", found=found, needed=needed)])
        return solve_network(industry, concept, **options)
    if isinstance(concept, Successive):
        needed = (
            "Competitive, Cournot, Conjectural, Cartel or Leader: an industry is one market, stages are of a Network"
        )
        raise InputError([Problem(where="concept", found="Successive", needed=needed)])
    return solve_market(industry, concept, **options)


@verify.register
@reads(name="verify")
def _(result: MarketEquilibrium, tolerance: Tolerance | None = None) -> Certificate:
    return verify_market(result, tolerance)


@verify.register
@reads(name="verify")
def _(result: NetworkEquilibrium, tolerance: Accuracy | None = None) -> NetworkCertificate:
    return verify_network(result, tolerance or result.certificate.tolerance)
