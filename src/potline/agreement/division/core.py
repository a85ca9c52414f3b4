"""The core: the divisions of a joint gain that no group can better by itself, or the proof that there are none.

``{x: x(N) = v(N), x(S) >= v(S) for every S}``. It is empty exactly when balanced weights, ``sum w_S 1_S = 1_N``,
w >= 0, exist with ``sum w_S v(S) > v(N)`` (Bondareva 1963; Shapley 1967, Naval Research Logistics Quarterly 14,
p. 453).
"""

from __future__ import annotations

__all__ = ["core"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.core import verify_core
from potline.agreement.division.answers import Core, WeighedCoalition
from potline.agreement.division.game import CoalitionGame
from potline.choices import OnFailure
from potline.compiled import frozen
from potline.errors import CertificateFailed
from potline.numerics.sharing.levels import lexicographic_levels
from potline.numerics.sharing.programs import SOLVED, extreme_payoff, least_total
from potline.reading import Positive, reads

Floats = NDArray[np.float64]

_NO_WEIGHT = 1e-12  # of a vertex of the programme: rounding about 0

TOLERANCE = 1e-9


@reads
def core(game: CoalitionGame, *, tolerance: Positive = TOLERANCE, check: OnFailure = OnFailure.RAISE) -> Core:
    """Return the core: whether it is empty and why, a point of it, and what each player gets at least and at most.

    ``{x: x(N) = v(N), x(S) >= v(S)}``, a program over all coalitions for the least core and two for each player.

    Args:
        game: what is divided.
        tolerance: of the certificate, and the complaint that counts as none, relative to the largest worth.
        check: ``raise`` when the certificate fails, or ``report`` it.

    Raises:
        CertificateFailed: independent code rejects the answer.

    Examples:
        Any two of three can take all of it: whatever they agree, two can do better (weights 1/2 each).

        >>> majority = CoalitionGame(players=("A", "B", "C"), worth=np.array([0.0, 0, 0, 1, 0, 1, 1, 1]))
        >>> found = core(majority)
        >>> found.empty, round(found.least_complaint, 4), round(found.shortfall, 4)
        (True, 0.3333, 0.5)
        >>> market = CoalitionGame(players=("seller", "high", "low"), worth=np.array([0.0, 0, 0, 9, 0, 6, 0, 9]))
        >>> core(market).low.round(9).tolist(), core(market).high.round(9).tolist()
        ([6.0, 0.0, 0.0], [9.0, 3.0, 0.0])
    """
    n, scale = len(game.players), game.scale
    if n == 1:
        whole = frozen(game.worth[1:].copy())
        alone = (WeighedCoalition(members=game.players, weight=1.0),)
        result = Core(
            game=game,
            empty=False,
            least_complaint=-math.inf,
            point=whole,
            shortfall=0.0,
            balanced_weights=alone,
            low=whole,
            high=whole,
            tolerance=tolerance,
        )
        return _checked(result, check)
    first = lexicographic_levels(game.worth, bounded=False, programs=1)
    if first.status != SOLVED:
        raise CertificateFailed(f"Core: found no end after {first.pivots} steps. Rescale or round the worths.")
    level, point = first.settled[0].level, first.payoff
    status, enough, weights = least_total(game.worth)
    if status != SOLVED:
        raise CertificateFailed("Core: found no end for the shortfall. Rescale or round the worths.")
    total = math.fsum(enough)
    empty = level > tolerance * scale
    low, high = np.full(n, np.nan), np.full(n, np.nan)
    if not empty:
        allowed = max(0.0, level)
        for player in range(n):
            for largest, bound in ((False, low), (True, high)):
                status, best, _ = extreme_payoff(game.worth, player, largest=largest, level=allowed)
                if status != SOLVED:
                    raise CertificateFailed(
                        f"Core: found no end for {game.players[player]}. Rescale or round the worths."
                    )
                bound[player] = best[player]
    result = Core(
        game=game,
        empty=empty,
        least_complaint=level,
        point=frozen(point),
        shortfall=total - game.total if empty else 0.0,
        balanced_weights=tuple(
            WeighedCoalition(members=game.members(int(mask)), weight=float(weights[mask]))
            for mask in np.flatnonzero(weights > _NO_WEIGHT)
        ),
        low=frozen(low),
        high=frozen(high),
        tolerance=tolerance,
    )
    return _checked(result, check)


def _checked(result: Core, check: OnFailure) -> Core:
    return certified(result, verify_core, check, "the core")


registered(Core, verify_core)
