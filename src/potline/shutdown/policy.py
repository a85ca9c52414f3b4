r"""What following claimed prices of stopping, restarting and closing is worth: a verifier's values.

While nothing is switched ``V_run = F - c / rho + B phi`` and ``V_idle = -h / rho + A psi + C phi``. Value matching at
the three prices is linear in A, B and C: ``V_run = V_idle - E`` (or ``-X``) at the stopping, ``V_idle = V_run - R`` at
the restart and ``V_idle = -X`` at the exit price.
"""

from __future__ import annotations

__all__ = ["Claim", "PolicyValues"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.shutdown.fundamental import Solution, basis_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_NARROW = 2e-6
_NOWHERE = 5e-7
_REACH = 4.0
_BESIDE = 0.01
_POINTS = 15
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Claim:
    """Costs of plants of one law (n,), what they are said to do, and where their prices stand as logs."""

    c: Floats
    h: Floats
    e: Floats
    r: Floats
    closing: Floats
    closes: Flags
    price: Floats  # (n, 3)
    sigma: float
    drift: float
    kappa: float
    theta: float
    rho: float

    @property
    def unit(self) -> Floats:
        """The largest cost or price of each plant, money/t."""
        rates = [self.rho * np.where(np.isfinite(item), item, 0.0) for item in (self.e, self.r, self.closing)]
        known = np.where(np.isfinite(self.price), self.price, 0.0)
        sizes: Floats = np.max(np.abs([self.c, self.h, *rates, *known.T]), axis=0)
        return np.maximum(sizes, 1e-300)


class PolicyValues:
    """What following the claimed prices is worth, and how values meet at them."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        with np.errstate(all="ignore"):
            x = np.log(claim.price)
        self.has = np.isfinite(x)
        self.x0 = np.log(np.maximum(claim.c, 1e-3 * (np.abs(claim.c) + claim.h)).clip(min=1e-300))
        self.x0 = np.where(claim.c + claim.h > 0.0, self.x0, np.log(claim.unit))
        self.x = np.where(self.has, x, self.x0[:, None])
        ends = np.nan_to_num(np.concatenate([self.x.ravel(), self.x0 - _REACH, self.x0 + _REACH]), nan=0.0)
        low, high = float(ends.min()) - 1.0, float(ends.max()) + 1.0
        # Logs of solutions hold as many digits as their argument, the distance in standard deviations at rest, leaves.
        self.rounding = _ROUNDING + 4e-16 * (2.0 * claim.kappa) ** 0.5 / claim.sigma * (high - low)
        law = (claim.sigma, claim.drift, claim.kappa, claim.theta, claim.rho)
        self.basis = basis_of(*law, low=low, high=high, points=(_POINTS + 9) * claim.c.size)
        self.psi, self.rises = self.basis.psi.value(self.x), self.basis.psi.slope(self.x)
        self.phi, self.falls = self.basis.phi.value(self.x), self.basis.phi.slope(self.x)
        self.worth = np.exp(self.basis.worth.value(self.x))
        self.gains = self.worth * self.basis.worth.slope(self.x)
        with np.errstate(all="ignore"):
            self._match()

    def _match(self) -> None:
        """Solve value matching: B phi at the stopping price, A psi at the restart price, C phi at the exit price."""
        claim, (has_s, has_r, has_e) = self.claim, self.has.T
        psi_s, psi_r, psi_e = self.psi.T
        phi_s, phi_r, phi_e = self.phi.T
        ran, stood = claim.c / claim.rho, claim.h / claim.rho
        idles = has_s & ~claim.closes
        band = np.cbrt(0.75 * claim.sigma**2 * (claim.e + claim.r) / (claim.c - claim.h))
        self.narrow = idles & has_r & (band < _NARROW)
        self.band = np.where(self.narrow, band, 0.0)
        # A plant that idles: gap g = V_run - V_idle is -E at the stopping and R at the restart price.
        first = -claim.e - self.worth[:, 0] + ran - stood
        up, fall = _fade(psi_s - psi_r), _fade(phi_r - phi_s)
        second = np.where(self.narrow, -self.gains[:, 0], claim.r - self.worth[:, 1] + ran - stood)
        left, right = np.where(self.narrow, self.falls[:, 0], fall), np.where(self.narrow, -self.rises[:, 0], -1.0)
        det = right + up * left
        gap = np.where(has_r, (first * right + up * second) / det, first)
        rise = np.where(has_r, (second - left * first) / det, 0.0)
        leave = np.where(has_e, stood - claim.closing - rise * _fade(psi_e - psi_r), 0.0)
        run = np.where(idles, gap + leave * _fade(phi_s - phi_e), 0.0)
        # A plant that closes when it stops, or never stops: its running value is known, the idle one follows.
        run = np.where(has_s & claim.closes, ran - claim.closing - self.worth[:, 0], run)
        after = self.worth[:, 1] - ran + np.where(has_s, run * fall, 0.0) - claim.r + stood
        before, back = _fade(psi_e - psi_r), _fade(phi_r - phi_e)
        pair = (after - back * (stood - claim.closing)) / (1.0 - before * back)
        other = np.where(has_r, np.where(has_e, pair, after), 0.0)
        self.b = run
        self.a = np.where(idles, rise, other)
        self.c = np.where(idles, leave, np.where(has_e, stood - claim.closing - other * before, 0.0))
        # Hardly a price between leaving and restarting: the idle plant waits nowhere.
        self.nowhere = has_e & has_r & ~idles & (self.x[:, 1] - self.x[:, 2] <= _NOWHERE)
        self.a, self.c = (np.where(self.nowhere, 0.0, part) for part in (self.a, self.c))

    def slopes(self) -> tuple[Floats, Floats]:
        """Return how far prices stand from equal slopes, and the value of the kinks there, each the worst of three."""
        claim, (has_s, _, _) = self.claim, self.has.T
        idles = has_s & ~claim.closes
        with np.errstate(all="ignore"):
            run = self.gains + self.falls * np.where(has_s, self.b, 0.0)[:, None] * self._ratio(self.phi, 0)
            idle = self.a[:, None] * self.rises * self._ratio(self.psi, 1)
            idle = idle + self.c[:, None] * self.falls * self._ratio(self.phi, 2)
            jump = np.stack([run[:, 0] - np.where(idles, idle[:, 0], 0.0), idle[:, 1] - run[:, 1], idle[:, 2]], axis=1)
            # What rounding makes of a slope, which counts where there is hardly any noise and solutions are steep.
            steepest = np.maximum(np.abs(self.rises), np.abs(self.falls))
            # Where the price reverts to many times the costs a value is a small difference of the price's own worth.
            noise = self.rounding * np.maximum((claim.unit / claim.rho)[:, None], self.worth) * steepest
            jump = np.sign(jump) * np.maximum(np.abs(jump) - noise, 0.0)
            trend = claim.drift - 0.5 * claim.sigma**2 + claim.kappa * (claim.theta - self.x)
            rho, p = claim.rho, np.exp(self.x)
            flow = np.stack(
                [
                    np.where(idles, claim.c - claim.h - rho * claim.e, claim.c - rho * claim.closing) - p[:, 0],
                    p[:, 1] - (claim.c - claim.h + rho * claim.r),
                    np.asarray(claim.h - rho * claim.closing),
                ],
                axis=1,
            )
            bend = 2.0 / claim.sigma**2 * (flow - trend * jump)
            distance = np.where(bend > 0.0, np.abs(jump) / bend, np.where(np.isnan(bend), np.nan, np.inf))
            reach = 0.5 * claim.sigma**2 / np.sqrt(trend**2 + 2.0 * rho * claim.sigma**2)
            kink = np.where(self.has, np.abs(jump) * reach, 0.0)
            edges = np.stack([claim.c - claim.h - rho * claim.e, claim.c - claim.h + rho * claim.r], axis=1)
            apart = np.maximum(np.abs(p[:, :2] / edges - 1.0) - 2.0 * self.band[:, None], 0.0)
        distance[:, :2] = np.where(self.narrow[:, None], apart, distance[:, :2])
        kink[:, :2] = np.where(self.narrow[:, None], 0.0, kink[:, :2])
        with np.errstate(all="ignore"):
            apart, loss = self._at_once(run[:, 1:], trend[:, 1:])
        distance[:, 1:] = np.where(self.nowhere[:, None], apart, distance[:, 1:])
        kink[:, 1:] = np.where(self.nowhere[:, None], loss, kink[:, 1:])
        distance = np.where(self.has, distance, 0.0)
        distance = np.where(np.isnan(claim.price), np.nan, distance)
        return distance.max(axis=1), kink.max(axis=1)

    def _at_once(self, slope: Floats, trend: Floats) -> tuple[Floats, Floats]:
        """Return how far restart and exit price of a plant that waits nowhere are off, and what not waiting loses.

        It restarts or closes where ``V_run - R = -X``. Beside that price waiting pays over a distance w of log price,
        from ``V = -X, V' = 0`` where ``sigma^2 V'' / 2 = h - rho X - trend V'`` to where V' is the slope of V_run: w
        must be nothing to the tolerance. A plant that restarts at no cost does so where a running one closes.
        """
        claim = self.claim
        value = self.worth - (claim.c / claim.rho)[:, None]
        value = value + np.where(self.has[:, 0], self.b, 0.0)[:, None] * self._ratio(self.phi, 0)
        price = np.exp(self.x[:, 1:])
        miss: Floats = (claim.r - claim.closing)[:, None] - value[:, 1:]
        noise = self.rounding * ((np.abs(claim.c)[:, None] + price) / claim.rho + claim.r[:, None])
        miss = np.sign(miss) * np.maximum(np.abs(miss) - noise, 0.0)
        # How far the root of value and slope is, with the curvature of V_run where the slope is next to nothing.
        bend = 2.0 / claim.sigma**2 * (claim.rho * value[:, 1:] - trend * slope - price + claim.c[:, None])
        root: Floats = np.sqrt(np.maximum(slope**2 + 2.0 * bend * miss, 0.0))
        near: Floats = np.where(slope > 0.0, 2.0 * miss / (slope + root), (root - slope) / bend)
        off = np.where(bend > 0.0, np.abs(near), np.where(slope > 0.0, np.abs(miss / slope), np.inf))
        off = np.where(miss == 0.0, 0.0, off)
        cost = (claim.h - claim.rho * claim.closing)[:, None]
        share = 2.0 * trend / claim.sigma**2
        part = share * slope / (2.0 * cost / claim.sigma**2)
        wait = np.where(np.abs(part) > 1e-9, -np.log1p(-part) / share, 0.5 * claim.sigma**2 * slope / cost)
        wait = np.where((cost > 0.0) & (part < 1.0), wait, np.inf)
        free = (claim.r <= 0.0)[:, None]
        together = np.abs(np.exp(self.x[:, 1:] - self.x[:, :1]) - 1.0)
        return np.where(free, together, np.maximum(off, wait)), np.where(free, 0.0, slope * wait)

    def _ratio(self, logs: Floats, column: int) -> Floats:
        """Return a solution at each price over that at one of them."""
        return _fade(logs - logs[:, column : column + 1])

    def shortfall(self) -> Floats:
        """Return the largest shortfall of a value below that of switching, over the range and beside each price."""
        claim = self.claim
        known = np.concatenate([self.x, self.x0[:, None]], axis=1)
        low, high = known.min(axis=1) - 1.0, known.max(axis=1) + 1.0
        if claim.kappa > 0.0:
            low, high = np.maximum(low, self.x0 - _REACH), np.minimum(high, self.x0 + _REACH)
        x = np.concatenate(
            [np.linspace(low, high, _POINTS, axis=1), self.x - _BESIDE, self.x + _BESIDE]
            + ([low[:, None] - 2.0, low[:, None] - 6.0, high[:, None] + 2.0] if claim.kappa == 0.0 else []),
            axis=1,
        )
        with np.errstate(all="ignore"):
            run, idle = self.at(x)
            e, r, gone = claim.e[:, None], claim.r[:, None], -claim.closing[:, None]
            short = np.maximum(np.maximum(idle - e, gone) - run, np.maximum(run - r, gone) - idle)
        return np.maximum(short.max(axis=1), 0.0)

    def at(self, x: Floats) -> tuple[Floats, Floats]:
        """Return the values of following the prices, running and idle, at log prices (n, m)."""
        claim, (has_s, has_r, has_e) = self.claim, self.has.T
        stop, restart, leave = claim.price.T[:, :, None]
        x_s, x_r, x_e = self.x.T[:, :, None]

        def ratio(solution: Solution, ends: Floats, at: Floats) -> Floats:
            return _fade(solution.value(at) - ends[:, None])

        psi, phi = self.basis.psi, self.basis.phi
        gone = -claim.closing[:, None]
        run = np.exp(self.basis.worth.value(x)) - (claim.c / claim.rho)[:, None]
        run = run + np.where(has_s, self.b, 0.0)[:, None] * ratio(phi, self.phi[:, 0], np.maximum(x, x_s))
        idle = -(claim.h / claim.rho)[:, None] + np.where(has_r, self.a, 0.0)[:, None] * ratio(
            psi, self.psi[:, 1], np.minimum(x, x_r)
        )
        idle = idle + np.where(has_e, self.c, 0.0)[:, None] * ratio(phi, self.phi[:, 2], np.maximum(x, x_e))
        starts = (restart == 0.0) | (has_r[:, None] & (x >= x_r))
        idle = np.where(starts, run - claim.r[:, None], idle)
        idle = np.where((leave == np.inf) | (has_e[:, None] & (x <= x_e)), gone, idle)
        stopped = np.where(claim.closes[:, None], gone, np.maximum(idle - claim.e[:, None], gone))
        return np.where((stop > 0.0) & (x < x_s), stopped, run), idle


def _fade(exponent: Floats) -> Floats:
    """Return ``exp``, below overflow: exponents are 0 or less unless prices stand in the wrong order."""
    return np.exp(np.minimum(exponent, 300.0))
