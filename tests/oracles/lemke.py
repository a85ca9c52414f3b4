"""Lemke's pivoting in quantecon: linear problems in one go, others by their linearisations (Josephy's Newton)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from tests.oracles.reading import Floats, Reading

ROUNDS = 30


class Lemke:
    """``answers`` yields at most one point."""

    name = "Lemke"

    def __init__(self, read: Reading) -> None:
        self.read = read
        from quantecon.optimize import lcp_lemke

        self.pivot = lcp_lemke

    def answers(self, start: Floats) -> Iterator[Floats]:
        read = self.read
        point = np.clip(start, read.lower, read.upper)
        for _ in range(1 if read.linear else ROUNDS):
            found = self._of_linearised(point)
            if found is None or not np.all(np.isfinite(found)):
                return
            moved = np.abs(found - point).max() / max(1.0, np.abs(found).max())
            point = found
            if moved < 1e-13:
                break
        yield point

    def _of_linearised(self, point: Floats) -> Floats | None:
        """Solve ``F(point) + J (x - point)`` with x = offset + sign z, z >= 0, sizes in units.

        A second bound gets a multiplier. A variable without bounds is the difference of two, each with a condition; one
        with an upper bound only is turned round.
        """
        read = self.read
        low, high = read.lower / read.unit, read.upper / read.unit
        has_low, has_high = np.isfinite(low), np.isfinite(high)
        free, turned, both = ~has_low & ~has_high, ~has_low & has_high, has_low & has_high
        slopes = read.weight[:, None] * read.slopes(point).full() * read.unit
        offset = np.where(has_low, low, np.where(has_high, high, 0.0))
        value = read.at(point) * read.weight + slopes @ (offset - point / read.unit)
        sign = np.where(turned, -1.0, 1.0)
        # z: first one for each x, then the negative part of each free x, then the multiplier of each second bound.
        n, f, b = read.size, int(free.sum()), int(both.sum())
        matrix, vector = np.zeros((n + f + b, n + f + b)), np.zeros(n + f + b)
        matrix[:n, :n] = sign[:, None] * slopes * sign
        matrix[:n, n : n + f] = -(sign[:, None] * slopes)[:, free]
        matrix[n : n + f, : n + f] = -matrix[:n, : n + f][free]
        at = np.flatnonzero(both)
        matrix[at, n + f + np.arange(b)] = 1.0
        matrix[n + f + np.arange(b), at] = -1.0
        vector[:n] = sign * value
        vector[n : n + f] = -vector[:n][free]
        vector[n + f :] = (high - low)[both]
        found = self.pivot(matrix, vector, max_iter=50 * (n + f + b))
        if not found.success:
            return None
        y = offset + sign * found.z[:n]
        y[free] -= found.z[n : n + f]
        return np.clip(y * read.unit, read.lower, read.upper)
