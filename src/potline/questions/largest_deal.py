"""How large a cut would hold, whoever makes it; the question that a meeting is put first."""

from __future__ import annotations

__all__ = ["LARGEST_DEAL", "largest_lines", "largest_tables"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.agreement import TonnageShare, TonnagesThatHold
from potline.answers import Answers, there
from potline.choices import Baseline, Belief
from potline.report.blocks import Blocks, Head, joined, paragraph, subheading, table_block
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.largest_deal import largest_sentences
from potline.report.question import Question
from potline.report.saying import say
from potline.report.sections.meeting import who_block
from potline.report.sections.parts import Parts
from potline.report.source import model_source
from potline.report.standings import data_line
from potline.report.state import state_line
from potline.report.table import Table, json_value
from potline.report.tables.largest_deal import largest_table, sets_table, share_by_tonnage_table
from potline.report.verdict import no_verdict


def largest_tables(found: TonnagesThatHold, answers: Answers) -> Iterator[Table]:
    """Return every set, and, where ranges are drawn, what they make of them."""
    yield sets_table(found)
    if answers.tonnage_share is not None:
        yield share_by_tonnage_table(answers.tonnage_share)
        yield largest_table(answers.tonnage_share)


def _figures(found: TonnagesThatHold, answers: Answers) -> Iterator[Figure]:
    del found
    from potline.report.figures.largest_deal import largest_deal_figure

    if answers.tonnage_share is not None:
        ranges = model_source(answers.case, say("meeting.ranges_as_in_table_factors"))
        yield largest_deal_figure(answers.tonnage_share, source=ranges)


def _share_figures(found: TonnageShare) -> Iterator[Figure]:
    from potline.report.figures.largest_deal import largest_deal_figure

    yield largest_deal_figure(found, source=source_of(found))


def _numbers(found: TonnagesThatHold, answers: Answers) -> Mapping[str, Any]:
    one, alone = found.set_of(), dict(found.nash_cuts)
    named: dict[str, Any] = {
        "largest_cut_that_holds_kt": json_value(one.k_star_kt),
        "largest_cut_reached": one.k_star_belongs,
        "largest_cut_group": list(one.coalition),
        "largest_cut_beyond_cuts_alone_kt": json_value(found.set_of(baseline=Baseline.NASH).k_star_kt),
        "largest_owner": found.largest_owner,
        "largest_owner_cut_alone_kt": alone.get(found.largest_owner, 0.0),
    }
    named |= {f"largest_cut_{leaving}_kt": json_value(found.set_of(leaving=leaving).k_star_kt) for leaving in Belief}
    if answers.tonnage_share is not None:
        share = answers.tonnage_share
        named["share_of_ranges_with_the_cut_asked_for"] = float(share.share[0, Belief.REOPTIMISE.place, 0])
    return named


def largest_lines(found: TonnagesThatHold, answers: Answers) -> Iterator[str]:
    """Say what the data are worth, then the answer in three parts."""
    if data := data_line(answers):
        yield data
    if not found.state.explained:
        yield no_verdict()
        return
    word, meant, alone, span = largest_sentences(found, answers.tonnage_share)
    yield f"{word} {meant}"
    yield alone
    yield span


def _head(found: TonnagesThatHold, answers: Answers) -> Head:
    title = say("largest_deal.would_the_producers_agree", product=answers.case.industry.product)
    if not found.state.explained:
        return Head(title=title, word=say("meeting.no_verdict"), sentence=state_line(found.state))
    word, meant, alone, span = largest_sentences(found, answers.tonnage_share)
    return Head(
        title=title,
        word=word,
        sentence=meant,
        kind="yes" if found.set_of().intervals else "no",
        note=f"{alone} {span}",
    )


def _block(found: TonnagesThatHold, parts: Parts) -> Blocks:
    del found
    shown = parts.table("tonnages_that_hold")
    names = ("institution", "baseline", "leaving", "ranges_kt", "group", "groups")
    return joined(
        who_block(parts),
        subheading(say("largest_deal.heading")),
        paragraph(say("largest_deal.explained")),
        parts.figure("largest_deal"),
        table_block(shown.bare.picked(names)),
        paragraph(say("largest_deal.counted_from"), "note"),
    )


def _shown_numbers(found: TonnagesThatHold) -> Mapping[str, Any]:
    one = found.set_of()
    return {
        "largest_cut_that_holds_kt": one.k_star_kt if one.intervals else 0.0,
        "group": one.coalition,
        "largest_cut_beyond_cuts_alone_kt": found.set_of(baseline=Baseline.NASH).k_star_kt,
        "asked_kt": found.asked_kt,
        "price_per_t": found.case.industry.price_per_t,
    }


def _shown_words(found: TonnagesThatHold) -> list[str]:
    if not found.state.explained:
        return [no_verdict()]
    word, meant, alone, span = largest_sentences(found, None)
    return [f"{word} {meant}", alone, span]


def _share_numbers(found: TonnageShare) -> Mapping[str, Any]:
    low, high = found.quantiles_kt(0.05, 0.95)
    return {
        "draws": found.draws,
        "largest_cut_lowest_of_nine_in_ten_kt": low,
        "largest_cut_highest_of_nine_in_ten_kt": high,
        "asked_kt": found.asked_kt,
        "holds_share": float(found.share[0, Belief.REOPTIMISE.place, 0]),
    }


_FACES: dict[str, Face[Any]] = {
    "TonnagesThatHold": Face[TonnagesThatHold](
        numbers=_shown_numbers, sentences=_shown_words, tables=lambda found: [sets_table(found)]
    ),
    "TonnageShare": Face[TonnageShare](
        numbers=_share_numbers,
        tables=lambda found: [share_by_tonnage_table(found), largest_table(found)],
        figures=_share_figures,
    ),
}

LARGEST_DEAL: Question[TonnagesThatHold] = Question(
    answer=lambda answers: there(answers.tonnages),
    tables=largest_tables,
    figures=_figures,
    numbers=_numbers,
    verdict=largest_lines,
    leads=True,
    head=_head,
    front_figure="largest_deal",
    chapter="The meeting",
    block=_block,
    faces=_FACES,
)
