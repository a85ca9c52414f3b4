"""Tables of the product's market: without a deal in both allocations, and any one equilibrium."""

from __future__ import annotations

__all__ = ["equilibrium_tables", "market_table"]

from potline.equilibrium import MarketEquilibrium
from potline.evidence import NoDealMarket
from potline.report.table import Column, Table, col, table_of


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
    rows = tuple(
        (
            name,
            float(state.running_kt.sum()),
            state.market.quantity_kt,
            state.output_gap_share,
            industry.price_per_t,
            state.market.price_per_t,
            state.price_gap_share,
            state.stopped_kt,
            state.restarted_kt,
            state.market.imports_kt,
            state.holds,
        )
        for name, state in (("as in the case", market.observed), ("idle capacity pro rata", market.pro_rata))
    )
    return Table(
        name="market_without_deal",
        title=f"The market without a deal, prices in {unit} without VAT; held: output within 1 % and price within 0.5 "
        "%.",
        columns=(
            Column(name="allocation", label="Idle lines"),
            Column(name="running_kt", label="Observed running", unit="kt/year"),
            Column(name="output_kt", label="Output", unit="kt/year"),
            Column(name="output_gap", label="Output gap", unit="share", digits=4),
            Column(name=f"observed_price_{cur}_per_t", label="Observed price", unit=unit),
            Column(name=f"price_{cur}_per_t", label="Price", unit=unit),
            Column(name="price_gap", label="Price gap", unit="share", digits=4),
            Column(name="stopped_kt", label="Would stop", unit="kt/year"),
            Column(name="restarted_kt", label="Would restart", unit="kt/year"),
            Column(name="imports_kt", label="Imports", unit="kt/year"),
            Column(name="held", label="Held"),
        ),
        rows=rows,
    )
