"""Tables of stopping prices: every plant, and owners' averages."""

from __future__ import annotations

__all__ = ["stops_table"]

import numpy as np

from potline.report.table import Column, Table
from potline.shutdown import COMPONENTS, StoppingPrices


def stops_table(stops: StoppingPrices) -> Table:
    """Return one row a plant, lowest stopping price first, with its waterfall."""
    industry = stops.industry
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"
    order: list[int] = np.argsort(stops.p_stop_per_t, kind="stable").tolist()
    components = {name: stops.waterfall.component(name) for name in COMPONENTS}
    rows = tuple(
        (
            stops.plants[j],
            industry.owner(industry.plants[j].firm),
            industry.plants[j].government,
            industry.plants[j].capacity_kt,
            industry.plants[j].running_kt,
            float(stops.gross_cash_cost_per_t[j]),
            *(-float(components[name][j]) for name in COMPONENTS),
            float(stops.p_stop_per_t[j]),
            float(stops.p_restart_per_t[j]),
            float(stops.p_exit_per_t[j]),
            industry.with_vat(float(stops.p_stop_per_t[j])),
            industry.with_vat(float(stops.p_restart_per_t[j])),
            stops.behaviour[j],
        )
        for j in order
    )
    return Table(
        name="stopping_prices",
        title=f"Stopping, restart and exit price of every plant, {unit} without VAT unless the column says quoted.",
        columns=(
            Column(name="plant", label="Plant"),
            Column(name="owner", label="Owner"),
            Column(name="province", label="Province"),
            Column(name="capacity_kt", label="Capacity", unit="kt/year"),
            Column(name="running_kt", label="Running", unit="kt/year"),
            Column(name=f"gross_cash_cost_{cur}_per_t", label="Gross cash cost", unit=unit),
            *(Column(name=f"{name}_{cur}_per_t", label=name.replace("_", " "), unit=unit) for name in COMPONENTS),
            Column(name=f"stopping_price_{cur}_per_t", label="Stops below", unit=unit),
            Column(name=f"restart_price_{cur}_per_t", label="Restarts above", unit=unit),
            Column(name=f"exit_price_{cur}_per_t", label="Closes below", unit=unit),
            Column(name=f"stopping_price_quoted_{cur}_per_t", label="Stops below, quoted", unit=unit),
            Column(name=f"restart_price_quoted_{cur}_per_t", label="Restarts above, quoted", unit=unit),
            Column(name="behaviour", label="At the stopping price it"),
        ),
        rows=rows,
    )
