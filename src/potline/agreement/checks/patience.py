"""How patient each group of a meeting must be, checked: nobody gains by cheating at lower rates, somebody at higher."""

from __future__ import annotations

__all__ = ["ABOVE", "BELOW", "LISTED", "check_patience", "counted"]

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Gaps
from potline.agreement.checks.baseline import OnBaseline
from potline.agreement.checks.coalitions import Table, idling
from potline.choices import Belief

if TYPE_CHECKING:
    from potline.agreement.enforcement.stakes import CoalitionPatience

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LISTED, BELOW, ABOVE = "groups listed", "groups: gain below a rate", "groups: loss above it"
_CLOSE, _STEP, _LEAST, _MOST = 1e-9, 1e-6, 1e-6, 1e3


def counted(here: OnBaseline, found: Table, stop: Floats) -> tuple[int, int]:
    """Return in how many groups all idle something and nobody loses: by more than rounding, and by less."""
    able = found.reached & idling(here.facts, found)
    keeps = np.where(found.inside, found.gain + np.minimum(stop, 0.0) / here.facts.annuity, np.inf).min(axis=1)
    room = _CLOSE * here.facts.scale_m
    return int((able & (keeps > room)).sum()), int((able & (keeps >= -room)).sum())


def check_patience(
    gaps: Gaps,
    here: OnBaseline,
    found: Table,
    costs: tuple[Floats, Floats],
    listed: Sequence[CoalitionPatience],
    lag: float,
) -> None:
    """Check the groups in which nobody loses; ``costs``: to idle and to restart, million, [C, n]; ``lag``: years."""
    facts = here.facts
    masks = [facts.mask_in_order(item.coalition) for item in listed]
    rates = [item.rate_per_year for item in listed]
    gaps.equal(LISTED, rates, sorted(rates, reverse=True))
    gaps.equal(LISTED, len(set(masks)), len(masks))
    able = found.reached & idling(facts, found)
    places = [found.row(mask) if mask > 0 else -1 for mask in masks]
    gaps.equal(LISTED, all(place >= 0 and bool(able[place]) for place in places), True)
    if not listed or min(places) < 0:
        return
    for item in listed:
        both = (item.signing_rate_per_year, item.running_rate_per_year)
        gaps.equal(LISTED, bool(item.rate_per_year == min(both)), True)
        gaps.same(ABOVE, item.monthly_factor, math.exp(-item.rate_per_year / 12.0))
    rows = np.array(places)
    inside, gain, outside = found.inside[rows], found.gain[rows], found.leave[rows][:, :, Belief.KEEP.place]
    stop, restart = (cost[rows] for cost in costs)
    for name, keeps, pays in (
        ("signing_rate_per_year", gain, np.zeros_like(gain)),
        ("running_rate_per_year", gain + stop / facts.annuity, restart),
    ):
        said = np.array([getattr(item, name) for item in listed])
        _rates(gaps, said, (inside, keeps, outside, pays), lag, facts.scale_m)


def _rates(gaps: Gaps, said: Floats, stakes: tuple[Flags, Floats, Floats, Floats], lag: float, scale: float) -> None:
    """Check the rate of each group: the lowest of its members'."""
    inside, keeps, outside, pays = stakes

    def most(rate: Floats) -> Floats:
        """Return the most that a member of each group gains by cheating, million a year."""
        at = rate[:, None]
        gain = -np.expm1(-at * lag) * (outside - keeps) - np.exp(-at * lag) * keeps - at * pays
        return np.where(inside, gain, -np.inf).max(axis=1) / scale

    gaps.equal(LISTED, bool((said >= 0.0).all()), True)
    finite = np.isfinite(said)
    top = np.where(finite, said * (1.0 - _STEP), _MOST)
    for part in np.linspace(0.0, 1.0, 41):
        at = np.minimum(_LEAST / lag, top) ** (1.0 - part) * top**part
        gaps.add(BELOW, np.maximum(most(np.where(np.isnan(said), 0.0, at)), 0.0))
    if finite.any():
        above = np.where(finite, np.maximum(said * (1.0 + _STEP), _LEAST / lag), 1.0)
        gaps.add(ABOVE, np.where(finite, np.maximum(-most(above), 0.0), 0.0))
    else:
        gaps.add(ABOVE, 0.0)
