"""The tables behind a verdict: what the deal does, who gains, who would cut alone, every coalition."""

from __future__ import annotations

__all__ = ["coalition_table", "deal_figures", "lone_cuts", "names_of", "owner_rows"]

import dataclasses
import math
from typing import cast

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.cuts import idled_by_plant
from potline.agreement.table.question import Question
from potline.agreement.table.stakes import Stakes, stakes
from potline.agreement.verdict.result import CoalitionTable, LoneCut, OwnerRow
from potline.choices import Belief
from potline.compiled import frozen
from potline.numerics.joint_cut.deals import Alone, Deals
from potline.shutdown import Terms, priced_at

Floats = NDArray[np.float64]


def deal_figures(here: Stakes, asked: Question, table: Deals, mask: int) -> dict[str, float]:
    """Return what the headline's coalition does to the market and to those outside it; nan where there is none."""
    keys = ("deal_price_per_t", "deal_cut_kt", "deal_output_fall_kt", "deal_relief_per_t")
    if mask < 0:
        return dict.fromkeys((*keys, "free_riders_gain_m_per_year", "months_to_recoup"), math.nan)
    plants, price = here.plants, float(here.market.price_per_t[0])
    at = table.row(mask)
    rise, relief = float(table.price_rise_per_t[0, at]), float(table.relief_per_t[0, at])
    better = plants.running_kt[0] * (rise + plants.relief_use[0] * relief)
    inside = np.isin(plants.owner, asked.attendees[[k for k in range(asked.attendees.size) if mask >> k & 1]])
    annuity = float(here.market.annuity[0])
    gained, lost = _gained_and_lost(here, asked, table, mask, rise, relief)
    months = 12.0 * lost / (gained / annuity) if gained > 1e-12 * lost else math.nan
    values = (price + rise, float(table.cut_kt[0, at]), float(table.output_fall_kt[0, at]), relief)
    return dict(zip(keys, values, strict=True)) | {
        "free_riders_gain_m_per_year": float(better[~inside].sum()) * 1e-3,
        "months_to_recoup": months,
    }


def owner_rows(
    here: Stakes, terms: Terms, asked: Question, table: Deals, nash: Alone, mask: int
) -> tuple[OwnerRow, ...]:
    """Return the rows of those present, in the coalition ``mask``; ``table`` holds it, and it joined by each."""
    at = table.row(mask) if mask >= 0 else -1
    annuity = float(here.market.annuity[0])
    plants = here.plants
    still = stakes(
        here.compiled, terms, priced_at(_constant(terms), np.ascontiguousarray(here.market.price_per_t))
    ).plants
    rows: list[OwnerRow] = []
    for k, i in enumerate(asked.attendees.tolist()):
        member = mask >= 0 and bool(mask >> k & 1)
        joined = table.row(mask | (1 << k)) if mask >= 0 else -1
        possible = table.reached(joined)
        cut = gain = outside = loss = waiting = math.nan
        if possible:
            cut = float(table.member_cut_kt[0, joined, k])
            gain = float(table.gain_m[0, joined, k]) / annuity
            if member:
                outside = float(table.outside_gain_m[0, at, k, Belief.KEEP.place]) / annuity
            else:
                mine = np.where(plants.owner == i, plants.running_kt[0], 0.0)
                rise, relief = float(table.price_rise_per_t[0, at]), float(table.relief_per_t[0, at])
                outside = float(mine @ (rise + plants.relief_use[0] * relief)) * 1e-3
            idled = idled_by_plant(here, i, cut)
            whole = (idled >= plants.running_kt[0]) & (plants.running_kt[0] > 0.0)
            per_t = cast("Floats", np.where(whole, plants.loss_whole_per_t[0], plants.loss_part_per_t[0]))
            flat = cast("Floats", np.where(whole, still.loss_whole_per_t[0], still.loss_part_per_t[0]))
            if idled.sum() > 0.0:
                loss = float(idled @ per_t / idled.sum())
                waiting = loss - float(idled @ flat / idled.sum())
        rows.append(
            OwnerRow(
                owner=asked.owners[k],
                member=member,
                running_kt=float(plants.running_kt[0, plants.owner == i].sum()),
                cut_kt=cut,
                loss_per_t=loss,
                waiting_value_per_t=waiting,
                gain_m_per_year=gain,
                outside_gain_m_per_year=outside,
                slack_m_per_year=gain - outside,
                alone_cut_kt=float(nash.solo_cut_kt[0, i]),
                alone_gain_m_per_year=float(nash.solo_gain_m[0, i]) / annuity,
                baseline_cut_kt=float(nash.cut_kt[0, i]),
            )
        )
    return tuple(rows)


def lone_cuts(here: Stakes, asked: Question, nash: Alone) -> tuple[LoneCut, ...]:
    """Return every owner of the industry that would cut alone, the largest gain first."""
    annuity = float(here.market.annuity[0])
    found = [
        LoneCut(
            owner=owner,
            cut_kt=float(nash.solo_cut_kt[0, i]),
            gain_m_per_year=float(nash.solo_gain_m[0, i]) / annuity,
            attends=i in asked.attendees,
        )
        for i, owner in enumerate(here.compiled.owners)
        if nash.solo_cut_kt[0, i] > 0.0
    ]
    return tuple(sorted(found, key=lambda item: -item.gain_m_per_year))


def coalition_table(here: Stakes, asked: Question, table: Deals, *, complete: bool = True) -> CoalitionTable:
    """Return the coalitions of a table that reach the tonnage; ``complete``: whether all are in it."""
    row = np.flatnonzero(~np.isnan(table.cut_kt[0]))
    mask = table.mask[row]
    annuity = float(here.market.annuity[0])
    inside = (mask[:, None] >> np.arange(asked.attendees.size)) & 1 > 0
    gain, outside = table.gain_m[0, row] / annuity, table.outside_gain_m[0, row, :, Belief.KEEP.place] / annuity
    rise = table.price_rise_per_t[0, row]
    voluntary: Floats = table.score_m[0, row, Belief.KEEP.place, 0]

    def worst(values: Floats) -> Floats:
        return np.where(inside, values, np.inf).min(axis=1, initial=np.inf)

    return CoalitionTable(
        owners=asked.owners,
        mask=frozen(mask.astype(np.int64)),
        size=frozen(inside.sum(axis=1).astype(np.int64)),
        cut_kt=frozen(table.cut_kt[0, row]),
        output_fall_kt=frozen(table.output_fall_kt[0, row]),
        price_rise_per_t=frozen(rise),
        price_per_t=frozen(here.market.price_per_t[0] + rise),
        relief_per_t=frozen(table.relief_per_t[0, row]),
        gain_m_per_year=frozen(np.where(inside, gain, 0.0).sum(axis=1)),
        least_gain_m_per_year=frozen(worst(gain)),
        least_slack_m_per_year=frozen(worst(gain - outside)),
        margin_m_per_year=frozen(np.where(np.isneginf(voluntary), np.nan, voluntary)),
        transfers_m_per_year=frozen(table.score_m[0, row, Belief.KEEP.place, 1]),
        complete=complete,
    )


def names_of(asked: Question, mask: int) -> tuple[str, ...]:
    """Return the owners in a mask; none where it is -1."""
    return tuple(owner for k, owner in enumerate(asked.owners) if mask >= 0 and mask >> k & 1)


def _gained_and_lost(
    here: Stakes, asked: Question, table: Deals, mask: int, rise: float, relief: float
) -> tuple[float, float]:
    """Return the members' summed margin rise and their summed loss over the term, millions."""
    plants, at = here.plants, table.row(mask)
    gained = 0.0
    for k, i in enumerate(asked.attendees.tolist()):
        if mask >> k & 1:
            idled = idled_by_plant(here, i, float(table.member_cut_kt[0, at, k]))
            runs = np.where(plants.owner == i, plants.running_kt[0] - idled, 0.0)
            gained += float(runs @ (rise + plants.relief_use[0] * relief))
    gained *= 1e-3 * float(here.market.annuity[0])
    summed = float(table.score_m[0, at, Belief.COLLAPSE.place, 1]) * float(here.market.annuity[0])
    return gained, gained - summed


def _constant(terms: Terms) -> Terms:
    still = np.zeros_like(terms.volatility)
    return dataclasses.replace(terms, volatility=still, drift=still, kappa=still)
