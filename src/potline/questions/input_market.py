"""The market of the shared input: what it costs, whether imports pay, and what customs counted."""

from __future__ import annotations

__all__ = ["INPUT_MARKET"]

from collections.abc import Iterator

from potline.answers import Answers, there
from potline.equilibrium.alumina_result import AluminaResult
from potline.report.figure import Figure
from potline.report.html import paragraph
from potline.report.question import Question
from potline.report.sections.markets import input_block
from potline.report.source import model_source
from potline.report.table import Table
from potline.report.tables.chain import imports_table, refinery_table
from potline.report.words import listing

_SERIES = ("alumina_imports", "alumina_fob", "cny_per_usd", "alumina_freight")


def _tables(market: AluminaResult, answers: Answers) -> Iterator[Table]:
    yield refinery_table(market)
    if answers.imports is not None:
        yield imports_table(answers.imports, answers.case.industry)


def _figures(market: AluminaResult, answers: Answers) -> Iterator[Figure]:
    from potline.report.figures.alumina import imports_figure, parity_figure, refinery_figure

    case, model = answers.case, model_source(answers.case)
    if answers.imports is not None and answers.imports.months:
        named = ";".join(series.source for series in case.series if series.name.startswith(_SERIES))
        names = sorted({name.strip() for name in named.split(";") if name.strip()})
        source = f"customs and prices abroad: sources {listing(names, most=8)}; model: {model}"
        product = there(case.industry.alumina).product
        yield imports_figure(answers.imports, product=product, source=source)
        yield parity_figure(
            answers.imports, product=product, currency=case.currency, vat_rate=case.industry.vat_rate, source=source
        )
    yield refinery_figure(market, source=model)


def _chapter(answers: Answers) -> str:
    market = answers.case.industry.alumina
    return "Alumina" if market is None or market.product == "alumina" else "Inputs"


INPUT_MARKET: Question[AluminaResult] = Question(
    answer=lambda answers: there(answers.alumina),
    tables=_tables,
    figures=_figures,
    chapter=_chapter,
    block=lambda _, parts: input_block(parts),
    otherwise=lambda _: paragraph("The case holds no market of a shared input."),
)
