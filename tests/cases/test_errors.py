"""Every mistake gives one message with its place, what was found, what is needed and what to try."""

from __future__ import annotations

from pathlib import Path

import pytest

from potline.cases import check, load
from potline.errors import InputError


def mistake(folder: Path, file: str, old: str, new: str, encoding: str = "utf-8") -> int:
    """Replace the first ``old`` by ``new`` and return the line of it."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, old
    (folder / file).write_bytes(text.replace(old, new, 1).encode(encoding))
    return text[: text.index(old)].count("\n") + 1


def texts(folder: Path) -> list[str]:
    return [str(problem) for problem in check(folder)]


IN_TABLES = {
    "negative capacity": (
        "plants.csv", ",200,,", ",-5,,",
        "plants.csv row 4, column capacity_kt: found -5 for plant 'Beta North'; needed 0 or more. "
        "If the plant closed, set `capacity_kt` to 0.",
    ),
    "unknown province": (
        "plants.csv", "Gamma,Gamma,Southland", "Gamma,Gamma,Southlnd",
        "plants.csv row 6, column province: found unknown province 'Southlnd'; needed a province of governments.csv. "
        "Did you mean 'Southland'?",
    ),
    "unknown firm": (
        "plants.csv", "Gamma,Gamma,", "Gamma,Gama,",
        "plants.csv row 6, column firm: found unknown firm 'Gama'; needed a firm of firms.csv. Did you mean 'Gamma'?",
    ),
    "unknown firm, none near": (
        "plants.csv", "Gamma,Gamma,", "Gamma,Qwx,",
        "plants.csv row 6, column firm: found unknown firm 'Qwx'; needed a firm of firms.csv. "
        "Known: Alpha, Beta Group, Beta Smelting, Gamma, Delta Rolling.",
    ),
    "duplicate plant": (
        "plants.csv", "North 2,", "North 1,",
        "plants.csv row 3, column plant: found plant 'North 1' again (first in row 2); needed each plant once. "
        "Delete the row or give it another name.",
    ),
    "range upside down": (
        "plants.csv", "0.0552..0.0600", "0.0600..0.0552",
        "plants.csv row 7, column power_price_eur_per_kwh: found '0.0600..0.0552' for plant 'South 1'; "
        "needed a range written low..high, the lower end first.",
    ),
    "central value outside its range": (
        "plants.csv", "0.0552..0.0600", "0.07 in 0.0552..0.0600",
        "plants.csv row 7, column power_price_eur_per_kwh: found '0.07 in 0.0552..0.0600' for plant 'South 1'; "
        "needed a central value inside its range.",
    ),
    "unknown column": (
        "plants.csv", "other_cost_eur_per_t", "othr_cost_eur_per_t",
        "plants.csv row 1, column othr_cost_eur_per_t: found an unknown column; needed a known column. "
        "Did you mean 'other_cost_eur_per_t'?",
    ),
    "currency of another case": (
        "governments.csv", "tax_eur_per_t", "tax_cny_per_t",
        "governments.csv row 1, column tax_cny_per_t: found an unknown column; needed a known column. "
        "Did you mean 'tax_eur_per_t'?",
    ),
    "missing column": (
        "suppliers.csv", "capacity_kt", "note",
        "suppliers.csv row 1, column capacity_kt: found no such column; needed this column. "
        "Add it to the first row, with a cell in every row below.",
    ),
    "column twice": (
        "governments.csv", "tax_eur_per_t", "jobs_per_kt",
        "governments.csv row 1, column jobs_per_kt: found the column twice; needed each column once.",
    ),
    "missing cell": (
        "plants.csv", "Gamma,Gamma,", "Gamma,,",
        "plants.csv row 6, column firm: found nothing for plant 'Gamma'; "
        "needed a name without semicolons.",
    ),
    "missing price of an input": (
        "plants.csv", "1.93,354", "1.93,",
        "plants.csv row 4, column alumina_price_eur_per_t: found nothing for plant 'Beta North'; needed a number, "
        "because alumina_use_t_per_t is given. Or state it for all in `[defaults.plants.alumina_price_eur_per_t]`.",
    ),
    "running more than is built": (
        "plants.csv", ",150,120,", ",150,160,",
        "plants.csv row 3, column running_kt: found running_kt = 160 for plant 'North 2'; "
        "needed at most capacity_kt = 150. Lower one or raise `capacity_kt`.",
    ),
    "running a hair more than is built": (
        "plants.csv", ",150,120,", ",150,150.0000001,",
        "plants.csv row 3, column running_kt: found running_kt = 150.0000001 for plant 'North 2'; "
        "needed at most capacity_kt = 150. Lower one or raise `capacity_kt`.",
    ),
    "not a number": (
        "plants.csv", ",0.0420,", ",NaN,",
        "plants.csv row 2, column power_price_eur_per_kwh: found 'NaN' for plant 'North 1'; needed a number. "
        "Write 0 where there is none.",
    ),
    "infinite": (
        "plants.csv", ",200,,", ",1e999,,",
        "plants.csv row 4, column capacity_kt: found 1e999 for plant 'Beta North'; needed a finite number.",
    ),
    "text for a number": (
        "plants.csv", ",200,,", ",2_00,,",
        "plants.csv row 4, column capacity_kt: found '2_00' for plant 'Beta North'; "
        "needed a number, `low..high` or `central in low..high`.",
    ),
    "digits of another script": (
        "plants.csv", ",200,,", ",２００,,",
        "plants.csv row 4, column capacity_kt: found '２００' for plant 'Beta North'; "
        "needed ordinary digits 0-9 in a number.",
    ),
    "thousands separators": (
        "plants.csv", ",200,,", ',"1,200",,',
        "plants.csv row 4, column capacity_kt: found '1,200' for plant 'Beta North'; needed a number without commas. "
        "Write `1200`; a decimal sign is a point.",
    ),
    "decimal comma": (
        "plants.csv", ",0.0420,", ',"0,042",',
        "plants.csv row 2, column power_price_eur_per_kwh: found '0,042' for plant 'North 1'; "
        "needed a number without commas. Write `0.042`; a decimal sign is a point.",
    ),
    "decimal commas in a range": (
        "plants.csv", "0.0552..0.0600", '"0,0552..0,0600"',
        "plants.csv row 7, column power_price_eur_per_kwh: found '0,0552..0,0600' for plant 'South 1'; "
        "needed a number without commas. Write `0.0552..0.0600`; a decimal sign is a point.",
    ),
    "extra cells": (
        "plants.csv", ',med,"example, not data"', ",med,example, not data",
        "plants.csv row 4: found 15 cells, the last 'not data'; needed 14, as in the header. "
        "Put a cell that holds a comma in double quotes.",
    ),
    "open quote": (
        "plants.csv", '"example, not data; a blank', '"example, "not data; a blank',
        "plants.csv row 2: found a row that cannot be read (',' expected after '\"'); "
        'needed cells separated by commas, with quotes in pairs, as in "a, b".',
    ),
    "unknown word": (
        "plants.csv", ",captive,", ",captiv,",
        "plants.csv row 2, column power_source: found 'captiv' for plant 'North 1'; needed one of: grid, captive. "
        "Did you mean 'captive'?",
    ),
    "unknown source": (
        "firms.csv", "has no plants\",example", "has no plants\",exampel",
        "firms.csv row 6, column source: found 'exampel'; needed an id of sources.csv. Did you mean 'example'?",
    ),
    "unknown owner": (
        "firms.csv", "Beta Smelting,Beta Group,", "Beta Smelting,Beta Grop,",
        "firms.csv row 4, column owner: found unknown firm 'Beta Grop'; needed a firm of firms.csv. "
        "Did you mean 'Beta Group'?",
    ),
    "owner that does not decide": (
        "firms.csv", "Beta Group,,", "Beta Group,Gamma,",
        "firms.csv row 4, column owner: found owner 'Beta Group', itself owned by 'Gamma'; "
        "needed the firm that decides. Write 'Gamma'.",
    ),
    "unit of a policy": (
        "policies.csv", "EUR/kWh", "EUR/MWh",
        "policies.csv row 2, column unit: found 'EUR/MWh'; needed 'EUR/kWh' for kind power_subsidy. "
        "Convert `amount` to EUR/kWh, or write 'EUR/kWh' if it is in it already.",
    ),
    "lump sum to a firm that runs nothing": (
        "policies.csv", "Beta Smelting,6,m EUR/year,2020-03,2020-12,no", "Gamma,6,m EUR/year,2020-03,2020-12,yes",
        "policies.csv row 3, column firm: found policy 'Northland grant': firm 'Gamma', which runs no plant in "
        "Northland; needed a firm that runs plants, or in_force = no.",
    ),
    "policy that ends before it starts": (
        "policies.csv", "2020-03,2020-12,no", "2020-03,2019-12-31,no",
        "policies.csv row 3, column end: found 2019-12-31, before its start, 2020-03; "
        "needed an end at the start or after it. Exchange the two, or leave one blank.",
    ),
    "power subsidy to an unknown plant": (
        "policies.csv", "power_subsidy,Southland,", "power_subsidy,Southland,South 11",
        "policies.csv row 2, column firm: found unknown plant or firm 'South 11'; "
        "needed plants, or a firm with plants. Did you mean 'South 1'?",
    ),
    "correction without a source": (
        "record.csv", "930,example,", "930,,",
        "record.csv row 3, column correction_source: found nothing; needed the source of corrected_value.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_TABLES)
def test_mistake_in_a_table(starter: Path, name: str) -> None:
    file, old, new, expected = IN_TABLES[name]
    mistake(starter, file, old, new)
    assert texts(starter) == [expected]


REPEATS = {
    ("", "R9", "R2"): [
        "record.csv row 3, column repeats: found 'R9'; needed the id of an entry of record.csv. Entries: R1, R2, R3.",
        "record.csv row 4, column repeats: found 'R2', which repeats 'R9'; needed an entry that repeats none. "
        "Write 'R9'.",
    ],
    ("", "R2", ""): ["record.csv row 3, column repeats: found its own id; needed the id of another entry. "
                     "Leave it blank."],
    ("", "R1", "R1"): [],
}  # fmt: skip


@pytest.mark.parametrize("cells", REPEATS)
def test_an_entry_repeats_one_that_is_there_and_repeats_none(starter: Path, cells: tuple[str, ...]) -> None:
    path = starter / "record.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    told = [f"{line},{cell}" for line, cell in zip(lines, ("repeats", *cells), strict=True)]
    path.write_text("\n".join(told) + "\n", encoding="utf-8")
    if REPEATS[cells]:
        assert texts(starter) == REPEATS[cells]
    else:
        assert [item.repeats for item in load(starter).record] == list(cells)


IN_CASE = {
    "vat missing": (
        'vat = "included"                      # whether', "# whether", "[numbers.price_eur_per_t]",
        "case.toml line {line}, key numbers.price_eur_per_t.vat: found nothing; "
        "needed one of: included, excluded, none.",
    ),
    "column not described": (
        "power_use_kwh_per_t = { unit", "#power_use_kwh_per_t = { unit", "[columns.plants]",
        "case.toml line {line}, key columns.plants.power_use_kwh_per_t: found nothing; "
        "needed the unit and tax basis of column power_use_kwh_per_t of plants.csv. "
        "Add a table `[columns.plants.power_use_kwh_per_t]` with unit, vat, source and standing.",
    ),
    "unit in another currency": (
        'unit = "EUR/t"                        # every', 'unit = "CNY/t" # every', "# every",
        "case.toml line {line}, key numbers.price_eur_per_t.unit: found 'CNY/t'; needed a unit in EUR. Write 'EUR/t'.",
    ),
    "price of another scale": (
        'unit = "EUR/t"                        # every', 'unit = "EUR/kg" # every', "# every",
        "case.toml line {line}, key numbers.price_eur_per_t.unit: found 'EUR/kg'; "
        "needed 'EUR/t', the unit that the name implies. "
        'Convert the numbers to EUR/t, or write `unit = "EUR/t"` if they are in it already.',
    ),
    "power price of another scale": (
        'power_price_eur_per_kwh = { unit = "EUR/kWh"', 'power_price_eur_per_kwh = { unit = "EUR/MWh"', "EUR/MWh",
        "case.toml line {line}, key columns.plants.power_price_eur_per_kwh.unit: found 'EUR/MWh'; "
        "needed 'EUR/kWh', the unit that the name implies. "
        'Convert the numbers to EUR/kWh, or write `unit = "EUR/kWh"` if they are in it already.',
    ),
    "quantity of another scale": (
        'unit = "kt/year"                      # every', 'unit = "t/year" # every', "t/year\" # every",
        "case.toml line {line}, key numbers.\"demand.quantity_kt\".unit: found 't/year'; "
        "needed 'kt/year', the unit that the name implies. "
        'Convert the numbers to kt/year, or write `unit = "kt/year"` if they are in it already.',
    ),
    "default of another scale": (
        'unit = "EUR per t/year"               # for each t/year that stops', 'unit = "m EUR/year" # that stops',
        "# that stops",
        "case.toml line {line}, key defaults.plants.stop_cost_eur_per_t.unit: found 'm EUR/year'; "
        "needed 'EUR per t/year', the unit that the name implies. "
        'Convert the numbers to EUR per t/year, or write `unit = "EUR per t/year"` if they are in it already.',
    ),
    "factor of another scale": (
        'operation = "multiply"', 'unit = "EUR/MWh"\noperation = "set"', 'unit = "EUR/MWh"',
        "case.toml line {line}, key factors[3].unit: found 'EUR/MWh'; needed 'EUR/kWh', the unit that the name "
        'implies. Convert the numbers to EUR/kWh, or write `unit = "EUR/kWh"` if they are in it already.',
    ),
    "exchange rate upside down": (
        'unit = "EUR/USD"                      # that', 'unit = "USD/EUR" # that', "USD/EUR",
        "case.toml line {line}, key numbers.\"trade.parity.exchange_rate\".unit: found 'USD/EUR'; "
        "needed 'EUR/USD', the unit that the name implies. "
        'Convert the numbers to EUR/USD, or write `unit = "EUR/USD"` if they are in it already.',
    ),
    "cut of nothing": (
        "value = 50                            # thousand", "value = 0 # thousand", "value = 0 # thousand",
        "case.toml line {line}, key meeting.least_cut_kt.value: found 0; needed above 0.",
    ),
    "tax on a quantity": (
        'vat = "none"                          # a quantity', 'vat = "included" # a quantity', "# a quantity",
        "case.toml line {line}, key numbers.\"demand.quantity_kt\".vat: found 'included'; "
        "needed 'none' for a quantity that is not money.",
    ),
    "vat basis unknown": (
        'vat = "included"                      # whether', 'vat = "incl" # whether', "# whether",
        "case.toml line {line}, key numbers.price_eur_per_t.vat: found 'incl'; "
        "needed one of: included, excluded, none. Did you mean 'included'?",
    ),
    "standing unknown": (
        'standing = "assumed"                  # and how', 'standing = "assume" # and how', "# and how",
        "case.toml line {line}, key numbers.price_eur_per_t.standing: found 'assume'; "
        "needed one of: reported, derived, assumed, disputed. Did you mean 'assumed'?",
    ),
    "source unknown": (
        'source = "example"                    # where', 'source = "exampel" # where', "# where",
        "case.toml line {line}, key numbers.price_eur_per_t.source: found 'exampel'; needed an id of sources.csv. "
        "Did you mean 'example'?",
    ),
    "not TOML": (
        'currency = "EUR"', "currency = EUR", "currency = EUR",
        "case.toml line {line}: found text that is not TOML (invalid value); "
        'needed lines such as `key = "text"`, `key = 1.5` or `[table]`.',
    ),
    "range upside down": (
        '"0.5 in 0.3..0.9"', '"0.9..0.3"', '"0.9..0.3"',
        "case.toml line {line}, key numbers.\"demand.elasticity\".value: found '0.9..0.3'; "
        "needed a range written low..high, the lower end first.",
    ),
    "negative elasticity": (
        '"0.5 in 0.3..0.9"', "-0.5", "value = -0.5",
        'case.toml line {line}, key numbers."demand.elasticity".value: found -0.5; needed above 0. '
        "Write the elasticity without its minus sign.",
    ),
    "share in per cent": (
        "vat_rate = 0.20", 'vat_rate = "20%"', "vat_rate",
        "case.toml line {line}, key case.vat_rate: found '20%'; needed a share without %. Write 0.2 for 20%.",
    ),
    "unknown key": (
        'quote = ""', 'qoute = ""', 'qoute = ""',
        "case.toml line {line}, key numbers.price_eur_per_t.qoute: found an unknown key; needed a known key. "
        "Did you mean 'quote'?",
    ),
    "unknown table": (
        "[noise] ", "[nois] ", "[nois]",
        "case.toml line {line}, key nois: found an unknown table; needed a table this format knows. "
        "Did you mean 'noise'?",
    ),
    "unknown firm at the meeting": (
        '"Gamma", "Delta', '"Gama", "Delta', '"Gama"',
        "case.toml line {line}, key meeting.firms: found unknown firm 'Gama'; needed a firm of firms.csv. "
        "Did you mean 'Gamma'?",
    ),
    "nobody at the meeting": (
        "firms = [", "# firms = [", "[meeting] ",
        "case.toml line {line}, key meeting.firms: found nothing; needed the firms present.",
    ),
    "one owner at the meeting": (
        '["Alpha", "Beta Smelting", "Gamma", "Delta Rolling"]', '["Alpha", "Delta Rolling"]', "firms = [",
        "case.toml line {line}, key meeting.firms: found 1 owner with plants; "
        "needed at least two, because a joint cut needs two. Owners with plants: Alpha, Beta Group, Gamma.",
    ),
    "stated cut of a firm without plants": (
        'rule = "pro_rata"', 'source = "example"\nstanding = "assumed"\nrule = "stated"\n'
        'stated_cuts_kt = { Alpha = 0, "Beta Smelting" = 9, Gamma = 9, "Delta Rolling" = 5 }', "stated_cuts_kt",
        "case.toml line {line}, key meeting.stated_cuts_kt.Delta Rolling: found a cut by 'Delta Rolling', "
        "which has no plants; needed a firm with plants.",
    ),
    "stated cuts that leave out a firm present": (
        'rule = "pro_rata"', 'source = "example"\nstanding = "assumed"\nrule = "stated"\n'
        'stated_cuts_kt = { Alpha = 9, "Beta Smelting" = 9 }', "stated_cuts_kt",
        "case.toml line {line}, key meeting.stated_cuts_kt.Gamma: found nothing; "
        "needed the cut of each firm present, `0` where it cuts nothing.",
    ),
    "rule stated without cuts": (
        'rule = "pro_rata"', 'rule = "stated"', "[meeting] ",
        "case.toml line {line}, key meeting.stated_cuts_kt: found nothing; "
        'needed the cut of each firm, because rule = "stated". Write `Firm = 100`.',
    ),
    "factor that selects nothing": (
        "plant[power_source=grid].power", "plant[power_source=gird].power", "gird",
        "case.toml line {line}, key factors[3].path: found a path that selects no plant: unknown power_source 'gird'; "
        "needed a power_source of the case. Did you mean 'grid'?",
    ),
    "factor of an unknown column": (
        "grid].power_price_per_kwh", "grid].power_prize_per_kwh", "power_prize",
        "case.toml line {line}, key factors[3].path: found unknown column 'power_prize_per_kwh'; "
        "needed a column of numbers of plants.csv. Did you mean 'power_price_per_kwh'?",
    ),
    "factor of an unknown claim": (
        'claim = "demand.elasticity"', 'claim = "demand.elastcity"', "elastcity",
        "case.toml line {line}, key factors[1].claim: found no number 'demand.elastcity'; "
        "needed the path of a number of the case. Did you mean 'demand.elasticity'?",
    ),
    "factor of a claim without a range": (
        'claim = "demand.elasticity"', 'claim = "demand.quantity_kt"', 'claim = "demand.quantity_kt"',
        "case.toml line {line}, key factors[1].claim: found 'demand.quantity_kt' without a range; "
        "needed a number written low..high. See case.toml line 41.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_CASE)
def test_mistake_in_case_toml(starter: Path, name: str) -> None:
    old, new, marker, expected = IN_CASE[name]
    mistake(starter, "case.toml", old, new)
    text = (starter / "case.toml").read_text(encoding="utf-8")
    line = text[: text.index(marker)].count("\n") + 1
    assert texts(starter) == [expected.replace("{line}", str(line))]


def test_all_problems_at_once_sorted_by_file_and_row(starter: Path) -> None:
    mistake(starter, "plants.csv", "Gamma,Gamma,", "Gamma,Gama,")
    mistake(starter, "plants.csv", ",200,,", ",-5,,")
    mistake(starter, "governments.csv", "Northland,6", "Northland,-6")
    mistake(starter, "case.toml", "vat_rate = 0.20", "vat_rate = 2")
    places = [problem.where.split(",")[0].split(" line")[0] for problem in check(starter)]
    assert places == ["case.toml", "governments.csv row 2", "plants.csv row 4", "plants.csv row 6"]
    with pytest.raises(InputError) as caught:
        load(starter)
    assert caught.value.exit_code == 2
    assert caught.value.problems == check(starter)


def test_a_case_in_which_nobody_owns_a_plant_names_none(starter: Path) -> None:
    table = starter / "plants.csv"
    names, *rows = table.read_text(encoding="utf-8").splitlines()
    blank = [",".join([row.split(",")[0], "", *row.split(",")[2:]]) for row in rows]
    table.write_text("\n".join([names, *blank, ""]), encoding="utf-8")
    line = (starter / "case.toml").read_text(encoding="utf-8").partition("firms = [")[0].count("\n") + 1
    assert texts(starter)[0] == (
        f"case.toml line {line}, key meeting.firms: found 0 owners with plants; "
        "needed at least two, because a joint cut needs two. Owners with plants: none."
    )


def test_more_than_twenty_factors(starter: Path) -> None:
    more = (
        f'\n[[factors]]\nname = "factor {number}"\npath = "discount_rate"\noperation = "multiply"\n'
        'range = "0.9..1.1"\nsource = "example"\nstanding = "assumed"\n'
        for number in range(18)
    )
    with (starter / "case.toml").open("a", encoding="utf-8") as file:
        file.writelines(more)
    assert texts(starter) == [
        "case.toml, key factors: found 21 factors; needed at most 20. Keep those that move the answer most."
    ]


def test_factor_of_a_default_that_some_plants_do_not_use(starter: Path) -> None:
    text = (starter / "plants.csv").read_text(encoding="utf-8").splitlines()
    lines = [text[0] + ",restart_cost_eur_per_t", text[1] + ",120", *(line + "," for line in text[2:])]
    (starter / "plants.csv").write_text("\n".join(lines), encoding="utf-8")
    column = (
        'restart_cost_eur_per_t = { unit = "EUR per t/year", vat = "none", source = "example", standing = "assumed" }'
    )
    mistake(starter, "case.toml", "[columns.plants]", f"[columns.plants]\n{column}")
    (problem,) = check(starter)
    assert problem.found == "a default that 1 plants do not use"


@pytest.mark.parametrize(
    ("encoding", "name"), [("gb18030", "GB18030"), ("utf-16", "UTF-16")], ids=["gb18030", "utf-16"]
)
def test_other_encodings_are_refused(starter: Path, encoding: str, name: str) -> None:
    mistake(starter, "plants.csv", "North 1", "北方铝厂", encoding)
    assert texts(starter) == [
        f"plants.csv: found a file that is not UTF-8 (it reads as {name}); needed UTF-8. Save as CSV UTF-8."
    ]


def test_bom_is_accepted(starter: Path) -> None:
    for file in ("plants.csv", "case.toml"):
        (starter / file).write_bytes(b"\xef\xbb\xbf" + (starter / file).read_bytes())
    assert check(starter) == ()


def test_line_ends_and_blank_rows_of_a_spreadsheet_are_accepted(starter: Path) -> None:
    text = (starter / "plants.csv").read_text(encoding="utf-8")
    (starter / "plants.csv").write_bytes((text + ",,,,,,,,,,,,,\n\n").replace("\n", "\r\n").encode())
    assert len(load(starter).industry.plants) == 6


def test_rows_are_counted_as_a_spreadsheet_counts_them(starter: Path) -> None:
    mistake(starter, "plants.csv", "30 kt/year stand idle", "30 kt/year\nstand idle")
    mistake(starter, "plants.csv", "Gamma,Gamma,", "\nGamma,Gama,")
    (problem,) = check(starter)
    assert problem.where == "plants.csv row 7, column firm"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "plants.csv: found an empty table; needed a first row with the names of the columns."),
        ("plant,firm,capacity_kt\n", "plants.csv: found an empty table; needed at least one row below the header."),
        ("plant;firm;capacity_kt\n", "plants.csv row 1: found columns separated by semicolons; needed commas. "
         "Save as CSV UTF-8."),
    ],
)  # fmt: skip
def test_tables_without_rows(starter: Path, content: str, expected: str) -> None:
    (starter / "plants.csv").write_text(content, encoding="utf-8")
    assert texts(starter) == [expected]


def test_missing_and_unknown_tables(starter: Path) -> None:
    (starter / "plants.csv").rename(starter / "plant.csv")
    assert texts(starter) == [
        "plant.csv: found an unknown table; needed a table this format knows. Did you mean 'plants.csv'?",
        "plants.csv: found no such file; needed this table.",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "found no such file; needed this table"),
        (b"", "found an empty table; needed a first row with the names of the columns."),
        (b"NAME\n", "found an empty table; needed at least one row below the header."),
        ("厂名".encode("gb18030"),
         "found a file that is not UTF-8 (it reads as GB18030); needed UTF-8. Save as CSV UTF-8."),
    ],
    ids=["missing", "blank", "header only", "not UTF-8"],
)  # fmt: skip
@pytest.mark.parametrize("file", ["firms.csv", "governments.csv"])
def test_a_table_that_failed_is_reported_once(starter: Path, file: str, content: bytes | None, problem: str) -> None:
    path = starter / file
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content.replace(b"NAME", b"firm" if file == "firms.csv" else b"province"))
    because = {"firms.csv": ".", "governments.csv": ", because plants.csv row 2 names province 'Northland'. "
               "Write it with one row for each province."}  # fmt: skip
    assert texts(starter) == [f"{file}: {problem}{because[file] if content is None else ''}"]


@pytest.mark.parametrize(
    ("file", "column", "wrong"), [("firms.csv", "firm", "frm"), ("governments.csv", "province", "provnce")]
)
def test_a_table_without_its_names_is_reported_once(starter: Path, file: str, column: str, wrong: str) -> None:
    mistake(starter, file, column, wrong)
    assert texts(starter) == [
        f"{file} row 1, column {wrong}: found an unknown column; needed a known column. Did you mean '{column}'?",
        f"{file} row 1, column {column}: found no such column; needed this column. Rename column '{wrong}'.",
    ]


def test_a_policy_does_not_complain_of_plants_that_failed(starter: Path) -> None:
    mistake(starter, "policies.csv", "power_subsidy,Southland,", "power_subsidy,Southland,South 1")
    (starter / "plants.csv").unlink()
    assert texts(starter) == ["plants.csv: found no such file; needed this table."]


def test_a_missing_table_is_no_error_of_its_defaults(starter):
    text = (starter / "case.toml").read_text(encoding="utf-8")
    with (starter / "case.toml").open("a", encoding="utf-8") as file:
        file.write('\n[defaults.plants.alumina_use_t_per_t]\nvalue = 1.93\nunit = "t/t"\n')
    (starter / "plants.csv").unlink()
    assert "[defaults.plants.alumina_use_t_per_t]" not in text
    assert texts(starter) == ["plants.csv: found no such file; needed this table."]


@pytest.mark.parametrize(
    ("unit", "other"),
    [("EUR/t", "EUR per tonne"), ("kt/year", "kt"), ("EUR per t/year", "EUR/t"), ("EUR per t/year", "EUR per t/y"),
     ("EUR per t/year, a year", "EUR/t a year"), ("share", "1"), ("a year", "1/year")],
)  # fmt: skip
def test_other_spellings_of_a_unit_are_read(starter: Path, unit: str, other: str) -> None:
    text = (starter / "case.toml").read_text(encoding="utf-8")
    (starter / "case.toml").write_text(text.replace(f'unit = "{unit}"', f'unit = "{other}"'), encoding="utf-8")
    assert other in (starter / "case.toml").read_text(encoding="utf-8")
    assert check(starter) == ()


def test_case_without_currency_stops_early(starter: Path) -> None:
    line = mistake(starter, "case.toml", 'currency = "EUR"', 'currency = "euro"')
    assert texts(starter) == [f"case.toml line {line}, key case.currency: found 'euro'; needed a code such as CNY."]


def test_case_table_missing(starter: Path) -> None:
    (starter / "case.toml").write_text("", encoding="utf-8")
    assert texts(starter) == [
        "case.toml: found no keys; needed at least a table `[case]`. Compare with `potline new FOLDER`."
    ]


def test_folder_that_does_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("potline.cases.loading.shipped", lambda: ("china-aluminium-2013",))
    problems = check("china-aluminum-2013")
    assert [str(problem) for problem in problems] == [
        "china-aluminum-2013: found no such folder; needed a case folder, a workbook (.xlsx) or a shipped case. "
        "Did you mean 'china-aluminium-2013'?"
    ]
    with pytest.raises(InputError, match=r"Shipped cases: china-aluminium-2013\."):
        load("zzz")
    (tmp_path / "empty").mkdir()
    assert check(tmp_path / "empty")[0].found == "a folder without case.toml"


OUTCOME = """
[outcome]
decision = "pledge"
source = "example"
standing = "assumed"

[outcome.announced_kt]
Alpha = 10

[outcome.price_after_eur_per_t]
value = 1900
unit = "EUR/t"
vat = "included"
source = "example"
standing = "assumed"
"""


def with_outcome(folder: Path, old: str = "", new: str = "") -> None:
    assert old in OUTCOME
    text = (folder / "case.toml").read_text(encoding="utf-8")
    (folder / "case.toml").write_text(text + OUTCOME.replace(old, new, 1), encoding="utf-8")


def test_an_outcome_is_read(starter: Path) -> None:
    with_outcome(starter, 'standing = "assumed"\n', 'standing = "assumed"\nprice_after_month = "2020-07"\n')
    outcome = load(starter).outcome
    assert outcome is not None
    assert (outcome.decision, outcome.announced_kt, outcome.price_after_month) == (
        "pledge",
        (("Alpha", 10.0),),
        "2020-07",
    )
    assert outcome.price_after_per_t == pytest.approx(1900.0 / 1.2)
    assert load(starter).claims["outcome.price_after_per_t"].value == 1900.0


def test_mistakes_in_an_outcome(starter: Path) -> None:
    with_outcome(starter, 'decision = "pledge"', 'decision = "promise"')
    mistake(starter, "case.toml", "Alpha = 10", "Alfa = 10")
    text = (starter / "case.toml").read_text(encoding="utf-8")
    first = text[: text.index("[outcome]")].count("\n") + 1
    assert texts(starter) == [
        f"case.toml line {first}, key outcome.price_after_month: found nothing; needed the month of that price. "
        "Write `YYYY-MM`.",
        f"case.toml line {first + 1}, key outcome.decision: found 'promise'; needed one of: none, pledge, mandate.",
        f"case.toml line {first + 6}, key outcome.announced_kt.Alfa: found unknown firm 'Alfa'; needed a firm of "
        "firms.csv. Did you mean 'Alpha'?",
    ]
