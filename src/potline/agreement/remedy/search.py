"""The least level of an instrument that is looked for: exactly where payments go by the tonne, else between levels."""

from __future__ import annotations

__all__ = ["payments_of", "searched"]

import dataclasses
import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from potline.agreement.remedy.costs import costs_of
from potline.agreement.remedy.direct import least_payment
from potline.agreement.remedy.levers import Levers, outcomes, table_at
from potline.agreement.remedy.result import Instrument, Measure
from potline.agreement.table.games import Games
from potline.choices import TESTED, Baseline, Belief, Rule

Floats = NDArray[np.float64]

_GRID = 33
_BY_THE_TONNE = ("compensation", "stockpile premium", "switching cost paid")


def searched(
    levers: Levers, instrument: Instrument, base: Baseline, beliefs: Iterable[Belief], largest_years: float
) -> list[Measure]:
    """Return the measures of an instrument that is searched for, by belief and institution."""
    grid = _grid(levers, instrument.name, largest_years)
    if grid.size == 0:
        return []
    direct = instrument.name in _BY_THE_TONNE and levers.meeting.question.rule != Rule.EFFICIENT
    every = None if direct else outcomes(levers, instrument.name, grid, base)
    games, rate = payments_of(levers, instrument.name, base) if direct else (None, grid)
    found: list[Measure] = []
    for belief in beliefs:
        for institution in TESTED:
            level, below, monotone = math.nan, math.nan, True
            test = belief.place, institution.place
            if every is None:
                assert games is not None
                least, _ = least_payment(games, rate, belief, institution)
                if least <= grid[-1]:
                    level, below = least, least * (1.0 - 1e-9) if least > 0.0 else math.nan
            else:
                agreed = every.margin_m[:, *test] >= 0.0
                monotone = not bool((agreed[:-1] & ~agreed[1:]).any())
                if agreed.any():
                    first = int(np.argmax(agreed))
                    level = float(grid[first])
                    if first > 0:
                        below, level = _bracket(levers, instrument.name, base, test, float(grid[first - 1]), level)
            question = Measure(
                instrument=instrument.name,
                unit=instrument.unit,
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
            here, alone, _ = table_at(levers, instrument.name, float(grid[0]), base)
            found.append(dataclasses.replace(question, baseline_cuts=here.cuts_of(alone)))
    return found


def _grid(levers: Levers, name: str, largest_years: float) -> Floats:
    """Return the levels tried first, from none on; no level where the instrument has nothing to move."""
    share, price = np.linspace(0.0, 1.0, _GRID), float(levers.meeting.here.market.price_per_t[0])
    if name in ("support removed", "lump sums removed", "pressure removed"):
        moved = {
            "support": levers.meeting.terms.support,
            "lump": levers.meeting.terms.lump_sum,
            "pressure": levers.meeting.terms.pressure,
        }
        return (
            share
            if moved[name.split()[0]].any() or (name.startswith("lump") and levers.meeting.terms.lump_sum.any())
            else share[:0]
        )
    if name == "switching cost paid":
        return share
    if name == "longer term":
        return levers.meeting.question.term_years + share * max(0.0, largest_years - levers.meeting.question.term_years)
    if name == "lower discount rate":
        rate, drift = float(levers.meeting.terms.discount_rate[0]), float(levers.meeting.terms.drift[0])
        least = max(0.005, drift + 0.005)
        return rate + share * (least - rate) if rate > least else share[:0]
    if name == "import ceiling lifted":
        return price * share**2 if np.isfinite(levers.meeting.here.market.ceiling_per_t[0]) else share[:0]
    if name == "stockpile quota":
        return 4.0 * share[::4]
    return price * share**2


def _bracket(
    levers: Levers, name: str, base: Baseline, test: tuple[int, int], low: float, high: float
) -> tuple[float, float]:
    """Close the bracket: no agreement at its first end, one at its second."""
    if name == "stockpile quota":
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
        return float(outcomes(levers, "stockpile quota", np.array([level]), base).margin_m[0, *test])

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


def payments_of(levers: Levers, name: str, base: Baseline) -> tuple[Games, Floats]:
    """Return the games without a payment by the tonne, and what one unit of its level pays each member, [C, n]."""
    (_, _, games), (_, _, paid) = (table_at(levers, name, level, base) for level in (0.0, 1.0))
    return games, np.where(games.inside, paid.gain_m - games.gain_m, 0.0)
