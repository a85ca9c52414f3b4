"""What each policy does, as a table."""

from __future__ import annotations

__all__ = ["policy_effects_table"]

from collections.abc import Sequence
from typing import TYPE_CHECKING

from potline.report.table import Column, Table

if TYPE_CHECKING:
    from potline.shutdown import PolicyEffect


def policy_effects_table(effects: Sequence[PolicyEffect], currency: str) -> Table:
    """Return one row a policy, without and with it."""
    cur, unit = currency.lower(), f"{currency}/t"
    return Table(
        name="policy_effects",
        title=f"Power price cuts and lump sums, without and with each; averages over the plants reached, {unit} "
        "without VAT.",
        columns=(
            Column(name="policy", label="Policy"),
            Column(name="kind", label="Kind"),
            Column(name="in_force", label="In force"),
            Column(name="plants", label="Plants"),
            Column(name="capacity_kt", label="Capacity", unit="kt/year"),
            Column(name=f"net_cash_cost_without_{cur}_per_t", label="Net cash cost without", unit=unit),
            Column(name=f"net_cash_cost_with_{cur}_per_t", label="with", unit=unit),
            Column(name=f"stopping_price_without_{cur}_per_t", label="Stops below, without", unit=unit),
            Column(name=f"stopping_price_with_{cur}_per_t", label="with", unit=unit),
            Column(name="under_water_without_kt", label="Under water without", unit="kt/year"),
            Column(name="under_water_with_kt", label="with", unit="kt/year"),
        ),
        rows=tuple(
            (
                effect.policy,
                effect.kind,
                effect.in_force,
                effect.plants,
                effect.capacity_kt,
                effect.net_cost_without_per_t,
                effect.net_cost_with_per_t,
                effect.stop_without_per_t,
                effect.stop_with_per_t,
                effect.under_water_without_kt,
                effect.under_water_with_kt,
            )
            for effect in effects
        ),
    )
