"""The least industry: nothing runs, or nothing is built. Every question is answered, its tables and figures too."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from tests.fuzzing.holding import _wrong  # pyright: ignore[reportPrivateUsage]

import potline as pot
from potline.answers import Answers
from potline.questions import listed
from potline.report.contents import each_figure, tables_of

STILL = ("plant[*].running_kt=0",)
UNBUILT = ("plant[*].capacity_kt=0", *STILL)


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> pot.Case:
    folder = tmp_path_factory.mktemp("starter") / "mine"
    pot.new(folder)
    return pot.load(folder)


@pytest.mark.parametrize("texts", [STILL, UNBUILT], ids=["nothing runs", "nothing is built"])
def test_every_question_is_answered_with_tables_and_figures(starter: pot.Case, texts: tuple[str, ...]) -> None:
    case = starter.override(*texts)
    assert list(_wrong(case, meeting=True)) == []
    answers = Answers(case, draws=0)
    asked = [item for item in listed() if item.asks(answers)]
    names = {table.name for table in tables_of(answers, asked)}
    drawn = {figure.name for figure in each_figure(answers, asked)}
    assert "market_without_deal" in names | drawn
    assert "stopping_by_owner" not in drawn
    assert ("province_map" in drawn) == (texts == STILL)


def test_output_over_nothing_is_no_number(starter: pot.Case) -> None:
    market = pot.no_deal_market(starter.override(*STILL))
    assert math.isnan(market.observed.output_gap_share)
    assert not math.isnan(market.observed.price_gap_share)


def test_a_cut_of_what_does_not_run_is_refused_and_a_cut_of_nothing_is_none() -> None:
    still = pot.Industry(
        name="still",
        demand=pot.LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
        plants=(pot.Plant(name="A", firm="A", capacity_kt=9.0, running_kt=0.0, other_cost_per_t=1.0),),
    )
    cut = pot.JointCut(signatories=("A",), rule=pot.ProRata(total_kt=5.0))
    with pytest.raises(pot.InputError) as caught:
        pot.solve(still.under(cut))
    assert str(caught.value) == (
        "agreement, cut of all signatories: found 5 kt/year; needed between 0 and the 0 kt/year they run."
    )
    none = pot.JointCut(signatories=("A",), rule=pot.ProRata(total_kt=0.0))
    assert pot.solve(still.under(none)).price_per_t == pytest.approx(10.0)


def test_a_cut_beyond_what_those_present_run_leaves_the_market_and_its_chain(starter: pot.Case, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from potline.cli import command

    folder = tmp_path / "mine"
    pot.new(folder)
    ran = CliRunner().invoke(
        command, ["market", str(folder), "--chain", "--quiet", "--set", "meeting.least_cut_kt=5000"]
    )
    assert ran.exit_code == 0, ran.output
    assert "output 930 kt/year" in ran.output


def test_whether_a_question_is_asked_is_known_before_anything_is_solved() -> None:
    told: list[str] = []
    answers = Answers(pot.load("china-aluminium-2013"), progress=lambda name, _: told.append(name))
    asked = [item.name for item in listed() if item.asks(answers)]
    assert {"window", "at_table", "tonnage_tornado"} <= set(asked)
    assert told == []
