"""Tables of the product's market: without a deal in both allocations, and any one equilibrium."""

from __future__ import annotations

__all__ = ["equilibrium_tables", "market_table"]

from potline.equilibrium import MarketEquilibrium
from potline.evidence import NoDealMarket
from potline.report.table import Table, col, table_of


def equilibrium_tables(result: MarketEquilibrium) -> tuple[Table, Table]:
    """Return owners and plants of one equilibrium."""
    industry = result.industry
    cur, unit, money = industry.currency.lower(), f"{industry.currency}/t", f"m {industry.currency}/year"
    owners = table_of(
        sorted(result.owner_table(), key=lambda row: (-float(row["output_kt"]), str(row["owner"]))),
        [
            col("owner", "Owner", "", lambda row: str(row["owner"])),
            col("output_kt", "Output", "kt/year", lambda row: float(row["output_kt"])),
            col("output_share", "Share", "share", lambda row: float(row["share"]), 3),
            col(f"profit_m_{cur}_per_year", "Profit", money, lambda row: float(row["profit_m"])),
        ],
        name="owners",
        title=f"Owners at {result.price_per_t:,.0f} {unit} without VAT; profit at cash cost, lump sums apart.",
    )
    plants = table_of(
        result.plant_table(),
        [
            col("plant", "Plant", "", lambda row: str(row["plant"])),
            col("owner", "Owner", "", lambda row: str(row["owner"])),
            col("capacity_kt", "Capacity", "kt/year", lambda row: float(row["capacity_kt"])),
            col("running_kt", "Observed running", "kt/year", lambda row: float(row["running_kt"])),
            col("output_kt", "Output", "kt/year", lambda row: float(row["output_kt"])),
            col(f"cash_cost_{cur}_per_t", "Cash cost", unit, lambda row: float(row["cash_cost_per_t"])),
            col(f"profit_m_{cur}_per_year", "Profit", money, lambda row: float(row["profit_m"])),
        ],
        name="plants",
        title=f"Plants at that price, {unit} without VAT.",
    )
    return owners, plants


def market_table(market: NoDealMarket) -> Table:
    """Return the market without a deal in both allocations of idle capacity."""
    industry = market.observed.industry
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"
    return table_of(
        [("as in the case", market.observed), ("idle capacity pro rata", market.pro_rata)],
        [
            col("allocation", "Idle lines", "", lambda row: row[0]),
            col("running_kt", "Observed running", "kt/year", lambda row: float(row[1].running_kt.sum())),
            col("output_kt", "Output", "kt/year", lambda row: row[1].market.quantity_kt),
            col("output_gap", "Output gap", "share", lambda row: row[1].output_gap_share, 4),
            col(f"observed_price_{cur}_per_t", "Observed price", unit, lambda _: industry.price_per_t),
            col(f"price_{cur}_per_t", "Price", unit, lambda row: row[1].market.price_per_t),
            col("price_gap", "Price gap", "share", lambda row: row[1].price_gap_share, 4),
            col("stopped_kt", "Would stop", "kt/year", lambda row: row[1].stopped_kt),
            col("restarted_kt", "Would restart", "kt/year", lambda row: row[1].restarted_kt),
            col("imports_kt", "Imports", "kt/year", lambda row: row[1].market.imports_kt),
            col("held", "Held", "", lambda row: row[1].holds),
        ],
        name="market_without_deal",
        title=f"The market without a deal, prices in {unit} without VAT; held: output within 1 % and price within 0.5 "
        "%.",
    )
