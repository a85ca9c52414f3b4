"""The prize: how far the price is expected to rise when output falls by q (model, section 3). A slow, plain reference.

Nothing here imports the code that solves. The rise from a fall of output q is the difference of two clearings of one
market at the same headroom H between today's price and import parity. Below parity nothing comes; above it imports rise
by m kt for each unit of money per t:

    u(q; H) = [b q + b m min(max(H, 0), b q)] / (1 + b m),                b = p0 / (elasticity Q0)

Over the term H is normal, N(mu_H, sigma_H^2), and what counts is the expected rise

    u(q) = [b q + b m (C(0) - C(b q))] / (1 + b m),    C(k) = E max(H - k, 0)
         = (mu_H - k) Phi((mu_H - k) / sigma_H) + sigma_H phi((mu_H - k) / sigma_H).

Limits: m = 0: b q. m infinite (a flat ceiling): C(0) - C(b q). sigma_H = 0: C(k) = max(mu_H - k, 0). Isoelastic demand
and a case's own import tranches are answered with sigma_H = 0 only. Prices and rises are money/t, quantities kt/year.
"""

from __future__ import annotations

__all__ = ["Prize", "bisected"]

import math
from collections.abc import Callable
from dataclasses import dataclass

HALVINGS = 200


def bisected(reached: Callable[[float], bool], low: float, high: float) -> float:
    """Return the least number at which ``reached`` is true, to the last bit; it is true at ``high``."""
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


@dataclass(frozen=True, kw_only=True)
class Prize:
    """Demand, and the imports that answer a rise.

    Attributes:
        price_per_t, quantity_kt, elasticity: the point demand runs through. isoelastic: else linear.
        import_slope: m, kt per money/t above parity; 0 for no imports, ``inf`` for a flat ceiling.
        headroom_per_t: mu_H. headroom_spread_per_t: sigma_H.
        tranches: (price, kt) of the case's own steps of import supply, in place of the slope.
    """

    price_per_t: float
    quantity_kt: float
    elasticity: float
    isoelastic: bool = False
    import_slope: float = 0.0
    headroom_per_t: float = math.inf
    headroom_spread_per_t: float = 0.0
    tranches: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what the model refuses: a spread together with isoelastic demand or with tranches."""
        if self.headroom_spread_per_t > 0.0 and (self.isoelastic or self.tranches):
            raise ValueError("a spread of the headroom needs linear demand and no import tranches of the case")
        if self.tranches and self.import_slope > 0.0:
            raise ValueError("import tranches stand in place of an import slope")

    @property
    def slope(self) -> float:
        """b: money/t that the price rises for each kt of output less, of linear demand."""
        return self.price_per_t / (self.elasticity * self.quantity_kt)

    def demanded(self, short_kt: float) -> float:
        """Return the rise at which buyers take ``short_kt`` less, without imports."""
        if not self.isoelastic:
            return self.slope * short_kt
        left = 1.0 - short_kt / self.quantity_kt
        return math.inf if left <= 0.0 else self.price_per_t * (left ** (-1.0 / self.elasticity) - 1.0)

    def given_up(self, rise: float) -> float:
        """Return how much less buyers take at a rise of the price."""
        if not self.isoelastic:
            return rise / self.slope
        return self.quantity_kt * (1.0 - (1.0 + rise / self.price_per_t) ** -self.elasticity)

    def rise(self, fall: float) -> float:
        """Return u(q): the expected rise of the price at a net fall of output."""
        if self.tranches:
            return self._up_the_steps(fall)
        if self.import_slope == 0.0 or math.isinf(self.headroom_per_t):
            return self.demanded(fall)
        if self.isoelastic:
            return self.rise_at(fall, self.headroom_per_t)
        k, m = self.slope * fall, self.import_slope
        held = self._above(0.0) - self._above(k)  # E min(max(H, 0), k)
        return held if math.isinf(m) else (k + self.slope * m * held) / (1.0 + self.slope * m)

    def growth(self, fall: float) -> float:
        """Return u'(q); at a bend its value to the right."""
        if self.tranches:
            return self._growth_up_the_steps(fall)
        m, b = self.import_slope, self.slope
        if m == 0.0 or math.isinf(self.headroom_per_t):
            share = 0.0
        elif self.isoelastic or self.headroom_spread_per_t == 0.0:
            share = 1.0 if fall >= self.given_up(max(self.headroom_per_t, 0.0)) else 0.0
        else:
            share = normal_below((b * fall - self.headroom_per_t) / self.headroom_spread_per_t)
        if not self.isoelastic:
            return b * (1.0 - share) if math.isinf(m) else b * (1.0 + b * m * (1.0 - share)) / (1.0 + b * m)
        if share and math.isinf(m):
            return 0.0
        price = self.price_per_t + self.rise(fall)
        bought = self.quantity_kt * (price / self.price_per_t) ** -self.elasticity
        return 1.0 / (self.elasticity * bought / price + (m if share else 0.0))

    def rise_at(self, fall: float, headroom_per_t: float) -> float:
        """Return u(q; H): the market cleared at one headroom, by halving; imports at today's price are there now."""
        h, m = headroom_per_t, self.import_slope
        if fall <= 0.0:
            return 0.0
        if m == 0.0 or math.isinf(m):
            return min(self.demanded(fall), max(h, 0.0) if m > 0.0 else math.inf)

        def cleared(rise: float) -> bool:
            return self.given_up(rise) + m * (max(rise - h, 0.0) - max(-h, 0.0)) >= fall

        return bisected(cleared, 0.0, min(self.demanded(fall), max(h, 0.0) + fall / m))

    def bends(self) -> list[float]:
        """Return the falls of output at which u' jumps; none where the headroom has a spread."""
        if self.tranches:
            return [x for at, size, _ in self._steps() for x in (at, at + size) if 0.0 < x < math.inf]
        h = self.headroom_per_t
        smooth = self.import_slope == 0.0 or self.headroom_spread_per_t > 0.0 or not 0.0 < h < math.inf
        return [] if smooth else [self.given_up(h)]

    def _above(self, k: float) -> float:
        """Return C(k) = E max(H - k, 0)."""
        d, spread = self.headroom_per_t - k, self.headroom_spread_per_t
        if spread == 0.0:
            return max(d, 0.0)
        z = d / spread
        return d * normal_below(z) + spread * math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)

    def _steps(self) -> list[tuple[float, float, float]]:
        """Return each tranche as the fall at which it opens, its size, the rise that opens it.

        A limited tranche below today's price is in full use already; one without limit holds the price where it is.
        """
        result: list[tuple[float, float, float]] = []
        filled = 0.0
        for price, size in sorted(self.tranches):
            need = price - self.price_per_t
            if need < 0.0 and math.isfinite(size):
                continue
            result.append((self.given_up(max(need, 0.0)) + filled, size, max(need, 0.0)))
            filled += size
        return result

    def _up_the_steps(self, fall: float) -> float:
        filled = 0.0
        for at, size, need in self._steps():
            if fall <= at:
                break
            if fall <= at + size:
                return need
            filled += size
        return self.demanded(fall - filled)

    def _growth_up_the_steps(self, fall: float) -> float:
        if any(at <= fall < at + size for at, size, _ in self._steps()):
            return 0.0
        if not self.isoelastic:
            return self.slope
        price = self.price_per_t + self.rise(fall)
        return price / (self.elasticity * self.quantity_kt * (price / self.price_per_t) ** -self.elasticity)


def normal_below(z: float) -> float:
    """Return Phi(z), the share of a standard normal below z."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))
