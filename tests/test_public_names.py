"""The public vocabulary: lazy, complete, documented."""

import inspect
import re
import subprocess
import sys
from typing import get_args, get_type_hints

import pytest

import potline
from potline.reading import is_noun

HEAVY = (
    "numpy",
    "numba",
    "scipy",
    "polars",
    "altair",
    "vl_convert",
    "xlsxwriter",
    "pydantic",
    "rich",
    "python_calamine",
    "typst",
    "pptx",
)


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


def test_the_list_of_subcommands_reads_neither_packages_nor_readers():
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from potline.cli import command\n"
        "assert 'At which price' in CliRunner().invoke(command, ['--help']).output\n"
        "print(sorted({'importlib.metadata', 'potline.reading', 'potline.report.question'} & set(sys.modules)))\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout.strip() == "[]"


def test_the_stub_lists_the_same_names():
    import ast
    import pathlib

    stub = pathlib.Path(potline.__file__).with_suffix(".pyi")
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert names == set(potline.__all__)


def named_in(annotation):
    """Yield the classes of ours that an annotation names."""
    if isinstance(annotation, type) and annotation.__module__.startswith("potline"):
        yield annotation
    for part in get_args(annotation):
        yield from named_in(part)


@pytest.mark.parametrize("name", [name for name in potline.__all__ if name.islower() and name != "__version__"])
def test_every_class_that_a_public_verb_names_is_public(name):
    verb = inspect.unwrap(getattr(potline, name))
    there = {**vars(inspect.getmodule(verb)), **{key: getattr(potline, key) for key in potline.__all__}}
    private = set()
    for annotation in verb.__annotations__.values():
        for word in re.findall(r"[A-Za-z_]\w*", re.sub(r"(['\"]).*?\1", "", str(annotation))):
            private |= {kind.__name__ for kind in named_in(there.get(word))}
    assert private - {"Array", "Hint", "Within"} <= set(potline.__all__)


@pytest.mark.parametrize("name", potline.__all__)
def test_every_class_that_a_public_noun_is_made_of_is_public(name):
    kind = getattr(potline, name)
    if not is_noun(kind):
        return
    private = {part.__name__ for hint in get_type_hints(kind).values() for part in named_in(hint)}
    assert private <= set(potline.__all__)


def test_the_readme_names_every_answer_that_verify_knows():
    """Whoever adds a certificate says so there; whatever stands there is true."""
    from pathlib import Path

    for name in potline.__all__:
        getattr(potline, name)
    known = {kind.__name__ for kind in potline.verify.registry if kind is not object}
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    bullet = readme.partition("- **Certificates.**")[2].partition("\n- **")[0]
    assert set(re.findall(r"`([A-Z]\w+)`", bullet)) == known


# What verbs return that `verify` does not take, each for a reason.
NO_CERTIFICATE = {
    "Any": "of verify itself",
    "Brief": "a page: its checks are those of its answers",
    "RunResult": "a folder: its checks are those of its answers",
    "Case": "what was read, not an answer",
    "CaseWarning": "a reading of the case",
    "UsualRange": "a reading of the case",
    "Problem": "a reading of the case",
    "Upgrade": "what was rewritten, not an answer",
    "ListImport": "what was read of a list, not an answer",
    "CompiledIndustry": "the industry as arrays",
    "DealPayoffs": "a question: the payoffs that a deal is asked about",
    "CoalitionGame": "a question: a value for each group, from a function of the user's",
    "Payment": "who pays whom of a Division, which is verified",
    "Floats": "plain arrays: relief of the shared input, and values of a game that carry no question",
    "ChainRelief": "differences of two chains, each verified",
    "Hindcast": "what was decided beside answers that are verified",
}


def test_what_a_public_verb_returns_can_be_verified_or_is_listed_with_the_reason():
    known = {kind.__name__ for kind in potline.verify.registry}
    returned = set()
    for name in potline.__all__:
        value = getattr(potline, name)
        if inspect.isfunction(value) or hasattr(value, "__wrapped__"):
            annotation = str(inspect.signature(inspect.unwrap(value)).return_annotation)
            returned |= {word for word in re.findall(r"\w+", annotation) if word[0].isupper() and word != "None"}
    assert returned - known == set(NO_CERTIFICATE)
