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
COARSE = 8


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
    square = law[0] * law[0]
    a = 2.0 * (law[1] - 0.5 * square + law[2] * (law[3] - x)) / square
    k = 2.0 * law[4] / square
    root = math.sqrt(0.25 * a * a + k)
    half = 0.5 * a
    if sign > 0.0:
        q = k / (half + root) if half > 0.0 else root - half
    else:
        q = -k / (root - half) if half < 0.0 else -root - half
    return q + q * (-2.0 * law[2] / square) / (2.0 * q + a) / (2.0 * q + a)


@kernel
def tabulate(laws: Floats, low: Floats, high: Floats, nodes: Floats, tables: Floats, start: int, stop: int) -> None:
    """Fill the tables of laws ``start`` to ``stop`` that revert; nodes: Gauss-Legendre, (2, n)."""
    cells = tables.shape[2] - 1
    weight = np.empty(40 * nodes.shape[1])
    shift = np.empty(40 * nodes.shape[1])
    for g in range(start, stop):
        law = laws[g]
        sigma, drift, kappa, theta, rho = law[0], law[1], law[2], law[3], law[4]
        if sigma <= 0.0:
            continue
        nu = drift - 0.5 * sigma * sigma
        if kappa == 0.0:
            continue
        h = (high[g] - low[g]) / cells
        law[7], law[8] = low[g], h
        table = tables[g]
        split = max(1, math.ceil(h * math.sqrt(2.0 * kappa / (sigma * sigma) / 0.0001)))
        fine = h / split
        margin = math.ceil(5.0 / h)
        for side in range(2):
            way = 1.0 if side == 0 else -1.0
            x = low[g] - margin * h if side == 0 else high[g] + margin * h
            q = steady_slope(x, law, way)
            total = 0.0
            for node in range(-margin, cells + 1):
                place = node if side == 0 else cells - node
                if node == 0:
                    total = 0.0
                if node >= 0:
                    at = low[g] + place * h
                    a = 2.0 * (nu + kappa * (theta - at)) / (sigma * sigma)
                    table[3 * side, place] = total
                    table[3 * side + 1, place] = q
                    table[3 * side + 2, place] = 2.0 * rho / (sigma * sigma) - a * q - q * q
                for _ in range(split):
                    growth, q = magnus(x, way * fine, q, law)
                    total += growth
                    x += way * fine
        # F(x) = int exp(-rho t) E p_t dt on panels that grow
        level = theta + nu / kappa
        count = 0
        begin, length = 0.0, 0.5 / (kappa * (1.0 + high[g] - low[g]) + rho + abs(nu))
        last = min(36.0 / kappa, 40.0 / rho)
        while begin < last and count < weight.shape[0]:
            for n in range(nodes.shape[1]):
                t = begin + 0.5 * length * (1.0 + nodes[0, n])
                fade = math.exp(-kappa * t)
                spread = 0.25 * sigma * sigma / kappa * (1.0 - fade * fade)
                shift[count] = fade
                weight[count] = 0.5 * length * nodes[1, n] * math.exp(-rho * t + level * (1.0 - fade) + spread)
                count += 1
            begin += length
            length *= 1.6
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
