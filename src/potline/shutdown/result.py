"""When each plant stops, restarts and closes: the answer, with the question that it answers."""

from __future__ import annotations

__all__ = ["StoppingPrices"]

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.industry import Industry
from potline.reading import one_of, reads
from potline.showing import Shown
from potline.shutdown.observed import ObservedState
from potline.shutdown.verify import SwitchingCertificate
from potline.shutdown.waterfall import COMPONENTS, NOT_EXPLAINED, Waterfall

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoppingPrices(Shown):
    """When each plant stops, restarts and closes; arrays [J] in the order of the industry's plants, without tax.

    Attributes:
        industry: the industry asked about, with the process used.
        plants: names.
        gross_cash_cost_per_t, net_cash_cost_per_t: before and after support per tonne, money/t.
        p_stop_per_t: a running plant stops below it; 0 where it never stops.
        p_restart_per_t: an idle plant restarts above it; inf where it never does.
        p_exit_per_t: an idle plant closes for good below it; 0 where it never does.
        behaviour: what a plant does at ``p_stop_per_t``: ``goes idle``, ``closes for good``, ``never stops``, or
            ``constant price`` where the price neither moves nor is expected to.
        idle_thresholds_per_t: the same three prices (3, J) of lines that stand idle: of a part of their plant, and
            without what is not explained.
        state: whose tonnes not explained were taken off; None where costs are taken as they are stated.
        waterfall: from gross cash cost down to the stopping price.
        certificate: what independent code found.
    """

    industry: Industry
    plants: tuple[str, ...]
    gross_cash_cost_per_t: Floats
    net_cash_cost_per_t: Floats
    p_stop_per_t: Floats
    p_restart_per_t: Floats
    p_exit_per_t: Floats
    behaviour: tuple[str, ...]
    idle_thresholds_per_t: Floats
    state: ObservedState | None = field(default=None, repr=False)
    waterfall: Waterfall
    certificate: SwitchingCertificate

    @property
    def not_explained_per_t(self) -> Floats:
        """What is taken off the cost of running lines, money/t; 0 where no state was given or it explains itself."""
        return np.zeros(len(self.plants)) if self.state is None else self.state.not_explained_per_t

    @property
    def idle_restart_per_t(self) -> Floats:
        """The price above which lines that stand idle restart, money/t."""
        return self.idle_thresholds_per_t[1]

    def waterfall_of(self, plant: str) -> dict[str, float]:
        """Return one plant's waterfall: gross cash cost, the five components, the stopping price; money/t.

        Where some plant runs though it would stop, what is not explained stands before the last.

        Raises:
            InputError: no plant of that name.
        """
        place = self.plants.index(one_of("waterfall_of, plant", plant, self.plants, "the name of a plant"))
        return self._steps(np.eye(len(self.plants))[place])

    def average_waterfall(self) -> dict[str, float]:
        """Return the waterfall averaged over running capacity (over capacity where nothing runs); money/t."""
        running = np.array([plant.running_kt for plant in self.industry.plants])
        if not running.sum() > 0.0 or not np.all(np.isfinite(running)):
            running = np.ones(len(self.plants))
        return self._steps(running / running.sum())

    @reads
    def running_below_stop_kt(self, price_per_t: float) -> float:
        """Return the running capacity whose stopping price lies above a price, kt/year."""
        running = np.array([plant.running_kt for plant in self.industry.plants])
        return float(running[self.p_stop_per_t > price_per_t].sum())

    def _steps(self, weights: Floats) -> dict[str, float]:
        steps = {"gross_cash_cost": float(self.waterfall.gross_per_t @ weights)}
        steps |= {name: float(self.waterfall.component(name) @ weights) for name in COMPONENTS}
        if self.waterfall.not_explained_per_t.any():
            steps[NOT_EXPLAINED] = float(self.waterfall.not_explained_per_t @ weights)
        return steps | {"p_stop": float(self.waterfall.p_stop_per_t @ weights)}
