"""A game with finitely many actions, and what its players can get where it is played for ever."""

from __future__ import annotations

__all__ = ["PayoffSet", "RepeatedGame"]

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from potline.errors import InputError, Problem
from potline.numerics.repeated.transfers import best_responses
from potline.reading import Array, Name, noun
from potline.showing import Shown
from potline.verification import Checked

Floats = NDArray[np.float64]


@noun(eq=False)
class RepeatedGame(Shown):
    """A stage game with finitely many actions, played for ever with perfect monitoring.

    Attributes:
        payoffs_m: of each player by everybody's action, shape (players, actions of the first, ..., of the last).
        players: names; numbers unless given.

    Raises:
        InputError: fewer than two players, a wrong number of axes or names, or a payoff that is not finite.

    Examples:
        >>> game = RepeatedGame(payoffs_m=np.array([[[2.0, -1.0], [3.0, 0.0]], [[2.0, 3.0], [-1.0, 0.0]]]))
        >>> game.players, game.actions, game.static_equilibria
        (('1', '2'), (2, 2), ((1, 1),))
    """

    payoffs_m: Annotated[Floats, Array()]
    players: tuple[Name, ...] = ()

    def __post_init__(self) -> None:
        """Check the shape, and make the payoffs read-only."""
        payoffs = np.array(self.payoffs_m, dtype=np.float64)
        count = payoffs.shape[0] if payoffs.ndim else 0
        problems: list[Problem] = []
        if count < 2 or payoffs.ndim != count + 1 or payoffs.size == 0:
            needed = "one array for each of two players or more, one axis for each player's actions"
            problems.append(Problem(where="game, payoffs_m", found=f"shape {payoffs.shape}", needed=needed))
        if self.players and len(self.players) != count:
            problems.append(Problem(where="game, players", found=f"{len(self.players)} names", needed=f"{count}"))
        if not np.isfinite(payoffs).all():
            problems.append(Problem(where="game, payoffs_m", found="a number that is not finite", needed="finite ones"))
        if problems:
            raise InputError(problems)
        payoffs.setflags(write=False)
        object.__setattr__(self, "payoffs_m", payoffs)
        object.__setattr__(self, "players", self.players or tuple(str(i + 1) for i in range(count)))

    @property
    def actions(self) -> tuple[int, ...]:
        """How many actions each player has."""
        return self.payoffs_m.shape[1:]

    @property
    def static_equilibria(self) -> tuple[tuple[int, ...], ...]:
        """Pure profiles from which nobody gains by moving alone."""
        stays = (best_responses(self.payoffs_m) <= self.payoffs_m).all(axis=0)
        return tuple(tuple(int(a) for a in row) for row in np.argwhere(stays))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PayoffSet(Shown):
    """Average payoffs of all pure subgame-perfect equilibria, public randomisation allowed.

    Attributes:
        game, factor, transfers: the question.
        vertices_m: of the set, shape (vertices, players): counterclockwise for two players without side payments, and
            with them the point of all worst payoffs followed by the n points that give one player all there is.
        worst_m: lowest payoff of each player.
        joint_m: largest sum.
        profile: played on the best path, with side payments.
        punishments: to punish each player.
        method: named source.
        exactness: how far the answer can be off.
        certificate: what separate code found, from inside and from outside.
        outer_gap: how far an outer bound by so many half-planes reaches beyond, relative; nan where not asked for.
    """

    game: RepeatedGame
    factor: float
    transfers: bool
    vertices_m: Floats
    worst_m: tuple[float, ...]
    joint_m: float
    profile: tuple[int, ...]
    punishments: tuple[tuple[int, ...], ...]
    method: str
    exactness: str
    certificate: Checked
    outer_gap: float
    outer_directions: int = 0
