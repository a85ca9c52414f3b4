"""window.csv: what is known of other months is read by its path, or refused with its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from potline.cases import load
from potline.errors import InputError

HEAD = "path,month,value,source,standing,note\n"
GOOD = (
    HEAD
    + "price_eur_per_t,2024-02,1800,example,reported,\n"
    + "plant[South 1].running_kt,2024-01,60 in 50..70,example,assumed,guess\n"
)


def test_a_month_is_the_case_with_its_rows_put_in(starter: Path) -> None:
    (starter / "window.csv").write_text(GOOD, encoding="utf-8")
    case = load(starter)
    assert case.months == ("2024-01", "2024-02")
    fact = case.window[0]
    assert (fact.path, fact.value, fact.low, fact.high) == ("plant[South 1].running_kt", 60.0, 50.0, 70.0)
    assert (fact.source, fact.standing, fact.note) == ("example", "assumed", "guess")
    first, second = case.in_month("2024-01"), case.in_month("2024-02")
    assert first.industry.plant("South 1").running_kt == 60.0
    assert first.industry.price_per_t == case.industry.price_per_t
    assert second.industry.price_per_t == second.industry.demand.price_per_t == pytest.approx(1500.0)
    assert second.industry.plants == case.industry.plants
    assert len(case.claims) == len(load(starter).claims)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("prize_eur_per_t,2024-01,1,example,reported,", "window.csv row 2, column path: found unknown number"),
        ("plant[South 1].running_kt,2024-01,1e6,example,reported,", "window.csv row 2, column path"),
        ("demand.elasticity,2024-01,-1,example,reported,", "window.csv row 2, column path: found a result of -1"),
        ("demand.elasticity,2024-1,1,example,reported,", "window.csv row 2, column month"),
        ("demand.elasticity,2024-01,,example,reported,", "window.csv row 2, column value"),
        ("demand.elasticity,2024-01,1,example,,", "window.csv row 2, column standing"),
        ("demand.elasticity,2024-01,1,nobody,reported,", "window.csv row 2, column source: found 'nobody'"),
    ],
)
def test_a_row_that_cannot_stand_is_refused(starter: Path, row: str, found: str) -> None:
    (starter / "window.csv").write_text(f"{HEAD}{row}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(starter)
    assert found in str(caught.value)


def test_a_number_twice_in_a_month_is_refused(starter: Path) -> None:
    row = "demand.elasticity,2024-01,0.2,example,reported,\n"
    (starter / "window.csv").write_text(HEAD + row + row, encoding="utf-8")
    with pytest.raises(InputError, match=r"path 'demand.elasticity 2024-01' again \(first in row 2\)"):
        load(starter)


def test_prices_of_the_record_are_without_tax_and_rise(starter: Path) -> None:
    with (starter / "record.csv").open("a", encoding="utf-8") as file:
        text = (starter / "record.csv").read_text(encoding="utf-8")
        names = text.splitlines()[0].split(",")
        for k, (value, unit) in enumerate((("1920", "EUR/t incl. VAT"), ("1500", "EUR/t"))):
            cells = {"id": f"M{k}", "quote": "metal", "subject": "market price", "value": value, "unit": unit,
                     "standing": "reported"}  # fmt: skip
            file.write(",".join(cells.get(name, "") for name in names) + "\n")
    assert load(starter).quoted_prices_per_t == pytest.approx((1500.0, 1600.0))
