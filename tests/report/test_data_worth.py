"""What the data are worth: inputs by their pull on the largest cut, with their standing and where to replace them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import potline as pot
from potline.report.data_worth import FIRST, first_sentence, worth_of


@cache
def found() -> pot.TonnageTornado:
    return pot.tonnage_tornado(pot.load("china-aluminium-2013"), points=3)


def test_every_input_stands_once_with_its_swing_and_standing() -> None:
    case, lines = pot.load("china-aluminium-2013"), worth_of(found())
    standing = {factor.name: factor.standing for factor in case.factors}
    assert [(one.input, one.swing_kt) for one in lines] == [(row.input.name, row.swing_kt) for row in found().rows]
    assert all(one.standing == standing[one.input] for one in lines)
    by_name = {one.input: one for one in lines}
    grid = sum(plant.power_source == "grid" for plant in case.industry.plants)
    assert by_name["grid power price"].numbers == grid
    assert by_name["grid power price"].edit_at == "column plants.power_price_cny_per_kwh"
    assert by_name["metal premium"].numbers == 1


def test_the_line_named_holds_the_number() -> None:
    folder = Path(pot.__file__).parent / "cases" / "china-aluminium-2013"
    lines = (folder / "case.toml").read_text(encoding="utf-8").splitlines()
    paths = {factor.name: factor.path for factor in pot.load("china-aluminium-2013").factors}
    seen = 0
    for one in worth_of(found()):
        if place := re.fullmatch(r"case\.toml line (\d+)", one.edit_at):
            field = paths[one.input].rpartition("].")[2].replace("_per_t", "")
            assert field in lines[int(place[1]) - 1]
            seen += 1
    assert seen >= FIRST


def test_the_sentence_names_what_moves_most_and_nobody_published() -> None:
    lines = [one for one in worth_of(found()) if one.standing != "reported" and one.swing_kt > 1e-6]
    said = first_sentence(found())
    assert all(f"{one.input} (" in said and one.edit_at in said for one in lines[:FIRST])
    assert not any(f"{one.input} (" in said for one in lines[FIRST:])
