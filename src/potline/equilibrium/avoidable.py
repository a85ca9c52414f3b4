"""What a line avoids by stopping: the one default of every verb that asks who runs."""

from __future__ import annotations

__all__ = ["avoidable_cost"]

from potline.equilibrium.concepts import Avoidable, CashCost, StopAndRestart
from potline.industry import Industry
from potline.shutdown import StoppingPrices, stopping_prices


def avoidable_cost(
    industry: Industry, given: Avoidable | None = None, *, stops: StoppingPrices | None = None
) -> Avoidable:
    """Return what is given; else stopping and restart prices, or cash cost where the industry has no price process.

    ``stops`` are the industry's stopping prices where they are solved already.

    Raises:
        InputError, CertificateFailed: as :func:`potline.stopping_prices`.

    Examples:
        >>> from potline.industry import LinearDemand, Plant, PriceProcess
        >>> bare = Industry(name="one", demand=LinearDemand(price_per_t=10.0, quantity_kt=9.0, elasticity=0.5),
        ...                 plants=(Plant(name="A", firm="A", capacity_kt=9.0, other_cost_per_t=8.0),))
        >>> avoidable_cost(bare)
        CashCost()
        >>> import dataclasses
        >>> moving = dataclasses.replace(bare, process=PriceProcess(volatility=0.2))
        >>> type(avoidable_cost(moving)).__name__, avoidable_cost(moving, CashCost())
        ('StopAndRestart', CashCost())
    """
    if given is not None:
        return given
    if industry.process is None:
        return CashCost()
    return StopAndRestart.at(stopping_prices(industry) if stops is None else stops)
