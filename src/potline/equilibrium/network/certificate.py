"""What an independent check of a network equilibrium says, and what it must meet."""

from __future__ import annotations

__all__ = ["Accuracy", "NetworkCertificate"]

from dataclasses import dataclass

from potline.equilibrium.certificate import Uniqueness
from potline.reading import Positive, noun
from potline.showing import Short
from potline.verification import Check, all_hold, failed


@noun
class Accuracy:
    """What a certificate must meet.

    Attributes:
        residual: largest imbalance relative to the largest flow, and largest gain or loss per tonne that an activity,
            route, buyer, seller or stock could remove, relative to the largest price or cost.
        gap: gap between what is maximised and its dual, relative to what buyers pay and sellers spend.
        foresight: largest gain per tonne of a seller who foresees derived demand, relative to the largest price.

    Examples:
        >>> Accuracy().gap
        1e-08
    """

    residual: Positive = 1e-8
    gap: Positive = 1e-8
    foresight: Positive = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCertificate(Short):
    """What independent code found about an equilibrium.

    Attributes:
        balance, bounds: largest imbalance and largest flow beyond its bounds, relative to the largest flow.
        imbalance_kt: the former in kt.
        complementarity: largest violation of "no gain left, no loss carried" over activities, routes, buyers, sellers
            and stocks, relative to the largest price or cost.
        worst, worst_per_t: where it is, in words, and money/t.
        gap: relative gap between primal and dual; None where no program has these conditions.
        foresight: largest gain per tonne, relative to the largest price, of a seller who foresees derived demand, by
            bringing a little more or less, the chain downstream solved again; 0 where nobody foresees anything.
        uniqueness: ``proven`` where the conditions are monotone and no other quantities go with the same prices;
            ``several`` where some do (then what buyers with a sloped demand take is still unique); else ``unknown``.
        tolerance: what they are held to.
        others: rows of what else is stated: sellers and markets, prices of price takers, the potential.

    Examples:
        >>> exact = {"balance": 0.0, "bounds": 0.0, "complementarity": 0.0, "worst_per_t": 0.0, "imbalance_kt": 0.0}
        >>> rest = {"worst": "", "foresight": 0.0, "uniqueness": "unknown", "tolerance": Accuracy()}
        >>> NetworkCertificate(**exact, **rest, gap=1e-3).holds, NetworkCertificate(**exact, **rest, gap=None).holds
        (False, True)
    """

    balance: float
    bounds: float
    complementarity: float
    worst: str
    worst_per_t: float
    imbalance_kt: float
    gap: float | None
    foresight: float
    uniqueness: Uniqueness
    tolerance: Accuracy
    others: tuple[Check, ...] = ()

    @property
    def residual(self) -> float:
        """Largest of imbalance, bounds and complementarity; not a number where one of them is none."""
        parts = (self.balance, self.bounds, self.complementarity)
        return max(parts, key=lambda value: (value != value, value))

    @property
    def checks(self) -> tuple[Check, ...]:
        """What was looked at."""
        allowed = self.tolerance
        rows = [
            Check(name="balance", value=self.balance, tolerance=allowed.residual, unit="of the largest flow"),
            Check(name="bounds", value=self.bounds, tolerance=allowed.residual, unit="of the largest flow"),
            Check(
                name="complementarity", value=self.complementarity, tolerance=allowed.residual,
                unit="of the largest price", method=f"no gain left, no loss carried; worst at {self.worst or 'none'}",
            ),
            Check(name="foresight", value=self.foresight, tolerance=allowed.foresight, unit="of the largest price"),
        ]  # fmt: skip
        if self.gap is not None:
            rows.append(Check(name="gap", value=self.gap, tolerance=allowed.gap, unit="of turnover"))
        return (*rows, *self.others)

    @property
    def holds(self) -> bool:
        """Whether residual, gap, foresight and everything else meet the tolerance."""
        return all_hold(self.checks)

    @property
    def words(self) -> str:
        """What was found and allowed, and what to do about it."""
        allowed = self.tolerance
        others = failed(self.others)
        also = f"; also wrong: {', '.join(others)}" if others else ""
        gap = "" if self.gap is None else f", gap {self.gap:.1e} (allowed {allowed.gap:.0e})"
        if self.foresight > allowed.foresight:
            return (
                f"a seller who foresees derived demand gains {self.foresight:.1e} of the price per tonne by bringing a "
                f"little more or less (allowed {allowed.foresight:.0e}). Give the activities that buy there a "
                'cost_slope, or the stage a price_fall_per_kt; use check="report" to see the answer.'
            )
        return (
            f"imbalance {self.balance:.1e}, bounds {self.bounds:.1e}, complementarity {self.complementarity:.1e} at "
            f"{self.worst or 'nowhere'} ({self.worst_per_t:.2g} per t; allowed {allowed.residual:.0e}){gap}{also}. Use "
            'check="report" to see it, and please report the network.'
        )
