r"""Costs that are equal on paper made equal in the last bit, so that no rounding decides who sells.

a and b tie where ``|a - b| <= 1e-10 max(|a|, |b|, scale)``, the scale being the price at which the question is asked.
Groups are formed from the smallest up: a value joins the group while it ties with the group's smallest. Tying is
transitive then, and the smallest stands for all. Kernels order what they are given and need no tolerance of their own.
"""

from __future__ import annotations

__all__ = ["TIE", "tied"]

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]
TIE = 1e-10


def tied(values: ArrayLike, scale: ArrayLike = 0.0) -> Floats:
    """Return values of which those that tie along the last axis are equal, each its group's smallest.

    Args:
        values: costs or prices, shape (..., n); nan and inf tie with nothing.
        scale: of each row, such as the price; a number or shape (...).

    Examples:
        >>> costs = np.array([13_781.9, 9_000.0, 13_781.899999999998])
        >>> tied(costs).tolist(), tied([1e-12, 0.0, 0.5], scale=1.0).tolist()
        ([13781.899999999998, 9000.0, 13781.899999999998], [0.0, 0.0, 0.5])
    """
    given = np.array(values, dtype=np.float64)
    if given.shape[-1:] in ((), (0,), (1,)):
        return given
    rows = given.reshape(-1, given.shape[-1])
    sizes: Floats = np.array(np.broadcast_to(np.asarray(scale, dtype=np.float64), given.shape[:-1])).reshape(-1)
    ranked = np.sort(rows, axis=1)
    with np.errstate(invalid="ignore"):
        gap = np.diff(ranked, axis=1)
        near = (gap > 0.0) & (gap <= TIE * np.maximum(np.abs(ranked[:, :-1]), np.abs(ranked[:, 1:])))
        near |= (gap > 0.0) & (gap <= TIE * sizes[:, None])
        near &= np.isfinite(gap)
    some = np.flatnonzero(near.any(axis=1))
    if some.size:
        part, merged = np.ascontiguousarray(ranked[some]), rows[some]
        _group(part, np.ascontiguousarray(sizes[some]))
        np.put_along_axis(merged, np.argsort(merged, axis=1), part, axis=1)
        rows[some] = merged
    return rows.reshape(given.shape)


@kernel
def _group(ranked: Floats, scale: Floats) -> None:
    for r in range(ranked.shape[0]):
        first = ranked[r, 0]
        for k in range(1, ranked.shape[1]):
            value = ranked[r, k]
            if abs(value) < np.inf and value - first <= TIE * max(abs(first), abs(value), scale[r]):
                ranked[r, k] = first
            else:
                first = value
