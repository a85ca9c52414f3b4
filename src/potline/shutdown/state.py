r"""Whether the state that is seen is one that the model would hold, and what it takes that it is.

A line that runs at p0 says that its stopping price is p0 or less, a line that stands idle that its restart price is p0
or more: a bound each, and no value. What runs beyond that is not explained, by so many tonnes and so much money a
tonne; what stands idle below its restart price is answered at two ends (:class:`potline.IdleBelow`). The test has
power only as far as the interval of prices is narrow at which the same lines would run (``docs/theory/state.md``).
"""

from __future__ import annotations

__all__ = ["explained", "observed_state"]

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from potline.choices import StateStatus
from potline.compiled import compile_industry, frozen
from potline.errors import InputError, Problem
from potline.industry import Industry, StatePurchase
from potline.numerics.switching.options import Options
from potline.shutdown.idling import terms_of
from potline.shutdown.observed import ObservedState
from potline.shutdown.seen import DUST
from potline.shutdown.state_checks import verify_state
from potline.shutdown.terms import options_of

Floats = NDArray[np.float64]
MOST_OVER = 1.02
"""What runs over what is taken up to which statistics of output and use may differ."""
_NEAR = 1e-9


def observed_state(industry: Industry) -> ObservedState:
    """Test the state of an industry at its own price, and find what it takes that it holds.

    Raises:
        InputError: no price above 0 to test it by, or a price process that is none.

    Examples:
        >>> from potline.industry import LinearDemand, Plant
        >>> two = Industry(
        ...     name="two", price_per_t=620.0,
        ...     demand=LinearDemand(price_per_t=620.0, quantity_kt=135.0, elasticity=0.3),
        ...     plants=(Plant(name="A", firm="A", capacity_kt=50.0, other_cost_per_t=700.0),
        ...             Plant(name="B", firm="B", capacity_kt=100.0, running_kt=85.0, other_cost_per_t=400.0)))
        >>> state = observed_state(two)
        >>> state.not_explained_kt, round(state.mean_not_explained_per_t, 9), state.below_restart_kt
        (50.0, 80.0, 15.0)
        >>> state.status, state.certificate.holds
        ('not all explained', True)
    """
    price = industry.price_per_t
    if not (math.isfinite(price) and price > 0.0):
        found, hint = (
            "none" if math.isnan(price) else f"{price:g}",
            "A state is tested by the price at which it is seen.",
        )
        raise InputError([Problem(where="industry.price_per_t", found=found, needed="a price above 0", hint=hint)])
    compiled = compile_industry(industry)
    terms = terms_of(compiled, 1.0)
    every = np.ones(len(industry.plants), dtype=np.bool_)
    costs = (terms.whole_cost, terms.part_cost, terms.whole_cost - terms.not_explained)
    solved = [_prices(options_of(terms, cost, every)) for cost in costs]
    running, idle = compiled.plant("running_kt")[0], compiled.restartable_kt()[0]
    runs = np.isfinite(running) & (running > 0.0)
    stands = idle > DUST * compiled.plant("capacity_kt")[0]
    result = ObservedState(
        industry=industry,
        status=StateStatus.HOLDS,
        running_kt=frozen(running.copy()),
        idle_kt=frozen(idle.copy()),
        unavailable_kt=frozen(np.maximum(compiled.idle_kt()[0], 0.0) - idle),
        stop_per_t=frozen(np.where(runs, solved[0][0], np.nan)),
        restart_per_t=frozen(np.where(stands, solved[1][1], np.nan)),
        not_explained_per_t=frozen(terms.not_explained[0].copy()),
        thresholds_per_t=frozen(np.stack(solved)),
        taken_kt=_taken(industry),
    )
    status = StateStatus.HOLDS if result.not_explained_kt == result.below_restart_kt == 0.0 else StateStatus.PARTLY
    if not explained(industry):
        status = StateStatus.NOTHING
    result = dataclasses.replace(result, status=status)
    return dataclasses.replace(result, certificate=verify_state(result))


def explained(industry: Industry) -> bool:
    """Return whether no more runs than is bought, stored by the state and exported: else nothing explains the state."""
    running = sum(plant.running_kt for plant in industry.plants)
    return not running > MOST_OVER * _taken(industry)


def _prices(options: Options) -> Floats:
    return np.stack([options.p_stop[0], options.p_restart[0], options.p_exit[0]])


def _taken(industry: Industry) -> float:
    """Return what is bought at the price, stored by the state, and leaves at the export floor, kt/year."""
    price = industry.price_per_t
    stored = sum(policy.quantity_kt for policy in industry.policies if isinstance(policy, StatePurchase))
    leaves = math.inf if price <= industry.trade.export_floor_per_t * (1.0 + _NEAR) else 0.0
    return industry.demand.quantity_at(price) + stored + leaves
