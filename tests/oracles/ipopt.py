"""IPOPT (in CasADi's wheel) on mixed complementarity: Fischer-Burmeister equations, their smoothing driven to 0.

With a the excess of x over its lower bound and f the positive part of F, ``a >= 0, f >= 0, a f = 0`` becomes
``a + f = sqrt(a^2 + f^2 + 2 mu)``, which is ``a f = mu``; likewise at the upper bound (Kanzow 1996, SIAM Journal on
Matrix Analysis and Applications 17, pp. 851-868). ``mu x`` is added to F, so that there is one way where many x are
answers. Each mu begins at the answer of the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from tests.oracles.reading import Floats, Reading

# Where the smoothing begins, in the order tried; each is followed down by hundredths.
FIRST = (1e-4, 1e-2, 1.0, 1e-6, 1e-8)
LAST = 1e-16
OPTIONS = {
    "print_level": 0,
    "sb": "yes",
    "tol": 1e-12,
    "constr_viol_tol": 1e-12,
    "acceptable_iter": 0,
    "max_iter": 100,
    "bound_relax_factor": 0.0,
    "nlp_scaling_method": "none",
    "warm_start_init_point": "yes",
    "warm_start_bound_push": 1e-9,
    "mu_init": 1e-8,
}


class Ipopt:
    """The smoothed equations of a problem."""

    name = "IPOPT"

    def __init__(self, read: Reading) -> None:
        import casadi

        self.read = read
        self.low, self.high = read.lower / read.unit, read.upper / read.unit
        self.below, self.above = np.flatnonzero(np.isfinite(self.low)), np.flatnonzero(np.isfinite(self.high))
        y, mu = casadi.SX.sym("y", read.size), casadi.SX.sym("mu")
        over, under = casadi.SX.sym("over", self.below.size), casadi.SX.sym("under", self.above.size)
        balance = read.value(y * read.unit) * read.weight + mu * y
        smooth = []
        for k, i in enumerate(self.below.tolist()):
            balance[i] -= over[k]
            smooth.append(_smoothed(casadi, y[i] - self.low[i], over[k], mu))
        for k, i in enumerate(self.above.tolist()):
            balance[i] += under[k]
            smooth.append(_smoothed(casadi, self.high[i] - y[i], under[k], mu))
        program = {"x": casadi.vertcat(y, over, under), "p": mu, "f": 0, "g": casadi.vertcat(balance, *smooth)}
        more = self.below.size + self.above.size
        self.bounds = {
            "lbx": np.concatenate((self.low, np.zeros(more))),
            "ubx": np.concatenate((self.high, np.full(more, np.inf))),
            "lbg": 0,
            "ubg": 0,
        }
        options = {"print_time": False, "error_on_fail": False, "show_eval_warnings": False, "ipopt": OPTIONS}
        self.solver = casadi.nlpsol("smoothed", "ipopt", program, options)

    def answers(self, start: Floats) -> Iterator[Floats]:
        """Yield where each first smoothing leads, in own units and within the bounds.

        A smoothed problem may have no answer though the problem has, so a step that fails ends nothing: the residual
        at the end tells.
        """
        for first in FIRST:
            point = self.followed(start, first)
            yield self.finished(point)
            yield point

    def followed(self, start: Floats, first: float) -> Floats:
        """Return where one first smoothing leads."""
        read = self.read
        y = np.clip(start / read.unit, self.low, self.high)
        value = read.at(y * read.unit) * read.weight
        value = np.where(np.isfinite(value), value, 0.0)
        point = np.concatenate((y, np.maximum(value[self.below], 0.0), np.maximum(-value[self.above], 0.0)))
        mu = first
        while mu > 0.1 * LAST:
            point = np.array(self.solver(x0=point, p=mu, **self.bounds)["x"]).ravel()
            mu *= 1e-2
        return np.clip(point[: read.size] * read.unit, read.lower, read.upper)

    def finished(self, point: Floats) -> Floats:
        """Return the point after one Newton step, unsmoothed, on what stands between its bounds."""
        read = self.read
        value, y = read.at(point) * read.weight, point / read.unit
        free = (y - self.low > value) & (self.high - y > -value)
        slopes = (read.weight[:, None] * read.slopes(point).full() * read.unit)[np.ix_(free, free)]
        if not (np.all(np.isfinite(slopes)) and np.all(np.isfinite(value))):
            return point
        y = np.where(free, y, np.where(y - self.low <= value, self.low, self.high))
        y[free] -= np.linalg.lstsq(slopes, (read.at(y * read.unit) * read.weight)[free])[0]
        return np.clip(y * read.unit, read.lower, read.upper)


def _smoothed(casadi: Any, excess: Any, condition: Any, mu: Any) -> Any:
    return excess + condition - casadi.sqrt(excess**2 + condition**2 + 2 * mu)
