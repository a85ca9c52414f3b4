"""The market without a deal, and any other conduct in it."""

from __future__ import annotations

__all__ = ["MARKET", "ask"]

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from potline.answers import Answers, there
from potline.cases.problems import did_you_mean
from potline.choices import IdleBelow
from potline.errors import InputError, Problem
from potline.evidence import NoDealMarket
from potline.report.blocks import paragraph
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.question import Question, Said
from potline.report.saying import called, say
from potline.report.sections.markets import price_block
from potline.report.source import model_source
from potline.report.state import state_line
from potline.report.tables.market import equilibrium_tables, market_table

if TYPE_CHECKING:
    from potline.equilibrium import Concept, MarketEquilibrium
    from potline.industry import Industry

_THETA = 0.5


def _figures(market: NoDealMarket, answers: Answers) -> Iterator[Figure]:
    from potline.report.figures.market import supply_figure
    from potline.report.figures.price import flexibility_figure

    source = model_source(answers.case)
    yield supply_figure(market, source=source)
    if answers.flexibility is not None:
        yield flexibility_figure(answers.flexibility, answers.record, source=source)


def ask(
    answers: Answers,
    *,
    concept: str,
    members: tuple[str, ...],
    theta: float | None,
    idle_below: IdleBelow | None,
    cost: str | None,
    in_space: bool | None,
) -> Said:
    """Solve the market of CASE without a deal: price, output, imports, profit, with its certificate.

    Where the case has ways between places the answer goes on with its chain, everybody taking prices: the shared
    input by province, where it comes from and goes, ore by source, what a cut does to its price.
    """
    if idle_below is not None:
        answers = answers.about(answers.case.at(idle_below))
    from potline.equilibrium import CashCost

    result = _solved(answers, _concept(answers.case.industry, concept, members, theta), cost)
    case = answers.case
    sentence = say(
        "market.as_quoted_output_net_imports",
        concept=called("concept", concept),
        currency=case.currency,
        price_per_t=case.industry.with_vat(result.price_per_t),
        quantity_kt=result.quantity_kt,
        imports_kt=result.imports_kt,
        unique=called("uniqueness", result.uniqueness),
        kkt=result.certificate.kkt,
    )
    set_beside = {"conduct": _THETA if theta is None else theta} if concept == "conjectural" else {}
    state = "" if isinstance(result.avoidable, CashCost) else state_line(answers.observed)
    sentences = [state, sentence] if state else [sentence]
    said = Said(sentences=sentences, tables=equilibrium_tables(result), asked=set_beside)
    market = case.industry.input_market
    if in_space or (in_space is None and market is not None and bool(market.routes)):
        from potline.questions.chain import said_in_space

        return said_in_space(said, case, result.avoidable)
    return said


def _solved(answers: Answers, concept: Concept, cost: str | None) -> MarketEquilibrium:
    from potline.equilibrium import CashCost, avoidable_cost, solve

    industry = answers.case.industry
    if cost == "stopping" and answers.stops is None:
        found, needed = "a case without a law of its price", "`process.volatility`, which stopping prices rest on"
        raise InputError([Problem(where="--cost stopping", found=found, needed=needed, hint="Or ask for --cost cash.")])
    avoidable = CashCost() if cost == "cash" else avoidable_cost(industry, stops=answers.stops)
    return solve(industry, concept, avoidable=avoidable)


def _concept(industry: Industry, concept: str, members: tuple[str, ...], theta: float | None) -> Concept:
    from potline.equilibrium import Cartel, Competitive, Conjectural, Cournot, Leader

    idle = [("--members", members and concept not in ("cartel", "leader"), "cartel or leader")]
    idle += [("--theta", theta is not None and concept != "conjectural", "conjectural")]
    for option, given, needed in idle:
        if given:
            found = f"--concept {concept}, which has no use for it"
            raise InputError([Problem(where=option, found=found, needed=f"--concept {needed}")])
    names = owners_named(industry, members)
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
        conduct = _THETA if theta is None else theta
        if not 0.0 <= conduct < math.inf:
            raise InputError([Problem(where="--theta", found=f"{conduct:g}", needed="a number of 0 or more")])
        return Conjectural(theta=conduct)
    return Cournot() if concept == "cournot" else Competitive()


def owners_named(industry: Industry, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the owners that texts name: each one name, or several by commas, in double quotes where one holds a comma.

    Raises:
        InputError: a name that no owner or firm has.
    """
    known = dict.fromkeys((*industry.owners, *(firm.name for firm in industry.firms)))
    names: list[str] = []
    for text in texts:
        if text.strip() in known:
            names.append(text.strip())
            continue
        try:
            cells = next(csv.reader([text], skipinitialspace=True, strict=True), list[str]())
        except csv.Error:
            cells = [text]
        names += [name for cell in cells if (name := cell.strip())]
    wrong = [name for name in names if name not in known]
    if wrong:
        near = did_you_mean(wrong[0], known, say("market.owners_2"))
        hint = say("market.a_name_with_a_comma", near=near)
        raise InputError(
            [Problem(where="--members", found=", ".join(map(repr, wrong[:5])), needed="owners of plants", hint=hint)]
        )
    return tuple(dict.fromkeys(names))


def _held_numbers(market: NoDealMarket) -> Mapping[str, Any]:
    found = market.observed.market
    return {
        "price_per_t": found.price_per_t,
        "output_kt": found.quantity_kt,
        "net_imports_kt": found.imports_kt,
        "stopped_kt": market.observed.stopped_kt,
        "restarted_kt": market.observed.restarted_kt,
    }


def _solved_numbers(found: MarketEquilibrium) -> Mapping[str, Any]:
    return {
        "concept": type(found.concept).__name__,
        "price_per_t": found.price_per_t,
        "output_kt": found.quantity_kt,
        "net_imports_kt": found.imports_kt,
        "profit_m_per_year": float(found.owner_profit_m.sum()),
        "equilibrium": found.uniqueness,
    }


def _held_figures(market: NoDealMarket) -> Iterator[Figure]:
    from potline.report.figures.market import supply_figure

    yield supply_figure(market, source=source_of(market))


_FACES: dict[str, Face[Any]] = {
    "NoDealMarket": Face[NoDealMarket](
        numbers=_held_numbers, tables=lambda market: [market_table(market)], figures=_held_figures
    ),
    "MarketEquilibrium": Face["MarketEquilibrium"](numbers=_solved_numbers, tables=equilibrium_tables),
}

MARKET: Question[NoDealMarket] = Question(
    answer=lambda answers: there(answers.market),
    tables=lambda market, _: [market_table(market)],
    figures=_figures,
    chapter="Price",
    block=lambda _, parts: price_block(parts),
    otherwise=lambda _: paragraph(say("market.no_law_of_the_price")),
    faces=_FACES,
)
