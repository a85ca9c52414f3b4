"""Text of a case is text in every file of a run: page, figures, tables, workbook, results."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from potline.cases import Case, load, new
from potline.questions.verbs import run
from potline.report.html import POLICY
from potline.report.running import RunResult

WORDS = "=1+1 [/b] [sic] <script>alert(1)</script> <img src=x onerror=alert(1)> & \"'"
CONTROLS = "\x1b]0;title\x07\x02\x9b31m\u202e\uffff"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return the starter case with names and notes that mean something to a terminal, a spreadsheet or a browser."""
    folder = tmp_path_factory.mktemp("cases") / "hostile"
    new(folder)
    for file, old, name in (
        ("plants.csv", "North 1,", "@SUM(A1)<script>alert(1)</script>,"),
        ("plants.csv", "Alpha", "-2+3<b>Alpha&"),
        ("firms.csv", "Alpha", "-2+3<b>Alpha&"),
        ("case.toml", '"Alpha"', '"-2+3<b>Alpha&"'),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, name), encoding="utf-8")
    case = load(folder)
    words = WORDS + CONTROLS
    return dataclasses.replace(
        case,
        title=words,
        factors=tuple(dataclasses.replace(item, name=f"{item.name} {words}") for item in case.factors),
        record=tuple(dataclasses.replace(item, subject=words, quote=words, note=words) for item in case.record),
        sources=tuple(dataclasses.replace(item, title=words) for item in case.sources),
    )


@pytest.fixture(scope="module")
def written(hostile: Case, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return run(hostile, draws=8, out=tmp_path_factory.mktemp("runs") / "hostile")


class Page(HTMLParser):
    """Collects tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.policy: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names.update(name for name, _ in attrs)
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy += [value for name, value in attrs if name == "content"]


def test_the_page_runs_nothing_and_says_so_to_the_browser(written: RunResult) -> None:
    text = written.brief.read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert page.policy == [POLICY]
    assert POLICY.startswith("default-src 'none'; ")
    assert "script" not in POLICY
    assert not page.tags & {"script", "img", "b>alpha", "iframe", "object", "link", "base", "form"}
    assert not [name for name in page.names if name.startswith("on")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "[/b] [sic]" in text


def test_no_file_holds_a_control_character(written: RunResult) -> None:
    for path in written.folder.rglob("*"):
        if path.suffix in (".html", ".svg", ".csv", ".json"):
            found = re.findall("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e\uffff]", path.read_text(encoding="utf-8"))
            assert found == [], path.name


def test_figures_are_drawings_without_anything_that_runs(written: RunResult) -> None:
    paths = sorted((written.folder / "figures").glob("*.svg"))
    assert len(paths) > 10
    for path in paths:
        for element in ElementTree.parse(path).iter():
            assert not element.tag.endswith("}script"), path.name
            assert not [name for name in element.attrib if name.startswith("on")], path.name


def test_no_cell_of_a_table_is_a_formula(written: RunResult) -> None:
    seen = 0
    for path in sorted((written.folder / "tables").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    seen += cell.startswith("'")
                    assert not re.match(r"[=+@\t\r]|-(?![\d.]+(e-\d+)?$)", cell), (path.name, cell)
    assert seen > 20


def test_results_hold_the_words_as_they_are(written: RunResult) -> None:
    tables = json.loads((written.folder / "results.json").read_text(encoding="utf-8"))["tables"]
    names = [row[0] for row in tables["plants"]["rows"]]
    assert "@SUM(A1)<script>alert(1)</script>" in names
    assert any(WORDS in row for row in tables["record"]["rows"])
