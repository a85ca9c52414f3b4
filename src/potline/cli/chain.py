"""The chain's part of ``potline market``: sentences, tables, and figures in a folder."""

from __future__ import annotations

__all__ = ["chain_answer", "province_columns"]

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from potline.cases import Case
    from potline.equilibrium import Avoidable, ChainRelief, ChainResult
    from potline.report.table import Table


def chain_answer(case: Case, *, avoidable: Avoidable, out: Path | None) -> tuple[list[str], list[Table]]:
    """Return what the chain of a case says, and write its figures and tables where a folder is named.

    Raises:
        InputError: the case has no market of an input.
    """
    from potline.equilibrium import chain, chain_relief
    from potline.equilibrium.chain import with_new_capacity, without_bauxite
    from potline.industry import JointCut, ProRata
    from potline.report.tables.space import chain_tables, relief_table, scenario_table

    industry = case.industry
    found = chain(case, avoidable=avoidable)
    tables, relief = list(chain_tables(found)), None
    scenarios: list[tuple[str, ChainResult]] = []
    abroad = [item for item in found.market.bauxite if item.cif_usd_per_t > 0.0 and item.capacity_kt > 0.0]
    changed = [(f"without {item.name}", without_bauxite(industry, item.name)) for item in abroad]
    changed += [("with the capacity being added", with_new_capacity(industry))]
    for name, changes in changed:
        if changes:
            scenarios.append((name, chain(industry.under(*changes), avoidable=avoidable, intervals=False)))
    if scenarios:
        tables.append(scenario_table(found, scenarios))
    if case.meeting is not None:
        cut = JointCut(signatories=case.meeting.owners, rule=ProRata(total_kt=case.meeting.least_cut_kt))
        relief = chain_relief(industry, cut, before=found)
        tables.append(relief_table(relief))
    sentences = _sentences(case, found, relief)
    if out is not None:
        from potline.cli.writing import write_answer
        from potline.report.figures.chain import chain_figures

        written = write_answer(out, chain_figures(found, source=f"case {case.name}"), tables)
        sentences.append(f"Chain: {written}")
    return sentences, tables


def province_columns(currency: str) -> tuple[str, ...]:
    """Return the columns of the chain's table by province that a terminal has room for."""
    cur = currency.lower()
    return (
        "province",
        *(f"{name}_quoted_{cur}_per_t" for name in ("input_price", "parity_gap")),
        *("refined_kt", "operating_rate", "use_kt", "smelted_kt"),
        f"smelting_margin_{cur}_per_t",
    )


def _sentences(case: Case, found: ChainResult, relief: ChainRelief | None) -> list[str]:
    from potline.report.words import amount, money, percent, tonnes

    quoted, product = case.industry.with_vat, found.market.product
    places = [item for item in found.places if item.use_kt > 0.5]
    if not places:
        return [f"Chain: nobody uses {product}."]
    low = min(places, key=lambda item: item.input_price_per_t)
    high = max(places, key=lambda item: item.input_price_per_t)
    check = found.equilibrium.certificate
    result = [
        f"Chain: {product} costs {amount(quoted(low.input_price_per_t))} in {low.name} to "
        f"{money(quoted(high.input_price_per_t), case.currency)} in {high.name} as quoted, "
        f"{money(quoted(found.landed_per_t), case.currency)} landed; imports {tonnes(found.input_imports_kt)}, "
        f"refineries run at {percent(found.average_operating_rate)}; largest violation {check.residual:.1e} of the "
        "price."
    ]
    if relief is not None:
        undone = tonnes(relief.undone_kt) if relief.undone_kt >= 0.5 else "nothing"
        result.append(
            f"A cut of {tonnes(relief.cut_kt)} makes {product} {amount(quoted(relief.mean_fall_per_t))} cheaper in the "
            f"mean of its users ({amount(quoted(relief.one_market_fall_per_t))} where it has one price); that brings "
            f"back {undone} of the cut."
        )
    return result
