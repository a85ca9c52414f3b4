"""Cournot in whole lines: each owner decides how many lines to run."""

from __future__ import annotations

__all__ = ["solve_lines"]

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.avoidable import avoidable_cost
from potline.equilibrium.concepts import Avoidable, CashCost
from potline.equilibrium.cuts import price_scale
from potline.equilibrium.lines_result import LinesEquilibrium
from potline.equilibrium.lines_verify import verify_lines
from potline.errors import CertificateFailed, InputError, Problem
from potline.industry import Industry, LinearDemand, Plant
from potline.numerics.market.lines import best_lines, count_equilibria
from potline.numerics.ties import tied
from potline.reading import Positive, reads, refuse
from potline.verification import Checked, verify

Floats = NDArray[np.float64]
Choices = dict[int, tuple[float, tuple[float, ...]]]

SLACK = 1e-9
MOST_UNITS = 1_000_000
"""Most units of unit_kt in all plants together: the search holds a number or two for each."""


@reads
def solve_lines(industry: Industry, *, avoidable: Avoidable | None = None, unit_kt: Positive = 1.0) -> LinesEquilibrium:
    """Find a Cournot equilibrium in whole lines, and count all of them.

    A plant's running and idle capacity each consist of lines of ``line_kt`` (and one smaller, if a rest remains;
    one line, where the size is not listed). An owner chooses any set of lines; of sets with one total it takes the
    cheapest at avoidable cost, the first plant of the industry where costs tie. The answer maximises the potential
    (:mod:`potline.numerics.market.lines`) and every choice of every owner is then tried against it.

    Args:
        industry: linear demand, steps, and a world price that no choice reaches.
        avoidable: as in :func:`potline.solve`; with StopAndRestart idle lines restart at their restart price.
        unit_kt: every line is a whole number of these.

    Raises:
        InputError: other demand, trade that could bind, or a line that is no whole number of units.
        CertificateFailed: an owner gains by another choice.

    Examples:
        >>> from potline.industry import Plant
        >>> duopoly = Industry(name="duopoly", demand=LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
        ...     plants=tuple(Plant(name=firm, firm=firm, capacity_kt=6.0, line_kt=2.0, other_cost_per_t=1.0)
        ...                  for firm in "AB"))
        >>> result = solve_lines(duopoly)
        >>> result.output_kt.tolist(), result.equilibria
        ([4.0, 2.0], 2)
    """
    demand, avoided = _demand(industry), avoidable_cost(industry, avoidable)
    paper = _paper_costs(industry, avoided)
    choices = [_choices(industry, owner, paper, unit_kt) for owner in industry.owners]
    units = sum(max(item) for item in choices)
    if units > MOST_UNITS:
        needed, hint = f"{MOST_UNITS} units or fewer in all plants together", "Choose a larger unit_kt."
        raise refuse("solve_lines, unit_kt", f"{unit_kt:g}, {units} units", needed, hint)
    _check_trade(industry, demand, units * unit_kt)
    width = max(len(item) for item in choices)
    levels = np.full((len(choices), width), -1, np.int64)
    cost = np.zeros((len(choices), width))
    for i, item in enumerate(choices):
        for k, (size, (spent, _)) in enumerate(sorted(item.items())):
            levels[i, k], cost[i, k] = size, spent
    # Money per unit: a unit is unit_kt t thousand, so cost and price both scale by it.
    intercept, slope = demand.intercept_per_t * unit_kt, demand.slope_per_kt * unit_kt**2
    choice, _ = best_lines(intercept, slope, levels, cost)
    chosen = [int(levels[i, choice[i]]) for i in range(len(choices))]
    price = demand.price_at(sum(chosen) * unit_kt)
    revenue = max(abs(price) * sum(chosen) * unit_kt, 1e-300)
    gain = max(0.0, _largest_gain(demand, choices, chosen, unit_kt)) / revenue
    output = np.zeros(len(industry.plants))
    for i, item in enumerate(choices):
        output += np.array(item[chosen[i]][1])
    owner = [industry.owners.index(name) for name in industry.plant_owners]
    cash = np.array([plant.net_cash_cost_per_t(industry.own_inputs) for plant in industry.plants])
    count = len(industry.owners)
    arrays = (
        output,
        np.bincount(owner, output, count).astype(np.float64),
        np.bincount(owner, output * (price - cash) / 1000.0, count).astype(np.float64),
    )
    for array in arrays:
        array.setflags(write=False)
    result = LinesEquilibrium(
        industry=industry,
        avoidable=avoided,
        unit_kt=unit_kt,
        price_per_t=price,
        output_kt=arrays[0],
        owner_output_kt=arrays[1],
        owner_profit_m=arrays[2],
        equilibria=int(count_equilibria(intercept, slope, levels, cost, SLACK * revenue)),
        gain=gain,
        certificate=Checked(()),
    )
    certificate = verify_lines(result)
    if not certificate.holds:
        raise CertificateFailed(
            f"The answer for {industry.name!r} in whole lines does not pass its check: {certificate.words}. "
            "Please report the case."
        )
    return dataclasses.replace(result, certificate=certificate)


@verify.register
@reads(name="verify")
def _(result: LinesEquilibrium, tolerance: Positive | None = None) -> Checked:
    return verify_lines(result, tolerance or SLACK)


def _demand(industry: Industry) -> LinearDemand:
    if not isinstance(industry.demand, LinearDemand):
        found, needed = type(industry.demand).__name__, "LinearDemand"
        hint = "Whole lines form a potential game under linear demand only."
        raise InputError([Problem(where="demand", found=found, needed=needed, hint=hint)])
    return industry.demand


def _check_trade(industry: Industry, demand: LinearDemand, most_kt: float) -> None:
    trade = industry.trade
    ceiling = min((trade.ceiling_per_t, *(item.price_per_t for item in trade.import_tranches)))
    lowest = demand.price_at(most_kt)
    if ceiling < demand.intercept_per_t or trade.export_floor_per_t > lowest:
        raise InputError(
            [
                Problem(
                    where="trade",
                    found=f"import price {ceiling:g}, export floor {trade.export_floor_per_t:g}",
                    needed=f"none between {lowest:g} and {demand.intercept_per_t:g}, the prices lines can bring about",
                    hint="Remove trade, or use solve(), where lines are divisible.",
                )
            ]
        )


def _paper_costs(industry: Industry, avoidable: Avoidable) -> Floats:
    """Return what running and idle lines of each plant avoid, (2, plants), money/t; equal where equal on paper."""
    if isinstance(avoidable, CashCost):
        cash = [plant.net_cash_cost_per_t(industry.own_inputs) for plant in industry.plants]
        return np.tile(tied(cash, price_scale(industry)), (2, 1))
    both = tied([*avoidable.stop_per_t, *avoidable.restart_per_t], price_scale(industry))
    return both.reshape(2, -1)


def _lines(plant: Plant, idle_kt: float, avoided: Floats) -> list[tuple[float, float]]:
    """Return size and avoidable cost of each line of a plant, running ones first."""
    lines: list[tuple[float, float]] = []
    for size, price in ((plant.running_kt, float(avoided[0])), (idle_kt, float(avoided[1]))):
        if not size > 0.0:
            continue
        line = plant.line_kt if plant.line_kt > 0.0 else size
        whole = math.floor(size / line + 1e-9)
        lines.extend([(line, price)] * whole)
        if size - whole * line > 1e-9 * size:
            lines.append((size - whole * line, price))
    return lines


def _choices(industry: Industry, owner: str, paper: Floats, unit_kt: float) -> Choices:
    """Return, for each total in units, the least cost (money/t times kt) and the output of every plant."""
    nothing = tuple(0.0 for _ in industry.plants)
    found: Choices = {0: (0.0, nothing)}
    for j, (plant, name) in enumerate(zip(industry.plants, industry.plant_owners, strict=True)):
        if name != owner:
            continue
        for size, price in _lines(plant, plant.restartable_kt(industry.availability_share), paper[:, j]):
            units = size / unit_kt
            if not math.isfinite(units) or abs(units - round(units)) > 1e-6 or plant.smooth_cost is not None:
                needed = f"steps, in lines of a whole number of {unit_kt:g} kt/year"
                hint = "Choose a smaller unit_kt."
                where = f"plant {plant.name!r}"
                raise InputError([Problem(where=where, found=f"a line of {size:g} kt/year", needed=needed, hint=hint)])
            for total, (spent, outputs) in list(found.items()):
                more = (spent + price * size, (*outputs[:j], outputs[j] + size, *outputs[j + 1 :]))
                place = total + round(units)
                if place not in found or more[0] < found[place][0] - 1e-12 * abs(more[0]):
                    found[place] = more
    return found


def _largest_gain(demand: LinearDemand, choices: list[Choices], chosen: list[int], unit_kt: float) -> float:
    """Return the most any owner gains by another total, money/t times kt."""
    worst = 0.0
    for i, item in enumerate(choices):
        rest = sum(chosen) - chosen[i]
        profits = {
            size: demand.price_at((rest + size) * unit_kt) * size * unit_kt - spent for size, (spent, _) in item.items()
        }
        worst = max(worst, max(profits.values()) - profits[chosen[i]])
    return worst
