"""The tonnages that hold at many points of a case's inputs at once: what draws, maps and tornadoes of K* share."""

from __future__ import annotations

__all__ = ["PointSets", "asked_rows", "joined", "k_stars_of", "sets_at"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.points import Points, laid_out_in_parts
from potline.agreement.table.question import Question
from potline.agreement.table.stakes import Stakes
from potline.choices import Baseline, Belief, Tested
from potline.numerics.joint_cut.deals import Alone, alone
from potline.numerics.joint_cut.rows import Rows, rows_of
from potline.numerics.joint_cut.tonnages import tonnages

Floats = NDArray[np.float64]
_AT_ONCE = 128


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointSets:
    """Sets of tonnages at B points, kt/year.

    Attributes:
        interval: lower end, upper end, whether the one belongs, whether the other does, [B, N, 4]; nan beyond the last.
        alone_cut_kt: of the baseline ``nash``, [B, owners of the industry]; 0 where it is what is observed.
    """

    interval: Floats
    alone_cut_kt: Floats


def sets_at(points: Points, asked: Question, *, institution: Tested, baseline: Baseline, leaving: Belief) -> PointSets:
    """Find the tonnages that hold at every point: options, losses, restarts and the baseline anew, exactly.

    Args:
        points: B of them.
        asked: who is present and how a cut is shared; at most 20 owners.
        institution, baseline, leaving: which set.

    Raises:
        InputError: demand leaves a cut without a finite optimum at some point.
    """
    count = points.term_years.size
    found: list[Floats] = []
    cut = np.zeros((count, len(points.compiled.owners)))
    for row, here in laid_out_in_parts(points, asked, _AT_ONCE):
        base = alone(here.arrangement) if baseline == Baseline.NASH else None
        if base is not None:
            cut[row] = base.cut_kt
        sets = tonnages(asked_rows(here, asked, base), beliefs=[leaving.place])
        found.append(sets.interval[:, leaving.place, institution.place])
    return PointSets(interval=joined(found), alone_cut_kt=cut)


def asked_rows(here: Stakes, asked: Question, base: Alone | None) -> Rows:
    """Return the meeting of some draws as rows of the kernel, with no tonnage asked for, counted from a baseline."""
    return rows_of(
        here.arrangement,
        asked.attendees,
        np.zeros(here.arrangement.draws),
        rule=asked.rule.place,
        stated_cut_kt=asked.stated_cut_kt,
        baseline=base,
    )


def joined(parts: Sequence[Floats]) -> Floats:
    """Return sets of some draws below each other, [..., N, 4] as wide as the widest, with nan beyond the last."""
    width = max(part.shape[-2] for part in parts)
    return np.concatenate(
        [
            np.pad(part, [(0, 0)] * (part.ndim - 2) + [(0, width - part.shape[-2]), (0, 0)], constant_values=np.nan)
            for part in parts
        ]
    )


def k_stars_of(interval: Floats) -> Floats:
    """Return K* of sets [..., N, 4], 0 where no tonnage holds.

    Examples:
        >>> k_stars_of(np.array([[[5.0, 9.0, 1.0, 1.0]], [[np.nan] * 4]])).tolist()
        [9.0, 0.0]
    """
    tops = interval[..., 1]
    return np.where(np.isnan(tops), 0.0, tops).max(axis=-1, initial=0.0)
