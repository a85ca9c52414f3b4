"""Mixed complementarity: a zoo of markets, classics, economics, and what is said when it fails."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from tests.numerics.complementarity import classics as classics
from tests.numerics.complementarity import zoo as zoo

from potline.numerics.complementarity import problem as mcp
from potline.numerics.complementarity.certificate import check_jacobian, complementarity_residual, violations
from potline.numerics.complementarity.interior import follow_interior_path
from potline.numerics.complementarity.newton import newton
from potline.numerics.complementarity.pivoting import lemke, newton_by_pivoting, solve_boxed
from potline.numerics.complementarity.scaled import ScaledProblem

INSTANCES = zoo.zoo()
UNBOUNDED = np.inf


def answer(item: zoo.Instance, start=None) -> mcp.ComplementaritySolution:
    begin = item.start if start is None else start
    return mcp.solve_complementarity(item.problem, item.lower, item.upper, begin)


def positive(problem, start, **options) -> mcp.ComplementaritySolution:
    size = len(start)
    return mcp.solve_complementarity(problem, np.zeros(size), np.full(size, UNBOUNDED), start, **options)


@pytest.mark.parametrize("kind", zoo.KINDS, ids=lambda kind: kind.__name__)
def test_the_zoo_has_correct_slopes(kind):
    item = kind(3)
    inside = item.start + 1.0 + np.random.default_rng(0).uniform(0.0, 5.0, item.start.size)
    assert check_jacobian(item.problem.evaluate, item.problem.jacobian, inside) < 1e-5


@pytest.mark.parametrize("kind", zoo.KINDS, ids=lambda kind: kind.__name__)
def test_the_zoo_is_solved(kind):
    for item in INSTANCES:
        if item.name.startswith(kind.__name__):
            found = answer(item)
            assert found.solved, (item.name, found.message)
            value = item.problem.evaluate(found.point)
            assert complementarity_residual(found.point, value, item.lower, item.upper) <= 1e-8
            assert np.all((found.point >= item.lower) & (found.point <= item.upper))


@pytest.mark.parametrize("name", ["zero", "far"])
def test_the_answer_does_not_depend_on_the_start(name):
    for item, point in list(zip(INSTANCES, zoo.starts(INSTANCES, name), strict=True))[::7]:
        assert np.abs(answer(item, point).point - answer(item).point).max() <= 1e-6, item.name


@pytest.mark.parametrize("kind", zoo.KINDS, ids=lambda kind: kind.__name__)
def test_from_the_answer_one_step_suffices(kind):
    item = kind(1)
    solved = answer(item)
    again = answer(item, solved.point)
    assert (again.method, again.factorisations <= 2) == ("newton", True)
    np.testing.assert_allclose(again.point, solved.point, atol=1e-9)


@pytest.mark.parametrize("kind", [zoo.isoelastic_cournot, zoo.two_stage_power], ids=lambda kind: kind.__name__)
def test_near_the_answer_a_few_steps_suffice(kind):
    item = kind(1)
    solved = answer(item)
    again = answer(item, solved.point * (1.0 + 1e-2))
    assert (again.method, again.iterations <= 6) == ("newton", True)
    np.testing.assert_allclose(again.point, solved.point, atol=1e-6)


@pytest.mark.parametrize("phase", [follow_interior_path, newton, newton_by_pivoting])
@pytest.mark.parametrize("kind", zoo.KINDS, ids=lambda kind: kind.__name__)
def test_every_phase_alone_gives_the_same_answer(kind, phase):
    item = kind(4)
    view = ScaledProblem(item.problem.evaluate, item.problem.jacobian, item.lower, item.upper, item.start)
    found = phase(view, view.to_scaled(item.start), 1e-8, 200)
    assert found.status == mcp.SOLVED
    np.testing.assert_allclose(view.to_own(found.point), answer(item).point, atol=1e-6)


@pytest.mark.parametrize("kind", zoo.KINDS, ids=lambda kind: kind.__name__)
def test_units_and_order_of_the_variables_change_nothing(kind):
    item = kind(2)
    rng = np.random.default_rng(9)
    size = item.start.size
    order, units, weights = rng.permutation(size), 10.0 ** rng.uniform(-2, 2, size), 10.0 ** rng.uniform(-2, 2, size)
    back = np.argsort(order)

    def evaluate(z):
        return (weights * item.problem.evaluate(units * z[back]))[order]

    def jacobian(z):
        inner = item.problem.jacobian(units * z[back])
        columns = np.repeat(np.arange(size), np.diff(inner.indptr))
        entries = inner.data * weights[inner.indices] * units[columns]
        scaled = sparse.csc_array((entries, inner.indices, inner.indptr), shape=inner.shape)
        turned = sparse.csc_array(scaled[:, order][order, :])
        turned.sort_indices()
        return turned

    moved = mcp.solve_complementarity(
        mcp.ComplementarityProblem(evaluate=evaluate, jacobian=jacobian),
        (item.lower / units)[order],
        (item.upper / units)[order],
        (item.start / units)[order],
    )
    assert moved.solved
    np.testing.assert_allclose(units * moved.point[back], answer(item).point, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 7))
def test_small_linear_problems_agree_with_enumeration_and_lemke(seed, size):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(size, size))
    skew = rng.normal(size=(size, size))
    matrix = root @ root.T + 0.1 * np.eye(size) + skew - skew.T
    vector = rng.normal(size=size)
    lower = np.where(rng.uniform(size=size) < 0.3, -np.inf, rng.uniform(-1.0, 0.0, size))
    upper = np.where(rng.uniform(size=size) < 0.4, np.inf, rng.uniform(0.0, 1.0, size))
    found = mcp.solve_complementarity(mcp.linear_complementarity(matrix, vector), lower, upper, np.zeros(size))
    assert found.solved
    exact = enumerate_sides(matrix, vector, lower, upper)
    np.testing.assert_allclose(found.point, exact, atol=1e-7)
    pivoted = solve_boxed(matrix, vector, lower, upper)
    assert pivoted is not None
    np.testing.assert_allclose(pivoted, exact, atol=1e-7)


def enumerate_sides(matrix, vector, lower, upper):
    """Try every choice of lower, free or upper for every variable."""
    size = vector.size
    for sides in itertools.product((0, 1, 2), repeat=size):
        side = np.array(sides)
        z = np.where(side == 0, lower, np.where(side == 2, upper, 0.0))
        if not np.all(np.isfinite(z)):
            continue
        free = side == 1
        z[free] = np.linalg.solve(matrix[np.ix_(free, free)], -(vector + matrix @ z)[free])
        if complementarity_residual(z, matrix @ z + vector, lower, upper) < 1e-9:
            return z
    return None


def test_josephy():
    for start in ([0, 0, 0, 0], [1, 1, 1, 1], [100] * 4, [1, 0, 1, 0], [1, 0, 0, 0], [0, 1, 1, 0]):
        found = positive(classics.josephy(), start)
        assert found.solved
        np.testing.assert_allclose(found.point, [np.sqrt(1.5), 0.0, 0.0, 0.5], atol=1e-7)


def test_kojima_shindo():
    solutions = np.array([[1.0, 0.0, 3.0, 0.0], [np.sqrt(1.5), 0.0, 0.0, 0.5]])
    reached = set()
    for start in ([0, 0, 0, 0], [1, 1, 1, 1], [100] * 4, [1, 0, 1, 0], [1, 0, 0, 0], [0, 1, 1, 0]):
        found = positive(classics.kojima_shindo(), start)
        assert found.solved
        distance = np.abs(solutions - found.point).max(axis=1)
        assert distance.min() < 1e-6
        reached.add(int(distance.argmin()))
    assert reached == {0, 1}


def test_mathiesen_ends_at_a_solution_and_not_far_out_where_conditions_fade():
    for start in ([0] * 4, [1] * 4, [10] * 4):
        found = positive(classics.mathiesen(), start)
        assert found.solved
        assert -1e-9 <= found.point[0] <= 3.0 + 1e-9
        np.testing.assert_allclose(found.point[1:], 0.0, atol=1e-8)


def test_nash_of_ten_firms():
    problem = classics.nash(
        [5, 3, 8, 5, 1, 3, 7, 4, 6, 3], [10] * 10, [1.2, 1, 0.9, 0.6, 1.5, 1, 0.7, 1.1, 0.95, 0.75], 1.2
    )
    known = [7.44155, 4.09781, 2.59064, 0.93539, 17.94895, 4.09781, 1.30473, 5.59008, 3.22218, 1.67709]
    for start in (np.ones(10), np.full(10, 0.1), np.full(10, 50.0)):
        found = mcp.solve_complementarity(problem, np.full(10, 1e-9), np.full(10, np.inf), start)
        assert found.solved
        np.testing.assert_allclose(found.point, known, atol=1e-5)


@pytest.mark.parametrize("start", [0.0, 0.5, 2.0, 10.0])
def test_billups_is_left_by_a_restart(start):
    found = positive(classics.billups(), [start])
    assert found.solved
    assert found.point[0] == pytest.approx(1.0 + np.sqrt(1.01), abs=1e-8)


@pytest.mark.parametrize("count", [8, 64])
def test_problems_on_which_pivoting_takes_exponential_time(count):
    last, first = np.zeros(count), np.zeros(count)
    last[-1], first[0] = 1.0, 1.0
    np.testing.assert_allclose(positive(classics.murty(count), np.zeros(count)).point, last, atol=1e-9)
    np.testing.assert_allclose(positive(classics.fathi(count), np.zeros(count)).point, first, atol=1e-9)


def test_two_bounds_fixed_and_free_variables_and_no_variables():
    problem = mcp.linear_complementarity(np.eye(4), [1.0, -1.0, -5.0, 3.0])
    found = mcp.solve_complementarity(problem, [0.0, 3.0, 0.0, -np.inf], [2.0, 3.0, 2.0, np.inf], np.zeros(4))
    assert found.solved
    assert found.point.tolist() == [0.0, 3.0, 2.0, -3.0]
    only_above = mcp.linear_complementarity(np.eye(1), [-4.0])
    assert mcp.solve_complementarity(only_above, [-np.inf], [1.0], [0.0]).point.tolist() == [1.0]
    assert mcp.solve_complementarity(mcp.linear_complementarity(np.zeros((0, 0)), []), [], [], []).solved


def test_a_singular_problem_with_many_answers_is_solved():
    # Two identical plants: their sum is determined, the split is not.
    problem = mcp.linear_complementarity([[1.0, 1.0], [1.0, 1.0]], [-4.0, -4.0])
    found = positive(problem, [0.0, 0.0])
    assert found.solved
    assert found.point.sum() == pytest.approx(4.0, abs=1e-8)


def test_what_cannot_be_met_is_said():
    found = positive(mcp.linear_complementarity([[0.0, 0.0], [0.0, 1.0]], [-1.0, -1.0]), [0.0, 0.0])
    assert found.status in (mcp.STALLED, mcp.SINGULAR, mcp.ITERATION_LIMIT)
    assert found.residual == pytest.approx(1.0)
    value = np.array([-1.0, found.point[1] - 1.0])
    assert violations(found.point, value, [0.0, 0.0], [np.inf, np.inf]).argmax() == 0
    assert found.message == mcp.REMEDIES[found.status]


def test_messages_say_the_remedy():
    nowhere = mcp.ComplementarityProblem(
        evaluate=lambda x: -1.0 / x, jacobian=lambda x: sparse.csc_array(np.array([[1.0]]) / x[0] ** 2)
    )
    found = positive(nowhere, [0.0])
    assert found.status == mcp.NOT_FINITE
    assert found.message == (
        "Not finite: F or its Jacobian is infinite or not a number at the start and near it. "
        "Move the start or the lower bounds away from zero quantities and prices."
    )
    crossed = mcp.solve_complementarity(mcp.linear_complementarity([[1.0]], [0.0]), [1.0], [0.0], [0.0])
    assert crossed.status == mcp.INVALID
    assert crossed.message == "Invalid: a lower bound lies above its upper bound, or arrays differ in length."


def test_a_changing_pattern_is_refused():
    shapes = iter([np.eye(2), np.ones((2, 2)), np.ones((2, 2))])
    problem = mcp.ComplementarityProblem(evaluate=lambda x: x - 2.0, jacobian=lambda _: sparse.csc_array(next(shapes)))
    with pytest.raises(ValueError, match="The Jacobian changed its pattern between two points"):
        positive(problem, [0.0, 0.0])


def test_results_are_read_only():
    found = positive(mcp.linear_complementarity([[1.0]], [-1.0]), [0.0])
    with pytest.raises(ValueError):
        found.point[0] = 2.0


def test_a_wrong_slope_is_found():
    assert check_jacobian(lambda x: x**2, lambda _: sparse.csc_array([[1.0]]), [3.0]) > 0.1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8), st.integers(1, 5))
def test_pivoting_solves_balances_whose_prices_have_no_bounds(seed, flows, balances):
    """Flows of linear cost between bounds that must add up: the prices' part of the matrix is zero."""
    rng = np.random.default_rng(seed)
    through = rng.integers(-1, 2, (balances, flows + balances)).astype(float)
    through[:, flows:] = np.eye(balances)  # something else comes or goes everywhere, so that no two balances are one
    count = flows + balances
    slope = np.where(rng.random(count) < 0.5, rng.uniform(0.1, 2.0, count), 0.0)
    upper = np.where(rng.random(count) < 0.5, rng.uniform(0.5, 3.0, count), np.inf)
    upper[flows:] = np.inf
    lower = np.concatenate((np.zeros(flows), np.full(balances, -5.0), np.full(balances, -np.inf)))
    within = np.concatenate(
        (rng.uniform(0.0, 1.0, flows) * np.minimum(upper[:flows], 2.0), rng.uniform(-4, 4, balances))
    )
    matrix = np.block([[np.diag(slope), -through.T], [through, np.zeros((balances, balances))]])
    # Costs above 0 on flows that may be large, so that no round of flows earns without end.
    cost = np.concatenate((rng.uniform(0.0, 3.0, flows), np.full(balances, 0.5)))
    vector = np.concatenate((cost, -through @ within))
    most = np.concatenate((upper, np.full(balances, np.inf)))
    found = solve_boxed(matrix, vector, lower, most)
    assert found is not None
    assert complementarity_residual(found, matrix @ found + vector, lower, most) < 1e-8


def test_pivoting_says_when_conditions_without_bounds_are_dependent():
    twice = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [-1.0, -1.0, 1.0]])
    assert solve_boxed(twice, np.zeros(3), np.array([-np.inf, -np.inf, 0.0]), np.full(3, np.inf)) is None


def test_lemke_says_when_a_ray_ends_it():
    assert lemke(np.array([[0.0]]), np.array([-1.0])) is None


def test_raising_a_firms_cost_never_raises_its_sales():
    item = zoo.isoelastic_cournot(5, 3, 2)
    base = answer(item)

    def dearer(x):
        value = item.problem.evaluate(x)
        value[:2] += 200.0
        return value

    changed = mcp.solve_complementarity(
        mcp.ComplementarityProblem(evaluate=dearer, jacobian=item.problem.jacobian), item.lower, item.upper, base.point
    )
    assert changed.solved
    assert changed.point[:2].sum() <= base.point[:2].sum() + 1e-9
