"""Price flexibility: what a cut of all present does to the price, as the market of the meeting has it."""

from __future__ import annotations

__all__ = ["flexibilities", "flexibility"]

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.question import Question, question_of
from potline.agreement.table.stakes import Stakes, stakes
from potline.cases import Case
from potline.cases.limits import MOST_SEARCHED
from potline.choices import Rule
from potline.compiled import compile_industry
from potline.errors import InputError
from potline.evidence.known import NotComputed
from potline.numerics.joint_cut.deals import listed
from potline.numerics.joint_cut.rows import rows_of
from potline.shutdown import priced_at, terms_of

Floats = NDArray[np.float64]


def flexibilities(here: Stakes, asked: Question, least_cut_kt: Floats) -> Floats:
    """Return the rise of the price in per cent per per cent of running capacity withdrawn, [B].

    All present idle ``least_cut_kt`` [B] in equal shares; outsiders' idle lines restart where it pays; imports come.
    """
    every = np.arange(least_cut_kt.size)
    rows = rows_of(
        here.arrangement,
        asked.attendees,
        least_cut_kt,
        rule=Rule.PRO_RATA.place,
        stated_cut_kt=asked.stated_cut_kt,
        baseline=None,
    )
    found = listed(rows, every, np.full(every.size, (1 << asked.attendees.size) - 1), anew=False)
    withdrawn = found.cut_kt[0] / here.plants.running_kt.sum(axis=1)
    return found.price_rise_per_t[0] / here.market.price_per_t / withdrawn


def flexibility(case: Case, *, imports: bool = True) -> float:
    """Return the same at the central values of a case, or without imports of unlimited quantity.

    Raises:
        NotComputed: the case has no meeting or no price process, or those present do not run as much.
    """
    if case.meeting is None or case.industry.process is None:
        raise NotComputed("no_meeting" if case.meeting is None else "no_price_process")
    try:
        asked = question_of(case, most=MOST_SEARCHED)
        compiled = compile_industry(case.industry)
        terms = terms_of(compiled, np.array([asked.term_years]))
        priced = priced_at(terms, np.ascontiguousarray(compiled.number("price_per_t")))
        here = stakes(compiled, terms, priced, ceiling_per_t=None if imports else np.array([np.inf]))
        found = float(flexibilities(here, asked, np.array([asked.least_cut_kt]))[0])
    except InputError as error:
        raise NotComputed("refused", said=str(error)) from None
    if not np.isfinite(found):
        raise NotComputed("not_given")
    return found
