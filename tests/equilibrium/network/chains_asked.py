"""Some of the fixed random chains, ours beside what other codes find; a process of its own runs each lot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from tests.equilibrium.network.networks import in_turn
from tests.equilibrium.network.shortage import is_proven
from tests.equilibrium.network.stated_network import NetworkProblem
from tests.oracles.asking import ask, was_solved
from tests.oracles.reading import Floats

from potline.equilibrium.network import Kind, NetworkEquilibrium, compile_network, solve_network
from potline.errors import CertificateFailed, Infeasible

FARKAS = "Farkas (HiGHS, exact)"
CERTIFIED, TOLD, NO_ANSWER = "certified", "told what cannot come", "no answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A chain, what we say of it (certified, told what cannot come, no answer) and what others found.

    solved: by oracle, or why that one was not asked. against: what contradicts us. another: an oracle found a further
    equilibrium where ours is not proven the only one.
    """

    name: str
    ours: str
    solved: dict[str, bool | str]
    against: tuple[str, ...] = ()
    another: bool = False


def compare(first: int, count: int) -> list[Compared]:
    """Solve the chains of these seeds and ask the others."""
    ours: list[NetworkEquilibrium | str] = []
    problems: list[NetworkProblem] = []
    for network, concept in in_turn(count, first):
        try:
            ours.append(solve_network(network, concept, stage="metal"))
        except Infeasible:
            ours.append(TOLD)
        except CertificateFailed:
            ours.append(NO_ANSWER)
        problems.append(NetworkProblem(compile_network(network, concept, "metal")))
    found = ask(problems, [[item.start, item.dearest()] for item in problems], all_there=False)
    return [_compared(*three) for three in zip(problems, ours, found, strict=True)]


def _compared(item: NetworkProblem, ours: NetworkEquilibrium | str, found: dict[str, Floats | str]) -> Compared:
    solved, against, another = {oracle: was_solved(answer) for oracle, answer in found.items()}, [], False
    # Of every question, so that a proof of what is certified would show too.
    proven = is_proven(item.compiled, item.conditions)
    if isinstance(ours, str):
        solved[FARKAS] = proven
    elif proven:
        against.append(f"{FARKAS}: no equilibrium")
    for oracle, point in found.items():
        if isinstance(point, str):
            continue
        if isinstance(ours, str):
            against += [] if item.at_ceiling(point) else [f"{oracle}: an equilibrium, and we: {ours}"]
            continue
        demand = np.flatnonzero(item.compiled.kind == Kind.DEMAND)
        gap = np.abs(point[demand] - ours.answer.x[demand] / item.conditions.flow).max(initial=0.0)
        if item.at_ceiling(point) or not gap <= 1e-6:
            another = True
            if ours.certificate.uniqueness == "proven":
                against.append(f"{oracle}: another answer, {gap:g} of the largest flow away")
    return Compared(
        name=item.name,
        ours=ours if isinstance(ours, str) else CERTIFIED,
        solved=solved,
        against=tuple(against),
        another=another,
    )
