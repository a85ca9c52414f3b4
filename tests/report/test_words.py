from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from potline.report.words import amount, listing, money_m, percent, rounded, signed, tonnes


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12), st.integers(0, 4))
def test_an_amount_reads_back_to_the_number_rounded(value: float, digits: int) -> None:
    text = amount(value, digits).replace(",", "").replace("−", "-")
    assert float(text) == pytest.approx(round(value, digits), abs=0.5 * 10.0**-digits + 1e-9 * abs(value))
    assert text != "-0"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_a_sign_is_shown_only_for_what_is_not_nothing(value: float) -> None:
    assert signed(value).startswith("+") == (round(value) > 0)
    assert ("−" in signed(value)) == (round(value) < 0)


def test_what_is_missing_or_unlimited_is_said() -> None:
    assert amount(math.nan) == percent(math.nan) == "n/a"
    assert (amount(math.inf), rounded(-math.inf)) == ("no limit", "−no limit")


def test_units_change_where_they_read_better() -> None:
    assert (money_m(999.4, "CNY"), money_m(1_000.0, "CNY")) == ("999 m CNY", "1 bn CNY")
    assert (tonnes(9_999.0), tonnes(10_000.0)) == ("9,999 kt/year", "10.0 Mt/year")
    assert listing([]) == "none"
