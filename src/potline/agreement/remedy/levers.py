"""A meeting with an instrument at given levels: what moves, and the margins that follow.

Each lever answers for a list of levels at once. Money paid on idled tonnes lowers the loss of a tonne; support, lump
sums, pressure, term and rate move the options, which are solved again at every level; price and running lines are held,
and so is what happens without a deal, but for a baseline ``nash`` that the level itself moves. What the sweep does not
hold, the stockpile, is evaluated coalition by coalition.
"""

from __future__ import annotations

__all__ = ["Levers", "Outcome", "outcomes", "switching_per_t", "table_at"]

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from potline.agreement.remedy.result import STOCKPILES
from potline.agreement.table.games import Games, games_of, play, scores
from potline.agreement.table.laid_out import LaidOut
from potline.agreement.table.stakes import Stakes, draws_of, stakes
from potline.choices import Baseline, Instrument
from potline.numerics.joint_cut.deals import Alone, Deals, alone, deals, repeat, repeat_baseline
from potline.shutdown import Terms, priced_at

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PIECE_LOSS = 1
_OPTIONS = (
    Instrument.SUPPORT_REMOVED,
    Instrument.LUMP_SUMS_REMOVED,
    Instrument.PRESSURE_REMOVED,
    Instrument.LONGER_TERM,
    Instrument.LOWER_DISCOUNT_RATE,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levers:
    """A meeting whose levers are moved; the premium is that of the stockpile quota."""

    meeting: LaidOut
    premium_per_t: float
    stocked: dict[tuple[float, Baseline], Games] = dataclasses.field(
        default_factory=dict[tuple[float, Baseline], Games], repr=False
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """Margins [N, 4 beliefs, 3 institutions] and their coalitions, -1 and ``-inf`` where none reaches the tonnage."""

    margin_m: Floats
    mask: Integers


def outcomes(
    levers: Levers, instrument: Instrument, levels: Floats, baseline: Baseline, least_cut_kt: float = np.nan
) -> Outcome:
    """Return the margins at each level of an instrument that acts on payoffs (not of a transfer or a penalty)."""
    least = levers.meeting.question.least_cut_kt if np.isnan(least_cut_kt) else least_cut_kt
    if instrument in STOCKPILES:
        found = [scores(_stocked(levers, instrument, float(level), baseline)) for level in levels]
        masks = levers.meeting.games(baseline).mask
        best = np.stack([item.max(axis=0, initial=-np.inf) for item in found])
        if masks.size == 0:
            return Outcome(margin_m=best, mask=np.full(best.shape, -1, dtype=np.int64))
        chosen = np.stack([masks[np.argmax(item, axis=0)] for item in found])
        return Outcome(margin_m=best, mask=np.where(np.isfinite(best), chosen, -1))
    table = _swept(levers, instrument, levels, baseline, least, table=False)[0]
    return Outcome(margin_m=table.best_m[:, :, :3], mask=table.best_mask[:, :, :3])


def table_at(
    levers: Levers, instrument: Instrument, level: float, baseline: Baseline
) -> tuple[Stakes, Alone | None, Games]:
    """Return the meeting at one level: its stakes, its baseline and every coalition."""
    if instrument in STOCKPILES:
        return levers.meeting.here, levers.meeting.base(baseline), _stocked(levers, instrument, level, baseline)
    levels = np.array([level])
    table, here, base = _swept(levers, instrument, levels, baseline, levers.meeting.question.least_cut_kt, table=True)
    return here, base, games_of(here, levers.meeting.question, table, base)


def switching_per_t(terms: Terms, here: Stakes) -> Floats:
    """Return stopping, holding over the term and restarting after it, present value, money/t [J]."""
    later = np.exp(-terms.discount_rate[0] * terms.term_years[0])
    return np.asarray(
        terms.stop_cost[0] + here.market.annuity[0] * terms.holding_cost[0] + later * terms.restart_cost[0]
    )


def _swept(
    levers: Levers, instrument: Instrument, levels: Floats, baseline: Baseline, least: float, *, table: bool
) -> tuple[Deals, Stakes, Alone | None]:
    count = levels.size
    here = _moved(levers, instrument, levels)
    options = instrument in _OPTIONS or instrument == Instrument.IMPORT_CEILING_LIFTED
    arrangement = here.arrangement if options else repeat(levers.meeting.here.arrangement, count)
    base: Alone | None = None
    if baseline == Baseline.NASH:
        base = alone(arrangement) if options else repeat_baseline(levers.meeting.nash, count)
    if not options:
        per_t = np.ones((1, levers.meeting.here.plants.owner.size))
        if instrument == Instrument.COMPENSATION:
            per_t = per_t * levers.meeting.here.market.annuity[0]
        else:
            per_t = switching_per_t(levers.meeting.terms, levers.meeting.here)[None, :]
        pieces = arrangement.pieces.copy()
        paid = np.take_along_axis(np.repeat(per_t, count, axis=0), arrangement.piece_plant, axis=1)
        pieces[:, :, PIECE_LOSS] -= levels[:, None] * paid
        arrangement = dataclasses.replace(arrangement, pieces=np.ascontiguousarray(pieces))
    found = deals(
        arrangement,
        levers.meeting.question.attendees,
        np.full(count, least),
        rule=levers.meeting.question.rule.place,
        stated_cut_kt=levers.meeting.question.stated_cut_kt,
        baseline=base,
        table=table,
    )
    return found, here, base


def _moved(levers: Levers, instrument: Instrument, levels: Floats) -> Stakes:
    """Return the stakes, one row a level, where the instrument moves options or the ceiling; else as they are."""
    count = levels.size
    if instrument == Instrument.IMPORT_CEILING_LIFTED:
        rows = _rows(levers.meeting.terms, count)
        priced = levers.meeting.priced.rows(np.zeros(count, dtype=np.int64))
        every = draws_of(levers.meeting.compiled, np.zeros(count, dtype=np.int64))
        return stakes(every, rows, priced, ceiling_per_t=levers.meeting.here.market.ceiling_per_t[0] + levels)
    if instrument not in _OPTIONS:
        return levers.meeting.here
    terms, left = _rows(levers.meeting.terms, count), 1.0 - levels[:, None]
    if instrument == Instrument.SUPPORT_REMOVED:
        terms = dataclasses.replace(terms, support=terms.support * left)
    elif instrument == Instrument.LUMP_SUMS_REMOVED:
        terms = dataclasses.replace(terms, lump_sum=terms.lump_sum * left)
    elif instrument == Instrument.PRESSURE_REMOVED:
        terms = dataclasses.replace(terms, pressure=terms.pressure * left)
    elif instrument == Instrument.LONGER_TERM:
        terms = dataclasses.replace(terms, term_years=np.ascontiguousarray(levels))
    else:
        terms = dataclasses.replace(terms, discount_rate=np.ascontiguousarray(levels))
    every = draws_of(levers.meeting.compiled, np.zeros(count, dtype=np.int64))
    return stakes(every, terms, priced_at(terms, np.repeat(levers.meeting.here.market.price_per_t, count)))


def _stocked(levers: Levers, instrument: Instrument, level: float, baseline: Baseline) -> Games:
    """Return the games with the stockpile; what is bought does not depend on the premium, which is paid on top."""
    quota = instrument == Instrument.STOCKPILE_QUOTA
    ratio, premium = (level, levers.premium_per_t) if quota else (1.0, level)
    key = ratio, baseline
    if key not in levers.stocked:
        here, plain = levers.meeting, levers.meeting.games(baseline)
        levers.stocked[key] = play(
            here.here,
            here.question,
            plain.mask,
            plain.cut_kt,
            baseline=here.base(baseline),
            bought_per_kt_idled=ratio,
        )
    games = levers.stocked[key]
    return dataclasses.replace(games, gain_m=games.gain_m + premium * 1e-3 * games.bought_kt)


def _rows(terms: Terms, count: int) -> Terms:
    shared = ("plants", "lump_sum_pro_rata")
    arrays: dict[str, Any] = {
        field.name: np.repeat(getattr(terms, field.name), count, axis=0)
        for field in dataclasses.fields(terms)
        if field.name not in shared
    }
    return dataclasses.replace(terms, **arrays)
