"""The table of a state: the lines that are not where their prices have them."""

from __future__ import annotations

__all__ = ["state_tables"]

import numpy as np

from potline.report.table import Table, col, table_of
from potline.shutdown import ObservedState


def state_tables(state: ObservedState) -> list[Table]:
    """Return one row a plant concerned, most not explained first, then by idle tonnes; no table where there is none."""
    industry, owners = state.industry, state.industry.plant_owners
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"
    less, below = state.not_explained_per_t, state.below
    concerned: list[int] = np.flatnonzero((less > 0.0) | below).tolist()
    if not concerned:
        return []
    concerned.sort(key=lambda j: (-float(less[j]), -float(state.idle_kt[j] * below[j])))
    found = table_of(
        concerned,
        [
            col("plant", "", lambda j: industry.plants[j].name),
            col("owner", "", lambda j: owners[j]),
            col("running_kt", "kt/year", lambda j: float(state.running_kt[j])),
            col("idle_kt", "kt/year", lambda j: float(state.idle_kt[j])),
            col("stopping_price_quoted_{cur}_per_t", unit, lambda j: industry.with_vat(float(state.stop_per_t[j]))),
            col("restart_price_quoted_{cur}_per_t", unit, lambda j: industry.with_vat(float(state.restart_per_t[j]))),
            col("not_explained_{cur}_per_t", unit, lambda j: float(less[j])),
        ],
        said="state.state",
        cur=cur,
        unit=unit,
    )
    return [found]
