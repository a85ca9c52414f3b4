"""Games with finitely many actions, played for ever: what their players can get, with and without side payments."""

from __future__ import annotations

__all__ = ["game_deal", "payoff_set"]

import dataclasses
from typing import Annotated

import numpy as np

from potline.agreement.enforcement.deals import DealPayoffs
from potline.choices import OnFailure
from potline.errors import CertificateFailed, Infeasible, InputError, Problem
from potline.numerics.repeated.check import outer_supports, supports
from potline.numerics.repeated.payoffs import EMPTY, SETTLED, two_player_payoffs
from potline.numerics.repeated.transfers import best_responses, contracts
from potline.reading import Positive, Within, reads
from potline.textbook.payoffs import PayoffSet, RepeatedGame
from potline.textbook.repeated_games_verify import prove_empty, verify_payoffs
from potline.verification import Checked, verify


@reads
def payoff_set(
    game: RepeatedGame,
    discount_factor: float,
    *,
    transfers: bool = False,
    outer_directions: Annotated[int, Within(low=0)] = 0,
    tolerance: Positive = 1e-9,
    check: OnFailure = OnFailure.RAISE,
) -> PayoffSet:
    """Find what the players of a repeated game can get.

    Without side payments two players only: the convex set of Abreu and Sannikov (2014). With them any number: every u
    with ``sum u <= U`` and ``u_i >= v_i`` (Goldlucke and Kranz 2012), so the answer is one sum and n worst payoffs.

    Args:
        game: finite actions.
        discount_factor: a round, above 0 and below 1.
        transfers: players may pay each other.
        outer_directions: also bound a two-player set from outside by that many half-planes; 0 for no bound.
        tolerance: what the certificate must meet.
        check: ``raise`` where it does not, or ``report``.

    Raises:
        InputError: a factor outside (0, 1), or more than two players without side payments.
        Infeasible: no pure equilibrium exists at this factor.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> dilemma = RepeatedGame(payoffs_m=np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]]))
        >>> payoff_set(dilemma, 0.9).vertices_m.round(9).tolist()
        [[3.0, 3.0], [9.75, 3.0], [9.0, 9.0], [3.0, 9.75]]
        >>> payoff_set(dilemma, 0.9, transfers=True).joint_m
        18.0
    """
    problems: list[Problem] = []
    if not 0.0 < discount_factor < 1.0:
        problems.append(Problem(where="discount_factor", found=f"{discount_factor:g}", needed="above 0 and below 1"))
    if not transfers and len(game.players) != 2:
        hint = "Pass transfers=True: with side payments any number of players can be solved."
        problems.append(Problem(where="game", found=f"{len(game.players)} players", needed="two", hint=hint))
    if problems:
        raise InputError(problems)
    result = _with_transfers(game, discount_factor) if transfers else _pairs(game, discount_factor, outer_directions)
    certificate = verify_payoffs(result, tolerance)
    if check == OnFailure.RAISE and not certificate.holds:
        raise CertificateFailed(
            f"The payoff set at factor {discount_factor:g} does not pass its check: {certificate.words}. "
            'Pass check="report" to look at it.'
        )
    return dataclasses.replace(result, certificate=certificate)


@verify.register
def _(result: PayoffSet, tolerance: float | None = None) -> Checked:
    return verify_payoffs(result, tolerance or 1e-9)


@reads
def game_deal(game: RepeatedGame, agreed: tuple[int, ...], *, reversion: tuple[int, ...] | None = None) -> DealPayoffs:
    """Return the stakes of playing one profile under the threat of a static equilibrium.

    Args:
        game: finite actions.
        agreed: an action of each player.
        reversion: the equilibrium played after a cheat; the one with the lowest sum of payoffs unless given.

    Raises:
        InputError: no such profile, no pure static equilibrium, or a reversion that is none.

    Examples:
        >>> game = RepeatedGame(payoffs_m=np.array([[[2.0, -1.0], [3.0, 0.0]], [[2.0, 3.0], [-1.0, 0.0]]]))
        >>> game_deal(game, (0, 0)).defect_m
        (3.0, 3.0)
    """
    static = game.static_equilibria
    sums = game.payoffs_m.sum(axis=0)
    if len(agreed) != len(game.players) or not all(0 <= a < n for a, n in zip(agreed, game.actions, strict=True)):
        raise InputError([Problem(where="agreed", found=f"{agreed}", needed=f"an action below each of {game.actions}")])
    if not static or (reversion is not None and reversion not in static):
        found = "none" if reversion is None else f"{reversion}"
        raise InputError([Problem(where="reversion", found=found, needed=f"a pure static equilibrium, of {static}")])
    after = min(static, key=lambda a: float(sums[a])) if reversion is None else reversion
    best, players = best_responses(game.payoffs_m), range(len(game.players))
    return DealPayoffs(
        owners=game.players,
        coordinate_m=tuple(float(game.payoffs_m[(i, *agreed)]) for i in players),
        defect_m=tuple(float(best[(i, *agreed)]) for i in players),
        punish_m=tuple(float(game.payoffs_m[(i, *after)]) for i in players),
    )


def _pairs(game: RepeatedGame, factor: float, outer_directions: int) -> PayoffSet:
    found = two_player_payoffs(game.payoffs_m, factor)
    if found.status == EMPTY:
        _prove_empty(game, factor, transfers=False)
        raise Infeasible(
            f"no pure-strategy equilibrium of the repeated game at factor {factor:g}; needed one. "
            "Try a higher factor, or transfers=True."
        )
    gap = float("nan")
    if outer_directions:
        way, reach = outer_supports(game.payoffs_m, factor, directions=outer_directions)
        spread = float(np.ptp(game.payoffs_m.reshape(2, -1), axis=1).max())
        gap = float((reach - supports(found.vertices, way)).max()) / max(spread, 1e-300)
    return PayoffSet(
        game=game,
        factor=factor,
        transfers=False,
        vertices_m=found.vertices,
        worst_m=tuple(found.threat.tolist()),
        joint_m=float(found.vertices.sum(axis=1).max()),
        profile=(),
        punishments=(),
        method="Abreu and Sannikov (2014)",
        exactness="vertices settled to 1e-13 of the spread" if found.status == SETTLED else "outer bound, not settled",
        certificate=Checked(()),
        outer_gap=gap,
        outer_directions=outer_directions,
    )


def _with_transfers(game: RepeatedGame, factor: float) -> PayoffSet:
    found = contracts(game.payoffs_m, factor)
    if found.profile < 0:
        _prove_empty(game, factor, transfers=True)
        raise Infeasible(
            f"no pure stationary contract at factor {factor:g}; needed one. Try a higher factor, or mixed actions."
        )
    count = len(game.players)
    spare = found.joint - float(found.worst.sum())
    vertices = np.vstack([found.worst, found.worst + spare * np.eye(count)])
    vertices.setflags(write=False)
    return PayoffSet(
        game=game,
        factor=factor,
        transfers=True,
        vertices_m=vertices,
        worst_m=tuple(found.worst.tolist()),
        joint_m=found.joint,
        profile=_profile(game, found.profile),
        punishments=tuple(_profile(game, int(flat)) for flat in found.punishments),
        method="Goldlucke and Kranz (2012)",
        exactness="exact: every pure profile was compared",
        certificate=Checked(()),
        outer_gap=float("nan"),
    )


def _prove_empty(game: RepeatedGame, factor: float, *, transfers: bool) -> None:
    """Raise unless separate code finds nothing either."""
    if not prove_empty(game.payoffs_m, factor, transfers=transfers):
        raise CertificateFailed(
            f"No equilibrium was found at factor {factor:g}, but separate code does not rule one out. "
            "Please report the game."
        )


def _profile(game: RepeatedGame, flat: int) -> tuple[int, ...]:
    return tuple(int(a) for a in np.unravel_index(flat, game.actions))
