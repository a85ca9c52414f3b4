"""Tables of the product's market: without a deal in both allocations, and any one equilibrium."""

from __future__ import annotations

__all__ = ["equilibrium_tables", "market_table"]

from potline.equilibrium import MarketEquilibrium
from potline.evidence import NoDealMarket
from potline.report.table import Column, Table


def equilibrium_tables(result: MarketEquilibrium) -> tuple[Table, Table]:
    """Return owners and plants of one equilibrium."""
    industry = result.industry
    cur, unit, money = industry.currency.lower(), f"{industry.currency}/t", f"m {industry.currency}/year"
    owners = Table(
        name="owners",
        title=f"Owners at {result.price_per_t:,.0f} {unit} without VAT; profit at cash cost, lump sums apart.",
        columns=(
            Column(name="owner", label="Owner"),
            Column(name="output_kt", label="Output", unit="kt/year"),
            Column(name="output_share", label="Share", unit="share", digits=3),
            Column(name=f"profit_m_{cur}_per_year", label="Profit", unit=money),
        ),
        rows=tuple(
            (str(row["owner"]), float(row["output_kt"]), float(row["share"]), float(row["profit_m"]))
            for row in sorted(result.owner_table(), key=lambda row: (-float(row["output_kt"]), str(row["owner"])))
        ),
    )
    plants = Table(
        name="plants",
        title=f"Plants at that price, {unit} without VAT.",
        columns=(
            Column(name="plant", label="Plant"),
            Column(name="owner", label="Owner"),
            Column(name="capacity_kt", label="Capacity", unit="kt/year"),
            Column(name="running_kt", label="Observed running", unit="kt/year"),
            Column(name="output_kt", label="Output", unit="kt/year"),
            Column(name=f"cash_cost_{cur}_per_t", label="Cash cost", unit=unit),
            Column(name=f"profit_m_{cur}_per_year", label="Profit", unit=money),
        ),
        rows=tuple(
            (
                str(row["plant"]),
                str(row["owner"]),
                float(row["capacity_kt"]),
                float(row["running_kt"]),
                float(row["output_kt"]),
                float(row["cash_cost_per_t"]),
                float(row["profit_m"]),
            )
            for row in result.plant_table()
        ),
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
