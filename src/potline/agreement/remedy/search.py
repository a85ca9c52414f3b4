"""The least level of an instrument that is looked for: exactly where payments go by the tonne, else between levels."""

from __future__ import annotations

__all__ = ["moves_no_cut", "payments_of", "searched"]

import dataclasses
import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from potline.agreement.remedy.costs import costs_of
from potline.agreement.remedy.direct import least_payment
from potline.agreement.remedy.levers import Levers, Outcome, outcomes, table_at
from potline.agreement.remedy.result import BY_THE_TONNE, UNITS, Measure
from potline.agreement.table.games import Games
from potline.choices import TESTED, Baseline, Belief, Instrument, Rule

Floats = NDArray[np.float64]

_GRID = 33


def searched(
    levers: Levers, instrument: Instrument, base: Baseline, beliefs: Iterable[Belief], largest_years: float
) -> list[Measure]:
    """Return the measures of an instrument that is searched for, by belief and institution."""
    grid = _grid(levers, instrument, largest_years)
    if grid.size == 0:
        return []
    found: list[Measure] = []
    every: Outcome | None = None
    paid: tuple[Games, Floats] | None = None
    for belief in beliefs:
        direct = moves_no_cut(instrument, levers.meeting.question.rule, belief)
        if direct and paid is None:
            paid = payments_of(levers, instrument, base)
        if not direct and every is None:
            every = outcomes(levers, instrument, grid, base)
        for institution in TESTED:
            level, below, monotone = math.nan, math.nan, True
            test = belief.place, institution.place
            if direct and paid is not None:
                least, _ = least_payment(*paid, belief, institution)
                if least <= grid[-1]:
                    level, below = least, least * (1.0 - 1e-9) if least > 0.0 else math.nan
            elif every is not None:
                agreed = every.margin_m[:, *test] >= 0.0
                monotone = not bool((agreed[:-1] & ~agreed[1:]).any())
                if agreed.any():
                    first = int(np.argmax(agreed))
                    level = float(grid[first])
                    if first > 0:
                        below, level = _bracket(levers, instrument, base, test, float(grid[first - 1]), level)
            question = Measure(
                instrument=instrument,
                unit=UNITS[instrument],
                institution=institution,
                baseline=base,
                leaving=belief,
                rule=levers.meeting.question.rule,
                suffices=not math.isnan(level),
                level=level,
                largest_tried=float(grid[-1]),
                monotone=monotone,
            )
            if question.suffices:
                found.append(costs_of(levers, question, below))
                continue
            here, alone, _ = table_at(levers, instrument, float(grid[0]), base)
            found.append(dataclasses.replace(question, baseline_cuts=here.cuts_of(alone)))
    return found


def moves_no_cut(instrument: Instrument, rule: Rule, belief: Belief) -> bool:
    """Return whether a payment by the tonne leaves all cuts as they are: those who choose anew count on it too.

    The state buys nothing of those who choose anew, so that a premium moves nothing.
    """
    anew = belief == Belief.REOPTIMISE and instrument != Instrument.STOCKPILE_PREMIUM
    return instrument in BY_THE_TONNE and rule != Rule.EFFICIENT and not anew


def _grid(levers: Levers, name: Instrument, largest_years: float) -> Floats:
    """Return the levels tried first, from none on; no level where the instrument has nothing to move."""
    share, price = np.linspace(0.0, 1.0, _GRID), float(levers.meeting.here.market.price_per_t[0])
    if name in (Instrument.SUPPORT_REMOVED, Instrument.LUMP_SUMS_REMOVED, Instrument.PRESSURE_REMOVED):
        moved = {
            Instrument.SUPPORT_REMOVED: levers.meeting.terms.support,
            Instrument.LUMP_SUMS_REMOVED: levers.meeting.terms.lump_sum,
            Instrument.PRESSURE_REMOVED: levers.meeting.terms.pressure,
        }
        return share if moved[name].any() else share[:0]
    if name == Instrument.SWITCHING_COST_PAID:
        return share
    if name == Instrument.LONGER_TERM:
        return levers.meeting.question.term_years + share * max(0.0, largest_years - levers.meeting.question.term_years)
    if name == Instrument.LOWER_DISCOUNT_RATE:
        rate, drift = float(levers.meeting.terms.discount_rate[0]), float(levers.meeting.terms.drift[0])
        least = max(0.005, drift + 0.005)
        return rate + share * (least - rate) if rate > least else share[:0]
    if name == Instrument.IMPORT_CEILING_LIFTED:
        return price * share**2 if np.isfinite(levers.meeting.here.market.ceiling_per_t[0]) else share[:0]
    if name == Instrument.STOCKPILE_QUOTA:
        return 4.0 * share[::4]
    return price * share**2


def _bracket(
    levers: Levers, name: Instrument, base: Baseline, test: tuple[int, int], low: float, high: float
) -> tuple[float, float]:
    """Close the bracket: no agreement at its first end, one at its second."""
    if name == Instrument.STOCKPILE_QUOTA:
        return _stock_bracket(levers, base, test, low, high)
    for _ in range(12):
        if abs(high - low) <= 1e-9 * max(abs(high), 1e-9):
            break
        tried = np.linspace(low, high, _GRID)[1:-1]
        agreed = outcomes(levers, name, tried, base).margin_m[:, *test] >= 0.0
        first = int(np.argmax(agreed)) if agreed.any() else tried.size
        ends = np.concatenate([[low], tried, [high]])
        low, high = float(ends[first]), float(ends[first + 1])
    return low, high


def _stock_bracket(
    levers: Levers, base: Baseline, test: tuple[int, int], low: float, high: float
) -> tuple[float, float]:
    """Close the bracket of the quota to 1e-6: every level is a market of its own, so by secants, halving if stuck."""

    def margin(level: float) -> float:
        return float(outcomes(levers, Instrument.STOCKPILE_QUOTA, np.array([level]), base).margin_m[0, *test])

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


def payments_of(levers: Levers, name: Instrument, base: Baseline) -> tuple[Games, Floats]:
    """Return the games without a payment by the tonne, and what one unit of its level pays each member, [C, n].

    It is read off a payment of the size of a loss: beside the loss of a short term one unit has no digits.
    """
    market = levers.meeting.here.market
    level = 1.0 if name == Instrument.SWITCHING_COST_PAID else float(market.price_per_t[0] / market.annuity[0])
    (_, _, games), (_, _, paid) = (table_at(levers, name, at, base) for at in (0.0, level))
    return games, np.where(games.inside, (paid.gain_m - games.gain_m) / level, 0.0)
