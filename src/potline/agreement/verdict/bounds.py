"""The largest tonnage of a meeting of many owners: the largest found to hold, and a bound above which none does.

Found: groups of at most twelve owners are gone through exactly; what holds among them holds at the whole table, since
those who do not sign stay as they are. First those who run most, those who lose least and those who lose most on a
tonne, and all in turn; then the best coalitions found so far with others in turn, until nothing better comes. All or
none is one coalition, looked at below its bound. The bound is :mod:`potline.numerics.joint_cut.ceiling`'s.
"""

from __future__ import annotations

__all__ = ["tonnage_bounds"]

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import NOTHING, certified, registered
from potline.agreement.checks.bounds import verify_tonnage_bounds
from potline.agreement.table.laid_out import LaidOut, lay_out
from potline.agreement.table.question import question_of
from potline.agreement.verdict.bounded import TonnageBound, TonnageBounds
from potline.cases import Case
from potline.cases.limits import MOST_SEARCHED
from potline.choices import TESTED, Baseline, Belief, IdleBelow, Institution, OnFailure, Rule, Tested
from potline.numerics.joint_cut.ceiling import ceiling
from potline.numerics.joint_cut.deals import listed
from potline.numerics.joint_cut.rows import EFFICIENT, Rows, rows_of
from potline.numerics.joint_cut.tonnages import Tonnages, tonnages
from potline.reading import reads

Integers = NDArray[np.int64]
Place = tuple[int, int]
"""A belief and an institution."""

Found = tuple[float, bool, tuple[int, ...]]
"""The largest tonnage, 0 for none, whether it belongs, and the seats that hold it."""

NONE: Found = 0.0, False, ()
_GROUP, _ROUNDS = 12, 3
_NEAR = 1e-4


@reads
def tonnage_bounds(
    case: Case,
    *,
    rule: Rule | None = None,
    every: bool = False,
    idle_below: IdleBelow | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> TonnageBounds:
    """Find how large a cut is known to hold, and above which tonnage none does, among up to 62 owners.

    Args:
        case: a case with a meeting of 2 to 62 owners; up to 20, :func:`potline.tonnages_that_hold` is exact.
        rule: how a cut is shared, the case's unless told otherwise.
        every: both baselines and all three institutions; else voluntary deals counted from what runs.
        idle_below: what idle lines below their restart price do, as the industry has it unless told otherwise.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: the case has no meeting, or one that cannot be held.
        CertificateFailed: independent recomputation rejects the answer.

    Examples:
        Twenty-four owners of 100 kt, slope 0.1 a kt, and 5 lost on each tonne: pairs hold 100 kt if those who stay
        choose anew.

        >>> from potline.cases import Case, Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> names = tuple("ABCDEFGHIJKLMNOPQRSTUVWX")
        >>> alike = Industry(name="alike", price_per_t=100.0, process=PriceProcess(volatility=0.0),
        ...     demand=LinearDemand(price_per_t=100.0, quantity_kt=2400.0, elasticity=1.0 / 2.4),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=95.0) for n in names))
        >>> case = Case(name="alike", industry=alike,
        ...     meeting=Meeting(date="", firms=names, owners=names, least_cut_kt=10.0))
        >>> found = tonnage_bounds(case).bound_of()
        >>> round(found.found_kt, 3), len(found.coalition), found.bound_kt >= found.found_kt
        (100.0, 2, True)
    """
    case = case if idle_below is None else case.at(idle_below)
    asked = question_of(case, rule, most=MOST_SEARCHED)
    laid = lay_out(case, question=asked, most=MOST_SEARCHED)
    baselines = tuple(Baseline) if every else (Baseline.OBSERVED,)
    institutions = TESTED if every else (Institution.VOLUNTARY,)
    result = TonnageBounds(
        case=case,
        rule=asked.rule,
        every=every,
        version=__version__,
        owners=len(asked.owners),
        nash_cuts=laid.cuts(Baseline.NASH) if every else (),
        bounds=tuple(one for baseline in baselines for one in _bounds(laid, baseline, institutions)),
        certificate=NOTHING,
    )
    return certified(result, verify_tonnage_bounds, check, f"the bounds of tonnages of {case.name!r}")


def _bounds(laid: LaidOut, baseline: Baseline, institutions: tuple[Tested, ...]) -> Iterator[TonnageBound]:
    every = np.arange(len(laid.question.owners), dtype=np.int64)
    rows = _rows(laid, baseline, every)
    most = float(rows.pieces[0, :, 0].sum())
    best = _searched(laid, baseline, every, institutions)
    bounds: dict[Place, float] = {}
    for institution in institutions:
        k, together = TESTED.index(institution), institution == Institution.UNANIMITY
        for belief in Belief:
            at = (Belief.COLLAPSE if together or belief == Belief.REOPTIMISE else belief).place, k
            if at not in bounds:
                bounds[at] = min(most, ceiling(rows, at[0], k, floor_kt=best.get(at, NONE)[0])[0])
            found = _together(laid, baseline, every, bounds[at]) if together else best.get((belief.place, k), NONE)
            yield TonnageBound(
                institution=institution,
                baseline=baseline,
                leaving=belief,
                most_kt=most,
                found_kt=found[0] or math.nan,
                found_belongs=found[1],
                coalition=tuple(laid.question.owners[i] for i in found[2]),
                bound_kt=bounds[at],
            )


def _rows(laid: LaidOut, baseline: Baseline, seats: Integers, least_kt: float = 0.0) -> Rows:
    """Return the meeting of some of the owners at the table."""
    asked = laid.question
    return rows_of(
        laid.here.arrangement,
        asked.attendees[seats],
        np.array([least_kt]),
        rule=asked.rule.place,
        stated_cut_kt=asked.stated_cut_kt[seats],
        baseline=laid.base(baseline),
    )


def _searched(
    laid: LaidOut, baseline: Baseline, every: Integers, institutions: tuple[Tested, ...]
) -> dict[Place, Found]:
    """Go through groups of owners, and through others that the best coalitions found might win."""
    wanted = [TESTED.index(one) for one in institutions if one != Institution.UNANIMITY]
    best: dict[Place, Found] = {}
    seen: set[tuple[int, ...]] = set()
    groups = _first(laid, every)
    for _ in range(_ROUNDS):
        before = dict(best)
        for group in groups:
            if group not in seen and len(group) > 1:
                seen.add(group)
                seats = np.array(group, dtype=np.int64)
                _keep(best, tonnages(_rows(laid, baseline, seats)), seats, wanted)
        if best == before:
            break
        groups = _next(best, laid, every)
    return best


def _first(laid: LaidOut, every: Integers) -> list[tuple[int, ...]]:
    """Return groups to begin with: who runs most, who loses least and most on a tonne, and all in turn."""
    runs, plants = laid.running_kt, laid.here.plants
    loss = np.zeros(len(laid.compiled.owners))
    np.add.at(loss, plants.owner, (plants.running_kt * plants.loss_part_per_t)[0])
    each = loss[laid.question.attendees] / np.where(runs > 0.0, runs, 1.0)
    able = every[runs > 0.0]
    large, dear = able[np.argsort(-runs[able], kind="stable")], able[np.argsort(each[able], kind="stable")]
    heads = [large[:_GROUP], dear[:_GROUP], dear[::-1][:_GROUP]]
    turns = [large[k : k + _GROUP] for k in range(0, large.size, _GROUP)]
    return [tuple(sorted(part.tolist())) for part in (*heads, *turns)]


def _next(best: dict[Place, Found], laid: LaidOut, every: Integers) -> list[tuple[int, ...]]:
    """Return the best coalitions found, each with others in turn, the largest first."""
    runs = laid.running_kt
    order = every[np.argsort(-runs, kind="stable")]
    groups: list[tuple[int, ...]] = []
    for _, _, coalition in best.values():
        core = coalition[: _GROUP - 2]
        others = [i for i in order.tolist() if i not in core and runs[i] > 0.0]
        room = _GROUP - len(core)
        groups += [tuple(sorted((*core, *others[k : k + room]))) for k in range(0, len(others), room)]
    return list(dict.fromkeys(groups))


def _keep(best: dict[Place, Found], found: Tonnages, seats: Integers, wanted: list[int]) -> None:
    for belief in range(len(Belief)):
        for k in wanted:
            count = int(found.count[0, belief, k])
            if count == 0:
                continue
            _, top, _, belongs = found.interval[0, belief, k, count - 1].tolist()
            if top > best.get((belief, k), NONE)[0] * (1.0 + 1e-9):
                mask = int(found.holder[0, belief, k])
                members = tuple(int(seats[i]) for i in range(seats.size) if mask >> i & 1)
                best[belief, k] = (top, belongs > 0.0, members)


def _together(laid: LaidOut, baseline: Baseline, every: Integers, bound_kt: float) -> Found:
    """Return the largest of some tonnages below a bound that all present hold together, who get nothing by leaving."""
    able = every[laid.running_kt > 0.0]
    mask, at = np.array([sum(1 << int(i) for i in able)]), np.zeros(1, dtype=np.int64)
    begun, below = _all_begun(_rows(laid, baseline, every), able), _NEAR
    while below < 1.0 and bound_kt * (1.0 - below) > begun:
        tonnage = bound_kt * (1.0 - below)
        scored = listed(_rows(laid, baseline, every, tonnage), at, mask, anew=False)
        if scored.best_m[0, Belief.COLLAPSE.place, TESTED.index(Institution.VOLUNTARY)] >= 0.0:
            return tonnage, True, tuple(able.tolist())
        below *= 2.0
    return NONE


def _all_begun(rows: Rows, able: Integers) -> float:
    """Return a tonnage above which everybody idles some: 0 but where the dearest tonnes of all go first."""
    if rows.rule != EFFICIENT:
        return 0.0
    order = rows.merged[0]
    kt = rows.pieces[0, order, 0]
    spans = [(order >= rows.first[i]) & (order < rows.first[i + 1]) & (kt > 0.0) for i in able.tolist()]
    first = [int(np.argmax(span)) for span in spans]
    return float(kt[: max(first)].sum())


registered(TonnageBounds, verify_tonnage_bounds)
