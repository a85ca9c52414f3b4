"""Institutions as typed things, and what a meeting comes to under one."""

from __future__ import annotations

__all__ = [
    "AnyInstitution",
    "ConditionalStockpile",
    "Convened",
    "Farsighted",
    "InstitutionShare",
    "Mandated",
    "Sequential",
    "Unanimity",
    "Voluntary",
    "VoluntaryWithTransfers",
    "institution_name",
]

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.verdict.result import Verdict
from potline.cases import Case
from potline.cases.limits import LARGEST
from potline.choices import Baseline, Belief, Institution, Rule
from potline.errors import Problem
from potline.reading import Within, noun, unique
from potline.showing import Shown

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Voluntary:
    """Nobody is bound or paid: each member must gain, and gain no less than by leaving."""


@dataclass(frozen=True, slots=True)
class VoluntaryWithTransfers:
    """As voluntary, but members may pay each other."""


@dataclass(frozen=True, slots=True)
class Unanimity:
    """All at the table cut or nobody does."""


@noun
class Sequential:
    """Owners propose in turn, one group at most (Bloch 1996); order as at the table unless stated.

    Examples:
        >>> Sequential(order=("Xinfa", "Chalco")).order
        ('Xinfa', 'Chalco')
    """

    order: tuple[str, ...] = ()

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem for each owner who would propose twice."""
        yield from unique("proposer", "Sequential", self.order)


@dataclass(frozen=True, slots=True)
class Farsighted:
    """Owners look at where moves end (largest consistent set, Chwe 1994).

    States are the groups that reach the tonnage, and no deal. Members may walk out, and then the rest go on if they
    still reach the tonnage; a group not within the present one forms if all in it agree.
    """


@noun
class ConditionalStockpile:
    """The state buys the product of each member in proportion to what it idles, at the price plus a premium.

    Examples:
        >>> ConditionalStockpile(kt_per_kt_idled=0.5).premium_per_t
        0.0
    """

    kt_per_kt_idled: Annotated[float, Within(low=0.0, high=1000.0)]
    premium_per_t: Annotated[float, Within(low=0.0, high=LARGEST)] = 0.0


@dataclass(frozen=True, slots=True)
class Mandated:
    """The state orders all at the table to cut; nobody is asked."""


AnyInstitution = (
    Voluntary | VoluntaryWithTransfers | Unanimity | Sequential | Farsighted | ConditionalStockpile | Mandated
)

_NAMES: dict[type, Institution] = {
    Voluntary: Institution.VOLUNTARY,
    VoluntaryWithTransfers: Institution.TRANSFERS,
    Unanimity: Institution.UNANIMITY,
    Sequential: Institution.SEQUENTIAL,
    Farsighted: Institution.FARSIGHTED,
    ConditionalStockpile: Institution.CONDITIONAL_STOCKPILE,
    Mandated: Institution.MANDATED,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Convened(Shown):
    """What a meeting comes to under an institution, million a year.

    Attributes:
        institution: its name.
        verdict: sequential: whether a group forms; farsighted: whether some group is in the set and no deal is not;
            mandated: agreement, if the cut can be made at all.
        margin_m_per_year: of voluntary, transfers, unanimity and stockpile; nan for the others.
        group: who cuts; for farsighted the kept group with the largest summed gain.
        cut_kt: what it idles.
        groups: farsighted: all groups kept, the empty one for no deal; otherwise the one group.
        case, asked, baseline, leaving, rule: the question.
        baseline_cuts: what owners idle without a deal, kt/year; empty where the baseline is what is observed.
        owners, gain_m_per_year: of all at the table, members or not.
        losers: those whose gain is below 0.
        settled: sequential: see :class:`potline.agreement.institutions.farsighted.InTurn`; else true.
        certificate: what separate code found.
    """

    case: Case
    asked: AnyInstitution
    baseline: Baseline
    leaving: Belief
    rule: Rule
    baseline_cuts: tuple[tuple[str, float], ...]
    institution: Institution
    verdict: Verdict
    margin_m_per_year: float
    group: tuple[str, ...]
    cut_kt: float
    groups: tuple[tuple[str, ...], ...]
    owners: tuple[str, ...]
    gain_m_per_year: Floats
    settled: bool = True
    certificate: Certificate = NOTHING

    @property
    def losers(self) -> tuple[str, ...]:
        """Owners at the table that lose by the outcome."""
        return tuple(name for name, gain in zip(self.owners, self.gain_m_per_year, strict=True) if gain < 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InstitutionShare(Shown):
    """Shares of draws with an agreement, axes (2 baselines, institutions).

    Attributes:
        case, asked, case_name, rule, leaving, draws, seed: the question; draws as made, 8 scramblings of a power
            of two.
        baselines, institutions: names along the axes.
        share: draws with an agreement over all draws.
        error: its standard error, from the eight scramblings.
        bound: where the share is 0 or 1, its one-sided 95 % bound; else nan.
        settled: share of draws in which the outcome is certain; below 1 only for ``sequential``, see
            :class:`potline.agreement.institutions.farsighted.InTurn`.
        agreed, certain: of each draw, [B, 2 baselines, institutions].
        alone_cut_kt: of the baseline ``nash`` in each, [B, owners of the industry].
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    asked: tuple[AnyInstitution, ...]
    case_name: str
    rule: Rule
    leaving: Belief
    draws: int
    seed: int
    baselines: tuple[Baseline, ...]
    institutions: tuple[Institution, ...]
    share: Floats
    error: Floats
    bound: Floats
    settled: Floats
    agreed: Flags = field(repr=False)
    certain: Flags = field(repr=False)
    alone_cut_kt: Floats = field(repr=False)
    certificate: Certificate = NOTHING


def institution_name(institution: AnyInstitution) -> Institution:
    """Return the name of an institution."""
    return _NAMES[type(institution)]
