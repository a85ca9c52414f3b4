r"""The market of the shared input: coke for steel works, say.

Demand does not answer the price: ``D = sum_j use_j output_j + other use``. Domestic suppliers offer their capacity
at cash cost, and any quantity comes in at import parity, so the price is

    P(D) = min(parity, cash cost of the supplier that makes the last tonne of D)

and imports are what suppliers below parity do not cover. Plant output moves both: :func:`input_relief` is the
fall of the price as output falls. Where D is exactly what the suppliers up to some cost make, every price up to the
next step clears the market; the lowest of them is taken and the interval reported. Suppliers and imports at the
same cost: suppliers first; suppliers at the price share what is left by capacity.
"""

from __future__ import annotations

__all__ = [
    "InputMarketCertificate",
    "InputMarketResult",
    "SupplierGroup",
    "input_relief",
    "input_relief_draws",
    "solve_input_market",
    "verify_input_market",
]

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.compiled import CompiledIndustry, compile_industry
from potline.equilibrium.input_market_result import (
    TOLERANCE,
    InputMarketCertificate,
    InputMarketResult,
    SupplierGroup,
    verify_input_market,
)
from potline.errors import CertificateFailed, Infeasible, InputError
from potline.industry import Industry, InputMarket
from potline.numerics.ties import tied
from potline.reading import NonNegative, Positive, changed, reads

Floats = NDArray[np.float64]
_LEAST_KT = 1e-200  # an output so small that its products leave the range of numbers is none


@reads
def solve_input_market(
    industry: Industry,
    *,
    output_kt: NonNegative | Sequence[NonNegative] | None = None,
    fob_usd_per_t: NonNegative | None = None,
    freight_usd_per_t: float | None = None,
    exchange_rate: Positive | None = None,
    capacity_share: NonNegative = 1.0,
) -> InputMarketResult:
    """Clear the market of the shared input at a plant output.

    Args:
        industry: the plants and ``industry.input_market``.
        output_kt: plant output, kt/year: one number a plant, or a total shared like running capacity; running
            capacity unless given.
        fob_usd_per_t, freight_usd_per_t: price abroad and freight; those of the industry's parity unless given.
        exchange_rate: domestic money per USD; that of the parity unless given.
        capacity_share: capacity of every supplier as a share of the stated one, for dates with another total.

    Raises:
        InputError: the industry has no such market, or no parity to change.
        Infeasible: suppliers cannot make the demand and nothing is imported.
        CertificateFailed: independent code rejects the answer.

    Examples:
        >>> from potline.industry import ImportParity, Input, LinearDemand, Plant, Supplier
        >>> ore = Input(product="coke", use_per_t=2.0, price_per_unit=2000.0)
        >>> small = Industry(
        ...     name="small", demand=LinearDemand(price_per_t=1.0, quantity_kt=50.0, elasticity=1.0),
        ...     plants=(Plant(name="A", firm="A", capacity_kt=50.0, inputs=(ore,)),),
        ...     input_market=InputMarket(product="coke", price_per_t=2000.0, other_use_kt=10.0,
        ...                         parity=ImportParity(fob_usd_per_t=350.0, exchange_rate=6.0),
        ...                         suppliers=(Supplier(name="S", capacity_kt=60.0, cash_cost_per_t=1800.0),
        ...                                     Supplier(name="H", capacity_kt=100.0, cash_cost_per_t=2050.0))))
        >>> now = solve_input_market(small)
        >>> now.demand_kt, now.price_per_t, now.output_kt.tolist(), now.imports_kt
        (110.0, 2050.0, [60.0, 50.0], 0.0)
        >>> cheap = solve_input_market(small, fob_usd_per_t=320.0)
        >>> cheap.price_per_t, cheap.imports_kt, cheap.gap_per_t
        (1920.0, 50.0, 0.0)
    """
    market = _market(industry)
    terms = {
        "fob_usd_per_t": fob_usd_per_t,
        "freight_usd_per_t": freight_usd_per_t,
        "exchange_rate": exchange_rate,
    }
    given = {name: value for name, value in terms.items() if value is not None}
    if given and market.parity is None:
        raise InputError(
            "found a price abroad but no input_market.parity; needed a parity to change. Add one to the case."
        )
    compiled = compile_industry(industry)  # of plants and suppliers, which a price abroad leaves as they are
    if given and market.parity is not None:
        market = changed(market, parity=changed(market.parity, **given))
        industry = changed(industry, input_market=market)
    plants = _plant_output(compiled, output_kt)
    plants = np.where(np.abs(plants) < _LEAST_KT, 0.0, plants)
    use = float((compiled.input(market.product, "use_per_t")[0] * plants).sum())
    demand = use + market.other_use_kt
    capacity = compiled.supplier("capacity_kt")[0] * capacity_share
    cost = compiled.supplier("cash_cost_per_t")[0]
    landed = market.parity.price_per_t if market.parity else math.inf
    paper = tied(np.append(cost, landed))
    low, high = _price(demand, capacity, paper[:-1], float(paper[-1]))
    output = _output(demand, low, capacity, paper[:-1])
    imports = max(0.0, demand - float(output.sum()))
    imports = 0.0 if imports <= TOLERANCE * demand and low < landed else imports
    result = InputMarketResult(
        industry=industry,
        plant_output_kt=_frozen(plants),
        capacity_share=capacity_share,
        product_output_kt=float(plants.sum()),
        demand_kt=demand,
        price_per_t=low,
        price_high_per_t=high,
        parity_per_t=landed,
        imports_kt=imports,
        suppliers=tuple(supplier.name for supplier in market.suppliers),
        governments=tuple(supplier.government for supplier in market.suppliers),
        cash_cost_per_t=_frozen(cost),
        capacity_kt=_frozen(capacity),
        output_kt=_frozen(output),
        certificate=InputMarketCertificate(checks=(), tolerance=TOLERANCE),
    )
    certificate = verify_input_market(result)
    if not certificate.holds:
        raise CertificateFailed(
            f"The market of {market.product} of {industry.name!r} does not pass its check: largest violation "
            f"{certificate.largest_violation:.2e} (allowed {TOLERANCE:.0e}). Please report the case."
        )
    return dataclasses.replace(result, certificate=certificate)


@reads
def input_relief(industry: Industry) -> tuple[Floats, Floats]:
    """Return how far the input's price falls as plant output falls below running capacity.

    The fall is a step function of the fall of output, ``F(dQ) = P(D0) - P(D0 - u dQ)`` with u the average use of
    running plants. It is returned as points joined by straight lines, a jump as two points at the same fall of output
    (``numpy.interp`` and a search from the right both read it), from 0 to all running output. No input market: 0.

    Returns:
        fall of plant output, kt/year [m], ascending, and fall of the input's price, money/t of input [m],
        ascending.

    Raises:
        Infeasible: suppliers cannot make the demand and nothing is imported.

    Examples:
        >>> from potline.industry import Input, LinearDemand, Plant, Supplier
        >>> ore = Input(product="coke", use_per_t=2.0, price_per_unit=2000.0)
        >>> small = Industry(
        ...     name="small", demand=LinearDemand(price_per_t=1.0, quantity_kt=50.0, elasticity=1.0),
        ...     plants=(Plant(name="A", firm="A", capacity_kt=50.0, inputs=(ore,)),),
        ...     input_market=InputMarket(product="coke", price_per_t=2000.0,
        ...                         suppliers=(Supplier(name="S", capacity_kt=60.0, cash_cost_per_t=1800.0),
        ...                                     Supplier(name="H", capacity_kt=100.0, cash_cost_per_t=2050.0))))
        >>> fall, relief = input_relief(small)
        >>> fall.tolist(), relief.tolist()
        ([0.0, 20.0, 20.0, 50.0], [0.0, 0.0, 250.0, 250.0])
    """
    fall, relief = (points[0] for points in input_relief_draws(compile_industry(industry)))
    kept = np.ones(fall.size, dtype=np.bool_)
    kept[1:] = (np.diff(fall) != 0.0) | (np.diff(relief) != 0.0)
    return _frozen(fall[kept]), _frozen(relief[kept])


def input_relief_draws(compiled: CompiledIndustry) -> tuple[Floats, Floats]:
    """Return :func:`input_relief` for every draw at once, points [B, 2 M + 2] (repeated where fewer are needed)."""
    running = compiled.plant("running_kt")
    total = running.sum(axis=1)
    market = compiled.industry.input_market
    if market is None:
        ends = np.stack([np.zeros_like(total), total], axis=1)
        return _frozen(ends), _frozen(np.zeros_like(ends))
    needed = (compiled.input(market.product, "use_per_t") * running).sum(axis=1)
    demand = needed + compiled.number("input_market.other_use_kt")
    use = np.divide(needed, total, out=np.ones_like(total), where=total > 0.0)
    use = np.where(use > 0.0, use, 1.0)
    cost, capacity = tied(compiled.supplier("cash_cost_per_t")), compiled.supplier("capacity_kt")
    parity = compiled.parity_per_t("input_market.parity") if market.parity else np.full(compiled.draws, np.inf)
    order = np.argsort(cost, axis=1, kind="stable")
    cost = np.minimum(np.take_along_axis(cost, order, axis=1), parity[:, None])
    covered = np.cumsum(np.take_along_axis(capacity, order, axis=1), axis=1)
    short = covered < demand[:, None] * (1.0 - TOLERANCE)
    steps = np.concatenate([cost, parity[:, None]], axis=1)
    price = np.take_along_axis(steps, short.sum(axis=1)[:, None], axis=1)
    if np.isinf(price).any():
        raise Infeasible(_shortage(market))
    # As demand falls to what the first k + 1 suppliers make, the price falls to the cost of the last of them.
    at = np.clip((demand[:, None] - covered[:, ::-1]) / use[:, None], 0.0, total[:, None])
    after = np.where(at < total[:, None], np.maximum(0.0, price - cost[:, ::-1]), 0.0)
    after = np.maximum.accumulate(after, axis=1)
    before = np.concatenate([np.zeros_like(price), after[:, :-1]], axis=1)
    count = at.shape[1]
    fall, relief = np.zeros((compiled.draws, 2 * count + 2)), np.zeros((compiled.draws, 2 * count + 2))
    fall[:, 1:-1:2], fall[:, 2:-1:2], fall[:, -1] = at, at, total
    relief[:, 1:-1:2], relief[:, 2:-1:2] = before, after
    relief[:, -1] = after[:, -1] if count else 0.0
    return _frozen(fall), _frozen(relief)


def _market(industry: Industry) -> InputMarket:
    if industry.input_market is None:
        raise InputError(
            f"industry {industry.name!r}: found no input market; needed `input_market`. "
            "Give the case numbers of `input_market` and suppliers.csv."
        )
    return industry.input_market


def _plant_output(compiled: CompiledIndustry, output_kt: float | ArrayLike | None) -> Floats:
    running = np.array(compiled.plant("running_kt")[0])
    if output_kt is None:
        return running
    given = np.asarray(output_kt, dtype=np.float64)
    if given.ndim == 0:
        total = float(running.sum())
        if total <= 0.0:
            raise InputError("found a total output but no running plant; needed one output a plant.")
        return running * (float(given) / total)
    if given.shape != running.shape:
        raise InputError(f"found {given.size} outputs; needed one for each of {running.size} plants, or a total.")
    return given


def _price(demand: float, capacity: Floats, cost: Floats, parity: float) -> tuple[float, float]:
    order = np.argsort(cost, kind="stable")
    covered, steps = np.cumsum(capacity[order]), np.append(cost[order], parity)
    last = int((covered < demand * (1.0 - TOLERANCE)).sum())
    low = min(float(steps[last]), parity)
    if math.isinf(low):
        raise Infeasible(f"demand {demand:.0f} kt/year: suppliers make {capacity.sum():.0f} and nothing is imported")
    while last < order.size and covered[last] <= demand * (1.0 + TOLERANCE):
        last += 1
    return low, max(low, min(float(steps[last]), parity))


def _output(demand: float, price: float, capacity: Floats, cost: Floats) -> Floats:
    output = np.where(cost < price, capacity, 0.0)
    at = cost == price
    size = float(capacity[at].sum())
    if size > 0.0:
        left = min(max(0.0, demand - float(output.sum())), size)
        output = np.where(at, capacity * (left / size), output)
    return output


def _shortage(market: InputMarket) -> str:
    return f"suppliers cannot make the {market.product} that plants use and there is no import parity to fill the gap"


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    result = np.ascontiguousarray(array)
    result.setflags(write=False)
    return result
