"""Which uncertain factor moves the margin most: Sobol indices over the factors of the case."""

from __future__ import annotations

__all__ = ["margin_sensitivity"]


import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.sensitivity import verify_sensitivity
from potline.agreement.table.draws import drawn_at
from potline.agreement.table.points import margins_at
from potline.agreement.table.question import Question, question_of
from potline.agreement.verdict.indices import design, indices_of
from potline.agreement.verdict.moved import MarginSensitivity
from potline.cases import Case
from potline.choices import Belief, OnFailure, Rule
from potline.compiled import frozen
from potline.reading import Draws, Seed, reads

Floats = NDArray[np.float64]


@reads
def margin_sensitivity(
    case: Case,
    *,
    draws: Draws = 256,
    seed: Seed = 7,
    rule: Rule | None = None,
    leaving: Belief = Belief.KEEP,
    check: OnFailure = OnFailure.RAISE,
) -> MarginSensitivity:
    """Return the Sobol indices of the margin (voluntary, observed) over the factors of a case.

    Args:
        case: a case with a meeting.
        draws: base points, rounded up to 8 times a power of two; the margin is computed ``draws * (factors + 2)``
            times.
        seed: of the scrambling.
        rule: as in :func:`potline.agreement.meeting`.
        leaving: what those who stay do when one leaves; the headline's ``keep`` unless told otherwise.
        check: ``raise`` where the certificate fails, or ``report`` the answer with it.

    Raises:
        InputError: the case has no meeting, or a factor whose range has no width.
        CertificateFailed: separate code rejects the answer.
    """
    asked = question_of(case, rule)
    names, points = design(case, draws, seed)
    held = [_margin(case, asked, leaving, here) for here in points]
    margin = np.stack([row for row, _ in held])
    found = indices_of(margin)
    result = MarginSensitivity(
        case=case,
        case_name=case.name,
        rule=asked.rule,
        leaving=leaving,
        seed=seed,
        draws=margin.size,
        factors=names,
        first=found.first,
        first_error=found.first_error,
        total=found.total,
        total_error=found.total_error,
        mean_m_per_year=found.mean,
        deviation_m_per_year=found.deviation,
        margin_m_per_year=frozen(margin),
        mask=frozen(np.stack([masks for _, masks in held])),
    )
    return certified(result, verify_sensitivity, check, f"the indices of {case.name!r}")


def _margin(case: Case, asked: Question, leaving: Belief, points: Floats) -> tuple[Floats, NDArray[np.int64]]:
    found = margins_at(drawn_at(case, points), asked, leaving=leaving)
    return found.margin_m_per_year[:, leaving.place, 0], found.mask[:, leaving.place, 0]


registered(MarginSensitivity, verify_sensitivity)
