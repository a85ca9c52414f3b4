"""Small problems of the literature whose solutions are known."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from potline.numerics.complementarity.problem import ComplementarityProblem, linear_complementarity


def dense(evaluate, slopes) -> ComplementarityProblem:
    """Return a problem from a dense Jacobian, zeros kept in the pattern."""

    def jacobian(x):
        matrix = np.asarray(slopes(x), dtype=float)
        size = matrix.shape[0]
        rows = np.tile(np.arange(size, dtype=np.int32), size)
        return sparse.csc_array((matrix.T.ravel(), rows, np.arange(0, size * size + 1, size)), shape=(size, size))

    return ComplementarityProblem(evaluate=evaluate, jacobian=jacobian)


def _four(third: float, by_third: float, by_fourth: float, constant: float) -> ComplementarityProblem:
    def evaluate(x):
        a, b, c, d = x
        return np.array(
            [
                3 * a * a + 2 * a * b + 2 * b * b + c + 3 * d - 6,
                2 * a * a + a + b * b + third * c + 2 * d - 2,
                3 * a * a + a * b + 2 * b * b + by_third * c + by_fourth * d - constant,
                a * a + 3 * b * b + 2 * c + 3 * d - 3,
            ]
        )

    def slopes(x):
        a, b, _, _ = x
        return [
            [6 * a + 2 * b, 2 * a + 4 * b, 1, 3],
            [4 * a + 1, 2 * b, third, 2],
            [6 * a + b, a + 4 * b, by_third, by_fourth],
            [2 * a, 6 * b, 2, 3],
        ]

    return dense(evaluate, slopes)


def josephy() -> ComplementarityProblem:
    """One solution: (sqrt(6)/2, 0, 0, 1/2)."""
    return _four(3.0, 2.0, 3.0, 1.0)


def kojima_shindo() -> ComplementarityProblem:
    """Two solutions: (1, 0, 3, 0), and (sqrt(6)/2, 0, 0, 1/2) where the third condition is degenerate."""
    return _four(10.0, 2.0, 9.0, 9.0)


def mathiesen() -> ComplementarityProblem:
    """A Walrasian equilibrium; solutions (a, 0, 0, 0) with a from 0 to 3."""

    def evaluate(x):
        a, b, c, d = x
        return np.array(
            [
                -b + c + d,
                a - (4.5 * c + 2.7 * d) / (b + 1),
                5 - a - (0.5 * c + 0.3 * d) / (c + 1),
                3 - a,
            ]
        )

    def slopes(x):
        _, b, c, d = x
        spent = (4.5 * c + 2.7 * d) / (b + 1) ** 2
        third = -(0.5 * (c + 1) - (0.5 * c + 0.3 * d)) / (c + 1) ** 2
        return [
            [0, -1, 1, 1],
            [1, spent, -4.5 / (b + 1), -2.7 / (b + 1)],
            [-1, 0, third, -0.3 / (c + 1)],
            [-1, 0, 0, 0],
        ]

    return dense(evaluate, slopes)


def nash(cost, size, power, elasticity: float) -> ComplementarityProblem:
    """Cournot firms with marginal cost ``c + (size q)^(1/power)`` and demand ``Q = 5000 p^-elasticity``."""
    c, k, b = (np.asarray(item, dtype=float) for item in (cost, size, power))

    def price(q):
        return (5000.0 / q.sum()) ** (1.0 / elasticity)

    def evaluate(q):
        return c + (k * q) ** (1 / b) - price(q) * (1 - q / (elasticity * q.sum()))

    def slopes(q):
        p, total = price(q), q.sum()
        by_total = p / (elasticity * total) * (1 - q / (elasticity * total)) - p * q / (elasticity * total**2)
        own = k / b * (k * q) ** (1 / b - 1) + p / (elasticity * total)
        return np.tile(by_total[:, None], (1, q.size)) + np.diag(own)

    return dense(evaluate, slopes)


def billups() -> ComplementarityProblem:
    """``(x - 1)^2 - 1.01``: from 0 every step that lowers a merit leads nowhere; the solution is 1 + sqrt(1.01)."""
    return dense(lambda x: (x - 1.0) ** 2 - 1.01, lambda x: [[2.0 * (x[0] - 1.0)]])


def murty(count: int) -> ComplementarityProblem:
    """Lemke's method needs 2^n pivots here; the solution is (0, ..., 0, 1)."""
    return linear_complementarity(np.triu(np.full((count, count), 2.0), 1) + np.eye(count), -np.ones(count))


def fathi(count: int) -> ComplementarityProblem:
    """The symmetric relative of Murty's problem; the solution is (1, 0, ..., 0)."""
    upper = np.triu(np.full((count, count), 2.0), 1) + np.eye(count)
    return linear_complementarity(upper.T @ upper, -np.ones(count))
