"""Tables of the shared input: suppliers, and imports by month."""

from __future__ import annotations

__all__ = ["imports_table", "supplier_table"]

from potline.equilibrium.input_market import InputMarketResult
from potline.evidence import InputImports
from potline.industry import Industry
from potline.report.table import Table, code, col, table_of


def supplier_table(market: InputMarketResult) -> Table:
    """Return one row a supplier, cheapest first."""
    cur, unit = market.industry.currency.lower(), f"{market.industry.currency}/t"
    order = sorted(range(len(market.suppliers)), key=lambda place: float(market.cash_cost_per_t[place]))
    return table_of(
        order,
        [
            col("supplier", "", lambda place: market.suppliers[place]),
            col("province", "", lambda place: market.governments[place]),
            col("capacity_kt", "kt/year", lambda place: float(market.capacity_kt[place])),
            col("output_kt", "kt/year", lambda place: float(market.output_kt[place])),
            col("operating_rate", "share", lambda place: float(market.operating_rate[place]), 2),
            col("cash_cost_{cur}_per_t", unit, lambda place: float(market.cash_cost_per_t[place])),
        ],
        said="input_market.suppliers",
        cur=cur,
        unit=unit,
    )


def imports_table(imports: InputImports, industry: Industry) -> Table:
    """Return one row a month of landing."""
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"
    product = industry.input_market.product if industry.input_market is not None else "input"
    return table_of(
        imports.months,
        [
            col("month", "", lambda month: month.month),
            col("fob_month", "", lambda month: month.fob_month),
            col("fob_usd_per_t", "USD/t", lambda month: month.fob_usd_per_t),
            col("fob_low_usd_per_t", "USD/t", lambda month: month.fob_low),
            col("fob_high_usd_per_t", "USD/t", lambda month: month.fob_high),
            code("fob_standing", lambda month: month.fob_standing),
            col("parity_quoted_{cur}_per_t", unit, lambda month: month.parity_with_vat_per_t),
            col("price_quoted_{cur}_per_t", unit, lambda month: month.price_with_vat_per_t),
            col("gap_quoted_{cur}_per_t", unit, lambda month: month.gap_with_vat_per_t),
            col("imports_kt_per_month", "kt/month", lambda month: month.imports_kt),
            col("imports_low_kt_per_month", "kt/month", lambda month: month.imports_low),
            col("imports_high_kt_per_month", "kt/month", lambda month: month.imports_high),
            col("customs_kt_per_month", "kt/month", lambda month: month.customs_kt),
            col("error_kt_per_month", "kt/month", lambda month: month.error_kt),
            col("scored", "", lambda month: month.scored),
        ],
        said="input_market.input_imports",
        cur=cur,
        product=product,
        unit=unit,
    )
