"""Check an answer against the question: code that shares nothing with the solver but the question itself."""

from __future__ import annotations

__all__ = ["Certificate", "verify_point"]

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.concepts import Tolerance
from potline.equilibrium.deviation import largest_gains
from potline.equilibrium.game import Game
from potline.equilibrium.leading import leader_gain
from potline.equilibrium.residual import ResidualDemand

Floats = NDArray[np.float64]
Uniqueness = Literal["proven", "unknown", "several"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What independent code found about an answer.

    Attributes:
        kkt: largest violation of any block's optimality conditions, of the capacities, of the cap and of the market
            balance, relative to the price (quantities to the market's size).
        gain: largest unilateral gain (for a conjecture: the gain the owner expects), relative to the market's
            revenue; includes the leader's. gain_owner: whose it is, empty where nobody gains.
        uniqueness: of the price and of each unit's output, ties between equal costs aside.
        tolerance: what both numbers are held to.
    """

    kkt: float
    gain: float
    gain_owner: str
    uniqueness: Uniqueness
    tolerance: Tolerance

    @property
    def holds(self) -> bool:
        """Whether both numbers meet the tolerance."""
        return self.kkt <= self.tolerance.kkt and self.gain <= self.tolerance.gain


def verify_point(
    game: Game,
    *,
    price: float,
    slope: float,
    output: Floats,
    trade: float,
    multiplier: float,
    tolerance: Tolerance,
    equilibria: int = 1,
) -> Certificate:
    """Return the certificate of a claimed price and outputs.

    Args:
        game: the question.
        price: money/t.
        slope: the slope the owners are said to see, money/t per kt.
        output: of each block, kt, shape (blocks,).
        trade: net imports, kt.
        multiplier: of the joint cap, money/t.
        tolerance: what the certificate is held to.
        equilibria: how many the solver found.
    """
    demand = ResidualDemand.of(game)
    kkt = _largest_violation(game, demand, price, slope, output, trade, multiplier)
    gains = largest_gains(game, demand, price, output)
    ahead: float | None = None
    if game.leader >= 0:
        gains[game.leader], ahead = leader_gain(game, price, output)
    size = max(abs(price) * max(float(output.sum()), 1e-300), 1e-300)
    worst = int(np.argmax(gains)) if gains.size else 0
    gain = float(gains[worst]) / size if gains.size else 0.0
    return Certificate(
        kkt=kkt,
        gain=gain,
        gain_owner=game.units[worst] if gain > tolerance.gain else "",
        uniqueness=_uniqueness(game, demand, slope, output, equilibria, ahead),
        tolerance=tolerance,
    )


def _largest_violation(
    game: Game,
    demand: ResidualDemand,
    price: float,
    slope: float,
    output: Floats,
    trade: float,
    multiplier: float,
) -> float:
    unit = game.unit
    total = float(output.sum())
    scale = max(abs(price), 1e-300)
    size = max(total + abs(trade) + abs(game.outside), 1e-300 if game.isoelastic else 1e-6 * game.first)
    worst = 0.0
    # Quantities: bounds, balance, cap.
    worst = max(worst, float(np.max(-output, initial=0.0)) / size)
    worst = max(worst, float(np.max(output - game.capacity, initial=0.0)) / size)
    sold = game.by_unit(output)
    held = float(sold[game.limited].sum())
    if np.any(game.limited):
        worst = max(worst, (held - game.cap) / size, -multiplier / scale)
        if multiplier > 0.0:
            worst = max(worst, min(multiplier / scale, (game.cap - held) / size))
    # The price: domestic sales sell at it, and the slope seen lies between the slopes on either side.
    implied, before, after = demand.at(total)
    worst = max(worst, abs(implied - price) / scale)
    least, most = min(before, after), max(before, after)
    worst = max(worst, max(least - slope, slope - most, 0.0) * float(np.max(sold, initial=0.0)) / scale)
    worst = max(worst, _trade_violation(game, price, trade) / size)
    used = game.first * price**-game.second if game.isoelastic else game.first - game.second * price
    if total > 0.0:
        worst = max(worst, abs(used - total - trade - game.outside) / size)
    # Optimality: marginal revenue against marginal cost, block by block.
    conduct = np.where(np.isnan(game.theta), 0.0, game.theta)
    revenue = price - conduct * slope * sold - np.where(game.limited, multiplier, 0.0)
    with np.errstate(all="ignore"):
        rising = np.where(game.scale > 0.0, (np.maximum(output, 0.0) / game.scale) ** (1.0 / game.exponent), 0.0)
    gap = revenue[unit] - game.cost - rising
    tiny = 1e-13 * size
    violation = np.where(output < game.capacity - tiny, np.maximum(gap, 0.0), 0.0)
    violation = np.maximum(violation, np.where(output > tiny, np.maximum(-gap, 0.0), 0.0))
    if game.leader >= 0:
        violation = np.where(unit == game.leader, 0.0, violation)
    return max(worst, float(np.max(violation, initial=0.0)) / scale)


def _trade_violation(game: Game, price: float, trade: float) -> float:
    """Return by how much trade differs from what world prices allow, kt."""
    near = 1e-12 * abs(price)
    surely = float(game.tranche_kt[game.tranche_price < price - near].sum())
    possibly = float(game.tranche_kt[game.tranche_price <= price + near].sum())
    least = -np.inf if price <= game.floor + near else surely
    return max(0.0, trade - possibly, least - trade)


def _uniqueness(
    game: Game,
    demand: ResidualDemand,
    slope: float,
    output: Floats,
    equilibria: int,
    ahead: float | None,
) -> Uniqueness:
    """Say what is known: strict monotonicity proves a unique answer, a corner held by several owners many."""
    if equilibria > 1:
        return "several"
    if ahead is not None:
        return "unknown" if ahead <= 1e-12 or game.isoelastic or np.any(game.scale > 0.0) else "proven"
    sold = game.by_unit(output)
    _, before, after = demand.at(float(output.sum()))
    if before < after and 0.0 < slope < after and np.count_nonzero((game.theta > 0.0) & (sold > 0.0)) > 1:
        return "several"
    strategic = bool(np.any(game.theta > 0.0))
    if game.isoelastic and strategic and game.cost.size and float(game.cost.min()) < 0.0:
        return "unknown"
    return "proven"
