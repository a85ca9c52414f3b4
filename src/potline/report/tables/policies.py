"""What each policy does, as a table."""

from __future__ import annotations

__all__ = ["policy_effects_table"]

from collections.abc import Sequence
from typing import TYPE_CHECKING

from potline.report.table import Table, code, col, table_of

if TYPE_CHECKING:
    from potline.shutdown import PolicyEffect


def policy_effects_table(effects: Sequence[PolicyEffect], currency: str) -> Table:
    """Return one row a policy, without and with it."""
    cur, unit = currency.lower(), f"{currency}/t"
    return table_of(
        effects,
        [
            col("policy", "", lambda effect: effect.policy),
            code("kind", lambda effect: effect.kind),
            col("in_force", "", lambda effect: effect.in_force),
            col("plants", "", lambda effect: effect.plants),
            col("capacity_kt", "kt/year", lambda effect: effect.capacity_kt),
            col(
                "net_cash_cost_without_{cur}_per_t",
                unit,
                lambda effect: effect.net_cost_without_per_t,
            ),
            col("net_cash_cost_with_{cur}_per_t", unit, lambda effect: effect.net_cost_with_per_t),
            col(
                "stopping_price_without_{cur}_per_t",
                unit,
                lambda effect: effect.stop_without_per_t,
            ),
            col("stopping_price_with_{cur}_per_t", unit, lambda effect: effect.stop_with_per_t),
            col("under_water_without_kt", "kt/year", lambda effect: effect.under_water_without_kt),
            col("under_water_with_kt", "kt/year", lambda effect: effect.under_water_with_kt),
        ],
        said="policies.policy_effects",
        cur=cur,
        unit=unit,
    )
