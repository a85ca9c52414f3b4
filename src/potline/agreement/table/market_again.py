"""The market without any deal, cleared again when what plants avoid by stopping has changed.

Running lines offer at their stopping price, idle lines at their restart price, demand stays on its curve and imports
cap the price. Where imports rise along a slope, or the headroom has a spread, a price above today's is today's plus the
expected rise u of :mod:`potline.numerics.joint_cut.rise`. Used where the attribution removes an obstacle and lets the
market answer.
"""

from __future__ import annotations

__all__ = ["ClearedState", "clear_again"]

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.stakes import demand_point
from potline.compiled import CompiledIndustry
from potline.industry import IsoelasticDemand
from potline.numerics.joint_cut.rise import NARROWEST, fall_at, rise_at, rise_rows
from potline.numerics.ties import tied

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClearedState:
    """Price [B], money/t, and running and idle capacity [B, J], kt/year."""

    price_per_t: Floats
    running_kt: Floats
    idle_kt: Floats


def clear_again(compiled: CompiledIndustry, stop_price: Floats, restart_price: Floats, ceiling: Floats) -> ClearedState:
    """Clear the market of price takers: the lowest price at which their offers meet demand less imports.

    Lines at exactly the price run as far as demand needs them, in shares of their size.

    Args:
        compiled: one draw.
        stop_price, restart_price: offers of running and of idle lines [B, J].
        ceiling: [B].

    Examples:
        >>> from potline.compiled import compile_industry
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> small = compile_industry(Industry(name="small", price_per_t=5.0,
        ...     demand=LinearDemand(price_per_t=5.0, quantity_kt=10.0, elasticity=1.0),
        ...     plants=(Plant(name="A", firm="A", capacity_kt=6.0), Plant(name="B", firm="B", capacity_kt=6.0))))
        >>> state = clear_again(small, np.array([[1.0, 6.0]]), np.array([[9.0, 9.0]]), np.array([np.inf]))
        >>> state.price_per_t.tolist(), state.running_kt.tolist(), state.idle_kt.tolist()
        ([6.0], [[6.0, 2.0]], [[0.0, 4.0]])
    """
    draws, plants = stop_price.shape
    running = np.broadcast_to(compiled.plant("running_kt")[:1], (draws, plants))
    idle = np.broadcast_to(compiled.restartable_kt()[:1], (draws, plants))
    observed = np.nan_to_num(np.broadcast_to(compiled.number("price_per_t"), (draws,)))
    offer = tied(np.concatenate([stop_price, restart_price], axis=1), observed)
    size = np.concatenate([running, idle], axis=1)
    order = np.argsort(offer, axis=1, kind="stable")
    offer, size = np.take_along_axis(offer, order, axis=1), np.take_along_axis(size, order, axis=1)
    behind = np.cumsum(size, axis=1) - size
    rows = _rising(compiled, observed, ceiling)
    wanted = np.stack([_wanted(compiled, rows, observed, offer[:, k]) for k in range(offer.shape[1])], axis=1)
    met = behind + size >= wanted
    step = cast("NDArray[np.int64]", np.where(met.any(axis=1), met.argmax(axis=1), offer.shape[1] - 1))
    row = np.arange(draws, dtype=np.int64)
    before = behind[row, step] + np.where(met.any(axis=1), 0.0, size[row, step])
    scarce = _price(compiled, before)
    if rows is not None:
        short = _demand(compiled, observed) - before
        scarce = np.where(short > 0.0, observed + rise_at(rows, np.maximum(short, 0.0)), scarce)
    price = np.where(before >= wanted[row, step], scarce, np.where(met.any(axis=1), offer[row, step], scarce))
    price = np.minimum(price, ceiling) if rows is None else price
    below = offer < price[:, None]
    at = offer == price[:, None]
    left = np.maximum(_wanted(compiled, rows, observed, price) - np.where(below, size, 0.0).sum(axis=1), 0.0)
    part = np.where(at, size, 0.0)
    tonnes = part.sum(axis=1)
    share: Floats = left / np.where(tonnes > 0.0, tonnes, 1.0)
    taken = np.where(below, size, part * np.minimum(share, 1.0)[:, None])
    back = np.empty_like(taken)
    np.put_along_axis(back, order, taken, axis=1)
    runs = back[:, :plants] + back[:, plants:]
    return ClearedState(price_per_t=price, running_kt=runs, idle_kt=np.maximum(running + idle - runs, 0.0))


def _rising(compiled: CompiledIndustry, observed: Floats, ceiling: Floats) -> Floats | None:
    """Return the rows of the expected rise from today's price; None where imports do no more than cap the price."""
    slope, spread = compiled.import_slope_kt_per_price(), compiled.number("trade.headroom_spread_per_t")
    if np.isinf(slope).all() and not (spread > NARROWEST * observed).any():
        return None
    quantity, elasticity = demand_point(compiled, observed)
    return rise_rows(
        price_per_t=observed,
        quantity_kt=quantity,
        elasticity=elasticity,
        isoelastic=isinstance(compiled.industry.demand, IsoelasticDemand),
        headroom_per_t=ceiling - observed,
        headroom_spread_per_t=np.broadcast_to(spread, observed.shape),
        import_slope=np.broadcast_to(slope, observed.shape),
    )


def _wanted(compiled: CompiledIndustry, rows: Floats | None, observed: Floats, price: Floats) -> Floats:
    """Return what is demanded of domestic lines at a price: above today's less what imports bring."""
    wanted = _demand(compiled, price)
    if rows is None:
        return wanted
    today = _demand(compiled, observed)
    left = np.maximum(today - fall_at(rows, np.maximum(price - observed, 0.0)), 1e-9 * today)
    return np.where(price > observed, left, wanted)


def _demand(compiled: CompiledIndustry, price: Floats) -> Floats:
    """Return the quantity demanded at a price; none above the choke price, unlimited growth below 0 cut off."""
    quantity, _ = demand_point(compiled, np.maximum(price, 1e-9))
    return quantity


def _price(compiled: CompiledIndustry, quantity: Floats) -> Floats:
    p0 = compiled.number("demand.price_per_t")[:1]
    q0 = compiled.number("demand.quantity_kt")[:1]
    elasticity = compiled.number("demand.elasticity")[:1]
    if isinstance(compiled.industry.demand, IsoelasticDemand):
        with np.errstate(over="ignore"):
            return p0 * (np.maximum(quantity, 1e-9 * q0) / q0) ** (-1.0 / elasticity)
    return p0 + p0 / (elasticity * q0) * (q0 - quantity)
