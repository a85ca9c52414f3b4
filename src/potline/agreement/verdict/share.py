"""The share of the stated input ranges in which an agreement exists, with its error."""

from __future__ import annotations

__all__ = ["agreement_share"]

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import NOTHING, certified, registered
from potline.agreement.checks.shares import verify_share
from potline.agreement.table.draws import RANDOMISATIONS, draw_case
from potline.agreement.table.points import laid_out_in_parts
from potline.agreement.table.question import question_of
from potline.agreement.verdict.shares import AgreementShare
from potline.cases import Case
from potline.choices import TESTED, Baseline, Belief, OnFailure, Rule
from potline.compiled import frozen
from potline.numerics.joint_cut.deals import alone, deals
from potline.reading import Draws, Seed, reads

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Progress = Callable[[float], None]


@reads
def agreement_share(
    case: Case,
    *,
    draws: Draws = 4096,
    seed: Seed = 7,
    rule: Rule | None = None,
    progress: Progress | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> AgreementShare:
    """Return the share of a case's stated input ranges in which an agreement exists, and its error.

    Every draw is a meeting of its own: options, losses, restarts and both baselines are computed anew, exactly.

    Args:
        case: a case with a meeting.
        draws: rounded up to 8 times a power of two.
        seed: of the scrambling.
        rule: how a cut is shared, the case's unless told otherwise.
        progress: called with the part done, 0 to 1.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: the case has no meeting, or a factor cannot be drawn.
        CertificateFailed: recomputation rejects the answer.

    Examples:
        >>> from potline.cases import Case, Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> twins = Industry(name="twins", price_per_t=10.0, process=PriceProcess(volatility=0.2),
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=9.5) for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=40.0))
        >>> agreement_share(case, draws=8).of("unanimity")
        1.0
    """
    asked = question_of(case, rule)
    drawn = draw_case(case, draws, seed)
    count = drawn.compiled.draws
    margin = np.empty((count, len(Baseline), len(Belief), len(TESTED)))
    mask, settled = np.empty(margin.shape, dtype=np.int64), np.empty(count, dtype=np.bool_)
    cuts, regret = np.empty((count, len(drawn.compiled.owners))), np.empty(count)
    for row, here in laid_out_in_parts(drawn, asked, 256):
        nash = alone(here.arrangement)
        for b, baseline in enumerate((None, nash)):
            found = deals(
                here.arrangement,
                asked.attendees,
                drawn.least_cut_kt[row],
                rule=asked.rule.place,
                stated_cut_kt=asked.stated_cut_kt,
                baseline=baseline,
            )
            margin[row, b] = np.where(found.best_mask >= 0, found.best_m, np.nan)[:, :, :3]
            mask[row, b] = found.best_mask[:, :, :3]
        cuts[row], regret[row], settled[row] = nash.cut_kt, nash.regret, nash.settled
        if progress is not None:
            progress(float(row[-1] + 1) / count)
    share, error, bound = _shares(margin)
    result = AgreementShare(
        case=case,
        case_name=case.name,
        rule=asked.rule,
        draws=count,
        seed=seed,
        baselines=tuple(Baseline),
        leaving=tuple(Belief),
        institutions=TESTED,
        share=frozen(share),
        error=frozen(error),
        bound=frozen(bound),
        infeasible=frozen(np.isnan(margin[:, :, Belief.KEEP.place, 0]).mean(axis=0)),
        margin_m_per_year=frozen(margin),
        factor_names=tuple(factor.name for factor in case.factors),
        factors=frozen(drawn.factors),
        owners=drawn.compiled.owners,
        would_cut_alone=frozen((cuts > 0.0).mean(axis=0)),
        settled=float(settled.mean()),
        largest_regret=float(regret.max()),
        mask=frozen(mask),
        alone_cut_kt=frozen(cuts),
        regret=frozen(regret),
        certificate=NOTHING,
    )
    return certified(result, verify_share, check, f"the share of ranges of {case.name!r}")


def _shares(margin: Floats) -> tuple[Floats, Floats, Floats]:
    """Return shares with an agreement, their error, and a bound of 95 % where it was all or none, [2, 4, 3]."""
    agreed = margin >= 0.0
    share = agreed.mean(axis=0)
    blocks = agreed.reshape(RANDOMISATIONS, -1, *agreed.shape[1:]).mean(axis=1)
    error = blocks.std(axis=0, ddof=1) / math.sqrt(RANDOMISATIONS)
    tail = 1.0 - 0.05 ** (1.0 / margin.shape[0])
    bound = np.where(share == 0.0, tail, np.where(share == 1.0, 1.0 - tail, np.nan))
    return share, error, bound


registered(AgreementShare, verify_share)
