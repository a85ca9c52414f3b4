r"""Check a table of cartels from the question and the figures stated: nothing of what solved it is used.

At the price stated every owner's best output follows, ``p - theta b q in MC(q)``, the cartel's too; what is made
and imported must be what is bought, and the margins of the plants the profits. No cartel that moves first may gain by
another output: those that decide are looked at, and others by seed. Slacks, sizes and flags follow from profits.
"""

from __future__ import annotations

__all__ = ["verify_cartels"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.textbook.cartels_lead import first_mover
from potline.textbook.cartels_read import Question, answers, read

if TYPE_CHECKING:
    from potline.textbook.stability import CartelStability

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

QUESTION, MARKET, PROFIT, GAIN, FLAGS, SLACK = (
    "question", "supply and demand", "profits", "gain of a first mover", "what holds", "slacks and numbers",
)  # fmt: skip
_TIES = 10.0
_NOISE = 1e-13
_NEAREST, _DRAWN = 256, 64
_AT_ONCE = 1024


def verify_cartels(result: CartelStability, tolerance: float | None = None) -> Certificate:
    """Check every cartel of a table.

    Args:
        result: with or without a certificate.
        tolerance: of what is a number; that of the answer unless given.
    """
    allowed = result.tolerance if tolerance is None else tolerance
    told = (
        (QUESTION, 0.0, "differences", "owners, who is alike, and which cartels there are"),
        (MARKET, allowed, "of demand", "best outputs at the price stated, all cartels"),
        (PROFIT, allowed, "of choke price less cost, times demand", "margins of the plants, all cartels"),
        (GAIN, allowed, "of choke price less cost, times demand", "every price that it can bring about, of some"),
        (SLACK, allowed, "of the largest profit", "differences of profits of cartels one member apart; counts"),
        (FLAGS, 0.0, "differences", "stable, profitable, and members that cut something"),
    )
    gaps = Gaps()
    question = read(result)
    sound = question is not None and _shapes(gaps, result, question)
    if question is not None and sound:
        _markets(gaps, result, question)
        _tests(gaps, result, question)
    elif question is None:
        gaps.equal(QUESTION, "an industry or a market", None)
    return gathered(gaps, "cartels", told)


def _shapes(gaps: Gaps, result: CartelStability, question: Question) -> bool:
    """Check who is asked about and which cartels are listed; whether the rest can be read at all."""
    n, rows = question.conduct.size, result.coalitions.shape[0]
    names = question.names or result.owners
    gaps.equal(QUESTION, (result.owners, result.leads), (names, question.leads))
    gaps.equal(QUESTION, result.kind.tolist(), question.kinds().tolist())
    by_row = (
        result.number, result.size, result.price_per_t, result.profitable, result.internal_slack_m,
        result.external_slack_m, result.internally_stable, result.externally_stable,
    )  # fmt: skip
    fits = all(item.shape == (rows,) for item in by_row) and result.coalitions.shape == (rows, n)
    fits = fits and result.profit_m.shape == (rows, n)
    gaps.equal(QUESTION, fits, True)
    if not fits:
        return False
    kind, counts = _alike(question)
    key, steps = _keys(result.coalitions, kind, counts)
    for k in range(len(counts)):  # those alike belong in their order
        mine = result.coalitions[:, kind == k]
        gaps.equal(QUESTION, bool((mine[:, 1:] <= mine[:, :-1]).all()), True)
    every = int(np.prod(np.array(counts) + 1))
    gaps.equal(QUESTION, np.array_equal(np.sort(key), np.arange(every)), True)
    gaps.equal(QUESTION, rows > 0 and not result.coalitions[0].any(), True)
    whole = rows == every and bool(np.array_equal(np.sort(key), np.arange(every)))
    finite = np.isfinite(result.price_per_t).all() and np.isfinite(result.profit_m).all()
    gaps.equal(QUESTION, bool(finite), True)
    return whole and bool(finite) and len(steps) == len(counts)


def _alike(question: Question) -> tuple[Integers, list[int]]:
    kind = question.kinds()
    return kind, np.bincount(kind).tolist()


def _keys(members: Flags, kind: Integers, counts: list[int]) -> tuple[Integers, list[int]]:
    """Return one number for each cartel that is the same for all that differ only in who of those alike belongs."""
    key, step, steps = np.zeros(members.shape[0], dtype=np.int64), 1, list[int]()
    for k, count in enumerate(counts):
        steps.append(step)
        key += step * members[:, kind == k].sum(axis=1)
        step *= count + 1
    return key, steps


def _markets(gaps: Gaps, result: CartelStability, question: Question) -> None:
    """Check prices and profits of every cartel, and the first mover's gain of some."""
    rows = result.coalitions.shape[0]
    money = question.price_scale * question.quantity_scale
    for start in range(0, rows, _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        inside, price = np.asarray(result.coalitions[part]), result.price_per_t[part]
        short, profit = answers(question, inside, price)
        if question.leads and question.ceiling < math.inf:  # two answers where it gains nothing by the one or the other
            least, other = answers(question, inside, price, eager=False)
            far, near = (
                np.abs(1e3 * result.profit_m[part] - item).max(axis=1, initial=0.0) for item in (profit, other)
            )
            short = np.where(near < far, least, short)
            profit = np.where((near < far)[:, None], other, profit)
        gaps.add(MARKET, short / question.quantity_scale)
        gaps.same(PROFIT, 1e3 * result.profit_m[part], profit, money)
    if not question.leads:
        return
    stable = np.flatnonzero(result.internally_stable & result.externally_stable)[:_NEAREST]
    slack = np.minimum(np.abs(result.internal_slack_m), np.abs(result.external_slack_m))
    near = np.argsort(slack, kind="stable")[:_NEAREST]
    drawn = np.random.default_rng(result.seed).choice(rows, min(_DRAWN, rows), replace=False)
    for row in np.unique(np.concatenate([[rows - 1], stable, near, drawn])).tolist():
        joined = np.asarray(result.coalitions[row])
        if joined.any():
            gaps.add(GAIN, first_mover(question, joined, float(result.price_per_t[row])) / money)


def _tests(gaps: Gaps, result: CartelStability, question: Question) -> None:
    """Check slacks, flags, sizes and numbers, each owner's profit against that of the cartel without or with it."""
    kind, counts = _alike(question)
    members, profit = np.asarray(result.coalitions), np.asarray(result.profit_m)
    key, steps = _keys(members, kind, counts)
    place = np.empty(key.size, dtype=np.int64)
    place[key] = np.arange(key.size)
    scale = max(float(np.abs(profit).max(initial=0.0)), 1e-300)
    noise = _NOISE * question.price_scale * question.quantity_scale / 1000.0
    inner, outer = np.full(key.size, np.inf), np.full(key.size, np.inf)
    sure_in, maybe_in = np.ones(key.size, dtype=np.bool_), np.ones(key.size, dtype=np.bool_)
    sure_out, maybe_out = sure_in.copy(), maybe_in.copy()
    number = np.ones(key.size)
    for k, count in enumerate(counts):
        mine = np.flatnonzero(kind == k)
        inside = members[:, mine].sum(axis=1)
        number *= np.array([math.comb(count, c) for c in range(count + 1)], dtype=np.float64)[inside]
        held = np.where(members[:, mine], profit[:, mine], -np.inf).max(axis=1)  # of one inside; all alike
        free = np.where(members[:, mine], -np.inf, profit[:, mine]).max(axis=1)
        for has, sign, slack, sure, maybe in (
            (inside > 0, -1, inner, sure_in, maybe_in), (inside < count, 1, outer, sure_out, maybe_out),
        ):  # fmt: skip
            here = np.flatnonzero(has)
            there = place[key[here] + sign * steps[k]]
            stays, moves = (held[here], free[there]) if sign < 0 else (free[here], held[there])
            lost = stays - moves
            room = result.tolerance * np.maximum(np.abs(stays), np.abs(moves)) + noise
            slack[here] = np.minimum(slack[here], lost)
            sure[here] &= lost >= -room * (1.0 - 1e-3)
            maybe[here] &= lost >= -room * (1.0 + 1e-3)
    gaps.same(SLACK, result.internal_slack_m, inner, scale)
    gaps.same(SLACK, result.external_slack_m, outer, scale)
    gaps.same(SLACK, result.number, number, 1.0)
    for said, sure, maybe in (
        (result.internally_stable, sure_in, maybe_in), (result.externally_stable, sure_out, maybe_out),
    ):  # fmt: skip
        gaps.add(FLAGS, float(np.count_nonzero((sure & ~said) | (said & ~maybe))))
    together = np.where(members, profit, 0.0).sum(axis=1)
    nobody = int(place[0])
    apart = np.where(members, profit[nobody], 0.0).sum(axis=1)
    room = result.tolerance * np.maximum(np.abs(together), np.abs(apart)) + noise * np.maximum(members.sum(axis=1), 1)
    gained = together - apart
    wrong = (result.profitable & (gained < -room * (1.0 + 1e-3))) | (
        ~result.profitable & (gained > -room * (1.0 - 1e-3))
    )
    gaps.add(FLAGS, float(np.count_nonzero(wrong)))
    gaps.add(FLAGS, float(np.count_nonzero(result.size != _sizes(result, question, key, place, steps))))


def _sizes(result: CartelStability, question: Question, key: Integers, place: Integers, steps: list[int]) -> Integers:
    """Return the members that cut something: the fewest to which a cartel comes by losing one who changes nothing."""
    kind, counts = _alike(question)
    members, price, profit = np.asarray(result.coalitions), result.price_per_t, np.asarray(result.profit_m)
    many = members.sum(axis=1)
    size = many.copy()
    close = _TIES * result.tolerance
    some = [members[:, kind == k].sum(axis=1) > 0 for k in range(len(counts))]
    for rows in (np.flatnonzero(many == count) for count in range(2, int(many.max(initial=0)) + 1)):
        for k in range(len(counts)):
            here = rows[some[k][rows]]
            there = place[key[here] - steps[k]]
            near = np.abs(price[here] - price[there]) <= close * np.maximum(np.abs(price[here]), 1e-300)
            here, there = here[near], there[near]
            moved = np.abs(profit[here] - profit[there]).max(axis=1, initial=0.0)
            same = moved <= close * np.abs(profit[here]).max(axis=1, initial=0.0)
            size[here[same]] = np.minimum(size[here[same]], size[there[same]])
    for row in np.flatnonzero(many == 1).tolist():
        mine = question.owner == int(np.argmax(members[row]))
        pays = (question.capacity[mine] > 0.0) & (question.cost[mine] <= price[row])
        size[row] = int(pays.any())
    return size
