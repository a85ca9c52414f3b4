"""A docstring tells of one argument a line: no entry under "Args:" or "Attributes:" begins where another ends."""

import ast
import pathlib
import re

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "src" / "potline"

SECTION = re.compile(r"^(?:Args|Attributes):\n((?: {4}.*\n?)+)", re.MULTILINE)
NAMES = r"\**[A-Za-z_]\w*(?:, \**[A-Za-z_]\w*)*"
SECOND = re.compile(rf"[.?!;]\s+({NAMES}): ")


def names_of(node, classes):
    """Return the arguments of a function, or the fields of a class, those it inherits included."""
    if not isinstance(node, ast.ClassDef):
        given = node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        return {item.arg for item in every if item is not None}
    names = set()
    for item in ast.walk(node):
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            names.add(item.target.id)
        elif isinstance(item, ast.FunctionDef):
            names |= {item.name} | (names_of(item, classes) if item.name == "__init__" else set())
        elif isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store):
            names.add(item.attr)
    for base in node.bases:
        above = classes.get(ast.unparse(base).partition("[")[0].rpartition(".")[2])
        names |= names_of(above, classes) if above not in (None, node) else set()
    return names


def crowded(node, classes):
    """Return the names under "Args:" or "Attributes:" that stand behind another entry."""
    names = names_of(node, classes)
    found = []
    for section in SECTION.findall(ast.get_docstring(node) or ""):
        entries = re.split(r"^ {4}(?! )", section, flags=re.MULTILINE)
        for second in (name for entry in entries for name in SECOND.findall(entry)):
            if {name.lstrip("*") for name in second.split(", ")} <= names:
                found.append(second)
    return found


def told(trees):
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return [(file, node) for file, tree in trees.items() for node in ast.walk(tree) if isinstance(node, kinds)]


def test_one_argument_stands_on_a_line():
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(SOURCE.rglob("*.py"))}
    every = told(trees)
    classes = {node.name: node for _, node in every if isinstance(node, ast.ClassDef)}
    assert sum(len(SECTION.findall(ast.get_docstring(node) or "")) for _, node in every) > 300
    wrong = [(file.name, node.name, found) for file, node in every if (found := crowded(node, classes))]
    assert wrong == []


def test_a_second_argument_is_found_and_a_sentence_is_not():
    text = 'def f(a, b):\n    """Do.\n\n    Args:\n        a: one.{}b: two.\n    """\n'
    for between, found in ((" ", ["b"]), ("\n            ", ["b"]), ("\n        ", []), (" See ", [])):
        node = ast.parse(text.format(between)).body[0]
        assert crowded(node, {}) == found, between
    assert crowded(ast.parse(text.format(" none of it; nan: no limit. ")).body[0], {}) == ["b"]
