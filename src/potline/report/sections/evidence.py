"""The record, the sources, the method: what was published, what is assumed, what was checked, what is not known."""

from __future__ import annotations

__all__ = ["hindcast_block", "method_block", "record_block", "sources_block"]

import math
from collections.abc import Sequence
from html import escape

from potline.answers import there
from potline.cases.parts import RecordEntry
from potline.report.figures.record import with_unit
from potline.report.html import bullets, details, paragraph, subheading, table_block
from potline.report.sections.parts import Parts, joined
from potline.report.table import Table, col, table_of
from potline.report.tables.hindcast import hindcast_lines
from potline.report.tables.record import flexibility_sentence, record_sentence
from potline.report.words import counted, listing, percent
from potline.verification import Check, worst

_UNKNOWN = (
    "Costs of single plants are reconstructions: power, use of inputs and other costs of most are estimates, and "
    "owners know their own better.",
    "Who else was at the table, what was said, and what anybody promised anybody.",
    "Stocks, credit lines, contracts and hedges, which can keep a plant running or stop it for reasons of their own.",
    "Whether provinces would bargain with each other; pressure is one assumed amount a tonne, and its range includes "
    "0.",
    "What happens after the term: the verdict looks once, at one meeting, with the price expected; over time the same "
    "deal is only repeated.",
    "Months in which neither a price abroad nor customs were published: these are left out of every score.",
)
_METHOD = (
    "Cost: inputs times delivered prices, less support a tonne; all money without VAT, shown with VAT where a price "
    "is quoted.",
    "Stopping: optimal switching between running, idle and closed under an uncertain price, plant by plant.",
    "Market: running lines offer at their stopping price, idle lines at their restart price; import parity is the "
    "ceiling.",
    "Meeting: every group of two owners or more; each member's gain inside and outside it; the margin is the worst "
    "test of the best group.",
    "Ranges: scrambled Sobol points over the stated ranges and the errors of plants' costs; eight scramblings give "
    "the error.",
    "Attribution: Shapley averages over the order in which obstacles are removed, so that they add up.",
)


_WORDS = (
    "Cash cost: what a tonne costs in cash, without depreciation and interest; net of support a tonne unless said.",
    "Under water: a line or plant whose cash cost lies above the price. VAT: value added tax, part of a quoted price.",
    "Stopping price, restart price: below the first a plant does best to stop, above the second to come back.",
    "Import parity: what a foreign tonne costs once landed, with freight, duty and tax; a ceiling on the price.",
    "Baseline: what gains are measured against: what runs today, or each owner's own best cut without a deal.",
    "Slack: what a member gains in the deal less what it would gain outside. Margin: the worst test of the best group.",
    "Discount factor: what money a month (a year) from now is worth today; the higher, the more patient.",
    "Core: the divisions of a gain that no group of members would leave for a deal of its own.",
)


def record_block(parts: Parts) -> str:
    """Say how published numbers and the model compare, and correct what is disputed."""
    record, past = parts.answers.record, parts.answers.hindcast
    if not record.lines:
        return paragraph("The case holds no record of published sentences.")
    words = record_sentence(record)
    flexibility = parts.answers.flexibility
    if flexibility is not None:
        words += f" {flexibility_sentence(record, flexibility.at_parity)}"
    disputed = _disputed(parts)
    failed = [
        f"{line.entry.subject} ({line.entry.id}): {line.reason}"
        for line in record.lines
        if line.status == "not computed"
    ]
    return joined(
        "<h3>Published sentences</h3>" if past is not None else "",
        paragraph(words),
        parts.figure("record"),
        details(f"Disputed claims, corrected ({len(disputed.rows)})", table_block(disputed)) if disputed.rows else "",
        details("Not computed, and why", bullets(failed)) if failed else "",
    )


def hindcast_block(parts: Parts) -> str:
    """Say what happened, beside the verdict."""
    return joined(
        "<h3>What happened</h3>",
        *(paragraph(line) for line in hindcast_lines(there(parts.answers.hindcast))),
        table_block(parts.table("hindcast").picked(["question", "happened", "model", "unit", "status"])),
    )


def sources_block(parts: Parts) -> str:
    """List what is assumed with its range, and where numbers come from."""
    case = parts.answers.case
    total = max(len(case.claims), 1)
    assumed = len(case.claims.with_standing("assumed"))
    words = (
        f"The case rests on {counted(len(case.claims), 'number')} from {counted(len(case.sources), 'source')}; "
        f"{percent(assumed / total)} of them are assumed. Each stands in the table of claims with its source, its "
        "words and its range."
    )
    factors = parts.table("factors").picked(
        ["factor", "operation", "low", "central", "high", "unit", "law", "standing", "note"]
    )
    used = parts.table("sources")
    return joined(
        paragraph(words),
        table_block(parts.table("standings"), caption=False),
        details(
            f"Uncertain inputs, and the ranges drawn from ({len(factors.rows)})", table_block(factors, caption=False)
        )
        if factors.rows
        else "",
        _noise(parts),
        details("All sources", table_block(used, caption=False)) if used.rows else "",
    )


def _certificates(checks: Sequence[Check]) -> Table:
    """Return one row an answer: how many checks, the worst of them, and what was looked at."""
    answers: dict[str, list[Check]] = {}
    for item in checks:
        answers.setdefault(item.name.partition(":")[0].partition(",")[0], []).append(item)
    worst_of = "Worst, as a share of what is allowed"
    return table_of(
        answers.items(),
        [
            col("Answer", "Answer", "", lambda row: row[0].replace("_", " ")),
            col("Checks", "Checks", "", lambda row: len(row[1])),
            col(worst_of, worst_of, "", lambda row: _worst(row[1])),
            col(
                "Certificate",
                "Certificate",
                "",
                lambda row: "holds" if all(item.holds for item in row[1]) else "FAILED",
            ),
            col("Looked at", "Looked at", "", lambda row: _looked_at(row[1])),
        ],
        name="certificates",
        title="Certificates",
    )


def _worst(checks: Sequence[Check]) -> str:
    if worst(item.value for item in checks if not item.tolerance > 0.0):
        return "differs"
    return f"{worst(item.value / item.tolerance for item in checks if item.tolerance > 0.0):.0e}"


def _looked_at(checks: Sequence[Check]) -> str:
    return ", ".join(dict.fromkeys(item.name.rpartition(": ")[2] for item in checks))


def method_block(parts: Parts) -> str:
    """Say how, what was checked by separate code, and what the engine does not know."""
    failed = [item.name for item in parts.checks if not item.holds]
    words = (
        "Every answer is checked by code that does not share the solver's. "
        + (
            f"All {len(parts.checks)} checks of this run hold."
            if not failed
            else f"These checks of this run FAILED: {listing(failed)}. Do not rely on what they cover."
        )
        if parts.checks
        else "No answer of this run carries a certificate."
    )
    table = _certificates(parts.checks)
    manifest = (
        "The folder this page came in holds every table as CSV and in one workbook, every figure as PNG and SVG, the "
        "case's own files, and a manifest from which the run can be repeated."
    )
    return joined(
        bullets(_METHOD),
        paragraph(words),
        table_block(table, caption=False) if table.rows else "",
        subheading("What the engine does not know"),
        bullets(_UNKNOWN),
        details("Words used", bullets(_WORDS)),
        f'<p class="note">{escape(manifest)}</p>',
    )


def _disputed(parts: Parts) -> Table:
    return table_of(
        [line for line in parts.answers.record.lines if line.status == "disputed"],
        [
            col("id", "Id", "", lambda line: line.entry.id),
            col("claim", "Claim", "", lambda line: line.entry.subject),
            col(
                "published",
                "As published",
                "",
                lambda line: with_unit(line.entry.value, line.entry.unit) or _short(line.entry.quote),
            ),
            col("corrected", "Corrected", "", lambda line: _corrected(line.entry)),
            col("model", "Model", "", lambda line: with_unit(line.model, line.entry.unit)),
            col("why", "Why", "", lambda line: line.entry.note),
        ],
        name="disputed",
        title="Claims known to be wrong or doubtful: as published, as corrected, and what the model computes.",
    )


def _corrected(entry: RecordEntry) -> str:
    if math.isnan(entry.corrected):
        return ""
    if not entry.corrected_low < entry.corrected_high:
        return with_unit(entry.corrected, entry.unit)
    low = with_unit(entry.corrected_low, "share" if entry.unit == "share" else "")
    return f"{low} to {with_unit(entry.corrected_high, entry.unit)}"


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 2].rsplit(" ", 1)[0] + " …"


def _noise(parts: Parts) -> str:
    noise = parts.answers.case.noise
    if not noise.plant_per_t and noise.common_per_t == 0.0:
        return ""
    own = sorted(set(noise.plant_per_t))
    spread = listing([f"{value:,.0f}" for value in own])
    return paragraph(
        f"Beside these, cash costs are drawn with a common error of {noise.common_per_t:,.0f} and errors of single "
        f"plants of {spread} {parts.currency}/t without VAT (standard deviations, by how well a plant is known).",
        "note",
    )
