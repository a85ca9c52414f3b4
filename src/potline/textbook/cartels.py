"""Which cartels hold: nobody inside gains by leaving, nobody outside by joining.

For coalition S with profits pi_i(S), internally stable means ``pi_i(S) >= pi_i(S without i)`` for every member and
externally stable ``pi_i(S) >= pi_i(S with i)`` for every outsider; profitable means that its members together earn
at least what they earn without it. Inequalities are weak. Source: d'Aspremont, Jacquemin, Gabszewicz & Weymark
(1983), Canadian Journal of Economics 16, p. 19; profitable: Salant, Switzer & Reynolds (1983), Quarterly Journal of
Economics 98, p. 187.

Here members sell as one owner and keep the margin of their own plants; nothing is paid between them.
"""

from __future__ import annotations

__all__ = ["cartel_stability", "market_stability"]

import dataclasses
import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, certified
from potline.choices import OnFailure
from potline.equilibrium.avoidable import avoidable_cost
from potline.equilibrium.concepts import Avoidable, Cournot, Follower
from potline.equilibrium.cuts import price_scale
from potline.equilibrium.game import Game
from potline.equilibrium.question import game_of
from potline.errors import InputError, Problem
from potline.industry import Industry, LinearDemand
from potline.numerics.coalitions.table import CoalitionMarket, coalition_market, coalition_table
from potline.numerics.ties import tied
from potline.reading import Positive, Seed, reads
from potline.textbook.cartels_verify import verify_cartels
from potline.textbook.stability import CartelStability
from potline.verification import verify

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

LARGEST_COUNT = 2**20
ROUNDING = 1e-13
ROOM = 10.0  # a change of ten ties is none: the sum of several ties may be as large


@reads
def cartel_stability(
    industry: Industry,
    *,
    fringe: Follower | None = None,
    leads: bool = False,
    avoidable: Avoidable | None = None,
    tolerance: Positive = 1e-9,
    check: OnFailure = OnFailure.RAISE,
    seed: Seed = 0,
) -> CartelStability:
    """Test every cartel of an industry: ``pi_i(S) >= pi_i(S without i)`` inside, ``>= pi_i(S with i)`` outside.

    Identical owners are counted, not listed, so 100 equal firms are 101 coalitions. A cartel of two or more is a
    Cournot owner, or moves first; outsiders and lone owners follow ``fringe``, except that a lone leader leads. Members
    that cut nothing, like an owner dearer than the choke price, are no members.

    Args:
        industry: with linear demand and step costs; imports only without limit, at one price.
        fringe: how owners outside behave; Cournot unless given.
        leads: the cartel chooses its output first (Stackelberg) and the others respond.
        avoidable: which cost decides output, as in :func:`potline.solve`; profits are at net cash cost.
        tolerance: relative difference of two profits that counts as a tie, and what the certificate is held to.
        check: ``raise`` when the certificate fails, or ``report`` it.
        seed: draws the 64 coalitions tested exactly besides those that decide.

    Raises:
        InputError: the industry has isoelastic demand, rising plant costs, limited import tranches, an export floor,
            or more than 2**20 different coalitions.
        CertificateFailed: independent code rejects the table.

    Examples:
        Of five identical firms only four or five can merge and gain; of three, two leading firms gain by
        taking in the third (Shaffer 1995, Economics Letters 48).

        >>> from potline.industry import Plant
        >>> def firms(n):
        ...     return Industry(name="equal", demand=LinearDemand.from_line(intercept_per_t=1.0, slope_per_kt=1.0),
        ...         plants=tuple(Plant(name=f"{i}", firm=f"{i}", capacity_kt=float("inf")) for i in range(n)))
        >>> cartel_stability(firms(5)).profitable_sizes, cartel_stability(firms(5)).stable_sizes
        ((4, 5), (1,))
        >>> cartel_stability(firms(3), leads=True).stable_sizes
        (3,)
    """
    follows, decides = fringe or Cournot(), avoidable_cost(industry, avoidable)
    game = game_of(industry, follows, decides)
    demand = industry.demand
    problems = _unsupported(game)
    if problems or not isinstance(demand, LinearDemand):
        raise InputError(problems)
    cash = tied([plant.net_cash_cost_per_t(industry.own_inputs) for plant in industry.plants], price_scale(industry))
    market = coalition_market(
        game.cost,
        tied(game.capacity),
        game.unit,
        owners=len(game.units),
        intercept=demand.intercept_per_t,
        slope=demand.slope_per_kt,
        conduct=game.theta,
        ceiling=industry.trade.ceiling_per_t,
        leads=leads,
        cash_cost=cash[game.plant],
    )
    found = _stability(market, game.units, tolerance, seed)
    found = dataclasses.replace(found, industry=industry, fringe=follows, avoidable=decides, market=None)
    return _checked(found, check)


def market_stability(
    market: CoalitionMarket,
    *,
    owners: tuple[str, ...] = (),
    tolerance: float = 1e-9,
    check: OnFailure = OnFailure.RAISE,
    seed: int = 0,
) -> CartelStability:
    """Test every cartel of a market given as arrays; see :func:`cartel_stability`.

    Args:
        market: from :func:`potline.numerics.coalitions.table.coalition_market`, kt/year and money/t.
        owners: names; numbers unless given.
        tolerance: relative difference of two profits that counts as a tie, and what the certificate is held to.
        check: ``raise`` when the certificate fails, or ``report`` it.
        seed: draws the 64 coalitions tested exactly besides those that decide.

    Raises:
        InputError: more than 2**20 different coalitions.
        CertificateFailed: independent code rejects the table.

    Examples:
        >>> duopoly = coalition_market([1.0, 1.0], [9.0, 9.0], [0, 1], owners=2, intercept=10.0, slope=1.0)
        >>> market_stability(duopoly).stable_sizes
        (2,)
    """
    return _checked(_stability(market, owners, tolerance, seed), check)


@verify.register
def _(result: CartelStability, tolerance: float | None = None) -> Certificate:
    return verify_cartels(result, tolerance)


def _checked(found: CartelStability, check: OnFailure) -> CartelStability:
    return certified(found, verify_cartels, check, "the table of cartels")


def _stability(market: CoalitionMarket, owners: tuple[str, ...], tolerance: float, seed: int) -> CartelStability:
    """Solve every coalition and test it; without a certificate."""
    kind, counts = _kinds(market)
    total = math.prod(count + 1 for count in counts)
    if total > LARGEST_COUNT:
        found, needed = f"{kind.size} owners, {total} different coalitions", f"{LARGEST_COUNT} or fewer"
        raise InputError([Problem(where="industry", found=found, needed=needed, hint="Merge small owners.")])
    digits, steps = _compositions(counts)
    place = np.array([np.count_nonzero(kind[:i] == kind[i]) for i in range(kind.size)])
    members = place < digits[:, kind]
    table = coalition_table(market, members, certify=False)
    profit, price = table.profit / 1000.0, table.price
    noise = ROUNDING * market.price_scale * market.quantity_scale / 1000.0

    inside, outside = np.full(total, np.inf), np.full(total, np.inf)
    stays, waits = np.ones(total, dtype=np.bool_), np.ones(total, dtype=np.bool_)
    together, apart = np.zeros(total), np.zeros(total)
    number = np.ones(total)
    for k, count in enumerate(counts):
        first, last = np.flatnonzero(kind == k)[[0, -1]]
        shape = (-1, count + 1, steps[k])
        belongs = np.ascontiguousarray(profit[:, first]).reshape(shape)
        joined = belongs[:, 1:]
        left = np.ascontiguousarray(profit[:, last]).reshape(shape)[:, :-1]
        slack = joined - left
        allowed = tolerance * np.maximum(np.abs(left), np.abs(joined)) + noise
        within, without = inside.reshape(shape)[:, 1:], outside.reshape(shape)[:, :-1]
        np.minimum(within, slack, out=within)
        np.minimum(without, -slack, out=without)
        stays.reshape(shape)[:, 1:] &= slack >= -allowed
        waits.reshape(shape)[:, :-1] &= slack <= allowed
        of_kind = np.arange(count + 1.0)[:, None]
        together += (of_kind * belongs).ravel()
        apart += digits[:, k] * profit[0, first]
        number *= np.array([math.comb(count, c) for c in range(count + 1)], dtype=np.float64)[digits[:, k]]
    size = _members_that_cut(price, profit, digits, steps, ROOM * tolerance)
    for row in np.flatnonzero(digits.sum(axis=1) == 1).tolist():
        size[row] = _sells(market, int(np.argmax(members[row])), float(price[row]))
    gain = together - apart >= -tolerance * np.maximum(np.abs(together), np.abs(apart)) - noise * np.maximum(
        digits.sum(axis=1), 1
    )
    arrays = (kind, members, number, size, profit, gain, inside, outside, stays, waits)
    for array in arrays:
        array.flags.writeable = False
    return CartelStability(
        owners=owners or tuple(str(i) for i in range(kind.size)),
        leads=market.leads,
        kind=kind,
        coalitions=members,
        number=number,
        size=size,
        price_per_t=price,
        profit_m=profit,
        profitable=gain,
        internal_slack_m=inside,
        external_slack_m=outside,
        internally_stable=stays,
        externally_stable=waits,
        tolerance=tolerance,
        market=market,
        seed=seed,
    )


def _members_that_cut(
    price: Floats, profit: Floats, digits: NDArray[np.int16], steps: list[int], tolerance: float
) -> Integers:
    """Return how many members each coalition has, those left out whose joining changes no profit."""
    joined = digits.sum(axis=1, dtype=np.int64)
    size = joined.copy()
    for rows in (np.flatnonzero(joined == many) for many in range(2, int(joined.max(initial=0)) + 1)):
        for k, step in enumerate(steps):
            here = rows[digits[rows, k] > 0]
            without = here - step
            near = np.abs(price[here] - price[without]) <= tolerance * np.maximum(np.abs(price[here]), 1e-300)
            here, without = here[near], without[near]
            moved = np.abs(profit[here] - profit[without]).max(axis=1, initial=0.0)
            same = moved <= tolerance * np.abs(profit[here]).max(axis=1, initial=0.0)
            size[here[same]] = np.minimum(size[here[same]], size[without[same]])
    return size


def _sells(market: CoalitionMarket, owner: int, price: float) -> bool:
    """Return whether an owner has a plant that a price pays for."""
    mine = market.plants[market.owner == owner]
    return bool(np.any((mine[:, 1] > 0.0) & (mine[:, 0] <= price)))


def _kinds(market: CoalitionMarket) -> tuple[Integers, list[int]]:
    """Return each owner's kind and the number of owners of each; identical means equal on paper."""
    seen: dict[tuple[object, ...], int] = {}
    kind: list[int] = []
    for i in range(market.conduct.size):
        mine: list[list[float]] = market.plants[market.owner == i][:, [0, 1, 4]].tolist()
        kind.append(seen.setdefault((float(market.conduct[i]), *sorted(map(tuple, mine))), len(seen)))
    tally = Counter(kind)
    return np.array(kind, dtype=np.int64), [tally[k] for k in range(len(seen))]


def _compositions(counts: list[int]) -> tuple[NDArray[np.int16], list[int]]:
    """Return how many of each kind belong, int[count, kinds], and how far apart rows with one more of a kind lie.

    Owners all different give the masks 0, 1, 2, ... in order.
    """
    rows = np.arange(math.prod(count + 1 for count in counts))
    digits = np.empty((rows.size, len(counts)), dtype=np.int16)
    steps: list[int] = []
    step = 1
    for k, count in enumerate(counts):
        digits[:, k] = rows // step % (count + 1)
        steps.append(step)
        step *= count + 1
    return digits, steps


def _unsupported(game: Game) -> list[Problem]:
    """Name every feature of the industry that the table of coalitions does not cover."""
    problems: list[Problem] = []
    if game.isoelastic:
        problems.append(Problem(where="demand", found="isoelastic demand", needed="LinearDemand"))
    if np.any(game.scale > 0.0):
        problems.append(Problem(where="plants", found="a plant with `smooth_cost`", needed="step costs"))
    if game.floor > -math.inf:
        found = f"{game.floor:g}"
        problems.append(Problem(where="trade.export_floor_per_t", found=found, needed="no export floor"))
    if np.any(np.isfinite(game.tranche_kt)):
        needed = "imports without limit at one price, or none"
        problems.append(Problem(where="trade.tranches", found="a limited import tranche", needed=needed))
    return problems
