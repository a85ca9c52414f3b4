r"""From gross cash cost down to the price at which a plant really stops, in five steps.

``p_stop = gross - support - lump sum - switching cost - value of waiting - government pressure``. Each of the five
can be removed: support s, the lump sum l and pressure g set to 0; switching cost removed leaves a plant that stops as
soon as the price is below ``gross - s - l - g``; the value of waiting removed leaves a price that stays where it is
for ever. What one of them does depends on which others are there, so each is averaged over all orders in which the
five can be removed (Shapley 1953): with p(S) the stopping price when only S is present,

    component_k = sum over S without k of |S|! (4 - |S|)! / 5! (p(S) - p(S + k)).

What is not explained is no cause and stands behind the five: by how much the price at which the plant is seen to run
lies below the one that they leave.

The five add up to ``gross - p_stop`` whatever the plant. Of the 32 stopping prices only 8 need the option solved.
"""

from __future__ import annotations

__all__ = ["COMPONENTS", "NOT_EXPLAINED", "Waterfall", "stopping_waterfall"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.numerics.switching.options import solve_thresholds
from potline.showing import Short

Floats = NDArray[np.float64]
COMPONENTS = ("support", "lump_sum", "switching_cost", "waiting", "pressure")
NOT_EXPLAINED = "not_explained"
_SUPPORT, _LUMP, _SWITCHING, _WAITING, _PRESSURE = (1 << k for k in range(5))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waterfall(Short):
    """Gross cash cost, five components and the stopping price, money/t; arrays (..., J).

    Attributes:
        gross_per_t: cash cost before support.
        components_per_t: (5, ..., J), in the order of :data:`COMPONENTS`; each lowers the stopping price by itself.
        not_explained_per_t: what is left between the five and the stopping price; 0 unless a state needs it.
        p_stop_per_t: stopping price; ``gross_per_t`` less the sum of the components and what is not explained.
        thresholds_per_t: the prices behind it: stopping, restart and exit price (8, 3, ..., J) with switching cost and
            waiting and each subset of support (1), lump sum (2) and pressure (4).
    """

    gross_per_t: Floats
    components_per_t: Floats
    not_explained_per_t: Floats
    p_stop_per_t: Floats
    thresholds_per_t: Floats

    def component(self, name: str) -> Floats:
        """Return one component, or what is not explained, money/t (..., J)."""
        if name == NOT_EXPLAINED:
            return self.not_explained_per_t
        return self.components_per_t[COMPONENTS.index(name)]


def stopping_waterfall(
    gross: Floats,
    *,
    support: Floats,
    lump_sum: Floats,
    pressure: Floats,
    holding_cost: Floats,
    stop_cost: Floats,
    restart_cost: Floats,
    exit_cost: Floats,
    sigma: Floats | float,
    discount_rate: Floats | float,
    drift: Floats | float = 0.0,
    kappa: Floats | float = 0.0,
    theta: Floats | float = 0.0,
) -> Waterfall:
    """Split the gap between gross cash cost and stopping price into its five components.

    Arrays broadcast to (..., J); money/t, costs of switching in money per t/y; see
    :func:`potline.numerics.switching.options.solve_thresholds` for the law of the price.

    Examples:
        >>> one = np.array([100.0])
        >>> fall = stopping_waterfall(one, support=0.1 * one, lump_sum=0.02 * one, pressure=0.0 * one,
        ...                           holding_cost=0.03 * one, stop_cost=0.1 * one, restart_cost=0.1 * one,
        ...                           exit_cost=np.inf * one, sigma=0.0, discount_rate=0.1)
        >>> [round(float(item[0]), 9) for item in fall.components_per_t], float(fall.p_stop_per_t[0])
        ([10.0, 2.0, 4.0, 0.0, 0.0], 84.0)
    """
    rest = (holding_cost, stop_cost, restart_cost, exit_cost)
    law = (sigma, discount_rate, drift, kappa, theta)
    shape = np.broadcast_shapes(*(np.shape(item) for item in (gross, support, lump_sum, pressure, *rest, *law)))

    def cost_with(present: int) -> Floats:
        left = gross - support if present & _SUPPORT else gross
        left = left - lump_sum if present & _LUMP else left
        left = left - pressure if present & _PRESSURE else left
        return np.broadcast_to(left, shape)

    cost = np.stack([cost_with(s) for s in range(32)])
    cheapest = np.minimum(holding_cost + discount_rate * stop_cost, discount_rate * exit_cost)
    still = np.maximum(cost - cheapest, 0.0)
    whole = _SWITCHING | _WAITING
    waiting = [s for s in range(32) if s & whole == whole]
    solved = solve_thresholds(
        cost[waiting],
        holding_cost=holding_cost,
        stop_cost=stop_cost,
        restart_cost=restart_cost,
        exit_cost=exit_cost,
        sigma=sigma,
        discount_rate=discount_rate,
        drift=drift,
        kappa=kappa,
        theta=theta,
    )
    price = np.where(
        np.array([bool(s & _SWITCHING) for s in range(32)]).reshape((32,) + (1,) * len(shape)), still, cost
    )
    price[waiting] = solved.p_stop
    thresholds = np.stack([solved.p_stop, solved.p_restart, solved.p_exit], axis=1)
    components = np.zeros((5, *shape))
    for k in range(5):
        for s in range(32):
            if not s & (1 << k):
                size = s.bit_count()
                weight = math.factorial(size) * math.factorial(4 - size) / math.factorial(5)
                components[k] += weight * (price[s] - price[s | (1 << k)])
    nothing = np.zeros(shape)
    for item in (components, nothing, price, thresholds):
        item.flags.writeable = False
    return Waterfall(
        gross_per_t=price[0],
        components_per_t=components,
        not_explained_per_t=nothing,
        p_stop_per_t=price[31],
        thresholds_per_t=thresholds,
    )
