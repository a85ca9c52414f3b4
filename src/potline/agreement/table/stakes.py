"""What is at stake in a meeting, for every plant and draw: the market in which tonnes are idled.

What a tonne idled loses its owner comes from :mod:`potline.shutdown.idling`.
"""

from __future__ import annotations

__all__ = ["Stakes", "annuity_of", "boundless", "demand_point", "draws_of", "needs_bound", "stakes"]

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from potline.choices import Rule
from potline.compiled import CompiledIndustry
from potline.equilibrium.input_market import input_relief_draws
from potline.errors import InputError, Problem
from potline.industry import IsoelasticDemand
from potline.numerics.joint_cut.deals import Alone, Arrangement, CutMarket, CutPlants, arrange
from potline.shutdown import Priced, Terms

Floats = NDArray[np.float64]
_STEEPEST = 1e-6  # of demand: checks fail below 1e-8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stakes:
    """The market and the plants of a meeting as the joint-cut kernel reads them, and the same sorted."""

    compiled: CompiledIndustry
    market: CutMarket
    plants: CutPlants
    arrangement: Arrangement

    def cuts_of(self, alone: Alone | None) -> tuple[tuple[str, float], ...]:
        """Return who idles what without a deal, kt/year; nobody where the baseline is what is observed."""
        pairs = () if alone is None else zip(self.compiled.owners, alone.cut_kt[0].tolist(), strict=True)
        return tuple((owner, cut) for owner, cut in pairs if cut > 0.0)


def stakes(
    compiled: CompiledIndustry,
    terms: Terms,
    priced: Priced,
    *,
    price_per_t: Floats | None = None,
    running_kt: Floats | None = None,
    idle_kt: Floats | None = None,
    ceiling_per_t: Floats | None = None,
    relieved: Floats | None = None,
) -> Stakes:
    """Return the stakes of a meeting in an industry, at its own price and state or at others.

    Args:
        compiled: B draws, or 1 that is repeated.
        terms, priced: B draws, priced at the price used here.
        price_per_t, ceiling_per_t: [B].
        running_kt, idle_kt: [B, J].
        relieved: 1 where a cut makes the shared input cheaper, else 0, [B]; 1 everywhere unless told otherwise.
    """
    draws = terms.volatility.size
    price = _rows(compiled.number("price_per_t") if price_per_t is None else price_per_t, draws)
    running = _rows(compiled.plant("running_kt") if running_kt is None else running_kt, draws)
    idle = _rows(compiled.restartable_kt() if idle_kt is None else idle_kt, draws)
    quantity, elasticity = demand_point(compiled, price)
    if running_kt is not None:
        plants = MappingProxyType({**compiled.plants, "running_kt": running})
        compiled = dataclasses.replace(compiled, draws=draws, plants=plants)
    fall, relief = input_relief_draws(compiled)
    fall, relief = _rows(fall, draws), _rows(relief, draws)
    if relieved is not None:
        relief = relief * relieved[:, None]
    fall, relief = _trimmed(fall, relief)
    market = CutMarket(
        price_per_t=price,
        quantity_kt=quantity,
        elasticity=elasticity,
        isoelastic=isinstance(compiled.industry.demand, IsoelasticDemand),
        ceiling_per_t=_rows(compiled.ceiling_per_t() if ceiling_per_t is None else ceiling_per_t, draws),
        import_slope=_rows(compiled.import_slope_kt_per_price(), draws),
        headroom_spread_per_t=_rows(compiled.number("trade.headroom_spread_per_t"), draws),
        annuity=annuity_of(terms.discount_rate, terms.term_years),
        relief_output_fall_kt=fall,
        relief_per_t=relief,
    )
    product = compiled.industry.input_market.product if compiled.industry.input_market else ""
    bought = compiled.input(product, "use_per_t") * (1.0 - compiled.input(product, "own_share"))
    plants = CutPlants(
        running_kt=running,
        idle_kt=np.maximum(idle, 0.0),
        loss_part_per_t=priced.loss_part,
        loss_whole_per_t=priced.loss_whole,
        stop_price_per_t=priced.stop_price,
        restart_price_per_t=priced.restart_price,
        relief_use=_rows(bought, draws),
        line_kt=np.ascontiguousarray(compiled.plant("line_kt")[0]),
        owner=np.ascontiguousarray(compiled.owner_index),
    )
    return Stakes(
        compiled=compiled, market=market, plants=plants, arrangement=arrange(market, plants, len(compiled.owners))
    )


def needs_bound(here: Stakes, attendees: NDArray[np.int64], rule: Rule, *, rows: int | None = None) -> None:
    """Raise where demand is too steep to tell cuts apart, or isoelastic and leaves a cut without a finite optimum.

    Below the least elasticity tonnes that lift the price to its ceiling have no digits beside the tonnes that run. The
    optimum is infinite at a share at or above the elasticity: a single owner's, and that of all ``attendees`` together
    where they maximise their sum (rule ``efficient``).

    Args:
        here: the meeting.
        attendees, rule: who is at it, and how a cut is shared.
        rows: how many of the first games are looked at; all unless told.

    Raises:
        InputError: an elasticity below a millionth; a spread of the headroom with isoelastic demand; no imports, and
            the demand cannot bound the price.
    """
    stated = here.compiled.number("demand.elasticity")[:rows]
    if (stated < _STEEPEST).any():
        raise InputError(
            [
                Problem(
                    where="demand.elasticity",
                    found=f"{stated[stated < _STEEPEST][0]:g}",
                    needed=f"{_STEEPEST:g} or more for a meeting",
                    hint=f"At {_STEEPEST:g} any cut lifts the price to its ceiling, or beyond all others, already.",
                )
            ]
        )
    if not here.market.isoelastic:
        return
    if (here.market.headroom_spread_per_t > 0.0).any():
        spread = float(here.market.headroom_spread_per_t.max())
        found = f"{spread:g} in a draw, with isoelastic demand"
        raise InputError([Problem(where="trade.headroom_spread_per_t", found=found, needed="0, or linear demand")])
    largest, free = _boundless(here, attendees, rule)
    if free[:rows].any():
        row = int(np.argmax(free))
        raise InputError(
            [
                Problem(
                    where="demand",
                    found=f"isoelastic demand of elasticity {here.market.elasticity[row]:.2f} without import parity, "
                    f"and owners who cut together with {largest[row]:.2f} of the quantity",
                    needed="an elasticity above that share, or a ceiling on the price",
                    hint='Cutting more would always pay. Give the case `trade.parity`, or `demand = "linear"`.',
                )
            ]
        )


def boundless(here: Stakes, attendees: NDArray[np.int64], rule: Rule) -> NDArray[np.bool_]:
    """Return in which games demand is isoelastic and leaves a cut without a finite optimum, as above, [B]."""
    return _boundless(here, attendees, rule)[1]


def _boundless(here: Stakes, attendees: NDArray[np.int64], rule: Rule) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the share of the quantity that who cuts most together runs, and where that has no optimum, [B]."""
    running, owner = here.plants.running_kt, here.plants.owner
    share = np.stack([running[:, owner == i].sum(axis=1) for i in range(int(owner.max()) + 1)], axis=1)
    largest = share.max(axis=1)
    if rule == Rule.EFFICIENT:
        largest = np.maximum(largest, share[:, attendees].sum(axis=1))
    largest = largest / here.market.quantity_kt
    bounded = np.isfinite(here.market.ceiling_per_t) & (here.market.import_slope > 0.0)
    return largest, here.market.isoelastic & ~bounded & (largest >= here.market.elasticity)


def annuity_of(discount_rate: Floats, years: Floats) -> Floats:
    """Return the present value of 1 a year for a term, ``(1 - exp(-rho T)) / rho``.

    Examples:
        >>> annuity_of(np.array([0.0, 0.1]), np.array([2.0, 2.0])).round(6).tolist()
        [2.0, 1.812692]
    """
    safe = np.where(discount_rate > 0.0, discount_rate, 1.0)
    return np.where(discount_rate > 0.0, -np.expm1(-discount_rate * years) / safe, years)


def demand_point(compiled: CompiledIndustry, price: Floats) -> tuple[Floats, Floats]:
    """Return quantity and elasticity of demand at a price [B], on the industry's own demand curve."""
    p0 = _rows(compiled.number("demand.price_per_t"), price.size)
    q0 = _rows(compiled.number("demand.quantity_kt"), price.size)
    elasticity = _rows(compiled.number("demand.elasticity"), price.size)
    if isinstance(compiled.industry.demand, IsoelasticDemand):
        return q0 * (price / p0) ** -elasticity, elasticity
    slope = p0 / (elasticity * q0)
    quantity = np.maximum(q0 - (price - p0) / slope, 1e-9 * q0)
    return quantity, price / (slope * quantity)


def draws_of(compiled: CompiledIndustry, row: NDArray[np.int64]) -> CompiledIndustry:
    """Return a compiled industry with chosen draws, possibly repeated; what no draw changed stays one row."""

    def chosen(fields: Mapping[str, Floats]) -> Mapping[str, Floats]:
        return MappingProxyType({name: v[row] if v.shape[0] > 1 else v for name, v in fields.items()})

    return dataclasses.replace(
        compiled,
        draws=row.size,
        plants=chosen(compiled.plants),
        inputs=chosen(compiled.inputs),
        suppliers=chosen(compiled.suppliers),
        numbers=chosen(compiled.numbers),
    )


def _rows(values: Floats, draws: int) -> Floats:
    return np.ascontiguousarray(np.broadcast_to(values, (draws, *values.shape[1:])), dtype=np.float64)


def _trimmed(fall: Floats, relief: Floats) -> tuple[Floats, Floats]:
    """Drop points that are (0, 0) before another such point, and points that repeat the next, in every draw."""
    if fall.shape[1] == 0 or not relief.any():
        return np.empty((fall.shape[0], 0)), np.empty((fall.shape[0], 0))
    same = (fall[:, :-1] == fall[:, 1:]) & (relief[:, :-1] == relief[:, 1:])
    kept = np.append(~same.all(axis=0), True)
    return np.ascontiguousarray(fall[:, kept]), np.ascontiguousarray(relief[:, kept])
