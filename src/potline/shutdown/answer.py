"""Check an answer about stopping prices from the industry that it names and the figures that it states."""

from __future__ import annotations

__all__ = ["verify_stopping"]

import dataclasses
import itertools
import math

import numpy as np
from numpy.typing import NDArray

from potline.industry import Industry, PriceProcess
from potline.shutdown.result import StoppingPrices
from potline.shutdown.verify import SwitchingCertificate, verify_switching
from potline.verification import Check

Floats = NDArray[np.float64]
_CLOSE = 1e-9
_TABLES = 1e-7
_STILL = 1e-6
# Subsets of support 1, lump sum 2, switching cost 4, waiting 8 and pressure 16 in which an option is solved.
_SOLVED = [present for present in range(32) if present & 12 == 12]


def verify_stopping(result: StoppingPrices, tolerance: float = 1e-6) -> SwitchingCertificate:
    """Return the certificate of stopping, restart and exit prices, costs and waterfall.

    Costs are read from the plants, not from the compiled industry that was solved. Every price is looked at as
    :func:`potline.shutdown.verify.verify_switching` does, also those behind the waterfall, and its bars are averaged
    over all 120 orders in which five causes can be removed.

    Args:
        result: the answer.
        tolerance: the largest share of a price, or of cost over the discount rate, allowed.
    """
    costs, fall = _Costs(result.industry), result.waterfall
    cost, less, size = _subsets(costs), result.not_explained_per_t, costs.gross.size
    closes = [int(word == "closes for good") for word in result.behaviour] + [-1] * 8 * costs.gross.size
    own = np.stack([result.p_stop_per_t, result.p_restart_per_t, result.p_exit_per_t], axis=1)
    behind = np.moveaxis(fall.thresholds_per_t, 1, 2).reshape(-1, 3)
    idle = result.idle_thresholds_per_t.T
    thresholds = np.concatenate([own, behind, idle])
    running = np.concatenate([costs.running - less, cost[_SOLVED].ravel(), _idle_cost(result, costs)])
    found = _verified(costs, running, thresholds, [*closes, *[-1] * size], tolerance)
    first, rest, last = (found.part(slice(k * size, to and to * size)) for k, to in ((0, 1), (1, 9), (9, None)))
    unit = first.scale_per_t * result.industry.discount_rate
    others = [_words(result), _stated_costs(result, costs, unit), *_bars(result, costs, cost, unit)]
    others += [dataclasses.replace(check, name=f"waterfall, prices behind it: {check.name}") for check in rest.checks]
    if not np.array_equal(own, idle):
        others += [dataclasses.replace(check, name=f"idle lines: {check.name}") for check in last.checks]
    return dataclasses.replace(first, others=tuple(others))


def _idle_cost(result: StoppingPrices, costs: _Costs) -> Floats:
    """Return what running idle lines would cost: where a state is given their own, a part of their plant's."""
    if result.state is None:
        return costs.running
    plants, industry = result.industry.plants, result.industry
    part = costs.running + np.where([plant.lump_sum_pro_rata for plant in plants], 0.0, costs.lump)
    lumpy = (part != costs.running) & (np.array(industry.restartable_kt) > 0.0)
    return np.where((result.not_explained_per_t > 0.0) | lumpy, part, costs.running)


class _Costs:
    """Costs of the plants of an industry, money/t and money per t/y, (J,), and the law of the price."""

    def __init__(self, industry: Industry) -> None:
        plants, own = industry.plants, industry.own_inputs
        self.gross = np.array([plant.gross_cash_cost_per_t(own) for plant in plants])
        self.support = np.array([plant.support_total_per_t for plant in plants])
        self.lump = np.array([plant.lump_sum_per_t for plant in plants])
        self.pressure = np.array([plant.pressure_per_t for plant in plants])
        self.holding = np.array([plant.holding_cost_per_t for plant in plants])
        self.stop = np.array([plant.stop_cost_per_t for plant in plants])
        self.restart = np.array([plant.restart_cost_per_t for plant in plants])
        self.exit = np.array([plant.exit_cost_per_t for plant in plants])
        self.running = self.gross - self.support - self.lump - self.pressure
        self.process = industry.process or PriceProcess(volatility=math.nan)
        self.rho = industry.discount_rate


def _verified(
    costs: _Costs, running: Floats, thresholds: Floats, closes: list[int], tolerance: float
) -> SwitchingCertificate:
    law, every = costs.process, np.ones(running.size)
    often = running.size // costs.gross.size
    held = (np.tile(item, often) for item in (costs.holding, costs.stop, costs.restart, costs.exit))
    names = ("holding_cost", "stop_cost", "restart_cost", "exit_cost")
    return verify_switching(
        running_cost=running,
        **dict(zip(names, held, strict=True)),
        sigma=law.volatility * every,
        drift=law.drift * every,
        kappa=law.kappa * every,
        theta=(math.log(law.mean_price_per_t) if law.kappa > 0.0 else 0.0) * every,
        discount_rate=costs.rho * every,
        thresholds=thresholds,
        closes=np.array(closes),
        tolerance=tolerance,
    )


def _words(result: StoppingPrices) -> Check:
    """Count plants whose name or behaviour is not what the plants and prices say."""
    process = result.industry.process
    still = process is not None and process.volatility <= _STILL and process.drift == process.kappa == 0.0
    wrong = len(result.plants) != len(result.industry.plants)
    for plant, name, word, price in zip(
        result.industry.plants, result.plants, result.behaviour, result.p_stop_per_t.tolist(), strict=False
    ):
        fits = {"never stops": price == 0.0, "goes idle": price > 0.0, "closes for good": price > 0.0}
        fits["constant price"] = still
        wrong += plant.name != name or not fits.get(word, False)
    return Check(name="names and behaviour", value=float(wrong), tolerance=0.0, unit="plants")


def _stated_costs(result: StoppingPrices, costs: _Costs, unit: Floats) -> Check:
    gaps = (result.gross_cash_cost_per_t - costs.gross, result.net_cash_cost_per_t - (costs.gross - costs.support))
    value = float(np.max(np.abs(gaps) / unit))
    return Check(name="cash cost", value=value, tolerance=_CLOSE, method="input by input, from the plants")


def _bars(result: StoppingPrices, costs: _Costs, cost: Floats, unit: Floats) -> tuple[Check, ...]:
    """Return the checks of the waterfall: its bars, their sum, and its two ends."""
    fall = result.waterfall
    free = np.minimum(costs.holding + costs.rho * costs.stop, costs.rho * costs.exit)
    price = cost.copy()
    for present in range(32):
        if present & 12 == 4:
            price[present] = np.maximum(cost[present] - free, 0.0)
    price[_SOLVED] = fall.thresholds_per_t[:, 0]
    bars = np.zeros((5, unit.size))
    for order in itertools.permutations(range(5)):
        present = 0
        for k in order:
            bars[k] += price[present] - price[present | 1 << k]
            present |= 1 << k
    bars /= math.factorial(5)
    ends = (fall.gross_per_t - costs.gross, fall.p_stop_per_t - result.p_stop_per_t)
    gaps = {
        "waterfall: bars": np.abs(fall.components_per_t - bars).max(axis=0),
        "waterfall: sum": np.abs(
            fall.gross_per_t - fall.components_per_t.sum(axis=0) - fall.not_explained_per_t - fall.p_stop_per_t
        ),
        "waterfall: ends": np.max(np.abs(ends), axis=0),
    }
    # With reversion the kernel tabulates again for the bars; its prices hold to 1e-7.
    close = {"waterfall: ends": _TABLES if costs.process.kappa > 0.0 else _CLOSE}
    return tuple(
        Check(name=name, value=float(np.max(gap / unit)), tolerance=close.get(name, _CLOSE))
        for name, gap in gaps.items()
    )


def _subsets(costs: _Costs) -> Floats:
    """Return running cost with each of the 32 subsets of causes present, (32, J); two of them move no cost."""
    cost = np.tile(costs.gross, (32, 1))
    for bit, less in ((1, costs.support), (2, costs.lump), (16, costs.pressure)):
        cost[[present for present in range(32) if present & bit]] -= less
    return cost
