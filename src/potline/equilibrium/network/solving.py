"""Solve a network by the kernel that can carry it; nothing is checked here."""

from __future__ import annotations

__all__ = ["answer_of", "equilibrium_of"]

import dataclasses

import numpy as np

from potline.equilibrium.concepts import NetworkConcept
from potline.equilibrium.network.arrays import CompiledNetwork
from potline.equilibrium.network.compilation import compile_network
from potline.equilibrium.network.reach import Near, brought_near
from potline.equilibrium.network.reading_off import result_of
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.state import NetworkMethod
from potline.errors import CertificateFailed, Infeasible, InputError, PotlineError, Problem
from potline.industry.network import Network
from potline.numerics.convex.program import ConvexAnswer
from potline.numerics.convex.solve import solve_convex
from potline.reading import refuse

STEPS = 40


def equilibrium_of(
    network: Network,
    concept: NetworkConcept,
    *,
    stage: str = "",
    method: NetworkMethod = "auto",
    start: NetworkEquilibrium | None = None,
) -> NetworkEquilibrium:
    """Return the equilibrium of a network with no certificate yet; arguments and errors as :func:`solve_network`."""
    compiled = compile_network(network, concept, stage)
    return result_of(compiled, concept, method, answer_of(compiled, method, start.answer if start else None))


def answer_of(compiled: CompiledNetwork, method: NetworkMethod, start: ConvexAnswer | None) -> ConvexAnswer:
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
