"""Tables of documented stops: each beside the model, input by input, and those that are not tested."""

from __future__ import annotations

__all__ = ["documented_tables"]

from collections.abc import Iterator
from typing import TYPE_CHECKING

from potline.report.table import Table, code, col, table_of

if TYPE_CHECKING:
    from potline.evidence import DocumentedStops


def documented_tables(found: DocumentedStops) -> Iterator[Table]:
    """Return one row an event, one an event and input, and one an event that is not tested; no empty table."""
    case = found.case
    cur, unit, quoted = case.currency.lower(), f"{case.currency}/t", case.industry.with_vat
    yield table_of(
        found.tests,
        [
            col("event", "", lambda test: test.event.event),
            col("month", "", lambda test: test.event.month),
            code("kind", lambda test: test.event.kind),
            col("ran_kt", "kt/year", lambda test: float(test.running_kt.sum())),
            col("moved_kt", "kt/year", lambda test: test.event.moved_kt),
            col("moved_low_kt", "kt/year", lambda test: test.event.moved_low_kt),
            col("moved_high_kt", "kt/year", lambda test: test.event.moved_high_kt),
            col("price_quoted_{cur}_per_t", unit, lambda test: quoted(test.event.price_per_t)),
            col("price_quoted_low_{cur}_per_t", unit, lambda test: quoted(test.event.price_low_per_t)),
            col("price_quoted_high_{cur}_per_t", unit, lambda test: quoted(test.event.price_high_per_t)),
            col("model_kt", "kt/year", lambda test: test.model_kt),
            col("model_least_kt", "kt/year", lambda test: test.model_least_kt),
            col("model_most_kt", "kt/year", lambda test: test.model_most_kt),
            col("threshold_quoted_{cur}_per_t", unit, lambda test: quoted(test.threshold_per_t)),
            col("gap_{cur}_per_t", unit, lambda test: test.gap_per_t),
            col("together_kt", "kt/year", lambda test: test.together_kt),
            col("together_threshold_quoted_{cur}_per_t", unit, lambda test: quoted(test.together_threshold_per_t)),
            col("agrees", "", lambda test: test.agrees),
            col("could_hardly_fail", "", lambda test: test.could_hardly_fail),
            col("counterfactual", "", lambda test: "; ".join(test.event.otherwise)),
            code("standing", lambda test: test.event.standing),
            col("source", "", lambda test: test.event.source),
            col("note", "", lambda test: test.event.note),
        ],
        said="documented.documented_stops",
        cur=cur,
    )
    pairs = [(test.event.event, one) for test in found.tests for one in test.by_input]
    if pairs:
        yield table_of(
            pairs,
            [
                col("event", "", lambda pair: pair[0]),
                col("input", "", lambda pair: pair[1].input),
                col("low", "", lambda pair: pair[1].low, -1),
                col("high", "", lambda pair: pair[1].high, -1),
                col("low_kt", "kt/year", lambda pair: pair[1].low_kt),
                col("high_kt", "kt/year", lambda pair: pair[1].high_kt),
                col("low_threshold_quoted_{cur}_per_t", unit, lambda pair: quoted(pair[1].low_threshold_per_t)),
                col("high_threshold_quoted_{cur}_per_t", unit, lambda pair: quoted(pair[1].high_threshold_per_t)),
            ],
            said="documented.documented_stops_inputs",
            cur=cur,
        )
    if found.listed:
        yield table_of(
            found.listed,
            [
                col("event", "", lambda event: event.event),
                col("month", "", lambda event: event.month),
                code("kind", lambda event: event.kind),
                col("moved_kt", "kt/year", lambda event: event.moved_kt),
                col("not_tested", "", lambda event: event.not_tested),
                col("source", "", lambda event: event.source),
                col("note", "", lambda event: event.note),
            ],
            said="documented.documented_stops_listed",
        )
