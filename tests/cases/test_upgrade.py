"""Cases of schema 1: read with one warning, rewritten in place, and the same case before and after."""

import dataclasses
import os
import shutil
import stat
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner

from potline.cases import check, load, shipped, upgrade
from potline.cases.folders import STARTER, shipped_folder
from potline.cli.app import command
from potline.errors import InputError

OLD = Path(__file__).parent / "schema_1"
NAMES = (*(name for name in shipped() if (OLD / name).is_dir()), STARTER)


@pytest.fixture
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder of schema 1 to write into."""
    name = getattr(request, "param", STARTER)
    return Path(shutil.copytree(OLD / name, tmp_path / name))


def same(case, other):
    """Whether two cases are one but for the folder and the lines of case.toml, which hold the name of the input now."""
    places = {"folder": "", "digest": ""}
    claims = [
        tuple(
            dataclasses.replace(claim, where="", path=claim.path) if "case.toml" in claim.where else claim
            for claim in item.claims
        )
        for item in (case, other)
    ]
    bare = [dataclasses.replace(item, claims=type(item.claims)(()), **places) for item in (case, other)]
    return claims[0] == claims[1] and bare[0] == bare[1]


def files(folder: Path) -> dict[str, bytes]:
    return {item.name: item.read_bytes() for item in folder.iterdir()}


def said(folder: Path) -> str:
    return f"{folder} is a case of schema 1, read as schema 2. `potline check {folder} --upgrade` rewrites it."


@pytest.mark.parametrize("old", NAMES, indirect=True)
def test_an_old_folder_is_the_shipped_case_with_one_warning(old: Path) -> None:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        case = load(old)
    assert [str(item.message) for item in found] == [said(old)]
    assert same(case, load(old.name) if old.name in shipped() else load(str(shipped_folder(STARTER))))


@pytest.mark.parametrize("old", NAMES, indirect=True)
def test_an_upgraded_folder_is_the_shipped_one(old: Path) -> None:
    shutil.copy(OLD / old.name / "case.toml", old / "notes.txt")
    changes = upgrade(old).changes
    assert changes[0].startswith("bauxite.csv is now" if (OLD / old.name / "bauxite.csv").exists() else "case.toml: sc")
    found = files(old)
    assert found.pop("notes.txt") == (OLD / old.name / "case.toml").read_bytes()
    wanted = {item.name: item.read_bytes() for item in shipped_folder(old.name).iterdir()}
    if old.name == STARTER:  # whose comments say what is new
        assert found.keys() == wanted.keys()
        assert same(load(old), load(str(shipped_folder(STARTER))))
    else:
        assert found == wanted
    assert upgrade(old).changes == ()
    assert check(old) == ()


CHANGED = '''# by hand
[ case ]  # the head
schema = 1   # old
name = "mine"
title = """A title
[columns.refineries] of two lines"""
date = '2020-01'
currency = "EUR"
product = "zinc"
vat_rate = 0

[numbers.'alumina.price_eur_per_t'] # why
value = "300 in 290..310"
unit = "EUR/t"
vat = "none"
source = "own"
standing = "assumed"
[numbers.price_eur_per_t]
value = 2000
unit = "EUR/t"
vat = "none"
source = "own"
standing = "assumed"
[numbers]
"demand.quantity_kt" = { value = 100, unit = "kt/year", vat = "none", source = "own", standing = "assumed" }
"demand.elasticity" = { value = 0.5, unit = "1", vat = "none", source = "own", standing = "assumed" }
[defaults.plants.potline_kt]
value = 5
unit = "kt/year"
vat = "none"
source = "own"
standing = "assumed"
[columns.plants]
capacity_kt = { unit = "kt/year", vat = "none", source = "own", standing = "assumed" }
other_cost_eur_per_t = { unit = "EUR/t", vat = "none", source = "own", standing = "assumed" }
[columns.refineries]
capacity_kt = { unit = "kt/year", vat = "none", source = "own", standing = "assumed" }
cash_cost_eur_per_t = { unit = "EUR/t", vat = "none", source = "own", standing = "assumed" }
[[factors]]
name = "alumina price"
claim = "alumina.price_per_t"
[[factors]]
name = "a refinery's cost"
path = "refinery[bauxite=local].cash_cost_eur_per_t"
operation = "multiply"
range = "0.9..1.1"
source = "own"
standing = "assumed"
'''
TABLES = {
    "plants.csv": "plant,firm,capacity_kt,other_cost_eur_per_t,built\r\none,A,60,1500,1998\r\ntwo,B,40,1600,\r\n",
    "firms.csv": "firm\nA\nB\n",
    "sources.csv": 'source,title\nown,"our ""own"", bauxite"\n',
    "refineries.csv": '"refinery", bauxite ,capacity_kt,cash_cost_eur_per_t,note\n"Old, one",local,200,250,"a\nb"\n',
    "record.csv": 'id,quote,standing,quantity\n1,"alumina_output_kt, they said",reported,alumina_output_kt\n',
}


def written(folder: Path, toml: str = CHANGED, **tables: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in {**TABLES, "case.toml": toml, **tables}.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    return folder


def test_an_upgrade_keeps_comments_order_quotes_line_ends_and_columns_of_others(tmp_path: Path) -> None:
    folder = written(tmp_path / "mine")
    with pytest.warns(FutureWarning, match="schema 1"):
        before = load(folder)
    upgrade(folder)
    assert same(before, load(folder))
    text = CHANGED.replace("schema = 1", "schema = 2").replace("'alumina.price", "'input_market.price")
    text = text.replace("[columns.refineries]\n", "[columns.suppliers]\n").replace(
        "plants.potline_kt", "plants.line_kt"
    )
    text = text.replace('"alumina.price_per_t"', '"input_market.price_per_t"')
    text = text.replace("refinery[bauxite=local]", "supplier[ore=local]")
    text = text.replace("vat_rate = 0\n", 'vat_rate = 0\n\n[input_market]\nproduct = "alumina"\n')
    assert files(folder) == {
        "case.toml": text.encode(),
        "plants.csv": TABLES["plants.csv"].encode(),
        "firms.csv": TABLES["firms.csv"].encode(),
        "sources.csv": TABLES["sources.csv"].encode(),
        "suppliers.csv": TABLES["refineries.csv"].replace('"refinery", bauxite ', '"supplier", ore ').encode(),
        "record.csv": TABLES["record.csv"].replace(",alumina_output_kt\n", ",input_output_kt\n").encode(),
    }


@pytest.mark.parametrize(
    ("tables", "toml", "said"),
    [
        (
            {"suppliers.csv": "supplier\nS\n"}, CHANGED,
            "suppliers.csv: found a file beside refineries.csv; needed one of the two: schema 2 names "
            "refineries.csv so.",
        ),
        (
            {"plants.csv": TABLES["plants.csv"].replace("built", "line_kt")}, CHANGED,
            "plants.csv row 1, column line_kt: found a column that schema 2 gives a meaning; needed no such column "
            "in a case of schema 1. Give it another name.",
        ),
        (
            {}, CHANGED + "[columns.suppliers]\n",
            "case.toml, key columns.suppliers: found a name of schema 2 in a case of schema 1; needed no such name. "
            "Rename it, or write `schema = 2` where the case is in schema 2 already.",
        ),
        (
            {}, CHANGED.replace("[numbers]\n", '[numbers]\n"alumina.other_use_kt" = 0\n')
            .replace("[columns.plants]\n", "[columns]\nplants = { potline_kt = { unit = \"t\" } }\n[columns.x]\n"),
            "case.toml: found old names inside values in braces; needed tables with headers of their own. "
            'Write `[columns.refineries]` or `[numbers."alumina.price_..."]` instead.',
        ),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_and_nothing_is_written(
    tmp_path: Path, tables: dict[str, str], toml: str, said: str
) -> None:
    folder = written(tmp_path / "mine", toml, **tables)
    before = files(folder)
    with pytest.raises(InputError) as error:
        upgrade(folder)
    assert str(error.value) == said
    assert files(folder) == before


def test_a_case_with_problems_is_refused(old: Path) -> None:
    (old / "firms.csv").unlink()
    with pytest.raises(InputError, match=r"firms\.csv: found no such file"):
        upgrade(old)
    assert (old / "refineries.csv").exists()


def test_an_old_table_in_a_new_case_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(str(shipped_folder(STARTER)), folder)
    (folder / "suppliers.csv").rename(folder / "refineries.csv")
    assert [str(problem) for problem in check(folder)] == [
        "refineries.csv: found an unknown table; needed a table this format knows. Schema 2 calls it suppliers.csv."
    ]


@pytest.mark.parametrize("stop", range(4))
def test_an_upgrade_cut_short_is_said_and_done_again(old: Path, monkeypatch: pytest.MonkeyPatch, stop: int) -> None:
    """The process ends after any of the files put in place: the next call begins anew from the old ones."""
    before, done = files(old), []
    replace = os.replace

    def put(source: object, target: object) -> None:
        if len(done) == stop:
            raise KeyboardInterrupt
        done.append(target)
        replace(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", put)
    if stop < 2:  # case.toml and suppliers.csv
        with pytest.raises(KeyboardInterrupt):
            upgrade(old)
        assert str(check(old)[0]) == (
            f".schema-1: found an upgrade that was cut short; needed files of one schema. Run `potline check {old} "
            "--upgrade` again."
        )
        kept = {item.name: item.read_bytes() for item in (old / ".schema-1").iterdir()}
        assert all(kept.get(name, data) == data for name, data in before.items())
        monkeypatch.undo()
    upgrade(old)
    assert not [item for item in old.iterdir() if item.name.startswith(".")]
    assert same(load(old), load(str(shipped_folder(STARTER))))


def test_a_file_that_cannot_be_put_in_place_leaves_the_old_case(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(old)

    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        upgrade(old)
    assert files(old) == before


def test_the_mode_of_a_file_stays(old: Path) -> None:
    (old / "case.toml").chmod(0o640)
    upgrade(old)
    assert stat.S_IMODE((old / "case.toml").stat().st_mode) == 0o640


def test_the_command_line_rewrites_a_folder_and_says_what_it_did(old: Path) -> None:
    result = CliRunner().invoke(command, ["check", str(old), "--upgrade"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "starter is now of schema 2:"
    assert "  refineries.csv is now suppliers.csv" in lines
    assert any(line.startswith("starter is in order: ") for line in lines)
    again = CliRunner().invoke(command, ["check", str(old), "--upgrade"])
    assert again.output.splitlines()[0] == "starter was of schema 2 already."
    kept = CliRunner().invoke(command, ["check", str(old), "--upgrade", "--json"])
    assert '"upgraded": []' in kept.output
    refused = CliRunner().invoke(command, ["check", "china-aluminium-2013", "--upgrade"])
    assert refused.exit_code == 2
    assert "found no case.toml; needed the folder of a case. A shipped case needs no upgrade." in refused.output


def test_a_command_reads_an_old_folder_and_says_so_in_one_line(old: Path) -> None:
    asked = [sys.executable, "-m", "potline", "check", str(old), "--quiet"]
    found = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120)
    assert found.stdout == "starter is in order.\n"
    assert found.stderr == f"{said(old)}\n"
