"""Price and every owner's profit for every coalition of a market: the table a meeting is judged on.

Coalition S acts as one owner with the plants of all its members; everyone else stays as they were. With linear
demand ``p = a - b Q`` owner i's output solves ``p - conduct_i b q_i in MC_i(q_i)`` where ``MC_i`` is the step
curve of its plants. Conduct 0 is a price taker, 1 Cournot. All coalitions are solved exactly, each by one pass
over sorted breakpoints (:mod:`potline.numerics.coalitions.sweep`), and certified by code that shares nothing
with that pass (:mod:`potline.numerics.coalitions.certificate`).

Ties. Plants of one owner (the merged owner included) with exactly equal cost share that block in proportion to
capacity, so members alike in cost and capacity earn alike. Price takers of several owners whose cost is exactly
the price share what is left in proportion to capacity, before any import. Of several quantities that give a
first mover the same profit (within 1e-12 relative), the one with the lowest price is kept.

Ceiling. Imports supply any quantity at the ceiling price. There every owner sees t times the slope, one t for
all: t = 0 with imports, else the t in 0..1 at which the owners' supply is demand at the ceiling.
"""

from __future__ import annotations

__all__ = [
    "CoalitionMarket",
    "CoalitionTable",
    "coalition_gains",
    "coalition_market",
    "coalition_outputs",
    "coalition_table",
]

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.numerics.coalitions.certificate import largest_violation, unilateral_gains
from potline.numerics.coalitions.market import CoalitionMarket, coalition_market, member_rows
from potline.numerics.coalitions.sweep import solve_range
from potline.numerics.parallel import split

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

CHUNK = 4000
LARGEST_OWNERS = 24


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoalitionTable:
    """Every coalition's market: its price, what it pays each owner, how far the answer is from its conditions.

    Attributes:
        price: float[count], money/t.
        profit: float[count, owners], kt times money/t; a member's is the margin of its own plants, at cash cost.
        imports: float[count], kt/year supplied at the ceiling price; zeros without a ceiling.
        slope_share: float[count], t in 0..1, the share of the demand slope owners see; 1 below the ceiling.
        largest_violation: largest relative violation of the market conditions over all coalitions; nan if unchecked.
        worst: index of the coalition where it occurs; -1 if unchecked.
    """

    price: Floats
    profit: Floats
    imports: Floats
    slope_share: Floats
    largest_violation: float
    worst: int


def coalition_table(
    market: CoalitionMarket,
    coalitions: ArrayLike | None = None,
    *,
    certify: bool = True,
    threads: int | None = None,
) -> CoalitionTable:
    """Solve the market of every coalition: ``p - conduct b q_i in MC_i(q_i)``, ``p = a - b Q``.

    Without ``coalitions`` all ``2**owners`` are solved; index ``mask`` is the coalition of the owners whose bit
    is set, so 0 is no coalition. A coalition of one acts with its own conduct unless it leads.

    Args:
        market: plants, owners, demand and rules, from :func:`coalition_market`.
        coalitions: bool[count, owners], the coalitions to solve instead of all.
        certify: also recompute the market conditions of every coalition from plant outputs.
        threads: chunks run side by side; changes no result.

    Raises:
        ValueError: ``coalitions`` has the wrong shape, or all coalitions of more than 24 owners are asked for.

    Examples:
        Three identical firms: two who merge earn less together (Salant, Switzer & Reynolds 1983, QJE 98).

        >>> market = coalition_market([0.0] * 3, [np.inf] * 3, [0, 1, 2], owners=3, intercept=12.0, slope=1.0)
        >>> table = coalition_table(market)
        >>> table.price[[0, 3, 7]].round(6).tolist()
        [3.0, 4.0, 6.0]
        >>> table.profit[[0, 3, 7]].round(6).tolist()
        [[9.0, 9.0, 9.0], [8.0, 8.0, 16.0], [12.0, 12.0, 12.0]]
        >>> table.largest_violation < 1e-12
        True
    """
    owners = market.conduct.size
    rows, count = _asked(coalitions, owners)
    bounded = bool(market.rules[2] < np.inf)
    price, profit = np.empty(count), np.empty((count, owners))
    imports, share = np.zeros(count if bounded else 0), np.ones(count if bounded else 0)
    found: list[tuple[float, int]] = []

    def solve(start: int, stop: int) -> None:
        if not certify:
            _sweep(market, rows, start, stop, price, imports, share, profit, np.empty((market.owner.size, 0)))
            return
        output = np.empty((market.owner.size, min(CHUNK, stop - start)))
        for low in range(start, stop, CHUNK):
            high = min(low + CHUNK, stop)
            _sweep(market, rows, low, high, price, imports, share, profit, output)
            members = rows[low:high] if rows.size else member_rows(np.arange(low, high), owners)
            violation, where = largest_violation(
                market,
                members,
                price[low:high],
                imports[low:high] if bounded else None,
                share[low:high] if bounded else None,
                profit[low:high],
                output[:, : high - low],
            )
            found.append((violation, low + where))

    split(solve, count, threads)
    violation, worst = max(found, key=lambda pair: (pair[0], -pair[1])) if found else (float("nan"), -1)
    for array in (price, profit, imports, share):
        array.flags.writeable = False
    return CoalitionTable(
        price=price,
        profit=profit,
        imports=imports if bounded else np.broadcast_to(np.zeros(1), (count,)),
        slope_share=share if bounded else np.broadcast_to(np.ones(1), (count,)),
        largest_violation=violation,
        worst=worst,
    )


def coalition_outputs(market: CoalitionMarket, coalitions: ArrayLike) -> Floats:
    """Return the output of every plant in the caller's order, float[count, m], kt/year, for chosen coalitions.

    Args:
        market: plants, owners, demand and rules.
        coalitions: bool[count, owners].

    Raises:
        ValueError: ``coalitions`` has the wrong shape.

    Examples:
        >>> market = coalition_market([0.0, 0.0], [2.0, 4.0], [0, 0], owners=1, intercept=12.0, slope=2.0)
        >>> coalition_outputs(market, [[1]]).round(6).tolist()
        [[1.0, 2.0]]
    """
    _, output = _solved(market, coalitions)
    back = np.empty_like(output)
    back[market.order] = output
    return np.ascontiguousarray(back.T)


def coalition_gains(market: CoalitionMarket, coalitions: ArrayLike) -> Floats:
    """Return each mover's largest gain from another output, the others' held: the exact test of an equilibrium.

    ``max over x of P_i(x) x - C_i(x)`` less what it earns, where ``P_i`` falls by ``conduct_i b`` a kt (a first
    mover's falls as its followers respond) and never exceeds the ceiling; every breakpoint and stationary point
    is tried.

    Args:
        market: plants, owners, demand and rules.
        coalitions: bool[count, owners], the coalitions to test.

    Returns:
        float[count, owners + 1], kt times money/t: owners that stay separate, then the coalition; members and an
        absent coalition have 0.

    Raises:
        ValueError: ``coalitions`` has the wrong shape.

    Examples:
        >>> market = coalition_market([0.0] * 3, [9.0, 2.0, 9.0], [0, 1, 2], owners=3, intercept=12.0, slope=1.0)
        >>> bool(abs(coalition_gains(market, [[0, 0, 0], [1, 1, 0]])).max() < 1e-12)
        True
    """
    rows, _ = _asked(coalitions, market.conduct.size)
    table, output = _solved(market, coalitions)
    return unilateral_gains(market, rows, table.price, table.imports, output)


def _solved(market: CoalitionMarket, coalitions: ArrayLike) -> tuple[CoalitionTable, Floats]:
    """Solve chosen coalitions and keep the output of every plant in cost order, float[m, count]."""
    rows, count = _asked(coalitions, market.conduct.size)
    price, profit = np.empty(count), np.empty((count, market.conduct.size))
    imports, share = np.zeros(count), np.ones(count)
    output = np.empty((market.owner.size, count))
    if count:
        _sweep(market, rows, 0, count, price, imports, share, profit, output)
    table = CoalitionTable(
        price=price, profit=profit, imports=imports, slope_share=share, largest_violation=float("nan"), worst=-1
    )
    return table, output


def _asked(coalitions: ArrayLike | None, owners: int) -> tuple[Bytes, int]:
    """Return the membership rows (none for all masks) and their number."""
    if coalitions is None:
        if owners > LARGEST_OWNERS:
            raise ValueError(
                f"found {owners} owners; all coalitions are listed for {LARGEST_OWNERS} at most. "
                "Pass `coalitions`, one row for each kind of coalition."
            )
        return np.empty((0, owners), dtype=np.uint8), 2**owners
    rows = np.asarray(coalitions)
    if rows.ndim != 2 or rows.shape[1] != owners:
        raise ValueError(f"found coalitions of shape {rows.shape}; needed (count, {owners})")
    return np.ascontiguousarray(rows != 0, dtype=np.uint8), rows.shape[0]


def _sweep(
    market: CoalitionMarket,
    rows: Bytes,
    start: int,
    stop: int,
    price: Floats,
    imports: Floats,
    share: Floats,
    profit: Floats,
    output: Floats,
) -> None:
    owners, plants = market.conduct.size, market.owner.size
    solve_range(
        start,
        stop,
        rows,
        market.events,
        market.event_owner,
        market.ceiling_events,
        market.ceiling_owner,
        market.plants,
        market.owner,
        market.conduct,
        market.rules,
        market.leads,
        price,
        imports,
        share,
        profit,
        output,
        np.empty(owners, dtype=np.uint8),
        np.empty(plants, dtype=np.int64),
        np.empty(owners),
        np.empty(plants),
        np.empty((2 * plants, 4)),
        np.empty((plants + 1, 3)),
        np.empty(3),
    )
