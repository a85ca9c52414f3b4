"""Capacities as vendors write them: read, or refused with a reason, never 0."""

import pytest

from potline.lists.amounts import factor_of, read_amount, unit_in
from potline.lists.owners import read_owners

READ = {
    "1200": "1200", "1,200": "1200", "1 200": "1200", "1'200.5": "1200.5", "1.2 Mt": "1200", "500 ktpa": "500",
    "900-1,100": "900..1100", "900 – 1100": "900..1100", "900 to 1100 kt/y": "900..1100", "~500": "500",
    "3 mtpa": "3000", "1,200,000 t/y": "1200", "2739.726 t/d": "999.99999", "约": None,
}  # fmt: skip
WHY = {
    ">0": "a bound, not a number", ">500": "a bound, not a number", "500+": "a bound, not a number",
    "-5": "below 0", "0": "0", "0-100": "a range from 0", "12,5": "not a number with `.` as decimal sign",
    "1,2,3": "not a number with `.` as decimal sign", "n/k": "not a number", "12 barrels": "a unit that is not known",
    "1100-900": "a range that ends before it begins", "1e400": "not a number",
    "5 MT": "a unit that is not known",
    "9999999999": "more than 1e9 kt/year", "0.0000001": "less than 1e-6 kt/year", "inf": "not a number",
}  # fmt: skip


@pytest.mark.parametrize("cell", [cell for cell, text in READ.items() if text])
def test_a_number_is_read_in_its_unit(cell: str) -> None:
    found = read_amount(cell, 1.0, ".")
    assert (found.why, found.written) == ("", READ[cell])


@pytest.mark.parametrize("cell", WHY)
def test_what_is_no_number_says_why(cell: str) -> None:
    found = read_amount(cell, 1.0, ".")
    assert (found.why, found.low, found.high) == (WHY[cell], 0.0, 0.0)


def test_bounds_and_approximate_numbers_are_the_users_choice() -> None:
    assert read_amount(">500", 1.0, ".", bounds="take").written == "500"
    assert read_amount(">0", 1.0, ".", bounds="take").why == "a bound, not a number"
    assert read_amount("c. 500", 1.0, ".").about
    assert read_amount("~500", 1.0, ".", approximate="drop").why == "an approximate number"


def test_the_decimal_sign_is_one_or_the_other() -> None:
    assert read_amount("1.234,5", 1.0, ",").written == "1234.5"
    assert read_amount("1.2345", 1.0, ",").why == "not a number with `,` as decimal sign"


def test_units() -> None:
    known = {
        "t/year": 0.001,
        "kt": 1.0,
        "Mt": 1000.0,
        "thousand tonnes": 1.0,
        "'000 t": 1.0,
        "tpd": 0.365,
        "万吨/年": 10.0,
    }
    assert {unit: factor_of(unit) for unit in known} == known
    assert [factor_of(unit) for unit in ("", "MT", "USD/t", "kt/fortnight")] == [None] * 4
    assert unit_in("年产能(万吨)") == "万吨"


@pytest.mark.parametrize(
    ("cell", "decides", "total", "tie", "minority"),
    [
        ("A [60%]; B [40%]", "A", 100.0, False, False),
        ("A (49%), B (51%)", "B", 100.0, False, False),
        ("A 50%; B 50%", "A", 100.0, True, False),
        ("Other [80%]; A [20%]", "A", 100.0, False, True),
        ("A [60%]; B [30%]", "A", 90.0, False, False),
        ("Other [100%]", "", 100.0, False, False),
    ],
)
def test_the_largest_share_decides(cell: str, decides: str, total: float, tie: bool, minority: bool) -> None:
    found = read_owners(cell, {"other"})
    assert (found.decides, found.total, found.tie, found.minority) == (decides, total, tie, minority)
    assert read_owners("A; B").tie
    assert read_owners("A; B").decides == "A"
