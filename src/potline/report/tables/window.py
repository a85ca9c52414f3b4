"""Tables of the cuts that would hold at other prices and in other months."""

from __future__ import annotations

__all__ = ["by_month_table", "by_price_table"]

from collections.abc import Sequence
from typing import TYPE_CHECKING

from potline.choices import Baseline, Belief
from potline.report.table import Reading, Table, col, table_of

if TYPE_CHECKING:
    from potline.agreement import TonnageWindow, WindowPoint


def by_price_table(found: TonnageWindow, prices_per_t: Sequence[float]) -> Table:
    """Return what holds at some of the prices of a window."""
    cur = found.case.currency.lower()
    points = [found.at_price(price) for price in prices_per_t]
    return table_of(points, [*_market(found), *_held()], said="window.deal_by_price", cur=cur)


def by_month_table(found: TonnageWindow) -> Table:
    """Return what holds in each month, with the plants that run otherwise than in the case."""
    moved = {month: _plants(found, month) for month in found.case.months}
    named = dict.fromkeys(fact.path for fact in found.case.window if "[" not in fact.path)
    return table_of(
        found.points,
        [
            col("month", "", lambda point: point.month),
            *_market(found),
            col("running_kt", "kt/year", lambda point: point.running_kt),
            col("moved", "", lambda point: "; ".join(moved[point.month])),
            *_held(),
        ],
        said="window.deal_by_month",
        cur=found.case.currency.lower(),
        known=list(named),
    )


def _plants(found: TonnageWindow, month: str) -> dict[str, None]:
    paths = [fact.path for fact in found.case.window if fact.month == month]
    return dict.fromkeys(path.partition("[")[2].partition("]")[0] for path in paths if "[" in path)


def _market(found: TonnageWindow) -> list[Reading[WindowPoint]]:
    industry = found.case.industry
    unit = f"{industry.currency}/t"
    return [
        col("price_quoted_{cur}_per_t", unit, lambda point: industry.with_vat(point.price_per_t)),
        col("to_parity_quoted_{cur}_per_t", unit, lambda point: industry.with_vat(point.headroom_per_t)),
    ]


def _held() -> list[Reading[WindowPoint]]:
    def one(leaving: Belief) -> Reading[WindowPoint]:
        return col(f"{leaving}_kt", "kt/year", lambda point: point.set_of(leaving=leaving).k_star_kt)

    return [
        col("smallest_kt", "kt/year", lambda point: point.set_of().lowest_kt),
        *map(one, Belief),
        col("beyond_cuts_alone_kt", "kt/year", lambda point: point.set_of(baseline=Baseline.NASH).k_star_kt),
        col("group", "", lambda point: "; ".join(point.set_of().coalition)),
    ]
