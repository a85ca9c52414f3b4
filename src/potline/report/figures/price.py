"""Price flexibility: what a cut does to the price, against what past cuts did."""

from __future__ import annotations

__all__ = ["flexibility_figure"]

import math
from collections.abc import Sequence

from potline.answers import Flexibility
from potline.evidence import Record
from potline.report.drawings import DotRow, dots
from potline.report.figure import Figure, figure
from potline.report.saying import say
from potline.report.theme import CATEGORIES
from potline.report.words import amount, range_words

_KEY = "price_flexibility"


def flexibility_figure(found: Flexibility, record: Record, *, source: str) -> Figure:
    """Draw the model's price flexibility beside the published ones of the record."""
    published = [
        line.entry for line in record.lines if line.entry.quantity == _KEY and not math.isnan(line.entry.value)
    ]
    groups = (say("market.model"), say("market.published"))
    rows = [
        DotRow(
            label=say("market.model_import_parity_in_place"),
            value=found.at_parity,
            group=groups[0],
            text=amount(found.at_parity, 2),
        ),
        DotRow(
            label=say("market.model_import_ceiling_lifted"),
            value=found.ceiling_lifted,
            group=groups[0],
            text=amount(found.ceiling_lifted, 2),
        ),
        *(
            DotRow(
                label=f"{entry.subject}, {entry.period} ({entry.id})"
                if entry.period
                else f"{entry.subject} ({entry.id})",
                value=entry.value,
                low=entry.low,
                high=entry.high,
                group=groups[1],
                text=range_words(entry.low, entry.high, digits=2),
            )
            for entry in published
        ),
    ]
    most = max([row.value for row in rows] + [row.high or 0.0 for row in rows] + [1.0])
    return figure(
        dots(
            rows,
            x_title=say("market.of_price_per_of_running"),
            groups=groups,
            colours=(CATEGORIES[0], CATEGORIES[1]),
            x_domain=(0.0, 1.1 * most),
            level=None,
            width=360,
            row_height=30,
            label_limit=260,
            text_limit=90,
        ),
        name="price_flexibility",
        title=say("market.what_a_cut_does_to"),
        sentence=_flexibility_words(found, [(entry.low, entry.high) for entry in published]),
        source=source,
        units=say("market.per"),
        width=None,
        height=None,
    )


def _flexibility_words(found: Flexibility, published: Sequence[tuple[float, float]]) -> str:
    """Say what a cut does to the price, beside the published ranges."""
    sentence = say("market.one_per_cent_of_running", at_parity=found.at_parity, ceiling_lifted=found.ceiling_lifted)
    if published:
        low, high = min(low for low, _ in published), max(high for _, high in published)
        below, above = found.at_parity < low, found.at_parity > high
        sentence += say(
            "market.past_cuts_moved_it_by"
            if below
            else ("market.past_cuts_moved_it_by_2" if above else "market.past_cuts_moved_it_by_3"),
            range_words=range_words(low, high, digits=1),
        )
    else:
        sentence += "."
    return sentence
