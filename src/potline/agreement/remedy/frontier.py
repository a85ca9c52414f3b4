"""The frontier: what each tonnage costs the public, by each payment of the state and under each institution."""

from __future__ import annotations

__all__ = ["frontier"]

import math

from potline.agreement.remedy.costs import cost_of
from potline.agreement.remedy.direct import least_payment, least_transfer
from potline.agreement.remedy.levers import Levers
from potline.agreement.remedy.result import FrontierPoint
from potline.agreement.remedy.search import payments_of, searched
from potline.agreement.table.games import Games
from potline.agreement.verdict.rows import names_of
from potline.choices import TESTED, Baseline, Belief, Instrument, Rule, Tested

_PAYMENTS = (Instrument.TRANSFER, Instrument.COMPENSATION, Instrument.STOCKPILE_PREMIUM)


def frontier(levers: Levers) -> tuple[FrontierPoint, ...]:
    """Return the cost of each tonnage of the case's sweep, by each payment of the state and institution."""
    points: list[FrontierPoint] = []
    for least in sorted({*levers.meeting.question.sweep_kt, levers.meeting.question.least_cut_kt}):
        moved = Levers(meeting=levers.meeting.asking(least), premium_per_t=levers.premium_per_t)
        for name in _PAYMENTS:
            points += _tonnage(moved, name, least)
    return tuple(points)


def _tonnage(levers: Levers, name: Instrument, least_cut_kt: float) -> list[FrontierPoint]:
    """Return the cost of one tonnage by one instrument, by institution."""
    base = Baseline.OBSERVED
    if name != Instrument.TRANSFER and levers.meeting.question.rule == Rule.EFFICIENT:
        return [
            _point(least_cut_kt, name, item.institution, item.level, item.public_cost_m_per_year, item.coalition)
            for item in searched(levers, name, base, (Belief.KEEP,), 0.0)
        ]
    points: list[FrontierPoint] = []
    if name == Instrument.TRANSFER:
        games = levers.meeting.games(base)
        for institution in TESTED:
            money, row, _ = least_transfer(games, Belief.KEEP, institution)
            points.append(_point(least_cut_kt, name, institution, money, money, _names(levers, games, row)))
        return points
    games, rate = payments_of(levers, name, base)
    for institution in TESTED:
        level, row = least_payment(games, rate, Belief.KEEP, institution)
        cost = math.nan
        if row >= 0:
            cost, _, _ = cost_of(levers, levers.meeting.here, None, games, row, name, level)
        points.append(_point(least_cut_kt, name, institution, level, cost, _names(levers, games, row)))
    return points


def _names(levers: Levers, games: Games, row: int) -> tuple[str, ...]:
    return names_of(levers.meeting.question, int(games.mask[row])) if row >= 0 else ()


def _point(
    least_cut_kt: float, name: Instrument, institution: Tested, level: float, cost: float, coalition: tuple[str, ...]
) -> FrontierPoint:
    return FrontierPoint(
        least_cut_kt=least_cut_kt,
        institution=institution,
        instrument=name,
        level=level,
        public_cost_m_per_year=cost,
        coalition=coalition,
    )
