"""Tables of the shared input: refineries, and imports by month."""

from __future__ import annotations

__all__ = ["imports_table", "refinery_table"]

from potline.equilibrium.alumina import AluminaResult
from potline.evidence import AluminaImports
from potline.industry import Industry
from potline.report.table import Column, Table


def refinery_table(market: AluminaResult) -> Table:
    """Return one row a refinery, cheapest first."""
    cur, unit = market.industry.currency.lower(), f"{market.industry.currency}/t"
    order = sorted(range(len(market.refineries)), key=lambda place: float(market.cash_cost_per_t[place]))
    return Table(
        name="refineries",
        title=f"Refineries at the model's price, cash cost delivered, {unit} without VAT.",
        columns=(
            Column(name="refinery", label="Refinery"),
            Column(name="province", label="Province"),
            Column(name="capacity_kt", label="Capacity", unit="kt/year"),
            Column(name="output_kt", label="Output", unit="kt/year"),
            Column(name="operating_rate", label="Operating rate", unit="share", digits=2),
            Column(name=f"cash_cost_{cur}_per_t", label="Cash cost", unit=unit),
        ),
        rows=tuple(
            (
                market.refineries[place],
                market.governments[place],
                float(market.capacity_kt[place]),
                float(market.output_kt[place]),
                float(market.operating_rate[place]),
                float(market.cash_cost_per_t[place]),
            )
            for place in order
        ),
    )


def imports_table(imports: AluminaImports, industry: Industry) -> Table:
    """Return one row a month of landing."""
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"
    return Table(
        name="alumina_imports",
        title=f"Alumina imports by month of landing; parity and price in {unit} with VAT, as quoted. Months whose "
        "price abroad is derived are not scored.",
        columns=(
            Column(name="month", label="Landing"),
            Column(name="fob_month", label="Bought"),
            Column(name="fob_usd_per_t", label="FOB", unit="USD/t"),
            Column(name="fob_low_usd_per_t", label="FOB low", unit="USD/t"),
            Column(name="fob_high_usd_per_t", label="FOB high", unit="USD/t"),
            Column(name="fob_standing", label="FOB is"),
            Column(name=f"parity_quoted_{cur}_per_t", label="Landed parity", unit=unit),
            Column(name=f"price_quoted_{cur}_per_t", label="Domestic price, model", unit=unit),
            Column(name=f"gap_quoted_{cur}_per_t", label="Gap", unit=unit),
            Column(name="imports_kt_per_month", label="Imports, model", unit="kt/month"),
            Column(name="imports_low_kt_per_month", label="Low", unit="kt/month"),
            Column(name="imports_high_kt_per_month", label="High", unit="kt/month"),
            Column(name="customs_kt_per_month", label="Customs", unit="kt/month"),
            Column(name="error_kt_per_month", label="Error", unit="kt/month"),
            Column(name="scored", label="Scored"),
        ),
        rows=tuple(
            (
                month.month,
                month.fob_month,
                month.fob_usd_per_t,
                month.fob_low,
                month.fob_high,
                month.fob_standing,
                month.parity_with_vat_per_t,
                month.price_with_vat_per_t,
                month.gap_with_vat_per_t,
                month.imports_kt,
                month.imports_low,
                month.imports_high,
                month.customs_kt,
                month.error_kt,
                month.scored,
            )
            for month in imports.months
        ),
    )
