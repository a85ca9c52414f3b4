"""What an equilibrium of a network states: quantities, prices and rents, with the question they answer."""

from __future__ import annotations

__all__ = ["NetworkMethod", "NetworkState"]

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.equilibrium.certificate import Uniqueness
from potline.equilibrium.concepts import NetworkConcept
from potline.equilibrium.network.certificate import NetworkCertificate
from potline.industry.network import Network
from potline.numerics.convex.program import ConvexAnswer
from potline.reading import found_as, one_of, refuse

Floats = NDArray[np.float64]
NetworkMethod = Literal["auto", "flow", "highs", "piqp", "complementarity"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkState:
    """What an equilibrium states; :class:`~potline.equilibrium.network.result.NetworkEquilibrium` explains it."""

    network: Network
    concept: NetworkConcept
    stages: tuple[str, ...]
    method: NetworkMethod
    sellers: tuple[str, ...]
    theta: tuple[float, ...]
    level_kt: Floats
    flow_kt: Floats
    bought_kt: Floats
    sales_kt: Floats
    stock_kt: Floats
    markets: tuple[tuple[str, str], ...]
    delivered_kt: Floats
    response_per_kt: Floats
    price_per_t: Floats
    value_per_t: Floats
    quota_rent_per_t: Floats
    owners: tuple[str, ...]
    owner_profit_m: Floats
    potential_m: float
    answer: ConvexAnswer
    certificate: NetworkCertificate
    version: str = field(default=__version__)

    @property
    def stage(self) -> str:
        """The product sold with market power where it is one; otherwise empty: the concept names them."""
        return self.stages[0] if len(self.stages) == 1 else ""

    @property
    def status(self) -> Literal["certified", "failed"]:
        """Whether the certificate holds."""
        return "certified" if self.certificate.holds else "failed"

    @property
    def uniqueness(self) -> Uniqueness:
        """What is known about other equilibria."""
        return self.certificate.uniqueness

    def price(self, product: str, place: str, period: int = 0) -> float:
        """Return the price of a product at a place, money/t; periods count from 0.

        Raises:
            InputError: the network has no such product, place or period.
        """
        names = [item.name for item in self.network.products]
        places = [item.name for item in self.network.places]
        row = names.index(one_of("price, product", product, names, "a product of the network"))
        column = places.index(one_of("price, place", place, places, "a place of the network"))
        if type(period) is not int or not 0 <= period < self.network.periods:
            raise refuse("price, period", found_as(period), f"a whole number from 0 to {self.network.periods - 1}")
        return float(self.price_per_t[row, column, period])
