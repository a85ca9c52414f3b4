"""The notebooks run from top to bottom, show something, and store no outputs.

They run in this process, cell by cell, and what ends a cell is shown as a notebook shows it. A kernel of its own for
each (nbclient with ipykernel) took 3.7 s to start, with a stack of packages, and checks nothing that this does not.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def cells(notebook):
    content = json.loads(notebook.read_text(encoding="utf-8"))
    assert content["nbformat"] == 4
    return content["cells"]


def run(source, name, namespace):
    """Run a cell and return what its last line shows: text, and HTML where it has some."""
    tree = ast.parse(source, filename=name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), namespace)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), name, "eval"), namespace)


def test_there_are_four_in_the_table_of_the_docs():
    assert len(NOTEBOOKS) == 4
    page = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert all(f"notebooks/{notebook.name}" in page for notebook in NOTEBOOKS)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_a_notebook_runs_and_shows_something(notebook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": "__main__"}
    shown = 0
    for number, cell in enumerate(cells(notebook)):
        if cell["cell_type"] != "code":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            value = run("".join(cell["source"]), f"{notebook.name}, cell {number}", namespace)
        if value is not None:
            page = getattr(value, "_repr_html_", lambda: None)() or getattr(value, "to_dict", dict)()
            assert page, f"cell {number} shows nothing"
            assert len(repr(value)) < 20_000
        shown += value is not None or bool(printed.getvalue())
    assert shown >= 5


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_a_notebook_stores_no_outputs(notebook):
    for cell in cells(notebook):
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    assert notebook.stat().st_size < 20_000
