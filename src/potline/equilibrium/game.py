"""One market at one date as arrays: who decides, with which conduct, over which blocks of capacity.

Nothing is solved here. The solver reads a question with :mod:`potline.equilibrium.question`, the verifier with
:mod:`potline.equilibrium.asked`.
"""

from __future__ import annotations

__all__ = ["Game", "NoAnswer"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.errors import Infeasible, InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class NoAnswer(InputError, Infeasible):
    """The question is well formed but has no answer; the message says why and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Game:
    """One market as arrays; blocks are sorted by unit, then by cost.

    Attributes:
        units: who decides: an owner, or owners merged.
        unit_of_owner: shape (owners,), position in ``units``.
        theta: conduct of each unit, shape (units,); ``nan`` for a leader, whose position is ``leader`` (else -1).
        start: first block of each unit and the number of blocks, shape (units + 1,).
        plant: position in the industry's plants of each block.
        cost: avoidable cost, money/t.
        capacity: kt.
        scale, exponent: of the rising part of marginal cost, scale 0 for a step. All of shape (blocks,).
        isoelastic: demand is ``first p ** -second`` if so, else ``first - second p``, kt.
        tranche_price, tranche_kt: import tranches below the ceiling, cheapest first, ending with the ceiling's own.
        floor: price at which any quantity is exported, ``-inf`` for none.
        cap, limited: joint output cap, kt, and whom it binds, shape (units,).
        outside: kt sold by others whatever the price.
        rise_from, rise: imports that rise, ``rise (p - rise_from)`` kt above the price they begin at; 0 for none.
    """

    owners: tuple[str, ...]
    units: tuple[str, ...]
    unit_of_owner: Integers
    owner_of_plant: Integers
    theta: Floats
    leader: int
    start: Integers
    plant: Integers
    cost: Floats
    capacity: Floats
    scale: Floats
    exponent: Floats
    isoelastic: bool
    first: float
    second: float
    tranche_price: Floats
    tranche_kt: Floats
    floor: float
    cap: float
    limited: NDArray[np.bool_]
    outside: float = 0.0
    rise_from: float = math.inf
    rise: float = 0.0

    @property
    def unit(self) -> Integers:
        """The unit of each block, shape (blocks,)."""
        return np.repeat(np.arange(len(self.units)), np.diff(self.start))

    def by_unit(self, values: Floats) -> Floats:
        """Return the sum over each unit's blocks, shape (units,)."""
        return np.bincount(self.unit, values, len(self.units)).astype(np.float64)

    def demand_at(self, price: float) -> float:
        """Return the quantity demanded at a price, kt."""
        if self.isoelastic:
            return float(self.first * price**-self.second)
        return float(self.first - self.second * price)

    def slope_at(self, price: float, rising: bool = False) -> float:
        """Return ``|P'|`` where the price stands, money/t per kt; ``rising`` where imports rise with it."""
        plain = 1.0 / self.second
        if self.isoelastic:
            plain = float(price ** (1.0 + self.second) / (self.second * self.first))
        return plain / (1.0 + self.rise * plain) if rising else plain
