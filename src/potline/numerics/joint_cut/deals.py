r"""Joint cuts: what each coalition of owners gains by idling capacity together, for many draws at once.

Owner i, with running capacity r_j, idles x_j of its plants, the dearest first. Its gain over the term is

    dV_i = A sum_j [(r_j - x_j) (u + s_j F) - r_j (u0 + s_j F0)] - loss(x)

where u is the price rise and F the fall of the shared input's price once outsiders' idle lines have answered, both
functions of the net fall of output, and (u0, F0) belong to the baseline. A coalition is scored by what its members
gain in the deal and by what each would gain outside it. :mod:`potline.numerics.joint_cut.sweep` is the compiled part.
"""

from __future__ import annotations

__all__ = [
    "EFFICIENT",
    "PARTICIPATION",
    "PRO_RATA",
    "STATED",
    "WITHOUT_COMPENSATION",
    "Alone",
    "Arrangement",
    "CutMarket",
    "CutPlants",
    "Deals",
    "alone",
    "arrange",
    "coalitions_of",
    "deals",
    "listed",
    "repeat",
    "repeat_baseline",
    "stayed",
]

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from potline.numerics.joint_cut.arrange import Arrangement, CutMarket, CutPlants, arrange
from potline.numerics.joint_cut.path import BESIDE
from potline.numerics.joint_cut.rest import MEETING, meet, search_alone
from potline.numerics.joint_cut.rise import SHAPE, SPREAD
from potline.numerics.joint_cut.rows import EFFICIENT, PRO_RATA, STATED, Alone, Rows, rows_of
from potline.numerics.joint_cut.stay import reoptimised_of, room_of
from potline.numerics.joint_cut.sweep import BELIEFS, sweep_deals, sweep_listed
from potline.numerics.parallel import split

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ROUNDING = 1e-13  # a change that brings an owner less of its revenue is none
_CLOSER = (1e-7, 1e-9, 1e-11, ROUNDING)
_COLUMNS = 4 + 5 * BELIEFS

VOLUNTARY, TRANSFERS, UNANIMITY, PARTICIPATION, WITHOUT_COMPENSATION = range(5)
"""What is tested of a coalition: the axis of five."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deals:
    """Every coalition scored; ``-inf`` and mask -1 where none reaches the least tonnage.

    Tests, last axis of ``best_m`` (:data:`VOLUNTARY` and the next four), in millions a year: ``voluntary`` (worst
    member's smaller of gain and slack), ``transfers`` (sum of gain less what the member can get outside), ``unanimity``
    (worst gain in the coalition of all), ``participation`` (worst gain), ``without_compensation`` (minus the money
    that would make every member's gain and slack 0).

    Attributes:
        best_m, best_mask: shape (draws, 4 beliefs, 5 institutions); beliefs: those who stay choose anew, keep their
            cuts, share the tonnage anew, or end the deal.
        upper_m: what no coalition exceeds: the same where all were scored.
        mask: the coalitions tabled, C of them: all 2 ** members in order unless owners were bucketed or listed; none
            where no table was asked for.
        cut_kt, output_fall_kt, price_rise_per_t, relief_per_t: by coalition, shape (draws, C), as those below.
        score_m: shape (draws, C, 4, 5); nan where the coalition does not reach the least tonnage.
        member_cut_kt, gain_m: shape (draws, C, members), over the term.
        outside_gain_m: gain of each member if it leaves, shape (draws, C, members, 4), over the term.
    """

    best_m: Floats
    best_mask: Integers
    upper_m: Floats
    mask: Integers
    cut_kt: Floats
    output_fall_kt: Floats
    price_rise_per_t: Floats
    relief_per_t: Floats
    score_m: Floats
    member_cut_kt: Floats
    gain_m: Floats
    outside_gain_m: Floats

    def row(self, mask: int) -> int:
        """Return where a coalition stands in the table; -1 where it is not in it."""
        found = np.flatnonzero(self.mask == mask) if self.mask.size <= mask or self.mask[mask] != mask else [mask]
        return int(found[0]) if len(found) else -1

    def reached(self, row: int) -> bool:
        """Return whether a row (maybe -1) is a coalition that reaches the least tonnage, in the first draw."""
        return row >= 0 and not bool(np.isnan(self.cut_kt[0, row]))


def deals(
    arrangement: Arrangement,
    attendees: Integers,
    least_cut_kt: Floats,
    *,
    rule: int = PRO_RATA,
    stated_cut_kt: Floats | None = None,
    baseline: Alone | None = None,
    alike: bool = False,
    anew: bool = True,
    table: bool = False,
    threads: int | None = None,
) -> Deals:
    """Score every coalition of the attendees in every draw, under four beliefs about what those who stay do.

    Args:
        arrangement: from :func:`arrange`.
        attendees: owners at the meeting, shape (members,), at most 62.
        least_cut_kt: tonnage a deal needs, shape (draws,).
        rule: :data:`PRO_RATA`, :data:`EFFICIENT` or :data:`STATED`.
        stated_cut_kt: shape (members,), for the rule ``stated``.
        baseline: cuts made without any agreement; none for the state as observed.
        alike: let one coalition stand for all with as many owners of each kind (:attr:`Rows.kind`), the first of
            each: prod(owners of a kind + 1) instead of 2 ** members, the same answers.
        anew: whether it is asked what those who stay would choose anew; else that belief has no score.
        table: keep every coalition, not only the best.
        threads: all cores unless told otherwise; no result depends on it.

    Examples:
        Two owners of 100 kt each, price 10, slope 0.1 per kt, loss 1 a tonne: cutting 20 kt each lifts the price by 4
        and brings each 80 * 4 - 20, but 100 * 2 to the one who leaves; so nobody signs, though both would gain.

        >>> one = np.ones((1, 1))
        >>> market = CutMarket(price_per_t=10 * one[0], quantity_kt=200 * one[0], elasticity=0.5 * one[0],
        ...     ceiling_per_t=np.inf * one[0], annuity=one[0], relief_output_fall_kt=np.empty((1, 0)),
        ...     relief_per_t=np.empty((1, 0)))
        >>> two = np.ones((1, 2))
        >>> plants = CutPlants(running_kt=100 * two, idle_kt=0 * two, loss_part_per_t=two, loss_whole_per_t=two,
        ...     stop_price_per_t=two, restart_price_per_t=two, relief_use=0 * two, line_kt=np.zeros(2),
        ...     owner=np.arange(2))
        >>> found = deals(arrange(market, plants, 2), np.arange(2), 40.0 * one[0])
        >>> found.best_m[0, 1, :4].round(3).tolist(), found.best_mask[0, 1, 0].item()
        ([0.1, 0.2, 0.3, 0.3], 3)
    """
    read = rows_of(arrangement, attendees, least_cut_kt, rule=rule, stated_cut_kt=stated_cut_kt, baseline=baseline)
    draws, members = arrangement.draws, attendees.size
    masks, step = coalitions_of(read.kind if alike else np.arange(members))
    best, chosen = np.empty((draws, BELIEFS, 5)), np.empty((draws, BELIEFS, 5), np.int64)
    coalitions = masks.size if table else 0
    rows = np.full((draws, coalitions, _COLUMNS), np.nan)
    gains = np.full((draws, coalitions, members, 2 + BELIEFS), np.nan)

    def task(start: int, stop: int) -> None:
        stayed = np.empty((masks.size if anew else 0, 2))
        sweep_deals(
            start, stop, *read.arguments, read.merged, masks, step, room_of(read), stayed, best, chosen, rows, gains
        )

    split(task, draws, threads)
    return _deals(best, chosen, masks if table else masks[:0], rows, gains)


def listed(
    read: Rows,
    draw: Integers,
    masks: Integers,
    *,
    members: bool = False,
    anew: bool | Floats = True,
    threads: int | None = None,
) -> Deals:
    """Score chosen coalitions only, each in its draw.

    Args:
        read: the meeting, from :func:`rows_of`; at most 62 owners.
        draw, masks: shape (coalitions,): which coalition in which draw.
        members: also keep what each member gains.
        anew: whether it is asked what those who stay would choose anew, else that belief has no score; or what all
            coalitions choose, from :func:`potline.numerics.joint_cut.stay.reoptimised`.
        threads: all cores unless told otherwise; no result depends on it.

    Returns:
        tables with one row, its columns the coalitions as listed; ``best_m`` is over those of each draw, and nothing
        is known of others: ``upper_m`` is ``inf``.
    """
    draws, owners = read.market.shape[0], read.first.size - 1
    rows = np.full((masks.size, _COLUMNS), np.nan)
    gains = np.full((masks.size if members else 0, owners, 2 + BELIEFS), np.nan)
    anew_of, place = np.empty((0, 2)), np.empty((0, owners), np.int64)
    if anew is True:
        anew_of, place = stayed(read, draw, masks, threads)
    elif anew is not False:
        anew_of = anew.reshape(-1, 2)

    def task(start: int, stop: int) -> None:
        sweep_listed(start, stop, *read.arguments, draw, masks, room_of(read), anew_of, place, rows, gains)

    split(task, masks.size, threads)
    best, chosen = np.full((draws, 5 * BELIEFS), -np.inf), np.full((draws, 5 * BELIEFS), -1, np.int64)
    score = np.where(np.isnan(rows[:, 4:]), -np.inf, rows[:, 4:])
    np.maximum.at(best, draw, score)
    for k in range(5 * BELIEFS):
        first = np.flatnonzero((score[:, k] == best[draw, k]) & (score[:, k] > -np.inf))[::-1]
        chosen[draw[first], k] = masks[first]
    shape = (draws, BELIEFS, 5)
    found = _deals(best.reshape(shape), chosen.reshape(shape), masks, rows[None], gains[None])
    return replace(found, upper_m=np.full(shape, np.inf))


def stayed(read: Rows, draw: Integers, masks: Integers, threads: int | None = None) -> tuple[Floats, Integers]:
    """Return the rise and relief that those who stay choose anew, each group once, and the row of each leaver's."""
    bit = np.int64(1) << np.arange(read.first.size - 1, dtype=np.int64)
    smaller = masks[:, None] & ~bit
    leaves = (smaller != masks[:, None]) & (smaller != 0)
    place = np.zeros(smaller.shape, np.int64)
    if read.market.shape[0] == 1:
        groups, back = np.unique(smaller[leaves], return_inverse=True)
        whose = np.zeros(groups.size, np.int64)
    else:
        pairs = np.stack([np.broadcast_to(draw[:, None], smaller.shape)[leaves], smaller[leaves]], axis=1)
        both, back = np.unique(pairs, axis=0, return_inverse=True)
        whose, groups = np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1])
    place[leaves] = back.ravel() + 1
    alone = np.array([[-1.0, 0.0]])  # nobody has no deal
    return np.concatenate([alone, reoptimised_of(read, whose, groups, threads=threads)]), place


def coalitions_of(kind: Integers) -> tuple[Integers, Integers]:
    """Return one coalition for each number of members of each kind, and how many rows before it each without i stands.

    Examples:
        Two owners alike and a third: nobody, one, both; then each with the third.

        >>> masks, step = coalitions_of(np.array([0, 0, 2]))
        >>> [f"{mask:03b}" for mask in masks], step.tolist()
        (['000', '001', '011', '100', '101', '111'], [1, 1, 3])
    """
    step, count = np.zeros(kind.size, np.int64), 1
    masks = np.zeros(1, np.int64)
    for k in dict.fromkeys(kind.tolist()):
        mine = np.flatnonzero(kind == k)
        step[mine] = count
        joined = np.concatenate([[0], np.cumsum(np.int64(1) << mine)]).astype(np.int64)
        masks = (joined[:, None] + masks[None, :]).ravel()
        count *= mine.size + 1
    return masks, step


def alone(
    arrangement: Arrangement,
    *,
    solo: bool = False,
    start: Floats | None = None,
    answering: Integers | None = None,
    rounds: int = 200,
    threads: int | None = None,
) -> Alone:
    """Find cuts that no owner would change alone: best responses in turn, the largest owner first, from no cut.

    Each response is exact: it maximises ``A sum_j (r_j - x_j) (u + s_j F) - loss(x)`` over every plant boundary, kink
    of the market and stationary point. The responses show where each owner's cut lies, and those places give the point
    at which all of them meet (:mod:`potline.numerics.joint_cut.rest`): of several such points the one that the turns
    come to. Tonnages are strategic substitutes; where the responses cycle, the cuts of the last round are returned
    with their regret and ``settled`` false.

    Args:
        arrangement: from :func:`arrange`.
        solo: also the best cut of each owner against nobody.
        start: cuts from which the turns begin, shape (draws, owners); none unless given.
        answering: owners who choose; what others withdraw in ``start``, maybe less than nothing, stays. All unless
            given.
        rounds: at most.
        threads: all cores unless told otherwise; no result depends on it.

    Examples:
        Ten owners of 100 kt, price 10, slope 0.1 per kt, loss 4 a tonne: (100 - x) 0.1 - 0.1 X = 4, so X = 600 / 11.

        >>> one, ten = np.ones(1), np.ones((1, 10))
        >>> market = CutMarket(price_per_t=10 * one, quantity_kt=1000 * one, elasticity=0.1 * one,
        ...     ceiling_per_t=np.inf * one, annuity=one, relief_output_fall_kt=np.empty((1, 0)),
        ...     relief_per_t=np.empty((1, 0)))
        >>> plants = CutPlants(running_kt=100 * ten, idle_kt=0 * ten, loss_part_per_t=4 * ten, loss_whole_per_t=4 * ten,
        ...     stop_price_per_t=ten, restart_price_per_t=ten, relief_use=0 * ten, line_kt=np.zeros(10),
        ...     owner=np.arange(10))
        >>> found = alone(arrange(market, plants, 10))
        >>> found.total_kt.round(9).tolist(), found.settled.tolist()
        ([54.545454545], [True])
    """
    draws, owners = arrangement.draws, arrangement.first.size - 1
    size = np.add.reduceat(
        np.concatenate([arrangement.pieces[:, :, 0], np.zeros((draws, 1))], axis=1), arrangement.first[:-1], axis=1
    )
    size[:, np.diff(arrangement.first) == 0] = 0.0
    sequence = np.ascontiguousarray(np.argsort(-size, axis=1, kind="stable")).astype(np.int64)
    if answering is not None:
        sequence = np.ascontiguousarray(sequence[np.isin(sequence, answering)].reshape(draws, -1))
    cut = np.zeros((draws, owners)) if start is None else np.array(start, dtype=np.float64)
    state, count = np.zeros((draws, 7)), np.zeros(draws, np.int64)
    single = np.zeros((draws, owners if solo else 0, 2))
    row = np.arange(draws, dtype=np.int64)
    for tolerance in _CLOSER:
        turns = _Turns(arrangement, sequence, row, threads)
        now, reached, place = turns.taken(cut[row], rounds, tolerance, single if tolerance == _CLOSER[0] else None)
        cut[row], state[row] = now, reached
        count[row] += reached[:, 1].astype(np.int64)
        enough = np.where(arrangement.market[row, SPREAD] > 0.0, 0, 1)  # one too: a narrow spread turns its slope soon
        steps = (arrangement.market[row, SHAPE] != 0.0) & (place[:, :, 0] == BESIDE).any(axis=1)
        apart = (np.isin(place[:, :, 0], MEETING).sum(axis=1) > enough) | steps | (reached[:, 0] > ROUNDING)
        row, now, reached, place = row[apart], now[apart], reached[apart], place[apart]
        turns = _Turns(arrangement, sequence, row, threads)
        met = turns.joined(now, place)
        met, after, _ = turns.taken(met, 1, np.inf)
        better = after[:, 0] <= np.maximum(reached[:, 0], ROUNDING)
        cut[row], state[row] = np.where(better[:, None], met, now), np.where(better[:, None], after, reached)
        row = row[state[row, 0] > ROUNDING]
        if row.size == 0:
            break
    return Alone(
        cut_kt=cut,
        solo_cut_kt=single[:, :, 0],
        solo_gain_m=single[:, :, 1] * 1e-3,
        regret=state[:, 0],
        rounds=count,
        settled=state[:, 0] <= ROUNDING,
        total_kt=state[:, 3],
        output_fall_kt=state[:, 4],
        price_rise_per_t=state[:, 5],
        relief_per_t=state[:, 6],
    )


def repeat(arrangement: Arrangement, times: int) -> Arrangement:
    """Return ``times`` equal rows of an arrangement of one draw, to ask it several questions in one batch."""
    rows = {
        name: np.ascontiguousarray(np.repeat(getattr(arrangement, name), times, axis=0))
        for name in ("market", "relief", "lines", "line_owner", "pieces", "piece_plant")
    }
    return replace(arrangement, **rows)


def repeat_baseline(baseline: Alone, times: int) -> Alone:
    """Return ``times`` equal rows of a baseline of one draw."""
    return Alone(**{name: np.repeat(getattr(baseline, name), times, axis=0) for name in Alone.__slots__})


class _Turns:
    """Some draws of a meeting in which owners answer each other in turn."""

    def __init__(self, arrangement: Arrangement, sequence: Integers, row: Integers, threads: int | None) -> None:
        market, relief, lines, pieces = (
            getattr(arrangement, name)[row] for name in ("market", "relief", "lines", "pieces")
        )
        self.rows = (market, relief, lines, pieces, arrangement.first, sequence[row])
        self.threads = threads

    def taken(
        self, start: Floats, rounds: int, tolerance: float, solo: Floats | None = None
    ) -> tuple[Floats, Floats, Integers]:
        """Return cuts, state and places after best responses in turn; a tolerance of inf measures and changes none."""
        cut, state = np.array(start), np.empty((start.shape[0], 7))
        place = np.zeros((*start.shape, 2), np.int64)
        single = np.empty((start.shape[0], 0, 2)) if solo is None else solo

        def task(first: int, last: int) -> None:
            search_alone(first, last, *self.rows, rounds, tolerance, cut, place, single, state)

        split(task, start.shape[0], self.threads)
        return cut, state, place

    def joined(self, cut: Floats, place: Integers) -> Floats:
        """Return the point where responses at those places meet."""
        found = np.empty_like(cut)

        def task(first: int, last: int) -> None:
            meet(first, last, *self.rows, place, cut, found)

        split(task, cut.shape[0], self.threads)
        return found


def _deals(best: Floats, chosen: Integers, masks: Integers, rows: Floats, gains: Floats) -> Deals:
    return Deals(
        best_m=best,
        best_mask=chosen,
        upper_m=best,
        mask=masks,
        cut_kt=rows[:, :, 0],
        output_fall_kt=rows[:, :, 1],
        price_rise_per_t=rows[:, :, 2],
        relief_per_t=rows[:, :, 3],
        score_m=rows[:, :, 4:].reshape(*rows.shape[:2], BELIEFS, 5),
        member_cut_kt=gains[:, :, :, 0],
        gain_m=gains[:, :, :, 1],
        outside_gain_m=gains[:, :, :, 2:],
    )
