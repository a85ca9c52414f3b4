"""Tables of the largest cut and of the margin over inputs: two at a time, one at a time, and over all ranges."""

from __future__ import annotations

__all__ = [
    "boundary_table",
    "data_worth_table",
    "map_table",
    "sensitivity_table",
    "tonnage_map_table",
    "tonnage_sensitivity_table",
    "tonnage_tornado_table",
    "tornado_table",
]

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from potline.agreement import MarginSensitivity, StabilityMap, TonnageMap, TonnageSensitivity, TonnageTornado, Tornado
from potline.report.data_worth import worth_of
from potline.report.table import Reading, Table, code, col, table_of

_NO_SHARE = 1e-6
"""An index or its error below this is what margins are computed to, and none."""


def map_table(found: StabilityMap, currency: str) -> Table:
    """Return every point of a map: both inputs, margin, verdict and group."""
    cur, money = currency.lower(), f"m {currency}/year"
    first, second = found.first_values.tolist(), found.second_values.tolist()
    return table_of(
        product(range(len(second)), range(len(first))),
        [
            col("first_input", found.first.unit, lambda at: first[at[1]], -1, label=found.first.name),
            col("second_input", found.second.unit, lambda at: second[at[0]], -1, label=found.second.name),
            col("margin_m_{cur}_per_year", money, lambda at: float(found.margin_m_per_year[at])),
            code("verdict", lambda at: found.verdict(*at)),
            col("group", "", lambda at: "; ".join(found.group(*at))),
        ],
        name=f"stability_map_{found.leaving}",
        said="inputs.stability_map",
        cur=cur,
        first=found.first.name,
        second=found.second.name,
        institution=found.institution,
        baseline=found.baseline,
        leaving=found.leaving,
    )


def boundary_table(found: StabilityMap, currency: str) -> Table:
    """Return where agreement begins or ends along each row of a map."""
    cur, money = currency.lower(), f"m {currency}/year"
    return table_of(
        found.boundary,
        [
            col("second_input", found.second.unit, lambda point: point.second, -1, label=found.second.name),
            col("first_input", found.first.unit, lambda point: point.first, -1, label=found.first.name),
            code("agreement", lambda point: point.agreement),
            col("margin_m_{cur}_per_year", money, lambda point: point.margin_m_per_year, 3),
            col("beyond_m_{cur}_per_year", money, lambda point: point.beyond_m_per_year, 3),
            col("jumps", "", lambda point: point.jumps),
        ],
        name=f"stability_boundary_{found.leaving}",
        said="inputs.stability_boundary",
        cur=cur,
        first=found.first.name,
        second=found.second.name,
    )


def tonnage_map_table(found: TonnageMap) -> Table:
    """Return every point of a map of K*: both inputs, and the largest cut that holds, 0 for none."""
    first, second, k_star = found.first_values.tolist(), found.second_values.tolist(), found.k_star_kt
    return table_of(
        product(range(len(second)), range(len(first))),
        [
            col("first_input", found.first.unit, lambda at: first[at[1]], -1, label=found.first.name),
            col("second_input", found.second.unit, lambda at: second[at[0]], -1, label=found.second.name),
            col("largest_kt", "kt/year", lambda at: float(k_star[at])),
        ],
        said="inputs.tonnage_map",
        first=found.first.name,
        second=found.second.name,
        institution=found.institution,
        baseline=found.baseline,
        leaving=found.leaving,
    )


def tonnage_tornado_table(found: TonnageTornado) -> Table:
    """Return one row an input: its range, K* at both ends, how far it moves, and how often nothing holds."""
    return table_of(
        found.rows,
        [
            col("input", "", lambda row: row.input.name),
            col("low", "", lambda row: row.input.low, -1),
            col("high", "", lambda row: row.input.high, -1),
            code("unit", lambda row: row.input.unit),
            col("low_largest_kt", "kt/year", lambda row: row.low_kt),
            col("high_largest_kt", "kt/year", lambda row: row.high_kt),
            col("swing_kt", "kt/year", lambda row: row.swing_kt),
            col("turns", "", lambda row: row.turns),
            col("nothing_share", "share", lambda row: row.none_share, 3),
        ],
        said="inputs.tonnage_tornado",
        institution=found.institution,
        baseline=found.baseline,
        leaving=found.leaving,
    )


def data_worth_table(found: TonnageTornado) -> Table:
    """Return one row an input: how far it moves the largest cut, how sure it is, and where to replace it."""
    return table_of(
        worth_of(found),
        [
            col("input", "", lambda one: one.input),
            col("swing_kt", "kt/year", lambda one: one.swing_kt),
            code("standing", lambda one: one.standing),
            col("numbers", "", lambda one: one.numbers),
            col("edit_at", "", lambda one: one.edit_at),
            col("source", "", lambda one: one.source),
        ],
        said="inputs.data_worth",
    )


def tornado_table(found: Tornado, currency: str) -> Table:
    """Return one row an input: its range, the margin at both ends, and how far it moves in between."""
    cur, money = currency.lower(), f"m {currency}/year"
    return table_of(
        found.rows,
        [
            col("input", "", lambda row: row.input.name),
            col("low", "", lambda row: row.input.low, -1),
            col("high", "", lambda row: row.input.high, -1),
            code("unit", lambda row: row.input.unit),
            col("low_margin_m_{cur}_per_year", money, lambda row: row.low_m_per_year),
            col("high_margin_m_{cur}_per_year", money, lambda row: row.high_m_per_year),
            col("least_m_{cur}_per_year", money, lambda row: row.least_m_per_year),
            col("most_m_{cur}_per_year", money, lambda row: row.most_m_per_year),
            col("swing_m_{cur}_per_year", money, lambda row: row.swing_m_per_year),
            col("turns", "", lambda row: row.turns),
            col("decides", "", lambda row: row.decides),
        ],
        said="inputs.tornado",
        cur=cur,
        institution=found.institution,
        baseline=found.baseline,
        leaving=found.leaving,
    )


def sensitivity_table(found: MarginSensitivity, currency: str) -> Table:
    """Return the Sobol indices of the margin, the largest total first."""
    return table_of(
        _by_total(found),
        _indices(found),
        said="inputs.sensitivity",
        draws=found.draws,
        seed=found.seed,
        mean_m_per_year=found.mean_m_per_year,
        deviation_m_per_year=found.deviation_m_per_year,
        currency=currency,
    )


def tonnage_sensitivity_table(found: TonnageSensitivity) -> Table:
    """Return the Sobol indices of K*, the largest total first."""
    return table_of(
        _by_total(found),
        _indices(found),
        said="inputs.tonnage_sensitivity",
        draws=found.draws,
        seed=found.seed,
        mean_kt=found.mean_kt,
        deviation_kt=found.deviation_kt,
        none_share=found.none_share,
        leaving=found.leaving,
    )


def _by_total(found: MarginSensitivity | TonnageSensitivity) -> list[int]:
    return sorted(range(len(found.factors)), key=lambda k: -float(found.total[k]))


def _indices(found: MarginSensitivity | TonnageSensitivity) -> list[Reading[int]]:
    def told(values: NDArray[np.float64]) -> Callable[[int], float]:
        return lambda k: 0.0 if abs(values[k]) < _NO_SHARE else float(values[k])

    return [
        code("input", lambda k: found.factors[k]),
        col("total_index", "", told(found.total), 3),
        col("total_standard_error", "", told(found.total_error), 3),
        col("first_index", "", told(found.first), 3),
        col("first_standard_error", "", told(found.first_error), 3),
    ]
