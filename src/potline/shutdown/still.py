r"""The prices of switching where the price has no noise, by comparing plans along the one path it takes.

Without noise the price rises, falls or stands still for ever, so that few plans can be best. One that rises: run for
ever; close; stand idle for ever; stand idle until ``p = c - h + rho R`` and then run for ever. One that falls: run
until ``p = c - h - rho E`` and then stand idle, run until ``p = c - rho X`` and then close. A running plant stops where
running a moment longer loses beside stopping and no plan that runs is better than the best that does not; idle plants
restart and close likewise. Each price is found by halving between one at which the plant switches and one at which it
does not.
"""

from __future__ import annotations

__all__ = ["still_prices"]

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from potline.shutdown.fundamental import worth_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_WIDE = 30.0


def still_prices(
    c: Floats, h: Floats, e: Floats, r: Floats, closing: Floats, *, drift: float, kappa: float, theta: float, rho: float
) -> Floats:
    """Return stopping, restart and exit price of each plant, (n, 3): 0 for never (restart: always), inf likewise.

    Args:
        c, h, e, r, closing: costs of running, standing idle, stopping, restarting and closing, (n,).
        drift, kappa, theta, rho: the law of the price without its volatility.
    """
    plans = _Plans(c, h, e, r, closing, drift, kappa, theta, rho)
    with np.errstate(all="ignore"):
        return np.stack([plans.edge(plans.stays), plans.edge(plans.restarts), plans.edge(plans.remains)], axis=1)


class _Plans:
    """What plans are worth from a log price on, one a plant, (n,)."""

    def __init__(
        self, c: Floats, h: Floats, e: Floats, r: Floats, closing: Floats, drift: float, kappa: float, theta: float,
        rho: float,
    ) -> None:  # fmt: skip
        self.c, self.h, self.e, self.r, self.closing = c, h, e, r, closing
        self.drift, self.kappa, self.theta, self.rho = drift, kappa, theta, rho
        self.level = theta + drift / kappa if kappa > 0.0 else math.copysign(math.inf, drift)
        sizes = [np.abs(item) for item in (c, h, rho * e, rho * np.where(np.isfinite(r), r, 0.0))]
        self.centre = np.log(np.maximum(np.max(sizes, axis=0), 1e-300))

    def edge(self, above: Callable[[Floats], Flags]) -> Floats:
        """Return the price above which something holds; 0 where it holds everywhere, inf where it holds nowhere."""
        low: Floats = self.centre - _WIDE
        high: Floats = self.centre + _WIDE
        always, ever = above(low), above(high)
        for _ in range(90):
            middle = 0.5 * (low + high)
            there = above(middle)
            low, high = np.where(there, low, middle), np.where(there, middle, high)
        return np.where(always, 0.0, np.where(ever, np.exp(0.5 * (low + high)), np.inf))

    def forever(self, x: Floats) -> Floats:
        """Return what running for ever from x is worth."""
        worth, _ = worth_of(x, sigma=0.0, drift=self.drift, kappa=self.kappa, theta=self.theta, rho=self.rho)
        return np.exp(worth) - self.c / self.rho

    def fade(self, x: Floats, price: Floats) -> Floats:
        """Return ``exp(-rho t)``, t the time from x until a price; 0 where it never comes, 1 where it has been."""
        y = np.log(np.maximum(price, 1e-300))
        rises = self.level > x
        passed = np.where(rises, y <= x, y >= x)
        if self.kappa == 0.0:
            years = (y - x) / self.drift if self.drift != 0.0 else np.full_like(x, np.inf)
        else:
            gone = (y - x) / (self.level - x)
            years = np.where(gone < 1.0, -np.log1p(-np.minimum(gone, 1.0)) / self.kappa, np.inf)
        return np.where(passed, 1.0, np.where(np.isfinite(years), np.exp(-self.rho * years), 0.0))

    def running(self, x: Floats) -> Floats:
        """Return the best plan that runs on: for ever, or where the price falls until running loses."""
        best = whole = self.forever(x)
        falls = self.level < x
        for price, after in (
            (self.c - self.h - self.rho * self.e, -self.e - self.h / self.rho),
            (self.c - self.rho * self.closing, -self.closing),
        ):
            y = np.maximum(np.log(np.maximum(price, 1e-300)), self.centre - 2.0 * _WIDE)
            fade = self.fade(x, price)
            until = whole + fade * (after - self.forever(np.minimum(y, x)))
            best = np.where(falls & (price > 0.0) & (fade > 0.0), np.maximum(best, until), best)
        return best

    def standing(self, x: Floats) -> Floats:
        """Return the best plan of an idle plant that does not restart now, other than closing."""
        price = self.c - self.h + self.rho * self.r
        some = np.isfinite(self.r) & (price > 0.0)
        y = np.log(np.where(some, price, 1.0))
        fade = np.where(some & (self.level > x) & (y > x), self.fade(x, np.where(some, price, 1.0)), 0.0)
        later = self.forever(np.where(fade > 0.0, y, x)) - np.where(some, self.r, 0.0)
        return -(1.0 - fade) * self.h / self.rho + np.where(fade > 0.0, fade * later, 0.0)

    def stays(self, x: Floats) -> Flags:
        """Whether a running plant runs on."""
        idle = self.standing(x)
        closes = -self.closing > idle - self.e
        pays = np.exp(x) > self.c - np.where(closes, self.rho * self.closing, self.h + self.rho * self.e)
        return pays | (self.running(x) > np.maximum(idle - self.e, -self.closing) + self._noise(x))

    def restarts(self, x: Floats) -> Flags:
        """Whether an idle plant restarts now."""
        pays = np.exp(x) >= self.c - self.h + self.rho * self.r
        return pays & (self.running(x) - self.r >= np.maximum(-self.h / self.rho, -self.closing) - self._noise(x))

    def remains(self, x: Floats) -> Flags:
        """Whether an idle plant does anything but close."""
        best = np.maximum(self.standing(x), self.running(x) - self.r)
        return best >= -self.closing - np.where(best == -self.h / self.rho, 0.0, self._noise(x))

    def _noise(self, x: Floats) -> Floats:
        """Return what rounding makes of values at x."""
        return 4e-15 * (np.abs(self.c) + np.exp(x)) / self.rho
