"""Numbers that may differ by period, as arrays."""

from __future__ import annotations

__all__ = ["table"]

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from potline.industry.network import Series


def table(values: Sequence[Series], periods: int) -> NDArray[np.float64]:
    """Return numbers that may differ by period as an array, shape (nouns, periods).

    Examples:
        >>> table([1.0, (2.0, 3.0)], 2).tolist()
        [[1.0, 1.0], [2.0, 3.0]]
    """
    result = np.empty((len(values), periods))
    for row, value in enumerate(values):
        result[row] = value
    return result
