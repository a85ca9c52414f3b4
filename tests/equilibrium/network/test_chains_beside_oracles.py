"""Three thousand random chains beside other codes: what is certified, and what we say cannot come.

Of the first thousand alone where ``POTLINE_REDUCED`` is set, as continuous integration does.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from unittest import mock

import numpy as np
import pytest
from tests.equilibrium.network.chains_asked import CERTIFIED, FARKAS, NO_ANSWER, TOLD, Compared, compare
from tests.equilibrium.network.networks import in_turn, is_told
from tests.equilibrium.network.shortage import is_proven
from tests.equilibrium.network.stated_network import NetworkProblem
from tests.oracles.asking import COUNTS, Tally, ask, need_those_of_the_lock, was_solved

from potline.equilibrium.network import compile_network

CHAINS, LOT = 1_000 if os.environ.get("POTLINE_REDUCED") else 3_000, 50
ASKED = {1_000: 983, 3_000: 2_955}
"""Some seeds give no chain."""


@pytest.fixture(scope="module")
def chains() -> list[Compared]:
    need_those_of_the_lock()
    # Spawned: processes made by forking one with threads may lock, and Python says so.
    workers = min(os.cpu_count() or 1, 4)
    one_thread_each = mock.patch.dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    spawned = multiprocessing.get_context("spawn")
    with one_thread_each, ProcessPoolExecutor(workers, mp_context=spawned) as pool:
        lots = pool.map(compare, range(0, CHAINS, LOT), [LOT] * (CHAINS // LOT))
        return [item for lot in lots for item in lot]


@pytest.mark.oracle
def test_thousands_of_chains_have_another_answer_to_compare_with(chains):
    found = {ours: [item for item in chains if item.ours == ours] for ours in (CERTIFIED, TOLD, NO_ANSWER)}
    COUNTS.append("random chains: " + ", ".join(f"{len(items)} {ours}" for ours, items in found.items()))
    # The one without an answer is chain 1629; docs/theory/network.md gives these figures.
    assert len(chains) == ASKED[CHAINS]
    assert len(found[NO_ANSWER]) <= 1
    for ours in (CERTIFIED, TOLD):
        tally = Tally(f"random chains, {ours}")
        for item in found[ours]:
            tally.add(item.name, item.solved)
        tally.require()


@pytest.mark.oracle
def test_no_other_code_contradicts_an_answer(chains):
    assert [(item.name, item.against) for item in chains if item.against] == []
    others = sum(item.another for item in chains)
    COUNTS.append(f"random chains, ours not proven the only equilibrium, another one found: {others}")


def shortages() -> Iterator[NetworkProblem]:
    """Yield those of the first two hundred seeds of which we say that something cannot come."""
    for network, concept in in_turn(200):
        if is_told(network, concept):
            yield NetworkProblem(compile_network(network, concept, "metal"))


@pytest.mark.oracle
def test_nothing_but_shortages_is_found_where_we_tell_of_them():
    """From the nearest program and two other points."""
    rng = np.random.default_rng(0)
    problems = list(shortages())
    assert len(problems) == 27
    starts: list[list[np.ndarray]] = []
    for item in problems:
        moved = [item.start + width * rng.normal(size=item.start.size) * np.maximum(0.05, np.abs(item.start))
                 for width in (0.0, 0.3, 3.0)]  # fmt: skip
        least = np.where(item.upper > item.lower, item.lower + 1e-6, item.lower)
        starts.append([np.clip(point, least, item.upper) for point in moved])
    tally = Tally("27 shortages, three starts each")
    for k in range(3):
        for item, found in zip(problems, ask(problems, [[own[k]] for own in starts]), strict=True):
            for oracle, point in found.items():
                assert isinstance(point, str) or item.at_ceiling(point), (item.name, oracle)
            solved = {oracle: was_solved(point) for oracle, point in found.items()}
            tally.add(item.name, solved | {FARKAS: is_proven(item.compiled, item.conditions)})
    tally.require()


def test_a_shortage_is_proven_and_what_has_an_answer_is_not():
    proven = {True: 0, False: 0}
    for network, concept in in_turn(60):
        item = NetworkProblem(compile_network(network, concept, "metal"))
        proven[is_told(network, concept)] += is_proven(item.compiled, item.conditions)
    assert (proven[False], proven[True]) == (0, 2)
