"""The tonnages that hold over the stated ranges of the inputs: the distribution of K* and the curve share(K).

The tonnage itself is never drawn. Every draw of all other factors is a meeting of its own with its set of tonnages;
``share(K)`` is the share of the draws whose set holds K. A draw in which nothing holds counts as K* = 0.
"""

from __future__ import annotations

__all__ = ["tonnage_share"]

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import NOTHING, certified, registered
from potline.agreement.checks.tonnage_shares import verify_tonnage_share
from potline.agreement.table.draws import RANDOMISATIONS, draw_case
from potline.agreement.table.points import laid_out_in_parts
from potline.agreement.table.question import question_of
from potline.agreement.table.sets_at import asked_rows, joined
from potline.agreement.verdict.tonnage_shares import TonnageShare, holding
from potline.cases import Case
from potline.choices import TESTED, Belief, OnFailure, Rule
from potline.compiled import frozen
from potline.numerics.joint_cut.deals import alone
from potline.numerics.joint_cut.tonnages import tonnages
from potline.reading import Draws, Seed, reads

Floats = NDArray[np.float64]
_PART = 128
_SETS = (2, len(Belief), len(TESTED))


@reads
def tonnage_share(
    case: Case,
    *,
    draws: Draws = 1024,
    seed: Seed = 7,
    rule: Rule | None = None,
    progress: Callable[[float], None] | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> TonnageShare:
    """Find the tonnages that hold in every draw of a case's stated ranges.

    Args:
        case: a case with a meeting of at most 20 owners.
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
        >>> twins = Industry(name="twins", price_per_t=10.0, process=PriceProcess(volatility=0.0),
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=9.5) for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=40.0))
        >>> tonnage_share(case, draws=8).at(np.array([90.0, 110.0, 199.0]), leaving="collapse").tolist()
        [1.0, 1.0, 0.0]
    """
    asked = question_of(case, rule)
    drawn = draw_case(case, draws, seed)
    count = drawn.compiled.draws
    most = np.empty((count, 2))
    found: list[list[Floats]] = [[], []]
    cuts, regret = np.empty((count, len(drawn.compiled.owners))), np.empty(count)
    for row, here in laid_out_in_parts(drawn, asked, _PART):
        nash = alone(here.arrangement)
        for b, baseline in enumerate((None, nash)):
            sets = tonnages(asked_rows(here, asked, baseline))
            found[b].append(sets.interval)
            most[row, b] = sets.most
        cuts[row], regret[row] = nash.cut_kt, nash.regret
        if progress is not None:
            progress(float(row[-1] + 1) / count)
    interval = np.ascontiguousarray(
        np.moveaxis(joined([*found[0], *found[1]]).reshape(2, count, *_SETS[1:], -1, 4), 0, 1)
    )
    holds = holding(interval.reshape(-1, *interval.shape[-2:]), np.array(asked.least_cut_kt)).reshape(count, *_SETS)
    blocks = holds.reshape(RANDOMISATIONS, -1, *_SETS).mean(axis=1)
    result = TonnageShare(
        case=case,
        rule=asked.rule,
        draws=count,
        seed=seed,
        version=__version__,
        asked_kt=asked.least_cut_kt,
        most_kt=frozen(most),
        interval=frozen(interval),
        share=frozen(holds.mean(axis=0)),
        error=frozen(blocks.std(axis=0, ddof=1) / math.sqrt(RANDOMISATIONS)),
        none=frozen(np.isnan(interval[..., 0, 0]).mean(axis=0)),
        owners=drawn.compiled.owners,
        alone_cut_kt=frozen(cuts),
        regret=frozen(regret),
        factors=frozen(drawn.factors),
        certificate=NOTHING,
    )
    return certified(result, verify_tonnage_share, check, f"the tonnages that hold over the ranges of {case.name!r}")


registered(TonnageShare, verify_tonnage_share)
