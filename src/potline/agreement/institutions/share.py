"""The share of input ranges with an agreement under institutions that the compiled sweep does not hold.

Sequential, farsighted and stockpile meetings are solved draw by draw from the table of all coalitions, at some
hundredths of a second each, so they are asked on fewer draws than the three institutions of
:func:`potline.agreement.agreement_share`. A mandate agrees wherever the cut can be made at all.
"""

from __future__ import annotations

__all__ = ["institution_share"]

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.institutions import verify_institution_share
from potline.agreement.institutions.convene import convened
from potline.agreement.institutions.outcome import (
    AnyInstitution,
    Farsighted,
    InstitutionShare,
    Mandated,
    Sequential,
    institution_name,
)
from potline.agreement.table.draws import RANDOMISATIONS, draw_case
from potline.agreement.table.laid_out import lay_out
from potline.agreement.table.question import question_of
from potline.agreement.table.stakes import draws_of
from potline.agreement.verdict.share import Progress
from potline.cases import Case
from potline.choices import Baseline, Belief, OnFailure, Rule
from potline.compiled import frozen
from potline.reading import Draws, Seed, reads, refuse

Floats = NDArray[np.float64]


@reads
def institution_share(
    case: Case,
    institutions: Sequence[AnyInstitution] = (Sequential(), Farsighted(), Mandated()),
    *,
    draws: Draws = 64,
    seed: Seed = 7,
    rule: Rule | None = None,
    leaving: Belief = Belief.KEEP,
    progress: Progress | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> InstitutionShare:
    """Return the share of a case's stated input ranges in which each institution brings an agreement.

    The draws are those of :func:`potline.agreement.agreement_share` for the same seed and number.

    Args:
        case: a case with a meeting of at most 9 owners.
        institutions: those to ask.
        draws: rounded up to 8 times a power of two.
        seed, rule, progress: as in ``agreement_share``.
        leaving: what those who stay do when one leaves, where that is tested.
        check: ``raise`` where the certificate fails, or ``report`` the answer with it.

    Raises:
        InputError: the case has no meeting, one too large, or a factor that cannot be drawn.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> twins = Industry(name="twins", price_per_t=10.0,
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=8.0) for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> institution_share(case, draws=8).share[0].tolist()
        [1.0, 1.0, 1.0]
    """
    if not institutions:
        raise refuse("institution_share, institutions", "none", "one institution or more")
    asked = question_of(case, rule)
    drawn = draw_case(case, draws, seed)
    count = drawn.term_years.size
    agreed = np.zeros((count, 2, len(institutions)), dtype=np.bool_)
    settled = np.zeros((count, 2, len(institutions)), dtype=np.bool_)
    alone = np.zeros((count, len(drawn.compiled.owners)))
    for row in range(count):
        question = dataclasses.replace(
            asked, term_years=float(drawn.term_years[row]), least_cut_kt=float(drawn.least_cut_kt[row])
        )
        laid = lay_out(case, question=question, compiled=draws_of(drawn.compiled, np.array([row])))
        alone[row] = laid.nash.cut_kt[0]
        for b, baseline in enumerate(Baseline):
            for k, institution in enumerate(institutions):
                found = convened(laid, institution, baseline=baseline, leaving=leaving)
                agreed[row, b, k], settled[row, b, k] = found.verdict == "agreement", found.settled
        if progress is not None:
            progress((row + 1.0) / count)
    share = agreed.mean(axis=0)
    blocks = agreed.reshape(RANDOMISATIONS, -1, 2, len(institutions)).mean(axis=1)
    tail = 1.0 - 0.05 ** (1.0 / count)
    result = InstitutionShare(
        case=case,
        asked=tuple(institutions),
        case_name=case.name,
        rule=asked.rule,
        leaving=leaving,
        draws=count,
        seed=seed,
        baselines=tuple(Baseline),
        institutions=tuple(institution_name(item) for item in institutions),
        share=frozen(share),
        error=frozen(blocks.std(axis=0, ddof=1) / math.sqrt(RANDOMISATIONS)),
        bound=frozen(np.where(share == 0.0, tail, np.where(share == 1.0, 1.0 - tail, np.nan))),
        settled=frozen(settled.mean(axis=0)),
        agreed=frozen(agreed),
        certain=frozen(settled),
        alone_cut_kt=frozen(alone),
    )
    return certified(result, verify_institution_share, check, f"the share of ranges of {case.name!r} by institution")


registered(InstitutionShare, verify_institution_share)
