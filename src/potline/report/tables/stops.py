"""Tables of stopping prices: every plant, and owners' averages."""

from __future__ import annotations

__all__ = ["stops_table"]

import numpy as np
from numpy.typing import NDArray

from potline.report.saying import called
from potline.report.table import Reading, Table, code, col, table_of
from potline.shutdown import COMPONENTS, NOT_EXPLAINED, StoppingPrices


def stops_table(stops: StoppingPrices) -> Table:
    """Return one row a plant, lowest stopping price first, with its waterfall."""
    industry, plants, owners = stops.industry, stops.industry.plants, stops.industry.plant_owners
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"
    order: list[int] = np.argsort(stops.p_stop_per_t, kind="stable").tolist()
    stop, restart, leave = (
        values.tolist() for values in (stops.p_stop_per_t, stops.p_restart_per_t, stops.p_exit_per_t)
    )
    steps = (*COMPONENTS, NOT_EXPLAINED) if stops.waterfall.not_explained_per_t.any() else COMPONENTS
    return table_of(
        order,
        [
            col("plant", "", lambda j: stops.plants[j]),
            col("owner", "", lambda j: owners[j]),
            col("province", "", lambda j: plants[j].government),
            col("capacity_kt", "kt/year", lambda j: plants[j].capacity_kt),
            col("running_kt", "kt/year", lambda j: plants[j].running_kt),
            col("gross_cash_cost_{cur}_per_t", unit, lambda j: float(stops.gross_cash_cost_per_t[j])),
            *(_component(name, stops.waterfall.component(name), cur, unit) for name in steps),
            col("stopping_price_{cur}_per_t", unit, lambda j: stop[j]),
            col("restart_price_{cur}_per_t", unit, lambda j: restart[j]),
            col("exit_price_{cur}_per_t", unit, lambda j: leave[j]),
            col("stopping_price_quoted_{cur}_per_t", unit, lambda j: industry.with_vat(stop[j])),
            col(
                "restart_price_quoted_{cur}_per_t",
                unit,
                lambda j: industry.with_vat(restart[j]),
            ),
            code("behaviour", lambda j: stops.behaviour[j]),
        ],
        said="stops.stopping_prices",
        cur=cur,
        unit=unit,
    )


def _component(name: str, values: NDArray[np.float64], cur: str, unit: str) -> Reading[int]:
    return col(f"{name}_{cur}_per_t", unit, lambda j: -float(values[j]), label=called("step_column", name))
