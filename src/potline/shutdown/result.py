"""When each plant stops, restarts and closes: the answer, with the question that it answers."""

from __future__ import annotations

__all__ = ["StoppingPrices"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.industry import Industry
from potline.reading import one_of, reads
from potline.shutdown.verify import SwitchingCertificate
from potline.shutdown.waterfall import COMPONENTS, Waterfall

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoppingPrices:
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
    waterfall: Waterfall
    certificate: SwitchingCertificate

    def waterfall_of(self, plant: str) -> dict[str, float]:
        """Return one plant's waterfall: gross cash cost, the five components, the stopping price; money/t.

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
        return steps | {"p_stop": float(self.waterfall.p_stop_per_t @ weights)}
