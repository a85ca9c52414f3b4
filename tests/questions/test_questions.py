"""The list of questions: every record resolves, a new one reaches every face, and no face knows one by name."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import python_calamine
from click.testing import CliRunner
from tests.questions.toy import TOY, plants_owned

import potline
from potline.answers import Answers
from potline.cases import load, new
from potline.cli import command
from potline.questions import QUESTIONS, listed, register, unregister
from potline.questions.pages import question_page, question_table, rewritten
from potline.questions.verbs import run
from potline.report.listed import Command
from potline.report.question import Question
from potline.report.running import RunResult

ROOT = Path(__file__).resolve().parents[2]
FACES = [
    *(ROOT / "src/potline/cli").glob("*.py"),
    *(
        ROOT / "src/potline/report" / f"{name}.py"
        for name in ("briefing", "running", "contents", "spoken", "question", "manifest", "html", "workbook", "folder")
    ),
]


@pytest.mark.parametrize("item", QUESTIONS, ids=lambda item: item.name)
def test_every_line_of_the_list_leads_to_its_question_verb_command_and_page(item):
    assert isinstance(item.question, Question)
    assert item.about.endswith("?")
    assert item.verb in potline.__all__
    assert (ROOT / "docs" / item.page).is_file()
    if item.command:
        assert isinstance(item.asking, Command)
    if item.said_unasked:
        assert item.question.otherwise is not None


def test_no_face_names_a_question_or_imports_its_verb():
    names = {item.name for item in QUESTIONS} - {"market", "record"}
    verbs = {item.verb for item in QUESTIONS}
    for face in FACES:
        tree = ast.parse(face.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant):
                assert node.value not in names, f"{face.name}, line {node.lineno}: {node.value!r}"
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("potline"):
                taken = {alias.name for alias in node.names}
                assert not taken & (verbs - {"load"}), f"{face.name}, line {node.lineno}: {taken & verbs}"


@pytest.fixture
def toy() -> Iterator[None]:
    register(TOY)
    yield
    unregister(TOY.name)


@pytest.fixture(scope="module")
def toy_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunResult]:
    folder = tmp_path_factory.mktemp("toy")
    new(folder / "case")
    register(TOY)
    yield run(load(folder / "case"), draws=8, out=folder / "run")
    unregister(TOY.name)


def test_a_question_from_outside_is_on_the_command_line(toy: None, tmp_path: Path):
    new(tmp_path / "case")
    case = str(tmp_path / "case")
    assert "Who owns most plants?" in CliRunner().invoke(command, ["--help"]).output
    assert "Count the plants of each owner" in CliRunner().invoke(command, ["owned", "--help"]).output
    said = CliRunner().invoke(command, ["owned", case, "--loud"])
    assert "ALPHA OWNS MOST PLANTS." in said.output
    found = json.loads(CliRunner().invoke(command, ["owned", case, "--json"]).output)
    owned = plants_owned(Answers(load(case)))
    assert found["answer"] == ["Alpha owns most plants."]
    assert found["tables"]["plants_owned"]["rows"] == [[owner, count] for owner, count in owned.items()]


def test_a_question_from_outside_is_in_every_part_of_a_run(toy_run: RunResult):
    folder = toy_run.folder
    owned = plants_owned(toy_run.answers)
    rows = list(csv.reader(io.StringIO((folder / "tables/plants_owned.csv").read_text(encoding="utf-8-sig"))))
    assert rows[1:] == [[owner, str(count)] for owner, count in owned.items()]
    assert (folder / "figures/plants_owned.svg").is_file()
    assert (folder / "figures/plants_owned.png").is_file()
    page = (folder / "brief.html").read_text(encoding="utf-8")
    chapter = page[page.index("Owners</h2>") :]
    assert "Alpha owns most plants." in chapter
    assert 'id="figure-plants_owned"' in chapter
    sheets = python_calamine.CalamineWorkbook.from_path(str(folder / "tables.xlsx")).sheet_names
    assert "owned" in sheets
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert results["headline"]["largest_owner"] == "Alpha"
    assert "plants_owned" in results["tables"]
    assert "Alpha owns most plants." in results["verdict"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert [item["holds"] for item in manifest["certificates"] if item["name"].endswith("plants counted")] == [True]


def test_a_question_from_outside_is_in_the_tables_of_the_pages(toy: None):
    assert "| who owns most plants? | `potline owned` |" in question_table(listed())
    assert "| who owns most plants? | `pot.plants_owned` | `potline owned` |" in question_page(listed())


@pytest.mark.parametrize(("page", "table"), [("README.md", question_table), ("docs/questions.md", question_page)])
def test_the_pages_hold_what_the_list_says(page: str, table):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert rewritten(text, table(QUESTIONS)) == text, "python -m potline.questions.pages rewrites it"


LOADED = """
import gc, json, sys
{register}
from click.testing import CliRunner
from potline.cli import command
found = CliRunner().invoke(command, ['stops', 'china-aluminium-2013', '--json'])
assert found.exit_code == 0, found.output
from numba.core.dispatcher import Dispatcher
kernels = [item.py_func.__qualname__ for item in gc.get_objects() if isinstance(item, Dispatcher) and item.overloads]
print(json.dumps([sorted(sys.modules), sorted(kernels)]))
"""
REGISTER = """
from potline.questions import register
from potline.report.listed import Listed
register(Listed(name='toy', about='toy?', home='tests.questions.toy:OWNED', asks=lambda _: False,
                command='tests.questions.toy:COMMAND'))
"""


@pytest.mark.parametrize("place", ["packs-1.0.dist-info", "packs.egg-info", "packs-1.0-py3.egg/EGG-INFO"])
def test_an_installed_package_adds_its_question(tmp_path: Path, place: str):
    folder = tmp_path / place
    folder.mkdir(parents=True)
    (folder / "entry_points.txt").write_text("[potline.questions]\ntoy = tests.questions.toy:TOY\n", encoding="utf-8")
    (folder / ("METADATA" if "dist" in place else "PKG-INFO")).write_text(
        "Name: packs\nVersion: 1.0\n", encoding="utf-8"
    )
    places = [str((tmp_path / place).parent), str(ROOT)]
    code = f"import sys; sys.path[:0] = {places!r}\nfrom potline.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=True, timeout=60
    )
    assert re.search(r"owned +Who owns most plants\?", result.stdout)


def test_a_question_that_is_not_asked_loads_no_module_and_no_kernel():
    said = [
        subprocess.run([sys.executable, "-c", LOADED.format(register=text)], capture_output=True, text=True, check=True,
                       timeout=240, cwd=ROOT)
        for text in ("", REGISTER)
    ]  # fmt: skip
    (modules, kernels), (modules_beside, kernels_beside) = (json.loads(item.stdout) for item in said)
    assert modules_beside == modules
    assert kernels_beside == kernels
    assert "thresholds" in kernels
    assert not {"potline.agreement", "vl_convert", "tests.questions.toy"} & set(modules)


SAID = """
import json, sys
from click.testing import CliRunner
from potline.cli import command
from potline.cases import new
new({folder!r})
for asked in (['costs'], ['stops'], ['market'], ['meeting', '--draws', '8'], ['record'], ['remedy']):
    found = CliRunner().invoke(command, [*asked, {folder!r}])
    assert found.exit_code == 0, found.output
print(json.dumps(sorted(sys.modules)))
"""


def test_no_drawing_library_is_imported_to_say_a_sentence(tmp_path: Path):
    said = subprocess.run(
        [sys.executable, "-c", SAID.format(folder=str(tmp_path / "mine"))], capture_output=True, text=True, check=True,
        timeout=240,
    )  # fmt: skip
    modules = json.loads(said.stdout)
    assert "potline.report.saying" in modules
    assert not {"altair", "vl_convert", "matplotlib", "PIL", "xlsxwriter", "polars", "typst", "pptx"} & {*modules}
