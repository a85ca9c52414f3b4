"""The record, the sources, the method: what was published, what is assumed, what was checked, what is not known."""

from __future__ import annotations

__all__ = ["hindcast_block", "method_block", "record_block", "sources_block"]

import math
from collections.abc import Sequence

from potline.answers import there
from potline.cases.parts import RecordEntry
from potline.plausibility.warning import SHOWN
from potline.report.blocks import Blocks, bullets, details, heading, joined, paragraph, subheading, table_block
from potline.report.catalogue import template
from potline.report.figures.record import with_unit
from potline.report.saying import check_called, each_line, say
from potline.report.sections.parts import Parts
from potline.report.table import Table, col, table_of
from potline.report.tables.hindcast import hindcast_lines
from potline.report.tables.record import record_sentence, why_not
from potline.report.words import listing
from potline.verification import Check, worst


def record_block(parts: Parts) -> Blocks:
    """Say how published numbers and the model compare, and correct what is disputed."""
    record, past = parts.answers.record, parts.answers.hindcast
    if not record.lines:
        return paragraph(say("record.the_case_holds_no_record"))
    disputed = _disputed(parts)
    failed = [
        f"{line.entry.subject} ({line.entry.id}): {why_not(line)}"
        for line in record.lines
        if line.status == "not computed"
    ]
    return joined(
        heading(say("record.published_sentences")) if past is not None else (),
        paragraph(record_sentence(record)),
        parts.figure("record"),
        details(say("record.disputed_claims_corrected", rows=len(disputed.rows)), table_block(disputed))
        if disputed.rows
        else (),
        details(say("record.not_computed_and_why"), bullets(failed)) if failed else (),
    )


def hindcast_block(parts: Parts) -> Blocks:
    """Say what happened, beside the verdict."""
    return joined(
        heading(say("hindcast.heading")),
        *(paragraph(line) for line in hindcast_lines(there(parts.answers.hindcast))),
        table_block(parts.table("hindcast").picked(["question", "happened", "model", "unit", "status"])),
    )


def sources_block(parts: Parts) -> Blocks:
    """List what is assumed with its range, and where numbers come from."""
    case = parts.answers.case
    total = max(len(case.claims), 1)
    assumed = case.claims.standings["assumed"]
    words = say(
        "sources.the_case_rests_on_from", claims=len(case.claims), sources=len(case.sources), assumed=assumed / total
    )
    factors = parts.table("factors").picked(
        ["factor", "operation", "low", "central", "high", "unit", "law", "standing", "note"]
    )
    used = parts.table("sources")
    return joined(
        paragraph(words),
        _warnings(parts),
        table_block(parts.table("standings"), caption=False),
        details(
            say("sources.uncertain_inputs_and_the_ranges", rows=len(factors.rows)), table_block(factors, caption=False)
        )
        if factors.rows
        else (),
        _noise(parts),
        details(say("sources.all_sources"), table_block(used, caption=False)) if used.rows else (),
    )


def _warnings(parts: Parts) -> Blocks:
    """List what is unusual in the case, and say what the list is."""
    found = parts.answers.warnings
    if not found:
        return ()
    more = len(found) - SHOWN
    said = (
        say("page.warnings_about_what_was_read", more=more) if more > 0 else say("page.warnings_about_what_was_read_2")
    )
    return bullets([str(item) for item in found[:SHOWN]]) + paragraph(said, "note")


def _certificates(checks: Sequence[Check]) -> Table:
    """Return one row an answer: how many checks, the worst of them, and what was looked at."""
    answers: dict[str, list[Check]] = {}
    for item in checks:
        answers.setdefault(item.name.partition(":")[0].partition(",")[0], []).append(item)
    return table_of(
        answers.items(),
        [
            col("answer", "", lambda row: check_called(row[0])),
            col("checks", "", lambda row: len(row[1])),
            col("worst_share", "", lambda row: _worst(row[1])),
            col(
                "certificate",
                "",
                lambda row: say("page.holds" if all(item.holds for item in row[1]) else "page.failed"),
            ),
            col("looked_at", "", lambda row: _looked_at(row[1])),
        ],
        said="page.certificates",
    )


def _worst(checks: Sequence[Check]) -> str:
    if worst(item.value for item in checks if not item.tolerance > 0.0):
        return say("page.differs")
    return f"{worst(item.value / item.tolerance for item in checks if item.tolerance > 0.0):.0e}"


def _looked_at(checks: Sequence[Check]) -> str:
    names = dict.fromkeys(check_called(item.name.rpartition(": ")[2]) for item in checks)
    return template("numbers.between_names").join(names)


def method_block(parts: Parts) -> Blocks:
    """Say how, what was checked by separate code, and what the engine does not know."""
    failed = [check_called(item.name) for item in parts.checks if not item.holds]
    words = (
        (
            say("page.every_answer_is_checked_by", checks=len(parts.checks))
            if not failed
            else say("page.every_answer_is_checked_by_2", failed=failed)
        )
        if parts.checks
        else say("page.no_answer_of_this_run")
    )
    table = _certificates(parts.checks)
    manifest = say("page.the_folder_this_page_came")
    return joined(
        bullets(each_line("page.method")),
        paragraph(words),
        table_block(table, caption=False) if table.rows else (),
        subheading(say("page.what_the_engine_does_not")),
        bullets(each_line("page.unknown")),
        details(say("page.words_used"), bullets(each_line("page.words"))),
        paragraph(manifest, "note"),
    )


def _disputed(parts: Parts) -> Table:
    return table_of(
        [line for line in parts.answers.record.lines if line.status == "disputed"],
        [
            col("id", "", lambda line: line.entry.id),
            col("claim", "", lambda line: line.entry.subject),
            col(
                "published",
                "",
                lambda line: with_unit(line.entry.value, line.entry.unit) or _short(line.entry.quote),
            ),
            col("corrected", "", lambda line: _corrected(line.entry)),
            col("model", "", lambda line: with_unit(line.model, line.entry.unit)),
            col("why", "", lambda line: line.entry.note),
        ],
        said="record.disputed",
    )


def _corrected(entry: RecordEntry) -> str:
    if math.isnan(entry.corrected):
        return ""
    if not entry.corrected_low < entry.corrected_high:
        return with_unit(entry.corrected, entry.unit)
    low = with_unit(entry.corrected_low, "share" if entry.unit == "share" else "")
    return say("record.to", low=low, with_unit=with_unit(entry.corrected_high, entry.unit))


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 2].rsplit(" ", 1)[0] + " …"


def _noise(parts: Parts) -> Blocks:
    noise = parts.answers.case.noise
    if not noise.plant_per_t and noise.common_per_t == 0.0:
        return ()
    own = sorted(set(noise.plant_per_t))
    spread = listing([f"{value:,.0f}" for value in own])
    return paragraph(
        say(
            "sources.beside_these_cash_costs_are",
            common_per_t=noise.common_per_t,
            spread=spread,
            currency=parts.currency,
        ),
        "note",
    )
