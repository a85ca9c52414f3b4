"""Subcommands that answer a question about a case: one a public verb."""

from __future__ import annotations

__all__ = ["brief", "costs", "market", "record", "run", "stops"]

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from potline.cli.options import case_and_changes, draws_and_seed, loaded, printing
from potline.cli.printing import answered, progress_bar
from potline.cli.terminal import echo_json
from potline.errors import CertificateFailed, Infeasible, InputError, Problem
from potline.units import without_vat

if TYPE_CHECKING:
    from potline.equilibrium import Concept
    from potline.industry import Industry

_UNIQUE = {
    "proven": "the only equilibrium",
    "several": "one of several equilibria",
    "unknown": "whether it is the only equilibrium is not decided",
}


@click.command(
    epilog="Examples: potline run china-aluminium-2013   |   "
    "potline run my-case --set 'price_cny_per_t=15000' --draws 4096 --out runs/dear"
)
@case_and_changes
@draws_and_seed
@click.option("--out", type=click.Path(path_type=Path), help="Run folder; runs/CASE unless given.")
@printing
def run(
    case: str, overrides: tuple[str, ...], draws: int, seed: int, out: Path | None, as_json: bool, quiet: bool
) -> None:
    """Answer every question of CASE and write the run: brief, figures, tables, manifest."""
    from potline.report import run as whole

    found = loaded(case, overrides)
    folder = out or Path("runs") / found.name
    with progress_bar(shown=not (as_json or quiet)) as tell:
        result = whole(found, draws=draws, seed=seed, out=folder, progress=tell)
    if as_json:
        echo_json((result.folder / "results.json").read_text(encoding="utf-8").strip())
    else:
        answered([*result.verdict, f"Brief: {result.brief}"], as_json=False, quiet=quiet)
    if not result.certified:
        raise click.exceptions.Exit(CertificateFailed.exit_code)
    held = result.answers.meeting
    if held is not None and held.verdict == "infeasible":
        raise click.exceptions.Exit(Infeasible.exit_code)


@click.command(epilog="Example: potline brief china-aluminium-2013 --out beijing.html")
@case_and_changes
@draws_and_seed
@click.option("--out", type=click.Path(path_type=Path), default=Path("brief.html"), show_default=True)
@printing
def brief(case: str, overrides: tuple[str, ...], draws: int, seed: int, out: Path, as_json: bool, quiet: bool) -> None:
    """Write the brief of CASE alone: one HTML file that needs nothing else."""
    from potline.report import brief as page

    found = loaded(case, overrides)
    with progress_bar(shown=not (as_json or quiet)) as tell:
        written = page(found, draws=draws, seed=seed, progress=tell).write(out)
    answered([f"Brief: {written}"], as_json=as_json, quiet=quiet)


@click.command(epilog="Example: potline costs china-aluminium-2013 --price 14000 --measure full")
@case_and_changes
@click.option("--price", type=float, help="Price to compare with, as quoted (with VAT); the case's unless given.")
@click.option("--measure", type=click.Choice(["cash", "full"]), default="cash", show_default=True)
@click.option("--gross", is_flag=True, help="Before support per tonne.")
@click.option("--rows", type=click.IntRange(min=1), default=20, show_default=True, help="Rows of each table shown.")
@printing
def costs(
    case: str,
    overrides: tuple[str, ...],
    price: float | None,
    measure: str,
    gross: bool,
    rows: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Show who loses money at a price: the cost curve of CASE, by plant, province and owner."""
    import dataclasses

    from potline.costs import cost_curve
    from potline.report.tables.costs import cost_tables
    from potline.report.words import money, money_m, percent, tonnes

    found = loaded(case, overrides)
    industry = found.industry
    if price is not None:
        if not 0.0 < price < math.inf:
            raise InputError(
                [Problem(where="--price", found=f"{price:g}", needed="a price above 0, as quoted with VAT")]
            )
        industry = dataclasses.replace(industry, price_per_t=without_vat(price, industry.vat_rate))
    net, before, full = cost_curve(industry), cost_curve(industry, net=False), cost_curve(industry, measure="full")
    shown = full if measure == "full" else before if gross else net
    water = shown.under_water()
    words = "full cost" if measure == "full" else "cash cost before support" if gross else "cash cost"
    sentence = (
        f"At {money(shown.with_vat(shown.price_per_t), found.currency)} as quoted, {tonnes(water.capacity_kt)} "
        f"({percent(water.capacity_share)} of capacity, {len(water.plants)} of {len(industry.plants)} plants) do not "
        f"cover {words}; their running lines lose {money_m(water.loss_m_per_year, found.currency)} a year."
    )
    tables = cost_tables(net, before, full)
    cur = found.currency.lower()
    plant_columns = (
        "plant",
        "owner",
        "province",
        "capacity_kt",
        "running_kt",
        f"net_cash_cost_{cur}_per_t",
        f"full_cost_{cur}_per_t",
        f"margin_{cur}_per_t",
        f"break_even_quoted_{cur}_per_t",
    )
    answered([sentence], tables, as_json=as_json, quiet=quiet, columns={tables[0].name: plant_columns}, rows=rows)


@click.command(epilog="Example: potline stops china-aluminium-2013 --set 'plant[*].pressure_cny_per_t=0'")
@case_and_changes
@click.option("--rows", type=click.IntRange(min=1), default=20, show_default=True, help="Rows of the table shown.")
@printing
def stops(case: str, overrides: tuple[str, ...], rows: int, as_json: bool, quiet: bool) -> None:
    """Show at which price each plant of CASE stops and restarts, and why."""
    from potline.report.tables.stops import stops_table
    from potline.report.words import money, tonnes
    from potline.shutdown import stopping_prices

    found = loaded(case, overrides)
    result = stopping_prices(found.industry)
    steps = result.average_waterfall()
    industry = found.industry
    sentence = (
        f"An average running tonne costs {money(steps['gross_cash_cost'], found.currency)} before support and VAT; "
        f"its plant stops below {money(steps['p_stop'], found.currency)} (quoted: "
        f"{money(industry.with_vat(steps['p_stop']), found.currency)}). At the case's price "
        f"{tonnes(result.running_below_stop_kt(industry.price_per_t))} would stop."
    )
    cur = found.currency.lower()
    names = (
        "plant",
        "province",
        "running_kt",
        f"gross_cash_cost_{cur}_per_t",
        *(f"{name}_{cur}_per_t" for name in ("support", "lump_sum", "switching_cost", "waiting", "pressure")),
        f"stopping_price_{cur}_per_t",
        f"restart_price_{cur}_per_t",
    )
    table = stops_table(result)
    chosen = [name for name in names if name in {column.name for column in table.columns}]
    answered([sentence], [table], as_json=as_json, quiet=quiet, columns={table.name: chosen}, rows=rows)


@click.command(
    epilog="Examples: potline market china-aluminium-2013 --concept cournot   |   "
    "potline market china-aluminium-2013 --concept cartel --members Chalco,CPI   |   "
    "potline market china-aluminium-2013 --out chain --set 'bauxite[Indonesia].capacity_kt=0'"
)
@case_and_changes
@click.option(
    "--concept",
    type=click.Choice(["competitive", "cournot", "conjectural", "cartel", "leader"]),
    default="competitive",
    show_default=True,
)
@click.option("--members", default="", help="Owners that act as one (cartel) or move first (leader), by commas.")
@click.option("--theta", type=float, default=0.5, show_default=True, help="Conduct of every owner, for conjectural.")
@click.option(
    "--cost",
    type=click.Choice(["stopping", "cash"]),
    default="stopping",
    show_default=True,
    help="What a line avoids by stopping: its stopping and restart price, or cash cost.",
)
@click.option(
    "--chain/--no-chain",
    "in_space",
    default=None,
    help="Add ore, refineries and freight by province; where the case has chain_routes.csv unless said otherwise.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the chain's figures (SVG, PNG) and tables.")
@click.option("--rows", type=click.IntRange(min=1), default=20, show_default=True, help="Rows of each table shown.")
@printing
def market(
    case: str,
    overrides: tuple[str, ...],
    concept: str,
    members: str,
    theta: float,
    cost: str,
    in_space: bool | None,
    out: Path | None,
    rows: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Solve the market of CASE without a deal: price, output, imports, profit, with its certificate.

    Where the case has ways between places the answer goes on with its chain, everybody taking prices: alumina by
    province, where it comes from and goes, ore by source, what a cut does to its price.
    """
    from potline.equilibrium import CashCost, StopAndRestart, solve
    from potline.report.tables.market import equilibrium_tables
    from potline.report.words import money, tonnes

    found = loaded(case, overrides)
    industry = found.industry
    asked = _concept(industry, concept, members, theta)
    if cost == "stopping" and industry.process is not None:
        from potline.shutdown import stopping_prices

        result = solve(industry, asked, avoidable=StopAndRestart.at(stopping_prices(industry)))
    else:
        result = solve(industry, asked, avoidable=CashCost())
    sentence = (
        f"{concept.capitalize()}: {money(industry.with_vat(result.price_per_t), found.currency)} as quoted, output "
        f"{tonnes(result.quantity_kt)}, net imports {tonnes(result.imports_kt)}; {_UNIQUE[result.uniqueness]}, "
        f"largest violation {result.certificate.kkt:.1e} of the price."
    )
    sentences, tables = [sentence], list(equilibrium_tables(result))
    columns: dict[str, tuple[str, ...]] = {}
    market_of_input = industry.alumina
    routes = market_of_input is not None and bool(market_of_input.routes)
    if in_space or out is not None or (in_space is None and routes):
        from potline.cli.chain import chain_answer, province_columns

        said, shown = chain_answer(found, avoidable=result.avoidable, out=out)
        sentences, tables = [*sentences, *([] if quiet and not in_space else said)], [*shown, *tables]
        columns["chain_provinces"] = province_columns(found.currency)
    answered(sentences, tables, as_json=as_json, quiet=quiet, columns=columns, rows=rows)


@click.command(epilog="Example: potline record china-aluminium-2013 --rows 60")
@case_and_changes
@click.option("--rows", type=click.IntRange(min=1), default=40, show_default=True, help="Rows of the table shown.")
@printing
def record(case: str, overrides: tuple[str, ...], rows: int, as_json: bool, quiet: bool) -> None:
    """Put each published claim of CASE beside what the model computes, and its verdict beside what happened."""
    from potline.evidence import Answers, hindcast
    from potline.evidence import record as compare
    from potline.report.tables.hindcast import hindcast_lines, hindcast_table
    from potline.report.tables.record import record_sentence, record_table

    found = loaded(case, overrides)
    known = Answers(found)
    result = compare(found, answers=known)
    sentences, tables = [record_sentence(result)], [record_table(result)]
    if found.outcome is not None and found.meeting is not None and found.industry.process is not None:
        past = hindcast(found, answers=known)
        sentences, tables = [*hindcast_lines(past), *sentences], [*tables, hindcast_table([past])]
    names = (
        "id",
        "subject",
        "value",
        "low",
        "high",
        "unit",
        "corrected_value",
        "model_value",
        "relative_gap",
        "status",
        "basis",
    )
    answered(sentences, tables, as_json=as_json, quiet=quiet, columns={"record": names}, rows=rows)


def _concept(industry: Industry, concept: str, members: str, theta: float) -> Concept:
    from potline.equilibrium import Cartel, Competitive, Conjectural, Cournot, Leader

    names = tuple(name.strip() for name in members.split(",") if name.strip())
    if concept in ("cartel", "leader") and not names:
        raise InputError(
            [
                Problem(
                    where="--members",
                    found="nothing",
                    needed=f"owners that form the {concept}, by commas",
                    hint=f"Owners: {', '.join(industry.owners[:12])}.",
                )
            ]
        )
    if concept == "cartel":
        return Cartel(members=names, fringe=Competitive())
    if concept == "leader":
        return Leader(leader=names, followers=Competitive())
    if concept == "conjectural":
        if not 0.0 <= theta < math.inf:
            raise InputError([Problem(where="--theta", found=f"{theta:g}", needed="a number of 0 or more")])
        return Conjectural(theta=theta)
    return Cournot() if concept == "cournot" else Competitive()
