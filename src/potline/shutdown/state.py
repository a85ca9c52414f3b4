r"""Whether the state that is seen is one that the model would hold, and what it takes that it is.

A line that runs at p0 says that its stopping price is p0 or less, a line that stands idle that its restart price is p0
or more: a bound each, and no value. What runs beyond that is not explained, by so many tonnes and so much money a
tonne; what stands idle below its restart price is answered at two ends (:class:`potline.IdleBelow`). The test has
power only as far as the interval of prices is narrow at which the same lines would run (``docs/theory/state.md``).
"""

from __future__ import annotations

__all__ = ["ObservedState", "StateShare", "explained", "observed_state"]

import dataclasses
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.cases import Case
from potline.choices import StateStatus
from potline.compiled import compile_industry, frozen
from potline.errors import InputError, Problem
from potline.industry import Industry, StatePurchase
from potline.numerics.switching.options import Options
from potline.shutdown.idling import terms_of
from potline.shutdown.seen import DUST, above
from potline.shutdown.terms import options_of
from potline.verification import Checked

Floats = NDArray[np.float64]
MOST_OVER = 1.02
"""What runs over what is taken up to which statistics of output and use may differ."""
_NEAR = 1e-9


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
class ObservedState:
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
    from potline.shutdown.state_checks import verify_state

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
