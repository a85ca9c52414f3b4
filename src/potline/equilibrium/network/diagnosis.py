"""Say in the network's own words why a program has no answer."""

from __future__ import annotations

__all__ = ["no_answer", "why_none"]

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from potline.equilibrium.network.arrays import CompiledNetwork, Kind
from potline.equilibrium.network.prices_of_shortage import proof_of_shortage
from potline.errors import Infeasible, InputError, PotlineError, Problem
from potline.numerics.convex.linear import solve_linear

NAMED = 4
TRACE = 1e-4


def no_answer(compiled: CompiledNetwork) -> PotlineError:
    """Return the error that explains why a compiled network cannot be solved."""
    return why_none(compiled) or Infeasible(
        f"No solver found an equilibrium of {compiled.network.name!r}, though it is neither short of anything nor "
        "unbounded. Please report the network."
    )


def why_none(compiled: CompiledNetwork) -> PotlineError | None:
    """Return what makes a solution impossible: goods short, gains without end, demand that nothing can reach."""
    return _shortage(compiled) or _money_machine(compiled) or _unserved(compiled)


def _shortage(compiled: CompiledNetwork) -> PotlineError | None:
    """Look for the least total shortage; name where it falls and what is full on the way."""
    rows, columns = compiled.right.size, compiled.linear.size
    balance = np.flatnonzero(np.arange(rows) % compiled.block < compiled.row_product.size)
    gap = sparse.csc_array((np.ones(balance.size), (balance, np.arange(balance.size))), shape=(rows, balance.size))
    cost = np.concatenate((np.zeros(columns), np.ones(2 * balance.size)))
    upper = np.concatenate((compiled.upper, np.full(2 * balance.size, np.inf)))
    found = solve_linear(
        cost, equal=sparse.hstack((compiled.matrix, gap, -gap), format="csc"), right=compiled.right, upper=upper
    )
    scale = max(float(np.abs(compiled.right).max(initial=0.0)), 1e-300)
    if found.status != "solved" or found.value <= 1e-9 * scale:
        return None
    short, over = found.x[columns : columns + balance.size], found.x[columns + balance.size :]
    pressed = _largest(found.worth[:columns])
    full = [compiled.column_name(column) for column in pressed]
    lines = [
        Problem(
            where=compiled.row_name(int(balance[k])),
            found=f"{amount:g} kt {'short of what is needed' if missing else 'that nobody takes'}",
            needed="supply, routes and stocks that balance in every period",
            hint=("Full on the way: " + ", ".join(full) + ".") if full else "No route with room leads there.",
        )
        for values, missing in ((short, True), (over, False))
        for k, amount in ((k, values[k]) for k in _largest(values, 1e-9 * scale))
    ]
    return Infeasible("\n".join(str(line) for line in lines)).proven(proof_of_shortage(compiled.network))


def _money_machine(compiled: CompiledNetwork) -> PotlineError | None:
    """Look for a combination of unlimited activities and routes that earns money and changes no balance."""
    bent = (compiled.diagonal > 0.0) | (compiled.cubic > 0.0)
    bent[compiled.cross[0]] = True
    bent[compiled.curves.column] = True
    upper = np.where(bent | np.isfinite(compiled.upper), 0.0, 1.0)
    found = solve_linear(compiled.linear, equal=compiled.matrix, right=np.zeros(compiled.right.size), upper=upper)
    scale = float(np.abs(compiled.linear).max(initial=0.0))
    if found.status != "solved" or found.value >= -1e-9 * scale:
        return None
    used = np.flatnonzero(found.x > 1e-9)
    routes = [column for column in used.tolist() if compiled.kind[column] == Kind.ROUTE]
    order = [*routes, *(column for column in used.tolist() if column not in routes)]
    names = list(dict.fromkeys(compiled.column_name(column) for column in order))
    return InputError(
        [
            Problem(
                where=", ".join(names[: 2 * NAMED]) + (" ..." if len(names) > 2 * NAMED else ""),
                found=f"a gain of {-found.value:g} for each round and no limit: this earns money without end",
                needed="a capacity_kt on one of them, or costs that add up to 0 or more",
            )
        ]
    )


def _unserved(compiled: CompiledNetwork) -> PotlineError | None:
    """Look for demand of constant elasticity, which wants something at any price, where nothing can come."""
    curves = compiled.curves
    if curves.column.size == 0:
        return None
    goal, upper = np.zeros(compiled.linear.size), compiled.upper.copy()
    goal[curves.column], upper[curves.column] = -1.0 / curves.quantity, TRACE * curves.quantity
    found = solve_linear(goal, equal=compiled.matrix, right=compiled.right, upper=upper)
    if found.status != "solved":
        return None
    short = curves.column[found.x[curves.column] < 0.5 * upper[curves.column]]
    wanting = np.unique(compiled.noun[short]).tolist()
    lines = [
        Problem(
            where=compiled.column_name(column),
            found="nothing that can come, though demand of constant elasticity wants something at any price",
            needed="a maker, route or stock that serves it in every period",
            hint="Goods under way at the start are a route's afloat_kt.",
        )
        for column in short[:NAMED].tolist()
    ]
    if not lines:
        return None
    return Infeasible("\n".join(str(line) for line in lines)).proven(
        proof_of_shortage(compiled.network, wanting, TRACE)
    )


def _largest(values: NDArray[np.float64], least: float = 1e-9) -> list[int]:
    order = np.argsort(-values, kind="stable")[:NAMED]
    return [int(k) for k in order if values[k] > least]
