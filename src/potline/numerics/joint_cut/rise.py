r"""How far the price is expected to rise when output falls by q: u(q), its slope, its curvature and its inverse.

Imports rise by m kt for each unit of money per t above parity, and the headroom H to parity is N(mu, sigma^2) over the
term. With linear demand of slope b the rise from a fall of output q is the difference of two clearings at one H,

    u(q) = [k + b m E min(max(H, 0), k)] / (1 + b m) = kept k + (1 - kept) held(k),    k = b min(q, Q0)
    held(k) = C(0) - C(k) = min(k, max(mu, 0)) + g(0) - g(k),    C(k) = E max(H - k, 0)
    g(k) = sigma [phi(z) - z (1 - Phi(z))],    z = |k - mu| / sigma

so that m = 0 (kept 1) gives b q, m infinite (kept 0) a flat ceiling, and sigma = 0 (g = 0) a bend at the headroom. g is
the smaller of the call C and the put that it is less the straight line: no digit is lost where a cut is small beside
the headroom. Where it is small beside the spread a series of ``held`` in k is used. u is concave. Demand of constant
elasticity has no spread; beyond parity its rise is the root of what buyers give up and imports bring.

Rows of a market, one a draw: the columns below. ``IMPORTS`` is m, ``KINK_FALL`` the fall of output at the bend or Q0.
"""

from __future__ import annotations

__all__ = [
    "ANNUITY",
    "ELASTICITY",
    "HEADROOM",
    "IMPORTS",
    "KINK_FALL",
    "NARROWEST",
    "P0",
    "Q0",
    "SHAPE",
    "SPREAD",
    "TAKEN",
    "fall_at",
    "growth_at",
    "price_bend",
    "price_growth",
    "price_rise",
    "rise_at",
    "rise_rows",
]

import math

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]

P0, Q0, ELASTICITY, SHAPE, HEADROOM, KINK_FALL, ANNUITY = range(7)
SLOPE, IMPORTS, KEPT, TAKEN, SPREAD, PER_SPREAD, OPEN, DENSITY, BEHIND = range(7, 16)
COLUMNS = 16
NARROWEST = 1e-6  # of the price: less is no spread, a bend so sharp that places in it have no digits
SMALL = 1e-2  # of the spread: below that the series
TURNS = 200
APART, LAST = 32, 9  # knots in a unit of the spread, and units
_RISE, _GROWTH, _FALL = range(3)


def _series() -> Floats:
    """Return ``E max(Z - z, 0)`` of a standard normal Z as series about knots: coefficients of d, ... d^7, by row."""
    rows: list[list[float]] = []
    for n in range(LAST * APART + 1):
        z = n / APART
        density, beyond = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi), 0.5 * math.erfc(z * math.sqrt(0.5))
        row, hermite, older = [density - z * beyond, -beyond, 0.5 * density], 1.0, 0.0
        for k in range(3, 8):  # the k-th derivative is the density times a polynomial of Hermite
            hermite, older = z * hermite - (k - 3) * older, hermite
            row.append((-1.0) ** k * density * hermite / math.factorial(k))
        rows.append(row)
    return np.array(rows)


KNOTS = _series()


@kernel
def _tail(z: float) -> float:
    """Return ``E max(Z - z, 0)`` of a standard normal Z, z >= 0, to 1e-16."""
    if not z < LAST:
        return 0.0
    n = int(z * APART + 0.5)
    d = z - n * (1.0 / APART)
    dd = d * d
    low, high = KNOTS[n, 0] + d * KNOTS[n, 1], KNOTS[n, 4] + d * KNOTS[n, 5]
    return low + dd * (KNOTS[n, 2] + d * KNOTS[n, 3] + dd * (high + dd * (KNOTS[n, 6] + d * KNOTS[n, 7])))


@kernel
def _beyond(z: float) -> float:
    """Return ``P(Z > z)`` of a standard normal Z, to 1e-16: less the slope of the same series."""
    x = abs(z)
    if not x < LAST:
        return 0.0 if z > 0.0 else 1.0
    n = int(x * APART + 0.5)
    d = x - n * (1.0 / APART)
    dd = d * d
    low, high = KNOTS[n, 1] + 2.0 * d * KNOTS[n, 2], 3.0 * KNOTS[n, 3] + 4.0 * d * KNOTS[n, 4]
    far = -low - dd * (high + dd * (5.0 * KNOTS[n, 5] + d * (6.0 * KNOTS[n, 6] + 7.0 * d * KNOTS[n, 7])))
    return far if z > 0.0 else 1.0 - far


@kernel
def _spread_out(market: Floats, fall: float) -> float:
    """Return u(q) where the headroom has a spread."""
    mean, spread, k = market[HEADROOM], market[SPREAD], market[SLOPE] * min(fall, market[Q0])
    h = k * market[PER_SPREAD]
    if h < SMALL:
        a = -mean * market[PER_SPREAD]
        falls = a * (3.0 - a * a) / 120.0 + h * (3.0 - a * a * (6.0 - a * a)) / 720.0
        falls = 0.5 - h * (a / 6.0 + h * ((1.0 - a * a) / 24.0 - h * falls))
        held = k * (market[OPEN] - market[DENSITY] * h * falls)
    else:
        held = min(k, max(mean, 0.0)) + market[BEHIND] - spread * _tail(abs(k - mean) * market[PER_SPREAD])
    return market[KEPT] * k + market[TAKEN] * held


@kernel
def _isoelastic(market: Floats, fall: float) -> float:
    """Return u(q) of demand of constant elasticity; beyond parity Newton climbs to the root: what falls is concave."""
    price, quantity, elasticity, headroom, m = (
        market[P0], market[Q0], market[ELASTICITY], market[HEADROOM], market[IMPORTS],
    )  # fmt: skip
    free = price * (max(1.0 - fall / quantity, 1e-9) ** (-1.0 / elasticity) - 1.0)
    if free <= headroom:
        return free
    found = headroom
    if m < np.inf:
        for _ in range(TURNS):
            bought = quantity * (1.0 + found / price) ** -elasticity
            lacking = fall - (quantity - bought) - m * (found - headroom)
            step = lacking / (elasticity * bought / (price + found) + m)
            if step <= 1e-16 * price:
                break
            found += step
    return found


@kernel
def price_rise(market: Floats, fall: float) -> float:
    """Return u(q)."""
    if market[SPREAD] > 0.0:
        return _spread_out(market, fall)
    if market[SHAPE] != 0.0:
        return _isoelastic(market, fall)
    k = market[P0] / market[ELASTICITY] * min(fall / market[Q0], 1.0)
    return market[KEPT] * k + market[TAKEN] * min(k, market[HEADROOM])


@kernel
def price_growth(market: Floats, fall: float, middle: float) -> float:
    """Return u'(q) on the stretch between kinks that holds ``middle``."""
    if market[SHAPE] != 0.0:
        price = market[P0] + _isoelastic(market, fall)
        if middle < market[KINK_FALL]:
            return price / (market[ELASTICITY] * max(market[Q0] - fall, 1e-9 * market[Q0]))
        bought = market[Q0] * (price / market[P0]) ** -market[ELASTICITY]
        return 1.0 / (market[ELASTICITY] * bought / price + market[IMPORTS])
    if middle >= market[Q0]:
        return 0.0
    slope = market[SLOPE]
    if market[SPREAD] > 0.0:
        z = (slope * fall - market[HEADROOM]) * market[PER_SPREAD]
        return slope * (market[KEPT] + market[TAKEN] * _beyond(z))
    return slope if middle < market[KINK_FALL] else slope * market[KEPT]


@kernel
def price_bend(market: Floats, fall: float) -> float:
    """Return u''(q) of linear demand inside a stretch, 0 or less."""
    if market[SPREAD] == 0.0 or fall >= market[Q0]:
        return 0.0
    z = (market[SLOPE] * fall - market[HEADROOM]) * market[PER_SPREAD]
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return -market[SLOPE] * market[SLOPE] * market[TAKEN] * density * market[PER_SPREAD]


@kernel
def _fall(market: Floats, wanted: float) -> float:
    """Return the least q with u(q) = wanted; ``inf`` where there is none.

    With a spread Newton climbs from ``wanted / b``, which lies below the root: u is concave, its tangents above it.
    """
    price, quantity, elasticity = market[P0], market[Q0], market[ELASTICITY]
    if wanted <= 0.0:
        return 0.0
    if market[SHAPE] != 0.0:
        given_up = quantity * (1.0 - (1.0 + wanted / price) ** -elasticity)
        if wanted <= market[HEADROOM]:
            return given_up
        return given_up + market[IMPORTS] * (wanted - market[HEADROOM])
    found = wanted * elasticity / price * quantity
    if market[SPREAD] == 0.0 and wanted > market[HEADROOM]:
        found = market[KINK_FALL] + (wanted - market[HEADROOM]) / (market[SLOPE] * market[KEPT])
    elif market[SPREAD] > 0.0:
        if price_rise(market, quantity) < wanted:
            return np.inf
        for _ in range(TURNS):
            lacking = wanted - price_rise(market, found)
            step = lacking / price_growth(market, found, found)
            if not step > 1e-16 * found:
                break
            found = min(found + step, quantity)
    return found if found <= quantity * (1.0 + 1e-15) else np.inf


@kernel
def _spread(rows: Floats) -> None:
    """Write what of a spread is the same at every fall of output."""
    for n in range(rows.shape[0]):
        spread = rows[n, SPREAD]
        if spread > 0.0:
            z = rows[n, HEADROOM] / spread
            rows[n, PER_SPREAD], rows[n, OPEN], rows[n, BEHIND] = 1.0 / spread, _beyond(-z), spread * _tail(abs(z))
            rows[n, DENSITY] = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


@kernel
def _each(what: int, rows: Floats, at: Floats, middle: Floats, found: Floats) -> None:
    for n in range(at.shape[0]):
        market = rows[n if rows.shape[0] > 1 else 0]
        for c in range(at.shape[1]):
            if what == _RISE:
                found[n, c] = price_rise(market, at[n, c])
            elif what == _GROWTH:
                found[n, c] = price_growth(market, at[n, c], middle[n, c])
            else:
                found[n, c] = _fall(market, at[n, c])


def _asked(what: int, rows: Floats, at: Floats, middle: Floats | None = None) -> Floats:
    if not at.size:
        return np.zeros(at.shape)
    wide = np.ascontiguousarray(at, dtype=np.float64).reshape(at.shape[0], -1)
    inside = wide if middle is None else np.ascontiguousarray(middle, dtype=np.float64).reshape(wide.shape)
    found = np.empty(wide.shape)
    _each(what, rows, wide, inside, found)
    return found.reshape(at.shape)


def rise_at(rows: Floats, fall: Floats) -> Floats:
    """Return u at falls of output, [N, ...]; rows of the market, [N, columns] or one for all.

    Examples:
        Price 100, 1,000 kt, elasticity 1, hence b = 0.1. A headroom of 5 and imports of 10 kt for each unit of money
        per t: 50 kt lift the price to parity, 20 kt more by half as much as at home alone. With a spread of 3 imports
        come in some states already before.

        >>> one = np.ones(1)
        >>> about = {"price_per_t": 100 * one, "quantity_kt": 1000 * one, "elasticity": one, "isoelastic": False}
        >>> rows = rise_rows(**about, headroom_per_t=5 * one, headroom_spread_per_t=0 * one, import_slope=10 * one)
        >>> rise_at(rows, np.array([[50.0, 70.0]])).tolist(), fall_at(rows, np.array([6.0])).tolist()
        ([[5.0, 6.0]], [70.0])
        >>> rows = rise_rows(**about, headroom_per_t=5 * one, headroom_spread_per_t=3 * one, import_slope=10 * one)
        >>> rise_at(rows, np.array([[50.0, 70.0]])).round(3).tolist()
        [[4.431, 5.803]]
    """
    return _asked(_RISE, rows, fall)


def growth_at(rows: Floats, fall: Floats, middle: Floats | None = None) -> Floats:
    """Return u' at falls of output on the stretches that hold ``middle``; beyond a kink unless told."""
    return _asked(_GROWTH, rows, fall, middle)


def fall_at(rows: Floats, wanted: Floats) -> Floats:
    """Return the least falls of output at which the price has risen so far; ``inf`` where it never does."""
    return _asked(_FALL, rows, wanted)


def rise_rows(
    *,
    price_per_t: Floats,
    quantity_kt: Floats,
    elasticity: Floats,
    isoelastic: bool,
    headroom_per_t: Floats,
    headroom_spread_per_t: Floats,
    import_slope: Floats,
    annuity: Floats | float = 1.0,
) -> Floats:
    """Return the rows of markets, [draws, columns].

    Args:
        price_per_t: p0, money/t.
        quantity_kt: Q0, kt/year.
        elasticity: of demand at that point.
        isoelastic: whether it is the same everywhere; then the headroom has no spread.
        headroom_per_t: mean of what the price can rise by before imports come, money/t; ``inf`` for no imports.
        headroom_spread_per_t: its standard deviation over the term, money/t.
        import_slope: m, kt/year per money/t; ``inf`` for a flat ceiling.
        annuity: present value of 1 a year over the term.
    """
    rows = np.zeros((price_per_t.size, COLUMNS))
    rows[:, P0], rows[:, Q0], rows[:, ELASTICITY], rows[:, SHAPE] = price_per_t, quantity_kt, elasticity, isoelastic
    none = np.isinf(headroom_per_t) | (import_slope == 0.0)
    m = np.where(none, 0.0, import_slope)
    sharp = none | (headroom_spread_per_t <= NARROWEST * price_per_t)
    mean = np.where(none, np.inf, np.where(sharp, np.maximum(headroom_per_t, 0.0), headroom_per_t))
    rows[:, SLOPE] = price_per_t / (elasticity * quantity_kt)
    with np.errstate(divide="ignore"):
        steep = 1.0 / (rows[:, SLOPE] * m)
    rows[:, HEADROOM], rows[:, IMPORTS], rows[:, ANNUITY] = mean, m, annuity
    rows[:, TAKEN] = 1.0 / (1.0 + steep)
    rows[:, KEPT] = np.where(none, 1.0, steep / np.where(none, 1.0, 1.0 + steep))
    rows[:, KINK_FALL] = np.minimum(np.where(sharp, fall_at(rows, mean), np.inf), quantity_kt)
    rows[:, SPREAD] = np.where(sharp, 0.0, headroom_spread_per_t)
    _spread(rows)
    return rows
