"""A state in words and in a table: the first line of every answer counted from it, and nothing where it holds."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest
from click.testing import CliRunner

import potline as pot
from potline.answers import Answers
from potline.cases import new
from potline.cli.app import command
from potline.questions import market, meeting, state, stops
from potline.report.state import draws_sentence, power_sentence, state_line
from potline.report.tables.state import state_tables
from potline.shutdown import observed_state


def steel(*plants: pot.Plant, **more: object) -> pot.Case:
    industry = pot.Industry(
        name="steel", currency="EUR", price_per_t=620.0, process=pot.PriceProcess(volatility=0.2), plants=plants,
        demand=pot.LinearDemand(price_per_t=620.0, quantity_kt=sum(p.running_kt for p in plants), elasticity=0.3),
    )  # fmt: skip
    industry = dataclasses.replace(industry, **more)
    owners = tuple(plant.firm for plant in plants[:2])
    put = pot.Meeting(date="", firms=owners, owners=owners, least_cut_kt=100.0)
    return pot.Case(name="steel", currency="EUR", industry=industry, meeting=put)


def ten(**more: object) -> pot.Case:
    return steel(
        *(
            pot.Plant(name=f"{k}", firm=f"{k}", capacity_kt=100.0, running_kt=85.0, other_cost_per_t=400.0 + 20.0 * k)
            for k in range(10)
        ),
        **more,
    )


DEAR = pot.Plant(name="dear", firm="A", capacity_kt=80.0, running_kt=50.0, other_cost_per_t=700.0)
FAIR = pot.Plant(name="fair", firm="B", capacity_kt=70.0, other_cost_per_t=610.0)
IDLE = (
    "What is seen does not hold by itself: 150 kt/year stand idle below their restart price and are taken not to come "
    "back within the term."
)


def ask(case: pot.Case, **options: object) -> list[str]:
    asked = {"rule": None, "everyone": False, "institutions": (), "look_ahead": False, "plane": None}
    asked |= {
        "tonnage_kt": None,
        "one_at_a_time": False,
        "trigger": None,
        "window": None,
        "idle_below": None,
        "leaving": None,
        **options,
    }
    return list(meeting.ask(Answers(case, draws=0), **asked).sentences)


def test_the_first_line_of_a_meeting_names_tonnes_idle_below_their_restart_price() -> None:
    assert ask(ten())[0].startswith(IDLE)
    least = ask(ten(), idle_below=pot.IdleBelow.LEAST)
    assert "are taken to come back with the first EUR more." in least[0]
    assert not any("What is seen" in line for line in ask(steel(FAIR, dataclasses.replace(FAIR, name="C", firm="C"))))


def test_the_first_line_of_a_market_names_them_too_and_the_market_holds_the_state() -> None:
    for end in pot.IdleBelow:
        said = market.ask(
            Answers(ten(), draws=0), concept="competitive", members=(), theta=None, idle_below=end, cost=None,
            in_space=None,
        )  # fmt: skip
        assert "150 kt/year stand idle below their restart price" in said.sentences[0]
        assert "620 EUR/t" in said.sentences[1]
        assert "850 kt/year" in said.sentences[1]
    cash = market.ask(
        Answers(ten(), draws=0), concept="competitive", members=(), theta=None, idle_below=None, cost="cash",
        in_space=None,
    )  # fmt: skip
    assert len(cash.sentences) == 1


def test_both_ends_of_a_market_with_conduct() -> None:
    """At the most end idle lines are not there, at the least they offer at the price."""
    case = ten()
    prices = []
    for end in pot.IdleBelow:
        industry = case.at(end).industry
        stopping = pot.stopping_prices(industry, state=observed_state(industry))
        offers = pot.StopAndRestart.at(stopping)
        prices.append(pot.solve(industry, pot.Cournot(), avoidable=offers).price_per_t)
        assert pot.solve(industry, avoidable=offers).price_per_t == pytest.approx(620.0)
    assert prices[0] >= prices[1] > 620.0


def test_what_is_not_explained_in_words_and_table_and_waterfall() -> None:
    case = steel(DEAR, FAIR)
    found = observed_state(case.industry)
    assert state_line(found) == (
        "What is seen does not hold by itself: 50 kt/year run though they would stop below the price, for which "
        "80 EUR/t of their cost without VAT, on average, is not explained."
    )
    (table,) = state_tables(found)
    (row,) = table.rows
    assert row[:2] == ("dear", "A")
    assert row[2:] == pytest.approx((50.0, 30.0, 700.0, 700.0, 80.0))
    said = stops.ask(Answers(case, draws=0))
    names = [column.name for column in said.tables[0].columns]
    assert "not_explained_eur_per_t" in names
    assert "would stop below 620 EUR/t" in said.sentences[0] or "stops below" in said.sentences[0]


def test_where_a_state_holds_nothing_is_said_of_it() -> None:
    case = steel(FAIR, dataclasses.replace(FAIR, name="C", firm="C"))
    found = observed_state(case.industry)
    assert (state_line(found), state_tables(found), draws_sentence(found)) == ("", [], "")
    assert state.STATE.numbers(found, Answers(case, draws=0)) == {}
    names = [column.name for column in stops.ask(Answers(case, draws=0)).tables[0].columns]
    assert "not_explained_eur_per_t" not in names
    assert power_sentence(found) == (
        "The same lines would run at any price from 610 EUR/t up, as quoted, so the test says no more than that."
    )


def test_more_than_is_taken() -> None:
    case = ten(demand=pot.LinearDemand(price_per_t=620.0, quantity_kt=85.0, elasticity=0.3))
    first, second, *_ = ask(case)
    assert first.startswith(
        "Nothing explains what is seen: 850 kt/year run where 85 kt/year are taken at the price. No answer counted "
        "from it is a verdict."
    )
    assert second == "No verdict. What is computed is counted from a state that nothing explains."


def test_prices_at_which_the_same_lines_would_run() -> None:
    idle = dataclasses.replace(FAIR, running_kt=0.0)
    both = steel(dataclasses.replace(FAIR, name="C", firm="C", other_cost_per_t=500.0), dataclasses.replace(
        idle, other_cost_per_t=700.0))  # fmt: skip
    assert power_sentence(observed_state(both.industry)).startswith(
        "The same lines would run at any price from 500 to 700 EUR/t as quoted"
    )
    alone = dataclasses.replace(both.industry, plants=both.industry.plants[1:])
    assert power_sentence(observed_state(alone)).startswith(
        "The same lines would stand idle at any price up to 700 EUR/t"
    )
    none = dataclasses.replace(alone, availability_share=0.0)
    assert power_sentence(observed_state(none)) == (
        "Nothing runs and nothing that stands idle could restart: no price tests it."
    )
    assert power_sentence(observed_state(ten().industry)).startswith("At no price would every line be where it is:")


def test_availability_is_read_from_a_case_and_moved_by_factors(tmp_path: Path) -> None:
    new(tmp_path / "mine")
    plants = tmp_path / "mine" / "plants.csv"
    head, *rows = plants.read_text(encoding="utf-8").splitlines()
    given = [f"{head},availability_share", f"{rows[0]},0.9 in 0.85..0.95", *(f"{row}," for row in rows[1:])]
    plants.write_text("\n".join(given) + "\n", encoding="utf-8")
    toml = tmp_path / "mine" / "case.toml"
    number = '\n[numbers.availability_share]\nvalue = "0.95 in 0.9..1"\nunit = "share"\nvat = "none"\n'
    column = '\n[columns.plants.availability_share]\nunit = "share"\nvat = "none"\n'
    more = 'source = "example"\nstanding = "assumed"\n'
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text + number + more + column + more, encoding="utf-8")
    case = pot.load(tmp_path / "mine")
    assert case.industry.availability_share == 0.95
    first, second = case.industry.plants[:2]
    assert first.availability_share == 0.9
    assert math.isnan(second.availability_share)
    assert case.override("availability_share=0.8").industry.availability_share == 0.8


def test_the_command(tmp_path: Path) -> None:
    new(tmp_path / "mine")
    found = CliRunner().invoke(command, ["state", str(tmp_path / "mine"), "--draws", "0"])
    assert found.exit_code == 0
    assert "Every line is where its prices have it" in found.output or "What is seen" in found.output
