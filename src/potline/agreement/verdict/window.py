"""The window of a deal: the tonnages that hold at other prices, and month by month.

A price moves the point that demand passes through; what runs, costs and import parity stay as they are, so a rebound
shortens the way to parity and makes each idled tonne dearer. A month is the case with what its window gives of that
month; all else is held.
"""

from __future__ import annotations

__all__ = ["tonnages_by_month", "tonnages_by_price"]


import numpy as np

from potline._version import __version__
from potline.agreement.certificate import NOTHING, certified, registered
from potline.agreement.checks.window import verify_window
from potline.agreement.table.laid_out import lay_out
from potline.agreement.table.points import laid_out_in_parts, points_of
from potline.agreement.table.question import question_of
from potline.agreement.table.sets_at import asked_rows
from potline.agreement.verdict.held import TonnageSet
from potline.agreement.verdict.tonnages import sets_found, sets_of_draw
from potline.agreement.verdict.windows import TonnageWindow, WindowPoint
from potline.cases import Case
from potline.choices import Baseline, OnFailure, Rule
from potline.compiled import DrawnChange
from potline.errors import InputError, Problem
from potline.numerics.joint_cut.deals import alone
from potline.numerics.joint_cut.tonnages import tonnages
from potline.reading import Positive, reads

_PART = 128


@reads
def tonnages_by_price(
    case: Case,
    prices_per_t: tuple[Positive, ...],
    *,
    rule: Rule | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> TonnageWindow:
    """Find the tonnages that hold at each of some prices of the market, all in one call of the kernel.

    Demand keeps its quantity and elasticity at each price; what runs, costs and parity stay. Each point is
    :func:`potline.tonnages_that_hold` of ``case.under(Change(path="price_per_t", value=price))``.

    Args:
        case: a case with a meeting of at most 20 owners.
        prices_per_t: without tax, one at least.
        rule: how a cut is shared, the case's unless told otherwise.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: no price, no meeting, or one that cannot be held.
        CertificateFailed: independent recomputation rejects the answer.

    Examples:
        Three owners of 100 kt, slope a thousandth of the price a kt; idling loses 5 a tonne at a price of 100, and 2
        where it is 97. Pairs hold 50 to 100 kt there and 79 to 100 here: where idling loses less, the lone cut of the
        other brings more to one who leaves.

        >>> from potline.cases import Case, Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> three = Industry(name="three", price_per_t=100.0, process=PriceProcess(volatility=0.0),
        ...     demand=LinearDemand(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=95.0) for n in "ABC"))
        >>> case = Case(name="three", industry=three,
        ...     meeting=Meeting(date="", firms=tuple("ABC"), owners=tuple("ABC"), least_cut_kt=10.0))
        >>> found = tonnages_by_price(case, (97.0, 100.0))
        >>> [(round(point.set_of().lowest_kt, 3), round(point.set_of().k_star_kt, 3)) for point in found.points]
        [(79.381, 100.0), (50.0, 100.0)]
    """
    if not prices_per_t:
        raise InputError([Problem(where="prices_per_t", found="no price", needed="one at least")])
    asked = question_of(case, rule)
    prices = np.array(prices_per_t)
    here = points_of(case, [DrawnChange(path="price_per_t", values=prices)], prices.size)
    points: list[WindowPoint] = []
    for row, stakes in laid_out_in_parts(here, asked, _PART):
        nash = alone(stakes.arrangement)
        found = {
            baseline: tonnages(asked_rows(stakes, asked, base))
            for baseline, base in ((Baseline.OBSERVED, None), (Baseline.NASH, nash))
        }
        for k, place in enumerate(map(int, row)):
            cuts = zip(stakes.compiled.owners, nash.cut_kt[k].tolist(), strict=True)
            sets = tuple(one for baseline, sets in found.items() for one in sets_of_draw(asked, sets, k, baseline))
            points.append(_point(case, "", prices_per_t[place], tuple((o, kt) for o, kt in cuts if kt > 0.0), sets))
    return _window(case, asked.rule, prices_per_t, points, check)


@reads
def tonnages_by_month(case: Case, *, rule: Rule | None = None, check: OnFailure = OnFailure.RAISE) -> TonnageWindow:
    """Find the tonnages that hold in each month of a case's window (``window.csv``).

    Each point is :func:`potline.tonnages_that_hold` of ``case.in_month(month)``: what the window gives of a month is
    put in, all else is held as the case has it.

    Args:
        case: a case with a window, and a meeting of at most 20 owners.
        rule: how a cut is shared, the case's unless told otherwise.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: no window, no meeting, or one that cannot be held.
        CertificateFailed: independent recomputation rejects the answer.

    Examples:
        >>> import potline as pot
        >>> found = pot.tonnages_by_month(pot.load("china-aluminium-2013"))
        >>> found.points[0].month, found.points[-1].month
        ('2013-01', '2013-06')
    """
    if not case.window:
        needed = "what is known of other months"
        raise InputError([Problem(where=f"case {case.name!r}", found="no window", needed=f"window.csv, {needed}")])
    points: list[WindowPoint] = []
    for month in case.months:
        there = case.in_month(month)
        laid = lay_out(there, rule)
        sets = tuple(one for baseline in Baseline for one in sets_found(laid, baseline))
        points.append(_point(there, month, there.industry.price_per_t, laid.cuts(Baseline.NASH), sets))
    return _window(case, rule or question_of(case).rule, (), points, check)


def _point(
    case: Case, month: str, price_per_t: float, cuts: tuple[tuple[str, float], ...], sets: tuple[TonnageSet, ...]
) -> WindowPoint:
    industry = case.industry
    return WindowPoint(
        month=month,
        price_per_t=price_per_t,
        headroom_per_t=industry.trade.ceiling_per_t - price_per_t,
        running_kt=sum(plant.running_kt for plant in industry.plants),
        nash_cuts=cuts,
        sets=sets,
    )


def _window(
    case: Case, rule: Rule, prices_per_t: tuple[float, ...], points: list[WindowPoint], check: OnFailure
) -> TonnageWindow:
    result = TonnageWindow(
        case=case,
        rule=rule,
        prices_per_t=prices_per_t,
        version=__version__,
        points=tuple(points),
        certificate=NOTHING,
    )
    return certified(result, verify_window, check, f"the tonnages that hold at other prices or months of {case.name!r}")


registered(TonnageWindow, verify_window)
