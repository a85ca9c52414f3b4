"""Games in coalitional form: what every group of owners can get, and what it believes the others would do.

A partition function says what a group S gets when the others are arranged in groups: ``v(S; P)``. A belief about P
turns it into one number a group, ``v(S)``:

- gamma (:class:`OutsidersAlone`): the others fall apart into single owners. Hart & Kurz (1983), Econometrica 51,
  p. 1047; its core: Chander & Tulkens (1997), International Journal of Game Theory 26, p. 379.
- delta (:class:`OutsidersTogether`): the others stay together as one group (Hart & Kurz 1983).
- alpha (:class:`OutsidersWorst`): the others group as is worst for S. It is Aumann's (1967) alpha as far as grouping
  goes: what the groups then do is already in the partition function.
"""

from __future__ import annotations

__all__ = [
    "LARGEST_PLAYERS",
    "CoalitionGame",
    "OutsidersAlone",
    "OutsidersBelief",
    "OutsidersTogether",
    "OutsidersWorst",
    "coalition_game",
]

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from potline.errors import InputError, Problem
from potline.reading import Array, Name, noun, one_of, reads
from potline.showing import Shown

Floats = NDArray[np.float64]
Group = tuple[str, ...]
PartitionFunction = Callable[[Group, tuple[Group, ...]], float]

LARGEST_PLAYERS = 20
LARGEST_WORST = 10


@noun(eq=False)
class CoalitionGame(Shown):
    """What every coalition gets if it divides by itself; payoffs can be transferred.

    Attributes:
        players: names, 20 at most.
        worth: v, float[2**n], read-only; bit i of an index is player i, ``worth[0]`` is 0.

    Raises:
        InputError: no players, too many, a name twice, the wrong number of worths, one that is not a number, or worth
            without players.

    Examples:
        >>> game = CoalitionGame(players=("A", "B"), worth=np.array([0.0, 1.0, 2.0, 9.0]))
        >>> game.of("B"), game.members(3)
        (2.0, ('A', 'B'))
    """

    players: tuple[Name, ...]
    worth: Annotated[Floats, Array()]

    def __post_init__(self) -> None:
        worth = np.array(self.worth, dtype=np.float64)
        problems = list(_problems(self.players, worth))
        if problems:
            raise InputError(problems)
        worth.flags.writeable = False
        object.__setattr__(self, "worth", worth)

    @property
    def scale(self) -> float:
        """Largest worth in absolute value; 1 where all are 0."""
        return float(np.abs(self.worth).max()) or 1.0

    @property
    def total(self) -> float:
        """Worth of all players together."""
        return float(self.worth[-1])

    @property
    def alone(self) -> Floats:
        """Worth of each player alone, float[n]."""
        return self.worth[1 << np.arange(len(self.players))]

    def mask(self, *members: str) -> int:
        """Return the index of a coalition.

        Raises:
            InputError: a name that is no player's.
        """
        known = [one_of("members", name, self.players, "a player of the game") for name in members]
        return sum(1 << self.players.index(name) for name in set(known))

    def members(self, mask: int) -> tuple[str, ...]:
        """Return the names of the members of a coalition."""
        return tuple(name for i, name in enumerate(self.players) if mask >> i & 1)

    def of(self, *members: str) -> float:
        """Return the worth of a coalition."""
        return float(self.worth[self.mask(*members)])

    def restricted(self, members: Sequence[str]) -> CoalitionGame:
        """Return the game among some of the players, in the order given."""
        index = np.zeros(1, dtype=np.int64)
        for name in members:
            index = np.concatenate([index, index | self.mask(name)])
        return CoalitionGame(players=tuple(members), worth=self.worth[index])


@dataclass(frozen=True, slots=True)
class OutsidersAlone:
    """Gamma: everybody outside acts alone."""

    def partitions(self, outsiders: Group) -> Iterator[tuple[Group, ...]]:
        """Yield the partitions thought possible; the worst of them counts."""
        yield tuple((name,) for name in outsiders)


@dataclass(frozen=True, slots=True)
class OutsidersTogether:
    """Delta: everybody outside stays in one group."""

    def partitions(self, outsiders: Group) -> Iterator[tuple[Group, ...]]:
        """Yield the partitions thought possible; the worst of them counts."""
        yield (outsiders,) if outsiders else ()


@dataclass(frozen=True, slots=True)
class OutsidersWorst:
    """Alpha: the others group as is worst for those inside."""

    def partitions(self, outsiders: Group) -> Iterator[tuple[Group, ...]]:
        """Yield the partitions thought possible; the worst of them counts."""
        if not outsiders:
            yield ()
            return
        first, rest = outsiders[0], outsiders[1:]
        for groups in self.partitions(rest):
            yield ((first,), *groups)
            for k, group in enumerate(groups):
                yield (*groups[:k], (first, *group), *groups[k + 1 :])


OutsidersBelief = OutsidersAlone | OutsidersTogether | OutsidersWorst


@reads
def coalition_game(
    players: Sequence[str], worth: PartitionFunction, *, belief: OutsidersBelief | None = None
) -> CoalitionGame:
    """Build ``v(S) = min over P thought possible of v(S; P)`` from a partition function.

    Args:
        players: names.
        worth: called with the members of S and the groups of the others; ``worth(S, ((A, B), (C,)))``.
        belief: about the others; gamma (:class:`OutsidersAlone`) unless given.

    Raises:
        InputError: as :class:`CoalitionGame`; more than 10 players with :class:`OutsidersWorst`.

    Examples:
        Three firms with price 1 - Q and no costs. When a group sells as one firm against k others it earns
        1/(k + 2)**2. One who leaves two that stay together earns as much as they do, and the core is empty.

        >>> def cournot(group, others):
        ...     return 1.0 / (len(others) + 2.0) ** 2
        >>> coalition_game(("A", "B", "C"), cournot).of("A")
        0.0625
        >>> round(coalition_game(("A", "B", "C"), cournot, belief=OutsidersTogether()).of("A"), 4)
        0.1111
    """
    names = tuple(players)
    belief = belief or OutsidersAlone()
    most = LARGEST_WORST if isinstance(belief, OutsidersWorst) else LARGEST_PLAYERS
    if len(names) > most:
        hint = "Take another belief, or merge small owners." if most < LARGEST_PLAYERS else "Merge small owners."
        raise InputError([Problem(where="players", found=f"{len(names)}", needed=f"{most} or fewer", hint=hint)])
    value = np.zeros(1 << len(names))
    for mask in range(1, value.size):
        inside = tuple(name for i, name in enumerate(names) if mask >> i & 1)
        outside = tuple(name for i, name in enumerate(names) if not mask >> i & 1)
        value[mask] = min(worth(inside, groups) for groups in belief.partitions(outside))
    return CoalitionGame(players=names, worth=value)


def _problems(players: tuple[str, ...], worth: Floats) -> Iterator[Problem]:
    n = len(players)
    if not 1 <= n <= LARGEST_PLAYERS:
        hint = "Merge small owners." if n else ""
        yield Problem(where="players", found=f"{n}", needed=f"1 to {LARGEST_PLAYERS}", hint=hint)
        return
    if len(set(players)) < n:
        twice = next(name for name in players if players.count(name) > 1)
        yield Problem(where="players", found=f"'{twice}' twice", needed="different names")
    if worth.shape != (1 << n,):
        hint = "Index 0 is nobody; bit i of an index is player i."
        yield Problem(where="worth", found=f"shape {worth.shape}", needed=f"({1 << n},) for {n} players", hint=hint)
        return
    bad = np.flatnonzero(~np.isfinite(worth))
    if bad.size:
        who = ", ".join(name for i, name in enumerate(players) if int(bad[0]) >> i & 1) or "nobody"
        yield Problem(where=f"worth of {who}", found=f"{worth[bad[0]]}", needed="a finite number")
    elif worth[0] != 0.0:
        yield Problem(where="worth of nobody", found=f"{worth[0]:g}", needed="0")
