"""Bring the flows of an interior-point answer to a vertex.

Ways between provinces tie by the dozen (a rail line is shared), so that an interior point leaves traces on ways that
lose a little. At the quantities of the bent demands the rest is a linear program: its vertex has no traces, and any
optimal flow goes with any optimal price, so that the prices stay as they are. Where two bent quantities meet at the
edge of a line they cannot both be held: each is given room by a last digit, and prices are then those that leave the
least gain anywhere.
"""

from __future__ import annotations

__all__ = ["solve_at_vertex"]

import dataclasses

import numpy as np

from potline.choices import OnFailure
from potline.equilibrium.concepts import Competitive
from potline.equilibrium.network import NetworkEquilibrium, compile_network, result_of, solve_network, verify_network
from potline.industry.network import Network
from potline.numerics.convex.linear import prices_at, solve_linear

_TRACE = 1e-9
_ROOMS = (0.0, 1e-10, 1e-9)


def solve_at_vertex(network: Network, start: NetworkEquilibrium | None = None) -> NetworkEquilibrium:
    """Solve a network of price takers, its flows at a vertex where the solver's own answer is not certified.

    Raises:
        InputError, Infeasible, CertificateFailed: as :func:`potline.equilibrium.network.solve_network`.
    """
    found = solve_network(network, method="piqp", start=start, check=OnFailure.REPORT)  # no kernel to compile
    if found.certificate.holds:
        return found
    compiled = compile_network(network, Competitive(), "")
    program, answer = compiled.program, found.answer
    bent = program.diagonal > 0.0
    # What does not pay at these prices is not used: an interior point leaves a trace of it.
    loses = program.gradient(np.zeros(answer.x.size)) - program.matrix.T @ answer.price
    held = np.where(loses > _TRACE * np.abs(program.linear).max(initial=0.0), 0.0, answer.x)
    slope = program.gradient(held)
    for room in _ROOMS:
        by = room * float(answer.x.max(initial=0.0))
        low, upper = np.where(bent, np.maximum(held - by, 0.0), 0.0), np.where(bent, held + by, program.upper)
        vertex = solve_linear(
            slope if room else program.linear, equal=program.matrix, right=program.right, low=low, upper=upper
        )
        if vertex.status != "solved":
            continue
        x = np.clip(vertex.x, low, upper)
        price = prices_at(program.gradient(x), program.matrix, x, program.upper) if room else answer.price
        moved = dataclasses.replace(answer, x=x, price=price)
        result = result_of(compiled, Competitive(), "auto", moved)
        certificate = verify_network(result)
        if certificate.holds:
            return dataclasses.replace(result, certificate=certificate)
    return solve_network(network)
