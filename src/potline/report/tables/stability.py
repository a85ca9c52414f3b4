"""Tables of the margin over its inputs: two at a time, one at a time, and over all their ranges."""

from __future__ import annotations

__all__ = ["boundary_table", "map_table", "sensitivity_table", "tornado_table"]

from itertools import product

from potline.agreement import MarginSensitivity, StabilityMap, Tornado
from potline.report.table import Table, col, table_of


def map_table(found: StabilityMap, currency: str) -> Table:
    """Return every point of a map: both inputs, margin, verdict and group."""
    cur, money = currency.lower(), f"m {currency}/year"
    first, second = found.first_values.tolist(), found.second_values.tolist()
    return table_of(
        product(range(len(second)), range(len(first))),
        [
            col("first_input", found.first.name, found.first.unit, lambda at: first[at[1]], -1),
            col("second_input", found.second.name, found.second.unit, lambda at: second[at[0]], -1),
            col(f"margin_m_{cur}_per_year", "Margin", money, lambda at: float(found.margin_m_per_year[at])),
            col("verdict", "Verdict", "", lambda at: found.verdict(*at)),
            col("group", "Group", "", lambda at: "; ".join(found.group(*at))),
        ],
        name=f"stability_map_{found.leaving}",
        title=f"Margin over {found.first.name} and {found.second.name}: {found.institution}, {found.baseline}, "
        f"{found.leaving}.",
    )


def boundary_table(found: StabilityMap, currency: str) -> Table:
    """Return where agreement begins or ends along each row of a map."""
    cur, money = currency.lower(), f"m {currency}/year"
    return table_of(
        found.boundary,
        [
            col("second_input", found.second.name, found.second.unit, lambda point: point.second, -1),
            col("first_input", found.first.name, found.first.unit, lambda point: point.first, -1),
            col("agreement", "Agreement lies", "", lambda point: point.agreement),
            col(f"margin_m_{cur}_per_year", "Margin there", money, lambda point: point.margin_m_per_year, 3),
            col(f"beyond_m_{cur}_per_year", "just beyond", money, lambda point: point.beyond_m_per_year, 3),
            col("jumps", "Jumps", "", lambda point: point.jumps),
        ],
        name=f"stability_boundary_{found.leaving}",
        title=f"Where agreement begins or ends along {found.first.name}, for each {found.second.name} of the map.",
        note="Each place is narrowed by holding the meeting there. A margin that jumps does not pass through 0.",
    )


def tornado_table(found: Tornado, currency: str) -> Table:
    """Return one row an input: its range, the margin at both ends, and how far it moves in between."""
    cur, money = currency.lower(), f"m {currency}/year"
    return table_of(
        found.rows,
        [
            col("input", "Input", "", lambda row: row.input.name),
            col("low", "Low", "", lambda row: row.input.low, -1),
            col("high", "High", "", lambda row: row.input.high, -1),
            col("unit", "Unit", "", lambda row: row.input.unit),
            col(f"low_margin_m_{cur}_per_year", "Margin at low", money, lambda row: row.low_m_per_year),
            col(f"high_margin_m_{cur}_per_year", "Margin at high", money, lambda row: row.high_m_per_year),
            col(f"least_m_{cur}_per_year", "Least in the range", money, lambda row: row.least_m_per_year),
            col(f"most_m_{cur}_per_year", "Most in the range", money, lambda row: row.most_m_per_year),
            col(f"swing_m_{cur}_per_year", "Swing", money, lambda row: row.swing_m_per_year),
            col("turns", "Turns inside", "", lambda row: row.turns),
            col("decides", "Changes the verdict", "", lambda row: row.decides),
        ],
        name="tornado",
        title=f"Margin with one input moved over its range, all others as in the case: {found.institution}, "
        f"{found.baseline}, {found.leaving}. Ranges of factors without VAT.",
    )


def sensitivity_table(found: MarginSensitivity, currency: str) -> Table:
    """Return the Sobol indices of the margin, the largest total first."""
    order = sorted(range(len(found.factors)), key=lambda k: -float(found.total[k]))
    return table_of(
        order,
        [
            col("input", "Input", "", lambda k: found.factors[k]),
            col("total_index", "With all it acts through", "", lambda k: float(found.total[k]), 3),
            col("total_standard_error", "Standard error", "", lambda k: float(found.total_error[k]), 3),
            col("first_index", "By itself", "", lambda k: float(found.first[k]), 3),
            col("first_standard_error", "Standard error", "", lambda k: float(found.first_error[k]), 3),
        ],
        name="sensitivity",
        title="Sobol indices of the margin over the stated ranges: the part of its variance an input accounts for.",
        note=f"{found.draws:,} margins, seed {found.seed}; mean {found.mean_m_per_year:,.0f}, standard deviation "
        f"{found.deviation_m_per_year:,.0f} m {currency} a year. Standard errors from eight scramblings.",
    )
