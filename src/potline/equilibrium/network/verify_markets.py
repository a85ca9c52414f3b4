"""Check buyers and sellers: what final demand pays, what sellers with market power gain by a tonne more."""

from __future__ import annotations

__all__ = ["check_deliveries", "check_demands", "willingness"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.series import table
from potline.equilibrium.network.verify_state import Books
from potline.industry.network import FixedDemand, IsoelasticLocalDemand, LocalDemand

Floats = NDArray[np.float64]

STEEP = 1e-3


def check_demands(check: Books) -> None:
    """Check that buyers pay what their demand says and that nobody gains by selling them more or less."""
    network, result = check.network, check.result
    for k, item in enumerate(network.demands):
        bought = result.bought_kt[k]
        name = f"demand for {item.product!r} at {item.place!r}"
        direct = item.product in result.stages and (item.product, item.place) not in check.market_of
        if isinstance(item, FixedDemand):
            wanted = table([item.quantity_kt], check.periods)[0]
            check.inside(bought - wanted, 0.0)
            paid = check.taken(item.product, item.place, bought)
            check.turnover += float(np.sum(np.abs(check.weight * paid * bought)))
            continue
        pays, slope = willingness(check, item, bought)
        unsure = _rounding(item, pays)
        _check_steep(check, item, bought)
        check.inside(bought)
        check.turnover += float(np.sum(np.abs(check.weight * pays * bought)))
        if not direct:
            paid = check.taken(item.product, item.place, bought)
            check.pair(bought, np.full(check.periods, np.inf), _beyond(pays - paid, unsure), name)
            continue
        p, at = check.product[item.product], check.place[item.place]
        check.report(np.abs(_beyond(pays - result.price_per_t[p, at], unsure)), name)
        apart = np.abs(result.sales_kt[:, k].sum(axis=0) - bought)
        check.inside(apart, 0.0)
        for seller, theta in enumerate(result.theta):
            sold = result.sales_kt[seller, k]
            check.net[seller, p, at] -= sold
            revenue = pays - theta * slope * sold
            _check_seller(check, sold, revenue, check.value[seller, p, at], name, unsure)


def willingness(check: Books, item: LocalDemand | IsoelasticLocalDemand, bought: Floats) -> tuple[Floats, Floats]:
    """Return the price at which a demand takes what it does, and how fast it falls, money/t and money/t per kt."""
    network, result = check.network, check.result
    if isinstance(item, IsoelasticLocalDemand):
        usual, quantity = table([item.price_per_t, item.quantity_kt], check.periods)
        some = np.maximum(bought, 1e-300)
        pays = usual * (some / quantity) ** (-1.0 / item.elasticity)
        return pays, pays / (item.elasticity * some)
    slope = table([item.slope_per_kt], check.periods)[0]
    pays = table([item.intercept_per_t], check.periods)[0] - slope * bought
    number = {(other.product, other.place): k for k, other in enumerate(network.demands)}
    for term in network.cross_terms:
        if term.kind == "demand" and term.place == item.place and term.of == item.product:
            pays = pays - term.per_t_per_kt * result.bought_kt[number[term.by, term.place]]
    return pays, slope


def _check_steep(check: Books, item: LocalDemand | IsoelasticLocalDemand, bought: Floats) -> None:
    """Check what is bought at the price of a curve too steep for the price of what is bought to say much."""
    if not isinstance(item, IsoelasticLocalDemand) or item.elasticity > STEEP:
        return
    usual, quantity = table([item.price_per_t, item.quantity_kt], check.periods)
    paid = check.result.price_per_t[check.product[item.product], check.place[item.place]]
    with np.errstate(invalid="ignore", divide="ignore"):
        wanted = quantity * (paid / usual) ** -item.elasticity
    check.inside(np.abs(bought - wanted), 0.0)


def _rounding(item: LocalDemand | IsoelasticLocalDemand, pays: Floats) -> Floats:
    """Return how far a price is unsure because a quantity is a number of 53 bits: a steep curve turns it into money.

    Without limit where the curve is so steep that its price is a matter of the last bit; what is bought is looked at.
    """
    if not isinstance(item, IsoelasticLocalDemand):
        return np.zeros_like(pays)
    share = 4.0 * np.finfo(np.float64).eps / item.elasticity
    return share * pays if share < 1.0 else np.full_like(pays, np.inf)


def _beyond(gain: Floats, unsure: Floats | float) -> Floats:
    """Return what of a difference rounding does not explain; nothing where rounding explains any."""
    least = np.where(np.isinf(unsure), 0.0, np.maximum(np.abs(gain) - np.nan_to_num(unsure, posinf=0.0), 0.0))
    return np.sign(gain) * least


def _check_seller(
    check: Books, sold: Floats, revenue: Floats, value: Floats, name: str, unsure: Floats | float = 0.0
) -> None:
    """Check that a tonne more earns a seller what it is worth to him."""
    check.inside(sold)
    if np.isfinite(value).any():
        check.pair(sold, np.full(check.periods, np.inf), _beyond(revenue - value, unsure), name)
    else:
        # His goods cannot come here.
        check.inside(sold, 0.0)


def check_deliveries(check: Books) -> None:
    """Check that sellers bring to activities what their conduct and foresight say."""
    result, sellers = check.result, check.sellers
    stated = dict(zip(sellers.stages, sellers.falls, strict=True))
    discount = check.weight[:, None] / check.weight[None, :]
    for m, (product, place) in enumerate(result.markets):
        p, at = check.product[product], check.place[place]
        for seller, theta in enumerate(result.theta):
            brought = result.delivered_kt[seller]
            check.net[seller, p, at] -= brought[m]
            fall = stated[product]
            if fall is None:
                rise = np.einsum("nst,ns,st->t", result.response_per_kt[:, :, m], brought, discount)
            else:
                rise = -fall * brought[m]
            revenue = result.price_per_t[p, at] + (theta * rise if theta else 0.0)
            value = check.value[seller, p, at]
            _check_seller(check, brought[m], revenue, value, f"market of {product!r} for activities at {place!r}")
