"""The tonnages that hold at many points of a case's inputs at once: what draws, maps and tornadoes of K* share."""

from __future__ import annotations

__all__ = ["PointSets", "k_stars_of", "sets_at"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.points import Points
from potline.agreement.table.question import Question
from potline.agreement.table.stakes import draws_of, needs_bound, stakes
from potline.choices import Baseline, Belief, Tested
from potline.numerics.joint_cut.deals import alone
from potline.numerics.joint_cut.rows import rows_of
from potline.numerics.joint_cut.tonnages import tonnages
from potline.shutdown import priced_at, terms_of

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
    for start in range(0, count, _AT_ONCE):
        row = np.arange(start, min(start + _AT_ONCE, count))
        compiled = draws_of(points.compiled, row) if count > _AT_ONCE else points.compiled
        terms = terms_of(compiled, points.term_years[row])
        here = stakes(compiled, terms, priced_at(terms, np.ascontiguousarray(compiled.number("price_per_t"))))
        needs_bound(here, asked.attendees, asked.rule)
        base = alone(here.arrangement) if baseline == Baseline.NASH else None
        if base is not None:
            cut[row] = base.cut_kt
        rows = rows_of(
            here.arrangement,
            asked.attendees,
            np.zeros(row.size),
            rule=asked.rule.place,
            stated_cut_kt=asked.stated_cut_kt,
            baseline=base,
        )
        found.append(tonnages(rows, beliefs=[leaving.place]).interval[:, leaving.place, institution.place])
    width = max(part.shape[1] for part in found)
    wide = [np.pad(part, [(0, 0), (0, width - part.shape[1]), (0, 0)], constant_values=np.nan) for part in found]
    return PointSets(interval=np.concatenate(wide), alone_cut_kt=cut)


def k_stars_of(interval: Floats) -> Floats:
    """Return K* of sets [..., N, 4], 0 where no tonnage holds.

    Examples:
        >>> k_stars_of(np.array([[[5.0, 9.0, 1.0, 1.0]], [[np.nan] * 4]])).tolist()
        [9.0, 0.0]
    """
    tops = interval[..., 1]
    return np.where(np.isnan(tops), 0.0, tops).max(axis=-1, initial=0.0)
