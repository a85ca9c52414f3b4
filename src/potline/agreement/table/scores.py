"""Score the coalitions of a meeting: all of them, one of each kind where owners are alike, or by a search with a bound.

Up to 20 owners every coalition is scored. With more, owners whose plants, idle lines, stated cut and baseline are the
same are exchangeable, so a coalition is a number of members of each kind; where those are few enough all are scored,
and the answer is as exact. Otherwise :func:`potline.numerics.joint_cut.search.search` finds the best it can and proves
what no coalition exceeds.
"""

from __future__ import annotations

__all__ = ["MOST_LISTED", "Scored", "margins_of", "scored"]

import dataclasses
import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.question import Question
from potline.agreement.table.stakes import Stakes
from potline.cases.limits import MOST_GONE_THROUGH
from potline.choices import Rule
from potline.numerics.joint_cut.deals import Alone, Arrangement, Deals, deals, listed
from potline.numerics.joint_cut.rows import Rows, rows_of
from potline.numerics.joint_cut.search import search

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_SCORED = 2**20
MOST_LISTED = 2**14
SAMPLED = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """A meeting's coalitions, scored under one rule and baseline.

    Attributes:
        table: best coalitions and bounds; its rows are all coalitions where ``complete``, else those that decide, the
            same without each member, the best that were tried, and some drawn.
        complete: whether every coalition (of each kind) has a row.
        method: ``every``, ``alike`` or ``searched``.
        coalitions: scored exactly.
        boxes: sets of coalitions bounded.
        tolerance_m: bounds that far apart count as met.
        read: what the sweep read.
    """

    table: Deals
    read: Rows
    complete: bool
    method: str
    coalitions: int
    boxes: int = 0
    tolerance_m: float = 0.0

    def around(self, mask: int) -> Deals:
        """Return a table that holds a coalition and the same joined by each owner that is not in it."""
        if self.complete and self.method == "every":
            return self.table
        masks = sorted({mask} | {mask | (1 << i) for i in range(self.read.kind.size)}) if mask >= 0 else []
        return listed(self.read, np.zeros(len(masks), np.int64), np.array(masks, dtype=np.int64), members=True)


def scored(here: Stakes, asked: Question, rule: Rule, baseline: Alone | None, *, seed: int = 7) -> Scored:
    """Score the coalitions of a meeting of one draw; ``seed`` of the coalitions drawn where not all are listed."""
    least = np.array([asked.least_cut_kt])
    read = _read(here.arrangement, asked, least, rule, baseline)
    method, count = _method(read)
    if method != "searched":
        found = deals(
            here.arrangement,
            asked.attendees,
            least,
            rule=rule.place,
            stated_cut_kt=asked.stated_cut_kt,
            baseline=baseline,
            alike=method == "alike",
            table=count <= MOST_LISTED,
        )
        if count <= MOST_LISTED:
            return Scored(table=found, read=read, complete=True, method=method, coalitions=count)
        table = _listing(read, found, (), seed)
        return Scored(table=table, read=read, complete=False, method=method, coalitions=count)
    result = search(read)
    best = dataclasses.replace(
        listed(read, np.empty(0, np.int64), np.empty(0, np.int64)),
        best_m=result.lower_m,
        best_mask=result.mask,
        upper_m=result.upper_m,
    )
    return Scored(
        table=_listing(read, best, result.tried, seed),
        read=read,
        complete=False,
        method=method,
        coalitions=int(result.coalitions[0]),
        boxes=int(result.boxes[0]),
        tolerance_m=float(result.tolerance_m[0]),
    )


def margins_of(
    arrangement: Arrangement, asked: Question, least_cut_kt: Floats, rule: Rule, baseline: Alone | None
) -> tuple[Floats, Floats, Integers]:
    """Return the margins of several draws, what they are at most, and who attains them, [B, 4 beliefs, 3 institutions].

    Numbers are nan, and coalitions -1, where none reaches the tonnage.
    """
    read = _read(arrangement, asked, least_cut_kt, rule, baseline)
    method, _ = _method(read)
    if method == "searched":
        result = search(read)
        lower, upper, mask = result.lower_m, result.upper_m, result.mask
    else:
        found = deals(
            arrangement,
            asked.attendees,
            least_cut_kt,
            rule=rule.place,
            stated_cut_kt=asked.stated_cut_kt,
            baseline=baseline,
            alike=method == "alike",
        )
        lower, upper, mask = found.best_m, found.upper_m, found.best_mask
    mask = mask[:, :, :3]
    return np.where(mask < 0, np.nan, lower[:, :, :3]), np.where(mask < 0, np.nan, upper[:, :, :3]), mask


def _read(arrangement: Arrangement, asked: Question, least: Floats, rule: Rule, baseline: Alone | None) -> Rows:
    return rows_of(
        arrangement, asked.attendees, least, rule=rule.place, stated_cut_kt=asked.stated_cut_kt, baseline=baseline
    )


def _method(read: Rows) -> tuple[str, int]:
    """Return how the coalitions are scored, and how many there are to score."""
    if read.kind.size <= MOST_GONE_THROUGH:
        return "every", 2**read.kind.size
    count = math.prod(members + 1 for members in Counter(read.kind.tolist()).values())
    return ("alike", count) if count <= MOST_SCORED else ("searched", 0)


def _listing(read: Rows, best: Deals, tried: tuple[int, ...], seed: int) -> Deals:
    """Return the table of the coalitions that decide, each without one member, of those tried, and of some drawn."""
    n = read.kind.size
    decide = set(best.best_mask[best.best_mask >= 0].tolist())
    without = {mask ^ (1 << i) for mask in decide for i in range(n) if mask >> i & 1}
    rng = np.random.default_rng(seed)
    drawn = {_drawn(rng, n) for _ in range(SAMPLED)}
    masks = np.array(sorted(decide | without | drawn | set(tried)), dtype=np.int64)
    table = listed(read, np.zeros(masks.size, np.int64), masks, members=True)
    better = (table.best_m > best.best_m) & (best.upper_m > best.best_m)  # of those drawn, where not all were scored
    return dataclasses.replace(
        table,
        best_m=np.where(better, table.best_m, best.best_m),
        best_mask=np.where(better, table.best_mask, best.best_mask),
        upper_m=np.maximum(best.upper_m, np.where(better, table.best_m, -np.inf)),
    )


def _drawn(rng: np.random.Generator, n: int) -> int:
    """Draw a coalition: any size from 2 alike, then any of that size."""
    members = rng.permutation(n)[: int(rng.integers(2, n + 1))]
    return sum(1 << int(i) for i in members)
