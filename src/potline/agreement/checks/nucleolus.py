"""The certificate of a nucleolus: Kohlberg's test of the payoffs, and the levels at which coalitions complain."""

from __future__ import annotations

__all__ = ["check_nucleolus", "verify_nucleolus"]

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.games import mask_of, sums
from potline.numerics.sharing.certificate import kohlberg_test

if TYPE_CHECKING:
    from potline.agreement.division.answers import Nucleolus

Floats = NDArray[np.float64]

QUESTION, BALANCE, TOTAL, LEVELS = "question", "balanced at every level", "total and bounds", "complaints"
_RANK = 1e-6
_WALKED = 13  # players up to which every coalition is asked whether a level leaves it open


def verify_nucleolus(result: Nucleolus) -> Certificate:
    """Check a nucleolus by Kohlberg's test, and each level against every coalition that is not settled yet."""
    allowed = result.tolerance
    told = (
        (QUESTION, 0.0, "differences", "shapes and names"),
        (BALANCE, 1e-7, "of the coalitions at a level", "Kohlberg's test: distance of a level from balance"),
        (TOTAL, allowed, "of the largest worth", "what is divided, what each has alone, and ties of complaints"),
        (LEVELS, allowed, "of the largest worth", "the largest complaint that is not settled, level by level"),
    )
    gaps, game = Gaps(), result.game
    n, scale = len(game.players), game.scale
    gaps.equal(QUESTION, (result.payoff.shape, len(result.complaints)), ((n,), len(result.settled)))
    if result.payoff.shape != (n,) or not np.isfinite(result.payoff).all():
        gaps.equal(QUESTION, "payoffs", None)
        return gathered(gaps, "nucleolus", told)
    check_nucleolus(
        gaps, (BALANCE, TOTAL), np.asarray(game.worth), result.payoff, allowed, bounded=result.individually_rational
    )
    spare = game.total - float(game.alone.sum())
    open_yet = not result.individually_rational or spare > 1e-11 * scale
    gaps.equal(QUESTION, len(result.complaints) > 0, open_yet and n > 1)
    complaint = np.asarray(game.worth) - sums(result.payoff)
    bound = complaint[1 << np.arange(n)] >= -allowed * scale
    held = np.eye(n)[:, bound & result.individually_rational]  # those at their bound may be settled by it
    span = np.full((n, 1), n**-0.5)
    for level, groups in zip(result.complaints, result.settled, strict=False):
        masks = [mask_of(game.players, names) for names in groups]
        gaps.equal(QUESTION, bool(masks) and min(masks) > 0, True)
        if not masks or min(masks) <= 0:
            return gathered(gaps, "nucleolus", told)
        gaps.same(LEVELS, np.full(len(masks), level), complaint[masks], scale)
        if n <= _WALKED:
            gaps.most(LEVELS, level, _open(complaint, span), scale)
            gaps.most(LEVELS, _open(complaint, _joined(span, held)), level, scale)
        columns = ((np.array(masks)[None, :] >> np.arange(n)[:, None]) & 1).astype(np.float64)
        span = _joined(span, columns)
    return gathered(gaps, "nucleolus", told)


def _joined(span: Floats, columns: Floats) -> Floats:
    """Return a basis of the span of both."""
    left, size, _ = np.linalg.svd(np.hstack([span, columns]), full_matrices=False)
    return np.asarray(left[:, size > _RANK * size[0]], dtype=np.float64)


def _open(complaint: Floats, span: Floats) -> float:
    """Return the largest complaint of a coalition that the span leaves open; -inf where there is none."""
    every = np.arange(1, complaint.size - 1)
    rows = np.asarray((every[:, None] >> np.arange(span.shape[0])) & 1, dtype=np.float64)
    away: Floats = np.asarray(rows - (rows @ span) @ span.T, dtype=np.float64)
    return float(complaint[1:-1][(away * away).sum(axis=1) > _RANK].max(initial=-np.inf))


def check_nucleolus(
    gaps: Gaps, names: tuple[str, str], worth: Floats, payoff: Floats, allowed: float, *, bounded: bool
) -> None:
    """Check by Kohlberg's test that payoffs are the nucleolus, or without bounds the prenucleolus.

    Args:
        names: of the check of balance, and of the check of what is divided.
    """
    scale = float(np.abs(worth).max()) or 1.0
    balance, total = names
    if not np.isfinite(payoff).all():
        gaps.add(balance, np.nan)
        return
    test = kohlberg_test(worth, payoff, bounded=bounded, tolerance=allowed * scale)
    gaps.add(balance, test.imbalance if test.balanced else max(test.imbalance, 1.0))
    gaps.add(total, max(test.efficiency_gap, test.bound_gap, test.moved) / scale)
