"""Warnings of the command line: a level of its own in `check`, and the first lines of every answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from potline.cases import new
from potline.cli import command

DEAR = "discount_rate=10"
RATE = (
    "override 'discount_rate=10': found 10 a year; usual 0.01 to 0.3 a year. "
    "What a year of waiting costs a firm; 10 % a year is written 0.10."
)
SHORT = (
    "state of the plants: found 930 kt/year that run and 93 that are bought at 1,860 EUR/t as quoted; nothing takes "
    "the other 837; what runs is usually 0.98 to 1.02 times what is bought, with trade. "
    "Look at demand.quantity_kt and running_kt."
)


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    new(tmp_path / "starter")
    return tmp_path / "starter"


def call(*arguments: Any) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_check_lists_warnings_and_leaves_with_0_and_with_2_if_strict(starter: Path) -> None:
    asked = ("check", starter, "--set", DEAR, "--set", "demand.quantity_kt=93")
    order = (
        "starter is in order: 6 plants, 5 firms, 81 claims of which 81 assumed, 3 uncertain factors, 3 record entries."
    )
    plain = call(*asked)
    assert plain.exit_code == 0
    assert plain.output.splitlines() == [order, "2 warnings:", f"  {SHORT}", f"  {RATE}"]
    strict = call(*asked, "--strict")
    assert (strict.exit_code, strict.output) == (2, plain.output)
    quiet = call(*asked, "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "starter is in order, with 2 warnings.\n")


def test_a_case_without_warnings_is_in_order_also_if_strict(starter: Path) -> None:
    result = call("check", starter, "--strict", "--quiet")
    assert (result.exit_code, result.output) == (0, "starter is in order.\n")


def test_check_has_warnings_in_json(starter: Path) -> None:
    wanted = {
        "kind": "range",
        "where": "override 'discount_rate=10'",
        "found": "10 a year",
        "usual": "usual 0.01 to 0.3 a year",
        "hint": "What a year of waiting costs a firm; 10 % a year is written 0.10.",
        "field": "discount_rate",
    }
    for extra, code, ok in (((), 0, True), (("--strict",), 2, False)):
        result = call("check", starter, "--set", DEAR, "--json", *extra)
        assert result.exit_code == code
        found = json.loads(result.stdout)
        assert (found["ok"], found["warnings"]) == (ok, [wanted])
    assert json.loads(call("check", starter, "--json").stdout)["warnings"] == []


ANSWERS = {
    "costs": (),
    "stops": (),
    "market": (),
    "meeting": ("--draws", "0"),
    "window": (),
    "remedy": (),
    "record": (),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_warnings_are_the_first_lines_of_every_answer_and_in_its_json(starter: Path, name: str) -> None:
    asked = (name, starter, *ANSWERS[name], "--set", "demand.quantity_kt=93")
    quiet = call(*asked, "--quiet")
    assert quiet.exit_code == 0, quiet.output
    lines = quiet.output.splitlines()
    assert lines[:2] == ["1 warning:", f"  {SHORT}"]
    assert len(lines) > 2
    found = json.loads(call(*asked, "--json").stdout)
    assert [warning["kind"] for warning in found["warnings"]] == ["state"]
    assert SHORT.startswith(f"{found['warnings'][0]['where']}: found {found['warnings'][0]['found']}")


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_without_warnings_begins_with_the_answer(starter: Path, name: str) -> None:
    result = call(name, starter, *ANSWERS[name], "--quiet")
    assert "warning" not in result.output.splitlines()[0]
    assert json.loads(call(name, starter, *ANSWERS[name], "--json").stdout)["warnings"] == []


def test_of_more_than_three_the_first_three_stand_there_and_the_command_that_prints_all(starter: Path) -> None:
    changes = ("plant[*].power_price_eur_per_kwh=42", "process.volatility=20", DEAR)
    result = call("costs", starter, "--quiet", *(part for text in changes for part in ("--set", text)))
    lines = result.output.splitlines()
    assert lines[0] == (
        f"5 warnings, the first 3 (all: potline check {starter} --set 'plant[*].power_price_eur_per_kwh=42' "
        "--set process.volatility=20 --set discount_rate=10):"
    )
    assert [line.partition(":")[0] for line in lines[1:4]] == [
        "  state of the plants",
        "  override 'discount_rate=10'",
        "  override 'process.volatility=20'",
    ]
    assert lines[4].startswith("At 1,860 EUR/t")
    told = call("check", starter, *(part for text in changes for part in ("--set", text))).output.splitlines()
    assert told[1] == "5 warnings:"
    assert told[2:5] == lines[1:4]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("market", "--cost", "cash", "--concept", "conjectural", "--theta", "7"),
            "--theta: found 7; usual 0 to 1. "
            "Conduct: 0 takes the price, 1 is Cournot's; above it owners act more and more as one.",
        ),
        (
            ("costs", "--price", "18.6"),
            "--price: found 18.6 EUR/t, that is 0.01 times the price of the product; usual 0.3 to 3 times. "
            "A price asked about beside the price of the date.",
        ),
        (
            ("remedy", "--premium", "1550"),
            "--premium: found 1550 EUR/t, that is 1 times the price of the product; usual 0 to 0.5 times. "
            "Paid above the price, beside it.",
        ),
    ],
)
def test_what_an_option_sets_is_checked_too(starter: Path, arguments: tuple[str, ...], expected: str) -> None:
    name, *options = arguments
    result = call(name, starter, *options, "--quiet")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[:2] == ["1 warning:", f"  {expected}"]


def test_a_run_says_its_warnings_first_and_keeps_them(starter: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    result = call("run", starter, "--draws", 8, "--set", DEAR, "--out", out, "--quiet")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[:3] == [
        "1 warning:",
        f"  {RATE}",
        "Example numbers for learning the format, not data",
    ]
    for name in ("results.json", "manifest.json"):
        found = json.loads((out / name).read_text(encoding="utf-8"))["warnings"]
        assert [(warning["where"], warning["field"]) for warning in found] == [
            ("override 'discount_rate=10'", "discount_rate")
        ]
    page = (out / "brief.html").read_text(encoding="utf-8")
    head, _, rest = page.partition("<nav>")
    assert '<p class="under">Brief · 1 warning · ' in head
    assert "reading them raised 1 warning." in head
    assert "usual 0.01 to 0.3" not in head
    below = rest.partition("Sources and standings</h2>")[2].partition("<ul>")[2]
    assert below.startswith("<li>override &#x27;discount_rate=10&#x27;: found 10 a year; usual 0.01 to 0.3 a year.")
    assert "Warnings about what was read; they stop no answer." in below


def test_a_brief_says_its_warnings_first(starter: Path, tmp_path: Path) -> None:
    result = call("brief", starter, "--draws", 0, "--set", DEAR, "--out", tmp_path / "b.html", "--json")
    assert result.exit_code == 0, result.output
    assert [warning["field"] for warning in json.loads(result.stdout)["warnings"]] == ["discount_rate"]
    assert "Brief · 1 warning · " in (tmp_path / "b.html").read_text(encoding="utf-8")
