"""What an independent check of a network equilibrium says, and what it must meet."""

from __future__ import annotations

__all__ = ["Accuracy", "NetworkCertificate"]

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """What a certificate must meet.

    Attributes:
        residual: largest imbalance relative to the largest flow, and largest gain or loss per tonne that an activity,
            route, buyer, seller or stock could remove, relative to the largest price or cost.
        gap: gap between what is maximised and its dual, relative to what buyers pay and sellers spend.

    Examples:
        >>> Accuracy().gap
        1e-08
    """

    residual: float = 1e-8
    gap: float = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCertificate:
    """What independent code found about an equilibrium.

    Attributes:
        balance, bounds: largest imbalance and largest flow beyond its bounds, relative to the largest flow.
        complementarity: largest violation of "no gain left, no loss carried" over activities, routes, buyers, sellers
            and stocks, relative to the largest price or cost. worst: where it is, in words.
        gap: relative gap between primal and dual.
        tolerance: what they are held to.

    Examples:
        >>> exact = {"balance": 0.0, "bounds": 0.0, "complementarity": 0.0, "gap": 1e-3}
        >>> NetworkCertificate(**exact, worst="", tolerance=Accuracy()).holds
        False
    """

    balance: float
    bounds: float
    complementarity: float
    worst: str
    gap: float
    tolerance: Accuracy

    @property
    def residual(self) -> float:
        """Largest of imbalance, bounds and complementarity."""
        return max(self.balance, self.bounds, self.complementarity)

    @property
    def holds(self) -> bool:
        """Whether residual and gap meet the tolerance."""
        return self.residual <= self.tolerance.residual and self.gap <= self.tolerance.gap
