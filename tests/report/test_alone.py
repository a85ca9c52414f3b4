"""What owners would do alone, in words and tables: who would cut, what not cutting reveals, what a deal adds."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from click.testing import CliRunner
from tests.agreement.tiny import varied
from tests.agreement.verdict.test_unilateral import lossy

import potline as pot
from potline.cli.app import command
from potline.report.alone import alone_sentences, answered_sentence
from potline.report.tables.alone import alone_tables


def test_those_who_would_cut_alone_are_named_with_what_it_brings():
    found = pot.unilateral_cuts(dataclasses.replace(lossy(6.0), currency="CNY"))
    alone, deal, observed, beyond = alone_sentences(found)
    assert alone == (
        "If nobody else cut, A would idle 20 kt/year, lift the price by 2 CNY/t without VAT and gain 0.0 m CNY a year. "
        "Not cutting, A counts at most 60 % of what a cut would bring it: an upper bound, not an estimate. A cut of "
        "their own would also pay B and C."
    )
    assert deal == (
        "The largest deal that holds, 100 kt/year by A and B, would bring A 0.2 m CNY a year, whether it signs or not. "
        "Beyond what all would cut alone, 30 kt/year, 90 kt/year hold."
    )
    assert observed == (
        "Outsiders are taken to keep their own cuts. If they answer, the deal lifts the price by 10 CNY/t (10 CNY/t if "
        "they keep) and does not hold: A gets 0.2 m CNY a year by leaving and 0.2 m CNY inside."
    )
    assert "the deal beyond the cuts alone lifts the price by 11 CNY/t (12 CNY/t if they keep)" in beyond
    open_ = dataclasses.replace(found.deals[0], settled=False, holds=False)
    assert answered_sentence(found, open_).endswith("it stays open whether the deal holds.")


def test_where_no_cut_pays_nothing_is_revealed():
    found = pot.unilateral_cuts(dataclasses.replace(lossy(18.0, owners=4), currency="CNY"))
    alone, deal, answered = alone_sentences(found)
    assert alone == (
        "If nobody else cut, a cut would pay none of the 4 owners with more than 3 % of running capacity; that they do "
        "not cut says nothing of their conduct."
    )
    assert deal.endswith("would bring A 0.1 m CNY a year, whether it signs or not.")
    assert answered.endswith("and still holds.")
    owners, deals = alone_tables(found)
    assert owners.column("conduct_at_most") == (1.0,) * 4
    assert deals.column("holds") == (True,)


def test_where_no_deal_holds_there_is_one_table_and_nothing_to_add():
    found = pot.unilateral_cuts(lossy(60.0))
    assert alone_sentences(found)[1] == "No deal holds, so that a deal adds nothing."
    assert [table.name for table in alone_tables(found)] == ["unilateral_cuts"]


def test_the_command_takes_a_share(tmp_path: Path):
    run = CliRunner().invoke(command, ["new", str(tmp_path / "case")])
    assert run.exit_code == 0, run.output
    run = CliRunner().invoke(command, ["alone", str(tmp_path / "case"), "--least-share", "0.2"])
    assert run.exit_code == 0, run.output
    assert "more than 20 % of running capacity would do alone" in run.output


def test_counted_from_a_state_that_nothing_explains_no_owner_is_spoken_of():
    case = lossy(6.0)
    demand = pot.LinearDemand(price_per_t=100.0, quantity_kt=30.0, elasticity=1.0)
    found = pot.unilateral_cuts(varied(case, plants=case.industry.plants, demand=demand))
    state, none = alone_sentences(found)
    assert "300 kt/year" in state
    assert none.startswith("No verdict.")
