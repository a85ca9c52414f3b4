"""Compiled tables of the two fundamental solutions and of the perpetual price, for laws with mean reversion.

Columns are evenly spaced log prices. Rows: log psi, psi'/psi and its slope; the same of phi; and, for every
``COARSE``-th of those columns, log F with its slope and curvature. psi is carried from left
to right and phi from right to left, each in the direction in which errors die out, by the fourth-order Magnus step of
Blanes, Casas, Oteo and Ros (2009), Physics Reports 470, p. 179, which is exact for constant coefficients. F is an
integral over time on panels that grow, Gauss-Legendre in each.
"""

from __future__ import annotations

__all__ = ["tabulate"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]
COARSE = 16
FAR = 120.0  # standard deviations of the steady state from its mean: there series replace steps, to 1e-12
WIDEST = 0.25  # of a standard deviation between evenly spaced nodes; wider ones are spaced by the inverse of sinh


@kernel
def magnus(x: float, h: float, q: float, law: Floats) -> tuple[float, float]:
    """Carry q = u'/u from x to x + h and return the growth of log u and the new q."""
    square = law[0] * law[0]
    slope = -2.0 * law[2] / square
    a = 2.0 * (law[1] - 0.5 * square + law[2] * (law[3] - x - 0.5 * h)) / square
    k = 2.0 * law[4] / square
    # [[p, r], [s, -p]] = h M0 - h**3 / 12 [M0, M1], M0 = [[a/2, 1], [k, -a/2]], M1 = slope/2 diag(1, -1)
    twist = h * h * h / 12.0 * slope
    p, r, s = 0.5 * a * h, h + twist, k * h - twist * k
    size = math.sqrt(max(p * p + r * s, 1e-300))
    decay = math.exp(-2.0 * size)
    even, odd = 0.5 * (1.0 + decay), 0.5 * (1.0 - decay) / size
    top = even + odd * (p + r * q)
    bottom = q * even + odd * (s - p * q)
    return size + math.log(top) - 0.5 * a * h, bottom / top


@kernel
def steady_slope(x: float, law: Floats, sign: float) -> float:
    """Return q far from the price reverted to: a root of ``q**2 + a q = k``, corrected twice for the slope of a."""
    square = law[0] * law[0]
    a = 2.0 * (law[1] - 0.5 * square + law[2] * (law[3] - x)) / square
    k = 2.0 * law[4] / square
    root = math.sqrt(0.25 * a * a + k)
    half = 0.5 * a
    if sign > 0.0:
        q = k / (half + root) if half > 0.0 else root - half
    else:
        q = -k / (root - half) if half < 0.0 else -root - half
    slope, gap = -2.0 * law[2] / square, 2.0 * q + a
    first = slope * q / (gap * gap)
    change = slope * slope * (-q / gap - 2.0 * q * (1.0 - 2.0 * q / gap) / gap) / (gap * gap)
    return q + first - (change + first * first) / gap


@kernel
def tabulate(laws: Floats, low: Floats, high: Floats, nodes: Floats, tables: Floats, start: int, stop: int) -> None:
    """Fill the tables of laws ``start`` to ``stop`` that revert; nodes: Gauss-Legendre, (2, n)."""
    cells = tables.shape[2] - 1
    weight = np.empty(400 * nodes.shape[1])
    shift = np.empty(400 * nodes.shape[1])
    for g in range(start, stop):
        law = laws[g]
        sigma, drift, kappa, theta, rho = law[0], law[1], law[2], law[3], law[4]
        if sigma <= 0.0 or law[9] > 0.0:
            continue
        nu = drift - 0.5 * sigma * sigma
        if kappa == 0.0:
            continue
        level, deviation = theta + nu / kappa, sigma / math.sqrt(2.0 * kappa)
        h = (high[g] - low[g]) / cells
        law[7], law[8] = low[g], h
        narrow = h > WIDEST * deviation
        first, step = low[g], h
        if narrow:
            first = math.asinh((low[g] - level) / deviation)
            step = (math.asinh((high[g] - level) / deviation) - first) / cells
            law[10], law[11], law[12], law[13] = first, step, deviation, level
        table = tables[g]
        margin = math.ceil(5.0 / h)
        for side in range(2):
            way = 1.0 if side == 0 else -1.0
            x = low[g] - 5.0 if side == 0 else high[g] + 5.0
            q = steady_slope(x, law, way)
            total = 0.0
            for node in range(-margin, cells + 1):
                place = float(node if side == 0 else cells - node)
                if node == 0:
                    total = 0.0
                if node >= 0:
                    at = first + place * step
                    along, bend = 1.0, 0.0
                    if narrow:
                        along, bend = deviation * math.cosh(at), deviation * math.sinh(at)
                        at = level + bend
                    a = 2.0 * (nu + kappa * (theta - at)) / (sigma * sigma)
                    k = node if side == 0 else cells - node
                    table[3 * side, k] = total
                    table[3 * side + 1, k] = q * along
                    table[3 * side + 2, k] = (2.0 * rho / (sigma * sigma) - a * q - q * q) * along * along + q * bend
                if node == cells:
                    break
                end = low[g] + (place + way) * h
                if narrow and node >= 0:
                    end = level + deviation * math.sinh(first + (place + way) * step)
                if min(abs(x - level), abs(end - level)) > FAR * deviation and (x > level) == (end > level):
                    for n in range(nodes.shape[1]):
                        middle = x + 0.5 * (end - x) * (1.0 + nodes[0, n])
                        total += 0.5 * (end - x) * nodes[1, n] * steady_slope(middle, law, way)
                    q = steady_slope(end, law, way)
                else:
                    split = max(1, math.ceil(abs(end - x) * 200.0 / deviation))
                    for part in range(split):
                        growth, q = magnus(x + (end - x) * part / split, (end - x) / split, q, law)
                        total += growth
                x = end
        # F(x) = int exp(-rho t) E p_t dt on panels that grow
        count, begin = 0, 0.0
        steepest = drift + kappa * (theta - low[g])  # the growth of the lowest price, the largest of all
        length = 0.5 / (kappa * (1.0 + high[g] - low[g]) + rho + abs(nu))
        widest = 2.0 / math.sqrt(kappa * (rho + abs(steepest))) if steepest > rho else math.inf
        while kappa * begin < 36.0 and count < weight.shape[0]:
            gone = -math.expm1(-kappa * begin)
            if rho * begin - steepest * gone / kappa > 40.0 and steepest * (1.0 - gone) < rho:
                break
            for n in range(nodes.shape[1]):
                t = begin + 0.5 * length * (1.0 + nodes[0, n])
                gone = -math.expm1(-kappa * t)
                spread = 0.25 * sigma * sigma / kappa * gone * (2.0 - gone)
                shift[count] = 1.0 - gone
                weight[count] = 0.5 * length * nodes[1, n] * math.exp(-rho * t + level * gone + spread)
                count += 1
            begin += length
            length = min(1.6 * length, widest)
        if count == weight.shape[0]:
            law[8] = math.inf  # worth more than can be counted
            continue
        tail = math.exp(-rho * begin + level + 0.25 * sigma * sigma / kappa) / rho if kappa * begin > 30.0 else 0.0
        for j in range(cells // COARSE + 1):
            x = low[g] + j * COARSE * h
            value, first, second = tail, 0.0, 0.0
            for n in range(count):
                part = weight[n] * math.exp(x * shift[n])
                value += part
                first += part * shift[n]
                second += part * shift[n] * shift[n]
            table[6, j] = math.log(value)
            table[7, j] = first / value
            table[8, j] = second / value - (first / value) ** 2
