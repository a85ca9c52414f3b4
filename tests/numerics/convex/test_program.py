"""The convex kernel: the flow method against HiGHS and PIQP, warm starts, statuses."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from potline.numerics.convex.graph import graph_of, solve_graph
from potline.numerics.convex.program import ConvexProgram, largest_violation
from potline.numerics.convex.solve import solve_convex

NOTHING = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def program(columns, right, block=0, cross=NOTHING, cubic=None) -> ConvexProgram:
    """Write columns of (entries by row, cost, slope, upper bound)."""
    rows = [row for entries, *_ in columns for row in entries]
    values = [float(value) for entries, *_ in columns for value in entries.values()]
    at = [k for k, (entries, *_) in enumerate(columns) for _ in entries]
    shape = (len(right), len(columns))
    numbers = np.array([rest for _, *rest in columns], float).reshape(-1, 3)
    return ConvexProgram(
        linear=numbers[:, 0].copy(),
        diagonal=numbers[:, 1].copy(),
        cubic=np.zeros(len(columns)) if cubic is None else cubic,
        upper=numbers[:, 2].copy(),
        cross=cross,
        matrix=sparse.csc_array((values, (rows, at)), shape=shape),
        right=np.array(right, float),
        block=block,
    )


def random_graph(seed: int) -> ConvexProgram:
    """Draw a graph: straight and stepped terminals, arcs with and without bounds, links between periods."""
    rng = np.random.default_rng(seed)
    places, periods = int(rng.integers(2, 7)), int(rng.integers(1, 5))
    straight, fixed = rng.choice([0.0, 0.7]), rng.choice([0.0, 0.3])
    columns = []
    for t in range(periods):
        for i in range(places):
            node = t * places + i
            if rng.random() < straight:
                columns.append(({node: 1}, rng.uniform(5, 20), rng.uniform(0.1, 2), rng.choice([np.inf, 5.0])))
            if rng.random() < 0.3 or i == 0:
                columns.append(({node: 1}, rng.uniform(5, 20), 0.0, rng.uniform(1, 10)))
            if rng.random() < straight:
                columns.append(({node: -1}, -rng.uniform(15, 40), rng.uniform(0.1, 2), np.inf))
            if rng.random() < 0.15:
                columns.append(({node: -1}, -rng.uniform(15, 40), 0.0, rng.uniform(1, 10)))
            for j in range(places):
                if j != i and rng.random() < 0.5:
                    bound = rng.uniform(1, 5) if rng.random() < 0.3 else np.inf
                    columns.append(({node: -1, t * places + j: 1}, float(rng.integers(1, 8)), 0.0, bound))
            if t + 1 < periods and rng.random() < 0.5:
                columns.append(({node: -1, node + places: 1}, 1.0, 0.0, np.inf))
    right = np.where(rng.random(places * periods) < fixed, rng.uniform(0.5, 2.0, places * periods), 0.0)
    return program(columns, right, block=places)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_flow_method_finds_what_general_solvers_find(seed):
    drawn = random_graph(seed)
    ours = solve_convex(drawn, method="flow")
    peer = solve_convex(drawn, method="piqp" if drawn.diagonal.any() else "highs")
    assert ours.status == peer.status
    if ours.status == "solved":
        assert largest_violation(drawn, ours.x, ours.price) <= 1e-12
        assert largest_violation(drawn, peer.x, peer.price) <= 1e-9
        assert drawn.objective(ours.x) == pytest.approx(drawn.objective(peer.x), rel=1e-8, abs=1e-8)
    else:
        assert ours.shortage.any()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_a_neighbour_is_a_start_and_changes_no_answer(seed):
    drawn = random_graph(seed)
    before = solve_convex(drawn)
    rng = np.random.default_rng(seed)
    near = dataclasses.replace(drawn, linear=drawn.linear * (1.0 + 0.02 * rng.normal(size=drawn.linear.size)))
    cold, warm = solve_convex(near), solve_convex(near, start=before)
    assert warm.status == cold.status
    if cold.status == "solved":
        assert largest_violation(near, warm.x, warm.price) <= 1e-12
        assert near.objective(warm.x) == pytest.approx(near.objective(cold.x), rel=1e-10, abs=1e-10)
        assert solve_convex(drawn, start=before).iterations == 0


def test_number_of_threads_changes_no_digit():
    drawn = random_graph(11)
    apart = dataclasses.replace(drawn)
    graph = graph_of(apart)
    assert graph is not None
    one, two = (solve_graph(graph, threads=threads) for threads in (1, 2))
    assert one.x.tobytes() == two.x.tobytes()
    assert one.price.tobytes() == two.price.tobytes()


def test_independent_periods_are_split():
    month = [({0: 1}, 2.0, 1.0, np.inf), ({1: -1}, -10.0, 1.0, np.inf), ({0: -1, 1: 1}, 2.0, 0.0, np.inf)]
    later = [({row + 2: value for row, value in entries.items()}, *rest) for entries, *rest in month]
    graph = graph_of(program([*month, *later], np.zeros(4), block=2))
    assert graph is not None
    assert graph.periods == 2
    answer = solve_graph(graph, threads=2)
    assert answer.price.tolist() == [5.0, 7.0, 5.0, 7.0]
    linked = program([*month, *later, ({1: -1, 3: 1}, 1.0, 0.0, np.inf)], np.zeros(4), block=2)
    assert graph_of(linked).periods == 1  # type: ignore[union-attr]


def test_a_loop_that_earns_without_end_is_unbounded():
    arcs = [({0: -1, 1: 1}, -3.0, 0.0, np.inf), ({0: 1, 1: -1}, 1.0, 0.0, np.inf)]
    ends = [({0: 1}, 2.0, 1.0, np.inf), ({1: -1}, -10.0, 1.0, np.inf)]
    assert solve_convex(program([*arcs, *ends], np.zeros(2))).status == "unbounded"
    assert solve_convex(program(arcs, np.zeros(2)), method="highs").status == "unbounded"


def test_a_shortage_is_told_by_row():
    answer = solve_convex(program([({0: 1}, 1.0, 0.0, 2.0)], [5.0]))
    assert answer.status == "infeasible"
    assert answer.shortage.tolist() == [3.0]


def test_other_structures_are_not_taken_for_graphs():
    gain = program([({0: -1, 1: 2}, 1.0, 0.0, np.inf)], np.zeros(2))
    assert graph_of(gain) is None
    with pytest.raises(ValueError, match="not a graph"):
        solve_convex(gain, method="flow")
    crowded = program([({0: -1, 1: 1}, 1.0, 0.5, np.inf)], np.zeros(2))
    assert graph_of(crowded) is None


def test_cubic_costs():
    # One seller at 1, one buyer at 10 - q, an arc whose marginal cost is 2 q^2: 1 + 2 q^2 = 10 - q.
    columns = [({0: 1}, 1.0, 0.0, np.inf), ({0: -1, 1: 1}, 0.0, 0.0, np.inf), ({1: -1}, -10.0, 1.0, np.inf)]
    answer = solve_convex(program(columns, np.zeros(2), cubic=np.array([0.0, 2.0, 0.0])))
    quantity = (-1.0 + np.sqrt(1.0 + 8.0 * 9.0)) / 4.0
    assert answer.x == pytest.approx(np.full(3, quantity), rel=1e-10)
    assert answer.price == pytest.approx([1.0, 1.0 + 2.0 * quantity**2], rel=1e-10)


def test_cross_terms():
    cross = (np.array([0, 1]), np.array([1, 0]), np.array([0.5, 0.5]))
    columns = [({0: -1}, -10.0, 1.0, np.inf), ({0: -1}, -8.0, 1.0, np.inf), ({0: 1}, 1.0, 0.0, np.inf)]
    answer = solve_convex(program(columns, [0.0], cross=cross))
    expected = np.linalg.solve([[1.0, 0.5], [0.5, 1.0]], [9.0, 7.0])
    assert answer.x[:2] == pytest.approx(expected, rel=1e-11)
    assert answer.finished


def test_a_general_program_starts_from_its_neighbour():
    columns = [({0: 1.5}, 1.0, 0.3, 4.0), ({0: -1, 1: 2}, 0.5, 0.0, np.inf), ({1: -1}, -10.0, 1.0, np.inf)]
    first = solve_convex(program(columns, np.zeros(2)))
    assert first.method == "piqp"
    moved = [(entries, cost * 1.01, slope, bound) for entries, cost, slope, bound in columns]
    near = program(moved, np.zeros(2))
    warm = solve_convex(near, start=first)
    assert warm.method == "active set"
    assert warm.x == pytest.approx(solve_convex(near).x, rel=1e-10)
