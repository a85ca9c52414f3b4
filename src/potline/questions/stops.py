"""At which price each plant stops and restarts, and why."""

from __future__ import annotations

__all__ = ["STOPS", "ask"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.answers import Answers, there
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.figures.stops import bands_figure, stopping_by_owner_figure, stopping_waterfall_figure
from potline.report.question import Question, Said
from potline.report.saying import say
from potline.report.source import model_source
from potline.report.tables.stops import stops_table
from potline.shutdown import COMPONENTS, NOT_EXPLAINED, StoppingPrices

_SUM_TOLERANCE = 1e-6


def _figures(stops: StoppingPrices, answers: Answers) -> Iterator[Figure | None]:
    case = answers.case
    source = model_source(case)
    yield stopping_waterfall_figure(stops, source=source)
    if case.meeting is not None:
        yield stopping_by_owner_figure(stops, case.meeting.owners, source=source, at=say("stops.at_the_meeting"))
    yield bands_figure(stops, source=source)


def _sentence(stops: StoppingPrices) -> str:
    industry, steps = stops.industry, stops.average_waterfall()
    return say(
        "stops.an_average_running_tonne_costs",
        currency=industry.currency,
        gross_cost=steps["gross_cash_cost"],
        stop=steps["p_stop"],
        stop_quoted=industry.with_vat(steps["p_stop"]),
        running_below_stop_kt=stops.running_below_stop_kt(industry.price_per_t),
    )


def _shown_numbers(stops: StoppingPrices) -> Mapping[str, Any]:
    steps = stops.average_waterfall()
    return {
        "plants": len(stops.plants),
        "mean_cash_cost_per_t": steps["gross_cash_cost"],
        "mean_stopping_price_per_t": steps["p_stop"],
        "price_per_t": stops.industry.price_per_t,
        "running_below_stopping_price_kt": stops.running_below_stop_kt(stops.industry.price_per_t),
    }


_FACE: Face[StoppingPrices] = Face(
    numbers=_shown_numbers,
    sentences=lambda stops: [_sentence(stops)],
    tables=lambda stops: [stops_table(stops)],
    figures=lambda stops: [
        stopping_waterfall_figure(stops, source=source_of(stops)),
        bands_figure(stops, source=source_of(stops)),
    ],
)


def ask(answers: Answers) -> Said:
    """Show at which price each plant of CASE stops and restarts, and why."""
    from potline.shutdown import stopping_prices

    case = answers.case
    result = answers.stops or stopping_prices(case.industry)
    sentence = _sentence(result)
    cur = case.currency.lower()
    names = (
        "plant",
        "province",
        "running_kt",
        f"gross_cash_cost_{cur}_per_t",
        *(f"{name}_{cur}_per_t" for name in (*COMPONENTS, NOT_EXPLAINED)),
        f"stopping_price_{cur}_per_t",
        f"restart_price_{cur}_per_t",
    )
    table = stops_table(result)
    chosen = [name for name in names if name in {column.name for column in table.columns}]
    return Said(sentences=[sentence], tables=[table], columns={table.name: chosen})


STOPS: Question[StoppingPrices] = Question(
    answer=lambda answers: there(answers.stops),
    tables=lambda stops, _: [stops_table(stops)],
    figures=_figures,
    faces={"StoppingPrices": _FACE},
    numbers=lambda stops, answers: {
        "running_below_stopping_price_kt": stops.running_below_stop_kt(answers.case.industry.price_per_t)
    },
)
