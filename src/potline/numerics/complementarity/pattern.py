"""Write a sparse Jacobian by its entries: rows and columns once, values at each point."""

from __future__ import annotations

__all__ = ["fixed_pattern"]

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Floats = NDArray[np.float64]


def fixed_pattern(rows: ArrayLike, columns: ArrayLike, size: int) -> Callable[[Floats], sparse.csc_array]:
    """Return a function from the values of the listed entries to the (size, size) matrix in compressed columns.

    Args:
        rows, columns: shape (m,), any order; an entry listed more than once holds the sum.
        size: n.

    Examples:
        >>> build = fixed_pattern([0, 1, 0], [0, 1, 0], 2)
        >>> build(np.array([1.0, 2.0, 3.0])).toarray().tolist()
        [[4.0, 0.0], [0.0, 2.0]]
    """
    row, column = (np.asarray(item, dtype=np.int64).ravel() for item in (rows, columns))
    order = np.lexsort((row, column))
    row, column = row[order], column[order]
    first = np.ones(row.size, dtype=np.bool_)
    first[1:] = (np.diff(row) != 0) | (np.diff(column) != 0)
    starts = np.flatnonzero(first)
    indices = row[starts].astype(np.int32)
    indptr = np.concatenate(([0], np.cumsum(np.bincount(column[starts], minlength=size)))).astype(np.int32)
    single = starts.size == row.size

    def build(values: Floats) -> sparse.csc_array:
        arranged = np.asarray(values, dtype=np.float64)[order]
        data = arranged if single else np.add.reduceat(arranged, starts)
        return sparse.csc_array((data, indices, indptr), shape=(size, size))

    return build
