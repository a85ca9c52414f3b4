r"""Joint cuts: what each coalition of owners gains by idling capacity together, for many draws at once.

Owner i, with running capacity r_j, idles x_j of its plants, the dearest first. Its gain over the term is

    dV_i = A sum_j [(r_j - x_j) (u + s_j F) - r_j (u0 + s_j F0)] - loss(x)

where u is the price rise and F the fall of the shared input's price once outsiders' idle lines have answered, both
functions of the net fall of output, and (u0, F0) belong to the baseline. A coalition is scored by what its members
gain in the deal and by what each would gain outside it. :mod:`potline.numerics.joint_cut_sweep` is the compiled part.
"""

from __future__ import annotations

__all__ = [
    "INSTITUTIONS",
    "LEAVING",
    "RULES",
    "Alone",
    "Arrangement",
    "CutMarket",
    "CutPlants",
    "Deals",
    "alone",
    "arrange",
    "deals",
    "repeat",
    "repeat_baseline",
]

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from potline.numerics.joint_cut_arrange import Arrangement, CutMarket, CutPlants, arrange
from potline.numerics.joint_cut_sweep import search_alone, sweep_deals
from potline.numerics.parallel import split

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

RULES = ("pro_rata", "efficient", "stated")
LEAVING = ("keep", "respread", "collapse")
INSTITUTIONS = ("voluntary", "transfers", "unanimity", "participation", "without_compensation")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alone:
    """Cuts that no owner would change alone.

    Attributes:
        cut_kt: shape (draws, owners).
        solo_cut_kt, solo_gain_m: best cut of each owner if nobody else cuts, and its gain over the term in millions;
            no column unless asked for.
        regret: largest gain a change would still bring, relative to the owner's running revenue, shape (draws,).
        rounds, settled: rounds of best responses, and whether they came to rest; otherwise they cycle.
        total_kt, output_fall_kt, price_rise_per_t, relief_per_t: the market at these cuts, shape (draws,).
    """

    cut_kt: Floats
    solo_cut_kt: Floats
    solo_gain_m: Floats
    regret: Floats
    rounds: Integers
    settled: NDArray[np.bool_]
    total_kt: Floats
    output_fall_kt: Floats
    price_rise_per_t: Floats
    relief_per_t: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deals:
    """Every coalition scored; ``-inf`` and mask -1 where none reaches the least tonnage.

    Institutions, last axis of ``best_m`` (:data:`INSTITUTIONS`), all in millions a year: ``voluntary`` (worst member's
    smaller of gain and slack), ``transfers`` (sum of gain less what the member can get outside), ``unanimity`` (worst
    gain in the coalition of all), ``participation`` (worst gain), ``without_compensation`` (minus the money that would
    make every member's gain and slack 0).

    Attributes:
        best_m, best_mask: shape (draws, 3 ways of leaving, 5 institutions).
        cut_kt, output_fall_kt, price_rise_per_t, relief_per_t: by coalition, shape (draws, 2 ** members); columns only
            where the table was asked for, as those below.
        score_m: shape (draws, 2 ** members, 3, 5); nan where the coalition does not reach the least tonnage.
        member_cut_kt, gain_m: shape (draws, 2 ** members, members), over the term.
        outside_gain_m: gain of each member if it leaves, shape (draws, 2 ** members, members, 3), over the term.
    """

    best_m: Floats
    best_mask: Integers
    cut_kt: Floats
    output_fall_kt: Floats
    price_rise_per_t: Floats
    relief_per_t: Floats
    score_m: Floats
    member_cut_kt: Floats
    gain_m: Floats
    outside_gain_m: Floats


def deals(
    arrangement: Arrangement,
    attendees: Integers,
    least_cut_kt: Floats,
    *,
    rule: str = "pro_rata",
    stated_cut_kt: Floats | None = None,
    baseline: Alone | None = None,
    table: bool = False,
    threads: int | None = None,
) -> Deals:
    """Score every coalition of the attendees in every draw, for the three ways in which leaving is answered.

    Args:
        arrangement: from :func:`arrange`.
        attendees: owners at the meeting, shape (members,), at most 20.
        least_cut_kt: tonnage a deal needs, shape (draws,).
        rule: one of :data:`RULES`. stated_cut_kt: shape (members,), for the rule ``stated``.
        baseline: cuts made without any agreement; none for the state as observed.
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
        ...     stop_price_per_t=two, restart_price_per_t=two, relief_use=0 * two, potline_kt=np.zeros(2),
        ...     owner=np.arange(2))
        >>> found = deals(arrange(market, plants, 2), np.arange(2), 40.0 * one[0])
        >>> found.best_m[0, 0, :4].round(3).tolist(), found.best_mask[0, 0, 0].item()
        ([0.1, 0.2, 0.3, 0.3], 3)
    """
    draws, members = arrangement.draws, attendees.size
    pieces, first = _of(arrangement, attendees)
    base = np.zeros((draws, 3))
    held = np.zeros((draws, members))
    if baseline is not None:
        base[:, 0], base[:, 1], base[:, 2] = baseline.total_kt, baseline.price_rise_per_t, baseline.relief_per_t
        pieces = _remaining(pieces, first, baseline.cut_kt[:, attendees])
        held = _restarted(arrangement, baseline, attendees)
    position = np.full(int(max(attendees.max(initial=0), arrangement.line_owner.max(initial=0))) + 1, -1, np.int64)
    position[attendees] = np.arange(members)
    seat = position[arrangement.line_owner]
    bits = np.where(seat >= 0, np.int64(1) << np.maximum(seat, 0), 0).astype(np.int64)
    merged = _merged(pieces, first, base[:, 2:] * arrangement.market[:, 6:7])
    stated = np.zeros(members) if stated_cut_kt is None else np.ascontiguousarray(stated_cut_kt, np.float64)
    best, chosen = np.empty((draws, 3, 5)), np.empty((draws, 3, 5), np.int64)
    coalitions = 2**members if table else 0
    rows, gains = np.full((draws, coalitions, 19), np.nan), np.full((draws, coalitions, members, 5), np.nan)
    least = np.ascontiguousarray(least_cut_kt, np.float64)

    def task(start: int, stop: int) -> None:
        sweep_deals(
            start,
            stop,
            RULES.index(rule),
            arrangement.market,
            arrangement.relief,
            arrangement.lines,
            bits,
            pieces,
            first,
            merged,
            stated,
            least,
            base,
            held,
            best,
            chosen,
            rows,
            gains,
        )

    split(task, draws, threads)
    return Deals(
        best_m=best,
        best_mask=chosen,
        cut_kt=rows[:, :, 0],
        output_fall_kt=rows[:, :, 1],
        price_rise_per_t=rows[:, :, 2],
        relief_per_t=rows[:, :, 3],
        score_m=rows[:, :, 4:].reshape(draws, coalitions, 3, 5),
        member_cut_kt=gains[:, :, :, 0],
        gain_m=gains[:, :, :, 1],
        outside_gain_m=gains[:, :, :, 2:],
    )


def alone(
    arrangement: Arrangement,
    *,
    solo: bool = False,
    rounds: int = 200,
    tolerance: float = 1e-7,
    threads: int | None = None,
) -> Alone:
    """Find cuts that no owner would change alone: best responses in turn, the largest owner first, from no cut.

    Each response is exact: it maximises ``A sum_j (r_j - x_j) (u + s_j F) - loss(x)`` over every plant boundary, kink
    of the market and stationary point. Tonnages are strategic substitutes; where the responses cycle, the cuts of the
    last round are returned with their regret and ``settled`` false.

    Args:
        arrangement: from :func:`arrange`. solo: also the best cut of each owner against nobody.
        rounds: at most. tolerance: a change must bring more than this share of the owner's running revenue.
        threads: all cores unless told otherwise; no result depends on it.

    Examples:
        One owner of 100 kt at price 10 with slope 0.1 and loss 1 a tonne cuts until 100 * 0.1 - 0.2 x = 1.

        >>> one = np.ones((1, 1))
        >>> market = CutMarket(price_per_t=10 * one[0], quantity_kt=100 * one[0], elasticity=one[0],
        ...     ceiling_per_t=np.inf * one[0], annuity=one[0], relief_output_fall_kt=np.empty((1, 0)),
        ...     relief_per_t=np.empty((1, 0)))
        >>> plants = CutPlants(running_kt=100 * one, idle_kt=0 * one, loss_part_per_t=one, loss_whole_per_t=one,
        ...     stop_price_per_t=one, restart_price_per_t=one, relief_use=0 * one, potline_kt=np.zeros(1),
        ...     owner=np.zeros(1, np.int64))
        >>> alone(arrange(market, plants, 1)).cut_kt.round(9).tolist()
        [[45.0]]
    """
    draws, owners = arrangement.draws, arrangement.first.size - 1
    cut, state = np.zeros((draws, owners)), np.zeros((draws, 7))
    single = np.zeros((draws, owners if solo else 0, 2))
    size = np.add.reduceat(
        np.concatenate([arrangement.pieces[:, :, 0], np.zeros((draws, 1))], axis=1), arrangement.first[:-1], axis=1
    )
    size[:, np.diff(arrangement.first) == 0] = 0.0
    sequence = np.ascontiguousarray(np.argsort(-size, axis=1, kind="stable")).astype(np.int64)

    def task(start: int, stop: int) -> None:
        search_alone(
            start,
            stop,
            arrangement.market,
            arrangement.relief,
            arrangement.lines,
            arrangement.pieces,
            arrangement.first,
            sequence,
            rounds,
            tolerance,
            cut,
            single,
            state,
        )

    split(task, draws, threads)
    return Alone(
        cut_kt=cut,
        solo_cut_kt=single[:, :, 0],
        solo_gain_m=single[:, :, 1] * 1e-3,
        regret=state[:, 0],
        rounds=state[:, 1].astype(np.int64),
        settled=state[:, 2] > 0.0,
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


def _of(arrangement: Arrangement, owners: Integers) -> tuple[Floats, Integers]:
    spans = [np.arange(int(arrangement.first[i]), int(arrangement.first[i + 1])) for i in owners.tolist()]
    first = np.concatenate([[0], np.cumsum([span.size for span in spans])]).astype(np.int64)
    return np.ascontiguousarray(arrangement.pieces[:, np.concatenate(spans)]), first


def _remaining(pieces: Floats, first: Integers, cut: Floats) -> Floats:
    """Take off what the baseline has cut already, in the owner's own order."""
    result = pieces.copy()
    for i in range(first.size - 1):
        mine = slice(first[i], first[i + 1])
        size = pieces[:, mine, 0]
        before = np.cumsum(size, axis=1) - size
        left = size - np.clip(cut[:, i, None] - before, 0.0, size)
        left = np.where(left > 1e-9 * size, left, 0.0)
        sliver = left <= 2e-6 * size  # kept on for its lump sum: from here it stops altogether or not at all
        result[:, mine, 0] = left
        result[:, mine, 4] = np.where(sliver, left, result[:, mine, 4])
    return result


def _restarted(arrangement: Arrangement, baseline: Alone, attendees: Integers) -> Floats:
    """Return what idle lines of each attendee restart in the baseline, kt."""
    kt = arrangement.lines[:, :, 1]
    before = np.cumsum(kt, axis=1) - kt
    restarts = (baseline.total_kt - baseline.output_fall_kt)[:, None]
    reached = arrangement.lines[:, :, 0] <= baseline.output_fall_kt[:, None]
    amount = np.where(reached, np.clip(restarts - before, 0.0, kt), 0.0)
    return np.stack([np.where(arrangement.line_owner == i, amount, 0.0).sum(axis=1) for i in attendees], axis=1)


def _merged(pieces: Floats, first: Integers, relief_forgone: Floats) -> Integers:
    """Order all pieces as a merge of the owners' orders would, the smallest loss at the head of any owner first.

    Within an owner the order is kept: a piece comes no earlier than the dearest before it.
    """
    key = np.where(pieces[:, :, 0] > 0.0, pieces[:, :, 1] + relief_forgone * pieces[:, :, 3], -np.inf)
    for i in range(first.size - 1):
        mine = slice(first[i], first[i + 1])
        key[:, mine] = np.maximum.accumulate(key[:, mine], axis=1)
    return np.ascontiguousarray(np.argsort(key, axis=1, kind="stable")).astype(np.int64)
