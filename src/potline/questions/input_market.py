"""The market of the shared input: what it costs, whether imports pay, and what customs counted."""

from __future__ import annotations

__all__ = ["INPUT_MARKET"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.answers import Answers, there
from potline.equilibrium.input_market_result import InputMarketResult
from potline.evidence import InputImports
from potline.report.blocks import paragraph
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.question import Question
from potline.report.saying import say
from potline.report.sections.markets import input_block
from potline.report.sections.parts import input_title
from potline.report.source import model_source
from potline.report.table import Table
from potline.report.tables.chain import imports_table, supplier_table

_SERIES = ("imports", "fob", "freight")


def _tables(market: InputMarketResult, answers: Answers) -> Iterator[Table]:
    yield supplier_table(market)
    if answers.imports is not None:
        yield imports_table(answers.imports, answers.case.industry)


def _figures(market: InputMarketResult, answers: Answers) -> Iterator[Figure]:
    from potline.report.figures.input_market import imports_figure, parity_figure, supplier_figure

    case, model = answers.case, model_source(answers.case)
    if answers.imports is not None and answers.imports.months:
        product = there(case.industry.input_market).product
        wanted = (*(f"{product}_{what}" for what in _SERIES), f"{case.currency.lower()}_per_usd")
        named = ";".join(series.source for series in case.series if series.name.startswith(wanted))
        names = sorted({name.strip() for name in named.split(";") if name.strip()})
        source = say("input_market.customs_and_prices_abroad_sources", names=names, model=model)
        yield imports_figure(answers.imports, product=product, source=source)
        yield parity_figure(
            answers.imports, product=product, currency=case.currency, vat_rate=case.industry.vat_rate, source=source
        )
    yield supplier_figure(market, source=model)


def _shown_numbers(market: InputMarketResult) -> Mapping[str, Any]:
    return {
        "price_per_t": market.price_per_t,
        "import_parity_per_t": market.parity_per_t,
        "demand_kt": market.demand_kt,
        "imports_kt": market.imports_kt,
        "operating_share": market.average_operating_rate,
    }


def _shown_figures(market: InputMarketResult) -> Iterator[Figure]:
    from potline.report.figures.input_market import supplier_figure

    yield supplier_figure(market, source=source_of(market))


def _import_numbers(found: InputImports) -> Mapping[str, Any]:
    return {
        "months": len(found.months),
        "lag_months": found.lag_months,
        "customs_mean_kt_per_month": found.mean_customs_kt,
        "mean_error_kt_per_month": found.mean_error_kt,
        "mean_absolute_error_kt_per_month": found.mean_absolute_error_kt,
    }


_FACES: dict[str, Face[Any]] = {
    "InputMarketResult": Face[InputMarketResult](
        numbers=_shown_numbers, tables=lambda market: [supplier_table(market)], figures=_shown_figures
    ),
    "InputImports": Face[InputImports](
        numbers=_import_numbers, tables=lambda found: [imports_table(found, found.case.industry)]
    ),
}

INPUT_MARKET: Question[InputMarketResult] = Question(
    answer=lambda answers: there(answers.input_market),
    tables=_tables,
    figures=_figures,
    chapter=input_title,
    block=lambda _, parts: input_block(parts),
    otherwise=lambda _: paragraph(say("input_market.none_in_the_case")),
    faces=_FACES,
)
