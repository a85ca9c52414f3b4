r"""Markets at given cuts, cleared by a checker: each idle line's threshold by halving, then the fall of output at once.

The price rise at a fall of supply q is read off four curves, whichever the case has, with b the slope of linear demand
and m that of import supply:

    below parity              what buyers pay for so much less
    above it, linear          h + (b q - h) / (1 + b m)                                h the headroom to parity
    above it, isoelastic      buyers' price for g less, where g + m (price - parity) = q
    a spread of the headroom  [b q + b m E(max(H, 0) - max(H - b q, 0))] / (1 + b m)   H normal

A line that needs a rise of r restarts at the least fall q with u(q) + s F(q - Z) >= r. Both u and F never fall, so the
threshold is found by halving [0, Q], several times at once where lines are few, whatever their form. With the lines
free to restart in order of their thresholds, the fall that meets W + Z = q + restarts(q) is

    q = min(W + Z, min over k of max(q_k, W + Z - the first k lines)).
"""

from __future__ import annotations

__all__ = [
    "Lines",
    "Market",
    "cleared",
    "headroom_fall",
    "lines_of",
    "on_stretch",
    "relief_at",
    "rise_at",
]

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from potline.agreement.checks.facts import Facts

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_HALVINGS, _AT_ONCE, _FEW_LINES = 64, 5, 64
_STEPS = 200
_CLOSE = 1e-11
_MANY = 4_000_000  # lines and markets: of more, markets with the same members are cleared together
_FEW = 4096  # lines and markets: of more, nothing is kept


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Idle lines in the order in which they restart: falls of output [N, L], relief there, tonnes and owners."""

    at: Floats
    relief: Floats
    kt: Floats
    owner: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """N markets: net fall of supply, price rise, fall of the shared input's price."""

    fall: Floats
    rise: Floats
    relief: Floats


def rise_at(facts: Facts, fall: Floats) -> Floats:
    """Return the price rise at a fall of supply."""
    most = np.minimum(fall, facts.quantity)
    demanded = _demand(facts, most)[0]
    if not _imported(facts):
        return demanded
    if facts.spread > 0.0:
        return _expected(facts, most)[0]
    h = max(facts.ceiling - facts.price, 0.0)
    above = demanded > h
    if not np.isfinite(facts.imports) or not above.any():
        return np.minimum(demanded, h)
    rise = np.minimum(demanded, h)
    rise[above] = _above_parity(facts, most[above])[0]
    return rise


def on_stretch(facts: Facts, fall: Floats, middle: Floats) -> tuple[Floats, Floats]:
    """Return rise and slope at falls of supply on the curve of the stretch that holds ``middle``, beyond its ends too.

    The slope is 0 on a flat ceiling and where nothing is left to buy.
    """
    if _imported(facts) and facts.spread > 0.0:
        rise, growth = _expected(facts, np.minimum(fall, facts.quantity))
    else:
        rise, growth = _demand(facts, fall)
        beyond = middle >= headroom_fall(facts) * (1.0 - _CLOSE)
        if beyond.any():
            there = _above_parity(facts, fall[beyond])
            rise[beyond], growth[beyond] = there
    return rise, np.where(middle < facts.quantity * (1.0 - _CLOSE), growth, 0.0)


def headroom_fall(facts: Facts) -> float:
    """Return the fall of supply at which the price reaches import parity; ``inf`` where it has a spread, or none."""
    if facts.spread > 0.0 or not _imported(facts):
        return np.inf
    top = max(facts.ceiling / facts.price, 1.0)
    share = 1.0 - top**-facts.elasticity if facts.isoelastic else (top - 1.0) * facts.elasticity
    return facts.quantity * share


def _imported(facts: Facts) -> bool:
    return bool(np.isfinite(facts.ceiling)) and facts.imports > 0.0


def _demand(facts: Facts, fall: Floats) -> tuple[Floats, Floats]:
    """Return the price rise on the demand curve, whatever is imported, and its slope."""
    slope = facts.price / (facts.elasticity * facts.quantity)
    if not facts.isoelastic:
        return slope * fall, slope * np.ones_like(fall)
    left = np.maximum(1.0 - fall / facts.quantity, 1e-9)
    with np.errstate(over="ignore"):  # without bound, where hardly anything is left to buy
        over = left ** (-1.0 / facts.elasticity)
        return facts.price * (over - 1.0), slope * (over / left)


def _above_parity(facts: Facts, fall: Floats) -> tuple[Floats, Floats]:
    """Return rise and slope where the price stands above parity, of a headroom without a spread."""
    h, m = max(facts.ceiling - facts.price, 0.0), facts.imports
    if not np.isfinite(m):
        return np.full_like(fall, h), np.zeros_like(fall)
    if not facts.isoelastic:
        b = facts.price / (facts.elasticity * facts.quantity)
        return h + (b * fall - h) / (1.0 + b * m), np.full_like(fall, b / (1.0 + b * m))
    highest = 1.0 + (h + np.maximum(fall, 0.0) / m) / facts.price  # the price if imports alone filled in
    given_up = np.minimum(fall, facts.quantity * (1.0 - highest**-facts.elasticity))
    for _ in range(_STEPS):  # Newton from too much given up: the excess is convex, so it descends
        rise, growth = _demand(facts, given_up)
        step = np.maximum(given_up + m * (rise - h) - fall, 0.0) / (1.0 + m * growth)
        given_up = given_up - step
        if bool((step <= 1e-16 * facts.quantity).all()):
            break
    rise, growth = _demand(facts, given_up)
    return rise, growth / (1.0 + m * growth)


def _expected(facts: Facts, fall: Floats) -> tuple[Floats, Floats]:
    """Return the expected rise and its slope where the headroom is normal and demand linear."""
    b, spread, m = facts.price / (facts.elasticity * facts.quantity), facts.spread, facts.imports
    mean = facts.ceiling - facts.price

    def over(k: Floats | float) -> tuple[Floats, Floats]:  # E max(H - k, 0), and P(H > k)
        z = (mean - np.asarray(k, dtype=np.float64)) / spread
        chance = ndtr(z)
        return spread * (z * chance + np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)), chance

    left, chance = over(b * fall)
    held = over(0.0)[0] - left
    part = 1.0 if np.isinf(m) else b * m / (1.0 + b * m)
    return (1.0 - part) * (b * fall) + part * held, b * (1.0 - part + part * chance)


def relief_at(facts: Facts, fall: Floats, side: Literal["left", "right"]) -> Floats:
    """Return the relief at a fall of output; at a step its lower or its upper value."""
    if facts.steps.size == 0:
        return np.zeros_like(fall)
    nudged = fall - _CLOSE * np.abs(fall) if side == "left" else fall + _CLOSE * np.abs(fall)
    count = np.searchsorted(facts.steps, nudged, side=side)
    return np.append(0.0, facts.relief)[count]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose idle lines are asked for; answers to equal ones are one, as most that a certificate moves leaves them."""

    numbers: tuple[float | bytes, ...]
    facts: Facts = field(compare=False)
    stock: Floats | None = field(compare=False)


def lines_of(facts: Facts, stock: Floats | None = None) -> Lines:
    """Return the idle lines in order; ``stock``: product bought in each of N markets, else one row for all."""
    idle = facts.idle > 0.0
    plants = tuple(values[idle].tobytes() for values in (facts.idle, facts.restart, facts.use, facts.owner))
    demand = (
        facts.price,
        facts.quantity,
        facts.elasticity,
        facts.isoelastic,
        facts.ceiling,
        facts.imports,
        facts.spread,
    )
    held = b"none" if stock is None else stock.tobytes()
    asked = _Asked((*plants, *demand, facts.steps.tobytes(), facts.relief.tobytes(), held), facts, stock)
    few = np.count_nonzero(idle) * (1 if stock is None else stock.size) <= _FEW
    return _lines(asked) if few else _lines.__wrapped__(asked)


@lru_cache(maxsize=64)
def _lines(asked: _Asked) -> Lines:
    facts, stock = asked.facts, asked.stock
    idle = np.flatnonzero(facts.idle > 0.0)
    held = np.zeros(1) if stock is None else stock
    stays = np.isinf(facts.restart[idle])  # whatever the price, which may have no limit
    need = np.maximum(np.where(stays, facts.price, facts.restart[idle]) - facts.price, 0.0) * np.ones((held.size, 1))
    use, z = facts.use[idle], held[:, None]
    halvings = _AT_ONCE if need.size <= _FEW_LINES else 1
    shares = np.arange(1, 1 << halvings) / (1 << halvings)

    def lead(fall: Floats) -> Floats:  # [N, L, any]
        output = np.maximum(fall - z[:, :, None], 0.0)
        return rise_at(facts, fall) + use[:, None] * relief_at(facts, output, "right") - need[:, :, None]

    low, high = np.zeros_like(need), np.full_like(need, facts.quantity * (1.0 - 1e-9))
    never, at_once = lead(high[:, :, None])[:, :, 0] < 0.0, lead(low[:, :, None])[:, :, 0] >= 0.0
    high = np.where(at_once, 0.0, high)
    for _ in range(0, _HALVINGS, halvings):
        inner = low[:, :, None] + (high - low)[:, :, None] * shares
        if bool(((inner == low[:, :, None]) | (inner == high[:, :, None])).all()):
            break
        enough = lead(inner) >= 0.0
        low, high = (
            np.where(enough, low[:, :, None], inner).max(axis=2),
            np.where(enough, inner, high[:, :, None]).min(axis=2),
        )
    at = high
    for step in facts.steps:  # halving ends a last digit beside a step
        at = np.where(np.abs(at - z - step) <= 1e-9 * max(step, 1.0), step + z, at)
    gap = need - rise_at(facts, at)
    before, after = (relief_at(facts, np.maximum(at - z, 0.0), side) for side in ("left", "right"))
    before = np.where(at <= 0.0, 0.0, before)
    wanted = np.where(use > 0.0, gap / np.where(use > 0.0, use, 1.0), before)
    there = np.minimum(np.maximum(wanted, before), after)
    at = np.where(stays | (never & ~at_once), np.inf, at)
    order = np.lexsort((there, at), axis=1)
    kt, owner = np.broadcast_to(facts.idle[idle], at.shape), np.broadcast_to(facts.owner[idle], at.shape)
    at, there, kt = (np.take_along_axis(values, order, axis=1) for values in (at, there, kt))
    return Lines(at, there, kt, np.take_along_axis(owner, order, axis=1))


def cleared(facts: Facts, lines: Lines, withdrawn: Floats, held: Flags, stock: Floats | None = None) -> Market:
    """Clear N markets; ``held``: owners whose idle lines stay idle, [N, O]."""
    supply = withdrawn if stock is None else withdrawn + stock
    shared = lines.at.shape[0] == 1
    many = shared and supply.size * lines.at.shape[1] > _MANY
    fall, partly = (_in_groups if many else _one_by_one)(lines, supply, held)
    output = fall if stock is None else fall - stock
    relief = relief_at(facts, np.maximum(output, 0.0), "left")
    relief = np.where(np.isnan(partly), np.where(fall <= 0.0, 0.0, relief), partly)
    return Market(fall, rise_at(facts, fall), relief)


def _one_by_one(lines: Lines, supply: Floats, held: Flags) -> tuple[Floats, Floats]:
    """Return the fall that meets each supply, and the relief at which a line restarts in part, nan where none does."""
    shape = (supply.size, lines.at.shape[1])
    owner = np.broadcast_to(lines.owner, shape)
    at, kt = np.broadcast_to(lines.at, shape), np.broadcast_to(lines.kt, shape)
    answers = np.where(held[np.arange(supply.size)[:, None], owner], 0.0, kt)
    after = supply[:, None] - answers.cumsum(axis=1)
    fall = np.minimum(supply, np.maximum(at, after).min(axis=1, initial=np.inf))
    partly = (answers > 0.0) & (at == fall[:, None]) & (after <= at) & (after + answers > at)
    some = partly.any(axis=1)
    relief = np.full(supply.size, np.nan)
    if some.any():
        k = partly.argmax(axis=1)
        relief = np.where(some, np.broadcast_to(lines.relief, shape)[np.arange(supply.size), k], relief)
    return fall, relief


def _in_groups(lines: Lines, supply: Floats, held: Flags) -> tuple[Floats, Floats]:
    """Return the same for many markets of few coalitions: what lines answer in all is summed once for each of these.

    Thresholds never fall from line to line and what is left of the supply never rises, so that the larger of the two is
    least where they meet.
    """
    at, kt, owner = lines.at[0], lines.kt[0], lines.owner[0]
    fall, relief = np.empty(supply.size), np.full(supply.size, np.nan)
    moved = np.flatnonzero(held.any(axis=0) != held.all(axis=0))
    _, group = np.unique(np.packbits(held[:, moved], axis=1), axis=0, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    beside = np.array([-1, 0, 1])
    for rows in np.split(order, np.bincount(group.ravel()).cumsum()[:-1]):
        answers = np.where(held[rows[0], owner], 0.0, kt)
        given, asked = answers.cumsum(), supply[rows]
        k = np.clip(np.searchsorted(at + given, asked)[:, None] + beside, 0, at.size - 1)
        met = np.minimum(asked, np.maximum(at[k], asked[:, None] - given[k]).min(axis=1))
        k = np.clip(np.searchsorted(given, asked - met)[:, None] + beside, 0, at.size - 1)
        after = asked[:, None] - given[k]
        partly = (answers[k] > 0.0) & (at[k] == met[:, None]) & (after <= at[k]) & (after + answers[k] > at[k])
        there = lines.relief[0][k[np.arange(rows.size), partly.argmax(axis=1)]]
        fall[rows], relief[rows] = met, np.where(partly.any(axis=1), there, np.nan)
    return fall, relief
