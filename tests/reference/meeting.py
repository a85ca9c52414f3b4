"""The meeting, held in plain loops: every group, every belief, every institution (model, section 6).

When a member leaves, those who stay

    reoptimise  choose anew the total X >= 0, without K, that maximises what they gain together, shared by the rule;
                ties to the smallest X, and X = 0 is no deal. One who stays plays its best cut alone
    keep        keep what each cuts, one who stays too
    respread    share K anew; no deal where they cannot reach it or only one stays
    collapse    end the deal

The leaver and outsiders run what they ran in the baseline and cut nothing new; the leaver's idle lines may restart.
An owner with q_i > 0 can be a member. Tests of a group, from the gains dV_i and what each would get outside:

    voluntary     least of min(dV_i, dV_i - outside_i), where every member idles more than 0
    transfers     sum of dV_i - max(0, outside_i): members may pay each other, and one may idle nothing
    all_or_none   least of dV_i, for the group of all present, where every member idles more than 0

The margin at K is the largest test of any group, in millions a year: divided by A(T) and by 1,000.
"""

from __future__ import annotations

__all__ = ["BELIEFS", "INSTITUTIONS", "Judged", "Margin", "Meeting"]

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import combinations

from tests.reference.game import Game, Problem, best_total
from tests.reference.market import State
from tests.reference.owners import Cut

BELIEFS = ("reoptimise", "keep", "respread", "collapse")
INSTITUTIONS = ("voluntary", "transfers", "all_or_none")
CLOSE = 1e-12
TOLERANCE = 1e-12
Group = tuple[int, ...]


@dataclass(frozen=True)
class Judged:
    """A group at a tonnage: gain and gain outside of each member (over the term), and whether each idles something.

    ``sums`` are the money sums that gains are differences of: rounding of a test is a part of them.
    """

    gain: dict[int, float]
    outside: dict[int, float]
    idles: bool
    everybody: bool
    sums: float

    def test(self, institution: str) -> float:
        """Return the test of an institution, over the term; ``-inf`` where the group is none under it."""
        if institution == "transfers":
            return sum(self.gain[i] - max(0.0, self.outside[i]) for i in self.gain)
        if not self.idles:
            return -math.inf
        if institution == "all_or_none":
            return min(self.gain.values()) if self.everybody else -math.inf
        return min(min(self.gain[i], self.gain[i] - self.outside[i]) for i in self.gain)

    def holds(self, institution: str) -> bool:
        """Return whether the test is 0 or more, but for rounding."""
        return self.test(institution) >= -TOLERANCE * self.sums


@dataclass(frozen=True)
class Margin:
    """The best test over groups, million a year, and the group; ``-inf`` and nobody where none reaches the tonnage."""

    m_per_year: float
    group: Group


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """Who sits at the table of a game.

    Attributes:
        game: see there. present: owners at the table.
        alone: whether one owner who stays plays its best cut alone under ``reoptimise``; else there is no deal.
    """

    game: Game
    present: Group
    alone: bool = True
    _problems: dict[Group, Problem] = field(default_factory=dict[Group, Problem], init=False, repr=False)
    _anew: dict[Group, dict[int, Cut] | None] = field(
        default_factory=dict[Group, "dict[int, Cut] | None"], init=False, repr=False
    )

    @property
    def able(self) -> Group:
        """Return who has something to idle, of those present."""
        everything = sum(self.game.size[i] for i in self.present)
        return tuple(i for i in self.present if self.game.size[i] > 1e-9 * everything)

    @property
    def groups(self) -> list[Group]:
        """Return every group of two or more."""
        able = self.able
        return [group for many in range(2, len(able) + 1) for group in combinations(able, many)]

    @property
    def most(self) -> float:
        """Return K_max: what those present run in the baseline, without what ramps up."""
        return sum(self.game.size[i] - self.game.ramp_kt.get(i, 0.0) for i in self.able)

    def problem(self, group: Collection[int]) -> Problem:
        """Return the choice of a total by a group, worked out once."""
        key = tuple(sorted(group))
        if key not in self._problems:
            self._problems[key] = self.game.problem(key)
        return self._problems[key]

    def reach(self, group: Group) -> float:
        """Return the largest tonnage that a group can be asked for."""
        if self.game.rule == "stated":
            return sum(min(self.game.stated_kt.get(i, 0.0), self.game.size[i]) for i in group)
        return self.problem(group).path.total

    def plan(self, group: Group, tonnage: float) -> dict[int, Cut] | None:
        """Return what each member idles in a deal of K tonnes; None where there is no such deal."""
        if len(group) < 2 or self.reach(group) < tonnage * (1.0 - CLOSE):
            return None
        if self.game.rule == "stated":
            return self.game.cuts({i: min(self.game.stated_kt.get(i, 0.0), self.game.size[i]) for i in group})
        problem = self.problem(group)
        total = best_total(problem, tonnage) if self.game.rule == "efficient" else tonnage
        return self.game.cuts(problem.path.asked(total))

    def stayers(self, group: Group, leaver: int, tonnage: float, belief: str) -> dict[int, Cut] | None:
        """Return what those who stay cut once a member has left; None for no deal."""
        rest = tuple(i for i in group if i != leaver)
        if belief == "collapse":
            return None
        if belief == "respread":
            return self.plan(rest, tonnage)
        if belief == "keep":
            plan = self.plan(group, tonnage)
            return None if plan is None else {i: plan[i] for i in rest}
        if belief != "reoptimise":
            raise ValueError(f"belief {belief!r}: needed {', '.join(BELIEFS)}")
        if len(rest) < 2 and not self.alone:
            return None
        if rest not in self._anew:
            problem = self.problem(rest)
            total = best_total(problem)
            self._anew[rest] = self.game.cuts(problem.path.asked(total)) if total > 0.0 else None
        return self._anew[rest]

    def judged(self, group: Group, tonnage: float, belief: str) -> Judged | None:
        """Return gains of a group at a tonnage; None where it does not reach it."""
        plan = self.plan(group, tonnage)
        if plan is None:
            return None
        game = self.game
        state = game.after(plan)
        gain = {i: game.gain(i, state, plan[i]) for i in group}
        outside = dict.fromkeys(group, 0.0)
        sums = sum(self._sums(i, state, plan[i]) for i in group)
        for i in group:
            stay = self.stayers(group, i, tonnage, belief)
            if stay is not None:
                apart = game.after(stay)
                outside[i] = game.gain(i, apart)
                sums += self._sums(i, apart, Cut())
        idles = all(cut.kt > CLOSE * self.most for cut in plan.values())
        return Judged(gain, outside, idles, group == self.able, sums)

    def slack(self, group: Group, tonnage: float, belief: str) -> dict[int, float]:
        """Return dV_i(S) - dV_i(S without i) of each member, million a year."""
        judged = self.judged(group, tonnage, belief)
        assert judged is not None
        return {i: (judged.gain[i] - judged.outside[i]) * 1e-3 / self.game.annuity for i in group}

    def margin(self, tonnage: float, institution: str, belief: str) -> Margin:
        """Return the best test of any group at a tonnage."""
        best = Margin(-math.inf, ())
        for group in self.groups:
            judged = self.judged(group, tonnage, belief)
            if judged is not None and judged.test(institution) * 1e-3 / self.game.annuity > best.m_per_year:
                best = Margin(judged.test(institution) * 1e-3 / self.game.annuity, group)
        return best

    def _sums(self, owner: int, state: State, cut: Cut) -> float:
        game = self.game
        per_t = game.size[owner] * (state.rise + game.before.rise) + game.buys[owner] * (
            state.relief + game.before.relief
        )
        return game.annuity * per_t + abs(cut.loss)
