"""The page on writing a case names every key and column, and its examples run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from potline.cases.schema import BLOCKS, NUMBERS
from potline.cases.tables import INPUT_COLUMNS, TABLES
from potline.cases.validation import RENAMED

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


def test_examples_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), namespace)
