"""Bring the flows of an interior-point answer to a vertex.

Ways between provinces tie by the dozen (a rail line is shared), so that an interior point leaves traces on ways that
lose a little. At the quantities of the bent demands the rest is a linear program: its vertex has no traces, and any
optimal flow goes with any optimal price, so that the prices stay as they are.
"""

from __future__ import annotations

__all__ = ["solve_at_vertex"]

import dataclasses

import numpy as np

from potline.choices import OnFailure
from potline.equilibrium.concepts import Competitive
from potline.equilibrium.network import NetworkEquilibrium, compile_network, result_of, solve_network, verify_network
from potline.industry.network import Network
from potline.numerics.convex.linear import solve_linear


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
    low, upper = np.where(bent, answer.x, 0.0), np.where(bent, answer.x, program.upper)
    vertex = solve_linear(program.linear, equal=program.matrix, right=program.right, low=low, upper=upper)
    if vertex.status == "solved":
        moved = dataclasses.replace(answer, x=np.clip(vertex.x, low, upper))
        result = result_of(compiled, Competitive(), "auto", moved)
        certificate = verify_network(result)
        if certificate.holds:
            return dataclasses.replace(result, certificate=certificate)
    return solve_network(network)
