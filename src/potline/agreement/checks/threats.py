r"""What cheating brings under each threat, as a checker adds it up: against c, the deal kept, a year.

Seen after l years and followed by p for ever, a cheat has ``(1 - f)(d - c) + f (p - c) - rho R``, f = exp(-rho l);
before a stick, the same with the stick's flows added up period by period, and one that shirks it starts it anew. Under
noise the deal V, a spell's beginning W and cheating until a spell comes D, all less p, solve with ``w = delta^T``

    V = (1 - delta)(c - p) + delta ((1 - alpha) V + alpha (W - k)),    W = w V,
    D = (1 - delta)(d - p) + delta ((1 - beta) D + beta W).
"""

from __future__ import annotations

__all__ = [
    "Stakes",
    "Triggers",
    "is_grim",
    "is_noisy",
    "is_stick",
    "stakes_of",
    "triggers_of",
    "under_grim",
    "under_noise",
    "under_stick",
]

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeGuard

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from potline.agreement.enforcement.deals import DealPayoffs
    from potline.agreement.enforcement.strategies import GreenPorter, StickAndCarrot, Strategy

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stakes:
    """What each of m members has, million a year (one-off costs: million), [m]."""

    c: Floats
    d: Floats
    p: Floats
    restart: Floats
    stick: Floats
    shirk: Floats
    punisher: Floats

    def scale(self, rate: Floats | float) -> Floats:
        """Return what is at stake at rates [..., 1]: the measure of a discrepancy."""
        sizes = [np.abs(self.c - self.p), np.abs(self.d - self.c), np.abs(self.stick - self.c)]
        return np.maximum(np.max(sizes, axis=0), np.maximum(np.asarray(rate) * self.restart, 1e-300))

    def only(self, member: int) -> Stakes:
        """Return the stakes of one member."""
        return Stakes(**{name: getattr(self, name)[member : member + 1] for name in Stakes.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Triggers:
    """How a noisy price tells a cheat: by how many standard deviations each moves it, and where the trigger may lie.

    Attributes:
        leads: of each member, [m]; from the given trigger where there is one.
        own: of the given trigger from the price in the deal, nan where the best is asked for.
        chance: given ones, of a false alarm and of detection; nan where a noise is given.
    """

    leads: Floats
    own: float
    chance: tuple[float, float]

    @property
    def free(self) -> bool:
        """Whether a trigger is chosen."""
        return math.isnan(self.own) and math.isnan(self.chance[0])

    def of(self, z: Floats) -> tuple[Floats, Floats]:
        """Return the chances of a spell at triggers z [...]: if all keep the deal, and if each cheats, [..., m]."""
        if not math.isnan(self.chance[0]):
            return np.full(z.shape, self.chance[0]), np.full((*z.shape, self.leads.size), self.chance[1])
        if not math.isnan(self.own):
            return np.full(z.shape, _below(np.array(self.own))), np.broadcast_to(
                _below(self.leads), (*z.shape, self.leads.size)
            )
        return _below(z), _below(z[..., None] + self.leads)

    def only(self, member: int) -> Triggers:
        """Return those of one member."""
        return Triggers(leads=self.leads[member : member + 1], own=self.own, chance=self.chance)


def is_grim(strategy: Strategy) -> bool:
    """Return whether a deal ends for ever with the first cheat."""
    return type(strategy).__name__ == "Grim"


def is_stick(strategy: Strategy) -> TypeGuard[StickAndCarrot]:
    """Return whether a stick follows a cheat, and then the deal again."""
    return type(strategy).__name__ == "StickAndCarrot"


def is_noisy(strategy: Strategy) -> TypeGuard[GreenPorter]:
    """Return whether only a noisy price is seen."""
    return type(strategy).__name__ == "GreenPorter"


def stakes_of(deal: DealPayoffs) -> Stakes:
    """Read the stakes of a deal; no stick is the end of the deal."""
    end = deal.stick_m or deal.punish_m
    return Stakes(
        c=np.array(deal.coordinate_m),
        d=np.array(deal.defect_m),
        p=np.array(deal.punish_m),
        restart=np.array(deal.restart_cost_m),
        stick=np.array(end),
        shirk=np.array(deal.stick_defect_m if deal.stick_m else end),
        punisher=np.array(deal.punisher_cost_m),
    )


def triggers_of(deal: DealPayoffs, strategy: GreenPorter) -> Triggers:
    """Read how prices tell a cheat."""
    if math.isnan(strategy.noise):
        none = np.zeros(len(deal.owners))
        return Triggers(leads=none, own=math.nan, chance=(strategy.false_alarm, strategy.detection))
    share = Decimal(1) if strategy.trigger is None else Decimal(strategy.trigger)
    price = share * Decimal(deal.price_per_t)
    leads = [_deviations((price / Decimal(cheat)).ln(), strategy.noise) for cheat in deal.cheat_price_per_t]
    own = math.nan if strategy.trigger is None else _deviations(share.ln(), strategy.noise)
    return Triggers(leads=np.array(leads), own=own, chance=(math.nan, math.nan))


def under_grim(stakes: Stakes, rate: Floats, lag: Floats) -> Floats:
    """Return what cheating brings at rates [N, 1] a year and lags in years."""
    seen = np.exp(-rate * lag)
    late = -np.expm1(-rate * lag)
    with np.errstate(over="ignore"):
        return late * (stakes.d - stakes.c) + seen * (stakes.p - stakes.c) - rate * stakes.restart


def under_stick(stakes: Stakes, rate: Floats, period: float, unseen: int, periods: int) -> Floats:
    """Return the most that cheating or shirking brings at rates [N, 1], a stick of some periods after some unseen."""
    factor = np.exp(-rate * period)
    first = -np.expm1(-rate * period)
    weights = [first * (factor ** np.arange(count)).sum(axis=1, keepdims=True) for count in (unseen, periods)]
    stick = weights[1] * (stakes.stick - stakes.c)
    later = factor**unseen
    cheat = weights[0] * (stakes.d - stakes.c) + later * stick - rate * stakes.restart
    shirk = weights[0] * (stakes.shirk - stakes.c) + later * stick - stick
    return np.maximum(cheat, shirk)


def under_noise(
    stakes: Stakes, chances: tuple[Floats, Floats], left: Floats, rate: Floats | float, period: float
) -> tuple[Floats, Floats]:
    """Return what the deal is worth, and the least of what keeping it and what signing it brings, [..., m].

    Args:
        chances: alpha [...] and beta [..., m].
        left: ``w`` of a spell, what is left of a payoff after it, [...].
        rate: [...].
        period: in years.
    """
    alpha, beta, left = chances[0][..., None], chances[1], np.asarray(left)[..., None]
    rate = np.asarray(rate, dtype=np.float64)[..., None]
    factor, first = np.exp(-rate * period), -np.expm1(-rate * period)
    begins = factor * alpha * rate * stakes.punisher
    deal = (first * (stakes.c - stakes.p) - begins) / (first + factor * alpha * (1.0 - left))
    cheat = (first * (stakes.d - stakes.p) + factor * beta * left * deal) / (first + factor * beta)
    return stakes.p + deal, np.minimum(deal - cheat + rate * stakes.restart, deal)


def _below(level: Floats) -> Floats:
    """Return the chance that a standard normal number is below a level."""
    from scipy.special import erfc

    return np.asarray(0.5 * erfc(-level / math.sqrt(2.0)), dtype=np.float64)


def _deviations(log: Decimal, noise: float) -> float:
    """Return a log in standard deviations: without end at no noise, but for a log of 0."""
    if noise == 0.0:
        return math.copysign(math.inf, log) if log else 0.0
    return float(log / Decimal(noise))
