"""One input at a time: the margin at the low and the high end of its range, all others at their central values.

The ends do not tell what happens between them, so the range is looked at inside as well: an input whose margin turns
there is flagged, and inputs are ordered by the swing over all points looked at.
"""

from __future__ import annotations

__all__ = ["inputs_of", "tornado"]

import math
from collections.abc import Sequence
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import certified, registered
from potline.agreement.checks.moved import verify_tornado
from potline.agreement.table.points import change_of, margins_at, points_of
from potline.agreement.table.question import question_of
from potline.agreement.verdict.moved import Tornado, TornadoRow
from potline.cases import Case, InputRange
from potline.cases.inputs import NamedInput, named_input
from potline.choices import Baseline, Belief, Institution, OnFailure, Rule, Tested
from potline.compiled import DrawnChange
from potline.errors import InputError, Problem
from potline.reading import Within, reads

Floats = NDArray[np.float64]


@reads
def tornado(
    case: Case,
    *,
    inputs: Sequence[InputRange | str] = (),
    points: Annotated[int, Within(low=2)] = 9,
    rule: Rule | None = None,
    institution: Tested = Institution.VOLUNTARY,
    baseline: Baseline = Baseline.OBSERVED,
    leaving: Belief = Belief.KEEP,
    check: OnFailure = OnFailure.RAISE,
) -> Tornado:
    """Move one input at a time over its range, all others at the case's central values.

    Args:
        case: a case with a meeting.
        inputs: all factors of the case unless some are named.
        points: evenly spaced over each range, both ends among them, 2 at least; 3 or more show where a margin turns.
        rule, institution, baseline, leaving: as in :func:`potline.meeting`; the headline's unless told otherwise.
        check: ``raise`` where the certificate fails, or ``report`` the answer with it.

    Returns:
        a :class:`Tornado`. Each margin equals that of :func:`potline.meeting` with the one input set.

    Raises:
        InputError: no meeting, no input, or one that cannot be moved.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> twins = Industry(name="twins", price_per_t=10.0,
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=8.0) for n in "AB"))
        >>> case = Case(name="twins", industry=twins, currency="CNY",
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> found = tornado(case, inputs=[InputRange(input="demand.elasticity", low=0.2, high=1.0),
        ...     InputRange(input="meeting.least_cut_kt", low=90.0, high=110.0)], institution="unanimity")
        >>> [row.input.name for row in found.rows], found.rows[0].turns
        (['demand.elasticity', 'meeting.least_cut_kt'], False)
    """
    asked = question_of(case, rule)
    named = inputs_of(case, inputs)
    if points < 2:
        raise InputError([Problem(where="points", found=str(points), needed="2 or more")])
    way, test = leaving.place, institution.place

    def margins(changes: Sequence[DrawnChange], count: int) -> tuple[list[float], list[int], list[tuple[float, ...]]]:
        found = margins_at(points_of(case, changes, count), asked, baseline=baseline, leaving=leaving)
        cuts = [tuple(row) for row in found.alone_cut_kt.tolist()]
        return found.margin_m_per_year[:, way, test].tolist(), found.mask[:, way, test].tolist(), cuts

    (base,), (base_group,), (base_cuts,) = margins((), 1)
    rows: list[TornadoRow] = []
    for item in named:
        values = np.linspace(item.low, item.high, points)
        moved, groups, cuts = margins((change_of(item, values),), points)
        rows.append(
            TornadoRow(
                input=item,
                values=tuple(values.tolist()),
                margins_m_per_year=tuple(moved),
                base_m_per_year=base,
                groups=tuple(groups),
                alone_cuts_kt=tuple(cuts),
            )
        )
    result = Tornado(
        case=case,
        case_name=case.name,
        rule=asked.rule,
        institution=institution,
        baseline=baseline,
        leaving=leaving,
        changes=case.changes,
        version=__version__,
        rows=tuple(sorted(rows, key=_by_swing)),
        base_m_per_year=base,
        base_group=base_group,
        base_alone_cut_kt=base_cuts,
    )
    return certified(result, verify_tornado, check, f"the tornado of {case.name!r}")


def inputs_of(case: Case, inputs: Sequence[InputRange | str]) -> list[NamedInput]:
    """Return inputs with their ranges: all factors that have one unless some are named.

    Raises:
        InputError: there is none, or one that cannot be moved.
    """
    wanted = list(inputs) or [item.name for item in case.factors if item.high > item.low]
    named = [named_input(case, item if isinstance(item, InputRange) else InputRange(input=item)) for item in wanted]
    if not named:
        raise InputError(
            [
                Problem(
                    where=f"case {case.name!r}, factors",
                    found="none with a range",
                    needed="inputs with their ranges",
                    hint="Give the case `[[factors]]`, or name inputs.",
                )
            ]
        )
    return named


def _by_swing(row: TornadoRow) -> tuple[bool, float, str]:
    return math.isnan(row.swing_m_per_year), -row.swing_m_per_year, row.input.name


registered(Tornado, verify_tornado)
