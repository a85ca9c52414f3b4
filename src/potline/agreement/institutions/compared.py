"""Institutions side by side: the same meeting held under each of them."""

from __future__ import annotations

__all__ = ["compare_institutions"]

from collections.abc import Collection

from potline.agreement.institutions.convene import held_under, told_apart
from potline.agreement.institutions.outcome import (
    AnyInstitution,
    ConditionalStockpile,
    Convened,
    Farsighted,
    Mandated,
    Sequential,
    Unanimity,
    Voluntary,
    VoluntaryWithTransfers,
    institution_name,
)
from potline.agreement.table.laid_out import lay_out
from potline.cases import Case
from potline.cases.limits import MOST_FARSIGHTED
from potline.choices import Baseline, Belief, Institution, Rule
from potline.reading import NonNegative, reads


@reads
def compare_institutions(
    case: Case,
    *,
    only: Collection[Institution] = (),
    rule: Rule | None = None,
    baseline: Baseline = Baseline.OBSERVED,
    leaving: Belief = Belief.KEEP,
    bought_kt_per_kt_idled: NonNegative = 1.0,
) -> tuple[Convened, ...]:
    """Hold a case's meeting under every institution; those that look ahead for nine owners or fewer.

    They are left out too where the cut moves nobody's gain, unless named.

    Args:
        case: a case with a meeting.
        only: institutions by name; all unless named.
        rule, baseline, leaving: as in :func:`potline.convene`.
        bought_kt_per_kt_idled: by the conditional stockpile, at the price of the deal.

    Raises:
        InputError: no meeting that can be held.

    Examples:
        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> twins = Industry(name="twins", price_per_t=10.0,
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=8.0) for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> [one.institution for one in compare_institutions(case) if one.verdict == "agreement"]
        ['unanimity', 'sequential', 'farsighted', 'mandated']
    """
    every: tuple[AnyInstitution, ...] = (
        Voluntary(),
        VoluntaryWithTransfers(),
        Unanimity(),
        Sequential(),
        Farsighted(),
        ConditionalStockpile(kt_per_kt_idled=bought_kt_per_kt_idled),
        Mandated(),
    )
    laid = lay_out(case, rule)
    few = len(laid.question.owners) <= MOST_FARSIGHTED
    few = few and (bool(only) or told_apart(laid, laid.games(baseline)))
    return tuple(
        held_under(laid, one, baseline=baseline, leaving=leaving)
        for one in every
        if (not only or institution_name(one) in only) and (few or not isinstance(one, Sequential | Farsighted))
    )
