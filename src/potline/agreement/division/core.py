"""The core: the divisions of a joint gain that no group can better by itself, or the proof that there are none.

``{x: x(N) = v(N), x(S) >= v(S) for every S}``. It is empty exactly when balanced weights, ``sum w_S 1_S = 1_N``,
w >= 0, exist with ``sum w_S v(S) > v(N)`` (Bondareva 1963; Shapley 1967, Naval Research Logistics Quarterly 14,
p. 453).
"""

from __future__ import annotations

__all__ = ["Core", "CoreCertificate", "WeighedCoalition", "core"]

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from potline.agreement.division.game import CoalitionGame
from potline.compiled import frozen
from potline.errors import CertificateFailed
from potline.numerics.sharing.certificate import combination_error, largest_complaint
from potline.numerics.sharing.levels import lexicographic_levels
from potline.numerics.sharing.programs import SOLVED, extreme_payoff, least_total
from potline.reading import Positive, reads

Floats = NDArray[np.float64]
Check = Literal["raise", "report"]

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedCoalition:
    """A coalition and its weight in a certificate."""

    members: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreCertificate:
    """What independent code found; errors relative to the largest worth.

    Attributes:
        weights_error: by how much weights miss ``sum w_S 1_S = 1_N`` (or 1_i for a bound), or 0 from below.
        value_error: between what the weights prove and what is claimed, at worst.
        point_error: largest complaint beyond the least core's at the points named, and of what they leave undivided.
        tolerance: what all are held to.
    """

    weights_error: float
    value_error: float
    point_error: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether all meet the tolerance."""
        return max(self.weights_error, self.value_error, self.point_error) <= self.tolerance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Core:
    """The core of a game, or the proof that there is none.

    Attributes:
        game: the question.
        empty: whether every division leaves some coalition a complaint (beyond rounding).
        least_complaint: the smallest largest complaint, e of the least core; minus infinity for one player.
        point: a point of the least core, float[n]; in the core where that is not empty.
        shortfall: what all together would need to have beyond v(N) for the core not to be empty; 0 where it is not.
        balanced_weights: w with ``sum w_S 1_S = 1_N`` and the largest ``sum w_S v(S)``, S other than N; where the
            core is empty that is v(N) and the shortfall, and proves both.
        low, high: each player's least and largest payoff in the core, float[n]; nan where it is empty.
        certificate: what independent code found.
    """

    game: CoalitionGame
    empty: bool
    least_complaint: float
    point: Floats
    shortfall: float
    balanced_weights: tuple[WeighedCoalition, ...]
    low: Floats
    high: Floats
    certificate: CoreCertificate


@reads
def core(game: CoalitionGame, *, tolerance: Positive = TOLERANCE, check: Check = "raise") -> Core:
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
    n, scale, grand = len(game.players), game.scale, game.worth.size - 1
    if n == 1:
        whole = frozen(game.worth[1:].copy())
        nothing = CoreCertificate(weights_error=0.0, value_error=0.0, point_error=0.0, tolerance=tolerance)
        alone = (WeighedCoalition(members=game.players, weight=1.0),)
        return Core(
            game=game,
            empty=False,
            least_complaint=-math.inf,
            point=whole,
            shortfall=0.0,
            balanced_weights=alone,
            low=whole,
            high=whole,
            certificate=nothing,
        )
    first = lexicographic_levels(game.worth, bounded=False, programs=1)
    if first.status != SOLVED:
        raise CertificateFailed(f"Core: found no end after {first.pivots} steps. Rescale or round the worths.")
    level, point = first.settled[0].level, first.payoff
    covering = np.zeros(grand + 1)
    covering[first.settled[0].coalitions] = first.settled[0].weights
    covering /= covering[1::2].sum()
    proven = (float(covering @ game.worth) - game.total) / float(covering.sum())
    status, enough, weights = least_total(game.worth)
    if status != SOLVED:
        raise CertificateFailed("Core: found no end for the shortfall. Rescale or round the worths.")
    total = math.fsum(enough)
    weights_error = max(combination_error(item, np.ones(n)) for item in (covering, weights))
    value_error = max(abs(proven - level), abs(float(weights @ game.worth) - total))
    point_error = max(
        largest_complaint(game.worth, point) - level,
        abs(math.fsum(point) - game.total),
        largest_complaint(game.worth, enough),
    )

    empty = level > tolerance * scale
    low, high = np.full(n, np.nan), np.full(n, np.nan)
    if not empty:
        allowed = max(0.0, level)
        for player in range(n):
            for largest, bound in ((False, low), (True, high)):
                status, best, proof = extreme_payoff(game.worth, player, largest=largest, level=allowed)
                if status != SOLVED:
                    raise CertificateFailed(
                        f"Core: found no end for {game.players[player]}. Rescale or round the worths."
                    )
                bound[player] = best[player]
                sign = -1.0 if largest else 1.0
                said = float(proof @ game.worth) - allowed * float(proof[:-1].sum())
                weights_error = max(weights_error, combination_error(proof, sign * np.eye(n)[player]))
                value_error = max(value_error, abs(said - sign * best[player]))
                beyond = largest_complaint(game.worth, best) - allowed
                point_error = max(point_error, beyond, abs(math.fsum(best) - game.total))
    certificate = CoreCertificate(
        weights_error=float(weights_error),
        value_error=float(value_error / scale),
        point_error=float(max(0.0, point_error) / scale),
        tolerance=tolerance,
    )
    if check == "raise" and not certificate.holds:
        raise CertificateFailed(
            f"Core: found errors of {certificate.weights_error:.2g} (weights), {certificate.value_error:.2g} (value) "
            f"and {certificate.point_error:.2g} (points); needed {tolerance:g} or less. "
            'Pass check="report" to look at the answer.'
        )
    return Core(
        game=game,
        empty=empty,
        least_complaint=level,
        point=frozen(point),
        shortfall=total - game.total if empty else 0.0,
        balanced_weights=tuple(
            WeighedCoalition(members=game.members(int(mask)), weight=float(weights[mask]))
            for mask in np.flatnonzero(weights)
        ),
        low=frozen(low),
        high=frozen(high),
        certificate=certificate,
    )
