r"""Which uncertain factor moves the margin most: Sobol indices over the factors of the case.

``first_k = Var(E[m | factor k]) / Var(m)``, the part of the margin's variance that knowing factor k would remove, and
``total_k = E[Var(m | all but k)] / Var(m)``, the part that stays while only k is unknown. The errors of the plants'
costs count as one factor. Estimators: Saltelli et al. (2010), Computer Physics Communications 181, p. 262, rows (b) and
(f) of table 2, on scrambled Sobol points.
"""

from __future__ import annotations

__all__ = ["margin_sensitivity"]

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.sensitivity import verify_sensitivity
from potline.agreement.table.draws import RANDOMISATIONS, dimensions, drawn_at, sobol_points
from potline.agreement.table.points import margins_at
from potline.agreement.table.question import Question, question_of
from potline.agreement.verdict.moved import MarginSensitivity
from potline.cases import Case
from potline.choices import Belief, OnFailure, Rule
from potline.compiled import frozen
from potline.errors import InputError, Problem
from potline.reading import Draws, Seed, reads

Floats = NDArray[np.float64]

PLANT_ERRORS = "errors of plants' costs"


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
    _refuse_still(case)
    width, factors = dimensions(case), len(case.factors)
    each = 1 << max(0, int(np.ceil(np.log2(max(1, draws) / RANDOMISATIONS))))
    both = sobol_points(2 * width, each, seed)
    first_points, second_points = both[:, :width], both[:, width:]
    groups = [np.array([k]) for k in range(factors)]
    names = [factor.name for factor in case.factors]
    if width > factors:
        groups.append(np.arange(factors, width))
        names.append(PLANT_ERRORS)
    held = [_margin(case, asked, leaving, first_points), _margin(case, asked, leaving, second_points)]
    (a, _), (b, _) = held
    mean, variance = float(np.mean([a, b])), float(np.var(np.concatenate([a, b])))
    scale = variance if variance > 0.0 else math.nan
    first, total = np.empty((len(groups), RANDOMISATIONS)), np.empty((len(groups), RANDOMISATIONS))
    for k, columns in enumerate(groups):
        mixed = first_points.copy()
        mixed[:, columns] = second_points[:, columns]
        c, masks = _margin(case, asked, leaving, mixed)
        held.append((c, masks))
        first[k] = ((b - mean) * (c - a)).reshape(RANDOMISATIONS, each).mean(axis=1) / scale
        total[k] = ((a - c) ** 2).reshape(RANDOMISATIONS, each).mean(axis=1) / (2.0 * scale)
    root = math.sqrt(RANDOMISATIONS)
    result = MarginSensitivity(
        case=case,
        case_name=case.name,
        rule=asked.rule,
        leaving=leaving,
        seed=seed,
        draws=a.size * (len(groups) + 2),
        factors=tuple(names),
        first=frozen(first.mean(axis=1)),
        first_error=frozen(first.std(axis=1, ddof=1) / root),
        total=frozen(total.mean(axis=1)),
        total_error=frozen(total.std(axis=1, ddof=1) / root),
        mean_m_per_year=mean,
        deviation_m_per_year=math.sqrt(variance) if variance >= 0.0 else math.nan,
        margin_m_per_year=frozen(np.stack([margin for margin, _ in held])),
        mask=frozen(np.stack([masks for _, masks in held])),
    )
    result = dataclasses.replace(result, certificate=verify_sensitivity(result))
    return certified(result, check, f"the indices of {case.name!r}")


def _refuse_still(case: Case) -> None:
    """Refuse factors whose range has no width: an index of 0 would read as if moving them did nothing."""
    still = [item for item in case.factors if not item.high > item.low]
    if still:
        needed = "a range LOW..HIGH of finite numbers, low below high"
        raise InputError(
            [
                Problem(where=f"factor {item.name!r}", found=f"{item.low:.15g}..{item.high:.15g}", needed=needed,
                        hint="Leave it out of the case's factors.")
                for item in still
            ]
        )  # fmt: skip


def _margin(case: Case, asked: Question, leaving: Belief, points: Floats) -> tuple[Floats, NDArray[np.int64]]:
    found = margins_at(drawn_at(case, points), asked, leaving=leaving)
    return found.margin_m_per_year[:, leaving.place, 0], found.mask[:, leaving.place, 0]


registered(MarginSensitivity, verify_sensitivity)
