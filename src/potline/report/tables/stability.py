"""Tables of the margin over its inputs: two at a time, one at a time, and over all their ranges."""

from __future__ import annotations

__all__ = ["boundary_table", "map_table", "sensitivity_table", "tornado_table"]

from potline.agreement import MarginSensitivity, StabilityMap, Tornado
from potline.report.table import Column, Table


def map_table(found: StabilityMap, currency: str) -> Table:
    """Return every point of a map: both inputs, margin, verdict and group."""
    cur, money = currency.lower(), f"m {currency}/year"
    return Table(
        name=f"stability_map_{found.leaving}",
        title=f"Margin over {found.first.name} and {found.second.name}: {found.institution}, {found.baseline}, "
        f"{found.leaving}.",
        columns=(
            Column(name="first_input", label=found.first.name, unit=found.first.unit, digits=-1),
            Column(name="second_input", label=found.second.name, unit=found.second.unit, digits=-1),
            Column(name=f"margin_m_{cur}_per_year", label="Margin", unit=money),
            Column(name="verdict", label="Verdict"),
            Column(name="group", label="Group"),
        ),
        rows=tuple(
            (
                float(first),
                float(second),
                float(found.margin_m_per_year[row, column]),
                found.verdict(row, column),
                "; ".join(found.group(row, column)),
            )
            for row, second in enumerate(found.second_values)
            for column, first in enumerate(found.first_values)
        ),
    )


def boundary_table(found: StabilityMap, currency: str) -> Table:
    """Return where agreement begins or ends along each row of a map."""
    cur, money = currency.lower(), f"m {currency}/year"
    return Table(
        name=f"stability_boundary_{found.leaving}",
        title=f"Where agreement begins or ends along {found.first.name}, for each {found.second.name} of the map.",
        note="Each place is narrowed by holding the meeting there. A margin that jumps does not pass through 0.",
        columns=(
            Column(name="second_input", label=found.second.name, unit=found.second.unit, digits=-1),
            Column(name="first_input", label=found.first.name, unit=found.first.unit, digits=-1),
            Column(name="agreement", label="Agreement lies"),
            Column(name=f"margin_m_{cur}_per_year", label="Margin there", unit=money, digits=3),
            Column(name=f"beyond_m_{cur}_per_year", label="just beyond", unit=money, digits=3),
            Column(name="jumps", label="Jumps"),
        ),
        rows=tuple(
            (
                point.second,
                point.first,
                point.agreement,
                point.margin_m_per_year,
                point.beyond_m_per_year,
                point.jumps,
            )
            for point in found.boundary
        ),
    )


def tornado_table(found: Tornado, currency: str) -> Table:
    """Return one row an input: its range, the margin at both ends, and how far it moves in between."""
    cur, money = currency.lower(), f"m {currency}/year"
    return Table(
        name="tornado",
        title=f"Margin with one input moved over its range, all others as in the case: {found.institution}, "
        f"{found.baseline}, {found.leaving}. Ranges of factors without VAT.",
        columns=(
            Column(name="input", label="Input"),
            Column(name="low", label="Low", digits=-1),
            Column(name="high", label="High", digits=-1),
            Column(name="unit", label="Unit"),
            Column(name=f"low_margin_m_{cur}_per_year", label="Margin at low", unit=money),
            Column(name=f"high_margin_m_{cur}_per_year", label="Margin at high", unit=money),
            Column(name=f"least_m_{cur}_per_year", label="Least in the range", unit=money),
            Column(name=f"most_m_{cur}_per_year", label="Most in the range", unit=money),
            Column(name=f"swing_m_{cur}_per_year", label="Swing", unit=money),
            Column(name="turns", label="Turns inside"),
            Column(name="decides", label="Changes the verdict"),
        ),
        rows=tuple(
            (
                row.input.name,
                row.input.low,
                row.input.high,
                row.input.unit,
                row.low_m_per_year,
                row.high_m_per_year,
                row.least_m_per_year,
                row.most_m_per_year,
                row.swing_m_per_year,
                row.turns,
                row.decides,
            )
            for row in found.rows
        ),
    )


def sensitivity_table(found: MarginSensitivity, currency: str) -> Table:
    """Return the Sobol indices of the margin, the largest total first."""
    order = sorted(range(len(found.factors)), key=lambda k: -float(found.total[k]))
    return Table(
        name="sensitivity",
        title="Sobol indices of the margin over the stated ranges: the part of its variance an input accounts for.",
        note=f"{found.draws:,} margins, seed {found.seed}; mean {found.mean_m_per_year:,.0f}, standard deviation "
        f"{found.deviation_m_per_year:,.0f} m {currency} a year. Standard errors from eight scramblings.",
        columns=(
            Column(name="input", label="Input"),
            Column(name="total_index", label="With all it acts through", digits=3),
            Column(name="total_standard_error", label="Standard error", digits=3),
            Column(name="first_index", label="By itself", digits=3),
            Column(name="first_standard_error", label="Standard error", digits=3),
        ),
        rows=tuple(
            (
                found.factors[k],
                float(found.total[k]),
                float(found.total_error[k]),
                float(found.first[k]),
                float(found.first_error[k]),
            )
            for k in order
        ),
    )
