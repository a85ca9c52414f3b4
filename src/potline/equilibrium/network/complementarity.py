"""Solve the conditions of a network that the convex kernel cannot carry, from the answer of the nearest one it can."""

from __future__ import annotations

__all__ = ["nearest_program", "solve_conditions"]

import dataclasses

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import CompiledNetwork
from potline.equilibrium.network.conditions import Conditions, scale_of
from potline.equilibrium.network.foreseeing import solve_with_foresight
from potline.equilibrium.network.stiff import SOFT, softened, stays, stiff_curves
from potline.errors import CertificateFailed, Infeasible, Problem
from potline.numerics.complementarity.certificate import violations
from potline.numerics.complementarity.problem import (
    REMEDIES,
    ComplementarityProblem,
    ComplementaritySolution,
    solve_complementarity,
)
from potline.numerics.convex.program import ConvexAnswer, ConvexProgram
from potline.numerics.convex.solve import solve_convex

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOLERANCE = 1e-11
NEAR = 1e-9
NAMED = 4
ROUNDS = 30
CEILINGS = (0.01, 0.1, 1.0)
INDEXED = (
    "Inputs indexed to another price are used whatever their own price is: raise what is full on the way, or let part "
    "of the capacity pay the input's own price (an activity beside the indexed one)."
)
ENDLESS = (
    "Demand of constant elasticity buys something at any price: let more sellers reach it, charge those who do less by "
    "its own price (index_share, duty_share), or state a LocalDemand, which ends at its intercept."
)


def nearest_program(compiled: CompiledNetwork) -> ConvexProgram:
    """Return the nearest convex program.

    Inputs are paid at their own price and duties charged on declared values only, cross terms are halved between both
    directions, curves are replaced by their tangents, and nobody foresees derived demand.
    """
    curves, (rows, columns, values) = compiled.curves, compiled.cross
    linear, diagonal = compiled.linear.copy(), compiled.diagonal.copy()
    tangent = curves.price / (curves.elasticity * curves.quantity)
    linear[curves.column] = -curves.price * (1.0 + 1.0 / curves.elasticity)
    diagonal[curves.column] = tangent
    diagonal[curves.sale] = curves.theta * tangent[curves.of]
    both = np.concatenate((rows, columns)), np.concatenate((columns, rows)), 0.5 * np.concatenate((values, values))
    return dataclasses.replace(compiled.program, linear=linear, diagonal=diagonal, cross=both)


def solve_conditions(compiled: CompiledNetwork, start: ConvexAnswer | None = None) -> ConvexAnswer:
    """Solve the conditions from a neighbour's answer, or from that of the nearest program.

    Raises:
        CertificateFailed: the kernel ends without an answer, or what sellers foresee does not settle; says what to try.
    """
    stiff, price = stiff_curves(compiled), compiled.curves.price
    if not stiff.size:
        return _through(compiled, start)
    rows = compiled.matrix.indices[compiled.matrix.indptr[compiled.curves.column]]
    for _ in range(ROUNDS):
        start = _through(softened(compiled, stiff, price), start)
        before, price = price, start.price[rows]
        if stays(stiff, before, price):
            return start
    raise CertificateFailed(
        f"No equilibrium of {compiled.network.name!r} was found: the prices of demand that hardly answers them did not "
        f"settle in {ROUNDS} rounds; needed an elasticity of 0, a FixedDemand, or one of {SOFT:g} or more."
    )


def _through(compiled: CompiledNetwork, start: ConvexAnswer | None) -> ConvexAnswer:
    """Solve the conditions of a network whose curves rounding leaves alone."""
    answer = start if start is not None and _fits(compiled, start) else _begin(compiled)
    if not compiled.markets.foreseen.any():
        return _solved(compiled, answer)
    return solve_with_foresight(compiled, answer, _found)


def _fits(compiled: CompiledNetwork, start: ConvexAnswer) -> bool:
    return start.x.size == compiled.linear.size and start.price.size == compiled.right.size


def _begin(compiled: CompiledNetwork) -> ConvexAnswer:
    """Return the answer of the nearest program, without its cross terms where they make it fail, or nothing."""
    program = nearest_program(compiled)
    none = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    for attempt in (program, dataclasses.replace(program, cross=none)):
        found = solve_convex(attempt)
        if found.status == "solved" and np.isfinite(found.x).all() and np.isfinite(found.price).all():
            return found
    return ConvexAnswer(
        x=np.zeros(compiled.linear.size), price=np.zeros(compiled.right.size), status="failed", method="", iterations=0
    )


def _solved(compiled: CompiledNetwork, start: ConvexAnswer) -> ConvexAnswer:
    """Solve the conditions of a network in which nobody foresees derived demand."""
    flow, money = scale_of(compiled, start.x, start.price)
    conditions = Conditions(compiled, money, flow)
    begin = np.concatenate((start.x / flow, start.price / money))
    found = _found(conditions, *conditions.problem(), begin)
    size = compiled.linear.size
    return ConvexAnswer(
        x=found.point[:size] * flow,
        price=found.point[size:] * money,
        status="solved",
        method=f"complementarity: {found.method}",
        iterations=found.iterations,
    )


def _found(
    conditions: Conditions, problem: ComplementarityProblem, lower: Floats, upper: Floats, begin: Floats
) -> ComplementaritySolution:
    """Let the kernel solve scaled conditions; its failures and prices without limit become errors."""
    compiled, flow, money = conditions.compiled, conditions.flow, conditions.money
    curves, size, rows = compiled.curves, compiled.linear.size, compiled.right.size
    least = 1e-3 * curves.quantity / flow
    begin[curves.column] = np.where(begin[curves.column] > least, begin[curves.column], curves.quantity / flow)
    found = solve_complementarity(problem, lower, upper, np.clip(begin, lower, upper), TOLERANCE)
    if not found.solved and found.residual > NEAR:
        found = _under_rising_ceilings(conditions, problem, lower, upper, begin) or found
    if not found.solved and found.residual > NEAR:
        each = violations(found.point, found.value, lower, upper)
        worst = int(np.argmax(each[: size + rows]))
        name = compiled.column_name(worst) if worst < size else f"the balance of {compiled.row_name(worst - size)}"
        amount = f"{each[worst] * money:g} per t" if worst < size else f"{each[worst] * flow:g} kt"
        raise CertificateFailed(
            f"No equilibrium of {compiled.network.name!r} was found: {REMEDIES[found.status]} "
            f"The worst condition is {name}, by {amount}."
        )
    short = np.flatnonzero(found.point[size : size + rows] >= upper[size : size + rows])
    if short.size:
        raise _unrationed(compiled, short, conditions.ceiling)
    return found


def _under_rising_ceilings(
    conditions: Conditions, problem: ComplementarityProblem, lower: Floats, upper: Floats, begin: Floats
) -> ComplementaritySolution | None:
    """Solve under a low ceiling of prices, then under higher ones, each from the answer before; None if one fails.

    What stands at a ceiling starts at the next one: the price, what a curve buys there, and in proportion what sellers
    with market power sell into the curve.
    """
    curves, size = conditions.compiled.curves, conditions.compiled.linear.size
    capped = size + np.flatnonzero(np.isfinite(upper[size : size + conditions.compiled.right.size]))
    point, low, high = np.clip(begin, lower, upper), lower, upper
    found: ComplementaritySolution | None = None
    for share in CEILINGS if capped.size else ():
        below, above = low, high
        low, high = lower.copy(), upper.copy()
        low[curves.column] *= share**-curves.elasticity
        high[capped] *= share
        if found is not None:
            scarce = np.where(
                point[curves.column] <= below[curves.column], low[curves.column] / below[curves.column], 1.0
            )
            point[curves.column] *= scarce
            point[curves.sale] *= scarce[curves.of]
            point[capped] = np.where(point[capped] >= above[capped], high[capped], point[capped])
        found = solve_complementarity(problem, low, high, np.clip(point, low, high), TOLERANCE)
        if not found.solved:
            return None
        point = found.point.copy()
    return found


def _unrationed(compiled: CompiledNetwork, rows: Ints, ceiling: float) -> Infeasible:
    """Return the error for prices that nothing limits."""
    bought = compiled.matrix.indices[compiled.matrix.indptr[compiled.curves.column]]
    lines = [
        Problem(
            where=compiled.row_name(row),
            found=f"buyers who want more than can come, at any price up to {ceiling:g}",
            needed="room for more to come, or buyers whom its price makes buy less",
            hint=ENDLESS if row in bought else INDEXED,
        )
        for row in rows[:NAMED].tolist()
    ]
    return Infeasible("\n".join(str(line) for line in lines))
