"""Tables of the shared input: suppliers, and imports by month."""

from __future__ import annotations

__all__ = ["imports_table", "supplier_table"]

from potline.equilibrium.input_market import InputMarketResult
from potline.evidence import InputImports
from potline.industry import Industry
from potline.report.table import Table, col, table_of


def supplier_table(market: InputMarketResult) -> Table:
    """Return one row a supplier, cheapest first."""
    cur, unit = market.industry.currency.lower(), f"{market.industry.currency}/t"
    order = sorted(range(len(market.suppliers)), key=lambda place: float(market.cash_cost_per_t[place]))
    return table_of(
        order,
        [
            col("supplier", "Supplier", "", lambda place: market.suppliers[place]),
            col("province", "Province", "", lambda place: market.governments[place]),
            col("capacity_kt", "Capacity", "kt/year", lambda place: float(market.capacity_kt[place])),
            col("output_kt", "Output", "kt/year", lambda place: float(market.output_kt[place])),
            col("operating_rate", "Operating rate", "share", lambda place: float(market.operating_rate[place]), 2),
            col(f"cash_cost_{cur}_per_t", "Cash cost", unit, lambda place: float(market.cash_cost_per_t[place])),
        ],
        name="suppliers",
        title=f"Suppliers at the model's price, cash cost delivered, {unit} without VAT.",
    )


def imports_table(imports: InputImports, industry: Industry) -> Table:
    """Return one row a month of landing."""
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"
    product = industry.input_market.product if industry.input_market is not None else "input"
    return table_of(
        imports.months,
        [
            col("month", "Landing", "", lambda month: month.month),
            col("fob_month", "Bought", "", lambda month: month.fob_month),
            col("fob_usd_per_t", "FOB", "USD/t", lambda month: month.fob_usd_per_t),
            col("fob_low_usd_per_t", "FOB low", "USD/t", lambda month: month.fob_low),
            col("fob_high_usd_per_t", "FOB high", "USD/t", lambda month: month.fob_high),
            col("fob_standing", "FOB is", "", lambda month: month.fob_standing),
            col(f"parity_quoted_{cur}_per_t", "Landed parity", unit, lambda month: month.parity_with_vat_per_t),
            col(f"price_quoted_{cur}_per_t", "Domestic price, model", unit, lambda month: month.price_with_vat_per_t),
            col(f"gap_quoted_{cur}_per_t", "Gap", unit, lambda month: month.gap_with_vat_per_t),
            col("imports_kt_per_month", "Imports, model", "kt/month", lambda month: month.imports_kt),
            col("imports_low_kt_per_month", "Low", "kt/month", lambda month: month.imports_low),
            col("imports_high_kt_per_month", "High", "kt/month", lambda month: month.imports_high),
            col("customs_kt_per_month", "Customs", "kt/month", lambda month: month.customs_kt),
            col("error_kt_per_month", "Error", "kt/month", lambda month: month.error_kt),
            col("scored", "Scored", "", lambda month: month.scored),
        ],
        name="input_imports",
        title=f"Imports of {product} by month of landing; parity and price in {unit} with VAT, as quoted. Months whose "
        "price abroad is derived are not scored.",
    )
