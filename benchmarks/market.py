"""One market: capacity-constrained Cournot with 10,000 plants, the sweep beside PIQP on the same potential program.

With linear demand and steps, Cournot is the maximum of the potential
``a Q - b Q^2 / 2 - b sum_i q_i^2 / 2 - sum_j c_j x_j`` over ``0 <= x_j <= capacity_j``. PIQP gets it through its sparse
interface with the owners' outputs and the market's output as variables, so that no row or column is dense but the
one that defines Q. Both start from the same unsorted arrays and both end with outputs of every plant.
"""

from __future__ import annotations

import statistics
import time

import numpy as np
import piqp
from numpy.typing import NDArray
from scipy import sparse

from potline.numerics.market.sweep import allocate, clear_steps, group_by_owner, step_outputs

Floats = NDArray[np.float64]

PLANTS = 10_000
OWNERS = 1_000
BAR_RATIO = 10.0
BAR_KKT = 1e-9


def bars() -> list[dict[str, object]]:
    """Return the bars of one market."""
    result: list[dict[str, object]] = []
    for owners in (OWNERS, PLANTS):
        market = Market(PLANTS, owners, seed=1)
        price, output = market.sweep()
        kkt = market.largest_violation(price, output)
        assert kkt <= BAR_KKT, kkt
        program = market.program()
        qp_price, qp_output = market.piqp(*program)
        assert abs(qp_price - price) <= 1e-6 * price, (qp_price, price)
        assert np.abs(market.by_owner(qp_output) - market.by_owner(output)).max() <= 1e-4 * output.sum() / owners
        ours = median_seconds(market.sweep, 21)
        peer = median_seconds(lambda market=market, program=program: market.piqp(*program), 5)
        result.append(
            {
                "name": f"Cournot sweep, {PLANTS} plants, {owners} owners",
                "group": "spine",
                "figure": 1e3 * ours,
                "unit": "ms",
                "peer": "PIQP",
                "peer_figure": 1e3 * peer,
                "ratio": peer / ours,
                "bar": f"{BAR_RATIO:g} times faster or more, violation {BAR_KKT:g} or less (found {kkt:.1e})",
                "holds": peer / ours >= BAR_RATIO and kkt <= BAR_KKT,
            }
        )
    return result


class Market:
    """Random plants, owners and linear demand, as unsorted arrays."""

    def __init__(self, plants: int, owners: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.cost = rng.uniform(9_000.0, 17_000.0, plants)
        self.capacity = rng.uniform(50.0, 900.0, plants)
        self.owner = np.concatenate((np.arange(owners), rng.integers(0, owners, plants - owners)))
        self.owners = owners
        quantity = 0.8 * self.capacity.sum()
        self.slope = 14_000.0 / (0.5 * quantity)
        self.intercept = 14_000.0 + self.slope * quantity

    def by_owner(self, output: Floats) -> Floats:
        """Sum plants by owner."""
        return np.bincount(self.owner, output, self.owners)

    def sweep(self) -> tuple[float, Floats]:
        """Return the price and each plant's output."""
        order, start = group_by_owner(self.owner, self.owners, self.cost)
        cost, capacity = self.cost[order], self.capacity[order]
        theta, steps, ones = np.ones(self.owners), np.zeros(cost.size), np.ones(cost.size)
        price, _, _ = clear_steps(
            self.intercept / self.slope, 1.0 / self.slope, self.slope, theta, start, cost, capacity
        )
        marginal, sold, _, _ = step_outputs(np.full(self.owners, price), theta * self.slope, start, cost, capacity)
        output = np.empty(cost.size)
        output[order] = allocate(marginal, sold, start, cost, capacity, steps, ones)
        return price, output

    def program(self) -> tuple[object, Floats, object, Floats, Floats]:
        """Write the potential program: variables are plants, owners' outputs and the market's output."""
        plants, owners = self.cost.size, self.owners
        count = plants + owners + 1
        # Money in units of the slope, so that the program is well scaled.
        hessian = sparse.diags_array(np.concatenate((np.zeros(plants), np.ones(owners), [1.0])), format="csc")
        linear = np.concatenate((self.cost / self.slope, np.zeros(owners), [-self.intercept / self.slope]))
        rows = np.concatenate((self.owner, np.arange(owners), np.full(owners, owners), [owners]))
        columns = np.concatenate(
            (np.arange(plants), plants + np.arange(owners), plants + np.arange(owners), [plants + owners])
        )
        values = np.concatenate((np.ones(plants), -np.ones(owners), np.ones(owners), [-1.0]))
        equal = sparse.csc_matrix((values, (rows, columns)), shape=(owners + 1, count))
        low = np.concatenate((np.zeros(plants), np.full(owners + 1, -np.inf)))
        high = np.concatenate((self.capacity, np.full(owners + 1, np.inf)))
        return sparse.csc_matrix(hessian), linear, equal, low, high

    def piqp(self, hessian: object, linear: Floats, equal: object, low: Floats, high: Floats) -> tuple[float, Floats]:
        """Solve the program; the time it takes to write its matrices is not counted."""
        solver = piqp.SparseSolver()
        solver.settings.verbose = False
        solver.settings.eps_abs = 1e-6
        solver.settings.eps_rel = 1e-9
        solver.setup(hessian, linear, equal, np.zeros(self.owners + 1), x_l=low, x_u=high)
        status = solver.solve()
        assert status == piqp.PIQP_SOLVED, status
        output = np.asarray(solver.result.x[: self.cost.size])
        return self.intercept - self.slope * float(output.sum()), output

    def largest_violation(self, price: float, output: Floats) -> float:
        """Return the largest violation of optimality and balance, relative to the price."""
        margin = price - self.slope * self.by_owner(output)[self.owner] - self.cost
        tiny = 1e-12 * self.capacity
        wrong = np.where(output < self.capacity - tiny, np.maximum(margin, 0.0), 0.0)
        wrong = np.maximum(wrong, np.where(output > tiny, np.maximum(-margin, 0.0), 0.0))
        assert output.min() >= 0.0
        assert np.all(output <= self.capacity)
        balance = abs(self.intercept - self.slope * float(output.sum()) - price)
        return float(max(wrong.max(), balance)) / price


def median_seconds(task: object, repeats: int) -> float:
    """Return the median wall time of a task."""
    assert callable(task)
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
