"""What divisions of a joint gain state: core, nucleolus, bargains, and who pays whom in a meeting's deal."""

from __future__ import annotations

__all__ = [
    "SAME",
    "Bargain",
    "ByNash",
    "ByNucleolus",
    "ByShapley",
    "Core",
    "Division",
    "DivisionRule",
    "MeetingDivision",
    "Nucleolus",
    "Payment",
    "Terms",
    "WeighedCoalition",
]

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.division.game import CoalitionGame
from potline.cases import Case
from potline.choices import Baseline, Rule
from potline.reading import noun
from potline.showing import Shown

Floats = NDArray[np.float64]
Terms = Literal["payments", "none", "lotteries"]

SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedCoalition:
    """A coalition and its weight in a certificate."""

    members: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Core(Shown):
    """The core of a game, or the proof that there is none.

    Attributes:
        game: the question.
        empty: whether every division leaves some coalition a complaint (beyond rounding).
        least_complaint: the smallest largest complaint, e of the least core; minus infinity for one player.
        point: a point of the least core, float[n]; in the core where that is not empty.
        shortfall: what all together would need to have beyond v(N) for the core not to be empty; 0 where it is not.
        balanced_weights: w with ``sum w_S 1_S = 1_N`` and the largest ``sum w_S v(S)``, S other than N; where the
            core is empty that is v(N) and the shortfall, and proves both.
        low, high: each player's least and largest payoff in the core, float[n]; nan where it is empty.
        tolerance: the complaint that counts as none, relative to the largest worth; and what the certificate must meet.
        certificate: what separate code found.
    """

    game: CoalitionGame
    empty: bool
    least_complaint: float
    point: Floats
    shortfall: float
    balanced_weights: tuple[WeighedCoalition, ...]
    low: Floats
    high: Floats
    tolerance: float
    certificate: Certificate = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nucleolus(Shown):
    """The nucleolus of a game.

    Attributes:
        game, individually_rational: the question.
        payoff: float[n].
        complaints: the levels settled one after another, from the largest; they do not rise.
        settled: the coalitions that settle each level; more may complain by as much.
        tolerance: complaints within it of each other tie, relative to the largest worth.
        certificate: what separate code found.
    """

    game: CoalitionGame
    individually_rational: bool
    payoff: Floats
    complaints: tuple[float, ...]
    settled: tuple[tuple[tuple[str, ...], ...], ...]
    tolerance: float
    certificate: Certificate = NOTHING

    def of(self, player: str) -> float:
        """Return one player's payoff."""
        return float(self.payoff[self.game.players.index(player)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bargain(Shown):
    """What bargaining comes to.

    Attributes:
        players, terms, outcomes, disagreement, weights: the question; outcomes float[K, n], weights sum to 1.
        agreed: whether some outcome is better for everybody than no agreement; if not, payoffs are ``disagreement``.
        payoff: float[n].
        probability: of each outcome listed, float[K]; one is 1 unless there are lotteries; all 0 without agreement.
        paid: payoff less what the outcomes themselves give, float[n]; 0 without payments.
        gap: no feasible payoffs raise ``sum w_i log(x_i - d_i)`` by more, from its slope at the payoffs; 0 where the
            answer is a formula or the best of a list.
        certificate: what separate code found.
    """

    players: tuple[str, ...]
    terms: Terms
    outcomes: Floats
    disagreement: Floats
    weights: Floats
    agreed: bool
    payoff: Floats
    probability: Floats
    paid: Floats
    gap: float
    certificate: Certificate = NOTHING


@dataclass(frozen=True, slots=True)
class ByShapley:
    """Everyone gets what it adds, averaged over orders of joining."""


@dataclass(frozen=True, slots=True)
class ByNucleolus:
    """The largest complaint of any group is as small as can be, then the next, and so on."""


@noun
class ByNash:
    """What is left after everyone has its disagreement payoff, in shares of bargaining power.

    Attributes:
        disagreement: payoff without a deal by name, million a year; worth alone where a name is missing.
        weights: bargaining power by name; 1 where a name is missing.
    """

    disagreement: Mapping[str, float] = field(default_factory=dict[str, float])
    weights: Mapping[str, float] = field(default_factory=dict[str, float])


DivisionRule = ByShapley | ByNucleolus | ByNash


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment, million a year."""

    payer: str
    receiver: str
    amount_m_per_year: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Division(Shown):
    """A deal's gain divided, million a year.

    Attributes:
        game, rule: the question; members are the game's players.
        own_gain_m_per_year: what each makes by itself in the deal, float[n].
        share_m_per_year: what each has after payments, float[n].
        payments: who pays whom.
        largest_complaint_m_per_year: what some group of members would gain at most by a deal of its own; in the core
            where that is not above 0.
        complaining: that group; none where no group would gain.
        certificate: what separate code found.
    """

    game: CoalitionGame
    rule: DivisionRule
    own_gain_m_per_year: Floats
    share_m_per_year: Floats
    payments: tuple[Payment, ...]
    largest_complaint_m_per_year: float
    complaining: tuple[str, ...]
    certificate: Certificate = NOTHING

    @property
    def in_core(self) -> bool:
        """Whether no group of members would do better by itself, beyond rounding."""
        return self.largest_complaint_m_per_year <= SAME * self.game.scale


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeetingDivision(Shown):
    """The gain of a meeting's deal and ways to divide it, millions a year.

    Attributes:
        case, case_name, rule, least_cut_kt, baseline: the question.
        baseline_cuts: what owners idle without a deal, kt/year; none where the observed market is the baseline.
        coalition: the group whose members gain most together; none where no group reaches the tonnage.
        own_gain_m_per_year: what each member makes by itself in the deal, in their order.
        lone_gain_m_per_year: what each would gain by its best cut if nobody else cut.
        divisions: by Shapley value, nucleolus and Nash bargaining; none where there is nothing to divide.
        core: of the game in which nobody idles without a deal; None where there is nothing to divide.
        core_with_lone_cuts: the same where each may idle alone.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    case_name: str
    rule: Rule
    least_cut_kt: float
    baseline: Baseline
    baseline_cuts: tuple[tuple[str, float], ...]
    coalition: tuple[str, ...]
    own_gain_m_per_year: tuple[float, ...]
    lone_gain_m_per_year: tuple[float, ...]
    divisions: tuple[Division, ...]
    core: Core | None
    core_with_lone_cuts: Core | None
    certificate: Certificate = NOTHING

    @property
    def gain_m_per_year(self) -> float:
        """What the members gain together."""
        return sum(self.own_gain_m_per_year)
