r"""Switching between modes on a Markov chain of prices, solved exactly by policy iteration.

The chain. ``dx = m(x) dt + sigma dW`` on n evenly spaced log prices becomes a birth-death chain with rates

    up_i, down_i = sigma**2 / (2 step**2) +- m_i / (2 step),

one-sided where a central difference would be negative, nothing leaving either end. Observed at the events of a clock
of rate ``Lambda >= max(up + down)`` it is the chain ``P = I + A / Lambda`` with discount factor
``beta = Lambda / (Lambda + rho)``, and a flow f weighs ``1 / (Lambda + rho)``: the embedding loses nothing.

The problem. In mode m the flow is f_m; a switch to mode k costs K[m, k] and is immediate. With the value of staying,

    C_m = f_m / (Lambda + rho) + beta P V_m,   V_m = max_k (C_k - K[m, k]),   K[m, m] = 0,

a policy names k for every mode and price. Its value is one block-tridiagonal solve, and improving it ends after
finitely many steps, because no policy is met twice. The same problem on any small chain ``(P, beta)`` is
:func:`switch_on_dense_chain`.

Thresholds read off a chain are interpolated: the value of waiting is a parabola that touches 0 at the threshold, and
its vertex, not the grid point, is returned. The error is of second order in the step.
"""

from __future__ import annotations

__all__ = [
    "Chain",
    "Switching",
    "bellman_bound",
    "chain_thresholds",
    "price_chain",
    "switch_on_chain",
    "switch_on_dense_chain",
    "value_at_deadline",
]

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chain:
    """A birth-death chain on log prices: rates a year of a step up and a step down, each (n,)."""

    log_price: Floats
    up: Floats
    down: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Switching:
    """Values (modes, n), the mode chosen in each, the Bellman residual, beta, and policies tried."""

    values: Floats
    choice: Integers
    residual: float
    beta: float
    iterations: int


def price_chain(
    low: float, high: float, count: int, *, sigma: float, drift: float = 0.0, kappa: float = 0.0, theta: float = 0.0
) -> Chain:
    """Build the chain of ``dp / p = (drift + kappa (theta - log p)) dt + sigma dW`` between two prices.

    Examples:
        >>> chain = price_chain(1.0, 4.0, 3, sigma=0.2)
        >>> np.exp(chain.log_price).round(6).tolist(), bool(chain.up[-1] == chain.down[0] == 0.0)
        ([1.0, 2.0, 4.0], True)
    """
    grid = np.linspace(np.log(low), np.log(high), count, dtype=np.float64)
    step = grid[1] - grid[0]
    trend = drift - 0.5 * sigma**2 + kappa * (theta - grid)
    diffusion = 0.5 * sigma**2 / step**2
    central = np.abs(trend) * step <= sigma**2
    up = diffusion + np.where(central, 0.5 * trend, np.maximum(trend, 0.0)) / step
    down = diffusion - np.where(central, 0.5 * trend, np.minimum(trend, 0.0)) / step
    up[-1] = down[0] = 0.0
    return Chain(log_price=grid, up=up, down=down)


def switch_on_chain(
    chain: Chain, flows: ArrayLike, switch_costs: ArrayLike, rho: float, *, most: int = 10_000
) -> Switching:
    """Solve optimal switching between modes on a chain by policy iteration.

    Args:
        chain: n log prices with their rates.
        flows: (modes, n), money a year.
        switch_costs: K, (modes, modes), inf where forbidden, 0 on the diagonal; no cycle of switches may pay.
        rho: discount rate a year.
        most: policies tried at most.

    Source:
        Howard (1960), Dynamic Programming and Markov Processes, chapter 4.

    Examples:
        >>> chain = price_chain(0.05, 20.0, 1201, sigma=0.1)
        >>> flows = np.stack([np.exp(chain.log_price) - 1.0, 0.0 * chain.log_price])
        >>> solved = switch_on_chain(chain, flows, [[0.0, 0.0], [4.0, 0.0]], 0.025)
        >>> stop, restart = chain_thresholds(chain, solved, [[0.0, 0.0], [4.0, 0.0]])[[0, 1], [1, 0]]
        >>> bool(abs(stop - 0.765732) < 1e-4 and abs(restart - 1.466679) < 1e-4)
        True
    """
    flow = np.ascontiguousarray(flows, dtype=np.float64)
    costs = np.ascontiguousarray(np.minimum(np.asarray(switch_costs, dtype=np.float64), 1e300))
    clock = float(np.max(chain.up + chain.down))
    beta = clock / (clock + rho)
    choice = np.repeat(np.arange(flow.shape[0], dtype=np.int64)[:, None], flow.shape[1], axis=1)
    held = np.empty_like(flow)
    up, down = chain.up / clock, chain.down / clock
    number = policy_iteration(up, down, beta, flow / (clock + rho), costs, choice, held, most)
    values = np.max(held[None, :, :] - costs[:, :, None], axis=1)
    moved = values.copy()
    moved[:, :-1] += up[:-1] * (values[:, 1:] - values[:, :-1])
    moved[:, 1:] += down[1:] * (values[:, :-1] - values[:, 1:])
    again = np.max((flow / (clock + rho) + beta * moved)[None, :, :] - costs[:, :, None], axis=1)
    residual = float(np.max(np.abs(again - values)))
    return Switching(values=values, choice=choice, residual=residual, beta=beta, iterations=int(number))


def switch_on_dense_chain(
    transition: ArrayLike, beta: float, flows: ArrayLike, switch_costs: ArrayLike, *, most: int = 1000
) -> Switching:
    """Solve optimal switching on any small chain ``(P, beta)``; flows (modes, n) are per step.

    Examples:
        >>> solved = switch_on_dense_chain([[1.0]], 0.9, [[-1.0], [0.0]], [[0.0, 2.0], [0.0, 0.0]])
        >>> solved.values.ravel().tolist(), solved.choice.ravel().tolist()
        ([-2.0, 0.0], [1, 1])
    """
    law = np.asarray(transition, dtype=np.float64)
    flow = np.asarray(flows, dtype=np.float64)
    costs = np.asarray(switch_costs, dtype=np.float64)
    modes, count = flow.shape
    node = np.arange(count, dtype=np.int64)
    choice = np.repeat(np.arange(modes, dtype=np.int64)[:, None], count, axis=1)
    values: Floats = np.zeros_like(flow)
    number = 0
    for number in range(1, most + 1):  # noqa: B007
        system, right = np.eye(modes * count), np.empty(modes * count)
        for mode in range(modes):
            for i in range(count):
                row, taken = mode * count + i, choice[mode, i]
                right[row] = flow[taken, i] - costs[mode, taken]
                system[row, taken * count + node] -= beta * law[i]
        values = np.asarray(np.linalg.solve(system, right), dtype=np.float64).reshape(modes, count)
        offers = (flow + beta * values @ law.T)[None, :, :] - costs[:, :, None]
        now = np.take_along_axis(offers, choice[:, None, :], axis=1)[:, 0, :]
        better = offers.max(axis=1) > now + 1e-12 * np.maximum(1.0, np.abs(now))
        if not better.any():
            break
        choice = np.where(better, offers.argmax(axis=1), choice)
    offers = (flow + beta * values @ law.T)[None, :, :] - costs[:, :, None]
    residual = float(np.max(np.abs(offers.max(axis=1) - values)))
    return Switching(values=values, choice=choice, residual=residual, beta=beta, iterations=number)


def bellman_bound(solved: Switching) -> float:
    """Return how far the policy's value can be from the best: ``2 beta r / (1 - beta)``, r the Bellman residual.

    Source:
        Puterman (1994), Markov Decision Processes, theorem 6.3.1.

    Examples:
        >>> bellman_bound(Switching(values=np.zeros((1, 1)), choice=np.zeros((1, 1), dtype=np.int64),
        ...                         residual=0.01, beta=0.5, iterations=1))
        0.02
    """
    return 2.0 * solved.beta * solved.residual / (1.0 - solved.beta)


def chain_thresholds(chain: Chain, solved: Switching, switch_costs: ArrayLike) -> Floats:
    """Return the price at which each mode m first switches to each mode k, (modes, modes), nan where it never does.

    Switches made at low prices end at the highest price of the switch, those made at high prices begin at the lowest.
    """
    costs = np.asarray(switch_costs, dtype=np.float64)
    modes, count = solved.values.shape
    grid = chain.log_price
    found = np.full((modes, modes), np.nan)
    for mode in range(modes):
        for target in range(modes):
            switches = np.flatnonzero(solved.choice[mode] == target)
            if mode == target or switches.size == 0:
                continue
            gain = solved.values[mode] - solved.values[target] + costs[mode, target]
            at, way = (switches[-1], 1) if switches[-1] < count - 1 else (switches[0], -1)
            if not 0 <= at + 2 * way < count:
                continue
            first, second = gain[at + way], gain[at + 2 * way]
            curve = second - 2.0 * first
            shift = 0.5 * (second - 4.0 * first) / curve if curve > 0.0 else 0.0
            found[mode, target] = np.exp(grid[at] + way * shift * (grid[1] - grid[0]))
    return found


def value_at_deadline(
    chain: Chain,
    final: ArrayLike,
    rho: float,
    *,
    years: float,
    steps: int,
    flow: ArrayLike = 0.0,
    stop_for: ArrayLike = -np.inf,
) -> Floats:
    """Return today's value, (n,), of a flow until a deadline and ``final`` at it, with the right to stop before.

    Steps in time are Crank-Nicolson after four halves of implicit Euler; in each, waiting or stopping is settled by
    policy iteration. Without ``stop_for`` there is no right to stop, and ``final`` is discounted and averaged.

    Args:
        chain: n log prices with their rates.
        final, stop_for: money, (n,) or a number.
        flow: money a year.
        rho: discount rate a year.
        years, steps: the deadline and the steps to it.

    Examples:
        >>> chain = price_chain(36 * np.exp(-2), 36 * np.exp(2), 801, sigma=0.2, drift=0.06)
        >>> put = np.maximum(40 - np.exp(chain.log_price), 0)
        >>> float(value_at_deadline(chain, put, 0.06, years=1.0, steps=200, stop_for=put)[400].round(3))
        4.486
    """
    shape = chain.log_price.shape
    value = np.array(np.broadcast_to(np.asarray(final, dtype=np.float64), shape))
    reward = np.maximum(np.broadcast_to(np.asarray(stop_for, dtype=np.float64), shape), -1e300)
    earning = np.ascontiguousarray(np.broadcast_to(np.asarray(flow, dtype=np.float64), shape))
    march(chain.up, chain.down, rho, earning, reward, years / steps, steps, value)
    return value


@kernel
def policy_iteration(
    up: Floats, down: Floats, beta: float, flow: Floats, costs: Floats, choice: Integers, held: Floats, most: int
) -> int:
    """Fill ``held``, the value of staying (modes, n), and ``choice``; return the number of policies tried."""
    modes, count = flow.shape
    right = np.empty((count, modes))
    carry = np.zeros((count, modes, modes))
    block = np.empty((modes, 2 * modes + 1))
    number = 0
    while number < most:
        number += 1
        for i in range(count):
            stay = 1.0 - up[i] - down[i]
            # block row: diagonal | upper | right-hand side, with the lower block eliminated as it is met
            block[:, :] = 0.0
            for m in range(modes):
                block[m, m] += 1.0
                k = choice[m, i]
                block[m, k] -= beta * stay
                block[m, 2 * modes] = flow[m, i] - beta * stay * costs[m, k]
                if i + 1 < count:
                    k = choice[m, i + 1]
                    block[m, modes + k] -= beta * up[i]
                    block[m, 2 * modes] -= beta * up[i] * costs[m, k]
                if i > 0:
                    k = choice[m, i - 1]
                    block[m, 2 * modes] -= beta * down[i] * costs[m, k]
                    block[m, 2 * modes] += beta * down[i] * right[i - 1, k]
                    for n in range(modes):
                        block[m, n] += beta * down[i] * carry[i - 1, k, n]
            for pivot in range(modes):
                best = pivot
                for m in range(pivot + 1, modes):
                    if abs(block[m, pivot]) > abs(block[best, pivot]):
                        best = m
                for n in range(2 * modes + 1):
                    held_back = block[pivot, n]
                    block[pivot, n] = block[best, n]
                    block[best, n] = held_back
                for m in range(modes):
                    if m != pivot and block[m, pivot] != 0.0:
                        factor = block[m, pivot] / block[pivot, pivot]
                        for n in range(pivot, 2 * modes + 1):
                            block[m, n] -= factor * block[pivot, n]
            for m in range(modes):
                right[i, m] = block[m, 2 * modes] / block[m, m]
                for n in range(modes):
                    carry[i, m, n] = block[m, modes + n] / block[m, m]
        for m in range(modes):
            held[m, count - 1] = right[count - 1, m]
        for i in range(count - 2, -1, -1):
            for m in range(modes):
                total = right[i, m]
                for n in range(modes):
                    total -= carry[i, m, n] * held[n, i + 1]
                held[m, i] = total
        changed = False
        for i in range(count):
            for m in range(modes):
                best = choice[m, i]
                most_worth = held[best, i] - costs[m, best]
                slack = 1e-13 * max(1.0, abs(most_worth))
                for k in range(modes):
                    if held[k, i] - costs[m, k] > most_worth + slack:
                        best, most_worth = k, held[k, i] - costs[m, k]
                if best != choice[m, i]:
                    choice[m, i] = best
                    changed = True
        if not changed:
            break
    return number


@kernel
def march(
    up: Floats, down: Floats, rho: float, flow: Floats, payoff: Floats, step: float, steps: int, value: Floats
) -> None:
    count = value.shape[0]
    known, pivot, carried = np.empty(count), np.empty(count), np.empty(count)
    waits = np.ones(count, dtype=np.bool_)
    for turn in range(steps + 2):
        short = turn < 4
        span = 0.5 * step if short else step
        implicit = span if short else 0.5 * span
        explicit = span - implicit
        for i in range(count):
            change = flow[i] - rho * value[i]
            if i + 1 < count:
                change += up[i] * (value[i + 1] - value[i])
            if i > 0:
                change += down[i] * (value[i - 1] - value[i])
            known[i] = value[i] + explicit * change + implicit * flow[i]
        for _ in range(100):
            for i in range(count):
                if not waits[i]:
                    pivot[i], carried[i] = 0.0, payoff[i]
                    continue
                diagonal = 1.0 + implicit * (rho + up[i] + down[i])
                right = known[i]
                if i > 0:
                    diagonal -= implicit * down[i] * pivot[i - 1]
                    right += implicit * down[i] * carried[i - 1]
                pivot[i], carried[i] = implicit * up[i] / diagonal, right / diagonal
            value[count - 1] = carried[count - 1]
            for i in range(count - 2, -1, -1):
                value[i] = carried[i] + pivot[i] * value[i + 1]
            changed = False
            for i in range(count):
                wait = known[i] - implicit * rho * value[i]
                if i + 1 < count:
                    wait += implicit * up[i] * (value[i + 1] - value[i])
                if i > 0:
                    wait += implicit * down[i] * (value[i - 1] - value[i])
                # waiting is worth ``wait``; a stop is kept while the payoff beats it
                better = value[i] >= payoff[i] if waits[i] else wait > payoff[i] + 1e-13 * max(1.0, abs(payoff[i]))
                if better != waits[i]:
                    waits[i] = better
                    changed = True
            if not changed:
                break
