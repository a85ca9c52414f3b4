"""The certificate of a bargain: its formula, the best of the list, or that no lottery has a steeper way up."""

from __future__ import annotations

__all__ = ["check_split", "verify_bargain"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered

if TYPE_CHECKING:
    from potline.agreement.division.answers import Bargain

Floats = NDArray[np.float64]

QUESTION, AGREED, PAYOFF, BEST = "question", "whether they agree", "payoffs and chances", "no better agreement"
_TOLD = (
    (QUESTION, 1e-12, "differences", "shapes and weights"),
    (AGREED, 0.0, "differences", "whether some outcome, or lottery, is better for all"),
    (PAYOFF, 1e-9, "of the largest outcome", "chances times outcomes, and what is paid"),
    (BEST, 1e-9, "of 1", "slope of the weighted logarithms, or every outcome of the list"),
)


def verify_bargain(result: Bargain) -> Certificate:
    """Check a bargain from its outcomes."""
    gaps = Gaps()
    menu, ground, power = result.outcomes, result.disagreement, result.weights
    n = len(result.players)
    shapes = (ground.shape, power.shape, result.payoff.shape, result.paid.shape, result.probability.shape)
    fits = menu.ndim == 2 and menu.shape[1] == n and shapes == ((n,), (n,), (n,), (n,), (menu.shape[0],))
    gaps.equal(QUESTION, (fits, bool((power > 0.0).all())), (True, True))
    if not fits:
        return gathered(gaps, "bargain", _TOLD)
    gaps.same(QUESTION, power.sum(), 1.0)
    scale = max(float(np.abs(menu).max()), float(np.abs(ground).max()), 1e-300)
    gain, chance = menu - ground, result.probability
    gaps.equal(AGREED, bool(result.agreed), _can_agree(gain, result.terms))
    if not result.agreed:
        gaps.same(PAYOFF, result.payoff, ground, scale)
        gaps.same(PAYOFF, np.concatenate([chance, result.paid, [result.gap]]), np.zeros(chance.size + n + 1))
        return gathered(gaps, "bargain", _TOLD)
    gaps.add(PAYOFF, np.maximum(-chance, 0.0))
    gaps.same(PAYOFF, chance.sum(), 1.0)
    gaps.same(PAYOFF, result.payoff, chance @ menu + result.paid, scale)
    if result.terms == "payments":
        gaps.most(BEST, gain.sum(axis=1), chance @ gain.sum(axis=1), scale)
        check_split(gaps, PAYOFF, result.payoff, float(chance @ menu.sum(axis=1)), ground, power)
        gaps.same(BEST, result.gap, 0.0)
        return gathered(gaps, "bargain", _TOLD)
    gaps.same(PAYOFF, result.paid, np.zeros(n), scale)
    have = result.payoff - ground
    gaps.equal(BEST, bool((have > 0.0).all()), True)
    if not (have > 0.0).all():
        return gathered(gaps, "bargain", _TOLD)
    if result.terms == "none":
        better = gain[(gain > 0.0).all(axis=1)]
        gaps.most(BEST, np.log(better / have) @ power, 0.0)
        gaps.same(PAYOFF, chance.max(), 1.0)
        gaps.same(BEST, result.gap, 0.0)
    else:
        steepest = float(((gain / have) @ power - 1.0).max())
        gaps.add(BEST, max(steepest, 0.0))
        gaps.same(BEST, result.gap, max(steepest, 0.0))
    return gathered(gaps, "bargain", _TOLD)


def check_split(gaps: Gaps, name: str, payoff: Floats, total: float, ground: Floats, power: Floats) -> None:
    """Check that each has what it would have without agreement and its share of the rest."""
    scale = max(abs(total), float(np.abs(ground).max(initial=0.0)), 1e-300)
    gaps.same(name, payoff, ground + power / power.sum() * (total - math.fsum(ground)), scale)


def _can_agree(gain: Floats, terms: str) -> bool:
    """Return whether there is an agreement that is better for all."""
    if terms == "payments":
        return bool(gain.sum(axis=1).max() > 0.0)
    if terms == "none":
        return bool((gain > 0.0).all(axis=1).any())
    from scipy.optimize import linprog

    size = np.abs(gain).max(axis=0)
    if not (size > 0.0).all():
        return False
    count, n = gain.shape
    found = linprog(
        np.append(np.zeros(count), -1.0),
        A_ub=np.hstack([-(gain / size).T, np.ones((n, 1))]),
        b_ub=np.zeros(n),
        A_eq=np.append(np.ones(count), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0.0, None)] * count + [(None, None)],
        method="highs",
    )
    return found.fun is not None and -float(found.fun) > 1e-9
