r"""What is at stake in a meeting, for every plant and draw: the loss of a tonne idled and the market it is idled in.

With net cash cost c, lump sum l and pressure g a tonne, everything an owner forgoes or escapes by idling is in one
cost, ``c_part = c - g`` for a part of a plant (its lump sum is still paid) and ``c_whole = c - g - l`` for all of it;
where the lump sum is pro rata both are the second. The loss over the term is

    loss = V_run(p) - [-E - A(T) h + exp(-rho T) E max(V_idle(p_T), V_run(p_T) - R)]

with the values of :mod:`potline.numerics.switching`. Idle capacity restarts at the restart price of a part.
"""

from __future__ import annotations

__all__ = [
    "Priced",
    "Stakes",
    "Terms",
    "annuity_of",
    "demand_point",
    "needs_bound",
    "priced_at",
    "rows_of",
    "stakes",
    "terms_of",
]

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from potline.compiled import CompiledIndustry
from potline.equilibrium.alumina import alumina_relief_draws
from potline.errors import InputError, PotlineError, Problem
from potline.industry import IsoelasticDemand
from potline.numerics.joint_cut import Arrangement, CutMarket, CutPlants, arrange
from potline.numerics.switching import SOLVED, Options, loss_of_idling, solve_thresholds
from potline.shutdown.law import PriceLaw, law_of_price

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """What a plant pays and is paid: arrays [B, J] by plant, [B] for the price, money/t without tax.

    Attributes:
        plants: names [J].
        gross_cost, support, lump_sum, pressure, stop_cost, holding_cost, restart_cost, exit_cost: [B, J].
        lump_sum_pro_rata: [J].
        volatility, drift, kappa, log_mean_price, discount_rate, term_years: the law of the price and the term, [B].
    """

    plants: tuple[str, ...]
    gross_cost: Floats
    support: Floats
    lump_sum: Floats
    lump_sum_pro_rata: NDArray[np.bool_]
    pressure: Floats
    stop_cost: Floats
    holding_cost: Floats
    restart_cost: Floats
    exit_cost: Floats
    volatility: Floats
    drift: Floats
    kappa: Floats
    log_mean_price: Floats
    discount_rate: Floats
    term_years: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Priced:
    """What the options of every plant come to at one price a draw, money/t, [B, J].

    Attributes:
        stop_price, restart_price: as the waterfall has them; idle capacity restarts as a part of its plant.
        loss_part, loss_whole: loss over the term per t idled, of a part of a plant and of all of it.
    """

    stop_price: Floats
    restart_price: Floats
    loss_part: Floats
    loss_whole: Floats

    def rows(self, index: NDArray[np.int64]) -> Priced:
        """Return chosen rows, possibly repeated."""
        return Priced(**{field.name: getattr(self, field.name)[index] for field in dataclasses.fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stakes:
    """The market and the plants of a meeting as the joint-cut kernel reads them, and the same sorted."""

    compiled: CompiledIndustry
    market: CutMarket
    plants: CutPlants
    arrangement: Arrangement


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
        compiled: B draws, or 1 that is repeated. terms, priced: B draws, priced at the price used here.
        price_per_t, ceiling_per_t: [B]. running_kt, idle_kt: [B, J].
        relieved: 1 where a cut makes the shared input cheaper, else 0, [B]; 1 everywhere unless told otherwise.
    """
    draws = terms.volatility.size
    price = _rows(compiled.number("price_per_t") if price_per_t is None else price_per_t, draws)
    running = _rows(compiled.plant("running_kt") if running_kt is None else running_kt, draws)
    idle = _rows(compiled.idle_kt() if idle_kt is None else idle_kt, draws)
    quantity, elasticity = demand_point(compiled, price)
    if running_kt is not None:
        plants = MappingProxyType({**compiled.plants, "running_kt": running})
        compiled = dataclasses.replace(compiled, draws=draws, plants=plants)
    fall, relief = alumina_relief_draws(compiled)
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
        annuity=annuity_of(terms.discount_rate, terms.term_years),
        relief_output_fall_kt=fall,
        relief_per_t=relief,
    )
    product = compiled.industry.alumina.product if compiled.industry.alumina else ""
    bought = compiled.input(product, "use_per_t") * (1.0 - compiled.input(product, "own_share"))
    plants = CutPlants(
        running_kt=running,
        idle_kt=np.maximum(idle, 0.0),
        loss_part_per_t=priced.loss_part,
        loss_whole_per_t=priced.loss_whole,
        stop_price_per_t=priced.stop_price,
        restart_price_per_t=priced.restart_price,
        relief_use=_rows(bought, draws),
        potline_kt=np.ascontiguousarray(compiled.plant("potline_kt")[0]),
        owner=np.ascontiguousarray(compiled.owner_index),
    )
    return Stakes(
        compiled=compiled, market=market, plants=plants, arrangement=arrange(market, plants, len(compiled.owners))
    )


def needs_bound(here: Stakes, attendees: NDArray[np.int64], rule: str) -> None:
    """Raise where isoelastic demand leaves a cut without a finite optimum: a share at or above the elasticity.

    A single owner counts, and all ``attendees`` together where they maximise their sum (rule ``efficient``).

    Raises:
        InputError: no import ceiling, and the demand cannot bound the price.
    """
    if not here.market.isoelastic:
        return
    running, owner = here.plants.running_kt, here.plants.owner
    share = np.stack([running[:, owner == i].sum(axis=1) for i in range(int(owner.max()) + 1)], axis=1)
    largest = share.max(axis=1)
    if rule == "efficient":
        largest = np.maximum(largest, share[:, attendees].sum(axis=1))
    largest = largest / here.market.quantity_kt
    free = np.isinf(here.market.ceiling_per_t) & (largest >= here.market.elasticity)
    if free.any():
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


def terms_of(compiled: CompiledIndustry, term_years: Floats) -> Terms:
    """Read the terms of every plant from a compiled industry; no price process means a constant price.

    Args:
        compiled: B draws. term_years: T, [B].
    """
    draws = compiled.draws
    zero = np.zeros((draws, 1))
    law = PriceLaw(sigma=zero, drift=zero, kappa=zero, theta=zero, discount_rate=zero)
    if compiled.industry.process is not None:
        law = law_of_price(compiled)
    fields = ("pressure", "stop_cost", "holding_cost", "restart_cost", "exit_cost")
    return Terms(
        plants=tuple(plant.name for plant in compiled.industry.plants),
        gross_cost=_rows(compiled.gross_cash_cost_per_t(), draws),
        support=_rows(compiled.support_total_per_t(), draws),
        lump_sum=_rows(compiled.lump_sum_per_t(), draws),
        lump_sum_pro_rata=compiled.plant("lump_sum_pro_rata")[0] > 0.0,
        volatility=_rows(law.sigma[:, 0], draws),
        drift=_rows(law.drift[:, 0], draws),
        kappa=_rows(law.kappa[:, 0], draws),
        log_mean_price=_rows(law.theta[:, 0], draws),
        discount_rate=_rows(compiled.number("discount_rate"), draws),
        term_years=_rows(np.asarray(term_years, dtype=np.float64), draws),
        **{name: _rows(compiled.plant(f"{name}_per_t"), draws) for name in fields},
    )


def priced_at(terms: Terms, price: Floats) -> Priced:
    """Solve the options of every plant and draw, and value them at a price [B].

    A part of a plant and, where its lump sum is lost only with all of it, the whole plant are solved apart.

    Raises:
        PotlineError: no stopping price was found for a plant.
    """
    base = terms.gross_cost - terms.support - terms.pressure
    lumpy: NDArray[np.bool_] = ((terms.lump_sum != 0.0) & ~terms.lump_sum_pro_rata).any(axis=0)
    years, at = terms.term_years[:, None], price[:, None]
    part = _options(terms, np.where(lumpy, base, base - terms.lump_sum), np.ones(lumpy.size, dtype=np.bool_))
    stop, loss = np.array(part.p_stop), np.array(loss_of_idling(part, at, years))
    loss_whole = loss.copy()
    if lumpy.any():
        whole = _options(terms, (base - terms.lump_sum)[:, lumpy], lumpy)
        stop[:, lumpy], loss_whole[:, lumpy] = whole.p_stop, loss_of_idling(whole, at, years)
    return Priced(stop_price=stop, restart_price=np.array(part.p_restart), loss_part=loss, loss_whole=loss_whole)


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


def rows_of(compiled: CompiledIndustry, row: NDArray[np.int64]) -> CompiledIndustry:
    """Return a compiled industry with chosen draws, possibly repeated; what no draw changed stays one row."""

    def chosen(fields: Mapping[str, Floats]) -> Mapping[str, Floats]:
        return MappingProxyType({name: v[row] if v.shape[0] > 1 else v for name, v in fields.items()})

    return dataclasses.replace(
        compiled,
        draws=row.size,
        plants=chosen(compiled.plants),
        inputs=chosen(compiled.inputs),
        refineries=chosen(compiled.refineries),
        numbers=chosen(compiled.numbers),
    )


def _options(terms: Terms, cost: Floats, chosen: NDArray[np.bool_]) -> Options:
    def of(values: Floats) -> Floats:
        return values[:, chosen]

    def law(values: Floats) -> Floats:
        return values[:, None]

    options = solve_thresholds(
        cost,
        holding_cost=of(terms.holding_cost),
        stop_cost=of(terms.stop_cost),
        restart_cost=of(terms.restart_cost),
        exit_cost=of(terms.exit_cost),
        sigma=law(terms.volatility),
        discount_rate=law(terms.discount_rate),
        drift=law(terms.drift),
        kappa=law(terms.kappa),
        theta=law(terms.log_mean_price),
    )
    if (options.status != SOLVED).any():
        row, column = np.argwhere(options.status != SOLVED)[0]
        name = np.array(terms.plants)[chosen][column]
        raise PotlineError(
            f"no stopping price of plant {name!r} (draw {row}) at a cost of {cost[row, column]:g} a tonne; "
            "needed a discount rate above the drift of the price. Look at `process` and at the plant's switching costs."
        )
    return options


def _rows(values: Floats, draws: int) -> Floats:
    return np.ascontiguousarray(np.broadcast_to(values, (draws, *values.shape[1:])), dtype=np.float64)


def _trimmed(fall: Floats, relief: Floats) -> tuple[Floats, Floats]:
    """Drop points that are (0, 0) before another such point, and points that repeat the next, in every draw."""
    if fall.shape[1] == 0 or not relief.any():
        return np.empty((fall.shape[0], 0)), np.empty((fall.shape[0], 0))
    same = (fall[:, :-1] == fall[:, 1:]) & (relief[:, :-1] == relief[:, 1:])
    kept = np.append(~same.all(axis=0), True)
    return np.ascontiguousarray(fall[:, kept]), np.ascontiguousarray(relief[:, kept])
