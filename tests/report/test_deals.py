"""The deal in full, for a reader: words against the results they come from, tables against the same, and the page."""

from __future__ import annotations

import dataclasses
import math
import re

import pytest

from potline.agreement import remedy
from potline.answers import Answers, there
from potline.cases import Case, load
from potline.questions import listed
from potline.questions.verbs import brief
from potline.report.briefing import brief_document
from potline.report.contents import checks_of, each_figure, tables_of
from potline.report.figures.frontier import frontier_figure
from potline.report.html import page as html_page
from potline.report.running import RunResult
from potline.report.saying import say
from potline.report.table import Table
from potline.report.tables.division import division_sentences
from potline.report.tables.enforcement import enforcement_sentences
from potline.report.tables.institutions import institution_sentence, institutions_words
from potline.report.tables.remedy_words import frontier_sentence, remedy_sentences


@pytest.fixture(scope="module")
def flagship() -> Answers:
    return Answers(load("china-aluminium-2013"), draws=0, spread_draws=0)


def deal_tables(answers: Answers) -> tuple[Table, ...]:
    names = ("institutions", "over_time", "division", "remedy")
    return tables_of(answers, [item for item in listed() if item.name in names])


@pytest.fixture(scope="module")
def tables(flagship: Answers) -> dict[str, Table]:
    return {table.name: table for table in deal_tables(flagship)}


def test_institutions_in_words(flagship: Answers) -> None:
    assert institutions_words(flagship.institutions) == (
        "The same owners and the same tonnage under other rules: who is bound, who may pay whom, what each expects of "
        "the others. Of 7 institutions a cut comes about under 3: proposals in turn, owners who look ahead and ordered "
        "by the state."
    )
    assert [institution_sentence(one, "CNY") for one in flagship.institutions] == [
        "The worst placed member would be 489 m CNY a year better off outside.",
        "What the members gain is 1.18 bn CNY a year short of what they would get outside.",
        "Nanshan and Xinfa lose by it, so not all sign.",
        "No member could hope for more by refusing and proposing another group.",
        "The only outcome that stands up to every chain of moves: who walks out ends with no deal.",
        "Each kt idled sells one to the state. The worst placed member would be 489 m CNY a year better off outside.",
        "Nobody is asked; Nanshan and Xinfa lose by it.",
    ]


def test_the_deal_over_time_in_words(flagship: Answers) -> None:
    assert flagship.over_time is not None
    assert enforcement_sentences(flagship.over_time)[2:] == [
        "If cheating is seen within a month and ends the deal for good, every member keeps it at a factor of 0.950 a "
        "month (0.537 a year) or more; the case's own is 0.992 (0.905 a year): the deal holds.",
        "At the case's rate it holds as long as cheating is seen within 6.2 months. Having to pay for a restart deters "
        "too: with cheating seen after 12 months, members that have idled already keep it from a factor of 0.981 on "
        "with that cost and from 0.988 a month on without.",
        "But a threat must be meant: once the deal is over it would not pay Chalco to restart, because idling alone is "
        "still worth it to it. Knowing that, Zhongfu, Yunnan Aluminium and CPI would not keep the deal.",
        "Punished by only 12 months without a deal, after which it starts again, it breaks at Yunnan Aluminium.",
        "If nobody sees a cheat but only the price, which moves by 5.4 % in a month for other reasons, it breaks at "
        "Chalco, Zhongfu, Yunnan Aluminium and CPI: one who cheats does not move the price, so nothing gives it away.",
    ]


def test_the_division_in_words(flagship: Answers) -> None:
    lines = division_sentences(there(flagship.division), "CNY")
    assert lines[0] == (
        "The group that gains most together is Chalco, Zhongfu, Shenhuo, Nanshan, Yunnan Aluminium, Xinfa and CPI: 666 "
        "m CNY a year. Left as it falls, Nanshan (−22 m CNY) and Xinfa (−244 m CNY) would lose, so a deal among all of "
        "them needs payments."
    )
    assert lines[2] == (
        "By the nucleolus (the largest complaint of any group is as small as can be) the largest payments are Chalco "
        "261 m CNY to Xinfa and Chalco 63 m CNY to Nanshan a year; no group would do better by a deal of its own."
    )
    assert lines[6] == (
        "If each may instead idle alone what pays it, no division is safe (the core is empty): Chalco, Zhongfu, "
        "Shenhuo, Nanshan, Yunnan Aluminium, Xinfa and CPI, each by itself, would have 501 m CNY a year more than all "
        "have together, which proves it. If those who walk out count on the others to go on cutting, the test is that "
        "of the verdict where members may pay each other."
    )


def test_the_remedy_in_words(flagship: Answers) -> None:
    assert flagship.remedy is not None
    lines = remedy_sentences(flagship.remedy)
    assert lines[1] == (
        "With transfers among members: no agreement, short by 1.18 bn CNY a year. Cheapest for a state is money from "
        "outside: 1.18 bn CNY a year; who cuts: Chalco and Shenhuo. At no public cost: a penalty on leaving (425 m CNY "
        "a year)."
    )
    assert lines[3] == (
        "No level suffices, under any of these 3 institutions, of removing lump sums, lifting government pressure, a "
        "longer term and more patience (a lower discount rate)."
    )
    assert frontier_sentence(flagship.remedy) == (
        "Money from outside that makes a voluntary cut hold costs 56 m CNY a year at 250 kt/year and 1.86 bn CNY a "
        "year at 1,500 kt/year; at the tonnage proposed, 1.18 bn CNY a year."
    )


def test_every_number_of_the_tables_is_the_result_s(flagship: Answers, tables: dict[str, Table]) -> None:
    over, division, found = flagship.over_time, flagship.division, flagship.remedy
    assert over is not None
    assert found is not None
    signing = over.threats[0].signing.rows
    incentives = tables["incentives"]
    assert incentives.column("coordinate_m_cny_per_year") == tuple(row.coordinate_m for row in signing)
    assert incentives.column("defect_m_cny_per_year") == tuple(row.defect_m for row in signing)
    assert incentives.column("punish_m_cny_per_year") == tuple(row.punish_m for row in signing)
    assert incentives.column("least_factor_per_month") == tuple(row.monthly_factor for row in signing)
    assert tables["threats"].column("holds") == tuple(threat.holds for threat in over.threats)
    assert tables["detection"].column("lag_months") == tuple(item.lag_months for item in over.delays)
    assert tables["division"].column("own_gain_m_cny_per_year") == division.own_gain_m_per_year
    for name, one in zip(("shapley", "nucleolus", "nash"), division.divisions, strict=True):
        assert tables["division"].column(f"{name}_m_cny_per_year") == tuple(one.share_m_per_year.tolist())
        paid = [value for value in tables["division_payments"].column(f"{name}_m_cny_per_year") if value is not None]
        assert sorted(paid) == sorted(pay.amount_m_per_year for pay in one.payments)
    assert tables["core"].column("empty") == (False, True)
    margins = tables["institutions"].column("margin_m_cny_per_year")
    wanted = [one.margin_m_per_year for one in flagship.institutions]
    assert margins == tuple(None if math.isnan(value) else value for value in wanted)
    assert dict(zip(tables["institutions"].column("institution"), tables["institutions"].column("believed_of_others"),
                    strict=True)) == {
        "voluntary": "the others keep their cuts (delta)",
        "with transfers (members pay each other)": "the others keep their cuts (delta)",
        "all or none": "no deal without all",
        "proposals in turn": "who refuses proposes next, nobody joins later",
        "owners who look ahead": "all see where the moves end",
        "state stockpile for those who idle": "the others keep their cuts (delta)",
        "ordered by the state": "nobody may leave",
    }  # fmt: skip
    frontier = tables["remedy_frontier"].column("money_m_cny_per_year")
    assert frontier == tuple(p.public_cost_m_per_year for p in found.frontier if p.instrument == "transfer")
    best = found.cheapest("unanimity")
    assert best is not None
    assert tables["remedy_least_cost"].column("public_cost_m_cny_per_year")[2] == best.public_cost_m_per_year


def test_an_instrument_that_never_suffices_is_said_plainly(tables: dict[str, Table]) -> None:
    levels = tables["remedy_levels"]
    row = levels.column("instrument").index("a longer term")
    assert levels.column("voluntary_level")[row] == "no level suffices"
    assert levels.column("voluntary_public_cost_m_cny_per_year")[row] is None


def test_the_frontier_is_drawn_with_the_numbers_of_the_remedy(flagship: Answers) -> None:
    assert flagship.remedy is not None
    drawn = frontier_figure(flagship.remedy, source="this case")
    assert drawn is not None
    assert (drawn.units, drawn.source) == ("x: kt/year; y: m CNY a year", "this case")
    text = str(drawn.chart_spec)
    for point in flagship.remedy.frontier:
        if point.instrument == "transfer":
            assert str(point.public_cost_m_per_year) in text


def test_a_frontier_that_nobody_reaches_is_not_drawn(starter: Case) -> None:
    assert starter.meeting is not None
    met = dataclasses.replace(starter.meeting, least_cut_kt=5000.0, sweep_kt=(5000.0,))
    found = remedy(dataclasses.replace(starter, meeting=met))
    assert frontier_figure(found, source="") is None
    assert frontier_sentence(found) == "No payment by a state brings about any of the tonnages tried."


def test_each_section_has_words_before_its_first_table(page: str) -> None:
    sections = re.findall(
        r'<section id="s\d">\n<details><summary><h2>([^<]+)</h2></summary>\n(.*?)</section>', page, flags=re.DOTALL
    )
    assert len(sections) == 9
    for title, inside in sections:
        first = re.search(r"<(p|ul|table|figure)\b", inside)
        assert first is not None, title
        assert first[1] in ("p", "ul"), title
    for heading, inside in re.findall(r'<h3 id="[^"]+">([^<]+)</h3>(.*?)(?=<h3|</section>)', page, flags=re.DOTALL):
        if "<table" in inside and not heading.startswith(("Disputed", "Uncertain")):
            assert re.search(r"<(p|ul)\b", inside.split("<table")[0]), heading


def test_every_figure_has_units_a_source_and_a_sentence(answers: Answers) -> None:
    for item in each_figure(answers, listed()):
        assert item.units.strip(), item.name
        assert item.source.strip(), item.name
        assert item.sentence.endswith("."), item.name


def test_the_law_is_named_once(page: str) -> None:
    assert say("meeting.competition_law") == (
        "Potline analyses agreements; making one may break competition law: on 6 January 2026 China's market regulator "
        "(SAMR) halted polysilicon producers' plan to idle capacity (pv magazine, 9 January 2026)."
    )
    assert page.count("making one may break competition law") == 1


def test_the_contents_lead_to_every_heading(page: str) -> None:
    nav = page[page.index("<nav>") : page.index("</nav>")]
    for place in re.findall(r'<h3 id="([^"]+)"', page):
        assert f'href="#{place}"' in nav
    assert nav.count('href="#s') == 9


def told(answers: Answers) -> str:
    tables, checks = tables_of(answers, listed()), checks_of(answers, listed())
    return html_page(brief_document(answers, listed(), figures=(), drawn={}, tables=tables, checks=checks))


def test_more_owners_than_can_be_asked_are_said(answers: Answers) -> None:
    met = answers.case.meeting
    assert met is not None
    crowd = dataclasses.replace(met, owners=(*met.owners, *(f"owner {k}" for k in range(15))))
    many = Answers(dataclasses.replace(answers.case, meeting=crowd), draws=8)
    many = many.having(meeting=answers.meeting, flexibility=None, relief=None, record=answers.record)
    assert not many.divides
    text = told(many)
    assert "Other institutions, the deal over time and its division are not computed for more than 14 owners." in text


def test_a_remedy_that_is_refused_leaves_the_rest(answers: Answers) -> None:
    less = answers.having(remedy=None, remedy_refused="meeting, firms: found 11 owners.")
    text = told(less)
    assert "meeting, firms: found 11 owners." in text
    assert "Would the deal hold over time" in text


def test_a_run_holds_every_table_of_the_deal(finished: RunResult) -> None:
    names = {table.name for table in deal_tables(finished.answers)}
    assert names <= {path.stem for path in (finished.folder / "tables").glob("*.csv")}
    assert (finished.folder / "figures" / "remedy_frontier.svg").exists()


def test_a_cut_beyond_everybody_is_said_in_every_part(starter: Case) -> None:
    text = brief(starter.override("meeting.least_cut_kt=5000"), draws=0).html
    assert "Under none of 7 institutions does a cut come about." in text
    assert "No group reaches the tonnage, so there is no deal to keep." in text
    assert "No group reaches the tonnage, so there is nothing to divide." in text
    assert "Voluntary, without payments: no group reaches 5,000 kt/year." in text
