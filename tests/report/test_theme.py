from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from potline.report.theme import CATEGORIES, axis_start, category_colours, diverging, grouped_names, ink_on

AMOUNTS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6)


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@given(AMOUNTS, st.floats(min_value=0.1, max_value=1e6))
def test_words_on_a_tile_can_be_read_whatever_its_colour(value: float, reach: float) -> None:
    tile = diverging(value, reach)
    assert contrast(tile, ink_on(tile)) >= 3.8


@given(AMOUNTS, AMOUNTS)
def test_an_axis_starts_below_its_lowest_value(low: float, high: float) -> None:
    low, high = sorted((low, high))
    start = axis_start(low, high)
    assert start >= 0.0
    assert start <= max(low, 0.0)


def test_the_sign_of_a_small_value_shows_in_its_colour() -> None:
    assert len({diverging(value, 1000.0) for value in (-10.0, 0.0, 10.0)}) == 3


def test_at_most_seven_names_have_a_colour_and_the_rest_are_others() -> None:
    sizes = {f"province {k:02d}": float(k) for k in range(20)}
    kept = grouped_names(sizes, first={"province 00": 5.0})
    domain, colours = category_colours(kept, others=True)
    assert len(kept) == len(CATEGORIES) == 7
    assert "province 00" in kept
    assert domain[-1] == "others"
    assert len(set(colours)) == 8
