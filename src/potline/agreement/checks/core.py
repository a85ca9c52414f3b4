"""The certificate of a core: its point, its least complaint, what proves it empty, what each gets at most and least."""

from __future__ import annotations

__all__ = ["verify_core"]

import math
from typing import TYPE_CHECKING

import numpy as np

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.games import Programs, mask_of, sums

if TYPE_CHECKING:
    from potline.agreement.division.answers import Core

QUESTION, POINT, LEAST, WEIGHTS, SHORT, BOUNDS = (
    "question", "point", "least complaint", "balanced weights", "shortfall", "least and most of each player",
)  # fmt: skip


def verify_core(result: Core) -> Certificate:
    """Check a core from its game: every coalition's complaint, and linear programs of the checker's own."""
    allowed = result.tolerance
    told = (
        (QUESTION, 0.0, "differences", "shapes, names, and whether it is empty"),
        (POINT, allowed, "of the largest worth", "its total, and the largest complaint of any coalition"),
        (LEAST, allowed, "of the largest worth", "a linear program over all coalitions"),
        (WEIGHTS, allowed, "of 1 and of the largest worth", "that they sum to 1 for each player; what they prove"),
        (SHORT, allowed, "of the largest worth", "the least that all would need, by a linear program"),
        (BOUNDS, allowed, "of the largest worth", "two linear programs for each player"),
    )
    gaps, game = Gaps(), result.game
    n, scale, worth = len(game.players), game.scale, np.asarray(game.worth)
    fits = result.point.shape == result.low.shape == result.high.shape == (n,)
    gaps.equal(QUESTION, fits, True)
    if not fits:
        return gathered(gaps, "core", told)
    total = sums(result.point)
    gaps.same(POINT, total[-1], worth[-1], scale)
    gaps.same(LEAST, result.least_complaint, (worth - total)[1:-1].max(initial=-math.inf), scale)
    gaps.equal(QUESTION, bool(result.empty), bool(result.least_complaint > allowed * scale))
    masks = [mask_of(game.players, item.members) for item in result.balanced_weights]
    weights = np.array([item.weight for item in result.balanced_weights])
    fine = bool(masks) and min(masks) > 0 and len(set(masks)) == len(masks) and (n == 1 or worth.size - 1 not in masks)
    gaps.equal(WEIGHTS, fine and masks == sorted(masks), True)
    gaps.add(WEIGHTS, np.maximum(-weights, 0.0) if weights.size else math.nan)
    if not fine:
        return gathered(gaps, "core", told)
    rows = ((np.array(masks)[:, None] >> np.arange(n)) & 1).astype(np.float64)
    gaps.same(WEIGHTS, weights @ rows, np.ones(n))
    proven = float(weights @ worth[masks])
    if n == 1:
        gaps.same(BOUNDS, [result.low, result.high], [worth[1:], worth[1:]], scale)
        gaps.same(SHORT, result.shortfall, 0.0, scale)
        return gathered(gaps, "core", told)
    programs = Programs(worth / scale)
    gaps.same(LEAST, result.least_complaint / scale, programs.least(np.zeros(n), slack=None, whole=True))
    needed = programs.least(np.ones(n), slack=0.0, whole=False)
    gaps.same(WEIGHTS, proven / scale, needed)
    gaps.same(SHORT, result.shortfall / scale, needed - worth[-1] / scale if result.empty else 0.0)
    ends = np.full((2, n), math.nan)
    if not result.empty:
        slack = max(0.0, result.least_complaint) / scale
        for i, one in enumerate(np.eye(n)):
            ends[0, i] = programs.least(one, slack=slack, whole=True)
            ends[1, i] = -programs.least(-one, slack=slack, whole=True)
    gaps.same(BOUNDS, np.stack([result.low, result.high]) / scale, ends)
    return gathered(gaps, "core", told)
