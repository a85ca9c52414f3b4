"""The set of tonnages that hold: intervals in (0, K_max], each end said to belong or not (model, section 6).

A group's test is smooth in K between the places where something bends or jumps: edges of plants and potlines, restarts,
kinks of the prize, and tonnages that a smaller group no longer reaches. All of those are listed, for the deal and for
what is left of it without each member. A test may still change its sign inside a stretch. It is looked at in ``PARTS``
places; where a sign changes, the root is halved in; where it turns without changing sign, the top (or bottom) is found
first. Under ``efficient`` the total jumps where K meets a second peak of the group's gain; there the smaller total is
taken (ties to the smallest), so the test is continuous from the left and the end is told accordingly.
"""

from __future__ import annotations

__all__ = ["Answer", "Interval", "answer", "holding", "same", "union"]

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from scipy.optimize import minimize_scalar
from tests.reference.game import Problem
from tests.reference.meeting import TOLERANCE, Group, Judged, Meeting

PARTS = 12
NEAR = 1e-10  # of K_max
JUMP = 1e-7  # of the sums that a test is a difference of


@dataclass(frozen=True, order=True)
class Interval:
    """Tonnages from ``low`` to ``high``; ``starts`` and ``ends`` say whether the ends belong."""

    low: float
    high: float
    starts: bool
    ends: bool

    def __contains__(self, tonnage: float) -> bool:
        """Return whether a tonnage belongs."""
        above = tonnage > self.low or (self.starts and tonnage == self.low)
        return above and (tonnage < self.high or (self.ends and tonnage == self.high))


@dataclass(frozen=True)
class Answer:
    """What holds under an institution and a belief.

    Attributes:
        tonnages: the set, over all groups. largest: K*, nan where nothing holds; reached: whether it belongs.
        smallest: the lower end of the set. group: one that holds K* (or comes to it); by_group: each group's own set.
        with_all, with_largest: K* of the group of all present, and of groups that hold (one of) the largest.
    """

    tonnages: tuple[Interval, ...]
    largest: float
    reached: bool
    smallest: float
    group: Group
    by_group: dict[Group, tuple[Interval, ...]]
    with_all: float
    with_largest: float


def answer(meeting: Meeting, institution: str, belief: str) -> Answer:
    """Return the set of tonnages that hold, K*, and the groups behind it."""
    sets = {group: tuple(holding(meeting, group, institution, belief)) for group in meeting.groups}
    tops = {group: (found[-1].high, found[-1].ends) for group, found in sets.items() if found}
    every = union([interval for found in sets.values() for interval in found])
    best = max(tops, key=lambda group: tops[group], default=())
    size = meeting.game.size
    giants = {i for i in meeting.able if size[i] >= max(size[k] for k in meeting.able) * (1.0 - 1e-10)}
    return Answer(
        tonnages=tuple(every),
        largest=every[-1].high if every else math.nan,
        reached=bool(every) and every[-1].ends,
        smallest=every[0].low if every else math.nan,
        group=best,
        by_group=sets,
        with_all=max((top for group, (top, _) in tops.items() if group == meeting.able), default=math.nan),
        with_largest=max((top for group, (top, _) in tops.items() if giants & set(group)), default=math.nan),
    )


def holding(meeting: Meeting, group: Group, institution: str, belief: str) -> list[Interval]:
    """Return the tonnages at which one group holds."""
    judge = _Judge(meeting, group, institution, belief)
    near = NEAR * meeting.most
    found: list[Interval] = []
    points = [0.0, *_breaks(meeting, group, belief)]
    for a, b in pairwise(points):
        inset = min(near, 0.25 * (b - a))
        inner = _signs(judge, a + inset, b - inset)
        for low, high in inner:
            first, last = low == a + inset, high == b - inset
            starts = judge.holds(a) if first and a > 0.0 else not first and judge.starts(low)
            ends = judge.holds(b) if last else judge.ends(high)
            found.append(Interval(a if first else low, b if last else high, starts, ends))
        if judge.holds(b):
            found.append(Interval(b, b, True, True))
    return [one for one in union(found) if not judge.only_rounding(one)]


def union(intervals: list[Interval]) -> list[Interval]:
    """Return intervals joined where they overlap or meet."""
    result: list[Interval] = []
    for one in sorted(intervals, key=lambda i: (i.low, not i.starts)):
        last = result[-1] if result else None
        if last and (one.low < last.high or (one.low == last.high and (one.starts or last.ends))):
            high, ends = max((last.high, last.ends), (one.high, one.ends))
            result[-1] = Interval(last.low, high, last.starts, ends)
        else:
            result.append(one)
    return result


def same(found: tuple[Interval, ...], wanted: tuple[Interval, ...], near: float = 1e-7) -> bool:
    """Return whether two sets have the same ends, belonging or not, to ``near`` kt."""
    return len(found) == len(wanted) and all(
        (a.starts, a.ends) == (b.starts, b.ends) and abs(a.low - b.low) <= near and abs(a.high - b.high) <= near
        for a, b in zip(found, wanted, strict=True)
    )


class _Judge:
    """The test of one group as a function of K, each K worked out once."""

    def __init__(self, meeting: Meeting, group: Group, institution: str, belief: str) -> None:
        self.meeting, self.group, self.institution, self.belief = meeting, group, institution, belief
        self.known: dict[float, Judged | None] = {}

    def at(self, tonnage: float) -> Judged | None:
        if tonnage not in self.known:
            self.known[tonnage] = self.meeting.judged(self.group, tonnage, self.belief)
        return self.known[tonnage]

    def test(self, tonnage: float) -> float:
        found = self.at(tonnage)
        return -math.inf if found is None else found.test(self.institution)

    def holds(self, tonnage: float) -> bool:
        found = self.at(tonnage)
        return found is not None and found.holds(self.institution)

    def only_rounding(self, one: Interval) -> bool:
        """Return whether an interval from 0 is there by rounding: a test that falls with the square of K from 0."""
        if one.low > 0.0 or one.high > 1e-5 * self.meeting.most:
            return False
        found = self.at(0.5 * one.high)
        return found is not None and found.test(self.institution) <= TOLERANCE * found.sums

    def _jumps(self, tonnage: float) -> bool:
        step = 1e-12 * self.meeting.most
        below, above = self.test(tonnage - step), self.test(tonnage + step)
        found = self.at(tonnage)
        return found is not None and not abs(above - below) <= JUMP * found.sums

    def starts(self, root: float) -> bool:
        """Return whether the lower end of an interval, not a listed point, belongs."""
        return not self._jumps(root)

    def ends(self, root: float) -> bool:
        """Return whether the upper end of an interval, not a listed point, belongs: by continuity, or from the left."""
        return root > 0.0


def _signs(judge: _Judge, low: float, high: float) -> list[tuple[float, float]]:
    """Return the stretches of [low, high] at which the test holds, ends halved in."""
    at = [low, *(low + (high - low) * k / PARTS for k in range(1, PARTS)), high]
    holds = [judge.holds(x) for x in at]
    more: list[float] = []
    for k in range(1, PARTS):
        if holds[k - 1] == holds[k] == holds[k + 1]:
            sign = -1.0 if holds[k] else 1.0  # holding: look for a trough; not holding: for a peak
            values = [sign * judge.test(at[j]) for j in (k - 1, k, k + 1)]
            rise = values[1] - min(values)
            if math.isfinite(sum(values)) and values[1] >= max(values[0], values[2]) and 0.0 < -values[1] <= 4.0 * rise:
                more.append(_top(lambda x, s=sign: -s * judge.test(x), at[k - 1], at[k + 1]))
    at = sorted({*at, *more})
    holds = [judge.holds(x) for x in at]
    result: list[tuple[float, float]] = []
    start = at[0] if holds[0] else None
    for (x, here), (y, there) in pairwise(zip(at, holds, strict=True)):
        if here != there:
            strict = (judge.test(x) >= 0.0) != (judge.test(y) >= 0.0)
            root = _halved((lambda t: judge.test(t) >= 0.0) if strict else judge.holds, x, y)
            if start is None:
                start = root
            else:
                result.append((start, root))
                start = None
    if start is not None:
        result.append((start, at[-1]))
    return result


def _top(value: Callable[[float], float], low: float, high: float) -> float:
    return float(minimize_scalar(value, bounds=(low, high), method="bounded", options={"xatol": 1e-12 * high}).x)


def _halved(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Return where ``holds`` changes between two tonnages at which it differs: the side at which it holds."""
    first = holds(low)
    while True:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            return low if first else high
        low, high = (middle, high) if holds(middle) == first else (low, middle)


def _breaks(meeting: Meeting, group: Group, belief: str) -> list[float]:
    """Return the tonnages up to what a group reaches at which its test bends or jumps."""
    game, most = meeting.game, meeting.reach(group)
    rests = [tuple(i for i in group if i != leaver) for leaver in group]
    found = {most}
    if game.rule != "stated":
        found |= set(meeting.problem(group).points)
        if belief == "keep":
            found |= {x for leaver in group for x in _kept(meeting.problem(group), leaver)}
    if belief == "respread":
        for rest in (rest for rest in rests if len(rest) > 1):
            found |= {meeting.reach(rest), *(meeting.problem(rest).points if game.rule != "stated" else ())}
    near = 10.0 * NEAR * meeting.most
    points = sorted(x for x in found if near < x <= most * (1.0 + 1e-12))
    return [x for k, x in enumerate(points) if k + 1 == len(points) or points[k + 1] - x > near]


def _kept(problem: Problem, leaver: int) -> list[float]:
    """Return the totals at which the market bends once a member has left and the others keep what they cut."""
    game = problem.game
    rest = [i for i in problem.group if i != leaver]
    result: list[float] = []
    bends = game.market.bends(rest)

    def gross(total: float) -> float:
        cuts = game.cuts(problem.path.asked(total))
        return game.withdrawn({i: cuts[i] for i in rest})

    for a, b in pairwise([0.0, *problem.points]):
        at, to = (gross(a + part * (b - a)) for part in (0.25, 0.75))
        if to > at:
            result += [x for k in bends if a < (x := a + (b - a) * (0.25 + 0.5 * (k - at) / (to - at))) < b]
    return result
