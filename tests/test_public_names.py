"""The public vocabulary: lazy, complete, documented."""

import inspect
import subprocess
import sys

import pytest

import potline

HEAVY = ("numpy", "numba", "scipy", "polars", "altair", "vl_convert", "xlsxwriter", "pydantic", "rich")


@pytest.mark.parametrize("name", potline.__all__)
def test_every_public_name_resolves_and_is_documented(name):
    value = getattr(potline, name)
    if name != "__version__":
        assert inspect.getdoc(value)


def imported(*arguments):
    code = (
        "import sys, runpy\n"
        f"sys.argv = ['potline', *{list(arguments)!r}]\n"
        "try:\n"
        "    runpy.run_module('potline', run_name='__main__')\n"
        "except SystemExit as leave:\n"
        "    assert not leave.code, leave.code\n"
        f"print('\\nHEAVY', sorted(name for name in {HEAVY!r} if name in sys.modules))\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return result.stdout.rsplit("HEAVY ", 1)[1].strip()


def test_importing_potline_imports_nothing_heavy():
    code = f"import sys, potline; print(sorted(name for name in {HEAVY!r} if name in sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("meeting", "--help"), ("--version",)])
def test_help_imports_nothing_heavy(arguments):
    assert imported(*arguments) == "[]"


def test_the_stub_lists_the_same_names():
    import ast
    import pathlib

    stub = pathlib.Path(potline.__file__).with_suffix(".pyi")
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert names == set(potline.__all__)
