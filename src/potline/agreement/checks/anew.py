"""What a member gets that leaves while those who stay choose anew, for a checker.

Those who stay take the total they like best (:mod:`potline.agreement.checks.paths`), which brings a leaver no less
than nothing. So coalitions are taken in the order of their tests without it, and only as long as one could be the best.
"""

from __future__ import annotations

__all__ = ["with_anew"]

import dataclasses
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from potline.agreement.checks.alone import Base
from potline.agreement.checks.coalitions import Table, scores
from potline.agreement.checks.facts import Facts
from potline.agreement.checks.market import Lines
from potline.agreement.checks.paths import Paths, liked
from potline.choices import Belief

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_AT_ONCE = 8
_TESTS = (0, 1)


def with_anew(
    facts: Facts,
    lines: Lines,
    base: Base,
    found: Table,
    *,
    named: Iterable[int] = (),
    tests: tuple[int, ...] = _TESTS,
    every: bool = False,
) -> Table:
    """Return the table with what its members get outside under ``reoptimise``.

    Args:
        facts, lines, base: the meeting.
        found: its coalitions, evaluated.
        named: coalitions for which it is wanted in any case.
        tests: those whose best coalition is sought; of others the test stands as if leaving brought nothing, which is
            no better than the best.
        every: for all coalitions.
    """
    paths, leave, way = Paths(facts, lines, base), found.leave.copy(), Belief.REOPTIMISE.place
    known, gains = np.zeros(found.mask.size, dtype=np.bool_), _lately(_question(facts, base))
    first = np.isin(found.mask, list(named)) | every

    def fill(rows: Integers) -> None:
        rests = {int(mask) ^ (1 << k) for mask in found.mask[rows] for k in range(paths.left.size) if mask >> k & 1}
        fresh = np.array(sorted(rests - gains.keys() - {0}), dtype=np.int64)
        if fresh.size:
            gains.update(zip(fresh.tolist(), liked(paths, paths.tops(fresh), fresh), strict=True))
        for row in rows.tolist():
            for k in np.flatnonzero(found.inside[row]).tolist():
                rest = int(found.mask[row]) ^ (1 << k)
                leave[row, k, way] = gains[rest][k] if rest else 0.0
        known[rows] = True

    fill(np.flatnonzero(first & found.reached))
    while True:
        now = scores(facts, base, dataclasses.replace(found, leave=leave))[:, way][:, list(tests)]
        best = np.where(known[:, None], now, -np.inf).max(axis=0, initial=-np.inf)
        ahead = np.where(known[:, None] | ~found.reached[:, None] | (now <= best), -np.inf, now)
        if not np.isfinite(ahead).any():
            return dataclasses.replace(found, leave=leave)
        order = np.argsort(-ahead, axis=0, kind="stable")[:_AT_ONCE]
        fill(np.unique(order[np.isfinite(np.take_along_axis(ahead, order, axis=0))]))


def _question(facts: Facts, base: Base) -> tuple[object, ...]:
    """Return all that a best total hangs on: not the tonnage, which moves from one question to the next."""
    asked = (dataclasses.replace(facts, least=0.0, term=0.0), base)
    values = [getattr(one, field.name) for one in asked for field in dataclasses.fields(one)]
    numbers = (value for value in values if not dataclasses.is_dataclass(value))
    return tuple(value.tobytes() if isinstance(value, np.ndarray) else value for value in numbers)


@lru_cache(maxsize=64)
def _lately(question: tuple[object, ...]) -> dict[int, Floats]:
    """Return what those at the table gain where each coalition chooses, as far as it has been worked out lately."""
    del question
    return {}
