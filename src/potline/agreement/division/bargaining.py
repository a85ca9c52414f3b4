r"""Nash bargaining: the feasible payoffs that maximise ``prod (x_i - d_i)**w_i``, with and without payments.

- With payments between the players: the outcome with the largest total, divided as ``x_i = d_i + w_i (T - sum d)``.
- Without: the best of a list of outcomes, or of their lotteries.

Source: Nash (1950), Econometrica 18, p. 155; with weights: Kalai (1977), International Journal of Game Theory 6,
p. 129.
"""

from __future__ import annotations

__all__ = ["nash_bargaining"]

import math
from collections.abc import Sequence
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.bargain import verify_bargain
from potline.agreement.division.answers import Bargain, Terms
from potline.choices import OnFailure
from potline.errors import CertificateFailed, InputError, Problem
from potline.reading import Array, reads

Floats = NDArray[np.float64]

GAP = 1e-9
ROUNDS = 500


@reads
def nash_bargaining(
    players: Sequence[str],
    outcomes: Annotated[ArrayLike, Array()],
    *,
    disagreement: Annotated[ArrayLike, Array()] | None = None,
    weights: Annotated[ArrayLike, Array()] | None = None,
    terms: Terms = "payments",
) -> Bargain:
    """Maximise ``sum w_i log(x_i - d_i)`` over what the outcomes allow.

    Args:
        players: names.
        outcomes: payoffs of the outcomes that can be agreed, float[K, n] (or float[n] for one).
        disagreement: d, payoffs without agreement, float[n]; 0 unless given.
        weights: w, bargaining power, above 0, float[n]; equal unless given. Scaled to sum to 1.
        terms: ``payments`` between players, ``none`` (one outcome as it is), or ``lotteries`` over outcomes.

    Raises:
        InputError: shapes that do not match, numbers that are not finite, weights not above 0; without payments, a
            player for whom every outcome is as good as no agreement.
        CertificateFailed: lotteries whose gap stays above 1e-9, or an answer that separate code rejects.

    Examples:
        >>> nash_bargaining(("A", "B"), [6.0, 4.0], disagreement=[1.0, 3.0]).payoff.tolist()
        [4.0, 6.0]
        >>> menu = [[8.0, 1.0], [5.0, 2.0], [1.0, 4.0]]
        >>> nash_bargaining(("A", "B"), menu, terms="none").payoff.tolist()
        [5.0, 2.0]
        >>> nash_bargaining(("A", "B"), menu, terms="lotteries").payoff.round(9).tolist()
        [5.166666667, 2.214285714]
    """
    names = tuple(players)
    menu, ground, power = _checked(names, outcomes, disagreement, weights)
    gain = menu - ground
    if terms != "payments":
        _needs_stakes(names, gain)
    probability, gap = np.zeros(len(menu)), 0.0
    if terms == "payments":
        best = int(np.argmax(gain.sum(axis=1)))
        agreed = bool(gain[best].sum() > 0.0)
        probability[best] = float(agreed)
    elif terms == "none":
        better = np.flatnonzero((gain > 0.0).all(axis=1))
        agreed = bool(better.size)
        if agreed:
            probability[better[np.argmax(np.log(gain[better]) @ power)]] = 1.0
    else:
        probability, gap = _lottery(gain, power)
        agreed = bool(probability.any())
        if not gap <= GAP:
            raise CertificateFailed(f"Bargaining: found a gap of {gap:.2g}; needed {GAP:g}. Rescale the payoffs.")
    given = probability @ menu if agreed else ground
    payoff = ground + power * float((given - ground).sum()) if terms == "payments" and agreed else given
    arrays = (menu, ground, power, payoff := np.array(payoff), probability, paid := payoff - given)
    for array in arrays:
        array.flags.writeable = False
    result = Bargain(
        players=names,
        terms=terms,
        outcomes=menu,
        disagreement=ground,
        weights=power,
        agreed=agreed,
        payoff=payoff,
        probability=probability,
        paid=paid,
        gap=gap,
    )
    return certified(result, verify_bargain, OnFailure.RAISE, "the bargain")


def _checked(
    names: tuple[str, ...], outcomes: ArrayLike, disagreement: ArrayLike | None, weights: ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    n = len(names)
    menu = np.atleast_2d(np.array(outcomes, dtype=np.float64))
    ground = np.zeros(n) if disagreement is None else np.array(disagreement, dtype=np.float64)
    power = np.ones(n) if weights is None else np.array(weights, dtype=np.float64)
    problems = [
        Problem(where=where, found=f"shape {array.shape}", needed=needed)
        for where, array, needed, right in (
            ("outcomes", menu, f"(outcomes, {n})", menu.ndim == 2 and menu.shape[1] == n and menu.size > 0),
            ("disagreement", ground, f"({n},)", ground.shape == (n,)),
            ("weights", power, f"({n},)", power.shape == (n,)),
        )
        if not right
    ]
    if not n:
        problems.append(Problem(where="players", found="none", needed="one at least"))
    for where, array in (("outcomes", menu), ("disagreement", ground), ("weights", power)):
        if not np.isfinite(array).all():
            problems.append(Problem(where=where, found="a value that is not a number", needed="finite numbers"))
    if not (power > 0.0).all():
        found = f"{power[~(power > 0.0)][0]:g}"
        problems.append(Problem(where="weights", found=found, needed="above 0", hint="Leave the player out."))
    if problems:
        raise InputError(problems)
    return menu, ground, power / power.sum()


def _needs_stakes(names: tuple[str, ...], gain: Floats) -> None:
    """Raise where a player has nothing at stake: with ever less of it the outcome depends on how little that is."""
    idle = np.flatnonzero((gain == 0.0).all(axis=0))
    if idle.size:
        name, hint = names[int(idle[0])], "Leave the player out."
        found = f"what {name!r} has without agreement, in each outcome"
        raise InputError([Problem(where="outcomes", found=found, needed="something to gain or to lose", hint=hint)])


def _lottery(gain: Floats, power: Floats) -> tuple[Floats, float]:
    """Return the probabilities that maximise ``sum w log(p gain)`` and the gap; zeros where nobody can agree.

    Newton steps by non-negative least squares on the outcomes in use and the one that helps most, with halving (the
    constrained Newton method of Wang 2007, Journal of the Royal Statistical Society B 69, p. 185).
    """
    from scipy.optimize import linprog, nnls

    count, n = len(gain), power.size
    scale = np.abs(gain).max(axis=0)
    if not (scale > 0.0).all():
        return np.zeros(count), 0.0
    scaled = gain / scale
    start = linprog(
        np.append(np.zeros(count), -1.0),
        A_ub=np.hstack([-scaled.T, np.ones((n, 1))]),
        b_ub=np.zeros(n),
        A_eq=np.append(np.ones(count), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0.0, None)] * count + [(None, None)],
    )
    if start.x is None:
        return np.zeros(count), math.nan
    p: Floats = np.maximum(start.x[:count], 0.0)
    p /= p.sum()
    if (p @ scaled).min() <= 1e-9:
        return np.zeros(count), 0.0
    root = np.sqrt(power)
    gap, least, best = np.inf, np.inf, p
    for _ in range(ROUNDS):
        ratio = scaled / (p @ scaled)
        slope = ratio @ power - 1.0
        gap = float(slope.max())
        if gap < least:
            least, best = gap, p
        if gap <= 1e-13:
            break
        used = np.unique(np.append(np.flatnonzero(p), np.argmax(slope)))
        system = np.vstack([((ratio[used] - 2.0) * root).T, np.ones(used.size)])
        weight, _ = nnls(system, np.append(np.zeros(n), 1.0))
        target = np.zeros(count)
        target[used] = weight / weight.sum()
        rise, step, now = float((target - p) @ slope), 1.0, float(power @ np.log(p @ scaled))
        while step > 1e-12:
            trial = p + step * (target - p)
            reached = trial @ scaled
            if reached.min() > 0.0 and float(power @ np.log(reached)) >= now + 1e-4 * step * rise - 1e-16:
                break
            step *= 0.5
        else:
            break
        p = trial
    return best, max(0.0, least)


registered(Bargain, verify_bargain)
