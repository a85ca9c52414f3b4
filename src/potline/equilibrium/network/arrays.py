"""A compiled network: read-only arrays, and what each column and row stands for."""

from __future__ import annotations

__all__ = ["Columns", "CompiledNetwork", "Curves", "Kind", "Markets"]

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.industry.network import Network
from potline.numerics.convex.program import ConvexProgram

if TYPE_CHECKING:
    from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Group = tuple[Ints, Ints, Ints, Ints, Ints, Floats, Floats, Floats, Floats]
Piece = tuple[Ints, Ints, Ints, Floats, Floats]


class Kind(IntEnum):
    """What a column stands for.

    Examples:
        >>> Kind.ROUTE.name
        'ROUTE'
    """

    ACTIVITY = 0
    ROUTE = 1
    DEMAND = 2
    SALE = 3
    STOCK = 4
    ROUTE_TOTAL = 5
    STOCK_TOTAL = 6
    ROOM = 7
    DELIVERY = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curves:
    """Demands of constant elasticity, ``P(x) = price (x / quantity)^(-1 / elasticity)``, one entry a period and demand.

    Attributes:
        column, price, quantity, elasticity: what is bought, discounted money, kt, size of it, shape (curves,).
        sale, of, theta: what a seller with market power sells into curve ``of``, shape (sales,).
    """

    column: Ints
    price: Floats
    quantity: Floats
    elasticity: Floats
    sale: Ints
    of: Ints
    theta: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Markets:
    """Where activities buy what is sold with market power.

    Attributes:
        product, place, row: of each market, the row within a period, shape (markets,).
        foreseen: whether sellers there foresee how prices answer, shape (markets,).
        column, market, theta: deliveries of each seller, their market (period * markets + market) and the seller's
            conduct, shape (deliveries,).
    """

    product: Ints
    place: Ints
    row: Ints
    foreseen: NDArray[np.bool_]
    column: Ints
    market: Ints
    theta: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompiledNetwork:
    """The arrays of one question about a network; see :mod:`potline.equilibrium.network.compilation` for the equations.

    Attributes:
        stages: products sold with market power, upstream first; empty where all take prices.
        sellers, theta: names and conduct; seller 0 stands for all price takers, shape (sellers,).
        kind, noun, period, seller, step: of each column: its kind, index of the noun in the network's tuple, period,
            seller whose goods it moves and step of the activity, shape (columns,).
        linear, diagonal, cubic, upper: ``c``, diagonal of ``Q``, ``k`` and ``u``, discounted money, shape (columns,).
        cross: rows, columns and values of Q off its diagonal.
        curves: demands that are no straight line.
        markets: where activities buy what is sold with market power.
        matrix, pricing: ``A`` and ``W``, compressed by columns, shape (periods * block, columns).
        right: ``r``, shape (periods * block,).
        block: rows of one period: balances first, in the order of ``row_product``, ``row_place`` and ``row_seller``
            (shape (balances,)), then sums.
        pair: row within a period of (seller, product, place), -1 where there is none.
        unrationed: rows within a period whose buyers want something at any price (constant elasticity, indexed inputs).
        weight: discount factor of each period, shape (periods,).
        beyond_convex: why the convex kernel cannot carry the network, a sentence each; empty where it can.
    """

    network: Network
    stages: tuple[str, ...]
    sellers: tuple[str, ...]
    theta: Floats
    kind: Ints
    noun: Ints
    period: Ints
    seller: Ints
    step: Ints
    linear: Floats
    diagonal: Floats
    cubic: Floats
    upper: Floats
    cross: tuple[Ints, Ints, Floats]
    curves: Curves
    markets: Markets
    matrix: sparse.csc_array
    pricing: sparse.csc_array
    right: Floats
    block: int
    row_product: Ints
    row_place: Ints
    row_seller: Ints
    pair: Ints
    unrationed: Ints
    weight: Floats
    beyond_convex: tuple[str, ...]

    @property
    def program(self) -> ConvexProgram:
        """Return the convex program; it means the equilibrium only where ``beyond_convex`` is empty."""
        return ConvexProgram(
            linear=self.linear,
            diagonal=self.diagonal,
            cubic=self.cubic,
            upper=self.upper,
            cross=self.cross,
            matrix=self.matrix,
            right=self.right,
            block=self.block,
        )

    @property
    def market_names(self) -> tuple[tuple[str, str], ...]:
        """Return the product and place of each market where activities buy."""
        products, places = self.network.products, self.network.places
        at: list[list[int]] = np.stack((self.markets.product, self.markets.place), axis=1).tolist()
        return tuple((products[p].name, places[r].name) for p, r in at)

    def column_name(self, column: int) -> str:
        """Return a column in words, for messages."""
        network, noun = self.network, int(self.noun[column])
        kind = Kind(int(self.kind[column]))
        who = f" of {self.sellers[int(self.seller[column])]!r}" if self.seller[column] else ""
        when = f" in period {int(self.period[column]) + 1}" if network.periods > 1 else ""
        if kind == Kind.ACTIVITY:
            return f"activity {network.activities[noun].name!r}{when}"
        if kind in (Kind.ROUTE, Kind.ROUTE_TOTAL):
            return f"route {network.routes[noun].label!r}{who}{when}"
        if kind in (Kind.DEMAND, Kind.SALE):
            item = network.demands[noun]
            return f"demand for {item.product!r} at {item.place!r}{who}{when}"
        if kind == Kind.DELIVERY:
            product, place = self.market_names[noun]
            return f"{product!r} for activities at {place!r}{who}{when}"
        if kind in (Kind.STOCK, Kind.STOCK_TOTAL):
            return f"stock of {network.stocks[noun].product!r} at {network.stocks[noun].place!r}{who}{when}"
        return f"room under a quota{when}"

    def row_name(self, row: int) -> str:
        """Return a row in words, for messages."""
        period, at = divmod(row, self.block)
        when = f" in period {period + 1}" if self.network.periods > 1 else ""
        if at >= self.row_product.size:
            if at in self.markets.row:
                product, place = self.market_names[int(np.flatnonzero(self.markets.row == at)[0])]
                return f"{product!r} for activities at {place!r}{when}"
            demand = np.flatnonzero(self.kind == Kind.DEMAND)
            here = demand[self.matrix.indices[self.matrix.indptr[demand]] == row]
            return self.column_name(int(here[0])) if here.size else f"a total{when}"
        product = self.network.products[int(self.row_product[at])].name
        return f"{product!r} at {self.network.places[int(self.row_place[at])].name!r}{when}"


@dataclass(slots=True)
class Columns:
    """Columns and entries while a network is compiled, kept as arrays by group and joined once."""

    count: int = 0
    groups: list[Group] = field(default_factory=list[Group])
    pieces: list[Piece] = field(default_factory=list[Piece])

    def add(
        self,
        kind: Kind,
        noun: Ints,
        periods: Ints,
        *,
        seller: int = 0,
        step: Ints | None = None,
        linear: Floats | float = 0.0,
        diagonal: Floats | float = 0.0,
        cubic: Floats | float = 0.0,
        upper: Floats | float = np.inf,
    ) -> int:
        """Add a column for each period and noun, period by period; return the first. Values: shape (periods, nouns)."""
        shape = (periods.size, noun.size)
        first, size = self.count, periods.size * noun.size
        self.groups.append(
            (
                np.full(size, int(kind)),
                np.broadcast_to(noun, shape).ravel(),
                np.repeat(periods, noun.size),
                np.full(size, seller),
                np.broadcast_to(0 if step is None else step, shape).ravel(),
                _spread(linear, shape),
                _spread(diagonal, shape),
                _spread(cubic, shape),
                _spread(upper, shape),
            )
        )
        self.count += size
        return first

    def enter(
        self, row: Ints, column: Ints, value: Floats, *, repeat: tuple[int, int], paid: Floats | None = None,
        later: int = 0,
    ) -> None:  # fmt: skip
        """Put values into columns of the first period, and again each period: ``repeat`` is (periods, columns between).

        ``row`` counts within a period; ``later`` moves it on by periods. ``paid`` (shape (entries,) or (periods,
        entries)) is the coefficient on prices where it differs from that on quantities.
        """
        periods, stride = repeat
        shape = (periods, row.size)
        period = np.arange(periods)
        self.pieces.append(
            (
                np.broadcast_to(row, shape).ravel(),
                np.repeat(period + later, row.size),
                (column[None, :] + stride * period[:, None]).ravel(),
                np.broadcast_to(value, shape).ravel(),
                np.broadcast_to(value if paid is None else paid, shape).ravel(),
            )
        )

    def entries(self, block: int) -> tuple[Ints, Ints, Floats, Floats]:
        """Return rows, columns, quantities and prices of all entries."""
        if not self.pieces:
            nothing = np.zeros(0, np.int64)
            return nothing, nothing, np.zeros(0), np.zeros(0)
        row, period, column, value, paid = (np.concatenate(parts) for parts in zip(*self.pieces, strict=True))
        return row + period * block, column, value, paid

    def fields(self) -> tuple[Ints, Ints, Ints, Ints, Ints, Floats, Floats, Floats, Floats]:
        """Return kind, noun, period, seller, step, linear, diagonal, cubic and upper of all columns."""
        joined = [np.concatenate(parts) for parts in zip(*self.groups, strict=True)]
        for array in joined:
            array.setflags(write=False)
        kind, noun, period, seller, step, linear, diagonal, cubic, upper = joined
        return kind, noun, period, seller, step, linear, diagonal, cubic, upper


def _spread(value: Floats | float, shape: tuple[int, int]) -> Floats:
    return np.broadcast_to(np.asarray(value, np.float64), shape).ravel()
