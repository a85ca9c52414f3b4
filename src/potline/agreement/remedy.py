r"""What would it take? The least level of each instrument at which owners agree, its cost, and who pays whom.

Money and penalties enter a test directly, so their least level is found over coalitions, exactly:

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
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.proposals_games import Games
from potline.agreement.remedy_costs import costs_of, gap_of
from potline.agreement.remedy_direct import least_penalty, least_transfer, margins_at
from potline.agreement.remedy_levers import Ask, ask_of, outcomes, table_at
from potline.agreement.remedy_result import INSTRUMENTS, FrontierPoint, Instrument, Measure, Payment, Remedy
from potline.agreement.result import BASELINES, Margin
from potline.agreement.share import TESTED
from potline.agreement.tables import names_of
from potline.cases import Case
from potline.errors import CertificateFailed, InputError, Problem
from potline.numerics.joint_cut import LEAVING

Floats = NDArray[np.float64]

_GRID = 33
_MOST = 10
_STATE = "the state"
_FUND = "the common fund"
_FRONTIER = ("transfer", "compensation")


def remedy(
    case: Case,
    *,
    rule: str | None = None,
    every: bool = False,
    premium_per_t: float | None = None,
    largest_term_years: float = 10.0,
    check: Literal["raise", "report"] = "raise",
) -> Remedy:
    """Find what it would take for the owners of a case to agree.

    Args:
        case: a case with a meeting. rule: how a cut is shared, the case's unless told otherwise.
        every: all baselines and ways of leaving; else the headline's (``observed``, ``keep``), every institution.
        premium_per_t: what the state pays over the price for the stockpile quota; 5 % of the price unless told.
        largest_term_years: longest term tried. check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: the case has no meeting, one that cannot be held, or more than 10 owners at the table.
        CertificateFailed: a level does not stand when the meeting is evaluated again without the sweep.

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
    ask = ask_of(case, rule, 0.05 * case.industry.price_per_t if premium_per_t is None else premium_per_t)
    if ask.question.attendees.size > _MOST:
        raise InputError(
            [
                Problem(
                    where="meeting, firms",
                    found=f"{ask.question.attendees.size} owners",
                    needed=f"at most {_MOST} for a remedy",
                    hint="Every group is evaluated at every level. Name fewer firms in `meeting.firms`.",
                )
            ]
        )
    ways = range(3) if every else range(1)
    bases = BASELINES if every else BASELINES[:1]
    margins: list[Margin] = []
    measures: list[Measure] = []
    for base in bases:
        _, _, games = table_at(ask, "compensation", 0.0, base)
        plain = outcomes(ask, "compensation", np.zeros(1), base)
        for way in ways:
            for k, name in enumerate(TESTED):
                mask = int(plain.mask[0, way, k])
                value = float(plain.margin_m[0, way, k]) if mask >= 0 else math.nan
                margins.append(
                    Margin(
                        institution=name,
                        baseline=base,
                        rule=ask.question.rule,
                        leaving=LEAVING[way],
                        margin_m_per_year=value,
                        coalition=names_of(ask.question, mask),
                        upper_m_per_year=value,
                    )
                )
        for instrument in INSTRUMENTS:
            if instrument.name in ("transfer", "penalty"):
                measures += [_direct(ask, instrument, games, base, way, k) for way in ways for k in range(3)]
            else:
                measures += _searched(ask, instrument, base, ways, largest_term_years)
    price, running = case.industry.price_per_t, float(ask.here.plants.running_kt.sum())
    result = Remedy(
        case_name=case.name,
        currency=case.industry.currency,
        rule=ask.question.rule,
        least_cut_kt=ask.question.least_cut_kt,
        term_years=ask.question.term_years,
        premium_per_t=ask.premium_per_t,
        changes=case.changes,
        version=__version__,
        margins=tuple(margins),
        measures=tuple(measures),
        frontier=_frontier(ask),
        tolerance_m_per_year=1e-9 * price * running * 1e-3,
    )
    if check == "raise" and not result.certified:
        raise CertificateFailed(f"the remedy of {case.name!r}: a level does not stand when recomputed")
    return result


def _direct(ask: Ask, instrument: Instrument, games: Games, base: str, way: int, k: int) -> Measure:
    """Return the measure of a transfer or a penalty."""
    asked = ask.question
    payments: list[Payment] = []
    if instrument.name == "transfer":
        level, row, shares = least_transfer(games, way, k)
        cost = level
        if row >= 0:
            pooled = k == 1
            if pooled and level > 0.0:
                payments.append(Payment(payer=_STATE, payee=_FUND, m_per_year=level))
            if pooled and level == 0.0 and shares.sum() < 0.0:  # what is left over stays with those who have it
                rich = shares < 0.0
                shares = np.where(rich, shares * (shares[~rich].sum() / -shares[rich].sum()), shares)
            for name, share in zip(asked.owners, shares.tolist(), strict=True):
                if share > 0.0:
                    payments.append(Payment(payer=_FUND if pooled else _STATE, payee=name, m_per_year=share))
                elif share < 0.0:
                    payments.append(Payment(payer=name, payee=_FUND, m_per_year=-share))
    else:
        level, row = least_penalty(games, way, k)
        cost = 0.0 if row >= 0 else math.nan
        if row >= 0 and level > 0.0:
            members = [name for name, here in zip(asked.owners, games.inside[row], strict=True) if here]
            payments = [Payment(payer=name, payee="nobody unless it leaves", m_per_year=level) for name in members]
    found = row >= 0
    at, below = margins_at(games, instrument.name, level, row, way, k)
    here, baseline, _ = table_at(ask, "compensation", 0.0, base)
    return Measure(
        instrument=instrument.name,
        unit=instrument.unit,
        institution=TESTED[k],
        baseline=base,
        leaving=LEAVING[way],
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
        gap_m_per_year=gap_of(ask, here, baseline, games, row, {}) if found else 0.0,
    )


def _searched(ask: Ask, instrument: Instrument, base: str, ways: range, largest_years: float) -> list[Measure]:
    """Return the measures of an instrument that is searched for, by way of leaving and institution."""
    grid = _grid(ask, instrument.name, largest_years)
    if grid.size == 0:
        return []
    every = outcomes(ask, instrument.name, grid, base)
    found: list[Measure] = []
    for way in ways:
        for k, name in enumerate(TESTED):
            agreed = every.margin_m[:, way, k] >= 0.0
            level, below = math.nan, math.nan
            if agreed.any():
                first = int(np.argmax(agreed))
                level = float(grid[first])
                if first > 0:
                    below, level = _bracket(ask, instrument.name, base, way, k, float(grid[first - 1]), level)
            question = Measure(
                instrument=instrument.name,
                unit=instrument.unit,
                institution=name,
                baseline=base,
                leaving=LEAVING[way],
                rule=ask.question.rule,
                suffices=bool(agreed.any()),
                level=level,
                largest_tried=float(grid[-1]),
                monotone=not bool((agreed[:-1] & ~agreed[1:]).any()),
            )
            found.append(costs_of(ask, question, way, k, below) if question.suffices else question)
    return found


def _grid(ask: Ask, name: str, largest_years: float) -> Floats:
    """Return the levels tried first, from none on; no level where the instrument has nothing to move."""
    share, price = np.linspace(0.0, 1.0, _GRID), float(ask.here.market.price_per_t[0])
    if name in ("support removed", "lump sums removed", "pressure removed"):
        moved = {"support": ask.terms.support, "lump": ask.terms.lump_sum, "pressure": ask.terms.pressure}
        return (
            share
            if moved[name.split()[0]].any() or (name.startswith("lump") and ask.terms.lump_sum.any())
            else share[:0]
        )
    if name == "switching cost paid":
        return share
    if name == "longer term":
        return ask.question.term_years + share * max(0.0, largest_years - ask.question.term_years)
    if name == "lower discount rate":
        rate, drift = float(ask.terms.discount_rate[0]), float(ask.terms.drift[0])
        least = max(0.005, drift + 0.005)
        return rate + share * (least - rate) if rate > least else share[:0]
    if name == "import ceiling lifted":
        return price * share**2 if np.isfinite(ask.here.market.ceiling_per_t[0]) else share[:0]
    if name == "stockpile quota":
        return 4.0 * share[::4]
    return price * share**2


def _bracket(ask: Ask, name: str, base: str, way: int, k: int, low: float, high: float) -> tuple[float, float]:
    """Close the bracket: no agreement at its first end, one at its second."""
    if name == "stockpile quota":
        return _stock_bracket(ask, base, way, k, low, high)
    for _ in range(12):
        if abs(high - low) <= 1e-9 * max(abs(high), 1e-9):
            break
        tried = np.linspace(low, high, 17)[1:-1]
        agreed = outcomes(ask, name, tried, base).margin_m[:, way, k] >= 0.0
        first = int(np.argmax(agreed)) if agreed.any() else tried.size
        ends = np.concatenate([[low], tried, [high]])
        low, high = float(ends[first]), float(ends[first + 1])
    return low, high


def _stock_bracket(ask: Ask, base: str, way: int, k: int, low: float, high: float) -> tuple[float, float]:
    """Close the bracket of the quota to 1e-6: every level is a market of its own, so by secants, halving if stuck."""

    def margin(level: float) -> float:
        return float(outcomes(ask, "stockpile quota", np.array([level]), base).margin_m[0, way, k])

    at_low, at_high = margin(low), margin(high)
    for turn in range(40):
        if high - low <= 1e-6:
            break
        middle = 0.5 * (low + high)
        if turn % 3 < 2 and np.isfinite(at_low) and at_high > at_low:
            root = low - at_low * (high - low) / (at_high - at_low)
            middle = min(max(root + (4e-7 if turn % 3 else -4e-7), low + 2e-7), high - 2e-7)
        value = margin(middle)
        if value >= 0.0:
            high, at_high = middle, value
        else:
            low, at_low = middle, value
    return low, high


def _frontier(ask: Ask) -> tuple[FrontierPoint, ...]:
    """Return the cost of each tonnage of the case's sweep, by transfer and by compensation."""
    import dataclasses

    points: list[FrontierPoint] = []
    for least in sorted({*ask.question.sweep_kt, ask.question.least_cut_kt}):
        moved = dataclasses.replace(ask, question=dataclasses.replace(ask.question, least_cut_kt=least))
        moved = dataclasses.replace(moved, memo={})
        _, _, games = table_at(moved, "compensation", 0.0, BASELINES[0])
        paid = _searched(moved, INSTRUMENTS[1], BASELINES[0], range(1), 0.0)
        for k, name in enumerate(TESTED):
            money, row, _ = least_transfer(games, 0, k)
            points.append(
                FrontierPoint(
                    least_cut_kt=least,
                    institution=name,
                    instrument=_FRONTIER[0],
                    level=money,
                    public_cost_m_per_year=money,
                    coalition=names_of(ask.question, int(games.mask[row])) if row >= 0 else (),
                )
            )
            points.append(
                FrontierPoint(
                    least_cut_kt=least,
                    institution=name,
                    instrument=_FRONTIER[1],
                    level=paid[k].level,
                    public_cost_m_per_year=paid[k].public_cost_m_per_year,
                    coalition=paid[k].coalition,
                )
            )
    return tuple(points)
