"""What a proposal, its condition and its triggers come to."""

from __future__ import annotations

__all__ = ["Condition", "Conditional", "Parity", "Proposed", "TriggerRange"]

import math
from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.proposals.plain import Plain
from potline.agreement.verdict.result import Verdict
from potline.cases import Case
from potline.choices import Baseline, Belief
from potline.reading import Positive, Within, noun
from potline.showing import Shown

Floats = NDArray[np.float64]
Parity = Literal["held", "follows"]


@noun
class Conditional:
    """A proposal that comes into force when the price is at or below a trigger.

    Attributes:
        proposal: what is then put to the owners.
        trigger_per_t: X, money/t without tax.
        window_years: W, for how long the plan stands; ``inf`` for ever.
        parity: ``held``: import parity stays where it is; ``follows``: it falls as much as the price, as where the
            price abroad falls too.

    Examples:
        >>> from potline.agreement.proposals.plain import CostOrder
        >>> Conditional(proposal=CostOrder(total_kt=500.0), trigger_per_t=9800.0, window_years=1.0).parity
        'held'
    """

    proposal: Plain
    trigger_per_t: Positive
    window_years: Annotated[float, Within(above=0.0, infinite=True)] = 1.0
    parity: Parity = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What the condition of a proposal comes to.

    Attributes:
        price_per_t, trigger_per_t: today's price and the trigger, without tax.
        window_years, parity: as asked.
        stopped_kt: capacity that has stopped by itself before the price is at the trigger.
        probability: that the price falls to the trigger within the window.
        expected_years: mean time to it where it does, nan where it cannot.
        discount: D.
        discounted_margin_m_per_year: D times the margin at the trigger.
    """

    price_per_t: float
    trigger_per_t: float
    window_years: float
    parity: Parity
    stopped_kt: float
    probability: float
    expected_years: float
    discount: float
    discounted_margin_m_per_year: float

    @property
    def met_today(self) -> bool:
        """Whether today's price is at or below the trigger, so that the proposal is the plain one."""
        return self.price_per_t <= self.trigger_per_t


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposed(Shown):
    """What a proposal comes to, institution voluntary.

    Attributes:
        case, proposal, baseline, leaving, least_new_kt: the question.
        baseline_cuts: what owners idle without a deal where the proposal is put, kt/year; empty where the baseline is
            what is observed.
        owners: at the table.
        announced_kt: what each would announce if all sign.
        relabelled_kt: the part of it that is idle anyway.
        cut_kt: the part that is new, by whole lines where listed, [n].
        verdict: ``infeasible`` where no two owners have anything new to cut or none reaches the least tonnage.
        margin_m_per_year, group: best group's worst test, and the group.
        gain_m_per_year: of each owner, [n].
        changes_nothing: whether nothing announced is new.
        condition: of a conditional proposal; the rest is then as it stands at the trigger.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    proposal: Plain | Conditional
    baseline: Baseline
    leaving: Belief
    least_new_kt: float
    baseline_cuts: tuple[tuple[str, float], ...]
    owners: tuple[str, ...]
    announced_kt: Floats
    relabelled_kt: Floats
    cut_kt: Floats
    verdict: Verdict
    margin_m_per_year: float
    group: tuple[str, ...]
    gain_m_per_year: Floats
    condition: Condition | None = None
    certificate: Certificate = NOTHING

    @property
    def changes_nothing(self) -> bool:
        """Whether nothing announced is new."""
        return not bool((self.cut_kt > 0.0).any())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TriggerRange(Shown):
    """Trigger prices at which a group would keep to a proposal, prices money/t without tax.

    Attributes:
        case, proposal, case_name, baseline, leaving, parity: the question.
        price_per_t: today's, where the scan begins.
        trigger_per_t, margin_m_per_year: the scan, falling prices [N]; nan where no group reaches the tonnage.
        ranges_per_t: pairs (lowest, highest) of triggers with an agreement, the highest first, ends narrowed. A range
            that ends at today's price holds for every higher trigger too: the proposal is then the plain one.
        alone_cut_kt: of the baseline ``nash`` at each trigger, [N, owners of the industry]; 0 for the observed one.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    proposal: Plain
    case_name: str
    baseline: Baseline
    leaving: Belief
    parity: Parity
    price_per_t: float
    trigger_per_t: Floats
    margin_m_per_year: Floats
    ranges_per_t: tuple[tuple[float, float], ...]
    alone_cut_kt: Floats = field(repr=False)
    certificate: Certificate = NOTHING

    @property
    def highest_per_t(self) -> float:
        """Highest trigger with an agreement; nan where there is none."""
        return self.ranges_per_t[0][1] if self.ranges_per_t else math.nan

    @property
    def lowest_per_t(self) -> float:
        """Lowest trigger with an agreement; nan where there is none."""
        return self.ranges_per_t[-1][0] if self.ranges_per_t else math.nan
