"""Solve one market at one date, and certify the answer."""

from __future__ import annotations

__all__ = ["solve", "verify"]

import dataclasses

import numpy as np
from numpy.typing import NDArray

from potline.choices import OnFailure
from potline.equilibrium.avoidable import avoidable_cost
from potline.equilibrium.certificate import Certificate
from potline.equilibrium.clearing import Point, clearing_points, has_convex_kink
from potline.equilibrium.concepts import (
    Avoidable,
    Competitive,
    Concept,
    JointCap,
    Sweep,
    Tolerance,
)
from potline.equilibrium.game import Game, NoAnswer
from potline.equilibrium.leader import lead
from potline.equilibrium.question import game_of
from potline.equilibrium.result import MarketEquilibrium, plant_profits
from potline.equilibrium.staying import nobody_leaves
from potline.equilibrium.verify import verify_market, with_others
from potline.errors import CertificateFailed
from potline.industry import Industry
from potline.reading import reads
from potline.verification import failed

Floats = NDArray[np.float64]


@reads(name="solve")
def solve(
    industry: Industry,
    concept: Concept = Competitive(),
    *,
    avoidable: Avoidable | None = None,
    cap: JointCap | None = None,
    method: Sweep = Sweep(),
    tolerance: Tolerance = Tolerance(),
    check: OnFailure = OnFailure.RAISE,
) -> MarketEquilibrium:
    r"""Find the price and outputs at which every owner does what its conduct says.

    .. math:: p - \theta_i |P'(Q)| q_i - \lambda \in MC_i(q_i) \quad\text{for every owner } i

    ``MC_i`` is the step curve of avoidable cost (with a smooth rising part where plants have one), ``theta_i`` the
    conduct (0 price taker, 1 Cournot; a cartel is a merged owner) and ``lambda`` the multiplier of a joint cap.
    Plants at equal avoidable cost share output by their size. At a world price, trade is as small as clears the
    market; where the import ceiling just holds imports out, all owners see the same share of the slope of demand.
    Of several equilibria the one with the highest price comes first and the rest are ``others``.

    Args:
        industry: the market; agreements recorded in it withdraw lines.
        concept: Competitive, Cournot, Conjectural, Cartel or Leader.
        avoidable: CashCost, or StopAndRestart at which running lines stop and idle ones restart; unless given, stopping
            prices where the industry has a price process, cash cost where it has none.
        cap: a joint cap on the output of all owners or of those named.
        method: how the market is cleared.
        tolerance: what the certificate must meet.
        check: ``raise`` refuses an answer whose certificate fails; ``report`` returns it with its status.

    Raises:
        CertificateFailed: the certificate does not hold and ``check`` is ``raise``.
        NoAnswer: no finite optimum, no equilibrium, or a cap that cannot be met.
        InputError: the concept, the costs or the industry mean nothing; every problem is listed.

    Source: Murphy, Sherali and Soyster (1982), Mathematical Programming 24, pp. 92-106; Rosen (1965), Econometrica 33,
    pp. 520-534 (joint cap).

    Examples:
        >>> from potline.equilibrium import Cournot
        >>> from potline.industry import LinearDemand, Plant
        >>> duopoly = Industry(name="duopoly", demand=LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=9.0, other_cost_per_t=1.0) for n in "AB"))
        >>> result = solve(duopoly, Cournot())
        >>> result.price_per_t, result.output_kt.tolist(), result.uniqueness
        (4.0, [3.0, 3.0], 'proven')
    """
    avoided = avoidable_cost(industry, avoidable)
    game = game_of(industry, concept, avoided, cap)
    points = [lead(game)] if game.leader >= 0 else _equilibria(game, tolerance)
    results: list[MarketEquilibrium] = []
    for point in points:
        found = _result(game, point, tolerance, industry, concept, avoided, cap, method)
        results.append(dataclasses.replace(found, certificate=verify_market(found, tolerance, len(points))))
    first = dataclasses.replace(results[0], others=tuple(results[1:]))
    certificate = with_others(first.certificate, first, [result.certificate for result in results[1:]])
    first = dataclasses.replace(first, certificate=certificate)
    if check == OnFailure.RAISE and not certificate.holds:
        worst = next((item for item in (result.certificate for result in results) if not item.holds), certificate)
        raise CertificateFailed(
            f"The answer for {industry.name!r} does not pass its check: largest violation {worst.kkt:.2e} of the price "
            f"(allowed {tolerance.kkt:.0e}), largest unilateral gain {worst.gain:.2e} of revenue "
            f"(allowed {tolerance.gain:.0e}"
            + (f", by {worst.gain_owner!r}" if worst.gain_owner else "")
            + f"); it fails on {', '.join(failed(worst.checks))}. "
            'Use check="report" to see it, and please report the case.'
        )
    return first


@reads
def verify(result: MarketEquilibrium, tolerance: Tolerance | None = None) -> Certificate:
    """Check a result again, from the industry and the numbers it states alone; the other equilibria too.

    Examples:
        >>> from potline.industry import LinearDemand, Plant
        >>> one = Industry(name="one", demand=LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
        ...     plants=(Plant(name="A", firm="A", capacity_kt=3.0, other_cost_per_t=1.0),))
        >>> wrong = dataclasses.replace(solve(one), price_per_t=8.0)
        >>> verify(wrong).holds
        False
    """
    allowed = tolerance or result.certificate.tolerance
    found, *others = (verify_market(item, allowed, 1 + len(result.others)) for item in (result, *result.others))
    return with_others(found, result, others)


def _equilibria(game: Game, tolerance: Tolerance) -> list[Point]:
    points = clearing_points(game)
    if not has_convex_kink(game) or not np.any(game.theta > 0.0):
        return points
    stable = [point for point in points if nobody_leaves(game, point, tolerance.gain)]
    if not stable:
        raise NoAnswer(
            "No equilibrium in pure strategies was found: import tranches or an export floor bend demand so that at "
            "every clearing point some owner gains from jumping across the bend. Use one unlimited import tranche, or "
            "price takers."
        )
    return stable


def _result(
    game: Game,
    point: Point,
    tolerance: Tolerance,
    industry: Industry,
    concept: Concept,
    avoidable: Avoidable,
    cap: JointCap | None,
    method: Sweep,
) -> MarketEquilibrium:
    output = _sums(game.plant, point.output, len(industry.plants))
    owner_of_plant, owners = game.owner_of_plant, len(game.owners)
    profit = _sums(owner_of_plant, plant_profits(industry, point.price, output), owners)
    by_owner = _sums(owner_of_plant, output, owners)
    for array in (output, profit, by_owner):
        array.setflags(write=False)
    return MarketEquilibrium(
        industry=industry,
        concept=concept,
        avoidable=avoidable,
        cap=cap,
        method=method,
        price_per_t=float(point.price),
        output_kt=output,
        owner_output_kt=by_owner,
        owner_profit_m=profit,
        imports_kt=float(point.trade),
        multiplier_per_t=float(point.multiplier),
        perceived_slope_per_kt=float(point.slope),
        certificate=Certificate(checks=(), gain_owner="", uniqueness="unknown", tolerance=tolerance),
    )


def _sums(place: NDArray[np.int64], values: Floats, count: int) -> Floats:
    return np.bincount(place, values, count).astype(np.float64)
