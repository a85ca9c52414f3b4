r"""What would it take? The least level of each instrument at which owners agree, its cost, and who pays whom.

Money and penalties enter a test directly, so their least level is found over coalitions, exactly, as are payments by
the tonne idled or bought where cuts do not depend on them (:mod:`potline.agreement.remedy.direct`):

    transfer    voluntary   min over S of sum max(0, -min(gain, slack))
                transfers   max(0, -max over S of sum [gain - max(0, gain outside)])
                unanimity   sum max(0, -gain), all present
    penalty     voluntary   min over S, nobody losing, of max(0, -least slack)
                transfers   the least f with sum [gain - max(0, gain outside - f)] >= 0 for some S

Every other instrument is moved over 33 levels, then between the last level without an agreement and the first with one
until the bracket is closed: at its upper end an agreement exists, at its lower end none. ``docs/theory/remedy.md`` says
what each does.
"""

from __future__ import annotations

__all__ = ["remedy"]

import math
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import certified, registered
from potline.agreement.checks.remedy import verify_remedy
from potline.agreement.remedy.direct import least_penalty, least_transfer, margins_at
from potline.agreement.remedy.frontier import frontier
from potline.agreement.remedy.levers import Levers, outcomes
from potline.agreement.remedy.result import UNITS, Measure, Payment, Remedy
from potline.agreement.remedy.search import searched
from potline.agreement.table.games import Games
from potline.agreement.table.laid_out import lay_out
from potline.agreement.table.question import Question
from potline.agreement.verdict.result import Margin
from potline.agreement.verdict.rows import names_of
from potline.cases import Case
from potline.cases.limits import LARGEST, LONGEST_YEARS, MOST_REMEDIED
from potline.choices import TESTED, Baseline, Belief, Institution, Instrument, OnFailure, Party, Rule, Tested
from potline.errors import InputError, Problem
from potline.reading import Hint, Within, reads

Floats = NDArray[np.float64]


@reads
def remedy(
    case: Case,
    *,
    rule: Rule | None = None,
    every: bool = False,
    premium_per_t: Annotated[float, Within(low=0.0, high=LARGEST), Hint("It is without VAT.")] | None = None,
    largest_term_years: Annotated[float, Within(above=0.0, high=LONGEST_YEARS)] = 10.0,
    check: OnFailure = OnFailure.RAISE,
) -> Remedy:
    """Find what it would take for the owners of a case to agree.

    Args:
        case: a case with a meeting.
        rule: how a cut is shared, the case's unless told otherwise.
        every: all baselines and ways of leaving; else the headline's (``observed``, ``keep``), every institution.
        premium_per_t: what the state pays over the price for the stockpile quota; 5 % of the price unless told.
        largest_term_years: longest term tried.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: the case has no meeting, one that cannot be held or asks for no cut, or more than 14 owners at the
            table; a premium below 0 or above 1e12, a term above 1,000 years.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> twins = Industry(name="twins", price_per_t=10.0,
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=8.0) for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> found = remedy(case)
        >>> round(found.measure("penalty").level, 9), found.measure("penalty").public_cost_m_per_year
        (0.1, 0.0)
    """
    premium = 0.05 * case.industry.price_per_t if premium_per_t is None else premium_per_t
    levers = Levers(meeting=lay_out(case, rule), premium_per_t=premium)
    _needs_a_question(levers.meeting.question)
    beliefs = tuple(Belief) if every else (Belief.KEEP,)
    bases = tuple(Baseline) if every else (Baseline.OBSERVED,)
    margins: list[Margin] = []
    measures: list[Measure] = []
    for base in bases:
        games = levers.meeting.games(base)
        plain = outcomes(levers, Instrument.COMPENSATION, np.zeros(1), base)
        for belief in beliefs:
            for institution in TESTED:
                test = (0, belief.place, institution.place)
                mask = int(plain.mask[test])
                value = float(plain.margin_m[test]) if mask >= 0 else math.nan
                margins.append(
                    Margin(
                        institution=institution,
                        baseline=base,
                        rule=levers.meeting.question.rule,
                        leaving=belief,
                        margin_m_per_year=value,
                        coalition=names_of(levers.meeting.question, mask),
                        upper_m_per_year=value,
                    )
                )
        for instrument in Instrument:
            if instrument in (Instrument.TRANSFER, Instrument.PENALTY):
                measures += [_direct(levers, instrument, games, base, one, test) for one in beliefs for test in TESTED]
            else:
                measures += searched(levers, instrument, base, beliefs, largest_term_years)
    result = Remedy(
        case=case,
        case_name=case.name,
        currency=case.industry.currency,
        rule=levers.meeting.question.rule,
        least_cut_kt=levers.meeting.question.least_cut_kt,
        term_years=levers.meeting.question.term_years,
        premium_per_t=levers.premium_per_t,
        changes=case.changes,
        version=__version__,
        margins=tuple(margins),
        measures=tuple(measures),
        frontier=frontier(levers),
    )
    return certified(result, verify_remedy, check, f"the remedy of {case.name!r}")


def _needs_a_question(asked: Question) -> None:
    """Raise where owners are too many, or a cut of nothing is asked: whoever idles nothing agrees, at no level."""
    problems: list[Problem] = []
    if asked.attendees.size > MOST_REMEDIED:
        problems.append(
            Problem(
                where="meeting, firms",
                found=f"{asked.attendees.size} owners",
                needed=f"at most {MOST_REMEDIED} for a remedy",
                hint="Every group is evaluated at every level. Name fewer firms in `meeting.firms`.",
            )
        )
    if asked.rule != Rule.STATED and not asked.least_cut_kt > 0.0:
        problems.append(
            Problem(
                where="meeting.least_cut_kt",
                found=f"{asked.least_cut_kt:g}",
                needed="above 0 for a remedy",
                hint="To idle nothing owners agree without one; the least cut takes a level that tends to no such 0.",
            )
        )
    if problems:
        raise InputError(problems)


def _direct(
    levers: Levers, instrument: Instrument, games: Games, base: Baseline, belief: Belief, institution: Tested
) -> Measure:
    """Return the measure of a transfer or a penalty."""
    asked = levers.meeting.question
    payments: list[Payment] = []
    if instrument == Instrument.TRANSFER:
        level, row, shares = least_transfer(games, belief, institution)
        cost = level
        if row >= 0:
            pooled = institution == Institution.TRANSFERS
            if pooled and level > 0.0:
                payments.append(Payment(payer=Party.STATE, payee=Party.FUND, m_per_year=level))
            if pooled and level == 0.0 and shares.sum() < 0.0:  # what is left over stays with those who have it
                rich = shares < 0.0
                shares = np.where(rich, shares * (shares[~rich].sum() / -shares[rich].sum()), shares)
            for name, share in zip(asked.owners, shares.tolist(), strict=True):
                if share > 0.0:
                    payments.append(Payment(payer=Party.FUND if pooled else Party.STATE, payee=name, m_per_year=share))
                elif share < 0.0:
                    payments.append(Payment(payer=name, payee=Party.FUND, m_per_year=-share))
    else:
        level, row = least_penalty(games, belief, institution)
        cost = 0.0 if row >= 0 else math.nan
        if row >= 0 and level > 0.0:
            members = [name for name, here in zip(asked.owners, games.inside[row], strict=True) if here]
            payments = [Payment(payer=name, payee=Party.NOBODY, m_per_year=level) for name in members]
    found = row >= 0
    at, below = margins_at(games, instrument, level, row, belief, institution)
    return Measure(
        instrument=instrument,
        unit=UNITS[instrument],
        institution=institution,
        baseline=base,
        leaving=belief,
        rule=asked.rule,
        suffices=found,
        level=level,
        largest_tried=math.inf,
        monotone=True,
        coalition=names_of(asked, int(games.mask[row])) if found else (),
        cut_kt=float(games.cut_kt[row].sum()) if found else math.nan,
        public_cost_m_per_year=cost,
        outlay_m_per_year=cost,
        payments=tuple(payments),
        margin_m_per_year=at,
        margin_below_m_per_year=below,
        level_below=level * (1.0 - 1e-9) if found and level > 0.0 else math.nan,
        baseline_cuts=levers.meeting.cuts(base),
    )


registered(Remedy, verify_remedy)
