"""Tables of the cuts that would hold: every set, the share of ranges by tonnage, the largest over the ranges."""

from __future__ import annotations

__all__ = ["largest_table", "sets_table", "share_by_tonnage_table", "tonnages_shown"]

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from potline.choices import TESTED, Baseline, Belief
from potline.report.largest_deal import ranges_words
from potline.report.saying import called
from potline.report.table import Reading, Table, code, col, table_of

if TYPE_CHECKING:
    from potline.agreement import TonnageShare, TonnagesThatHold

_STEPS = 60


def sets_table(found: TonnagesThatHold) -> Table:
    """Return every set of tonnages."""
    return table_of(
        found.sets,
        [
            code("institution", lambda one: one.institution),
            code("baseline", lambda one: one.baseline),
            code("leaving", lambda one: one.leaving),
            col("lowest_kt", "kt/year", lambda one: one.lowest_kt),
            col("largest_kt", "kt/year", lambda one: one.k_star_kt),
            col("reached", "", lambda one: one.k_star_belongs if one.intervals else None),
            col("ranges_kt", "kt/year", lambda one: "; ".join(ranges_words(one))),
            col("group", "", lambda one: "; ".join(one.coalition)),
            col("groups", "", lambda one: one.coalitions),
            col("largest_with_all_kt", "kt/year", lambda one: one.with_all_kt),
            col("largest_with_largest_owner_kt", "kt/year", lambda one: one.with_largest_kt),
        ],
        said="largest_deal.tonnages_that_hold",
    )


def tonnages_shown(share: TonnageShare) -> tuple[float, ...]:
    """Return tonnages at which share(K) is shown: round ones up to where little holds, and what is asked for."""
    most = max(share.quantiles_kt(0.99, leaving=leaving)[0] for leaving in Belief)
    top = max(most, share.asked_kt) * 1.02 or float(share.most_kt.max())
    step = _round(top / _STEPS)
    asked = [share.asked_kt] if share.asked_kt > 0.0 else []
    return tuple(sorted({*(step * k for k in range(1, int(top / step) + 1)), *asked}))


def _round(value: float) -> float:
    if value <= 0.0:
        return 1.0
    size = 10.0 ** np.floor(np.log10(value))
    return float(size * next(k for k in (1.0, 2.0, 5.0, 10.0) if k * size >= value))


def share_by_tonnage_table(share: TonnageShare) -> Table:
    """Return share(K): in how many draws each tonnage holds, a column for what is expected of those who stay."""
    shown = np.array(tonnages_shown(share))
    curves = {leaving: share.at(shown, leaving=leaving) for leaving in Belief}

    def one(leaving: Belief) -> Reading[int]:
        label = called("leaving", leaving).capitalize()
        return col(f"{leaving}_share", "share", lambda row: float(curves[leaving][row]), 3, label=label)

    return table_of(
        range(shown.size),
        [col("cut_kt", "kt/year", lambda row: float(shown[row])), *map(one, Belief)],
        said="largest_deal.share_of_ranges_by_tonnage",
        draws=share.draws,
        seed=share.seed,
    )


def largest_table(share: TonnageShare) -> Table:
    """Return quantiles of the largest cut that holds over the ranges."""
    cut = {
        at: np.quantile(share.k_star_kt(*at), (0.05, 0.5, 0.95)).tolist() for at in product(TESTED, Belief, Baseline)
    }
    return table_of(
        cut,
        [
            code("institution", lambda at: at[0]),
            code("baseline", lambda at: at[2]),
            code("leaving", lambda at: at[1]),
            col("p05_kt", "kt/year", lambda at: cut[at][0]),
            col("p50_kt", "kt/year", lambda at: cut[at][1]),
            col("p95_kt", "kt/year", lambda at: cut[at][2]),
            col("nothing_share", "share", lambda at: float(share.none[share.place(*at)]), 3),
            col("asked_share", "share", lambda at: float(share.share[share.place(*at)]), 3),
            col("standard_error", "share", lambda at: float(share.error[share.place(*at)]), 3),
        ],
        said="largest_deal.largest_cut_over_ranges",
        draws=share.draws,
        seed=share.seed,
    )
