"""K*, the largest tonnage that holds, in the plane of two inputs.

Every point is a meeting of its own at the case's central values with the two inputs moved: options, losses, restarts
and the tonnages that hold are found anew.
"""

from __future__ import annotations

__all__ = ["tonnage_map"]

from typing import Annotated

import numpy as np

from potline._version import __version__
from potline.agreement.certificate import certified, registered
from potline.agreement.checks.moved_tonnages import verify_tonnage_map
from potline.agreement.table.points import change_of, points_of
from potline.agreement.table.question import question_of
from potline.agreement.table.sets_at import sets_at
from potline.agreement.verdict.moved_tonnages import TonnageMap
from potline.agreement.verdict.stability_map import two_inputs
from potline.cases import Case, InputRange
from potline.choices import Baseline, Belief, Institution, OnFailure, Rule, Tested
from potline.compiled import frozen
from potline.reading import Within, reads

Two = Annotated[int, Within(low=2)]


@reads
def tonnage_map(
    case: Case,
    first: InputRange | str,
    second: InputRange | str,
    *,
    points: tuple[Two, Two] = (25, 17),
    rule: Rule | None = None,
    institution: Tested = Institution.VOLUNTARY,
    baseline: Baseline = Baseline.OBSERVED,
    leaving: Belief = Belief.REOPTIMISE,
    check: OnFailure = OnFailure.RAISE,
) -> TonnageMap:
    """Map K*, the largest tonnage that holds, over two inputs.

    Args:
        case: a case with a meeting of at most 20 owners.
        first, second: inputs with their ranges (:class:`potline.InputRange`), or names of factors, over the factor's
            own range.
        points: of the grid, along the first and the second input, 2 at least.
        rule, institution, baseline, leaving: which set, as in :func:`potline.tonnages_that_hold`; the headline's unless
            told otherwise.
        check: ``raise`` where the certificate fails, or ``report`` the answer with it.

    Returns:
        a :class:`TonnageMap`, kt/year. Each point equals K* of the case with both inputs set, 0 where no tonnage holds.

    Raises:
        InputError: no meeting, an input that cannot be moved, or the same number twice.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> three = Industry(name="three", price_per_t=100.0, process=PriceProcess(volatility=0.0),
        ...     demand=LinearDemand(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=95.0) for n in "ABC"))
        >>> case = Case(name="three", industry=three,
        ...     meeting=Meeting(date="", firms=tuple("ABC"), owners=tuple("ABC"), least_cut_kt=10.0))
        >>> found = tonnage_map(case, InputRange(input="demand.elasticity", low=0.5, high=1.0),
        ...     InputRange(input="meeting.term_years", low=1.0, high=2.0), points=(2, 2), leaving="collapse")
        >>> found.k_star_kt.round(6).tolist()
        [[275.0, 250.0], [275.0, 250.0]]
    """
    asked = question_of(case, rule)
    inputs = two_inputs(case, first, second)
    x = np.linspace(inputs[0].low, inputs[0].high, points[0])
    y = np.linspace(inputs[1].low, inputs[1].high, points[1])
    changes = change_of(inputs[0], np.tile(x, y.size)), change_of(inputs[1], np.repeat(y, x.size))
    moved = points_of(case, changes, x.size * y.size)
    found = sets_at(moved, asked, institution=institution, baseline=baseline, leaving=leaving)
    base = sets_at(points_of(case, (), 1), asked, institution=institution, baseline=baseline, leaving=leaving)
    result = TonnageMap(
        case=case,
        rule=asked.rule,
        institution=institution,
        baseline=baseline,
        leaving=leaving,
        version=__version__,
        first=inputs[0],
        second=inputs[1],
        first_values=frozen(x),
        second_values=frozen(y),
        interval=frozen(found.interval.reshape(y.size, x.size, -1, 4)),
        alone_cut_kt=frozen(found.alone_cut_kt.reshape(y.size, x.size, -1)),
        base_interval=frozen(base.interval),
        base_alone_cut_kt=frozen(base.alone_cut_kt),
    )
    return certified(result, verify_tonnage_map, check, f"the map of K* of {case.name!r}")


registered(TonnageMap, verify_tonnage_map)
