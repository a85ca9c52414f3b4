"""Where an agreement exists in the plane of two inputs: margins on a grid, and the exact line where they cross 0.

Every point is a meeting of its own at the case's central values with the two inputs moved, all in one batch: options,
losses and restarts are solved anew. Along each row of the grid, wherever agreement begins or ends between two points,
the place is narrowed by evaluating the meeting, not by interpolating the grid.
"""

from __future__ import annotations

__all__ = ["stability_map", "two_inputs"]

from collections.abc import Callable
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import certified, registered
from potline.agreement.checks.moved import verify_map
from potline.agreement.table.points import PointMargins, change_of, margins_at, points_of
from potline.agreement.table.question import question_of
from potline.agreement.verdict.moved import BoundaryPoint, StabilityMap
from potline.cases import Case, InputRange
from potline.cases.inputs import NamedInput, named_input
from potline.choices import Baseline, Belief, Institution, OnFailure, Rule, Tested
from potline.compiled import frozen
from potline.errors import InputError, Problem
from potline.numerics.bracketing import Brackets, narrow
from potline.reading import Within, reads

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

Two = Annotated[int, Within(low=2)]

_NARROW = 1e-8


@reads
def stability_map(
    case: Case,
    first: InputRange | str,
    second: InputRange | str,
    *,
    points: tuple[Two, Two] = (25, 17),
    rule: Rule | None = None,
    institution: Tested = Institution.VOLUNTARY,
    baseline: Baseline = Baseline.OBSERVED,
    leaving: Belief = Belief.KEEP,
    check: OnFailure = OnFailure.RAISE,
) -> StabilityMap:
    """Map the margin over two inputs, and find where along each row it crosses 0.

    Args:
        case: a case with a meeting.
        first, second: inputs with their ranges (:class:`potline.InputRange`), or names of factors, over the factor's
            own range.
        points: of the grid, along the first and the second input, 2 at least.
        rule, institution, baseline, leaving: as in :func:`potline.meeting`; the headline's unless told otherwise.
        check: ``raise`` where the certificate fails, or ``report`` the answer with it.

    Returns:
        a :class:`StabilityMap`. Each point equals :func:`potline.meeting` of the case with both inputs set.

    Raises:
        InputError: no meeting, an input that cannot be moved, or the same number twice.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> twins = Industry(name="twins", price_per_t=10.0,
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=8.0) for n in "AB"))
        >>> case = Case(name="twins", industry=twins, currency="CNY",
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> found = stability_map(case, InputRange(input="demand.elasticity", low=0.1, high=1.0),
        ...     InputRange(input="meeting.least_cut_kt", low=20.0, high=100.0), points=(4, 3), institution="unanimity")
        >>> found.margin_m_per_year.shape, found.verdict(0, 0)
        ((3, 4), 'agreement')
    """
    asked = question_of(case, rule)
    inputs = two_inputs(case, first, second)
    x = np.linspace(inputs[0].low, inputs[0].high, points[0])
    y = np.linspace(inputs[1].low, inputs[1].high, points[1])
    way, test = leaving.place, institution.place

    def held(first_value: Floats, second_value: Floats) -> PointMargins:
        changes = [change_of(item, values) for item, values in zip(inputs, (first_value, second_value), strict=True)]
        return margins_at(points_of(case, changes, first_value.size), asked, baseline=baseline, leaving=leaving)

    found = held(np.tile(x, y.size), np.repeat(y, x.size))
    margin = found.margin_m_per_year[:, way, test].reshape(y.size, x.size)
    base = margins_at(points_of(case, (), 1), asked, baseline=baseline, leaving=leaving)
    result = StabilityMap(
        case=case,
        case_name=case.name,
        rule=asked.rule,
        institution=institution,
        baseline=baseline,
        leaving=leaving,
        changes=case.changes,
        version=__version__,
        first=inputs[0],
        second=inputs[1],
        first_values=frozen(x),
        second_values=frozen(y),
        owners=asked.owners,
        margin_m_per_year=frozen(margin),
        mask=frozen(found.mask[:, way, test].reshape(y.size, x.size)),
        boundary=_boundary(x, y, margin, lambda a, b: held(a, b).margin_m_per_year[:, way, test]),
        base_m_per_year=float(base.margin_m_per_year[0, way, test]),
        alone_cut_kt=frozen(found.alone_cut_kt.reshape(y.size, x.size, -1)),
        base_alone_cut_kt=frozen(base.alone_cut_kt[0]),
    )
    return certified(result, verify_map, check, f"the map of {case.name!r}")


def two_inputs(case: Case, first: InputRange | str, second: InputRange | str) -> tuple[NamedInput, NamedInput]:
    """Return the inputs of a map, with their ranges.

    Raises:
        InputError: one cannot be moved, or both are the same number.
    """
    one, other = (
        named_input(case, item if isinstance(item, InputRange) else InputRange(input=item)) for item in (first, second)
    )
    if one.path == other.path:
        found, needed = f"{one.path} twice", "two different numbers"
        raise InputError([Problem(where="the two inputs", found=found, needed=needed)])
    return one, other


def _boundary(
    x: Floats, y: Floats, margin: Floats, evaluate: Callable[[Floats, Floats], Floats]
) -> tuple[BoundaryPoint, ...]:
    """Narrow every change of agreement along the rows, all at once."""
    agreed = margin >= 0.0
    row, column = np.nonzero(agreed[:, 1:] != agreed[:, :-1])
    if row.size == 0:
        return ()
    start = Brackets(
        low=x[column], high=x[column + 1], at_low=margin[row, column], at_high=margin[row, column + 1]
    )  # fmt: skip
    found = narrow(lambda values, k: evaluate(values, y[row[k]]), start, _NARROW)
    above = found.at_high >= 0.0
    return tuple(
        BoundaryPoint(
            first=float(found.high[k] if above[k] else found.low[k]),
            second=float(y[row[k]]),
            agreement="above" if above[k] else "below",
            margin_m_per_year=float(found.at_high[k] if above[k] else found.at_low[k]),
            beyond=float(found.low[k] if above[k] else found.high[k]),
            beyond_m_per_year=float(found.at_low[k] if above[k] else found.at_high[k]),
        )
        for k in range(row.size)
    )


registered(StabilityMap, verify_map)
