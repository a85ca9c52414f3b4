"""How owners behave, what they avoid by stopping, and what binds them together: the words of a question.

A concept says how each owner takes the effect of its own output on the price; a method (:class:`Sweep`) and a
:class:`Tolerance` are other things. All are frozen and hashable, so results can remember them.
"""

from __future__ import annotations

__all__ = [
    "Avoidable",
    "Cartel",
    "CashCost",
    "Competitive",
    "Concept",
    "Conjectural",
    "Cournot",
    "Follower",
    "JointCap",
    "Leader",
    "NetworkConcept",
    "Stage",
    "StopAndRestart",
    "Successive",
    "Sweep",
    "Tolerance",
]

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from potline.choices import IdleBelow
from potline.errors import Problem
from potline.numerics.ties import TIE
from potline.reading import Name, NonNegative, Positive, Real, Unlimited, noun, reads, unique
from potline.showing import Short
from potline.shutdown import StoppingPrices


@dataclass(frozen=True, slots=True)
class Competitive:
    """Every owner takes the price as given: ``p in MC_i(q_i)``.

    Examples:
        >>> Competitive() == Competitive()
        True
    """


@dataclass(frozen=True, slots=True)
class Cournot:
    """Every owner takes the others' output as given: ``p - |P'(Q)| q_i in MC_i(q_i)``.

    Examples:
        >>> Cournot()
        Cournot()
    """


@noun
class Conjectural:
    """Owner i expects the market to move by theta_i t when it adds one: ``p - theta_i |P'(Q)| q_i in MC_i(q_i)``.

    Attributes:
        theta: one value for all, or pairs (owner, value); 0 price taker, 1 Cournot.
        others: theta of owners not listed in pairs.

    Examples:
        >>> Conjectural(theta=(("Chalco", 1.0), ("Xinfa", 0.5))).of("Weiqiao")
        0.0
    """

    theta: NonNegative | tuple[tuple[str, NonNegative], ...]
    others: NonNegative = 0.0

    def of(self, owner: str) -> float:
        """Return theta of an owner."""
        if isinstance(self.theta, tuple):
            return dict(self.theta).get(owner, self.others)
        return self.theta


Follower = Competitive | Cournot | Conjectural


@noun
class Cartel:
    """``members`` decide as one Cournot owner, at the same time as the fringe.

    Their plants' marginal cost curves are added horizontally. The cartel takes the fringe's *output* as given; a
    cartel that foresees how the fringe responds is a :class:`Leader`.

    Examples:
        >>> Cartel(members=("Chalco", "Xinfa"), fringe=Competitive()).name
        'cartel'
    """

    members: tuple[str, ...]
    fringe: Follower = Cournot()
    name: Name = "cartel"

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem for each member that is named twice."""
        yield from unique("member", "Cartel", self.members)


@noun
class Leader:
    """``leader`` (one owner, or several deciding as one) commits its output first; the followers respond.

    Examples:
        >>> Leader(leader=("Chalco",)).followers
        Cournot()
    """

    leader: tuple[str, ...]
    followers: Follower = Cournot()
    name: Name = "leader"

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem for each owner that is named twice."""
        yield from unique("owner", "Leader", self.leader)


Concept = Competitive | Cournot | Conjectural | Cartel | Leader


@noun
class Stage:
    """One product of a chain sold with market power, and how its makers behave.

    Where the product goes into activities, its buyers' demand is derived. Sellers of an upstream stage choose first:
    they take the sales of all others at their own stage as given and foresee how everything downstream answers one more
    kt (activities, routes, later stages, buyers; what is idle stays idle, what is full stays full).

    Attributes:
        product: what is sold.
        concept: conduct of its makers.
        price_fall_per_kt: where given, sellers believe instead that the price where they sell falls by this much for
            each kt they add there, money/t per kt, and that prices elsewhere stay.

    Examples:
        >>> Stage(product="coke", concept=Cournot()).price_fall_per_kt is None
        True
    """

    product: Name
    concept: Follower | Cartel
    price_fall_per_kt: NonNegative | None = None


@noun
class Successive:
    """Market power at several stages of a chain, upstream first (successive oligopoly; Greenhut and Ohta 1979).

    Examples:
        >>> chain = Successive(stages=(Stage(product="coke", concept=Cournot()),
        ...                            Stage(product="steel", concept=Conjectural(theta=0.5))))
        >>> [stage.product for stage in chain.stages]
        ['coke', 'steel']
    """

    stages: tuple[Stage, ...]

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where there is no stage."""
        if not self.stages:
            yield Problem(where="Successive, stages", found="none", needed="one stage or more")


NetworkConcept = Concept | Successive


@dataclass(frozen=True, slots=True)
class CashCost:
    """Running and idle lines alike offer at the plant's net cash cost.

    Examples:
        >>> CashCost()
        CashCost()
    """


@noun
class StopAndRestart(Short):
    """Running lines offer at the price at which they would stop, idle lines at the price at which they would restart.

    Attributes:
        stop_per_t, restart_per_t: money/t, in the order of the industry's plants.

    Examples:
        >>> StopAndRestart(stop_per_t=(11_000.0,), restart_per_t=(14_500.0,)).restart_per_t
        (14500.0,)
    """

    stop_per_t: tuple[Real, ...]
    restart_per_t: tuple[Real, ...]

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where the prices differ in number, and for the first plant that restarts below its stop."""
        if len(self.stop_per_t) != len(self.restart_per_t):
            found = f"{len(self.stop_per_t)} and {len(self.restart_per_t)} prices"
            yield Problem(where="StopAndRestart", found=found, needed="as many of the one as of the other")
            return
        for k, (stop, restart) in enumerate(zip(self.stop_per_t, self.restart_per_t, strict=True)):
            if stop > restart + 1e-9 * abs(restart):
                found = f"stop {stop:.15g} above restart {restart:.15g} at place {k + 1}"
                yield Problem(where="StopAndRestart", found=found, needed="a stop no higher than the restart")
                return

    @classmethod
    @reads
    def at(cls, stops: StoppingPrices) -> Self:
        """Return the offers at solved stopping prices.

        Where a state stands behind them, idle lines below their restart price do not come back, or with the first money
        above the price of the date, as ``industry.idle_below`` has it.

        Examples:
            >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
            >>> from potline.shutdown import stopping_prices
            >>> demand = LinearDemand(price_per_t=10.0, quantity_kt=9.0, elasticity=0.5)
            >>> one = Industry(name="one", demand=demand, price_per_t=10.0, process=PriceProcess(volatility=0.2),
            ...                plants=(Plant(name="A", firm="A", capacity_kt=9.0, other_cost_per_t=8.0,
            ...                              restart_cost_per_t=1.0),))
            >>> offers = StopAndRestart.at(stopping_prices(one))
            >>> offers.stop_per_t[0] < 8.0 < offers.restart_per_t[0]
            True
        """
        return cls(stop_per_t=tuple(stops.p_stop_per_t.tolist()), restart_per_t=tuple(_idle_offers(stops).tolist()))


def _idle_offers(stops: StoppingPrices) -> NDArray[np.float64]:
    """Return what idle lines ask for; the first money above a price is the least that is no tie with it."""
    state = stops.state
    if state is None or not state.below.any():
        return stops.idle_restart_per_t
    late = state.industry.idle_below == IdleBelow.MOST
    first = math.inf if late else state.industry.price_per_t * (1.0 + 4.0 * TIE)
    return np.where(state.below, np.maximum(stops.idle_restart_per_t, first), stops.idle_restart_per_t)


Avoidable = CashCost | StopAndRestart


@noun
class JointCap:
    """``owners`` (all, where none is named) sell at most ``cap_kt`` together, under one common multiplier.

    Of the many equilibria of a game with a shared constraint this is the normalised one (Rosen 1965): a tonne of
    room under the cap is worth the same to every owner, as if permits were traded.

    Examples:
        >>> JointCap(cap_kt=150.0).owners
        ()
    """

    cap_kt: Unlimited
    owners: tuple[str, ...] = ()


@noun
class Sweep:
    """Sort the prices at which supply changes and walk to where it meets demand; exact for steps and linear demand.

    Elsewhere the same one-dimensional problem is solved by bracketed Newton steps.

    Examples:
        >>> Sweep()
        Sweep()
    """


@noun
class Tolerance:
    """What a certificate must meet.

    Attributes:
        kkt: largest violation of the optimality conditions and of the market balance, relative to the price.
        gain: largest unilateral gain, relative to the market's revenue.

    Examples:
        >>> Tolerance().kkt
        1e-09
    """

    kkt: Positive = 1e-9
    gain: Positive = 1e-9
