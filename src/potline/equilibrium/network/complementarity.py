"""Solve the conditions of a network that the convex kernel cannot carry, from the answer of the nearest one it can."""

from __future__ import annotations

__all__ = ["nearest_program", "solve_conditions"]

import dataclasses

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import CompiledNetwork
from potline.equilibrium.network.conditions import Conditions, scale_of
from potline.equilibrium.network.responses import Entries, foreseen, in_conditions
from potline.errors import CertificateFailed, Infeasible, Problem
from potline.numerics.complementarity import REMEDIES, solve_complementarity
from potline.numerics.complementarity_certificate import violations
from potline.numerics.convex import ConvexAnswer, ConvexProgram, solve_convex

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOLERANCE = 1e-11
NEAR = 1e-9
NAMED = 4
SETTLED = 1e-10
ROUNDS = 80
MEMORY = 5


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
    answer = start if start is not None and _fits(compiled, start) else _begin(compiled)
    if not compiled.markets.foreseen.any():
        return _solved(compiled, answer)
    return _settled(compiled, answer)


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


def _solved(compiled: CompiledNetwork, start: ConvexAnswer, response: Entries | None = None) -> ConvexAnswer:
    """Solve the conditions with what sellers foresee held."""
    curves, size = compiled.curves, compiled.linear.size
    flow, money = scale_of(compiled, start.x, start.price)
    conditions = Conditions(compiled, money, flow, response)
    problem, lower, upper = conditions.problem()
    x = start.x.copy()
    x[curves.column] = np.where(x[curves.column] > 1e-3 * curves.quantity, x[curves.column], curves.quantity)
    begin = np.clip(np.concatenate((x / flow, start.price / money)), lower, upper)
    found = solve_complementarity(problem, lower, upper, begin, TOLERANCE)
    if not found.solved and found.residual > NEAR:
        each = violations(found.point, found.value, lower, upper)
        worst = int(np.argmax(each))
        name = compiled.column_name(worst) if worst < size else f"the balance of {compiled.row_name(worst - size)}"
        amount = f"{each[worst] * money:g} per t" if worst < size else f"{each[worst] * flow:g} kt"
        raise CertificateFailed(
            f"No equilibrium of {compiled.network.name!r} was found: {REMEDIES[found.status]} "
            f"The worst condition is {name}, by {amount}."
        )
    short = np.flatnonzero(found.point[size:] >= upper[size:])
    if short.size:
        raise _unrationed(compiled, short, conditions.ceiling)
    return ConvexAnswer(
        x=found.point[:size] * flow,
        price=found.point[size:] * money,
        status="solved",
        method=f"complementarity: {found.method}",
        iterations=start.iterations * start.method.startswith("complementarity") + found.iterations,
    )


def _unrationed(compiled: CompiledNetwork, rows: Ints, ceiling: float) -> Infeasible:
    """Return the error for prices that nothing limits."""
    lines = [
        Problem(
            where=compiled.row_name(row),
            found=f"buyers who want more than can come, at any price up to {ceiling:g}",
            needed="room for more to come, or buyers whom its price makes buy less",
            hint="Inputs indexed to another price are used whatever their own price is: raise what is full on the way, or "
            "let part of the capacity pay the input's own price (an activity beside the indexed one).",
        )
        for row in rows[:NAMED].tolist()
    ]
    return Infeasible("\n".join(str(line) for line in lines))


def _settled(compiled: CompiledNetwork, answer: ConvexAnswer) -> ConvexAnswer:
    """Repeat: solve with what sellers foresee held, look again at what they foresee (Anderson's acceleration)."""
    cap = _cap(compiled, answer)
    believed = np.maximum(foreseen(compiled, answer.x, answer.price), -cap)
    tried: list[Floats] = []
    gaps: list[Floats] = []
    for _ in range(ROUNDS):
        answer = _solved(compiled, answer, in_conditions(compiled, believed))
        seen = foreseen(compiled, answer.x, answer.price)
        gap = seen - believed
        if float(np.abs(gap).max(initial=0.0)) <= SETTLED * float(np.abs(seen).max(initial=0.0)):
            return answer
        tried, gaps = [*tried[-MEMORY:], believed.ravel()], [*gaps[-MEMORY:], np.maximum(seen, -cap).ravel() - believed.ravel()]
        believed = _mixed(tried, gaps).reshape(seen.shape)
    worst = int(np.argmax(np.abs(gap).max(axis=0))) % compiled.markets.row.size
    product = compiled.network.products[int(compiled.markets.product[worst])].name
    place = compiled.network.places[int(compiled.markets.place[worst])].name
    raise CertificateFailed(
        f"No equilibrium of {compiled.network.name!r} was found: what sellers of {product!r} foresee at {place!r} does "
        "not settle, which is a place where derived demand bends (activities that are just full or just idle). Give the "
        "activities that buy there a cost_slope, or the stage a price_fall_per_kt."
    )


def _cap(compiled: CompiledNetwork, answer: ConvexAnswer) -> float:
    """Return the steepest fall tried on the way: prices fall by themselves over a hundredth of what is sold."""
    money = float(np.abs(answer.price).max(initial=0.0))
    flow = float(np.abs(answer.x[compiled.markets.column]).max(initial=0.0))
    return 100.0 * money / max(flow, 1e-300)


def _mixed(tried: list[Floats], gaps: list[Floats]) -> Floats:
    """Return the next point of a fixed-point iteration from the last ones (Anderson 1965)."""
    if len(gaps) == 1:
        return tried[-1] + gaps[-1]
    steps = np.stack([later - before for before, later in zip(gaps[:-1], gaps[1:], strict=True)], axis=1)
    moves = np.stack([later - before for before, later in zip(tried[:-1], tried[1:], strict=True)], axis=1)
    weights = np.linalg.lstsq(steps, gaps[-1], rcond=1e-10)[0]
    return tried[-1] + gaps[-1] - (moves + steps) @ weights
