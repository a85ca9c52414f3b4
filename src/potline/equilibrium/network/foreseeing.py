r"""Solve a network whose sellers foresee derived demand: quantities, prices and how stiff columns at a bound are.

A full column, and an idle one that comes and goes from round to round, is stiff as
:mod:`~potline.equilibrium.network.foresight` describes; at an idle one the same t stands for its loss. Each round
solves the conditions with foresight taken at the last quantities, with Anderson's acceleration of these, until
foresight at the answer is the foresight it was found with.
"""

from __future__ import annotations

__all__ = ["Settled", "solve_with_foresight"]

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from potline.equilibrium.network.arrays import CompiledNetwork
from potline.equilibrium.network.conditions import Conditions, scale_of
from potline.equilibrium.network.foresight import Foresight, delivery_pairs, foresight_at
from potline.errors import CertificateFailed
from potline.numerics.complementarity.pattern import fixed_pattern
from potline.numerics.complementarity.problem import ComplementarityProblem, ComplementaritySolution
from potline.numerics.convex.program import ConvexAnswer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Solver = Callable[[Conditions, ComplementarityProblem, Floats, Floats, Floats], ComplementaritySolution]

NEAR = 1e-9
SETTLED = 1e-10
ROUNDS = 80
MEMORY = 6
CALM = 6
REMEDY = (
    "Where activities are just full or just idle no output of a seller who foresees their demand may be best: give "
    "them a cost_slope, or the stage a price_fall_per_kt."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settled:
    """What sellers foresee at an answer: B (discounted), shape (n, n), and t of every column, shape (columns,)."""

    answers: Floats
    bend: Floats


def solve_with_foresight(compiled: CompiledNetwork, start: ConvexAnswer, solve: Solver) -> ConvexAnswer:
    """Repeat until what sellers foresee is what the chain downstream does.

    Raises:
        CertificateFailed: it does not settle; and what ``solve`` raises.
    """
    size, count = compiled.linear.size, compiled.right.size
    known = start.basis if isinstance(start.basis, Settled) else None
    n = compiled.network.periods * compiled.markets.row.size
    felt = known.answers if known is not None and known.answers.shape == (n, n) else np.zeros((n, n))
    bend = known.bend if known is not None and known.bend.size == size else np.full(size, 0.5)
    x, price, iterations = start.x, start.price, 0
    at, tried, gaps, seen = x, list[Floats](), list[Floats](), felt
    idle, restless = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    flow, money = scale_of(compiled, x, price)
    conditions = Conditions(compiled, money, flow)
    for turn in range(ROUNDS):
        was, idle = idle, x <= NEAR * flow
        if turn > CALM:
            restless |= was != idle
        restless[compiled.curves.column] = False
        restless[np.isneginf(conditions.lower)] = False
        full = np.isfinite(compiled.upper) & (x >= compiled.upper - NEAR * flow) & (compiled.upper > 0.0)
        edge = np.flatnonzero(full | restless)
        side = np.where(full[edge], 1.0, -1.0)
        foresight = foresight_at(compiled, np.maximum(at, conditions.lower), edge, money, flow, felt)
        seen = _total(foresight, bend[edge], n)
        if turn and float(np.abs(seen - felt).max()) <= SETTLED * float(np.abs(seen).max()):
            return ConvexAnswer(
                x=x, price=price, status="solved", method="complementarity: foresight", iterations=iterations,
                basis=Settled(answers=felt, bend=bend),
            )  # fmt: skip
        problem, lower, upper = _problem(conditions, foresight, edge, side)
        point = np.concatenate((x / flow, price / money))
        found = _attempt(conditions, solve, problem, lower, upper, [np.concatenate((point, t)) for t in
                                                                   (bend[edge], 1.0 + 0.0 * bend[edge])])  # fmt: skip
        iterations += found.iterations
        x = np.clip(found.point[:size] * flow, conditions.lower, compiled.upper)
        price = found.point[size : size + count] * money
        bend = np.ones(size)
        bend[edge] = found.point[size + count :]
        felt = _total(foresight, bend[edge], n)
        tried, gaps = [*tried[-MEMORY:], at], [*gaps[-MEMORY:], x - at]
        inside = (x > conditions.lower + NEAR * flow) & (x < compiled.upper - NEAR * flow)
        guess = _mixed(tried, gaps)
        at = np.where(inside & (guess > 0.5 * x) & (guess < np.minimum(2.0 * x, compiled.upper)), guess, x)
    worst = int(np.argmax(np.abs(seen - felt).max(axis=0))) % compiled.markets.row.size
    product, place = compiled.market_names[worst]
    raise CertificateFailed(
        f"No equilibrium of {compiled.network.name!r} was found: what sellers of {product!r} foresee at {place!r} does "
        f"not settle. {REMEDY}"
    )


def _attempt(
    conditions: Conditions,
    solve: Solver,
    problem: ComplementarityProblem,
    lower: Floats,
    upper: Floats,
    starts: list[Floats],
) -> ComplementaritySolution:
    """Solve from the first start that leads to an answer."""
    last: CertificateFailed | None = None
    for start in starts:
        try:
            return solve(conditions, problem, lower, upper, np.clip(start, lower, upper))
        except CertificateFailed as failed:
            last = failed
    raise CertificateFailed(f"{last} {REMEDY}")


def _total(foresight: list[Foresight], bend: Floats, n: int) -> Floats:
    """Return B over all stages."""
    return np.sum([np.zeros((n, n)), *(item.answers(bend)[0] for item in foresight)], axis=0)


def _problem(
    conditions: Conditions, foresight: list[Foresight], edge: Ints, side: Floats
) -> tuple[ComplementarityProblem, Floats, Floats]:
    """Return the conditions in quantities, prices and t, scaled, with bounds."""
    compiled, markets = conditions.compiled, conditions.compiled.markets
    flow, money = conditions.flow, conditions.money
    base, lower, upper = conditions.problem()
    size, whole = compiled.linear.size, lower.size
    n = compiled.network.periods * markets.row.size
    lower[edge[side < 0.0]], upper[edge[side > 0.0]] = -np.inf, np.inf
    bound = np.where(side > 0.0, np.where(np.isfinite(compiled.upper[edge]), compiled.upper[edge], 0.0), 0.0)
    left, right = delivery_pairs(compiled)
    strong = np.unique(left)
    column, market, theta = markets.column[strong], markets.market[strong], markets.theta[strong]
    seller = compiled.seller[column]
    sellers = int(compiled.theta.size)
    stiff = whole + np.arange(edge.size)
    pattern = base.jacobian(np.clip(np.zeros(whole), lower, upper)).tocoo()
    rows = (pattern.row, markets.column[left], np.repeat(column, edge.size), edge, stiff)
    columns = (pattern.col, markets.column[right], np.tile(stiff, column.size), stiff, edge)
    build = fixed_pattern(np.concatenate(rows), np.concatenate(columns), whole + edge.size)

    def brought(x: Floats) -> Floats:
        amount = np.zeros((sellers, n))
        amount[compiled.seller[markets.column], markets.market] = x[markets.column]
        return amount

    def evaluate(point: Floats) -> Floats:
        x, bend = point[:size] * flow, point[whole:]
        value = np.concatenate((base.evaluate(point[:whole]), side * (bound - x[edge]) / flow))
        amount = brought(x)
        for item in foresight:
            value[column] -= theta * (amount @ item.answers(bend)[0])[seller, market] / money
        value[edge] += side * np.maximum(0.0, bend - 1.0)
        return value

    def jacobian(point: Floats) -> sparse.csc_array:
        x, bend = point[:size] * flow, point[whole:]
        amount = brought(x)
        pairs, by_bend = np.zeros(left.size), np.zeros((column.size, edge.size))
        moves = (bend >= 0.0) & (bend < 1.0)
        for item in foresight:
            answer, by_left, by_right = item.answers(bend)
            pairs -= markets.theta[left] * answer[markets.market[right], markets.market[left]]
            by_bend -= theta[:, None] * (amount @ by_left)[seller] * by_right.T[market] * moves
        entries = base.jacobian(point[:whole]).tocoo().data
        worth = np.where(bend >= 1.0, side, 0.0)
        return build(np.concatenate((entries, pairs * (flow / money), (by_bend / money).ravel(), worth, -side)))

    return (
        ComplementarityProblem(evaluate=evaluate, jacobian=jacobian),
        np.concatenate((lower, np.zeros(edge.size))),
        np.concatenate((upper, np.full(edge.size, np.inf))),
    )


def _mixed(tried: list[Floats], gaps: list[Floats]) -> Floats:
    """Return the next point of a fixed-point iteration from the last ones (Anderson 1965)."""
    if len(gaps) == 1:
        return tried[-1] + gaps[-1]
    steps = np.stack([later - before for before, later in itertools.pairwise(gaps)], axis=1)
    moves = np.stack([later - before for before, later in itertools.pairwise(tried)], axis=1)
    weights = np.linalg.lstsq(steps, gaps[-1], rcond=1e-10)[0]
    return tried[-1] + gaps[-1] - (moves + steps) @ weights
