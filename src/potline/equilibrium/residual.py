"""What a deviator faces and has: residual demand as pieces, and its own cost curve. Used by the verifier alone."""

from __future__ import annotations

__all__ = ["ResidualDemand", "UnitBlocks"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.game import Game

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualDemand:
    """Inverse demand that domestic sellers face, as pieces from the least quantity to the most.

    Piece r covers ``[left_r, right_r]`` kt; its price is ``flat_r``, or where that is ``nan`` the price of consuming
    what is sold plus ``imports_r`` and, from ``rise_from`` on, ``rise_r`` kt for each unit of money/t.
    """

    isoelastic: bool
    first: float
    second: float
    left: Floats
    right: Floats
    flat: Floats
    imports: Floats
    rise: Floats
    rise_from: float

    @classmethod
    def of(cls, game: Game) -> ResidualDemand:
        """Cut the demand of a game at its world prices."""

        def quantity(price: float) -> float:
            if game.isoelastic:
                return game.first * price**-game.second if price > 0.0 else math.inf
            return game.first - game.second * price

        rows: list[tuple[float, float, float, float]] = []
        edge, imports = -math.inf, float(np.sum(game.tranche_kt))
        worlds = list(zip(game.tranche_price.tolist(), game.tranche_kt.tolist(), strict=True))
        for k in range(len(worlds) - 1, -1, -1):
            price = worlds[k][0]
            if math.isfinite(imports):
                rows.append((edge, quantity(price) - imports, math.nan, imports))
                edge = quantity(price) - imports
            imports = sum(item[1] for item in worlds[:k])
            rows.append((edge, quantity(price) - imports, price, math.nan))
            edge = quantity(price) - imports
        if math.isfinite(game.floor):
            rows.append((edge, quantity(game.floor), math.nan, 0.0))
            rows.append((quantity(game.floor), math.inf, game.floor, math.nan))
        else:
            rows.append((edge, math.inf, math.nan, 0.0))
        rise = np.zeros(len(rows))
        if game.rise > 0.0:
            kink = quantity(game.rise_from)
            rows = [(-math.inf, kink, math.nan, 0.0), (kink, *rows[0][1:]), *rows[1:]]
            rise = np.array([game.rise, *rise])
        table = np.array(rows)
        table[:, :2] -= game.outside
        table[:, 3] += game.outside
        return cls(
            isoelastic=game.isoelastic,
            first=game.first,
            second=game.second,
            left=table[:, 0],
            right=table[:, 1],
            flat=table[:, 2],
            imports=table[:, 3],
            rise=rise,
            rise_from=game.rise_from,
        )

    def price(self, quantity: Floats, piece: NDArray[np.int64]) -> Floats:
        """Return the price of domestic sales on the stated pieces, money/t."""
        used = quantity + self.imports[piece]
        with np.errstate(all="ignore"):
            sloped = (
                (used / self.first) ** (-1.0 / self.second) if self.isoelastic else (self.first - used) / self.second
            )
            rises = self.rise[piece] > 0.0
            if np.any(rises):
                sloped = np.where(rises, self._beside_imports(used, sloped), sloped)
        return np.where(np.isnan(self.flat[piece]), sloped, self.flat[piece])

    def _beside_imports(self, used: Floats, plain: Floats) -> Floats:
        """Return the price at which buyers take what is sold and the imports that the price brings."""
        rise = float(self.rise.max())
        if not self.isoelastic:
            return (self.first + rise * self.rise_from - used) / (self.second + rise)
        low, high = np.full(used.size, self.rise_from), np.where(used > 0.0, plain, np.inf)
        most = self.rise_from + self.first * self.rise_from**-self.second / rise - np.minimum(used, 0.0) / rise
        high = np.maximum(np.fmin(high, most), low)
        for _ in range(200):
            middle = 0.5 * (low + high)
            over = self.first * middle**-self.second - rise * (middle - self.rise_from) > used
            low, high = np.where(over, middle, low), np.where(over, high, middle)
        return 0.5 * (low + high)

    def fall(self, quantity: Floats, piece: NDArray[np.int64]) -> Floats:
        """Return ``|P'|`` on the stated pieces, money/t per kt."""
        rise = self.rise[piece]
        if not self.isoelastic:
            return np.where(np.isnan(self.flat[piece]), 1.0 / (self.second + rise), 0.0)
        with np.errstate(all="ignore"):
            used, price = quantity + self.imports[piece], self.price(quantity, piece)
            used = np.where(rise > 0.0, used + rise * (price - self.rise_from), used)
            slope = np.where(rise > 0.0, 1.0 / (self.second * used / price + rise), price / (self.second * used))
        return np.where(np.isnan(self.flat[piece]), slope, 0.0)

    def at(self, quantity: float) -> tuple[float, float, float]:
        """Return the price of domestic sales and the slope ``|P'|`` just before and just after them."""
        slack = 1e-12 * max(1.0, abs(quantity) if math.isfinite(quantity) else 1.0)
        if math.isnan(quantity):
            return math.nan, math.nan, math.nan
        touching = np.flatnonzero((self.left - slack <= quantity) & (quantity <= self.right + slack))
        sold = np.full(touching.size, quantity)
        slopes = self.fall(sold, touching)
        return float(self.price(sold, touching)[0]), float(slopes[0]), float(slopes[-1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitBlocks:
    """The blocks of one unit, cheapest first."""

    cost: Floats
    capacity: Floats
    scale: Floats
    exponent: Floats

    @classmethod
    def of(cls, game: Game, i: int) -> UnitBlocks:
        """Return the blocks of unit i."""
        mine = slice(int(game.start[i]), int(game.start[i + 1]))
        return cls(
            cost=game.cost[mine],
            capacity=game.capacity[mine],
            scale=game.scale[mine],
            exponent=game.exponent[mine],
        )

    def each(self, level: Floats, at: bool) -> Floats:
        """Return what each block offers at levels of marginal cost, shape (levels, blocks)."""
        above = np.maximum(level[:, None] - self.cost, 0.0)
        with np.errstate(over="ignore", invalid="ignore"):
            smooth = np.minimum(self.capacity, self.scale * above**self.exponent)
        on = level[:, None] >= self.cost if at else level[:, None] > self.cost
        return np.where(self.scale > 0.0, smooth, np.where(on, self.capacity, 0.0))

    def supply(self, level: Floats, at: bool) -> Floats:
        """Return what all blocks offer at levels of marginal cost, kt."""
        return self.each(level, at).sum(axis=1)

    def total_cost(self, output: Floats) -> Floats:
        """Return the cost of each block's output, money/t times kt."""
        share = np.where(self.scale > 0.0, output / np.where(self.scale > 0.0, self.scale, 1.0), 0.0)
        power = 1.0 + 1.0 / self.exponent
        return self.cost * output + np.where(self.scale > 0.0, self.scale * share**power / power, 0.0)

    def marginal(self, output: Floats) -> Floats:
        """Return the marginal cost of outputs inside capacity, by halving the level."""
        if self.cost.size == 1 and self.scale[0] > 0.0:
            return self.cost[0] + (output / self.scale[0]) ** (1.0 / self.exponent[0])
        if not np.any(self.scale > 0.0):
            step = np.searchsorted(np.cumsum(self.capacity), output, side="left")
            return self.cost[np.minimum(step, self.cost.size - 1)]
        low, high = np.full(output.size, self.cost[0]), np.full(output.size, self.cost[-1] + 1.0)
        for _ in range(200):
            short = self.supply(high, True) < output
            if not np.any(short):
                break
            high = np.where(short, high + 2.0 * (high - self.cost[0]), high)
        for _ in range(70):
            middle = 0.5 * (low + high)
            short = self.supply(middle, True) < output
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        return high

    def costs_of(self, output: Floats) -> Floats:
        """Return the least cost of each output, money/t times kt."""
        level = self.marginal(output)
        near = 1e-13 * np.maximum(np.abs(level), float(np.abs(self.cost).max())) + 1e-20
        sure = self.each(level - near, False)
        sure = np.where(np.isinf(sure), 0.0, sure)
        room = np.maximum(self.each(level + near, True) - sure, 0.0)
        room = np.where(np.isinf(room), np.maximum(0.0, output)[:, None], room)
        left = np.maximum(0.0, output - sure.sum(axis=1))
        size = room.sum(axis=1)
        share = np.minimum(1.0, left / np.where(size > 0.0, size, 1.0))
        return self.total_cost(sure + room * share[:, None]).sum(axis=1)

    def cost_of(self, output: float) -> float:
        """Return the least cost of one output, money/t times kt."""
        return float(self.costs_of(np.array([output]))[0])
