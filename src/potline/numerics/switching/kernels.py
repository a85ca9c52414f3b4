r"""Compiled parts of :mod:`potline.numerics.switching.options`: one law of the price, one plant, one value at a time.

With x = log p the law is ``dx = m(x) dt + sigma dW``, ``m = drift - sigma**2 / 2 + kappa (theta - x)``. Values in a
region where nothing is switched are ``f0(x) + A psi(x) + B phi(x)``: psi rises and phi falls, both solve
``sigma**2 / 2 u'' + m u' - rho u = 0``, and F(x) is the expected discounted price for ever. A threshold is a point
where such a value touches a curve ``g = c0 + c1 F + c2 psi + c3 phi`` with equal slope. The coefficients of the
touching value at x are closed form, and so are their derivatives,

    A'(x) = ell / (psi (q_psi - q_phi)),  B'(x) = -ell / (phi (q_psi - q_phi)),  q = u' / u,
    ell = g'' + 2 m / sigma**2 g' - 2 rho / sigma**2 g = -2 / sigma**2 (rho c0 + c1 p),

so that a pair of thresholds is a Newton iteration in two unknowns. Without mean reversion psi, phi and F are powers
of p; with it they are tabulated once for each law by a fourth-order Magnus step of the pair (u, u').
"""

from __future__ import annotations

__all__ = ["BASIS_ROWS", "CERTAIN", "COEFFICIENTS", "LAW", "expect_idle", "thresholds", "values"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]

LAW = 14  # sigma, drift, kappa, theta, rho, root_up, root_down, table_low, table_step, 1 where the price is certain,
# and where columns are even in s of x = level + deviation sinh(s): first s, step of s (else 0), deviation, level
CERTAIN = 9
BASIS_ROWS = 9  # log psi, q, q', log phi, q, q', log F, slope, curvature (the last three on every 8th node)
COEFFICIENTS = 17
# 0 x_stop, 1 x_restart, 2 x_exit, 3 regime, 4 status, then pairs (coefficient, log of the function where it is 1):
# 5-6 phi of running, 7-8 psi of idle, 9-10 phi of idle, 11-12 island, 13-14 psi and 15-16 phi of running on it
LAY_UP, CLOSES, NEVER_STOPS, CONSTANT = 0, 1, 2, 3
SOLVED, NOT_FOUND, INFINITE, INVALID = 0, 1, 2, 3
PSI, PHI, BELOW, ABOVE = 1.0, -1.0, -1.0, 1.0
TINY = 1e-6  # a volatility of no more than this is none
MOST = 1e9  # a price for ever is worth no more than that many times what it would be if it stayed
COARSE = 16
STEPS = 80


@kernel
def hermite(
    f0: float, d0: float, s0: float, f1: float, d1: float, s1: float, h: float, u: float
) -> tuple[float, float]:
    a, b, c = f0, d0 * h, 0.5 * s0 * h * h
    v, w, z = f1 - a - b - c, d1 * h - b - 2.0 * c, s1 * h * h - 2.0 * c
    d = 10.0 * v - 4.0 * w + 0.5 * z
    e = -15.0 * v + 7.0 * w - z
    g = 6.0 * v - 3.0 * w + 0.5 * z
    value = a + u * (b + u * (c + u * (d + u * (e + u * g))))
    slope = (b + u * (2.0 * c + u * (3.0 * d + u * (4.0 * e + u * 5.0 * g)))) / h
    return value, slope


@kernel
def basis(x: float, law: Floats, table: Floats) -> tuple[float, float, float, float, float, float]:
    """Return log psi, psi'/psi, log phi, phi'/phi, F and F' at x."""
    if law[2] == 0.0:
        worth = math.exp(x) / (law[4] - law[1])
        return law[5] * x, law[5], law[6] * x, law[6], worth, worth
    cells = table.shape[1] - 1
    place = (x - law[7]) / law[8]
    inside = min(max(place, 0.0), float(cells))
    i = min(int(inside), cells - 1)
    u, h, along = inside - i, law[8], 1.0
    if law[11] > 0.0:
        s = (math.asinh((x - law[13]) / law[12]) - law[10]) / law[11]
        i = min(max(int(s), 0), cells - 1)
        u, h, along = (
            min(max(s - i, 0.0), 1.0),
            law[11],
            law[12] * math.cosh(law[10] + min(max(s, 0.0), float(cells)) * law[11]),
        )
    up, q_up = hermite(table[0, i], table[1, i], table[2, i], table[0, i + 1], table[1, i + 1], table[2, i + 1], h, u)
    down, q_down = hermite(
        table[3, i], table[4, i], table[5, i], table[3, i + 1], table[4, i + 1], table[5, i + 1], h, u
    )
    j = min(int(inside) // COARSE, cells // COARSE - 1)
    wide = COARSE * law[8]
    log_worth, slope = hermite(
        table[6, j],
        table[7, j],
        table[8, j],
        table[6, j + 1],
        table[7, j + 1],
        table[8, j + 1],
        wide,
        inside / COARSE - j,
    )  # fmt: skip
    beyond = (place - inside) * law[8]
    q_up, q_down = q_up / along, q_down / along
    worth = math.exp(log_worth + slope * beyond)
    return up + q_up * beyond, q_up, down + q_down * beyond, q_down, worth, slope * worth


@kernel
def covered(x: float, law: Floats, table: Floats) -> bool:
    """Return whether values at x are known: everywhere without reversion, with it where its table reaches."""
    return law[2] == 0.0 or law[7] <= x <= law[7] + law[8] * (table.shape[1] - 1)


@kernel
def contact(x: float, c0: float, c1: float, law: Floats, table: Floats) -> tuple[float, float, float, float]:
    """Return A psi and B phi of the value that touches ``c0 + c1 F`` at x, and log psi and log phi there."""
    up, q_up, down, q_down, worth, slope = basis(x, law, table)
    g, s = c0 + c1 * worth, c1 * slope
    return (s - q_down * g) / (q_up - q_down), (q_up * g - s) / (q_up - q_down), up, down


@kernel
def touch(
    side: float, c0: float, c1: float, other: float, anchor: float, way: float, edge: float, law: Floats, table: Floats
) -> float:
    """Return the x where the touching value of ``c0 + c1 F`` has a given coefficient of psi (or phi).

    The coefficient is ``other`` at the point where log psi (``side`` PSI) or log phi (PHI) is ``anchor``; x is sought
    BELOW or ABOVE ``edge``. Returns -inf or inf where no root lies within the range.
    """
    psi_side, below = side > 0.0, way < 0.0
    square = law[0] * law[0]
    reach = 60.0 if law[2] == 0.0 else (edge - law[7] if below else law[7] + law[8] * (table.shape[1] - 1) - edge)
    far = edge - reach if below else edge + reach
    near = edge
    _, q_up, _, q_down, _, _ = basis(edge, law, table)
    x = edge - 1.0 / (1.0 - q_down) if below else edge + 1.0 / max(q_up - 1.0, 0.5)
    sign_near = 0.0
    for turn in range(3 * STEPS):
        up, q_up, down, q_down, worth, slope = basis(x, law, table)
        gap = q_up - q_down
        ell = -2.0 / square * (law[4] * c0 + c1 * math.exp(x))
        known = 0.0 if other == 0.0 else other * math.exp(min((up if psi_side else down) - anchor, 600.0))
        if psi_side:
            error = (c1 * slope - q_down * (c0 + c1 * worth)) / gap - known
            steep = q_up * error + ell / gap
        else:
            error = (q_up * (c0 + c1 * worth) - c1 * slope) / gap - known
            steep = q_down * error - ell / gap
        if sign_near == 0.0:
            # past the edge ell keeps its sign, and at the root the error has the slope of ell (psi) or -ell (phi)
            sign_near = 1.0 if (ell > 0.0) == (psi_side == below) else -1.0
        if (error > 0.0) == (sign_near > 0.0):
            near = x
        else:
            far = x
        low, high = min(near, far), max(near, far)
        step = x - error / steep if steep != 0.0 else 0.5 * (low + high)
        digits = 1e-14 * max(1.0, abs(x))
        if abs(step - x) < digits:  # at the root, where rounding may put it outside what encloses it
            x = min(max(step, low), high)
            break
        if not (low < step < high) or (turn % 4 == 3 and (turn > STEPS or abs(step - x) > 1e-3)):
            step = 0.5 * (low + high)
        x = step
        if high - low < digits:
            break
    if abs(x - edge) > reach - 1e-9:
        return -math.inf if below else math.inf
    return x


@kernel
def pair_error(
    left: float, right: float, l0: float, l1: float, r0: float, r1: float, r2: float, r2_at: float, r3: float,
    r3_at: float, law: Floats, table: Floats,
) -> tuple[float, float, float, float, float, float, float, float]:  # fmt: skip
    """Return the differences of the psi and phi coefficients of two touching values, scaled, and Newton's parts."""
    square = law[0] * law[0]
    up_l, qu_l, down_l, qd_l, worth_l, slope_l = basis(left, law, table)
    up_r, qu_r, down_r, qd_r, worth_r, slope_r = basis(right, law, table)
    gap_l, gap_r = qu_l - qd_l, qu_r - qd_r
    g_l, s_l = l0 + l1 * worth_l, l1 * slope_l
    g_r, s_r = r0 + r1 * worth_r, r1 * slope_r
    a_r = (s_r - qd_r * g_r) / gap_r
    b_r = (qu_r * g_r - s_r) / gap_r
    if r2 != 0.0:
        a_r += r2 * math.exp(up_r - r2_at)
    if r3 != 0.0:
        b_r += r3 * math.exp(down_r - r3_at)
    fall, rise = math.exp(up_l - up_r), math.exp(down_r - down_l)
    e1 = (s_l - qd_l * g_l) / gap_l - fall * a_r
    e2 = b_r - rise * (qu_l * g_l - s_l) / gap_l
    ell_l = -2.0 / square * (law[4] * l0 + l1 * math.exp(left)) / gap_l
    ell_r = -2.0 / square * (law[4] * r0 + r1 * math.exp(right)) / gap_r
    return e1, e2, fall, rise, ell_l, ell_r, qu_l, qd_r


@kernel
def matched(
    left: float, right_edge: float, l0: float, l1: float, r0: float, r1: float, r2: float, r2_at: float, r3: float,
    r3_at: float, law: Floats, table: Floats,
) -> tuple[float, float]:  # fmt: skip
    """Return the difference of the phi coefficients where those of psi agree, and the right point; nan if none."""
    other, _, up, _ = contact(left, l0, l1, law, table)
    if r2 != 0.0:
        other -= r2 * math.exp(up - r2_at)
    right = touch(PSI, r0, r1, other, up, ABOVE, right_edge, law, table)
    if math.isinf(right) or right - right_edge < 1e-12:
        return math.nan, right
    _, error, _, _, _, _, _, _ = pair_error(left, right, l0, l1, r0, r1, r2, r2_at, r3, r3_at, law, table)
    return error, right


@kernel
def touch_pair(
    left: float, right: float, left_edge: float, right_edge: float,
    l0: float, l1: float, r0: float, r1: float, r2: float, r2_at: float, r3: float, r3_at: float,
    law: Floats, table: Floats,
) -> tuple[float, float, bool]:  # fmt: skip
    """Return the two points at which one value touches both curves, and whether they were found.

    ``left < left_edge`` and ``right > right_edge`` throughout: beyond the edges the curves themselves are no stops.
    """
    first_left, first_right = left, right
    for attempt in range(2):
        left, right = first_left, first_right
        for turn in range(STEPS):
            e1, e2, fall, rise, ell_l, ell_r, q_up, q_down = pair_error(
                left, right, l0, l1, r0, r1, r2, r2_at, r3, r3_at, law, table
            )
            # Newton on the coefficients; the second attempt on the coefficients times psi and phi
            first, second = ell_l, -ell_r
            if attempt == 1:
                scaled = ell_l + q_up * e1
                first = scaled if scaled * ell_l > 0.0 else ell_l
                scaled = -ell_r + q_down * e2
                second = scaled if scaled * ell_r < 0.0 else -ell_r
            whole = first * second + fall * rise * ell_l * ell_r
            step_l = -(e1 * second + fall * ell_r * e2) / whole
            step_r = -(e2 * first - rise * ell_l * e1) / whole
            longest = max(abs(step_l), abs(step_r))
            most = max(0.5 * (right - left), min(0.2, 50.0 * law[0]))
            if not math.isfinite(longest) or abs(left - first_left) > 50.0:
                break
            if longest > most:
                step_l *= most / longest
                step_r *= most / longest
            new_l, new_r = left + step_l, right + step_r
            free = new_l < left_edge and new_r > right_edge
            if new_l >= left_edge:
                new_l = 0.5 * (left + left_edge)
            if new_r <= right_edge:
                new_r = 0.5 * (right + right_edge)
            moved = max(abs(new_l - left), abs(new_r - right))
            left, right = new_l, new_r
            done = 4e-15 * max(1.0, abs(left)) if turn < 7 else 1e-13
            if free and moved < done:
                if law[2] == 0.0 or left >= law[7]:
                    return left, right, True
                break
    # one point after the other: as volatility falls they part, and Newton's slopes drown in the rounding of the tables
    left, right = first_left, first_right
    for _ in range(STEPS):
        _, b_l, _, down_l = contact(left, l0, l1, law, table)
        if r3 != 0.0:
            b_l -= r3 * math.exp(down_l - r3_at)
        new_r = touch(PHI, r0, r1, b_l, down_l, ABOVE, right_edge, law, table)
        if math.isinf(new_r):
            break
        a_r, _, up_r, _ = contact(new_r, r0, r1, law, table)
        if r2 != 0.0:
            a_r += r2 * math.exp(up_r - r2_at)
        new_l = touch(PSI, l0, l1, a_r, up_r, BELOW, left_edge, law, table)
        if math.isinf(new_l):
            break
        moved = max(abs(new_l - left), abs(new_r - right))
        left, right = new_l, new_r
        if moved < 1e-13:
            return left, right, True
    # scan the left point and bisect; the right one follows from equal coefficients of psi
    reach = 50.0 if law[2] == 0.0 else left_edge - law[7]
    distance, inner, outer = 1e-7, -1.0, -1.0
    before = math.nan
    while distance < reach:
        now, _ = matched(left_edge - distance, right_edge, l0, l1, r0, r1, r2, r2_at, r3, r3_at, law, table)
        if now * before <= 0.0:
            outer, inner = distance, distance / 1.12
            break
        before = now
        distance *= 1.12
    if outer < 0.0:
        return left, right, False
    for _ in range(70):
        distance = 0.5 * (inner + outer)
        now, right = matched(left_edge - distance, right_edge, l0, l1, r0, r1, r2, r2_at, r3, r3_at, law, table)
        if now * before <= 0.0:
            outer = distance
        else:
            inner = distance
    return left_edge - distance, right, True


@kernel
def running_phi(option: Floats, down: float) -> float:
    return option[5] * math.exp(down - option[6]) if option[5] != 0.0 else 0.0


@kernel
def idle_waiting(x: float, h: float, closing: float, option: Floats, law: Floats, table: Floats) -> float:
    """Return the value of an idle plant at an x at which it does not restart."""
    if x <= option[2]:
        return -closing
    up, _, down, _, _, _ = basis(x, law, table)
    value = -h / law[4]
    if option[7] != 0.0:
        value += option[7] * math.exp(up - option[8])
    if option[9] != 0.0:
        value += option[9] * math.exp(down - option[10])
    return value


@kernel
def running_value(
    x: float, c: float, h: float, e: float, closing: float, option: Floats, law: Floats, table: Floats
) -> float:
    """Return the value of a running plant at x."""
    up, _, down, _, worth, _ = basis(x, law, table)
    if x >= option[0]:
        return worth - c / law[4] + running_phi(option, down)
    if option[3] == CLOSES:
        return -closing
    if option[11] < x < option[12]:
        island = option[13] * math.exp(up - option[14]) + option[15] * math.exp(down - option[16])
        return worth - c / law[4] + island
    return max(idle_waiting(x, h, closing, option, law, table) - e, -closing)


@kernel
def idle_value(
    x: float, c: float, h: float, e: float, r: float, closing: float, option: Floats, law: Floats, table: Floats
) -> float:
    """Return the value of an idle plant at x."""
    if x >= option[1]:
        return running_value(x, c, h, e, closing, option, law, table) - r
    return idle_waiting(x, h, closing, option, law, table)


@kernel
def lay_up(c: float, h: float, e: float, r: float, closing: float, option: Floats, law: Floats, table: Floats) -> bool:
    """Solve the plant that goes idle when it stops; False where that is no solution."""
    rho, sigma = law[4], law[0]
    centre = c - h
    if not centre - rho * e > 0.0:
        return False
    forever = centre / rho
    left_edge = math.log(centre - rho * e)
    if math.isinf(r):
        if closing < h / rho:
            return False
        option[0] = touch(PSI, forever - e, -1.0, 0.0, 0.0, BELOW, left_edge, law, table)
        if math.isinf(option[0]):
            return False
        _, option[5], _, option[6] = contact(option[0], forever - e, -1.0, law, table)
        return True
    right_edge = math.log(centre + rho * r)
    band = (0.75 * sigma * sigma * (e + r) / centre) ** (1.0 / 3.0)
    middle = math.log(centre)
    left, right = left_edge, right_edge
    if band > 1e-6:
        left = min(middle - band, left_edge - 0.25 * band)
        right = max(middle + band, right_edge + 0.25 * band)
        left, right, found = touch_pair(
            left, right, left_edge, right_edge, forever - e, -1.0, forever + r, -1.0, 0.0, 0.0, 0.0, 0.0, law, table
        )
        if not found:
            return False
    option[0], option[1] = left, right
    _, option[5], _, option[6] = contact(left, forever - e, -1.0, law, table)
    rising, _, option[8], _ = contact(right, forever + r, -1.0, law, table)
    option[7] = -rising
    if closing < h / rho:
        leave = h / rho - closing
        option[2] = touch(PSI, leave, 0.0, option[7], option[8], BELOW, right, law, table)
        if option[2] >= left:
            return False
        if not math.isinf(option[2]):
            _, option[9], _, option[10] = contact(option[2], leave, 0.0, law, table)
            option[5] += option[9] * math.exp(option[6] - option[10])
    return True


@kernel
def island(c: float, h: float, e: float, closing: float, option: Floats, law: Floats, table: Floats) -> None:
    """Find where a plant that runs below its stopping price still waits between going idle and closing."""
    rho = law[4]
    low, high = max(option[2], option[0] - 40.0), option[0]
    if idle_waiting(low, h, closing, option, law, table) >= e - closing or c <= rho * closing:
        return
    kink = high
    for _ in range(3 * STEPS):
        up, q_up, down, q_down, _, _ = basis(kink, law, table)
        rising, falling = option[7] * math.exp(up - option[8]), option[9] * math.exp(down - option[10])
        over, slope = rising + falling - h / rho - (e - closing), q_up * rising + q_down * falling
        if over > 0.0:
            high = kink
        else:
            low = kink
        step = kink - over / slope if slope > 0.0 else low
        if not low < step < high:
            step = 0.5 * (low + high)
        moved = abs(step - kink)
        kink = step
        if moved < 4e-15 * max(1.0, abs(kink)):
            break
    r0 = (c - h) / rho - e
    left, right, found = touch_pair(
        kink - 0.02, kink + 0.02, min(kink, math.log(c - rho * closing)), kink, c / rho - closing, -1.0, r0, -1.0,
        option[7], option[8], option[9], option[10], law, table,
    )  # fmt: skip
    if found and left < kink < right <= option[0]:
        option[11], option[12] = left, right
        option[13], option[15], option[14], option[16] = contact(left, c / rho - closing, -1.0, law, table)


@kernel
def idle_when_stop_is_for_good(
    c: float, h: float, e: float, r: float, closing: float, option: Floats, law: Floats, table: Floats
) -> None:
    """Fill the idle side of a plant whose running value is known (it closes directly, or never stops)."""
    rho = law[4]
    leaves = closing < h / rho
    if leaves and law[2] > 0.0 and math.isinf(option[0]):
        leaves = running_value(law[7], c, h, e, closing, option, law, table) < r - closing
    if math.isinf(r):
        option[1] = math.inf
        option[2] = math.inf if leaves else -math.inf
        return
    edge = c - h + rho * r
    r0 = (h - c) / rho - r
    if leaves:
        if math.isinf(option[0]) and c / rho + r - closing <= 0.0:
            option[1] = option[2] = -math.inf
            return
        low = option[0]
        if math.isinf(low):
            low = math.log(rho * (c / rho + r - closing)) - 30.0 if law[2] == 0.0 else law[7]
        if r <= 1e-15 * c and edge <= math.exp(low):
            option[1] = option[2] = low
            return
        high = low + 0.5
        while running_value(high, c, h, e, closing, option, law, table) < r - closing:
            high += 0.5
        kink = low
        for _ in range(60):
            kink = 0.5 * (low + high)
            if running_value(kink, c, h, e, closing, option, law, table) > r - closing:
                high = kink
            else:
                low = kink
        leave = h / rho - closing
        right_edge = max(kink, math.log(edge)) if edge > 0.0 else kink
        near = min(0.02, 5.0 * law[0])
        for _ in range(6):  # the less volatile a price that drifts, the nearer both lie to the kink
            reach = max(near, right_edge - kink + 0.5 * near)
            left, right, found = touch_pair(
                kink - reach, right_edge + near, kink, right_edge,
                leave, 0.0, r0, 1.0, 0.0, 0.0, option[5], option[6], law, table,
            )  # fmt: skip
            if found:
                option[2], option[1] = left, right
                option[7], option[9], option[8], option[10] = contact(left, leave, 0.0, law, table)
                return
            near *= 0.1
        # Slope and bend of the idle value say how far apart the two lie: here closer than digits tell.
        narrow = 0.5 * law[0] * law[0] * math.exp(kink) / rho < 1e-4 * (h - rho * closing)
        if h > rho * closing and (narrow or r <= 1e-4 * c):
            option[1] = option[2] = kink
            return
        if law[2] == 0.0:
            option[4] = NOT_FOUND
            return
    if edge <= 0.0:
        option[1] = -math.inf
        return
    right = touch(PHI, r0, 1.0, -option[5], option[6], ABOVE, math.log(edge), law, table)
    option[1] = right
    if not math.isinf(right):
        option[7], _, option[8], _ = contact(right, r0, 1.0, law, table)


@kernel
def bears_no_lay_up(
    c: float, h: float, e: float, r: float, closing: float, option: Floats, law: Floats, table: Floats
) -> bool:
    """Return whether a plant that does not go idle when it stops has no reason to at the prices where it would."""
    if math.isinf(e) or c - h - law[4] * e <= 0.0:
        return True
    slack = 1e-7 * c / law[4]
    high = math.log(c - h - law[4] * e)
    low = option[0] if option[0] > -math.inf else (high - 40.0 if law[2] == 0.0 else law[7])
    for part in range(9):
        x = low + max(high - low, 0.0) * part / 8.0
        idle = idle_value(x, c, h, e, r, closing, option, law, table)
        if running_value(x, c, h, e, closing, option, law, table) < idle - e - slack:
            return False
    return True


@kernel
def solve_one(
    c: float, h: float, e: float, r: float, closing: float, option: Floats, law: Floats, table: Floats, price: Floats
) -> None:
    """Write coefficients of one plant and its stopping, restarting and exit price."""
    rho = law[4]
    option[:] = 0.0
    option[0], option[1], option[2] = -math.inf, math.inf, -math.inf
    option[11], option[12] = math.inf, -math.inf
    price[:] = math.nan
    if not (rho > 0.0 and law[0] >= 0.0 and law[2] >= 0.0 and e + r >= 0.0 and math.isfinite(c + h + law[1])):
        option[4] = INVALID
        return
    if law[0] <= TINY:
        option[3] = CONSTANT
        price[0] = max(c - min(h + rho * e, rho * closing), 0.0)
        price[1] = max(c - min(h, rho * closing) + rho * r, 0.0)
        price[2] = price[1] if rho * closing < h else 0.0
        return
    size = max(abs(c) + h, math.exp(law[3]) if law[2] > 0.0 else 1e-300)
    if (law[2] == 0.0 and rho <= law[1]) or math.isinf(law[8]):
        option[4] = INFINITE
        return
    _, _, _, _, forever, _ = basis(math.log(size), law, table)
    if not forever < MOST * size / rho:
        option[4] = INFINITE
        return
    idles = lay_up(c, h, e, r, closing, option, law, table)
    direct, lost, down = -math.inf, 0.0, 0.0
    if math.isfinite(closing) and c > rho * closing:
        lost = c / rho - closing
        direct = touch(PSI, lost, -1.0, 0.0, 0.0, BELOW, math.log(c - rho * closing), law, table)
    worse = 0.0
    if not math.isinf(direct):
        _, worse, _, down = contact(direct, lost, -1.0, law, table)
        if idles and option[5] < worse * math.exp(option[6] - down) - 1e-11 * size / rho:
            idles = False
    if idles:
        if math.isfinite(closing):
            island(c, h, e, closing, option, law, table)
    elif option[4] == SOLVED:
        option[:] = 0.0
        option[1] = math.inf
        option[2] = -math.inf
        option[11], option[12] = math.inf, -math.inf
        option[0] = direct
        option[3] = CLOSES
        if math.isinf(direct):
            option[3] = NEVER_STOPS
        else:
            option[5], option[6] = worse, down
        idle_when_stop_is_for_good(c, h, e, r, closing, option, law, table)
        if option[4] == SOLVED and not bears_no_lay_up(c, h, e, r, closing, option, law, table):
            option[4] = NOT_FOUND
    if option[4] == SOLVED:
        for k in range(3):
            price[k] = math.exp(option[k])


@kernel
def thresholds(
    plants: Floats, which: NDArray[np.int64], laws: Floats, tables: Floats, options: Floats, prices: Floats,
    start: int, stop: int,
) -> None:  # fmt: skip
    """Solve plants ``start`` to ``stop``; plants: (5, n) of c, h, E, R, X."""
    for i in range(start, stop):
        g = which[i]
        if laws[g, CERTAIN] > 0.0:
            continue
        table = tables[min(g, tables.shape[0] - 1)]
        solve_one(
            plants[0, i], plants[1, i], plants[2, i], plants[3, i], plants[4, i], options[i], laws[g], table, prices[i]
        )


@kernel
def values(
    plants: Floats, which: NDArray[np.int64], laws: Floats, tables: Floats, options: Floats, at: Floats,
    running: Floats, idle: Floats, start: int, stop: int,
) -> None:  # fmt: skip
    """Write the value of each plant running and idle at its prices ``at``, (n, m); nan at one beyond a table."""
    for i in range(start, stop):
        g = which[i]
        if laws[g, CERTAIN] > 0.0:
            continue
        law, option, table = laws[g], options[i], tables[min(g, tables.shape[0] - 1)]
        c, h, e, r, closing = plants[0, i], plants[1, i], plants[2, i], plants[3, i], plants[4, i]
        rho = law[4]
        for k in range(at.shape[1]):
            if option[4] != SOLVED:
                running[i, k] = idle[i, k] = math.nan
            elif option[3] == CONSTANT or at[i, k] <= 0.0:  # a price of 0 or less stays
                margin = (at[i, k] - c) / rho
                running[i, k] = max(margin, -e - h / rho, -closing)
                idle[i, k] = max(margin - r, -h / rho, -closing)
            elif not covered(math.log(at[i, k]), law, table):
                running[i, k] = idle[i, k] = math.nan
            else:
                x = math.log(at[i, k])
                running[i, k] = running_value(x, c, h, e, closing, option, law, table)
                idle[i, k] = idle_value(x, c, h, e, r, closing, option, law, table)


@kernel
def expect_idle(
    plants: Floats, which: NDArray[np.int64], laws: Floats, tables: Floats, options: Floats, at: Floats, years: Floats,
    nodes: Floats, expected: Floats, start: int, stop: int,
) -> None:  # fmt: skip
    """Write E[V_idle(p_T)] of each plant, p_0 = at[i], T = years[i]; nodes: Gauss-Legendre, (2, n)."""
    for i in range(start, stop):
        g = which[i]
        if laws[g, CERTAIN] > 0.0:
            continue
        law, option, table = laws[g], options[i], tables[min(g, tables.shape[0] - 1)]
        c, h, e, r, closing = plants[0, i], plants[1, i], plants[2, i], plants[3, i], plants[4, i]
        sigma, kappa, span = law[0], law[2], years[i]
        if option[4] != SOLVED:
            expected[i] = math.nan
            continue
        if option[3] == CONSTANT or at[i] <= 0.0:
            expected[i] = max((at[i] - c) / law[4] - r, -h / law[4], -closing)
            continue
        x = math.log(at[i])
        if not covered(x, law, table):
            expected[i] = math.nan
            continue
        nu = law[1] - 0.5 * sigma * sigma
        mean, variance = x + nu * span, sigma * sigma * span
        if kappa > 0.0:
            fade = math.exp(-kappa * span)
            level = law[3] + nu / kappa
            mean, variance = level + (x - level) * fade, 0.5 * sigma * sigma / kappa * (1.0 - fade * fade)
        spread = math.sqrt(variance)
        if spread == 0.0:
            expected[i] = idle_value(x, c, h, e, r, closing, option, law, table)
            continue
        bottom, top = mean - 8.0 * spread, mean + (8.0 + spread) * spread
        first = min(max(option[2], bottom), top)
        second = min(max(option[1], first), top)
        total = 0.0
        for piece in range(3):
            begin = bottom if piece == 0 else (first if piece == 1 else second)
            end = first if piece == 0 else (second if piece == 1 else top)
            half = 0.5 * (end - begin)
            if half <= 0.0:
                continue
            for n in range(nodes.shape[1]):
                z = begin + half * (1.0 + nodes[0, n])
                normal = math.exp(-0.5 * ((z - mean) / spread) ** 2) / (spread * math.sqrt(2.0 * math.pi))
                if piece == 2:
                    worth = running_value(z, c, h, e, closing, option, law, table) - r
                else:
                    worth = idle_waiting(z, h, closing, option, law, table)
                total += half * nodes[1, n] * normal * worth
        expected[i] = total
