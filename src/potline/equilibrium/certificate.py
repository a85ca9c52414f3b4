"""What separate code says about an equilibrium of one market."""

from __future__ import annotations

__all__ = ["GAIN", "Certificate", "Uniqueness"]

from dataclasses import dataclass
from typing import Literal

from potline.equilibrium.concepts import Tolerance
from potline.showing import Short
from potline.verification import Check, all_hold

Uniqueness = Literal["proven", "unknown", "several"]
GAIN = "unilateral gain"
"""The check whose number is a share of revenue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(Short):
    """What independent code found about an answer.

    Attributes:
        checks: what was looked at. Conditions of a block, capacities, the cap, demand, trade and the slope seen are
            relative to the price (quantities to the market's size); ``unilateral gain`` to revenue.
        gain_owner: who gains most alone, empty where nobody gains.
        uniqueness: of the price and of each unit's output, ties between equal costs aside.
        tolerance: what was allowed.
    """

    checks: tuple[Check, ...]
    gain_owner: str
    uniqueness: Uniqueness
    tolerance: Tolerance

    @property
    def kkt(self) -> float:
        """The largest violation of anything but gains, relative."""
        return max((check.value for check in self.checks if check.name != GAIN), default=float("nan"), key=_nan_last)

    @property
    def gain(self) -> float:
        """The largest unilateral gain (for a conjecture: what the owner expects), relative to revenue."""
        return next((check.value for check in self.checks if check.name == GAIN), float("nan"))

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all_hold(self.checks)


def _nan_last(value: float) -> tuple[bool, float]:
    return value != value, value
