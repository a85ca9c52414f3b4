"""The starter case: complete, sound, explained line by line, written whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from potline.cases import check, load, new, shipped
from potline.errors import InputError


def test_starter_has_no_problem_and_says_what_it_is(starter: Path) -> None:
    assert check(starter) == ()
    case = load(starter)
    assert case.title == "Example numbers for learning the format, not data"
    assert "starter" not in shipped()
    industry = case.industry
    counts = [len(part) for part in (industry.plants, industry.firms, industry.governments, case.factors, case.record)]
    assert counts == [6, 5, 2, 3, 3]
    assert industry.input_market is not None
    assert len(industry.input_market.suppliers) == 3
    assert (len(industry.policies), len(case.other_policies)) == (1, 1)
    assert all(claim.source == "example" and claim.standing == "assumed" for claim in case.claims)


def test_starter_is_a_market_at_its_observed_point(starter: Path) -> None:
    industry = load(starter).industry
    assert sum(plant.running_kt for plant in industry.plants) == industry.demand.quantity_kt
    assert industry.demand.price_per_t == industry.price_per_t == pytest.approx(1550.0)
    under_water = [plant.name for plant in industry.plants if plant.net_cash_cost_per_t() > industry.price_per_t]
    assert under_water == ["Beta South", "South 1"]
    assert industry.price_per_t < industry.trade.ceiling_per_t


def test_every_line_of_case_toml_is_explained(starter: Path) -> None:
    for line in (starter / "case.toml").read_text(encoding="utf-8").splitlines():
        assert line in ("", "#") or re.search(r"# *\S", line), line


def test_new_refuses_what_it_would_overwrite(starter: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError) as caught:
        new(starter)
    assert str(caught.value) == (
        f"{starter}: found a folder that is not empty; needed a new or an empty folder. "
        "Nothing was written; choose another name."
    )
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="found a file"):
        new(tmp_path / "file")
    assert sorted(tmp_path.rglob("*")) == sorted([*before, tmp_path / "file"])


def test_new_fills_an_empty_folder_and_makes_its_parents(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    new(tmp_path / "empty")
    new(tmp_path / "a" / "b")
    assert check(tmp_path / "empty") == check(tmp_path / "a" / "b") == ()
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a", "empty"]


@pytest.mark.parametrize(
    ("folder", "name"), [("mine", "mine"), ("Henan 2013", "Henan-2013"), ("--a.b_c", "a.b_c"), ("铝", "starter")]
)
def test_new_names_the_case_after_its_folder(tmp_path: Path, folder: str, name: str) -> None:
    new(tmp_path / folder)
    assert check(tmp_path / folder) == ()
    assert load(tmp_path / folder).name == name
