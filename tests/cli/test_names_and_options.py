"""Names with commas, quotes and brackets can be named everywhere, and an option without effect is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from potline.cases import check, load, new
from potline.cli import command

FIRM = "Angang Steel Co., Ltd."
PLANTS = ['Old [1969], "north"', "A = B * 2", "O'Brien [2]", "*", "]. [", '"quoted"']


def call(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    folder = tmp_path / "starter"
    new(folder)
    return folder


@pytest.fixture
def odd(starter: Path) -> Path:
    """Return the starter case with a firm and plants of odd names."""
    rows = list(csv.reader(io.StringIO((starter / "plants.csv").read_text(encoding="utf-8"))))
    for row, name in zip(rows[1:], PLANTS, strict=True):
        row[0], row[1] = name, FIRM if row[1] == "Alpha" else row[1]
    for file, content in (("plants.csv", rows), ("firms.csv", None)):
        path = starter / file
        found = content or list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        if content is None:
            found[1][0] = FIRM
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows(found)
    text = (starter / "case.toml").read_text(encoding="utf-8")
    (starter / "case.toml").write_text(text.replace('"Alpha"', f'"{FIRM}"'), encoding="utf-8")
    assert check(starter) == ()
    return starter


@pytest.mark.parametrize("name", PLANTS)
def test_a_plant_of_any_name_can_be_named(odd: Path, name: str) -> None:
    case = load(odd)
    quoted = '"' + name.replace('"', '""') + '"'
    changed = case.override(f"plant[{quoted}].other_cost_eur_per_t=1234")
    moved = [plant.name for plant in changed.industry.plants if plant.other_cost_per_t == 1234.0]
    assert moved == [name]
    again = case.override(f"plant[plant={quoted}, province={case.industry.plant(name).government}].line_kt=7")
    assert [plant.name for plant in again.industry.plants if plant.line_kt == 7.0] == [name]
    assert any(claim.path.startswith(f"plant[{name if name == PLANTS[2] and '[' not in name else quoted}].")
               for claim in case.claims)  # fmt: skip


def test_a_firm_with_a_comma_needs_no_quotes_in_a_path(odd: Path) -> None:
    case = load(odd)
    for text in (
        f"plant[firm={FIRM}].line_kt=7",
        f"plant[firm={FIRM}, province=Northland].line_kt=7",
        f'plant[province=Northland,firm="{FIRM}"].line_kt=7',
    ):
        changed = case.override(text)
        assert {plant.firm for plant in changed.industry.plants if plant.line_kt == 7.0} == {FIRM}


def test_subsidies_and_answers_reach_plants_of_odd_names(odd: Path) -> None:
    case = load(odd)
    assert {plant.name for plant in case.industry.plants if plant.support_per_kwh > 0.0} == set(PLANTS[3:])
    for name in ("costs", "stops", "market"):
        result = call(name, odd, "--json")
        assert result.exit_code == 0, result.output
    result = call("costs", odd, "--set", 'plant["*"].other_cost_eur_per_t=9999', "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["tables"]


@pytest.mark.parametrize(
    "members",
    [
        ("--members", FIRM, "--members", "Gamma"),
        ("--members", f'"{FIRM}",Gamma'),
        ("--members", f'Gamma, "{FIRM}"'),
        ("--members", f"{FIRM}", "--members", "Gamma,Gamma"),
    ],
)
def test_owners_with_commas_can_be_members(odd: Path, members: tuple[str, ...]) -> None:
    result = call("market", odd, "--concept", "cartel", *members, "-q")
    assert result.exit_code == 0, result.output
    plain = call("market", odd, "--concept", "cartel", "--members", "Gamma", "--members", FIRM, "-q")
    assert result.output == plain.output


def test_a_member_nobody_knows_is_explained(odd: Path) -> None:
    result = call("market", odd, "--concept", "leader", "--members", f"{FIRM},Gamma")
    assert result.exit_code == 2
    assert result.output == (
        "--members: found 'Angang Steel Co.', 'Ltd.'; needed owners of plants. Did you mean 'Angang Steel Co., Ltd.'? "
        "A name with a comma stands in double quotes, or --members is repeated.\n"
    )


@pytest.mark.parametrize(
    "name", ["stockpile", "conditional stockpile", "conditional-stockpile", "Conditional_Stockpile"]
)
def test_an_institution_of_two_words_is_named_by_one_or_both(starter: Path, name: str) -> None:
    result = call("meeting", starter, "--draws", 0, "--institution", name, "-q")
    assert result.exit_code == 0, result.output
    assert "State stockpile for those who idle: " in result.output
    assert "Ordered by the state: " not in result.output


IDLE = {
    "members": (
        ("market", "--members", "Alpha"),
        "--members: found --concept competitive, which has no use for it; needed --concept cartel or leader.",
    ),
    "theta": (
        ("market", "--concept", "cournot", "--theta", "0.5"),
        "--theta: found --concept cournot, which has no use for it; needed --concept conjectural.",
    ),
    "gross": (
        ("costs", "--gross", "--measure", "full"),
        "--gross: found --measure full, which counts support either way; needed --measure cash.",
    ),
    "within": (
        ("meeting", "--draws", "0", "--within", "1"),
        "--within: found no --if-below; needed the price that the plan waits for.",
    ),
    "look ahead": (
        ("meeting", "--draws", "0", "--look-ahead"),
        "--look-ahead: found --draws 0; needed draws over the stated input ranges.",
    ),
    "seed": (
        ("meeting", "--draws", "0", "--seed", "3"),
        "--seed has no effect beside --draws 0; leave one out.",
    ),
    "rows": (
        ("costs", "--rows", "3", "--json"),
        "--rows has no effect beside --json, which holds every row of every table; leave one out.",
    ),
    "table": (
        ("remedy", "--table", "all", "--quiet"),
        "--table has no effect beside --quiet, which shows no table; leave one out.",
    ),
}


@pytest.mark.parametrize("name", IDLE)
def test_an_option_without_effect_is_refused(starter: Path, name: str) -> None:
    (verb, *options), expected = IDLE[name]
    result = call(verb, starter, *options)
    assert result.exit_code == 2
    assert result.output.splitlines()[-1].removeprefix("Error: ") == expected


def test_stopping_prices_need_a_law_of_the_price(starter: Path) -> None:
    text = (starter / "case.toml").read_text(encoding="utf-8")
    parts = [part for part in text.split("\n[") if not part.startswith('numbers."process.')]
    (starter / "case.toml").write_text("\n[".join(parts), encoding="utf-8")
    assert call("market", starter, "-q").exit_code == 0
    result = call("market", starter, "--cost", "stopping", "-q")
    assert result.exit_code == 2
    assert result.output == (
        "--cost stopping: found a case without a law of its price; needed `process.volatility`, which stopping prices "
        "rest on. Or ask for --cost cash.\n"
    )


TWICE = {
    "the same number": ("price_eur_per_t=1800", "price_eur_per_t=1900"),
    "added, then set": ("price_eur_per_t+=10", "price_eur_per_t=1900"),
    "one, then all": ("plant[Gamma].line_kt=5", "plant[*].line_kt=6"),
    "by a column": ("plant[Gamma].line_kt=5", "plant[firm=Gamma].line_kt=6"),
}


@pytest.mark.parametrize("name", TWICE)
def test_a_number_set_twice_is_refused(starter: Path, name: str) -> None:
    first, second = TWICE[name]
    result = call("costs", starter, "--set", first, "--set", second)
    assert result.exit_code == 2
    assert result.output == (
        f"override {second!r}: found a second value for the same number; needed one value for each number. "
        f"{first!r} would have no effect; leave one out.\n"
    )


@pytest.mark.parametrize(
    "texts",
    [
        ("price_eur_per_t=1800", "price_eur_per_t*=1.1"),
        ("plant[*].line_kt=5", "plant[Gamma].line_kt=6"),
        ("plant[Gamma].line_kt=5", "plant[North 1].line_kt=6"),
    ],
)
def test_overrides_that_all_have_an_effect_are_applied_in_order(starter: Path, texts: tuple[str, ...]) -> None:
    load(starter).override(*texts)


UNREAD = (
    "found brackets that cannot be read; needed plant[NAME].COLUMN=VALUE. A name with any of [ ] = and quotes stands "
    "in double quotes, with quotes inside it doubled."
)
BROKEN = {
    "plant[].line_kt=1": UNREAD,
    'plant["North 1].line_kt=1': UNREAD,
    "plant[No[1]].line_kt=1": UNREAD,
    "plant[North 1]": "found no `=`; needed PATH=VALUE, PATH+=VALUE or PATH*=VALUE. For example `discount_rate=0.08`.",
    "plant[=x].line_kt=1": "found the selector '=x'; needed a name, or pairs FIELD=NAME joined by commas.",
    "x" * 3000 + "=1": "found 3,002 characters; needed at most 2,000.",
    "price_eur_per_t\x1b=1": "found a control character, U+001B; needed text without control characters.",
    "price_eur_per_t=" + "1" * 500: "needed a number of at most 100 characters.",
}


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_override_is_one_typed_error(starter: Path, text: str) -> None:
    result = call("costs", starter, "--set", text)
    assert result.exit_code == 2
    assert BROKEN[text] in result.output
    assert len(result.output) < 800
    assert result.output.count("\n") == 1
