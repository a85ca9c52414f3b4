"""A meeting of the past: what happened beside what the model says, in words and as a table."""

from __future__ import annotations

__all__ = ["decision_words", "hindcast_in_short", "hindcast_lines", "hindcast_table"]

import math
from collections.abc import Sequence

from potline.evidence.hindcast import Comparison, Hindcast
from potline.report.saying import called, coded, say
from potline.report.table import Table, code, col, table_of
from potline.report.words import amount, percent, some


def decision_words(found: Hindcast) -> str:
    """Return what was decided, in a word or two."""
    return called("decision", found.outcome.decision)


def hindcast_in_short(found: Hindcast) -> str:
    """Say what happened, and on how many questions the model agrees with it."""
    count = len(found.comparisons)
    agreeing = count - len(found.differ)
    return say("hindcast.in_short", summary=found.outcome.summary, agreeing=agreeing, asked=count).strip()


def hindcast_lines(found: Hindcast) -> list[str]:
    """Say what happened, what the model says, where they differ and what would have to be otherwise."""
    count = len(found.comparisons)
    alone = " " + say("hindcast.by_themselves") if found.outcome.decision == "mandate" else ""
    named = [coded(name) for name in found.differ]
    differ = " " + say("hindcast.and_differs_on", differ=named) if named else "."
    lines = [
        say("hindcast.what_happened", decision_words=decision_words(found), summary=found.outcome.summary).strip(),
        say(
            "hindcast.the_model_with_the_inputs",
            verdict=found.meeting.verdict,
            alone=alone,
            by=_by(found),
            agreeing=count - len(found.differ),
            asked=count,
            differ=differ,
        ),
    ]
    lines += [line for item in found.comparisons if (line := _sentence(found, item))]
    agreed = found.comparison("agreed")
    if agreed is not None and not agreed.agrees:
        lines.append(_what_would_turn(found))
    if found.mandated is not None and found.mandated.losers:
        lines.append(say("hindcast.of_those_under_the_order", losers=found.mandated.losers))
    return lines


def hindcast_table(found: Sequence[Hindcast]) -> Table:
    """Return one row a question of each meeting."""
    return table_of(
        [(item, one) for item in found for one in item.comparisons],
        [
            col("case", "", lambda row: row[0].title),
            col("date", "", lambda row: row[0].date),
            code("question", lambda row: row[1].topic),
            col("happened", "", lambda row: _happened(*row)),
            col("model", "", lambda row: _model(*row)),
            col("model_low", "", lambda row: row[1].low),
            col("model_high", "", lambda row: row[1].high),
            col("unit", "", lambda row: row[1].unit),
            col("status", "", lambda row: say("hindcast.agrees" if row[1].agrees else "hindcast.differs")),
        ],
        said="hindcast.hindcast",
    )


def _by(found: Hindcast) -> str:
    margin = found.meeting.margin_m_per_year
    return "" if math.isnan(margin) else say("hindcast.margin_a_year", currency=found.currency, margin=margin)


def _happened(found: Hindcast, item: Comparison) -> str:
    if item.topic == "agreed":
        return decision_words(found)
    if item.topic == "made before":
        return percent(item.happened)
    if item.topic == "kept for the term":
        return say("hindcast.kept_of_months", happened=item.happened, term_months=found.term_months)
    return amount(item.happened)


def _model(found: Hindcast, item: Comparison) -> str:
    if item.topic == "agreed":
        return coded(found.meeting.verdict)
    if item.topic == "made before":
        return percent(item.model)
    if item.topic == "kept for the term":
        return say("hindcast.chance_of_a_restart_within", model=item.model)
    return amount(item.model)


def _sentence(found: Hindcast, item: Comparison) -> str:
    if item.topic == "made before" and found.proposed is not None:
        new = some(float(found.proposed.cut_kt.sum()), "what_was_announced")
        before = say("hindcast.were_reported_as_made_before", happened=item.happened)
        return say(
            "hindcast.of_the_cuts_announced_by",
            model=item.model,
            before=before,
            new=new,
            verdict=found.proposed.verdict,
            currency=found.currency,
            margin_m_per_year=found.proposed.margin_m_per_year,
        )
    if item.topic == "restart price":
        spread = (
            "" if item.low != item.low else " " + say("hindcast.to_over_the_range_of", low=item.low, high=item.high)
        )
        return say(
            "hindcast.idle_lines_of_those_present",
            model=item.model,
            unit=item.unit,
            spread=spread,
            happened=item.happened,
        )
    if item.topic == "kept for the term":
        holds = say("hindcast.enforces_itself") if found.enforcement.holds else say("hindcast.does_not_enforce_itself")
        return say(
            "hindcast.from_the_price_of_the",
            term_months=found.term_months,
            model=item.model,
            holds=holds,
            happened=item.happened,
        )
    return ""


def _what_would_turn(found: Hindcast) -> str:
    turning = [item for item in found.turning if item.turns]
    if turning:
        one = turning[0]
        words = say(
            "hindcast.the_smallest_change_of_one",
            factor=one.factor,
            stated=one.stated,
            value=one.value,
            share_of_range=one.share_of_range,
        )
    else:
        words = say("hindcast.no_single_uncertain_input_turns")
        words += " " + say("hindcast.nearest", factor=found.turning[0].factor, m=_m(found)) if found.turning else "."
    enough = found.meeting.obstacles.enough if found.meeting.obstacles else ()
    return say(
        "hindcast.it_turns_without_taken_away" if enough else "hindcast.words",
        words=words,
        enough=[called("obstacle", name) for name in enough],
    )


def _m(found: Hindcast) -> str:
    return say("hindcast.m_a_year", margin_m_per_year=found.turning[0].margin_m_per_year, currency=found.currency)
