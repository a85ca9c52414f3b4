"""The state of the lines as an answer: what holds it, what is not explained, and the prices between which it holds."""

from __future__ import annotations

__all__ = ["ObservedState", "StateShare"]

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.cases import Case
from potline.choices import StateStatus
from potline.industry import Industry
from potline.showing import Shown
from potline.shutdown.seen import above
from potline.verification import Checked

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StateShare:
    """The state in every draw of a case: what runs is that of the central values unless a factor moves it.

    Attributes:
        case: that was drawn.
        draws, seed: asked for.
        not_explained_kt: running lines that need what is not explained, kt/year, [B].
        not_explained_per_t: what they need, averaged over them, money/t without tax, [B]; 0 where none does.
        below_restart_kt: idle lines below their restart price, kt/year, [B].
    """

    case: Case = field(repr=False)
    draws: int
    seed: int
    not_explained_kt: Floats
    not_explained_per_t: Floats
    below_restart_kt: Floats

    @property
    def share(self) -> float:
        """Share of draws in which some line is not explained."""
        return float((self.not_explained_kt > 0.0).mean())

    @property
    def mean_kt(self) -> float:
        """Tonnes not explained in those draws, kt/year; 0 where there is none."""
        return _mean(self.not_explained_kt)

    @property
    def share_below(self) -> float:
        """Share of draws in which some idle line stands below its restart price."""
        return float((self.below_restart_kt > 0.0).mean())

    @property
    def mean_below_kt(self) -> float:
        """Tonnes of theirs in those draws, kt/year; 0 where there is none."""
        return _mean(self.below_restart_kt)


def _mean(values: Floats) -> float:
    some = values[values > 0.0]
    return float(some.mean()) if some.size else 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObservedState(Shown):
    """The state of the lines at the price of the date; arrays [J] in the order of plants, money/t without tax.

    Attributes:
        industry: the question.
        status: whether the state holds, holds with what is not explained, or is one that nothing explains: more runs
            than is taken, which carries no verdict.
        running_kt, idle_kt: what runs, and what stands idle and could run in a year, kt/year.
        unavailable_kt: idle beyond availability.
        stop_per_t: price at which all of a plant stops, nan where nothing of it runs.
        restart_per_t: price at which its idle lines restart, nan where it has none.
        not_explained_per_t: w, taken off the cost of running lines; 0 where their state explains itself.
        thresholds_per_t: stopping, restart and exit price of all of a plant, of a part of it, and of all of it with w
            taken off its cost, (3, 3, J).
        taken_kt: what buyers, the state and exports take at the price.
        share: the same in draws; None where none were asked for.
        certificate: what separate code found.
    """

    industry: Industry
    status: StateStatus
    running_kt: Floats
    idle_kt: Floats
    unavailable_kt: Floats
    stop_per_t: Floats
    restart_per_t: Floats
    not_explained_per_t: Floats
    thresholds_per_t: Floats
    taken_kt: float
    share: StateShare | None = None
    certificate: Checked = Checked(())

    @property
    def explained(self) -> bool:
        """Whether anything explains what runs: a state that nothing explains carries no verdict."""
        return self.status != StateStatus.NOTHING

    @property
    def below(self) -> NDArray[np.bool_]:
        """Which plants have idle lines below their restart price."""
        price = np.full(self.restart_per_t.shape, self.industry.price_per_t)
        return above(price, np.where(np.isnan(self.restart_per_t), np.inf, self.restart_per_t))

    @property
    def not_explained_kt(self) -> float:
        """Running capacity that is not explained, kt/year."""
        return float(self.running_kt[self.not_explained_per_t > 0.0].sum())

    @property
    def mean_not_explained_per_t(self) -> float:
        """What is not explained, averaged over the lines that need it, money/t; 0 where none does."""
        kt = self.not_explained_kt
        chosen = self.not_explained_per_t > 0.0
        return float(self.running_kt[chosen] @ self.not_explained_per_t[chosen]) / kt if kt > 0.0 else 0.0

    @property
    def below_restart_kt(self) -> float:
        """Idle capacity below its restart price that could run, kt/year."""
        return float(self.idle_kt[self.below].sum())

    @property
    def lowest_per_t(self) -> float:
        """Lowest price at which the same lines would run, money/t; ``-inf`` where nothing runs."""
        return float(np.nanmax(np.append(self.stop_per_t, -np.inf)))

    @property
    def highest_per_t(self) -> float:
        """Highest price at which the same lines would stand idle, money/t; ``inf`` where none could restart."""
        return float(np.nanmin(np.append(self.restart_per_t, np.inf)))

    @property
    def width_share(self) -> float:
        """Width of that interval as a share of the price: the wider, the less the test says. Negative: no price."""
        return (self.highest_per_t - self.lowest_per_t) / self.industry.price_per_t
