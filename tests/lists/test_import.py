"""A list becomes a case: what is kept, dropped, guessed and told, from CSV and workbook, again and again."""

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter
from tests.lists.answering import LIST, SMALL, answered, imported, put

import potline as pot
from potline.cases import check


def test_the_steel_list(tmp_path: Path) -> None:
    first = pot.import_list(LIST, tmp_path / "steel")
    guessed = {item.key: item.value for item in first.guesses}
    assert {key.partition(".")[2]: value for key, value in guessed.items() if key.startswith("columns.")} == {
        "plant": "plant", "id": "gem_plant_id", "owners": "parent", "firm": "owner", "status": "status",
        "capacity": "crude_steel_ktpa", "place": "country", "group": "process",
    }  # fmt: skip
    assert (guessed["capacity.unit"], guessed["statuses.mothballed"], first.case, first.rows) == (
        "ktpa",
        "idle",
        "",
        1433,
    )
    done = imported(LIST, tmp_path / "again")
    assert (done.case, done.rows, done.kept, done.firms) == ("again", 1433, 913, 748)
    assert done.reasons == {
        "its state is 'announced'": 277, "its state is 'construction'": 117, "its state is 'retired'": 75,
        "no capacity": 43, "its state is 'cancelled'": 8,
    }  # fmt: skip
    assert {note.kind: len(note.rows) for note in done.notes} == {
        "owner_owned": 3, "same_name": 4, "shares_equal": 20, "shares_minority": 70, "shares_off": 1,
    }  # fmt: skip
    assert len(repr(done)) < 1000
    assert check(tmp_path / "again") == ()
    case = pot.load(tmp_path / "again")
    assert len(case.industry.plants) == 913
    assert sum(plant.capacity_kt for plant in case.industry.plants) == pytest.approx(2_325_746.28875)
    assert sum(plant.running_kt == 0.0 for plant in case.industry.plants) == 24
    assert case.industry.demand.quantity_kt == pytest.approx(sum(plant.running_kt for plant in case.industry.plants))
    assert pot.state(case).certificate.holds


def test_kept_dropped_and_told(tmp_path: Path) -> None:
    done = imported(put(tmp_path, SMALL), tmp_path / "mine")
    assert (done.kept, done.firms, done.reasons) == (
        2, 2, {"its capacity is a bound, not a number": 1, "its state is 'closed'": 1, "a total, not a plant": 1},
    )  # fmt: skip
    assert [(note.kind, note.rows) for note in done.notes] == [("range", (3,)), ("shares_off", (3,))]
    rows = list(csv.reader(io.StringIO((tmp_path / "mine" / "dropped.csv").read_text(encoding="utf-8"))))
    assert rows == [
        ["row", "plant", "reason", "column", "cell"],
        ["4", "West", "its capacity is a bound, not a number", "Capacity (Mt/y)", ">0"],
        ["5", "East", "its state is 'closed'", "Status", "closed"],
        ["6", "Total", "a total, not a plant", "Works", "Total"],
    ]  # fmt: skip
    north, south = pot.load(tmp_path / "mine").industry.plants
    assert (north.capacity_kt, north.running_kt, north.firm, north.government) == (1200.0, 960.0, "Alpha", "Here")
    assert (south.capacity_kt, south.running_kt) == (1000.0, 0.0)
    case = pot.load(tmp_path / "mine")
    assert case.industry.owners == ("Alpha Group", "Beta Ltd")
    assert [factor.name for factor in case.factors] == [
        "discount rate",
        "demand elasticity",
        "process volatility",
        "other cost",
    ]
    assert case.claims["plant[South].capacity_kt"].standing == "reported"


def test_the_same_list_gives_the_same_bytes_and_a_changed_case_is_not_written_over(tmp_path: Path) -> None:
    file, folder = put(tmp_path, SMALL), tmp_path / "mine"
    imported(file, folder)
    before = {item.name: item.read_bytes() for item in folder.iterdir()}
    pot.import_list(file, folder)
    assert before == {item.name: item.read_bytes() for item in folder.iterdir()}
    plants = folder / "plants.csv"
    plants.write_text(plants.read_text(encoding="utf-8").replace("North", "Nord"), encoding="utf-8")
    with pytest.raises(pot.InputError) as error:
        pot.import_list(file, folder)
    assert str(error.value) == (
        f"{folder}: found plants.csv, firms.csv, governments.csv, sources.csv, case.toml, changed since they "
        f"were imported "
        "or written by hand; needed files as an import wrote them. Put your changes into the mapping file and "
        "move these "
        "away, or import into another folder."
    )
    assert "Nord" in plants.read_text(encoding="utf-8")


def test_a_mapping_file_elsewhere_is_used_and_copied(tmp_path: Path) -> None:
    file = put(tmp_path, SMALL)
    imported(file, tmp_path / "one")
    done = pot.import_list(file, tmp_path / "two", mapping=tmp_path / "one" / "mapping.toml")
    assert done.kept == 2
    for name in ("mapping.toml", "plants.csv", "case.toml"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


FORMS = {
    "byte order mark": lambda text: ("\ufeff" + text).encode(),
    "semicolons, decimal commas": lambda text: "\n".join(
        ";".join(f'"{cell.replace(".", ",")}"' for cell in row) for row in rows_of(text)
    ).encode(),
    "tabs in UTF-16": lambda text: "\n".join("\t".join(row) for row in rows_of(text)).encode("utf-16"),
    "title rows": lambda text: ("Plants of the world\n\nSource: nobody\n" + text).encode(),
    "carriage returns": lambda text: text.replace("\n", "\r\n").encode(),
    "a line that names the separator": lambda text: (
        "sep=;\n" + "\n".join(";".join(f'"{cell}"' for cell in row) for row in rows_of(text))
    ).encode(),
    "Chinese in GB18030": lambda text: text.replace("North", "北方钢铁厂").replace("Here", "河北").encode("gb18030"),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_one_list_give_one_case(tmp_path: Path, form: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(FORMS[form](SMALL))
    done = imported(path, tmp_path / "mine")
    assert (done.kept, len(done.dropped)) == (2, 3)
    plants = pot.load(tmp_path / "mine").industry.plants
    assert [(plant.capacity_kt, plant.running_kt) for plant in plants] == [(1200.0, 960.0), (1000.0, 0.0)]


def test_a_workbook_gives_the_case_of_the_csv(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Notes").write(0, 0, "Read me")
    sheet = book.add_worksheet("Plants")
    sheet.merge_range(0, 0, 0, 3, "Plants of the world")
    for number, row in enumerate(rows_of(SMALL), start=2):
        for column, cell in enumerate(row):
            try:
                sheet.write_number(number, column, float(cell))
            except ValueError:
                sheet.write_string(number, column, cell)
    book.close()
    done = imported(path, tmp_path / "mine")
    assert (done.kept, [item.row for item in done.dropped]) == (2, [6, 7, 8])
    imported(put(tmp_path, SMALL), tmp_path / "text")
    ours, theirs = (pot.load(tmp_path / name).industry.plants for name in ("mine", "text"))
    assert ours == theirs


def test_more_of_one_name_owners_of_owners_and_two_owners(tmp_path: Path) -> None:
    text = (
        "Plant,Id,Owner,Parent,Capacity ktpa\nMill,a,One,Two [100%],100\nMill,b,Two,Three [100%],100\n"
        "Old; mill,c,Four,Five [100%],100\nNew,d,Four,Six [100%],100\nRing,e,Eight,Nine [100%],100\n"
        "Rong,f,Nine,Eight [100%],100\nLone,g,,,100\n"
    )
    done = imported(put(tmp_path, text), tmp_path / "mine")
    assert {note.kind: note.rows for note in done.notes} == {
        "no_company": (8,), "owner_owned": (2,), "owners_in_a_circle": (6, 7), "same_name": (2, 3),
        "two_owners": (4, 5),
    }  # fmt: skip
    industry = pot.load(tmp_path / "mine").industry
    assert [plant.name for plant in industry.plants][:3] == ["Mill (a)", "Mill (b)", "Old, mill"]
    owners = {firm.name: firm.decides for firm in industry.firms}
    assert (owners["One"], owners["Two"], owners["Four (Five)"], owners["Eight"], owners["Lone"]) == (
        "Three", "Three", "Five", "Eight", "Lone",
    )  # fmt: skip


def test_rows_asked_for_alone_units_by_row_running_and_costs_of_the_list(tmp_path: Path) -> None:
    text = (
        "Plant,Firm,Country,Capacity,Unit,Output,Cash cost USD/t,Status\nA,F,Here,100,kt/year,80,500,running\n"
        "B,F,Here,200000,t/year,300000,510-520,running\nC,G,There,1,Mt/y,,530,running\nD,G,Here,5,barrels,,530,running\n"
        "E,G,Here,50,kt/year,,n/a,running\nF,G,Here,70,kt/year,,400,start up\n"
    )
    file = put(tmp_path, text)
    first = pot.import_list(file, tmp_path / "mine")
    found = {item.key: item.value for item in first.guesses}
    assert (found["capacity.unit_column"], found["columns.running"]) == ("Unit", "Output")
    mapping = Path(first.mapping)
    filled = answered(mapping.read_text(encoding="utf-8")).replace("[only] ", '[only]\nCountry = ["Here"]')
    mapping.write_text(filled, encoding="utf-8")
    done = pot.import_list(file, tmp_path / "mine")
    assert done.reasons == {
        "not asked for by [only] Country": 1, "a unit that is not known": 1, "no Cash cost USD/t": 1,
    }  # fmt: skip
    plants = pot.load(tmp_path / "mine").industry.plants
    names = ("capacity_kt", "running_kt", "commissioning_kt", "other_cost_per_t")
    assert [tuple(getattr(plant, name) for name in names) for plant in plants] == [
        (100.0, 80.0, 0.0, 500.0), (200.0, 200.0, 0.0, 515.0), (70.0, 0.0, 70.0, 400.0),
    ]  # fmt: skip
    assert [note.kind for note in done.notes] == ["runs_more"]
