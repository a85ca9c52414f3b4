"""At which price, and in which month, how large a cut would hold."""

from __future__ import annotations

__all__ = ["WINDOW", "ask"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.agreement import TonnageWindow
from potline.answers import Answers
from potline.answers.windows import prices_around
from potline.choices import IdleBelow, Rule
from potline.questions.quoted import untaxed_price
from potline.report.blocks import Blocks, joined, paragraph, subheading, table_block
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.question import Question, Said
from potline.report.saying import say
from potline.report.sections.parts import Parts
from potline.report.source import model_source
from potline.report.table import Table, json_value
from potline.report.tables.window import by_month_table, by_price_table
from potline.report.window import held_sentence, month_sentences, price_sentence
from potline.verification import Check

Found = tuple[TonnageWindow | None, TonnageWindow | None]
"""By price and by month; None where the case gives none."""

_SHOWN = ("reoptimise_kt", "keep_kt", "respread_kt", "collapse_kt")


def _found(answers: Answers) -> Found:
    return answers.by_price, answers.by_month


def _tables(found: Found, answers: Answers) -> Iterator[Table]:
    by_price, by_month = found
    if by_price is not None:
        yield by_price_table(by_price, answers.marked_prices_per_t)
    if by_month is not None:
        yield by_month_table(by_month)


def _figures(found: Found, answers: Answers) -> Iterator[Figure | None]:
    from potline.report.figures.window import window_figure

    if found[0] is not None:
        yield window_figure(found[0], found[1], answers.marked_prices_per_t, source=model_source(answers.case))


def _checks(found: Found, answers: Answers) -> Iterator[Check]:
    del answers
    for one in found:
        if one is not None:
            yield from one.certificate.checks


def _numbers(found: Found, answers: Answers) -> Mapping[str, Any]:
    by_price, by_month = found
    named: dict[str, Any] = {}
    if by_price is not None:
        low, high = (by_price.at_price(end(answers.marked_prices_per_t)) for end in (min, max))
        named["largest_cut_at_lowest_price_quoted_kt"] = json_value(low.set_of().k_star_kt)
        named["largest_cut_at_highest_price_quoted_kt"] = json_value(high.set_of().k_star_kt)
    if by_month is not None:
        named["largest_cut_by_month_kt"] = {
            point.month: json_value(point.set_of().k_star_kt) for point in by_month.points
        }
    return named


def _sentences(found: Found, prices_per_t: tuple[float, ...]) -> list[str]:
    by_price, by_month = found
    told = [] if by_price is None else [price_sentence(by_price, prices_per_t)]
    if by_month is not None:
        told += [month_sentences(by_month), held_sentence(by_month)]
    return [line for line in told if line]


def _block(found: Found, parts: Parts) -> Blocks:
    return joined(
        subheading(say("window.heading")),
        parts.figure("deal_by_price"),
        () if found[0] is None else _table(parts, "deal_by_price"),
        () if found[1] is None else paragraph(held_sentence(found[1])),
        () if found[1] is None else _table(parts, "deal_by_month"),
    )


def _table(parts: Parts, name: str) -> Blocks:
    cur = parts.currency.lower()
    market = (f"price_quoted_{cur}_per_t", f"to_parity_quoted_{cur}_per_t")
    first = ("month",) if name == "deal_by_month" else ()
    return table_block(parts.table(name).bare.picked((*first, *market, *_SHOWN, "beyond_cuts_alone_kt", "group")))


def ask(answers: Answers, *, prices: tuple[float, ...], rule: Rule | None, idle_below: IdleBelow | None) -> Said:
    """Ask at which price, and in which month, how large a cut of the meeting of CASE would hold."""
    from potline.agreement import tonnages_by_month, tonnages_by_price
    from potline.report.figures.window import window_figure

    case = answers.case if idle_below is None else answers.case.at(idle_below)
    answers = answers.about(case)
    marked = tuple(sorted({untaxed_price("--price", price, case.industry.vat_rate) for price in prices}))
    marked = marked or answers.marked_prices_per_t
    by_month = tonnages_by_month(case, rule=rule) if case.window else None
    by_price = tonnages_by_price(case, prices_around(marked, by_month), rule=rule)
    tables = [by_price_table(by_price, marked), *([by_month_table(by_month)] if by_month is not None else [])]
    cur = case.currency.lower()
    shown = (f"price_quoted_{cur}_per_t", f"to_parity_quoted_{cur}_per_t", *_SHOWN, "group")
    return Said(
        sentences=_sentences((by_price, by_month), marked),
        tables=tables,
        figures=[window_figure(by_price, by_month, marked, source=model_source(case))],
        columns={"deal_by_price": shown, "deal_by_month": ("month", *shown)},
    )


def _shown_numbers(found: TonnageWindow) -> Mapping[str, Any]:
    points = [(point.set_of().k_star_kt, point) for point in found.points if point.set_of().intervals]
    named: dict[str, Any] = {"points": len(found.points)}
    if points:
        most, best = max(points, key=lambda pair: pair[0])
        named |= {"largest_cut_that_holds_kt": most, "in_month": best.month, "at_price_per_t": best.price_per_t}
        named["group"] = best.set_of().coalition
    return named


def _is_by_month(found: TonnageWindow) -> bool:
    return bool(found.points) and bool(found.points[0].month)


def _shown_tables(found: TonnageWindow) -> Iterator[Table]:
    yield by_month_table(found) if _is_by_month(found) else by_price_table(found, found.prices_per_t)


def _shown_figures(found: TonnageWindow) -> Iterator[Figure | None]:
    from potline.report.figures.window import window_figure

    if not _is_by_month(found) and found.points:
        yield window_figure(found, None, found.prices_per_t, source=source_of(found))


def _shown_words(found: TonnageWindow) -> list[str]:
    return _sentences((None, found) if _is_by_month(found) else (found, None), found.prices_per_t)


_FACE: Face[TonnageWindow] = Face(
    numbers=_shown_numbers, sentences=_shown_words, tables=_shown_tables, figures=_shown_figures
)

WINDOW: Question[Found] = Question(
    answer=_found,
    tables=_tables,
    figures=_figures,
    checks=_checks,
    numbers=_numbers,
    chapter="The meeting",
    block=_block,
    faces={"TonnageWindow": _FACE},
)
