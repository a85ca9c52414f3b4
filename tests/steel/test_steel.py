"""A case of steel from check to brief: no word of another industry in a file or a message, its own words instead."""

import re
import shutil
import zipfile
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.plausibility.putting import put

from potline.cases import load
from potline.cli.app import command
from potline.plausibility import check, usual_ranges

WORKS = Path(__file__).parent / "works"
PACKAGE = Path(__file__).parents[2] / "src" / "potline"
OTHERS = re.compile(r"alumin|bauxite|smelt|refiner|anode|fluoride|fly ash|\bmetals?\b", re.IGNORECASE)
PROGRAM = re.compile(r"Potline|\.potline-|\bpotline(?=[ .]\w|\": \"\d| \d)|\"potline\"")
"""The program's own name: alone with a capital, as a command, a module, a key with its version."""
ABSENT = (
    "process.mean_price_per_t", "trade.export_floor_per_t", "plant.input.own_cost_per_unit", "project.capacity_kt",
    "policy.quantity_kt", "policy.price_per_t",
)  # fmt: skip
"""Usual ranges of numbers that the case does not have."""
ASKED = {
    "check": ("check",),
    "costs": ("costs", "--json"),
    "stops": ("stops",),
    "market": ("market", "--chain"),
    "market, all of it": ("market", "--chain", "--json"),
    "cartel": ("market", "--concept", "cartel", "--members", "Anvil,Crown", "--json"),
    "meeting": ("meeting", "--draws", "0", "--table", "all"),
    "window": ("window", "--table", "all"),
    "remedy": ("remedy", "--table", "all"),
    "record": ("record",),
    "wrong input": ("market", "--set", "plant[Anvil].pellet_price_eur_per_t=5"),
    "wrong member": ("market", "--set", "suplier[Hill].capacity_kt=5"),
    "wrong number": ("market", "--set", "input_market.price=5"),
}


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(WORKS, tmp_path_factory.mktemp("steel") / "works"))


def others(text: str) -> list[str]:
    """Return the words of another industry in a text, each with what stands around it."""
    bare = PROGRAM.sub(" ", unescape(text))
    found = [*OTHERS.finditer(bare), *re.finditer("potline", bare)]
    return [bare[max(0, item.start() - 50) : item.end() + 50] for item in found]


def texts(file: Path) -> dict[str, str]:
    """Return what a file of a run says: of a workbook every part, of a picture nothing."""
    if file.suffix == ".xlsx":
        with zipfile.ZipFile(file) as book:
            return {f"{file.name}/{name}": book.read(name).decode("utf-8") for name in book.namelist()}
    if file.suffix == ".png":
        return {file.name: ""}
    text = file.read_text(encoding="utf-8")
    return {file.name: re.sub(r"base64,[A-Za-z0-9+/=]+", "", text)}


def test_the_program_knows_no_industry_by_name() -> None:
    """Names, messages, examples and docstrings; but the reader of schema 1, and the names of the shipped cases."""
    found = {
        f"{file.relative_to(PACKAGE)}:{number}": line.strip()
        for file in sorted(PACKAGE.rglob("*.py*"))
        if file.suffix in (".py", ".pyi") and file.name != "schema_1.py"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"(?i:alumin|bauxite|smelt|refiner|anode)|potlines|potline_", line.replace("china-aluminium", ""))
    }
    assert found == {}


@pytest.mark.parametrize("asked", ASKED)
def test_no_command_speaks_of_another_industry(works: Path, asked: str) -> None:
    verb, *options = ASKED[asked]
    result = CliRunner().invoke(command, [verb, str(works), *options], env={"COLUMNS": "200"})
    assert result.exit_code == (2 if asked.startswith("wrong") else 0), result.output
    assert others(result.output) == []


def test_no_warning_speaks_of_another_industry() -> None:
    """Each usual range left at each of its ends, one after the other, beside what the case is warned of as it is."""
    case, said = load(WORKS), list[str]()
    for field, row in usual_ranges().items():
        for end in (row.low, row.high) if field not in ABSENT else ():
            moved, asked = put(case, field, end + 1e-3 * (-abs(end) if end == row.low else abs(end)))
            found = check(moved, asked)
            assert end == 0.0 or field in [warning.field for warning in found], field
            said += map(str, found)
    assert [text for text in dict.fromkeys(said) if others(text)] == []
    assert "state of the plants" in "".join(said)


def test_a_range_whose_source_is_of_one_industry_says_so() -> None:
    for field, row in usual_ranges().items():
        assert others(f"{row.measure} {row.unit} {row.why}") == [], field
        assert not others(row.source) or row.industry != "any", field


def test_the_market_names_the_product_and_its_input(works: Path) -> None:
    said = CliRunner().invoke(command, ["market", str(works), "--chain", "--json"]).output
    for words in ("Chain: pellets costs", "Price of crude steel", "Output of crude steel", "Use of pellets"):
        assert words in said


def test_no_file_of_a_run_speaks_of_another_industry(works: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    result = CliRunner().invoke(command, ["run", str(works), "--draws", "16", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert others(result.output) == []
    found: dict[str, str] = {}
    for file in sorted(item for item in out.rglob("*") if item.is_file()):
        found |= texts(file)
    assert {name: words for name, text in found.items() if (words := [*others(name), *others(text)])} == {}
    page = found["brief.html"]
    assert re.search(r"Pellets\s*<", page)  # the title of the chapter
    assert "foreign tonne of crude steel" in page
    assert "Use of pellets per kt of crude steel" in found["record.csv"]
    assert re.search(r"Suppliers in the case can make \S+ \S+ of pellets", page)
    assert {"suppliers.csv", "input_imports.csv", "chain_provinces.csv"} <= found.keys()
