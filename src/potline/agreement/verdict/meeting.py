r"""The meeting: will the owners at the table agree a joint cut, and by how much do they miss it?

Every set S of two owners or more that reaches the least tonnage K is a possible deal. Each is scored by what its
members gain, ``dV_i(S)``, and by what each would gain outside it, ``dV_i(S without i)``, a year:

    voluntary   min over S of min(dV_i(S), dV_i(S) - dV_i(S without i))
    transfers   sum over S of [dV_i(S) - max(0, dV_i(S without i))]
    unanimity   min over all present of dV_i

The margin is the best score over coalitions: 0 or more, an agreement exists; less, none does, by that much.
``docs/theory/meeting.md`` has the definitions, :mod:`potline.numerics.joint_cut.deals` the method.
"""

from __future__ import annotations

__all__ = ["meeting"]

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import NOTHING, certified, registered
from potline.agreement.checks.meeting import verify_meeting
from potline.agreement.table.laid_out import lay_out
from potline.agreement.table.question import Question, everyone_at
from potline.agreement.table.scores import Scored, margins_of, scored
from potline.agreement.table.stakes import Stakes
from potline.agreement.verdict.attribution import attribution
from potline.agreement.verdict.result import (
    Examined,
    Margin,
    MeetingResult,
    OutsideMoney,
    TonnageSweep,
    verdict_on,
)
from potline.agreement.verdict.rows import coalition_table, deal_figures, lone_cuts, names_of, owner_rows
from potline.agreement.verdict.share import agreement_share
from potline.agreement.verdict.shares import AgreementShare
from potline.cases import Case
from potline.cases.limits import MOST_EXPLAINED, MOST_SEARCHED
from potline.choices import TESTED, Baseline, Belief, IdleBelow, Institution, OnFailure, Rule, Tested
from potline.compiled import frozen
from potline.industry import Change
from potline.numerics.joint_cut.deals import WITHOUT_COMPENSATION, Alone, Deals, repeat, repeat_baseline
from potline.reading import DrawsOrNone, Seed, reads

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Progress = Callable[[float], None]


@reads
def meeting(
    case: Case,
    *,
    draws: DrawsOrNone = 1024,
    seed: Seed = 7,
    rule: Rule | None = None,
    idle_below: IdleBelow | None = None,
    everyone: bool = False,
    spread_draws: DrawsOrNone = 0,
    progress: Progress | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> MeetingResult:
    """Hold a case's meeting: every coalition, the margin, the verdict, and why.

    With more than 20 owners, owners alike are counted by kind; if the kinds are too many the best coalition is searched
    for, with a proven bound on all of them. Obstacles and shares of ranges, which take hundreds of meetings, are left
    out with more than 16.

    Args:
        case: a case with a meeting.
        draws: for the share of ranges with an agreement, 0 for none.
        seed: of draws.
        idle_below: what idle lines below their restart price do, the two ends of what the state leaves open; as the
            industry has it unless told otherwise.
        everyone: put every owner that runs a plant at the table instead of those who came.
        rule: how a cut is shared, the case's unless told otherwise.
        spread_draws: draws for the spread of the obstacles.
        progress: called with the part done, 0 to 1.
        check: ``raise`` where the certificate fails, or ``report``.

    Returns:
        a :class:`MeetingResult`.

    Raises:
        InputError: the case has no meeting or one that cannot be held.
        CertificateFailed: independent recomputation rejects the answer.

    Examples:
        >>> from potline.cases import Case, Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> twins = Industry(name="twins", price_per_t=10.0, process=PriceProcess(volatility=0.2),
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=9.5) for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> held = meeting(case, draws=0)
        >>> held.verdict, held.margin("unanimity").verdict, held.certificate.holds
        ('no agreement', 'agreement', True)
    """
    case = case if idle_below is None else case.at(idle_below)
    if everyone:
        case = everyone_at(case)
    laid = lay_out(case, rule, most=MOST_SEARCHED)
    asked, here, nash = laid.question, laid.here, laid.nash
    tell = progress or _silent
    found = [(one, base, scored(here, asked, one, base, seed=seed)) for one in _rules(asked) for base in (None, nash)]
    tell(0.2)
    headline = found[0][2]
    tell(0.3)
    margins = _every_margin(asked, found)
    first = next(item for item in margins if item.leaving == Belief.KEEP)
    mask = int(headline.table.best_mask[0, Belief.KEEP.place, Institution.VOLUNTARY.place])
    few = len(asked.owners) <= MOST_EXPLAINED
    obstacles = attribution(case, draws=spread_draws, seed=seed, rule=asked.rule, check=check) if few else None
    tell(0.4)
    sweep = _sweep(here, asked, nash)
    tell(0.5)
    share = _share(case, draws, seed, asked.rule, tell, check) if draws > 0 and few else None
    assert case.meeting is not None
    deal = deal_figures(here, asked, headline.table, mask)
    result = MeetingResult(
        case=case,
        case_name=case.name,
        industry=case.industry,
        meeting=case.meeting,
        rule=asked.rule,
        term_years=asked.term_years,
        least_cut_kt=asked.least_cut_kt,
        changes=case.changes,
        version=__version__,
        verdict=verdict_on(case.industry, first.verdict),
        margin_m_per_year=first.margin_m_per_year,
        coalition=first.coalition,
        price_per_t=float(here.market.price_per_t[0]),
        ceiling_per_t=float(here.market.ceiling_per_t[0]),
        margins=margins,
        owners=owner_rows(here, laid.terms, asked, headline.around(mask), nash, mask),
        lone_cuts=lone_cuts(here, asked, nash),
        coalitions=coalition_table(here, asked, headline.table, complete=headline.complete),
        sweep=sweep,
        obstacles=obstacles,
        without_pressure=_without_pressure(case, rule),
        outside_money=_outside_money(asked, headline.table),
        nash_cut_kt=float(nash.total_kt[0]),
        nash_price_rise_per_t=float(nash.price_rise_per_t[0]),
        nash_settled=bool(nash.settled[0]),
        nash_rounds=int(nash.rounds[0]),
        nash_cuts=laid.cuts(Baseline.NASH),
        share=share,
        examined=_examined(headline),
        certificate=NOTHING,
        **deal,
    )
    found = certified(result, verify_meeting, check, f"the meeting of {case.name!r}", parts=False)
    tell(1.0)
    return found


def _silent(part: float) -> None:
    del part


def _share(case: Case, draws: int, seed: int, rule: Rule, tell: Progress, check: OnFailure) -> AgreementShare:
    return agreement_share(
        case, draws=draws, seed=seed, rule=rule, progress=lambda part: tell(0.5 + 0.45 * part), check=check
    )


def _rules(asked: Question) -> tuple[Rule, ...]:
    possible = (rule for rule in Rule if rule != Rule.STATED or asked.stated_cut_kt.any())
    return tuple(dict.fromkeys((asked.rule, *possible)))


def _every_margin(asked: Question, found: Sequence[tuple[Rule, Alone | None, Scored]]) -> tuple[Margin, ...]:
    return tuple(
        _margin(asked, item.table, one, _baseline(base), belief, institution)
        for one, base, item in found
        for belief in Belief
        for institution in TESTED
    )


def _examined(headline: Scored) -> Examined:
    return Examined(
        method=headline.method,
        coalitions=headline.coalitions,
        boxes=headline.boxes,
        tolerance_m_per_year=headline.tolerance_m,
    )


def _baseline(base: Alone | None) -> Baseline:
    return Baseline.OBSERVED if base is None else Baseline.NASH


def _margin(
    asked: Question, table: Deals, rule: Rule, baseline: Baseline, belief: Belief, institution: Tested
) -> Margin:
    at = (0, belief.place, institution.place)
    mask = int(table.best_mask[at])
    return Margin(
        institution=institution,
        baseline=baseline,
        rule=rule,
        leaving=belief,
        margin_m_per_year=float(table.best_m[at]) if mask >= 0 else math.nan,
        coalition=names_of(asked, mask),
        upper_m_per_year=float(table.upper_m[at]) if mask >= 0 else math.nan,
    )


def _without_pressure(case: Case, rule: Rule | None) -> Margin:
    free = case.under(Change(path="plant[*].pressure_per_t", value=0.0))
    laid = lay_out(free, rule, most=MOST_SEARCHED)
    asked, here = laid.question, laid.here
    return _margin(
        asked,
        scored(here, asked, asked.rule, None).table,
        asked.rule,
        Baseline.OBSERVED,
        Belief.KEEP,
        Institution.VOLUNTARY,
    )


def _outside_money(asked: Question, table: Deals) -> OutsideMoney:
    keep, tests = Belief.KEEP.place, (Institution.TRANSFERS.place, WITHOUT_COMPENSATION)
    with_mask, without_mask = (int(table.best_mask[0, keep, test]) for test in tests)

    def needed(best: Floats, institution: int, mask: int) -> float:
        return max(0.0, -float(best[0, keep, institution])) if mask >= 0 else math.nan

    return OutsideMoney(
        with_compensation_m_per_year=needed(table.best_m, 1, with_mask),
        without_compensation_m_per_year=needed(table.best_m, WITHOUT_COMPENSATION, without_mask),
        coalition_with=names_of(asked, with_mask),
        coalition_without=names_of(asked, without_mask),
        least_with_m_per_year=needed(table.upper_m, 1, with_mask),
        least_without_m_per_year=needed(table.upper_m, WITHOUT_COMPENSATION, without_mask),
    )


def _sweep(here: Stakes, asked: Question, nash: Alone) -> TonnageSweep:
    grid = np.array(sorted({*asked.sweep_kt, asked.least_cut_kt}))

    def margins(least: Floats, baseline: Alone | None) -> tuple[Floats, Floats, Integers]:
        again = None if baseline is None else repeat_baseline(baseline, least.size)
        return margins_of(repeat(here.arrangement, least.size), asked, least, asked.rule, again)

    observed, own = margins(grid, None), margins(grid, nash)
    margin, upper = np.stack([observed[0], own[0]]), np.stack([observed[1], own[1]])
    mask, keep = np.stack([observed[2], own[2]]), Belief.KEEP.place
    largest: list[float] = []
    who: list[int] = []
    monotone: list[bool] = []
    for k in range(3):
        agreed = margin[0, :, keep, k] >= 0.0
        monotone.append(not bool((agreed[1:] & ~agreed[:-1]).any()))
        if not agreed.any():
            largest.append(math.nan)
            who.append(-1)
            continue
        last = int(np.flatnonzero(agreed)[-1])
        low, group = float(grid[last]), int(mask[0, last, keep, k])
        high = float(grid[last + 1]) if last + 1 < grid.size else low
        while high - low > 1.0:
            tried = np.linspace(low, high, 10)[1:-1]
            found, _, groups = margins(tried, None)
            holds = found[:, keep, k] >= 0.0
            step = int(np.flatnonzero(holds)[-1]) if holds.any() else -1
            group = group if step < 0 else int(groups[step, keep, k])
            low, high = (low if step < 0 else float(tried[step])), (float(tried[step + 1]) if step < 7 else high)
        who.append(group)
        largest.append(low)
    return TonnageSweep(
        least_cut_kt=frozen(grid),
        institutions=TESTED,
        leaving=tuple(Belief),
        margin_m_per_year=frozen(margin),
        upper_m_per_year=frozen(upper),
        mask=frozen(mask),
        largest_cut_kt=tuple(largest),
        largest_mask=tuple(who),
        monotone=tuple(monotone),
    )


registered(MeetingResult, verify_meeting)
