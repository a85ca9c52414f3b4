r"""Check stopping, restart and exit prices from those prices alone: code that shares nothing with the solver.

Three prices fix a policy, and a policy has values: while nothing is switched, ``V_run = F - c / rho + B phi`` and
``V_idle = -h / rho + A psi + C phi`` with the solutions of :mod:`potline.shutdown.fundamental`, and A, B and C follow
from *value matching* at the three prices, which are linear equations. The policy is the best one exactly if

    the slopes of the two values are equal where one switches into the other,
    each value is worth more than switching beside that price and never less anywhere,
    switching loses nothing beside waiting a moment: p_stop <= c - h - rho E (closing: c - rho X), p_restart >= c - h +
    rho R, rho X <= h,

and p_exit < p_stop < p_restart (Dixit and Pindyck 1994, chapter 7). A jump of the slope over the jump of the curvature
is how far a price stands from where it should be. What following the prices can give away is at most
``2 r / rho + shortfall + jump sigma^2 / (2 sqrt(m^2 + 2 rho sigma^2))``, r being what switching loses a year.
"""

from __future__ import annotations

__all__ = ["SwitchingCertificate", "verify_switching"]

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.showing import Short
from potline.shutdown.policy import Claim, PolicyValues
from potline.shutdown.still import still_prices
from potline.verification import Check, all_hold

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_STILL = 1e-6
_NAMES = (
    ("order of the prices", "exit below stop below restart"),
    ("equal slopes", "jump of the slope over that of the curvature, at each price"),
    ("waiting", "value less that of switching, beside each price and over the range"),
    ("switching", "what switching loses beside waiting a moment"),
    ("value given away", "2 r / rho + shortfall + kink"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SwitchingCertificate(Short):
    """What independent code found about stopping, restart and exit prices; arrays (n,), one a plant.

    Attributes:
        order_share: by how much the prices stand in the wrong order, share of the price.
        distance_share: how far a price stands from where slopes are equal, share of it; inf where waiting beside it is
            not worth more than switching.
        shortfall_per_t: largest shortfall of a value below the value of switching, money per t/y.
        haste_per_t: what switching at a price loses beside waiting a moment, money/t a year.
        bound_per_t: the most that following the prices can give away, money per t/y.
        scale_per_t: the size the last three are compared with: the largest cost or price over the discount rate.
        tolerance: the largest share allowed.
        others: what else was looked at of an answer that states more than prices.
    """

    order_share: Floats
    distance_share: Floats
    shortfall_per_t: Floats
    haste_per_t: Floats
    bound_per_t: Floats
    scale_per_t: Floats
    tolerance: float
    others: tuple[Check, ...] = ()

    @property
    def worst_per_t(self) -> float:
        """The largest bound of any plant, money per t/y."""
        return float(np.max(self.bound_per_t))

    @property
    def checks(self) -> tuple[Check, ...]:
        """What was looked at, the worst plant of each."""
        rows = zip(_NAMES, self._shares, strict=True) if self.scale_per_t.size else ()
        return (
            *(
                Check(name=name, value=float(np.max(values)), tolerance=self.tolerance, method=method)
                for (name, method), values in rows
            ),
            *self.others,
        )

    @property
    def worst_plant(self) -> int:
        """The plant whose prices are furthest off."""
        return int(np.argmax(self._shares.max(axis=0)))

    def part(self, rows: slice) -> SwitchingCertificate:
        """Return the certificate of some of the plants."""
        fields = (field.name for field in dataclasses.fields(self) if field.name not in ("tolerance", "others"))
        return dataclasses.replace(self, **{name: getattr(self, name)[rows] for name in fields})

    @property
    def _shares(self) -> Floats:
        money = (self.shortfall_per_t, self.haste_per_t, self.bound_per_t)
        return np.stack([self.order_share, self.distance_share, *(item / self.scale_per_t for item in money)])

    @property
    def holds(self) -> bool:
        """Whether every plant meets the tolerance."""
        return all_hold(self.checks)


def verify_switching(
    *,
    running_cost: Floats,
    holding_cost: Floats,
    stop_cost: Floats,
    restart_cost: Floats,
    exit_cost: Floats,
    sigma: Floats,
    drift: Floats,
    kappa: Floats,
    theta: Floats,
    discount_rate: Floats,
    thresholds: Floats,
    closes: NDArray[np.int64] | None = None,
    tolerance: float = 1e-6,
) -> SwitchingCertificate:
    """Return the certificate of claimed prices.

    Args:
        running_cost, holding_cost, stop_cost, restart_cost, exit_cost: c, h, E, R, X of each plant, (n,).
        sigma, drift, kappa, theta, discount_rate: the law of the price for each plant, (n,).
        thresholds: claimed stopping, restart and exit price, (n, 3); 0 and inf for never and always.
        closes: 1 where a plant that stops closes for good, 0 where it goes idle, (n,); -1, or nothing, for either.
        tolerance: the largest share allowed.
    """
    costs = np.stack([running_cost, holding_cost, stop_cost, restart_cost, exit_cost]).astype(np.float64)
    laws = np.stack(np.broadcast_arrays(sigma, drift, kappa, theta, discount_rate), axis=1).astype(np.float64)
    said = np.full(running_cost.size, -1) if closes is None else closes
    known, which = np.unique(laws, axis=0, return_inverse=True)
    parts = np.full((6, running_cost.size), np.nan)
    for row, law in enumerate(known):
        mine = np.flatnonzero(which.ravel() == row)
        claim = Claim(
            **dict(zip(("c", "h", "e", "r", "closing"), costs[:, mine], strict=True)),
            closes=said[mine] > 0, price=np.asarray(thresholds, dtype=np.float64)[mine],
            **dict(zip(("sigma", "drift", "kappa", "theta", "rho"), law.tolist(), strict=True)),
        )  # fmt: skip
        parts[:, mine] = _examined(claim)
        either = (said[mine] < 0) & np.isfinite(claim.closing)
        if either.any():
            other = _examined(dataclasses.replace(claim, closes=claim.closes | either))
            better = either & (other[:5].max(axis=0) < parts[:5, mine].max(axis=0))
            parts[:, mine] = np.where(better, other, parts[:, mine])
    order, distance, shortfall, haste, bound, scale = parts
    return SwitchingCertificate(
        order_share=order,
        distance_share=distance,
        shortfall_per_t=shortfall,
        haste_per_t=haste,
        bound_per_t=bound,
        scale_per_t=scale,
        tolerance=tolerance,
    )


def _examined(claim: Claim) -> Floats:
    """Return order, distance, shortfall, haste, bound and scale of plants of one law, (6, n)."""
    scale = claim.unit / claim.rho
    known = bool(np.all(np.isfinite([claim.sigma, claim.drift, claim.kappa, claim.theta, claim.rho])))
    if not known or not claim.rho > 0.0 or not (claim.kappa > 0.0 or claim.rho > claim.drift):
        return np.full((6, claim.c.size), np.nan)
    if claim.sigma <= _STILL * max(1.0, (2.0 * claim.kappa) ** 0.5):
        costs = (claim.c, claim.h, claim.e, claim.r, claim.closing)
        right = still_prices(*costs, drift=claim.drift, kappa=claim.kappa, theta=claim.theta, rho=claim.rho)
        with np.errstate(invalid="ignore"):
            apart = np.where(right == claim.price, 0.0, np.abs(right - claim.price) / claim.unit[:, None]).max(axis=1)
        nothing = np.zeros_like(apart)
        return np.stack([nothing, apart, nothing, nothing, nothing, scale])
    values = PolicyValues(claim)
    distance, kink = values.slopes()
    shortfall = values.shortfall()
    haste = _haste(claim)
    bound = 2.0 * haste / claim.rho + shortfall + kink
    return np.stack([_order(claim), distance, shortfall, haste, bound, scale])


def _order(claim: Claim) -> Floats:
    """Return by how much prices stand in the wrong order, share of the largest."""
    stop, restart, leave = claim.price.T
    idles = ~claim.closes & (stop > 0.0)
    with np.errstate(invalid="ignore"):
        wrong = [-stop, -restart, -leave, stop - restart, np.where(idles, leave - stop, 0.0)]
        wrong.append(np.where(np.isinf(leave) & np.isinf(restart), 0.0, leave - restart))
    return np.max([np.zeros_like(stop), *wrong], axis=0) / claim.unit


def _haste(claim: Claim) -> Floats:
    """Return what switching at the prices loses a year beside waiting a moment, and never switching beside doing so."""
    stop, restart, leave = claim.price.T
    idle, close = claim.c - claim.h - claim.rho * claim.e, claim.c - claim.rho * claim.closing
    again, saved = claim.c - claim.h + claim.rho * claim.r, claim.h - claim.rho * claim.closing
    # Without reversion every price comes some day, however low or high.
    every = claim.kappa == 0.0
    never = np.maximum(idle, close) if every else np.zeros_like(idle)
    fixed = np.where(np.isfinite(restart), restart, 0.0)
    stops = np.where(stop > 0.0, stop - np.where(claim.closes, close, idle), never)
    restarts = np.where(restart > 0.0, again - fixed, again)
    restarts = np.where(np.isinf(restart), np.where(np.isfinite(claim.r) & every, claim.unit, 0.0), restarts)
    leaves = np.where(leave > 0.0, -saved, np.where((restart > 0.0) & every, saved, 0.0))
    return np.max([np.zeros_like(stop), stops, restarts, leaves], axis=0)
