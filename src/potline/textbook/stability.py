"""Which cartels of an industry hold: every coalition with its price, profits and slacks."""

from __future__ import annotations

__all__ = ["CartelStability"]

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import NOTHING, Certificate
from potline.equilibrium.concepts import Avoidable, Follower
from potline.industry import Industry
from potline.numerics.coalitions.market import CoalitionMarket
from potline.showing import Shown

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CartelStability(Shown):
    """Every coalition, one row for all that differ only in which of identical owners belong.

    Attributes:
        owners: names; the second axis of ``coalitions`` and ``profit_m``.
        leads: the cartel moves first.
        kind: int[owners], owners of one kind are identical: same conduct, same plants.
        coalitions: bool[count, owners], membership; row 0 is no coalition.
        number: float[count], coalitions that the row stands for.
        size: int[count], members that cut something: one whose joining changes no profit is none, nor is a lone one
            that sells nothing.
        price_per_t: float[count].
        profit_m: float[count, owners], millions a year.
        profitable: bool[count], members together earn at least what they do in row 0.
        internal_slack_m: float[count], least of what a member would lose by leaving; inf without members.
        external_slack_m: float[count], least of what an outsider would lose by joining; inf without outsiders.
        internally_stable, externally_stable: bool[count], no slack below 0 beyond rounding.
        tolerance: relative difference of two profits that counts as a tie.
        industry, fringe, avoidable: the question; None where ``market`` was given as arrays.
        seed: of what is drawn.
        certificate: what separate code found.
    """

    owners: tuple[str, ...]
    leads: bool
    kind: Integers
    coalitions: Flags
    number: Floats
    size: Integers
    price_per_t: Floats
    profit_m: Floats
    profitable: Flags
    internal_slack_m: Floats
    external_slack_m: Floats
    internally_stable: Flags
    externally_stable: Flags
    tolerance: float
    industry: Industry | None = field(default=None, repr=False)
    fringe: Follower | None = None
    avoidable: Avoidable | None = field(default=None, repr=False)
    market: CoalitionMarket | None = field(default=None, repr=False)
    seed: int = 0
    certificate: Certificate = NOTHING

    @property
    def stable(self) -> Flags:
        """bool[count], internally and externally stable."""
        return self.internally_stable & self.externally_stable

    @property
    def stable_sizes(self) -> tuple[int, ...]:
        """Sizes, 1 or more, of stable coalitions; size 1 is no cartel."""
        return self._sizes(self.stable, 1)

    @property
    def internally_stable_sizes(self) -> tuple[int, ...]:
        """Sizes, 1 or more, of internally stable coalitions."""
        return self._sizes(self.internally_stable, 1)

    @property
    def externally_stable_sizes(self) -> tuple[int, ...]:
        """Sizes, 1 or more, of externally stable coalitions."""
        return self._sizes(self.externally_stable, 1)

    @property
    def profitable_sizes(self) -> tuple[int, ...]:
        """Sizes, 2 or more, of profitable coalitions."""
        return self._sizes(self.profitable, 2)

    @property
    def smallest_profitable_size(self) -> int | None:
        """Least size of a profitable coalition of two or more; None where there is none."""
        return min(self.profitable_sizes, default=None)

    def members(self, row: int) -> tuple[str, ...]:
        """Return the names of the members of a row's coalition."""
        return tuple(name for name, inside in zip(self.owners, self.coalitions[row], strict=True) if inside)

    def _sizes(self, which: Flags, least: int) -> tuple[int, ...]:
        return tuple(int(size) for size in np.unique(self.size[which & (self.size >= least)]))
