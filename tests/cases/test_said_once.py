"""Unit, tax, source and standing said once: by a name, a column, a table; and the minimal case that rests on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from potline.cases import check, load, new, shipped


@pytest.fixture
def minimal(tmp_path: Path) -> Path:
    new(tmp_path / "min", minimal=True)
    return tmp_path / "min"


def edit(folder: Path, old: str, new_text: str, file: str = "case.toml") -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, old
    (folder / file).write_text(text.replace(old, new_text), encoding="utf-8")


def test_the_minimal_case_has_four_files_and_sixty_lines_at_most(minimal: Path) -> None:
    files = sorted(minimal.iterdir())
    assert [file.name for file in files] == ["case.toml", "firms.csv", "plants.csv", "sources.csv"]
    assert sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files) <= 60
    case = load(minimal)
    assert (case.name, case.industry.product) == ("min", "cement")
    assert "minimal" not in shipped()
    assert case.meeting is not None
    assert case.meeting.least_cut_kt == 300.0
    assert all(claim.source == "example" and claim.standing == "assumed" for claim in case.claims)


def test_what_is_said_once_is_the_same_as_said_of_each(minimal: Path) -> None:
    once = load(minimal)
    said = '{ value = 80, unit = "EUR/t", vat = "excluded", source = "example", standing = "assumed" }'
    edit(minimal, "price_eur_per_t = 80", f"price_eur_per_t = {said}")
    column = '{ unit = "EUR/t", vat = "excluded", source = "example", standing = "assumed" }'
    edit(minimal, "[columns.plants] ", f"[columns.plants.other_cost_eur_per_t]\n{column[2:-2].replace(', ', chr(10))}\n"
                                       "[columns.plants] ")  # fmt: skip
    each = load(minimal)
    assert [(c.path, c.value, c.unit, c.vat, c.source, c.standing) for c in each.claims] == [
        (c.path, c.value, c.unit, c.vat, c.source, c.standing) for c in once.claims
    ]
    assert each.industry == once.industry
    assert {claim.path: (claim.unit, claim.vat) for claim in once.claims}["demand.elasticity"] == ("1", "none")
    assert {claim.path: claim.unit for claim in once.claims}["meeting.least_cut_kt"] == "kt/year"


def test_one_number_may_say_otherwise(minimal: Path) -> None:
    edit(minimal, "vat_rate = 0", "vat_rate = 0.25")
    assert load(minimal).industry.price_per_t == 80.0
    edit(minimal, "price_eur_per_t = 80", 'price_eur_per_t = { value = 80, vat = "included", standing = "reported" }')
    case = load(minimal)
    assert case.industry.price_per_t == 64.0
    claim = case.claims["price_per_t"]
    assert (claim.vat, claim.standing, claim.source, claim.unit) == ("included", "reported", "example", "EUR/t")


def test_tax_said_of_all_numbers_is_said_of_money_alone(minimal: Path) -> None:
    edit(minimal, "vat_rate = 0", "vat_rate = 0.25")
    edit(minimal, 'vat = "excluded"', 'vat = "included"')
    industry = load(minimal).industry
    assert (industry.price_per_t, industry.demand.quantity_kt) == (64.0, 5200.0)
    assert (industry.plants[0].capacity_kt, industry.plants[0].other_cost_per_t) == (1500.0, 58 / 1.25)


WRONG = {
    "a tax of no kind": (
        ('said once; a name says its unit\nvat = "excluded"', 'said once; a name says its unit\nvat = "exluded"'),
        ["case.toml line 13, key numbers.vat: found 'exluded'; needed one of: included, excluded, none. "
         "Did you mean 'excluded'?",
         "case.toml line 16, key numbers.price_eur_per_t.vat: found nothing; needed one of: included, excluded, none."],
    ),
    "a source that nobody knows": (
        ('for all numbers of plants.csv\nvat = "excluded"\nsource = "example"',
         'for all numbers of plants.csv\nvat = "excluded"\nsource = "exampel"'),
        ["case.toml line 31, key columns.plants.source: found 'exampel'; needed an id of sources.csv. "
         "Did you mean 'example'?"],
    ),
    "no tax of a price": (
        ('said once; a name says its unit\nvat = "excluded"\n', 'said once; a name says its unit\n'),
        ["case.toml line 15, key numbers.price_eur_per_t.vat: found nothing; needed one of: included, excluded, none."],
    ),
    "a unit said of all": (
        ("for all numbers of plants.csv\n", 'for all numbers of plants.csv\nunit = "t"\n'),
        ["case.toml line 30, key columns.plants.unit: found a column that is not there; needed a column of plants.csv. "
         "Columns: plant, firm, capacity_kt, running_kt, other_cost_eur_per_t."],
    ),
    "no tax of a column of money": (
        ('for all numbers of plants.csv\nvat = "excluded"\n', "for all numbers of plants.csv\n"),
        ["case.toml line 29, key columns.plants.other_cost_eur_per_t: found nothing; needed the unit and tax basis of "
         "column other_cost_eur_per_t of plants.csv. Add a table `[columns.plants.other_cost_eur_per_t]` with unit, "
         "vat, source and standing."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_said_wrongly_of_all_is_told_where_it_stands(name: str, minimal: Path) -> None:
    edit(minimal, *WRONG[name][0])
    assert [str(problem) for problem in check(minimal)] == WRONG[name][1]


def test_what_is_said_of_all_stands_in_a_row_of_its_own_in_a_workbook(minimal: Path, tmp_path: Path) -> None:
    case = load(minimal)
    case.save(tmp_path / "min.xlsx")
    from tests.cases.workbooks.books import cells_of

    cells = cells_of(tmp_path / "min.xlsx")
    assert cells["numbers"][1][:6] == ["*", "", "", "excluded", "example", "assumed"]
    assert cells["columns"][1][:6] == ["plants", "*", "", "excluded", "example", "assumed"]
    assert cells["case"][-3][:3] == ["meeting", "least_cut_kt", 300.0]
    again = load(tmp_path / "min.xlsx")
    assert again.industry == case.industry
    assert [(c.path, c.value, c.unit, c.vat) for c in again.claims] == [
        (c.path, c.value, c.unit, c.vat) for c in case.claims
    ]
