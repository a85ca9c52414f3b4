"""What the declared nouns alone say about an equilibrium: is there a program behind it, is it unique."""

from __future__ import annotations

__all__ = ["is_integrable", "is_monotone"]

import numpy as np

from potline.equilibrium.network.sellers import Sellers
from potline.industry.network import CrossTerm, IsoelasticLocalDemand, LocalDemand, Network, Series, at


def is_integrable(network: Network, sellers: Sellers) -> bool:
    """Return whether one program has the conditions of the network as its own.

    Examples:
        >>> is_integrable(Network(name="empty", products=(), places=()), Sellers())
        True
    """
    terms = {(item.kind, item.place, item.of, item.by): item.per_t_per_kt for item in network.cross_terms}
    even = all(
        abs(terms.get((kind, place, by, of), 0.0) - value) <= 1e-12 * abs(value)
        for (kind, place, of, by), value in terms.items()
    )
    return even and _pays_own_prices(network) and _program_of_sellers(network, sellers)


def is_monotone(network: Network, sellers: Sellers) -> bool:
    """Return whether the conditions are monotone, strictly in what sloped demands take, so that this is unique."""
    return (
        _pays_own_prices(network)
        and _program_of_sellers(network, sellers)
        and all(_definite(network, kind) for kind in ("demand", "activity"))
    )


def _pays_own_prices(network: Network) -> bool:
    """Whether every input is paid at its own price and no duty or tax is charged on an endogenous one."""
    indexed = any(amount.indexed_to for item in network.activities for amount in item.inputs)
    charged = any(
        route.customs_value_per_t is None
        and (_some(route.duty_share) or (not route.vat_recovered and _some(route.vat_rate)))
        for route in network.routes
    )
    return not indexed and not charged


def _some(series: Series) -> bool:
    return any(series) if isinstance(series, tuple) else series != 0.0


def _program_of_sellers(network: Network, sellers: Sellers) -> bool:
    """Whether what sellers with market power see is the slope of a function."""
    foresee = any(
        fall is None and name in sellers.derived for name, fall in zip(sellers.stages, sellers.falls, strict=True)
    )
    curved = any(
        isinstance(item, IsoelasticLocalDemand) and item.product in sellers.stages
        and item.product not in sellers.derived
        for item in network.demands
    )  # fmt: skip
    return not foresee and not curved


def _definite(network: Network, kind: str) -> bool:
    """Whether own slopes outweigh the mean of both directions of cross terms, place by place and period by period."""
    groups: dict[str, list[CrossTerm]] = {}
    for term in network.cross_terms:
        if term.kind == kind:
            groups.setdefault(term.place if kind == "demand" else "", []).append(term)
    slopes = {
        (item.product, item.place): item.slope_per_kt for item in network.demands if isinstance(item, LocalDemand)
    }
    rises = {item.name: item.cost_slope for item in network.activities}

    def own(name: str, place: str) -> Series:
        return slopes[name, place] if kind == "demand" else rises[name]

    for place, terms in groups.items():
        names = list(dict.fromkeys(name for term in terms for name in (term.of, term.by)))
        number = {name: k for k, name in enumerate(names)}
        matrix = np.zeros((len(names), len(names)))
        for term in terms:
            matrix[number[term.of], number[term.by]] += term.per_t_per_kt
        for period in range(network.periods):
            whole = 0.5 * (matrix + matrix.T)
            whole[np.diag_indices(len(names))] = [at(own(name, place), period) for name in names]
            least = float(np.linalg.eigvalsh(whole)[0])
            if least < 0.0 or (kind == "demand" and least <= 1e-12 * float(whole.max())):
                return False
    return True
