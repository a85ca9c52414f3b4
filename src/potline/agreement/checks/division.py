"""The certificate of a division: shares by its rule, who pays whom, and what groups complain of."""

from __future__ import annotations

__all__ = ["verify_division"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.bargain import check_split
from potline.agreement.checks.games import sums
from potline.agreement.checks.nucleolus import check_nucleolus
from potline.agreement.checks.obstacles import shares_of

if TYPE_CHECKING:
    from potline.agreement.division.answers import Division

Floats = NDArray[np.float64]

QUESTION, SHARE, BALANCE, PAID, FEWEST, COMPLAINT = (
    "question", "shares", "nucleolus: balanced at every level", "payments", "fewest payments", "complaints",
)  # fmt: skip
_SAME = 1e-9
_LITTLE = 0.999  # a sum that rounding puts on the other side of what counts as nothing is none
_TOLD = (
    (QUESTION, 0.0, "differences", "shapes, names and a rule that is known"),
    (SHARE, 1e-9, "of the largest worth", "dividends of coalitions, Kohlberg's test, or what is left in shares"),
    (BALANCE, 1e-7, "of the coalitions at a level", "Kohlberg's test"),
    (PAID, 1e-8, "of the largest worth", "own gain and payments against the share, member by member; their order"),
    (FEWEST, 0.0, "payments", "members less the most groups that need nothing from each other"),
    (COMPLAINT, 1e-9, "of the largest worth", "every group of members, and the one that complains most"),
)


def verify_division(result: Division) -> Certificate:
    """Check a division from its game, its rule and what each makes by itself."""
    gaps, game = Gaps(), result.game
    players, worth = game.players, np.asarray(game.worth)
    n, own, share = len(players), result.own_gain_m_per_year, result.share_m_per_year
    fits = own.shape == share.shape == (n,) and bool(np.isfinite([own, share]).all())
    gaps.equal(QUESTION, fits, True)
    if not fits:
        return gathered(gaps, "division", _TOLD)
    scale = max(float(np.abs(worth).max()), float(np.abs(own).max())) or 1.0
    gaps.same(SHARE, math.fsum(own), worth[-1], scale)
    _shares(gaps, result, worth, scale)
    _payments(gaps, result, scale)
    complaint = (worth - sums(share))[1:-1]
    gaps.same(COMPLAINT, result.largest_complaint_m_per_year, complaint.max(initial=-math.inf), scale)
    loud = complaint.size > 0 and complaint.max() > _SAME * game.scale
    gaps.equal(QUESTION, bool(result.complaining), bool(loud))
    if result.complaining and set(result.complaining) <= set(players):
        mask = sum(1 << players.index(name) for name in set(result.complaining))
        known = result.complaining == tuple(p for i, p in enumerate(players) if mask >> i & 1)
        gaps.equal(QUESTION, known, True)
        gaps.same(COMPLAINT, complaint[mask - 1] if 0 < mask <= complaint.size else math.nan, complaint.max(), scale)
    elif result.complaining:
        gaps.equal(QUESTION, result.complaining, players)
    return gathered(gaps, "division", _TOLD)


def _shares(gaps: Gaps, result: Division, worth: Floats, scale: float) -> None:
    """Check what each has by the rule."""
    players, share, kind = result.game.players, result.share_m_per_year, type(result.rule).__name__
    gaps.equal(QUESTION, kind in ("ByShapley", "ByNucleolus", "ByNash"), True)
    if kind == "ByShapley":
        gaps.same(SHARE, share, shares_of(worth), scale)
    elif kind == "ByNucleolus":
        check_nucleolus(gaps, (BALANCE, SHARE), worth, share, 1e-9, bounded=True)
    elif kind == "ByNash":
        without: dict[str, float] = dict(getattr(result.rule, "disagreement", {}))
        weights: dict[str, float] = dict(getattr(result.rule, "weights", {}))
        ground = np.array([without.get(name, float(worth[1 << i])) for i, name in enumerate(players)])
        power = np.array([weights.get(name, 1.0) for name in players])
        check_split(gaps, SHARE, share, float(worth[-1]), ground, power)


def _payments(gaps: Gaps, result: Division, scale: float) -> None:
    """Check that payments turn own gains into shares, stand in order, and are as few as can be."""
    players = result.game.players
    net, places = np.zeros(len(players)), list[tuple[float, int, int]]()
    for item in result.payments:
        known = item.payer in players and item.receiver in players and item.payer != item.receiver
        gaps.equal(QUESTION, known and item.amount_m_per_year > 0.0, True)
        if known:
            payer, receiver = players.index(item.payer), players.index(item.receiver)
            net[payer] -= item.amount_m_per_year
            net[receiver] += item.amount_m_per_year
            places.append((-item.amount_m_per_year, payer, receiver))
    gaps.equal(QUESTION, places, sorted(places))
    balance = result.share_m_per_year - result.own_gain_m_per_year
    gaps.same(PAID, net, balance, scale)
    size = max(float(np.abs(result.own_gain_m_per_year).max()), float(np.abs(result.share_m_per_year).max())) or 1.0
    gaps.most(FEWEST, float(len(result.payments)), float(len(players) - _groups(balance, _LITTLE * _SAME * size)))


def _groups(balance: Floats, nothing: float) -> int:
    """Return the most groups into which members split so that each group's balances sum to nothing.

    Source of the method: the longest chain of coalitions that sum to nothing, each within the next.
    """
    n = balance.size
    even = np.abs(sums(balance)) <= nothing
    even[-1] = True
    most = np.zeros(1 << n, dtype=np.int64)
    masks = np.arange(1 << n)
    size = np.bitwise_count(masks)
    for count in range(1, n + 1):
        here = masks[size == count]
        below = np.stack([np.where(here >> i & 1, most[here & ~(1 << i)], 0) for i in range(n)])
        most[here] = below.max(axis=0) + even[here]
    return int(most[-1])
