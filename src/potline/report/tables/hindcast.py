"""A meeting of the past: what happened beside what the model says, in words and as a table."""

from __future__ import annotations

__all__ = ["decision_words", "hindcast_lines", "hindcast_table"]

import math
from collections.abc import Sequence

from potline.evidence.hindcast import Comparison, Hindcast
from potline.report.table import Table, col, table_of
from potline.report.words import amount, counted, listing, money_m, percent, signed, some

_DECISIONS = {"none": "no agreement", "pledge": "a pledge", "mandate": "an order of the state"}


def decision_words(found: Hindcast) -> str:
    """Return what was decided, in a word or two."""
    return _DECISIONS[found.outcome.decision]


def hindcast_lines(found: Hindcast) -> list[str]:
    """Say what happened, what the model says, where they differ and what would have to be otherwise."""
    count = len(found.comparisons)
    alone = " by themselves" if found.outcome.decision == "mandate" else ""
    differ = f" and differs on: {listing(list(found.differ))}." if found.differ else "."
    lines = [
        f"What happened: {decision_words(found)}. {found.outcome.summary}".strip(),
        f"The model with the inputs of the date: {found.meeting.verdict}{alone}{_by(found)}. It agrees with what "
        f"happened on {count - len(found.differ)} of {counted(count, 'question')}{differ}",
    ]
    lines += [line for item in found.comparisons if (line := _sentence(found, item))]
    agreed = found.comparison("agreed")
    if agreed is not None and not agreed.agrees:
        lines.append(_what_would_turn(found))
    if found.mandated is not None and found.mandated.losers:
        lines.append(f"Of those under the order {listing(found.mandated.losers)} lose by it.")
    return lines


def hindcast_table(found: Sequence[Hindcast]) -> Table:
    """Return one row a question of each meeting."""
    return table_of(
        [(item, one) for item in found for one in item.comparisons],
        [
            col("case", "Case", "", lambda row: row[0].title),
            col("date", "Date", "", lambda row: row[0].date),
            col("question", "Question", "", lambda row: row[1].topic),
            col("happened", "What happened", "", lambda row: _happened(*row)),
            col("model", "Model", "", lambda row: _model(*row)),
            col("model_low", "Low", "", lambda row: row[1].low),
            col("model_high", "High", "", lambda row: row[1].high),
            col("unit", "Unit", "", lambda row: row[1].unit),
            col("status", "Status", "", lambda row: "agrees" if row[1].agrees else "differs"),
        ],
        name="hindcast",
        title="What happened beside what the model says with the inputs of the date.",
    )


def _by(found: Hindcast) -> str:
    margin = found.meeting.margin_m_per_year
    return "" if math.isnan(margin) else f", margin {money_m(margin, found.currency)} a year"


def _happened(found: Hindcast, item: Comparison) -> str:
    if item.topic == "agreed":
        return decision_words(found)
    if item.topic == "made before":
        return percent(item.happened)
    if item.topic == "kept for the term":
        return f"kept {amount(item.happened)} of {amount(found.term_months)} months"
    return amount(item.happened)


def _model(found: Hindcast, item: Comparison) -> str:
    if item.topic == "agreed":
        return found.meeting.verdict
    if item.topic == "made before":
        return percent(item.model)
    if item.topic == "kept for the term":
        return f"{percent(item.model)} chance of a restart within it"
    return amount(item.model)


def _sentence(found: Hindcast, item: Comparison) -> str:
    if item.topic == "made before" and found.proposed is not None:
        new = some(float(found.proposed.cut_kt.sum()), "what was announced")
        before = f"{percent(item.happened)} were reported as made before"
        return (
            f"Of the cuts announced by name {percent(item.model)} stand idle in the case anyway ({before}): they "
            f"change nothing. The rest, {new}, comes to: {found.proposed.verdict}, at "
            f"{money_m(found.proposed.margin_m_per_year, found.currency)} a year."
        )
    if item.topic == "restart price":
        spread = (
            "" if item.low != item.low else f" ({amount(item.low)} to {amount(item.high)} over the range of its cost)"
        )
        return (
            f"Idle lines of those present come back at {amount(item.model)} {item.unit} or more in the model{spread}; "
            f"they came back at {amount(item.happened)}."
        )
    if item.topic == "kept for the term":
        holds = "enforces itself" if found.enforcement.holds else "does not enforce itself"
        return (
            f"From the price of the deal the chance to get there within {amount(found.term_months)} months is "
            f"{percent(item.model)}, and month by month the deal {holds}; it was kept {amount(item.happened)} months."
        )
    return ""


def _what_would_turn(found: Hindcast) -> str:
    turning = [item for item in found.turning if item.turns]
    if turning:
        one = turning[0]
        words = (
            f"The smallest change of one input that turns the verdict: {one.factor} from {amount(one.stated, 3)} to "
            f"{amount(one.value, 3)}, {percent(one.share_of_range)} of the way to the end of its range."
        )
    else:
        words = "No single uncertain input turns the verdict within its stated range"
        words += f" (nearest: {found.turning[0].factor}, {_m(found)})." if found.turning else "."
    enough = found.meeting.obstacles.enough if found.meeting.obstacles else ()
    return words + (f" It turns without {listing(enough)}, taken away together." if enough else "")


def _m(found: Hindcast) -> str:
    return f"{signed(found.turning[0].margin_m_per_year)} m {found.currency} a year"
