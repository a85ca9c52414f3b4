r"""Compiled stopping and restarting where the price moves without uncertainty, the limit of sigma to 0.

With x = log p the path is ``dx / dt = m(x) = drift + kappa (theta - x)``: it rises below the price at rest p*, falls
above it, and never turns (p* is 0 or infinite without reversion). With F(x) the discounted price for ever,

    F(x) = int exp(-rho t) p(t) dt,   p(t) = exp(x + m(x) (1 - exp(-kappa t)) / kappa),

a plant that runs for ever is worth ``F - c / rho``, so every policy is worth a sum of such terms.

Falling. What is wrong later is worse still later: a running plant goes on while the year's margin pays,
``p_stop = c - min(h + rho E, rho X)``, and an idle one restarts now or never, where running until p_stop is worth R.
Rising. A running plant stops now or never, where running for ever is worth what idling until the restart is, less E
(or less X); an idle one waits until the year's margin pays, ``p_restart = c - h + rho R``, or closes now.
Which of the two holds at p_stop is decided by whether p* lies above ``c - min(h + rho E, rho X)``; at p_restart by
whether it lies above ``c - min(h, rho X) + rho R``. At p* itself the price stays, and both agree.
"""

from __future__ import annotations

__all__ = ["expect_idle_certain", "thresholds_certain", "values_certain"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]

CERTAIN = 9  # column of laws: 1 where the price is certain
LAY_UP, CLOSES, NEVER_STOPS = 0, 1, 2
SOLVED, INFINITE, INVALID = 0, 2, 3
RESTARTS, EXIT, STOPS = 0, 1, 2
LOWEST = -600.0  # log of a price that counts as 0
PANELS = 4000
NEAR = 40.0  # logs from the price at rest within which a price for ever is a sum of some hundred terms
MOST = 1e9  # times its price for ever: worth no more than that


@kernel
def later(x: float, years: float, law: Floats) -> float:
    """Return the log price after some years."""
    m = law[1] + law[2] * (law[3] - x)
    return x + m * years if law[2] == 0.0 else x - m * math.expm1(-law[2] * years) / law[2]


@kernel
def years_to(x: float, y: float, law: Floats) -> float:
    """Return the years from one log price to another; inf where the path never gets there."""
    m = law[1] + law[2] * (law[3] - x)
    if y == x:
        return 0.0
    if m == 0.0 or (y > x) != (m > 0.0) or math.isinf(y):
        return math.inf
    share = law[2] * (y - x) / m
    if share >= 1.0:
        return math.inf
    return (y - x) / m if share < 1e-12 else -math.log1p(-share) / law[2]


@kernel
def worth_near(x: float, rest: float, law: Floats) -> float:
    """Return F(x) within NEAR of the log price at rest as a series all of whose terms are above 0.

    With z = x - rest and a = rho / kappa, ``rho F = exp(rest) sum a / (a + n) z^n / n!`` while the price falls and
    ``exp(x) sum (-z)^n / ((a + 1) ... (a + n))`` while it rises: Kummer's M(a, a + 1, z), and his transformation of it
    (Abramowitz and Stegun 1964, 13.1.2 and 13.1.27).
    """
    z, a = x - rest, law[4] / law[2]
    total, term, n, share = 1.0, 1.0, 0.0, 1.0
    while share * term > 1e-17 * total:
        n += 1.0
        if z > 0.0:
            term *= z / n
            share = a / (a + n)
        else:
            term *= -z / (a + n)
        total += share * term
    return math.exp(min(x, rest)) * total / law[4]


@kernel
def worth(x: float, law: Floats, nodes: Floats) -> float:
    """Return F(x), the discounted price for ever; far from rest by Gauss-Legendre on panels that grow with time."""
    drift, kappa, rho = law[1], law[2], law[4]
    m = drift + kappa * (law[3] - x)
    if kappa == 0.0:
        return math.exp(x) / (rho - drift) if rho > drift else math.inf
    if abs(m) <= NEAR * kappa:
        return worth_near(x, law[3] + drift / kappa, law)
    begin, length, total = 0.0, 0.5 / (kappa + rho + abs(m)), 0.0
    widest = 2.0 / math.sqrt(kappa * (rho + m)) if m > rho else math.inf
    for _ in range(PANELS):
        part = 0.0
        for n in range(nodes.shape[1]):
            t = begin + 0.5 * length * (1.0 + nodes[0, n])
            part += 0.5 * length * nodes[1, n] * math.exp(x - m * math.expm1(-kappa * t) / kappa - rho * t)
        total += part
        begin += length
        length = min(1.6 * length, widest)
        if kappa * begin > 40.0:
            return total + math.exp(x + m / kappa - rho * begin) / rho
        if part < 1e-18 * total and m * math.exp(-kappa * begin) < rho:
            return total
        if not total < 1e290:
            return math.inf
    return math.inf


@kernel
def waiting_certain(x: float, h: float, closing: float, option: Floats, law: Floats) -> float:
    """Return the value of an idle plant at an x at which it does not restart (option[5]: what a restart is worth)."""
    rho = law[4]
    if x < option[2]:
        return -closing
    years = years_to(x, option[1], law) if option[1] > x else math.inf
    kept = math.exp(-rho * years)
    return kept * option[5] - (1.0 - kept) * h / rho if kept > 0.0 else -h / rho


@kernel
def running_certain(
    x: float, c: float, h: float, e: float, closing: float, option: Floats, law: Floats, nodes: Floats
) -> float:
    """Return the value of a running plant at x."""
    rho = law[4]
    if x < option[0] or (x == option[0] and law[1] + law[2] * (law[3] - x) < 0.0):
        return max(waiting_certain(x, h, closing, option, law) - e, -closing)
    value = worth(x, law, nodes) - c / rho
    years = years_to(x, option[0], law) if option[0] < x else math.inf
    if years < math.inf:
        at = option[0]
        value += math.exp(-rho * years) * (max(-h / rho - e, -closing) - worth(at, law, nodes) + c / rho)
    return value


@kernel
def idle_certain(
    x: float, c: float, h: float, e: float, r: float, closing: float, option: Floats, law: Floats, nodes: Floats
) -> float:
    """Return the value of an idle plant at x."""
    if x >= option[1]:
        return running_certain(x, c, h, e, closing, option, law, nodes) - r
    return waiting_certain(x, h, closing, option, law)


@kernel
def log_of(price: float) -> float:
    return math.log(price) if price > math.exp(LOWEST) else -math.inf


@kernel
def gain_above(
    edge: int, x: float, c: float, h: float, e: float, r: float, closing: float, option: Floats, law: Floats,
    nodes: Floats,
) -> float:  # fmt: skip
    """Return what is gained at x by what a plant does above an edge: below 0 below it, 0 or more from it on.

    RESTARTS, while the price falls: running until it stops, over never running again. EXIT, while it rises: an idle
    plant's restart, over closing. STOPS, while it rises: running for ever, over stopping.
    """
    if edge == RESTARTS:
        return running_certain(x, c, h, e, closing, option, law, nodes) - r + min(h / law[4], closing)
    forever = worth(x, law, nodes) - c / law[4] if edge == STOPS or x >= option[1] else 0.0
    idle = forever - r if x >= option[1] else waiting_certain(x, h, closing, option, law)
    return idle + closing if edge == EXIT else forever - max(idle - e, -closing)


@kernel
def edge_from(
    edge: int, begin: float, c: float, h: float, e: float, r: float, closing: float, option: Floats, law: Floats,
    nodes: Floats,
) -> float:  # fmt: skip
    """Return the least x from which :func:`gain_above` is 0 or more, to the last digit; -inf or inf for none.

    Begin at or above it, or, of RESTARTS, at or below it: steps that double bracket it, and the ITP rule
    (Oliveira and Takahashi 2021, ACM Transactions on Mathematical Software 47(1), algorithm 1) narrows the bracket in
    about ten points, and never in more than halving would.
    """
    up = edge == RESTARTS
    low = high = begin
    at_low = at_high = gain_above(edge, begin, c, h, e, r, closing, option, law, nodes)
    if (at_low >= 0.0) == up:
        return begin
    step = 0.5
    while (at_high < 0.0) if up else (at_low >= 0.0):
        if up and step > 1000.0:
            return math.inf
        if not up and low <= LOWEST:
            return -math.inf
        if up:
            low, at_low, high = high, at_high, begin + step
            at_high = gain_above(edge, high, c, h, e, r, closing, option, law, nodes)
        else:
            high, at_high, low = low, at_low, max(begin - step, LOWEST)
            at_low = gain_above(edge, low, c, h, e, r, closing, option, law, nodes)
        step *= 2.0
    width, least = high - low, 4e-16 * max(abs(low), abs(high))
    room = 2.0 * max(width, least)
    while high - low > least:
        middle = 0.5 * (low + high)
        gap = at_high - at_low
        chord = low - at_low * (high - low) / gap if math.isfinite(gap) and gap > 0.0 else middle
        side = 1.0 if chord < middle else -1.0
        pulled = 0.2 * (high - low) ** 2 / width
        x = chord + side * pulled if pulled <= abs(middle - chord) else middle
        room *= 0.5  # what bisection would have left by now, twice
        far = max(room - 0.5 * (high - low), 0.0)
        x = x if abs(x - middle) <= far else middle - side * far
        if not low < x < high:
            x = middle
            if not low < x < high:
                break
        found = gain_above(edge, x, c, h, e, r, closing, option, law, nodes)
        if found < 0.0:
            low, at_low = x, found
        else:
            high, at_high = x, found
    return high


@kernel
def solve_certain(
    c: float, h: float, e: float, r: float, closing: float, option: Floats, law: Floats, nodes: Floats, price: Floats
) -> None:
    """Write the thresholds, regime and status of one plant."""
    drift, kappa, rho = law[1], law[2], law[4]
    option[:] = 0.0
    option[0], option[1], option[2] = -math.inf, math.inf, -math.inf
    price[:] = math.nan
    if not (rho > 0.0 and kappa >= 0.0 and e + r >= 0.0 and math.isfinite(c + h + drift)):
        option[4] = INVALID
        return
    rest = law[3] + drift / kappa if kappa > 0.0 else (math.inf if drift > 0.0 else -math.inf)
    size = max(abs(c) + h, math.exp(law[3]) if kappa > 0.0 else 1e-300)
    if not worth(math.log(size), law, nodes) < MOST * size / rho:
        option[4] = INFINITE
        return
    leaves = rho * closing < h
    stop, restart = c - min(h + rho * e, rho * closing), c - min(h, rho * closing) + rho * r
    if log_of(stop) >= rest:
        option[0] = log_of(stop)
    # what an idle plant does
    if math.isinf(r):
        option[2] = math.inf if leaves else -math.inf
    elif log_of(restart) >= rest and restart > 0.0:
        option[1] = edge_from(RESTARTS, max(rest, option[0], LOWEST), c, h, e, r, closing, option, law, nodes)
        option[2] = option[1] if leaves else -math.inf
    else:
        option[1] = log_of(c - h + rho * r)
        option[5] = worth(max(option[1], LOWEST), law, nodes) - c / rho - r
        if leaves:
            top = log_of(restart)
            option[2] = -math.inf if math.isinf(top) else edge_from(EXIT, top, c, h, e, r, closing, option, law, nodes)
            option[1] = max(option[1], option[2])
    # when a running plant stops on a path that rises
    if e == 0.0 and r == 0.0:  # coming back costs nothing: one price for both, where no slope tells values apart
        option[0] = option[1]
    elif log_of(stop) < rest and stop > 0.0:
        option[0] = edge_from(STOPS, log_of(stop), c, h, e, r, closing, option, law, nodes)
    if math.isinf(option[0]):
        option[3] = NEVER_STOPS
    elif option[2] >= option[0] or (
        option[1] > option[0] and waiting_certain(option[0], h, closing, option, law) - e < -closing
    ):
        option[3] = CLOSES
    for k in range(3):
        price[k] = math.exp(option[k])


@kernel
def thresholds_certain(
    plants: Floats, which: NDArray[np.int64], laws: Floats, nodes: Floats, options: Floats, prices: Floats,
    start: int, stop: int,
) -> None:  # fmt: skip
    """Solve those of plants ``start`` to ``stop`` whose price is certain; nodes: Gauss-Legendre, (2, n)."""
    for i in range(start, stop):
        law = laws[which[i]]
        if law[CERTAIN] > 0.0:
            solve_certain(
                plants[0, i], plants[1, i], plants[2, i], plants[3, i], plants[4, i], options[i], law, nodes, prices[i]
            )


@kernel
def values_certain(
    plants: Floats, which: NDArray[np.int64], laws: Floats, nodes: Floats, options: Floats, at: Floats,
    running: Floats, idle: Floats, start: int, stop: int,
) -> None:  # fmt: skip
    """Write the values of plants whose price is certain, running and idle at prices ``at``, (n, m)."""
    for i in range(start, stop):
        law, option = laws[which[i]], options[i]
        if law[CERTAIN] == 0.0:
            continue
        c, h, e, r, closing = plants[0, i], plants[1, i], plants[2, i], plants[3, i], plants[4, i]
        for k in range(at.shape[1]):
            if option[4] != SOLVED:
                running[i, k] = idle[i, k] = math.nan
            elif at[i, k] <= 0.0:
                margin = (at[i, k] - c) / law[4]
                running[i, k] = max(margin, -e - h / law[4], -closing)
                idle[i, k] = max(margin - r, -h / law[4], -closing)
            else:
                x = math.log(at[i, k])
                running[i, k] = running_certain(x, c, h, e, closing, option, law, nodes)
                idle[i, k] = idle_certain(x, c, h, e, r, closing, option, law, nodes)


@kernel
def expect_idle_certain(
    plants: Floats, which: NDArray[np.int64], laws: Floats, nodes: Floats, options: Floats, at: Floats, years: Floats,
    expected: Floats, start: int, stop: int,
) -> None:  # fmt: skip
    """Write the idle value of plants whose price is certain at the price after ``years`` from ``at``."""
    for i in range(start, stop):
        law, option = laws[which[i]], options[i]
        if law[CERTAIN] > 0.0:
            c, h, e, r, closing = plants[0, i], plants[1, i], plants[2, i], plants[3, i], plants[4, i]
            if at[i] <= 0.0:
                expected[i] = max((at[i] - c) / law[4] - r, -h / law[4], -closing)
            else:
                x = later(math.log(at[i]), years[i], law)
                expected[i] = idle_certain(x, c, h, e, r, closing, option, law, nodes)
            if option[4] != SOLVED:
                expected[i] = math.nan
