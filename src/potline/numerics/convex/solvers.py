"""The general solvers: HiGHS for linear programs, PIQP for quadratic ones, and the step on the active set."""

from __future__ import annotations

__all__ = ["finish", "solve_cubic", "solve_highs", "solve_piqp"]

import dataclasses

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from potline.numerics.convex.linear import solve_linear
from potline.numerics.convex.program import FINISHED, ConvexAnswer, ConvexProgram, Status, largest_violation

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ACCURACY, NEAR = 1e-11, 1e-9
PIQP_STATUS: dict[str, Status] = {
    "PIQP_SOLVED": "solved",
    "PIQP_PRIMAL_INFEASIBLE": "infeasible",
    "PIQP_DUAL_INFEASIBLE": "unbounded",
}


def solve_highs(program: ConvexProgram) -> ConvexAnswer:
    """Solve a linear program by HiGHS."""
    found = solve_linear(program.linear, equal=program.matrix, right=program.right, upper=program.upper)
    solved = found.status == "solved"
    return ConvexAnswer(
        x=np.clip(found.x, 0.0, program.upper),
        price=found.price if solved else np.zeros(program.right.size),
        status=found.status,
        method="highs",
        iterations=found.steps,
        finished=solved,
    )


def solve_piqp(program: ConvexProgram) -> ConvexAnswer:
    """Solve a quadratic program by PIQP's interior point, finished on the active set it points at."""
    import piqp

    money, amount = _scales(program)
    solver = piqp.SparseSolver()
    solver.settings.eps_abs = solver.settings.eps_rel = ACCURACY
    solver.settings.eps_duality_gap_abs = solver.settings.eps_duality_gap_rel = ACCURACY
    solver.setup(
        sparse.csc_matrix(program.quadratic * (amount / money)),
        program.linear / money,
        sparse.csc_matrix(program.matrix),
        program.right / amount,
        x_l=np.zeros(program.linear.size),
        x_u=program.upper / amount,
    )
    name = str(solver.solve()).rsplit(".", maxsplit=1)[-1]
    answer = ConvexAnswer(
        x=np.clip(np.asarray(solver.result.x) * amount, 0.0, program.upper),
        price=-np.asarray(solver.result.y) * money,
        status=PIQP_STATUS.get(name, "failed"),
        method="piqp",
        iterations=int(solver.result.info.iter),
    )
    if answer.status in ("infeasible", "unbounded"):
        return answer
    exact = finish(program, answer, rounds=6)
    if exact is None:
        return answer
    violation = largest_violation(program, exact.x, exact.price)
    if violation <= FINISHED or violation < largest_violation(program, answer.x, answer.price):
        return dataclasses.replace(exact, method="piqp", iterations=answer.iterations)
    return answer


def solve_cubic(program: ConvexProgram, rounds: int = 60) -> ConvexAnswer:
    """Solve with cubic costs by quadratic models, each at the last answer; Newton's method, quadratic at the end."""
    x = np.zeros(program.linear.size)
    answer: ConvexAnswer | None = None
    total = 0
    for number in range(rounds):
        model = dataclasses.replace(
            program,
            linear=program.linear - program.cubic * x * x,
            diagonal=program.diagonal + 2.0 * program.cubic * (x if number else _first_size(program)),
            cubic=np.zeros(x.size),
        )
        answer = solve_piqp(model)
        total += answer.iterations
        if answer.status != "solved":
            return answer
        change = float(np.abs(answer.x - x).max(initial=0.0))
        x = answer.x
        if number and change <= 1e-11 * max(float(x.max(initial=0.0)), 1e-300):
            break
    assert answer is not None
    return dataclasses.replace(answer, method="piqp, sequence of quadratic programs", iterations=total)


def finish(program: ConvexProgram, answer: ConvexAnswer, *, rounds: int) -> ConvexAnswer | None:
    """Solve the optimality conditions on the active set an answer points at, changing the set while signs are wrong.

    One sparse factorisation a round, of the free columns and all rows, regularised and refined. Where the set is too
    large to be independent (costs tie along a loop of routes and stocks), the quantities of constant cost are first
    moved to a vertex that needs the same bent ones. None where that fails too.
    """
    money, amount = _scales(program)
    reduced = program.gradient(answer.x) - program.matrix.T @ answer.price
    low = answer.x / amount <= np.maximum(reduced, 0.0) / money
    high = (program.upper - answer.x) / amount <= np.maximum(-reduced, 0.0) / money
    first = _on_active_set(program, answer.x, answer.price, low, high, min(rounds, 3))
    if first is not None and largest_violation(program, first.x, first.price) <= FINISHED:
        return first
    vertex = _vertex(program, answer, reduced)
    if vertex is None:
        return first
    x, low, high = vertex
    return _on_active_set(program, x, answer.price, low, high, rounds) or first


def _vertex(program: ConvexProgram, answer: ConvexAnswer, reduced: Floats) -> tuple[Floats, Bools, Bools] | None:
    """Move the columns of constant cost to a vertex, the bent ones held; return x and what is at its bounds."""
    money, amount = _scales(program)
    bent = (program.diagonal > 0.0) | (program.cubic > 0.0)
    bent[program.cross[0]] = True
    x = np.where(bent & (answer.x / amount <= np.maximum(reduced, 0.0) / money), 0.0, answer.x)
    move = np.flatnonzero(~bent & (np.minimum(answer.x / amount, 1.0) > 1e-3 * reduced / money))
    held = x.copy()
    held[move] = 0.0
    stay = np.flatnonzero(~bent & (held > 0.0))
    held[stay] = 0.0
    right = program.right - program.matrix @ held
    rows = right.size
    # Errors of the bent quantities are let out at a price, so that the program always has an answer.
    slack = sparse.identity(rows, format="csc")
    slope = np.where(np.isfinite(program.upper), reduced, np.maximum(reduced, 0.0))[move] / money
    cost = np.concatenate((slope, np.full(2 * rows, 1e3)))
    found = solve_linear(
        cost,
        equal=sparse.hstack((sparse.csc_matrix(program.matrix[:, move]), slack, -slack), format="csc"),
        right=right / amount,
        upper=np.concatenate((program.upper[move] / amount, np.full(2 * rows, np.inf))),
    )
    if found.status != "solved":
        return None
    x[stay] = 0.0
    x[move] = np.clip(found.x[: move.size] * amount, 0.0, program.upper[move])
    near = NEAR * amount
    low = np.where(bent, x == 0.0, x <= near)
    high = np.where(bent, program.upper - x <= np.maximum(-reduced, 0.0) / money * amount, x >= program.upper - near)
    return x, low, high & ~low


def _on_active_set(
    program: ConvexProgram, x: Floats, price: Floats, low: Bools, high: Bools, rounds: int
) -> ConvexAnswer | None:
    money, amount = _scales(program)
    bend = program.quadratic + sparse.diags_array(2.0 * program.cubic * x, format="csc")
    matrix, rows = program.matrix, program.right.size
    for _ in range(rounds):
        free = np.flatnonzero(~low & ~high)
        fixed = np.where(high, program.upper, 0.0)
        inner = sparse.csc_array(bend[:, free])[free, :]
        across = sparse.csc_array(matrix[:, free])
        here = np.where(low | high, fixed, x)
        slope = program.gradient(here) - bend @ here
        target = np.concatenate((-(slope[free] + (bend @ fixed)[free]), program.right - matrix @ fixed))
        size = np.concatenate((np.full(free.size, amount), np.full(rows, money)))
        exact = sparse.csc_array(sparse.block_array([[inner, -across.T], [across, None]], format="csc"))
        nudge = sparse.diags_array(1e-9 * money * amount / size**2, format="csc")
        try:
            factor = splu(sparse.csc_matrix(exact + nudge))
        except RuntimeError:
            return None
        point = np.concatenate((x[free], price))
        for _ in range(12):
            step = factor.solve(target - exact @ point)
            if not np.all(np.isfinite(step)):
                return None
            point += step
            if float(np.abs(step / size).max(initial=0.0)) < 1e-15:
                break
        new = fixed.copy()
        new[free] = point[: free.size]
        price = point[free.size :]
        reduced = program.gradient(new) - matrix.T @ price
        tiny, small = 1e-12 * amount, 1e-11 * money
        below, above = ~low & ~high & (new < -tiny), ~low & ~high & (new > program.upper + tiny)
        freed = (low & (reduced < -small)) | (high & (reduced > small))
        x = np.clip(new, 0.0, program.upper)
        if not (below.any() or above.any() or freed.any()):
            return ConvexAnswer(x=x, price=price, status="solved", method="active set", iterations=0, finished=True)
        low, high = (low & ~freed) | below, (high & ~freed) | above
    return None


def _scales(program: ConvexProgram) -> tuple[float, float]:
    """Return a price and a quantity typical of the program."""
    prices = np.abs(program.linear[program.linear != 0.0])
    money = float(prices.max()) if prices.size else 1.0
    bent = program.diagonal > 0.0
    sizes = np.concatenate(
        (
            np.abs(program.linear[bent]) / program.diagonal[bent],
            np.abs(program.right[program.right != 0.0]),
            program.upper[np.isfinite(program.upper) & (program.upper > 0.0)],
        )
    )
    sizes = sizes[sizes > 0.0]
    return money, float(np.median(sizes)) if sizes.size else 1.0


def _first_size(program: ConvexProgram) -> Floats:
    money, amount = _scales(program)
    with np.errstate(divide="ignore"):
        guess = np.sqrt(money / program.cubic)
    return np.where(program.cubic > 0.0, np.minimum(guess, amount), 0.0)
