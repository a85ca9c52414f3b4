"""One input at a time: K*, the largest tonnage that holds, over its range, all others at their central values."""

from __future__ import annotations

__all__ = ["tonnage_tornado"]

from collections.abc import Sequence
from typing import Annotated

import numpy as np

from potline._version import __version__
from potline.agreement.certificate import certified, registered
from potline.agreement.checks.moved_tonnages import verify_tonnage_tornado
from potline.agreement.table.points import change_of, points_of
from potline.agreement.table.question import question_of
from potline.agreement.table.sets_at import k_stars_of, sets_at
from potline.agreement.verdict.moved_tonnages import TonnageTornado, TonnageTornadoRow
from potline.agreement.verdict.tornado import inputs_of
from potline.cases import Case, InputRange
from potline.choices import Baseline, Belief, Institution, OnFailure, Rule, Tested
from potline.compiled import frozen
from potline.reading import Within, reads


@reads
def tonnage_tornado(
    case: Case,
    *,
    inputs: Sequence[InputRange | str] = (),
    points: Annotated[int, Within(low=2)] = 9,
    rule: Rule | None = None,
    institution: Tested = Institution.VOLUNTARY,
    baseline: Baseline = Baseline.OBSERVED,
    leaving: Belief = Belief.REOPTIMISE,
    check: OnFailure = OnFailure.RAISE,
) -> TonnageTornado:
    """Move one input at a time over its range and find K* anew, all others at the case's central values.

    Args:
        case: a case with a meeting of at most 20 owners.
        inputs: all factors of the case unless some are named.
        points: evenly spaced over each range, both ends among them, 2 at least.
        rule, institution, baseline, leaving: as in :func:`potline.tonnages_that_hold`; the headline's unless told
            otherwise.
        check: ``raise`` where the certificate fails, or ``report`` the answer with it.

    Raises:
        InputError: no meeting, no input, or one that cannot be moved.
        CertificateFailed: separate code rejects the answer.

    Examples:
        Two owners of 100 kt, where a deal that loses a member is off: K* is what lifts the price by 1 on all they run.

        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> twins = Industry(name="twins", price_per_t=10.0, process=PriceProcess(volatility=0.0),
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=9.5) for n in "AB"))
        >>> case = Case(name="twins", industry=twins, currency="CNY",
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> found = tonnage_tornado(case, inputs=[InputRange(input="demand.elasticity", low=0.5, high=1.0)],
        ...     leaving="collapse", points=2)
        >>> [round(kt, 6) for kt in (found.base_kt, found.rows[0].high_kt, found.rows[0].swing_kt)]
        [195.0, 190.0, 5.0]
    """
    asked = question_of(case, rule)
    named = inputs_of(case, inputs)
    base = sets_at(points_of(case, (), 1), asked, institution=institution, baseline=baseline, leaving=leaving)
    rows: list[TonnageTornadoRow] = []
    for item in named:
        values = np.linspace(item.low, item.high, points)
        moved = points_of(case, (change_of(item, values),), points)
        found = sets_at(moved, asked, institution=institution, baseline=baseline, leaving=leaving)
        rows.append(
            TonnageTornadoRow(
                input=item,
                values=frozen(values),
                interval=frozen(found.interval),
                alone_cut_kt=frozen(found.alone_cut_kt),
                base_kt=float(k_stars_of(base.interval)[0]),
            )
        )
    result = TonnageTornado(
        case=case,
        rule=asked.rule,
        institution=institution,
        baseline=baseline,
        leaving=leaving,
        version=__version__,
        rows=tuple(sorted(rows, key=lambda row: (-row.swing_kt, row.input.name))),
        base_interval=frozen(base.interval),
        base_alone_cut_kt=frozen(base.alone_cut_kt),
    )
    return certified(result, verify_tonnage_tornado, check, f"the tornado of K* of {case.name!r}")


registered(TonnageTornado, verify_tonnage_tornado)
