"""Check an equilibrium in whole lines: every owner's other totals, the potential of every total, and the count anew."""

from __future__ import annotations

__all__ = ["verify_lines"]

import numpy as np
from numpy.typing import NDArray

from potline.compiled import compile_industry
from potline.equilibrium.concepts import Avoidable, StopAndRestart
from potline.equilibrium.lines_result import LinesEquilibrium
from potline.industry import Industry
from potline.verification import Check, Checked

Floats = NDArray[np.float64]


def verify_lines(result: LinesEquilibrium, slack: float = 1e-9) -> Checked:
    """Return the certificate of an answer in whole lines.

    Each owner's least cost of every total is found anew by adding line after line; the largest potential by adding
    owner after owner; the equilibria are counted total by total from who could stay there.

    Args:
        result: the answer.
        slack: a gain, relative to revenue, up to which a choice still counts as best.
    """
    industry, unit = result.industry, result.unit_kt
    compiled, demand = compile_industry(industry), industry.demand
    fall = demand.price_per_t / (demand.elasticity * demand.quantity_kt)
    choke = demand.price_per_t * (1.0 + 1.0 / demand.elasticity)
    owner, owners = compiled.owner_index, len(compiled.owners)
    lines = _lines(industry, result.avoidable)
    made = result.output_kt
    split, spent = _split(lines, made)
    total = np.bincount(owner, made, owners)
    price = choke - fall * float(made.sum())
    revenue = max(abs(price) * float(made.sum()), 1e-300)
    cash = compiled.net_cash_cost_per_t()[0]
    profit = np.bincount(owner, made * (result.price_per_t - cash), owners) / 1000.0
    turnover = np.bincount(owner, made * (abs(price) + np.abs(cash)), owners) / 1000.0
    least = [
        _least_costs([line for j in np.flatnonzero(owner == i) for line in lines[int(j)]], unit) for i in range(owners)
    ]
    gains = np.zeros(owners)
    for i, costs in enumerate(least):
        size = np.arange(costs.size) * unit
        other = (choke - fall * (float(made.sum()) - total[i] + size)) * size - costs
        now = price * total[i] - float(spent[owner == i].sum())
        gains[i] = float(np.max(other)) - now
    best, count = _potential_and_count(least, unit, choke, fall, slack * revenue)
    whole = float(made.sum())
    reached = choke * whole - 0.5 * fall * whole**2 - 0.5 * fall * float(total @ total) - float(spent.sum())
    gain = float(np.max(gains, initial=0.0)) / revenue
    values = {
        "whole lines": split,
        "demand": abs(result.price_per_t - price) / choke,
        "unilateral gain": gain,
        "gain as stated": abs(result.gain - gain),
        "potential": (best - reached) / revenue,
        "equilibria": float(result.equilibria - count),
        "owner output": float(np.max(np.abs(result.owner_output_kt - total) / np.maximum(total, unit), initial=0.0)),
        "owner profit": float(np.max(np.abs(result.owner_profit_m - profit) / np.maximum(turnover, 1e-300))),
    }
    return Checked(
        tuple(
            Check(name=name, value=abs(value), tolerance=0.0 if name == "equilibria" else slack)
            for name, value in values.items()
        )
    )


def _lines(industry: Industry, avoidable: Avoidable) -> list[list[tuple[float, float]]]:
    """Return size and avoidable cost of each line of each plant: running ones and idle ones."""
    compiled = compile_industry(industry)
    stop = restart = compiled.net_cash_cost_per_t()[0]
    if isinstance(avoidable, StopAndRestart):
        stop, restart = np.array(avoidable.stop_per_t), np.array(avoidable.restart_per_t)
    found: list[list[tuple[float, float]]] = []
    able = compiled.restartable_kt()[0].tolist()
    for j, plant in enumerate(industry.plants):
        mine: list[tuple[float, float]] = []
        for size, cost in ((plant.running_kt, stop[j]), (able[j], restart[j])):
            line = plant.line_kt or size
            left = size
            while left > 1e-9 * max(size, 1.0):
                mine.append((min(line, left), float(cost)))
                left -= line
        found.append(mine)
    return found


def _split(lines: list[list[tuple[float, float]]], made: Floats) -> tuple[float, Floats]:
    """Return how far outputs are from sums of whole lines, relative to the largest, and what they cost at least."""
    wrong, spent = 0.0, np.full(made.size, np.nan)
    for j, mine in enumerate(lines):
        sums = {0.0: 0.0}
        for size, cost in mine:
            for total, paid in list(sums.items()):
                key = round(total + size, 9)
                sums[key] = min(sums.get(key, np.inf), paid + cost * size)
        near = min(sums, key=lambda total: abs(total - made[j]))
        wrong = max(wrong, abs(near - made[j])) if made[j] == made[j] else np.nan
        spent[j] = sums[near]
    return wrong / max(float(np.max(made, initial=0.0)), 1e-300), spent


def _least_costs(lines: list[tuple[float, float]], unit: float) -> Floats:
    """Return the least cost of 0, 1, 2, ... units; inf where lines do not add up to it."""
    units = [round(size / unit) for size, _ in lines]
    costs = np.full(1 + sum(units), np.inf)
    costs[0] = 0.0
    for (size, cost), width in zip(lines, units, strict=True):
        more = np.concatenate([np.full(width, np.inf), costs[: costs.size - width]]) + cost * size
        costs = np.minimum(costs, more)
    return costs


def _potential_and_count(
    least: list[Floats], unit: float, choke: float, fall: float, slack: float
) -> tuple[float, int]:
    """Return the largest potential over all choices, and the number of equilibria."""
    together = np.zeros(1)
    for costs in least:
        own = -0.5 * fall * (np.arange(costs.size) * unit) ** 2 - costs
        both = np.full(together.size + own.size - 1, -np.inf)
        for q in np.flatnonzero(np.isfinite(own)):
            both[q : q + together.size] = np.maximum(both[q : q + together.size], together + own[q])
        together = both
    every = np.arange(together.size) * unit
    count = 0
    for total in range(every.size):
        ways = {0: 1}
        for costs in least:
            ways = _with(ways, _who_stay(costs, total, unit, choke, fall, slack))
        count += ways.get(total, 0)
    return float(np.max(together + choke * every - 0.5 * fall * every**2)), count


def _with(ways: dict[int, int], stays: list[int]) -> dict[int, int]:
    longer: dict[int, int] = {}
    for sold, number in ways.items():
        for q in stays:
            longer[sold + q] = longer.get(sold + q, 0) + number
    return longer


def _who_stay(costs: Floats, total: int, unit: float, choke: float, fall: float, slack: float) -> list[int]:
    """Return the outputs of one owner that are best against what is then left of a total."""
    size = np.arange(costs.size)
    found: list[int] = []
    for q in size[np.isfinite(costs) & (size <= total)]:
        other = (choke - fall * (total - q + size) * unit) * size * unit - costs
        if float(np.max(other)) - float(other[q]) <= slack:
            found.append(int(q))
    return found
