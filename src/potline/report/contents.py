"""Which figures and tables a run holds, in the order of the brief."""

from __future__ import annotations

__all__ = ["each_figure", "figures_of", "tables_of"]

import math
from collections.abc import Iterator

from potline.report.answers import Answers
from potline.report.figure import Figure
from potline.report.table import Table
from potline.report.words import listing, month_words


def figures_of(answers: Answers) -> tuple[Figure, ...]:
    """Return every figure of a run."""
    return tuple(each_figure(answers))


def each_figure(answers: Answers) -> Iterator[Figure]:
    """Yield every figure of a run, so that one can be drawn while the next is made."""
    return (item for item in _figures(answers) if item is not None)


def tables_of(answers: Answers) -> tuple[Table, ...]:
    """Return every table of a run."""
    from potline.report.tables.chain import imports_table, refinery_table
    from potline.report.tables.costs import cost_tables
    from potline.report.tables.inputs import input_tables
    from potline.report.tables.market import market_table
    from potline.report.tables.meeting import meeting_tables
    from potline.report.tables.policies import policy_effects_table
    from potline.report.tables.record import record_table
    from potline.report.tables.share import draws_table, share_table
    from potline.report.tables.stops import stops_table

    currency = answers.case.currency
    found: list[Table] = [*cost_tables(answers.net, answers.gross, answers.full)]
    if answers.stops is not None:
        found.append(stops_table(answers.stops))
    if answers.meeting is not None:
        found += meeting_tables(answers.meeting)
        share = answers.meeting.share
        if share is not None:
            found += [share_table(share), draws_table(share, currency)]
    if answers.inputs is not None:
        from potline.report.tables.stability import input_margin_tables

        found += input_margin_tables(answers.inputs, answers.case.industry)
    if answers.deal is not None:
        from potline.report.tables.deals import deal_tables

        found += deal_tables(answers.deal, currency)
    if answers.market is not None:
        found.append(market_table(answers.market))
    found.append(policy_effects_table(answers.policies, currency))
    if answers.alumina is not None:
        found.append(refinery_table(answers.alumina))
    if answers.imports is not None:
        found.append(imports_table(answers.imports, answers.case.industry))
    if answers.chain is not None:
        from potline.report.tables.space import chain_tables, relief_table

        found += chain_tables(answers.chain)
        if answers.relief is not None:
            found.append(relief_table(answers.relief))
    if answers.hindcast is not None:
        from potline.report.tables.hindcast import hindcast_table

        found.append(hindcast_table([answers.hindcast]))
    return (*found, record_table(answers.record), *input_tables(answers.case))


def _figures(answers: Answers) -> Iterator[Figure | None]:
    from potline.report.figures.costs import cost_curve_figures
    from potline.report.figures.provinces import province_figure
    from potline.report.figures.record import record_figure
    from potline.report.figures.support import policies_figure, under_water_figure

    case = answers.case
    model = f"case {case.name}, {month_words(case.date)}; plants and prices as in tables plants and claims"
    yield from cost_curve_figures(answers.net, source=model)
    if any(plant.government for plant in case.industry.plants):
        yield province_figure(answers.net, source=model)
    yield under_water_figure(answers.net, answers.gross, answers.full, source=model)
    yield policies_figure(answers.policies, case.industry, source=f"{model}; policies as in table policies")
    yield from _stops(answers, model)
    yield from _meeting(answers, model)
    yield from _alumina(answers, model)
    at_parity = math.nan if answers.flexibility is None else answers.flexibility.at_parity
    published = "table record: published sentences with their sources, and this run"
    yield record_figure(answers.record, at_parity=at_parity, source=published)


def _stops(answers: Answers, model: str) -> Iterator[Figure | None]:
    from potline.report.figures.market import supply_figure
    from potline.report.figures.price import flexibility_figure
    from potline.report.figures.stops import bands_figure, stopping_by_owner_figure, stopping_waterfall_figure

    case = answers.case
    if answers.stops is not None:
        yield stopping_waterfall_figure(answers.stops, source=model)
        if case.meeting is not None:
            yield stopping_by_owner_figure(answers.stops, case.meeting.owners, source=model, at="at the meeting")
        yield bands_figure(answers.stops, source=model)
    if answers.market is not None:
        yield supply_figure(answers.market, source=model)
    if answers.flexibility is not None:
        yield flexibility_figure(answers.flexibility, answers.record, source=model)


def _meeting(answers: Answers, model: str) -> Iterator[Figure | None]:
    from potline.report.figures.coalitions import coalition_figure
    from potline.report.figures.meeting import RULE_WORDS, margins_figure, sweep_figure
    from potline.report.figures.obstacles import obstacles_figure
    from potline.report.figures.share import share_figure

    case, held, currency = answers.case, answers.meeting, answers.case.currency
    if held is None:
        return
    yield margins_figure(held, source=model)
    yield coalition_figure(held, source=model)
    yield sweep_figure(held, source=model)
    if held.obstacles is not None:
        yield obstacles_figure(held.obstacles, currency=currency, source=model)
    if held.share is not None:
        ranges = f"{model}; ranges as in table factors"
        yield share_figure(held.share, rule_words=RULE_WORDS[held.rule], source=ranges)
    if answers.inputs is not None:
        from potline.report.figures.inputs import input_figures

        yield from input_figures(answers.inputs, case.industry, rule=held.rule, source=model)
    if answers.deal is not None and answers.deal.remedy is not None:
        from potline.report.figures.frontier import frontier_figure

        yield frontier_figure(answers.deal.remedy, source=model)


def _alumina(answers: Answers, model: str) -> Iterator[Figure | None]:
    from potline.report.figures.alumina import imports_figure, parity_figure, refinery_figure

    case, market = answers.case, answers.alumina
    if market is None or case.industry.alumina is None:
        return
    product = case.industry.alumina.product
    if answers.imports is not None and answers.imports.months:
        used = ("alumina_imports", "alumina_fob", "cny_per_usd", "alumina_freight")
        named = ";".join(series.source for series in case.series if series.name.startswith(used))
        names = sorted({name.strip() for name in named.split(";") if name.strip()})
        source = f"customs and prices abroad: sources {listing(names, most=8)}; model: {model}"
        yield imports_figure(answers.imports, product=product, source=source)
        yield parity_figure(
            answers.imports,
            product=product,
            currency=case.currency,
            vat_rate=case.industry.vat_rate,
            source=source,
        )
    yield refinery_figure(market, source=model)
    if answers.chain is not None:
        from potline.report.figures.chain import chain_map_figure, chain_sankey_figure

        ways = f"{model}; ways and ore as in tables routes and bauxite of the case"
        yield chain_sankey_figure(answers.chain, source=ways)
        yield chain_map_figure(answers.chain, source=ways)
