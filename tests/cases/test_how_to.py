"""The page on writing a case names every key and column, and its examples run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from potline.cases.cells import Quantity
from potline.cases.schema import BLOCKS, NUMBERS
from potline.cases.tables import INPUT_COLUMNS, TABLES
from potline.cases.validation import RENAMED, cell_of

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-case.md"


def in_cny(name: str) -> str:
    return "_".join("cny" if word == "cur" else word for word in name.split("_"))


def test_every_key_and_column_is_in_a_table_of_the_page() -> None:
    documented = set(re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    back = {new: old for old, new in RENAMED.items()}
    names = {in_cny(name) for model in (*BLOCKS.values(), *TABLES.values()) for name in model.model_fields}
    names = {back.get(name, name) for name in names} | {in_cny(name) for name in NUMBERS}
    names |= {f"INPUT_{in_cny(end)}" for end in INPUT_COLUMNS}
    written = {"12", "12..15", "13 in 12..15"}
    assert names == documented - written


def test_the_page_says_which_blanks_are_refused() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("## Tables")[2].partition("\n## ")[0]
    said: dict[tuple[str, str], str] = {}
    for part in text.split("### ")[1:]:
        for name, blank in re.findall(r"^\| `([^`]+)` \|.*\| ([^|]*) \|$", part, re.MULTILINE):
            said[part.partition(".csv")[0], name] = blank
    tables = {table: [(in_cny(name), cell_of(row, name), name in row.required) for name in row.model_fields]
              for table, row in TABLES.items()}  # fmt: skip
    tables["plants"] += [(f"INPUT_{in_cny(end)}", cell, False) for end, (_, cell) in INPUT_COLUMNS.items()]
    for table, columns in tables.items():
        for name, cell, required in columns:
            if required:
                assert said[table, name] == "refused", (table, name)
            elif isinstance(cell, Quantity):
                assert said[table, name] == (cell.blank or "refused"), (table, name)
            else:
                assert said[table, name] != "refused", (table, name)


def test_examples_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), namespace)
