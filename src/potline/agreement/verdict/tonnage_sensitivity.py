"""Which uncertain factor moves K* most: Sobol indices of the largest tonnage that holds."""

from __future__ import annotations

__all__ = ["tonnage_sensitivity"]


import numpy as np

from potline._version import __version__
from potline.agreement.certificate import certified, registered
from potline.agreement.checks.moved_tonnages import verify_tonnage_sensitivity
from potline.agreement.table.draws import drawn_at
from potline.agreement.table.question import question_of
from potline.agreement.table.sets_at import k_stars_of, sets_at
from potline.agreement.verdict.indices import design, indices_of
from potline.agreement.verdict.moved_tonnages import TonnageSensitivity
from potline.cases import Case
from potline.choices import Baseline, Belief, Institution, OnFailure, Rule, Tested
from potline.compiled import frozen
from potline.reading import Draws, Seed, reads


@reads
def tonnage_sensitivity(
    case: Case,
    *,
    draws: Draws = 256,
    seed: Seed = 7,
    rule: Rule | None = None,
    institution: Tested = Institution.VOLUNTARY,
    baseline: Baseline = Baseline.OBSERVED,
    leaving: Belief = Belief.REOPTIMISE,
    check: OnFailure = OnFailure.RAISE,
) -> TonnageSensitivity:
    """Return the Sobol indices of K* over the factors of a case; no tonnage that holds counts as 0 kt.

    Args:
        case: a case with a meeting of at most 20 owners.
        draws: base points, rounded up to 8 times a power of two; sets are found ``draws * (factors + 2)`` times.
        seed: of the scrambling; the same points as those of :func:`potline.margin_sensitivity`.
        rule, institution, baseline, leaving: as in :func:`potline.tonnages_that_hold`; the headline's unless told
            otherwise.
        check: ``raise`` where the certificate fails, or ``report`` the answer with it.

    Raises:
        InputError: the case has no meeting, or a factor whose range has no width.
        CertificateFailed: separate code rejects the answer.
    """
    asked = question_of(case, rule)
    names, points = design(case, draws, seed)
    sets = [
        sets_at(drawn_at(case, here), asked, institution=institution, baseline=baseline, leaving=leaving)
        for here in points
    ]
    width = max(item.interval.shape[1] for item in sets)
    interval = np.stack(
        [
            np.pad(item.interval, [(0, 0), (0, width - item.interval.shape[1]), (0, 0)], constant_values=np.nan)
            for item in sets
        ]
    )
    found = indices_of(k_stars_of(interval))
    result = TonnageSensitivity(
        case=case,
        rule=asked.rule,
        institution=institution,
        baseline=baseline,
        leaving=leaving,
        seed=seed,
        version=__version__,
        draws=interval.shape[0] * interval.shape[1],
        factors=names,
        first=found.first,
        first_error=found.first_error,
        total=found.total,
        total_error=found.total_error,
        mean_kt=found.mean,
        deviation_kt=found.deviation,
        interval=frozen(interval),
        alone_cut_kt=frozen(np.stack([item.alone_cut_kt for item in sets])),
    )
    return certified(result, verify_tonnage_sensitivity, check, f"the indices of K* of {case.name!r}")


registered(TonnageSensitivity, verify_tonnage_sensitivity)
