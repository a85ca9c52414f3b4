"""Coalitions of a game as its checkers read them: sums, names, and programs over all coalitions, a few at a time."""

from __future__ import annotations

__all__ = ["Programs", "mask_of", "sums"]

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FEASIBLE, _ADDED, _ROUNDS = 1e-11, 12, 400


def sums(values: Floats) -> Floats:
    """Return what every coalition has together, [2**n]; bit i of an index is player i."""
    total = np.zeros(1)
    for value in np.asarray(values, dtype=np.float64).tolist():
        total = np.concatenate([total, total + value])
    return total


def mask_of(players: tuple[str, ...], names: tuple[str, ...]) -> int:
    """Return the coalition of some players; -1 for a stranger, nobody, or names out of order."""
    if not names or not set(names) <= set(players):
        return -1
    mask = sum(1 << players.index(name) for name in set(names))
    return mask if names == tuple(p for i, p in enumerate(players) if mask >> i & 1) else -1


@dataclass(slots=True, eq=False)
class Programs:
    """Linear programs over payoffs x with ``x(S) >= v(S) - e`` for all S but nobody and all; worths of size 1.

    Only coalitions that bind are listed: those that the last answer left short are added until none is.
    """

    worth: Floats
    pool: list[int] = field(default_factory=list[int])

    def __post_init__(self) -> None:
        """Begin with each alone, and all but each."""
        n, last = self.players, self.worth.size - 1
        self.pool += sorted({1 << i for i in range(n)} | {last ^ (1 << i) for i in range(n)})

    @property
    def players(self) -> int:
        """How many there are."""
        return self.worth.size.bit_length() - 1

    def least(self, price: Floats, *, slack: float | None, whole: bool) -> float:
        """Return the least ``price x``, or with ``slack`` None the least e; nan where no end is found.

        Args:
            price: of payoffs, [n].
            slack: e, where it is given.
            whole: whether ``x(N) = v(N)``.
        """
        from scipy.optimize import linprog

        n, free = self.players, slack is None
        goal = np.append(np.zeros(n), 1.0) if free else price
        equal = np.append(np.ones(n), 0.0)[: goal.size][None, :] if whole else None
        for _ in range(_ROUNDS):
            masks = np.array(self.pool)
            rows = ((masks[:, None] >> np.arange(n)) & 1).astype(np.float64)
            system = np.hstack([rows, np.ones((masks.size, 1))]) if free else rows
            found = linprog(
                goal,
                A_ub=-system,
                b_ub=-(self.worth[masks] - (0.0 if slack is None else slack)),
                A_eq=equal,
                b_eq=[float(self.worth[-1])] if whole else None,
                bounds=(None, None),
                method="highs",
                options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
            )
            if found.x is None or found.fun is None:
                return float("nan")
            allowed = float(found.x[-1]) if free else float(slack or 0.0)
            short = (self.worth - sums(found.x[:n]))[1:-1] - allowed
            short[masks - 1] = -np.inf
            new = 1 + np.flatnonzero(short > _FEASIBLE)
            if new.size > _ADDED:
                new = new[np.argpartition(-short[new - 1], _ADDED)[:_ADDED]]
            if new.size == 0:
                return float(found.fun)
            self.pool += new.tolist()
        return float("nan")
