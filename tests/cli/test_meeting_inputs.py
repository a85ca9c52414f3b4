"""`potline meeting` with a map, a tornado, a waiting cut and other institutions."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from potline.cases import load, new
from potline.cli import command


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    folder = tmp_path / "starter"
    new(folder)
    return folder


def call(*arguments: object) -> Any:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_what_is_asked_beyond_the_meeting_is_answered_and_written(starter: Path, tmp_path: Path) -> None:
    out = tmp_path / "inputs"
    factor = load(starter).factors[0].name
    plane = ("--map", factor, "stated", "meeting.least_cut_kt", "20..60")
    price = load(starter).industry
    below = 0.97 * price.with_vat(price.price_per_t)
    asked = ("--tornado", "--sensitivity", "--if-below", below, "--within", 2, "--look-ahead")
    result = call("meeting", starter, "--draws", 8, *plane, *asked, "--out", out, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    added = {"stability_map_keep", "stability_boundary_collapse", "tornado", "sensitivity", "condition", "triggers",
             "tonnage_tornado", "tonnage_map", "tonnage_sensitivity", "tonnage_obstacles",
             "institution_share"}  # fmt: skip
    assert added <= set(answer["tables"])
    said = " ".join(answer["answer"])
    assert f"In the plane of {factor} and meeting.least_cut_kt" in said
    assert "A binding signature today changes none of these verdicts." in said
    assert "the largest cut that holds lies between" in said
    assert {path.stem for path in out.glob("*.csv")} >= added
    for name in ("stability_map", "tonnage_map", "tornado", "sensitivity", "triggers"):
        assert (out / f"{name}.svg").read_text(encoding="utf-8").startswith("<svg")
        assert (out / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    with (out / "stability_map_keep.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 25 * 17
    assert {row["verdict"] for row in rows} <= {"agreement", "no agreement", "infeasible"}


BAD = [
    (
        ("--map", "discount_rate", "0.1", "meeting.least_cut_kt", "1..2"),
        "--map 'discount_rate': found '0.1'; needed LOW..HIGH, such as 120..200, or `stated` for the range of a "
        "factor.",
    ),
    (
        ("--map", "discount_rate", "few", "meeting.least_cut_kt", "1..2"),
        "--map 'discount_rate': found 'few'; needed LOW..HIGH, such as 120..200, or `stated` for the range of a "
        "factor.",
    ),
    (("--if-below", "-5"), "--if-below: found -5; needed a price above 0, as quoted with VAT."),
    (("--if-below", "5", "--within", "0"), "--within: found 0; needed a number of years above 0."),
]


@pytest.mark.parametrize(("arguments", "text"), BAD)
def test_what_cannot_be_asked_is_explained(starter: Path, arguments: tuple[str, ...], text: str) -> None:
    result = call("meeting", starter, "--draws", 8, *arguments)
    assert result.exit_code == 2
    assert result.output.strip() == text


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ("remedy", "--premium", "nan"),
            "--premium: found nan; needed a number from 0 to 1e+12. "
            "It is without VAT; left out it is 5 % of the price.",
        ),
        (
            ("remedy", "--premium", "-1"),
            "--premium: found -1; needed a number from 0 to 1e+12. It is without VAT; left out it is 5 % of the price.",
        ),
        (
            ("remedy", "--premium", "1e300"),
            "--premium: found 1e+300; needed a number from 0 to 1e+12. "
            "It is without VAT; left out it is 5 % of the price.",
        ),
        (("market", "--concept", "conjectural", "--theta", "nan"), "--theta: found nan; needed a number of 0 or more."),
    ],
)
def test_numbers_that_are_none_are_refused(starter: Path, arguments: tuple[str, ...], text: str) -> None:
    verb, *options = arguments
    result = call(verb, starter, *options)
    assert result.exit_code == 2
    assert result.output.strip() == text


def test_one_institution_is_said_so(starter: Path) -> None:
    result = call("meeting", starter, "--draws", 0, "--quiet", "--institution", "voluntary")
    assert "A cut comes about under the one asked for." in result.output
