"""Whether a point that another code returns solves a problem: by our residual, with the arrays our kernel is given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np
from tests.oracles.reading import Floats, Stated

from potline.numerics.complementarity.certificate import complementarity_residual
from potline.numerics.complementarity.problem import ComplementarityProblem

TOLERANCE = 1e-8


class Asked(Stated, Protocol):
    problem: ComplementarityProblem


def first_that_solves(item: Asked, points: Iterable[Floats]) -> Floats | str:
    """Return the first point whose residual, with our arrays, is within tolerance; "" if none is."""
    for point in points:
        # Where F is no number the gap is infinite.
        with np.errstate(all="ignore"):
            gap = complementarity_residual(point, item.problem.evaluate(point), item.lower, item.upper)
        if gap <= TOLERANCE:
            return point
    return ""
