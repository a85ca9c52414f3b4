"""Blocks of variables, entries of Jacobians and formulas in text, for the zoo of complementarity problems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.numerics.complementarity.pattern import fixed_pattern
from potline.numerics.complementarity.problem import ComplementarityProblem

Floats = NDArray[np.float64]
PER_TONNE = 1.93


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    name: str
    problem: ComplementarityProblem
    lower: Floats
    upper: Floats
    start: Floats
    rows: Callable[[], list[str]]


class Names:
    """Blocks of variables: ``names["flow"]`` is an array of positions in the block's shape."""

    def __init__(self, **shapes: tuple[int, ...]) -> None:
        self.size, self.at = 0, {}
        for name, shape in shapes.items():
            count = int(np.prod(shape))
            self.at[name] = np.arange(self.size, self.size + count).reshape(shape)
            self.size += count

    def __getitem__(self, name: str) -> NDArray[np.int64]:
        return self.at[name]


def x(position: int) -> str:
    return f"x{int(position) + 1}"


def n(value: float) -> str:
    return f"({float(value)!r})"


def total(positions) -> str:
    return "(" + " + ".join(x(i) for i in np.ravel(positions)) + ")" if np.size(positions) else "0"


class Entries:
    """Collect positions of entries of the Jacobian; values are passed in the same order."""

    def __init__(self, size: int) -> None:
        self.size, self.rows, self.columns = size, [], []

    def add(self, rows, columns) -> None:
        rows, columns = np.broadcast_arrays(rows, columns)
        self.rows.append(rows.ravel())
        self.columns.append(columns.ravel())

    def build(self):
        return fixed_pattern(np.concatenate(self.rows), np.concatenate(self.columns), self.size)
