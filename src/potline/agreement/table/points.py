"""A case at many points of its inputs at once, and the margins there: what draws, maps and tornadoes share."""

from __future__ import annotations

__all__ = ["PointMargins", "Points", "change_of", "laid_out_in_parts", "margins_at", "points_of"]

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.question import Question
from potline.agreement.table.stakes import Stakes, draws_of, needs_bound, stakes
from potline.cases import Case
from potline.cases.inputs import NamedInput
from potline.choices import TESTED, Baseline, Belief
from potline.compiled import CompiledIndustry, DrawnChange, compile_industry
from potline.errors import InputError, Problem
from potline.numerics.joint_cut.deals import alone, deals
from potline.shutdown import priced_at, terms_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_AT_ONCE = 256


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """An industry at B points, with the meeting's term and least tonnage at each, [B]."""

    compiled: CompiledIndustry
    term_years: Floats
    least_cut_kt: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointMargins:
    """Margins at B points, [B, 4 beliefs, 3 institutions], million a year, and the groups that attain them.

    Margins are nan, and masks -1, where no coalition reaches the tonnage. ``alone_cut_kt``: of the baseline ``nash``,
    [B, owners of the industry]; 0 where the baseline is what is observed.
    """

    margin_m_per_year: Floats
    mask: Integers
    alone_cut_kt: Floats


def change_of(item: NamedInput, values: Floats) -> DrawnChange:
    """Return the change that gives an input its values, one a point, in the unit and tax basis of the input."""
    return DrawnChange(path=item.path, operation=item.operation, values=values / item.tax)


def points_of(case: Case, changes: Sequence[DrawnChange], count: int) -> Points:
    """Return the case under changes that hold one value a point, ``count`` points, applied in order.

    A change of ``price_per_t`` also moves the point that demand passes through, as in :meth:`potline.Case.under`.

    Raises:
        InputError: the case has no meeting, or a path cannot be drawn.
    """
    if case.meeting is None:
        raise InputError(
            [Problem(where="case.toml", found="no meeting", needed="a [meeting] table", hint="See `potline new`.")]
        )
    numbers = {"term_years": case.meeting.term_years, "least_cut_kt": case.meeting.least_cut_kt}
    meeting = {name: np.full(count, value) for name, value in numbers.items()}
    compiled = compile_industry(case.industry)
    try:
        for change in changes:
            part, _, field = change.path.partition(".")
            if part == "meeting" and field in meeting:
                meeting[field] = change.applied_to(meeting[field])
                continue
            compiled = compiled.under(change)
            if change.path == "price_per_t":
                moved = DrawnChange(path="demand.price_per_t", values=compiled.number("price_per_t"))
                compiled = compiled.under(moved)
    except InputError as error:
        needed = "the path of a number that can be drawn"
        raise InputError(
            [
                Problem(where=f"case.toml, factors, {item.where}", found=item.found, needed=needed, hint=item.hint)
                for item in error.problems
            ]
        ) from None
    return Points(compiled=dataclasses.replace(compiled, draws=count), **meeting)


def laid_out_in_parts(points: Points, asked: Question, at_once: int) -> Iterator[tuple[Integers, Stakes]]:
    """Lay out the meetings at all points, some at once: which, and their stakes, options solved anew.

    Raises:
        InputError: a cut without bound would pay at some point.
    """
    count = points.term_years.size
    for start in range(0, count, at_once):
        row = np.arange(start, min(start + at_once, count), dtype=np.int64)
        compiled = draws_of(points.compiled, row) if row.size < count else points.compiled
        terms = terms_of(compiled, points.term_years[row])
        here = stakes(compiled, terms, priced_at(terms, np.ascontiguousarray(compiled.number("price_per_t"))))
        needs_bound(here, asked.attendees, asked.rule)
        yield row, here


def margins_at(
    points: Points, asked: Question, *, baseline: Baseline = Baseline.OBSERVED, leaving: Belief | None = None
) -> PointMargins:
    """Hold the meeting at every point: options, losses, restarts and the baseline anew, exactly.

    Args:
        points: B of them.
        asked: who is present and how a cut is shared.
        baseline: ``observed`` or ``nash``.
        leaving: the one belief that is asked for, where it is one: ``reoptimise`` is left out under any other.

    Raises:
        InputError: demand leaves a cut without a finite optimum at some point.
    """
    count = points.term_years.size
    shape = (count, len(Belief), len(TESTED))
    margin, mask = np.empty(shape), np.empty(shape, dtype=np.int64)
    cut = np.zeros((count, len(points.compiled.owners)))
    for row, here in laid_out_in_parts(points, asked, _AT_ONCE):
        base = alone(here.arrangement) if baseline == Baseline.NASH else None
        if base is not None:
            cut[row] = base.cut_kt
        found = deals(
            here.arrangement,
            asked.attendees,
            points.least_cut_kt[row],
            rule=asked.rule.place,
            stated_cut_kt=asked.stated_cut_kt,
            baseline=base,
            anew=leaving in (None, Belief.REOPTIMISE),
        )
        margin[row] = np.where(found.best_mask >= 0, found.best_m, np.nan)[:, :, :3]
        mask[row] = found.best_mask[:, :, :3]
    return PointMargins(margin_m_per_year=margin, mask=mask, alone_cut_kt=cut)
