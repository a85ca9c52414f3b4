"""Each usual range is tested just inside and just outside both ends, with the whole text of its warning."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from tests.plausibility.putting import put

from potline.cases import Case, load
from potline.industry import Change, StatePurchase
from potline.plausibility import check, usual_ranges

TEXTS = Path(__file__).with_name("usual_texts.txt")
INSIDE, OUTSIDE = 1e-9, 1e-6
INDUSTRIES = (
    "mining", "iron", "smelt", "steel", "copper", "gas", "barrels", "aluminium", "dallas fed", "as of plants",
    "as of inputs of plants", "as support of a tonne made",
)  # fmt: skip
"""What a source says that is of one industry."""


def said() -> dict[tuple[str, str], str]:
    """Return the text of each field and end that can be left."""
    lines = TEXTS.read_text(encoding="utf-8").splitlines()
    return {(field, end): text for field, end, text in (line.split(" | ", 2) for line in lines)}


@pytest.fixture(scope="module")
def case() -> Case:
    """The flagship without factors, and with a number in each field; nothing in it is unusual."""
    made = load("china-aluminium-2013")
    bought = tuple(policy for policy in made.industry.policies if isinstance(policy, StatePurchase))
    others = tuple(policy for policy in made.industry.policies if policy not in bought)
    made = dataclasses.replace(
        made,
        factors=(),
        other_policies=(*made.other_policies, *bought),
        industry=dataclasses.replace(made.industry, policies=others),
    )
    made = made.under(
        Change(path="trade.export_floor_per_t", value=10_000.0),
        Change(path="process.mean_price_per_t", value=12_000.0),
        Change(path="plant[*].line_kt", value=10.0),
    )
    assert check(made) == ()
    return made


def test_every_row_says_from_where_it_is() -> None:
    for field, row in usual_ranges().items():
        assert row.low < row.high, field
        assert row.why.endswith("."), field
        assert row.source, field
        assert row.standing in ("reported", "derived", "judgement"), field
        assert row.source == "ours" or row.standing != "reported" or "ours" not in row.source, field
        assert (row.industry == "any") != any(word in row.source.lower() for word in INDUSTRIES), field


def test_the_ranges_speak_of_no_single_industry_and_no_currency() -> None:
    for field, row in usual_ranges().items():
        for word in ("alumin", "bauxite", "steel", "smelt", "metal", "potline ", "cny", "usd/t", "eur"):
            assert word not in f"{row.measure} {row.unit} {row.why}".lower(), field


def test_every_end_that_a_number_can_leave_has_its_text() -> None:
    ends = {(field, "low") for field, row in usual_ranges().items() if row.low != 0.0}
    ends |= {(field, "high") for field in usual_ranges()}
    assert set(said()) == ends


@pytest.mark.parametrize(("field", "end"), sorted(said()), ids=lambda value: value)
def test_just_inside_nothing_is_said_and_just_outside_the_value_and_the_usual_range(
    case: Case, field: str, end: str
) -> None:
    row = usual_ranges()[field]
    at, outward = (row.low, -abs(row.low)) if end == "low" else (row.high, abs(row.high))
    for step, wanted in ((-INSIDE, []), (OUTSIDE, [said()[field, end]])):
        moved, asked = put(case, field, at + step * outward)
        assert [str(warning) for warning in check(moved, asked) if warning.field == field] == wanted


def test_the_page_has_the_ranges_as_they_are() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "read-warnings.md"
    said = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    rows = [line for line in said if "." in line.partition("` |")[0] or "_" in line.partition("` |")[0]]
    assert rows == [
        "| " + " | ".join((
            f"`{row.field}`",
            row.unit.removeprefix("times ") if row.measure else "itself",
            row.words.removeprefix("usual "),
            row.why,
            row.source,
            row.industry,
            row.standing,
        )) + " |"
        for row in usual_ranges().values()
    ]  # fmt: skip
