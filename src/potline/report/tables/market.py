"""Tables of the product's market: without a deal in both allocations, and any one equilibrium."""

from __future__ import annotations

__all__ = ["equilibrium_tables", "market_table"]

from potline.equilibrium import MarketEquilibrium
from potline.evidence import NoDealMarket
from potline.report.saying import say
from potline.report.table import Table, col, table_of


def equilibrium_tables(result: MarketEquilibrium) -> tuple[Table, Table]:
    """Return owners and plants of one equilibrium."""
    industry = result.industry
    cur, unit, money = industry.currency.lower(), f"{industry.currency}/t", f"m {industry.currency}/year"
    owners = table_of(
        sorted(result.owner_table(), key=lambda row: (-float(row["output_kt"]), str(row["owner"]))),
        [
            col("owner", "", lambda row: str(row["owner"])),
            col("output_kt", "kt/year", lambda row: float(row["output_kt"])),
            col("output_share", "share", lambda row: float(row["share"]), 3),
            col("profit_m_{cur}_per_year", money, lambda row: float(row["profit_m"])),
        ],
        said="market.owners",
        cur=cur,
        price_per_t=result.price_per_t,
        unit=unit,
    )
    plants = table_of(
        result.plant_table(),
        [
            col("plant", "", lambda row: str(row["plant"])),
            col("owner", "", lambda row: str(row["owner"])),
            col("capacity_kt", "kt/year", lambda row: float(row["capacity_kt"])),
            col("running_kt", "kt/year", lambda row: float(row["running_kt"])),
            col("output_kt", "kt/year", lambda row: float(row["output_kt"])),
            col("cash_cost_{cur}_per_t", unit, lambda row: float(row["cash_cost_per_t"])),
            col("profit_m_{cur}_per_year", money, lambda row: float(row["profit_m"])),
        ],
        said="market.plants",
        cur=cur,
        unit=unit,
    )
    return owners, plants


def market_table(market: NoDealMarket) -> Table:
    """Return the market without a deal in both allocations of idle capacity."""
    industry = market.observed.industry
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"
    return table_of(
        [(say("market.as_in_the_case"), market.observed), (say("market.idle_capacity_pro_rata"), market.pro_rata)],
        [
            col("allocation", "", lambda row: row[0]),
            col("running_kt", "kt/year", lambda row: float(row[1].running_kt.sum())),
            col("output_kt", "kt/year", lambda row: row[1].market.quantity_kt),
            col("output_gap", "share", lambda row: row[1].output_gap_share, 4),
            col("observed_price_{cur}_per_t", unit, lambda _: industry.price_per_t),
            col("price_{cur}_per_t", unit, lambda row: row[1].market.price_per_t),
            col("price_gap", "share", lambda row: row[1].price_gap_share, 4),
            col("stopped_kt", "kt/year", lambda row: row[1].stopped_kt),
            col("restarted_kt", "kt/year", lambda row: row[1].restarted_kt),
            col("imports_kt", "kt/year", lambda row: row[1].market.imports_kt),
            col("held", "", lambda row: row[1].holds),
        ],
        said="market.market_without_deal",
        cur=cur,
        unit=unit,
    )
