"""Check an answer from the question it remembers and the figures it states: code that shares nothing with the solver.

The question is read anew (:mod:`potline.equilibrium.asked`), outputs are split over blocks cheapest first, and every
figure is looked at: outputs against capacities, price against demand, trade against world prices, the slope that owners
see, the multiplier of a cap, the first-order condition of every block, the most that anybody could gain alone, and the
output and profit of every owner. Comparisons are written so that what is not a number fails.
"""

from __future__ import annotations

__all__ = ["verify_market", "with_others"]

import dataclasses
import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.asked import Asked, asked
from potline.equilibrium.certificate import GAIN, Certificate, Uniqueness
from potline.equilibrium.concepts import Tolerance
from potline.equilibrium.deviation import largest_gains
from potline.equilibrium.game import Game
from potline.equilibrium.leading import leader_gain
from potline.equilibrium.residual import ResidualDemand
from potline.equilibrium.result import MarketEquilibrium
from potline.verification import Check

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Stated:
    """What an answer states, in a verifier's order: blocks (B,), units (U,)."""

    price: float
    slope: float
    output: Floats
    sold: Floats
    trade: float
    multiplier: float
    price_scale: float
    size: float


def verify_market(result: MarketEquilibrium, tolerance: Tolerance, equilibria: int = 1) -> Certificate:
    """Return the certificate of one stated equilibrium.

    Args:
        result: the answer; its ``others`` are not looked at here.
        tolerance: what is allowed.
        equilibria: how many were found.
    """
    question = asked(result.industry, result.concept, result.avoidable, result.cap)
    game, demand = question.game, ResidualDemand.of(question.game)
    with np.errstate(all="ignore"):
        stated = _stated(result, game)
        checks = {
            "capacities": _beyond(result, game, stated),
            "demand": _off_demand(game, demand, stated),
            "trade": _off_trade(game, stated),
            "slope seen": _off_slope(game, demand, stated),
            "joint cap": _off_cap(game, stated),
            "marginal conditions": _off_margins(game, stated),
            "owner output": _off_owners(result, question)[0],
            "owner profit": _off_owners(result, question)[1],
        }
        gains = largest_gains(game, demand, stated.price, stated.output)
        ahead: float | None = None
        if game.leader >= 0:
            gains[game.leader], ahead = leader_gain(game, stated.price, stated.output)
    rows = [Check(name=name, value=value, tolerance=tolerance.kkt) for name, value in checks.items()]
    worst = int(np.argmax(gains)) if gains.size else 0
    gain = float(gains[worst] / (stated.price_scale * max(stated.size, 1e-300))) if gains.size else 0.0
    method = "every breakpoint, kink and stationary point of each owner's profit"
    return Certificate(
        checks=(*rows, Check(name=GAIN, value=gain, tolerance=tolerance.gain, unit="of revenue", method=method)),
        gain_owner=game.units[worst] if gain > tolerance.gain else "",
        uniqueness=_uniqueness(game, demand, stated, equilibria, ahead),
        tolerance=tolerance,
    )


def with_others(certificate: Certificate, result: MarketEquilibrium, others: list[Certificate]) -> Certificate:
    """Return the certificate with a check of the other equilibria: each holds, and prices fall from one to the next."""
    if not result.others:
        return certificate
    prices = [item.price_per_t for item in (result, *result.others)]
    wrong = sum(not (lower < price) for price, lower in itertools.pairwise(prices))
    wrong += sum(not item.holds for item in others)
    row = Check(name="other equilibria", value=float(wrong), tolerance=0.0, method="each one looked at likewise")
    return dataclasses.replace(certificate, checks=(*certificate.checks, row))


def _stated(result: MarketEquilibrium, game: Game) -> _Stated:
    """Split each plant's output over its blocks, cheapest first; what is too much stays out."""
    order = np.lexsort((game.cost, game.plant))
    plant, capacity = game.plant[order], game.capacity[order]
    first = np.concatenate(([True], plant[1:] != plant[:-1])) if plant.size else np.zeros(0, np.bool_)
    whole = np.where(np.isinf(capacity), 0.0, capacity)
    before = np.where(first, 0.0, np.roll(whole, 1))  # of the two blocks of a plant; a sum over plants loses digits
    output = np.empty(plant.size)
    output[order] = np.clip(result.output_kt[plant] - before, 0.0, capacity)
    price, trade = float(result.price_per_t), float(result.imports_kt)
    total = float(output.sum())
    least = 1e-300 if game.isoelastic else 1e-6 * game.first
    # A price far below the choke price holds no more digits than that has.
    above = 0.0 if game.isoelastic else 1e-6 * (game.first / game.second - float(game.cost.min(initial=0.0)))
    return _Stated(
        price=price,
        slope=float(result.perceived_slope_per_kt),
        output=output,
        sold=game.by_unit(output),
        trade=trade,
        multiplier=float(result.multiplier_per_t),
        price_scale=float(np.max([abs(price), above, 1e-300])),
        size=float(np.max([total + abs(trade), least])),
    )


def _worst(*values: Floats | float) -> float:
    """Return the largest of numbers and arrays, not a number where one is none, at least 0."""
    return float(np.max([np.max(value, initial=0.0) for value in values]))


def _beyond(result: MarketEquilibrium, game: Game, stated: _Stated) -> float:
    """Return the largest output below 0 or beyond what a plant's blocks hold, relative to the market's size."""
    room = np.bincount(game.plant, game.capacity, result.output_kt.size)
    return _worst(-result.output_kt, result.output_kt - room) / stated.size


def _off_demand(game: Game, demand: ResidualDemand, stated: _Stated) -> float:
    """Return how far price and quantity lie from demand.

    At a world price both must hold. Elsewhere trade is given, and one of the two holds few digits where demand hardly
    answers the price, or answers it a great deal: the nearer counts.
    """
    total = float(stated.output.sum())
    used = game.first * stated.price**-game.second if game.isoelastic else game.first - game.second * stated.price
    balance = abs(used - total - stated.trade) / stated.size
    price = abs(demand.at(total)[0] - stated.price) / stated.price_scale
    world = np.abs(np.append(game.tranche_price, game.floor) - stated.price) <= 1e-12 * abs(stated.price)
    return float(np.maximum(price, balance) if world.any() else np.minimum(price, balance))


def _off_trade(game: Game, stated: _Stated) -> float:
    """Return by how much trade differs from what world prices allow, and from what buyers use beyond sales."""
    near = 1e-12 * abs(stated.price)
    if game.rise > 0.0 and stated.price >= game.rise_from:
        return abs(stated.trade - game.rise * (stated.price - game.rise_from)) / stated.size
    surely = float(game.tranche_kt[game.tranche_price < stated.price - near].sum())
    possibly = float(game.tranche_kt[game.tranche_price <= stated.price + near].sum())
    least = -np.inf if stated.price <= game.floor + near else surely
    return _worst(stated.trade - possibly, least - stated.trade) / stated.size


def _off_slope(game: Game, demand: ResidualDemand, stated: _Stated) -> float:
    """Return how far the slope seen lies outside those on either side, relative to the larger.

    On isoelastic demand a slope follows from the quantity or from the price: one of the two holds few digits where
    demand hardly answers the price, as for demand itself, and the nearer counts.
    """
    _, before, after = demand.at(float(stated.output.sum()))
    sides = [np.array([before, after])]
    if game.isoelastic and stated.price > 0.0:
        along = stated.price ** (1.0 + game.second) / (game.second * game.first)
        if game.rise > 0.0 and stated.price > game.rise_from:
            along = 1.0 / (1.0 / along + game.rise)
        sides.append(np.where(sides[0] > 0.0, along, sides[0]))
    gaps = [
        _worst(pair.min() - stated.slope, stated.slope - pair.max())
        / float(np.max([pair.max(), abs(stated.slope), 1e-300]))
        for pair in sides
    ]
    return float(np.min(gaps))


def _off_cap(game: Game, stated: _Stated) -> float:
    """Return by how much capped sales exceed the cap, or its multiplier is one that it does not earn."""
    held, value = float(stated.sold[game.limited].sum()), stated.multiplier / stated.price_scale
    if not np.any(game.limited):
        return abs(value)
    return _worst((held - game.cap) / stated.size, -value, np.minimum(value, (game.cap - held) / stated.size))


def _off_margins(game: Game, stated: _Stated) -> float:
    """Return the largest gain or loss a tonne that marginal revenue leaves on a block, relative to the price."""
    conduct = np.where(np.isnan(game.theta), 0.0, game.theta)
    revenue = stated.price - conduct * stated.slope * stated.sold - np.where(game.limited, stated.multiplier, 0.0)
    rising = np.where(game.scale > 0.0, (stated.output / game.scale) ** (1.0 / game.exponent), 0.0)
    gap = revenue[game.unit] - game.cost - rising
    tiny = 1e-13 * stated.size
    wrong = np.where(stated.output < game.capacity - tiny, gap, 0.0)
    wrong = np.maximum(wrong, np.where(stated.output > tiny, -gap, 0.0))
    return _worst(np.where(game.unit == game.leader, 0.0, wrong)) / stated.price_scale


def _off_owners(result: MarketEquilibrium, question: Asked) -> tuple[float, float]:
    """Return how far owners' output and profit lie from the sums over their plants, relative to output and turnover."""
    game, made, count = question.game, result.output_kt, len(question.game.owners)
    rise = np.where(question.scale > 0.0, question.scale, 1.0)
    power = 1.0 + 1.0 / question.exponent
    spent = question.cash * made + np.where(question.scale > 0.0, rise * (made / rise) ** power / power, 0.0)

    def by_owner(values: Floats) -> Floats:
        return np.bincount(game.owner_of_plant, values, count).astype(np.float64)

    profit = by_owner(result.price_per_t * made - spent) / 1000.0
    turnover = by_owner(np.abs(result.price_per_t * made) + np.abs(spent)) / 1000.0
    output = by_owner(made)
    return (
        _worst(np.abs(result.owner_output_kt - output) / np.maximum(output, 1e-300)),
        _worst(np.abs(result.owner_profit_m - profit) / np.maximum(turnover, 1e-300)),
    )


def _uniqueness(
    game: Game, demand: ResidualDemand, stated: _Stated, equilibria: int, ahead: float | None
) -> Uniqueness:
    """Say what is known: strict monotonicity proves a unique answer, a corner held by several owners many."""
    if equilibria > 1:
        return "several"
    if ahead is not None:
        curved = game.isoelastic or bool(np.any(game.scale > 0.0))
        return "proven" if ahead > 1e-12 and not curved else "unknown"
    _, before, after = demand.at(float(stated.output.sum()))
    holding = np.count_nonzero((game.theta > 0.0) & (stated.sold > 0.0))
    if before < after and before < stated.slope < after and holding > 1:
        return "several"
    strategic = bool(np.any(game.theta > 0.0))
    if game.isoelastic and strategic and game.cost.size and float(game.cost.min()) < 0.0:
        return "unknown"
    return "proven"
