"""Run by the system's own python3, which may have Siconos: problems from standard input, points into a file.

Nothing of ours is imported. What Siconos prints goes to standard output. Slopes are exact: every formula is evaluated
for all x + i h e_k at once (a complex step).
"""

import json
import sys

import numpy as np
import siconos.numerics as sn

STEP = 1e-30
CLOSE = 1e-10  # of the scaled problem
METHODS = (
    (sn.SICONOS_MCP_NEWTON_FB_FBLSA, sn.mcp_newton_FB_FBLSA),
    (sn.SICONOS_MCP_NEWTON_MIN_FBLSA, sn.mcp_newton_min_FBLSA),
)


class Problem:
    """F(x) with x = shift + sign z in units: z without bounds first, then z >= 0; a second bound has a multiplier."""

    def __init__(self, stated):
        low, high = (np.array(stated[key], dtype=float) for key in ("lower", "upper"))
        self.unit, self.weight = np.array(stated["unit"]), np.array(stated["weight"])
        self.low, self.high = low / self.unit, high / self.unit
        self.code = [compile(row, "row", "eval") for row in stated["rows"]]
        has_low, has_high = np.isfinite(self.low), np.isfinite(self.high)
        self.free = np.flatnonzero(~has_low & ~has_high)
        self.bound = np.flatnonzero(has_low | has_high)
        self.both = np.flatnonzero(has_low & has_high)
        self.sign = np.where(~has_low & has_high, -1.0, 1.0)
        self.shift = np.where(has_low, self.low, np.where(has_high, self.high, 0.0))
        self.order = np.concatenate((self.free, self.bound))
        self.n, self.more = low.size, self.both.size
        place = {i: k for k, i in enumerate(self.order.tolist())}
        self.at = np.array([place[i] for i in self.both.tolist()], dtype=int)

    def rows(self, x):
        """Return F for x of shape (variables, points)."""
        names = {f"x{i + 1}": x[i] for i in range(self.n)}
        return np.array([eval(code, {"__builtins__": {}}, names) + 0.0 * x[0] for code in self.code])

    def own(self, z):
        y = np.empty(self.n)
        y[self.order] = z[: self.n]
        return self.shift + self.sign * y

    def value(self, z):
        found = self.rows((self.own(z) * self.unit)[:, None])[:, 0]
        whole = np.concatenate(((self.weight * found * self.sign)[self.order], (self.high - self.low)[self.both]))
        whole[self.at] += z[self.n :]
        whole[self.n :] -= z[self.at]
        return whole

    def slopes(self, z):
        lanes = (self.own(z) * self.unit)[:, None] + 1j * STEP * np.eye(self.n)
        found = self.rows(lanes).imag / STEP
        scaled = self.weight[:, None] * found * self.unit * self.sign * self.sign[:, None]
        whole = np.zeros((self.n + self.more, self.n + self.more))
        whole[: self.n, : self.n] = scaled[np.ix_(self.order, self.order)]
        extra = self.n + np.arange(self.more)
        whole[self.at, extra], whole[extra, self.at] = 1.0, -1.0
        return whole

    def gap(self, z):
        value, free = self.value(z), self.free.size
        return np.concatenate((np.abs(value[:free]), np.abs(np.minimum(z, value)[free:]))).max(initial=0.0)

    def answers(self, starts):
        """Return points until one is close: each method from the first start, then from the next."""
        points = []
        for start in starts:
            for kind, method in METHODS:
                z = self.solved(start, kind, method)
                if z is not None and np.all(np.isfinite(z)):
                    points.append(np.clip(self.own(z), self.low, self.high) * self.unit)
                    if self.gap(z) <= CLOSE:
                        return points
        return points

    def solved(self, start, kind, method):
        y = (np.clip(start / self.unit, self.low, self.high) - self.shift) * self.sign
        z = np.concatenate((y[self.order], np.zeros(self.more)))

        def value(_n, z, f):
            f[:] = self.value(z)

        def slopes(_n, z, nabla):
            nabla[:] = self.slopes(z).reshape(nabla.shape)

        mcp = sn.MCP(int(self.free.size), int(z.size - self.free.size), value, slopes)
        options = sn.SolverOptions(kind)
        options.dparam[0], options.iparam[0] = 1e-12, 100
        try:
            method(mcp, z, np.zeros(z.size), options)
        except Exception as problem:  # what a callback raises comes back in many forms
            print(type(problem).__name__, problem, file=sys.stderr)
            return None
        return z


def main():
    answers = []
    for stated in json.load(sys.stdin):
        problem = Problem(stated)
        with np.errstate(all="ignore"):
            answers.append([point.tolist() for point in problem.answers(np.array(stated["starts"]))])
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(answers, file)


if __name__ == "__main__":
    main()
