"""The public verb: what is unusual in a case or contradicts itself, or what is wrong with a folder."""

from __future__ import annotations

__all__ = ["check"]

from collections.abc import Mapping
from os import PathLike
from typing import overload

from potline.cases import Case
from potline.cases import check as problems_of
from potline.errors import InputError, Problem
from potline.plausibility.missing import lacking
from potline.plausibility.places import Places
from potline.plausibility.ranges import ASKED, outside
from potline.plausibility.state import contradictions, unheld
from potline.plausibility.sums import totals
from potline.plausibility.warning import CaseWarning
from potline.reading import reads


@overload
def check(case: Case, asked: Mapping[str, float] | None = None) -> tuple[CaseWarning, ...]: ...
@overload
def check(case: str | PathLike[str]) -> tuple[Problem, ...]: ...
@reads
def check(
    case: Case | str | PathLike[str], asked: Mapping[str, float] | None = None
) -> tuple[CaseWarning, ...] | tuple[Problem, ...]:
    """Return the warnings of a case, or all problems of a case folder.

    A problem is why a folder is no case. A warning stops no answer: a state that the model would not hold at the price
    of the date, inputs that contradict each other, a row that is the sum of the others, what one lacks and all others
    have, and numbers outside their usual range (``usual_ranges``), in that order.

    Args:
        case: a case, overrides applied; or a folder or the name of a shipped case.
        asked: what a question sets beside the case: ``conduct``, ``price`` and ``trigger_price`` as quoted,
            ``window_years``, ``premium_per_t`` without tax.

    Raises:
        InputError: something is asked that no question sets.

    Examples:
        >>> from potline.cases import load
        >>> dear = load("china-aluminium-2013").override("discount_rate=10")
        >>> [str(warning) for warning in check(dear) if warning.kind == "range"]
        ["override 'discount_rate=10': found 10 a year; usual 0.01 to 0.3 a year. What a year of waiting costs a firm; \
10 % a year is written 0.10."]
    """
    if not isinstance(case, Case):
        return problems_of(case)
    asked = asked or {}
    for name in asked:
        if name not in ASKED:
            raise InputError([Problem(where="asked", found=repr(name), needed=f"one of: {', '.join(ASKED)}")])
    places = Places(case)
    return (
        *unheld(case),
        *contradictions(case),
        *totals(case, places),
        *lacking(case, places),
        *outside(case, asked, places),
    )
