"""What a meeting and its share of draws show by themselves."""

from __future__ import annotations

__all__ = ["MEETING_FACES"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.agreement import AgreementShare, MeetingResult
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.saying import called
from potline.report.tables.meeting import meeting_tables
from potline.report.tables.share import draws_table, share_table
from potline.report.verdict import meeting_lines


def _numbers(held: MeetingResult) -> Mapping[str, Any]:
    return {
        "verdict": held.verdict,
        "asked_kt": held.least_cut_kt,
        "margin_m_per_year": held.margin_m_per_year,
        "nearest_group": held.coalition,
        "price_per_t": held.price_per_t,
        "price_with_the_deal_per_t": held.deal_price_per_t,
        "cut_with_no_deal_kt": held.nash_cut_kt,
    }


def _figures(held: MeetingResult) -> Iterator[Figure | None]:
    from potline.report.figures.coalitions import coalition_figure
    from potline.report.figures.meeting import margins_figure, sweep_figure

    for drawn in (margins_figure, coalition_figure, sweep_figure):
        yield drawn(held, source=source_of(held))


def _share_numbers(found: AgreementShare) -> Mapping[str, Any]:
    return {"draws": found.draws, "agreement_share": found.of(), "standard_error_share": found.error_of()}


def _share_figures(found: AgreementShare) -> Iterator[Figure | None]:
    from potline.report.figures.share import share_figure

    yield share_figure(found, rule_words=called("rule", found.rule), source=source_of(found))


MEETING_FACES: dict[str, Face[Any]] = {
    "MeetingResult": Face[MeetingResult](
        numbers=_numbers,
        sentences=lambda held: meeting_lines(held, held.case.currency),
        tables=meeting_tables,
        figures=_figures,
    ),
    "AgreementShare": Face[AgreementShare](
        numbers=_share_numbers,
        tables=lambda found: [share_table(found), draws_table(found, found.case.currency)],
        figures=_share_figures,
    ),
}
