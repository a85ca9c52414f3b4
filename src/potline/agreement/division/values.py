"""How a joint gain can be divided: the Shapley value and the nucleolus of a game with transferable payoffs.

A group S complains about payoffs x by ``v(S) - x(S)``: what it could get by itself less what it is given. The nucleolus
makes the largest complaint as small as can be, then the next, and so on; it lies in the core where there is one.
"""

from __future__ import annotations

__all__ = [
    "banzhaf",
    "nucleolus",
    "shapley",
]

import math

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.nucleolus import verify_nucleolus
from potline.agreement.division.answers import Nucleolus
from potline.agreement.division.game import CoalitionGame
from potline.choices import OnFailure
from potline.compiled import frozen
from potline.errors import CertificateFailed, Infeasible
from potline.numerics.sharing.levels import lexicographic_levels
from potline.numerics.sharing.programs import SOLVED
from potline.numerics.sharing.values import banzhaf_values, shapley_values
from potline.reading import Positive, reads

Floats = NDArray[np.float64]

TOLERANCE = 1e-9
ROUNDING = 1e-11


@reads
def shapley(game: CoalitionGame) -> Floats:
    r"""Return the Shapley value: marginal contributions averaged over all orders, float[n] by player.

    ``phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! [v(S + i) - v(S)]``. Exact, in ``n 2**(n-1)`` steps.
    Source: Shapley (1953), Contributions to the Theory of Games II, p. 307.

    Examples:
        One left glove, two right ones; a pair is worth 1 (Shapley & Shubik 1969).

        >>> gloves = CoalitionGame(players=("left", "right", "other"), worth=np.array([0.0, 0, 0, 1, 0, 1, 0, 1]))
        >>> np.round(shapley(gloves), 4).tolist()
        [0.6667, 0.1667, 0.1667]
    """
    return frozen(shapley_values(game.worth))


@reads
def banzhaf(game: CoalitionGame) -> Floats:
    """Return the Banzhaf value: marginal contributions averaged over all coalitions, float[n]; need not sum to v(N).

    Source: Banzhaf (1965), Rutgers Law Review 19, p. 317.

    Examples:
        >>> game = CoalitionGame(players=("A", "B"), worth=np.array([0.0, 1.0, 2.0, 9.0]))
        >>> banzhaf(game).tolist()
        [4.0, 5.0]
    """
    return frozen(banzhaf_values(game.worth))


@reads
def nucleolus(
    game: CoalitionGame,
    *,
    individually_rational: bool = True,
    tolerance: Positive = TOLERANCE,
    check: OnFailure = OnFailure.RAISE,
) -> Nucleolus:
    """Return the payoffs whose complaints, sorted from the largest, are least in lexicographic order.

    Source: Schmeidler (1969), SIAM Journal on Applied Mathematics 17, p. 1163. Method and proof:
    :mod:`potline.numerics.sharing.levels`; certificate (Kohlberg): :mod:`potline.numerics.sharing.certificate`.

    Args:
        game: what is divided.
        individually_rational: nobody may get less than alone; False gives the prenucleolus.
        tolerance: of the certificate, relative to the largest worth.
        check: ``raise`` when the certificate fails, or ``report`` it.

    Raises:
        Infeasible: together they get less than all of them alone.
        CertificateFailed: independent code rejects the payoffs.

    Examples:
        Claims of 100, 200 and 300 on an estate of 200: the Talmud gives 50, 75, 75 (Aumann & Maschler 1985).

        >>> worth = np.array([0.0, 0, 0, 0, 0, 0, 100, 200])
        >>> estate = CoalitionGame(players=("100", "200", "300"), worth=worth)
        >>> np.round(nucleolus(estate).payoff, 9).tolist()
        [50.0, 75.0, 75.0]
    """
    scale, spare = game.scale, game.total - math.fsum(game.alone)
    n = len(game.players)
    if individually_rational and spare < -ROUNDING * scale:
        raise Infeasible(
            f"Nucleolus: found {game.total:g} together and {math.fsum(game.alone):g} in all alone; "
            "needed as much together. Pass individually_rational=False for the prenucleolus."
        )
    payoff, complaints, settled = game.alone + spare / n, (), ()
    if not individually_rational or spare > ROUNDING * scale:
        found = lexicographic_levels(game.worth, bounded=individually_rational)
        if found.status != SOLVED:
            raise CertificateFailed(f"Nucleolus: found no end after {found.pivots} steps. Rescale or round the worths.")
        payoff = found.payoff
        complaints = tuple(item.level for item in found.settled)
        settled = tuple(tuple(game.members(int(mask)) for mask in sorted(item.coalitions)) for item in found.settled)
    result = Nucleolus(
        game=game,
        individually_rational=individually_rational,
        payoff=frozen(payoff),
        complaints=complaints,
        settled=settled,
        tolerance=tolerance,
    )
    return certified(result, verify_nucleolus, check, "the nucleolus")


registered(Nucleolus, verify_nucleolus)
