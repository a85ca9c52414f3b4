"""A complementarity problem read from its formulas in text, apart from the arrays that our kernel is given.

Every oracle is given the same reading; CasADi differentiates it. What an oracle returns is only a point: whether that
is a solution is for the test to say, by its own residual and with the arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Stated(Protocol):
    """``l <= x <= u``, and F(x) >= 0, = 0 or <= 0 as x stands below, between or above; ``rows()`` is F in text."""

    name: str
    lower: Floats
    upper: Floats
    start: Floats
    rows: Callable[[], list[str]]


class Reading:
    """F and its slopes from the text, and units in which the entries of both are near 1.

    Attributes:
        rows: F in text, a formula each in x1, x2, ... value, slopes: CasADi functions of x in own units.
        unit, weight: sizes of x and of 1 / F, shape (n,). linear: whether the slopes are the same everywhere.
    """

    def __init__(self, item: Stated) -> None:
        import casadi

        self.name, self.rows = item.name, item.rows()
        self.lower, self.upper, self.size = item.lower, item.upper, item.start.size
        x = casadi.SX.sym("x", self.size)
        names = {f"x{i + 1}": x[i] for i in range(self.size)}
        formulas = casadi.vertcat(*(eval(row, {"__builtins__": {}}, names) for row in self.rows))
        slopes = casadi.jacobian(formulas, x)
        self.value = casadi.Function("value", [x], [formulas])
        self.slopes = casadi.Function("slopes", [x], [slopes])
        self.linear = bool(slopes.is_constant())
        self._set_units(item.start)

    def at(self, point: Floats) -> Floats:
        """Return F(x)."""
        return np.array(self.value(point)).ravel()

    def _set_units(self, start: Floats) -> None:
        inside = np.clip(start, np.where(np.isfinite(self.lower), self.lower + 1e-2, -np.inf), self.upper)
        entries = np.abs(self.slopes(inside).full())
        weight, unit = np.ones(self.size), np.ones(self.size)
        for _ in range(20):
            scaled = weight[:, None] * entries * unit
            largest_row, largest_column = scaled.max(axis=1), scaled.max(axis=0)
            weight /= np.sqrt(np.where(largest_row > 0.0, largest_row, 1.0))
            unit /= np.sqrt(np.where(largest_column > 0.0, largest_column, 1.0))
        size = max(1.0, float(np.abs(inside / unit).max(initial=0.0)))
        self.unit, self.weight = unit * size, weight / size
