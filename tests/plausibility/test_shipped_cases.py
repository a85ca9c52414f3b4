"""The shipped cases and the starter give no warning that their page does not explain."""

from __future__ import annotations

from pathlib import Path

import pytest

from potline.cases import load, new, shipped
from potline.plausibility import check

PAGES = Path(__file__).resolve().parents[2] / "docs" / "cases"


@pytest.mark.parametrize("name", shipped())
def test_each_warning_stands_on_the_page_with_its_reason(name: str) -> None:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8").partition("## Warnings\n\n")[2].partition("\n## ")[0]
    said = check(load(name))
    quoted = [line.removeprefix("> ") for line in text.splitlines() if line.startswith("> ")]
    assert quoted == [str(warning) for warning in said]
    if not said:
        assert text.startswith("`potline check` has no warning")
    for part in text.split("> ")[1:]:
        assert len(part.partition("\n\n")[2].strip()) > 80, part


def test_which_cases_have_warnings() -> None:
    assert {name: [warning.where for warning in check(load(name))] for name in shipped()} == {
        "china-aluminium-2013": [],
        "china-aluminium-2013-june": ["price of the date"],
        "china-aluminium-2015": [],
        "china-aluminium-2017": [],
        "steel-2023": ["state of the plants"],
        "steel-china-2023": [],
    }


def test_the_starter_has_none(tmp_path: Path) -> None:
    new(tmp_path / "starter")
    assert check(load(tmp_path / "starter")) == ()
