"""No circle of imports, wherever the import stands: at the top, inside a function or for readers of types alone.

What is looked at is the text, so that an import moved into a function hides nothing, and neither does a lazy table: a
name of a module that stands as text (the public vocabulary, the list of questions) counts as an import of it. A name
imported from a package counts as an import of the package, or of the module where the name is one. Libraries do not
count, they import nothing of ours; nor does ``files("potline.cases")``, which opens data.
"""

import ast
import graphlib
import pathlib

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "src"


def modules(source):
    found = {}
    for file in sorted(source.rglob("*.py")):
        parts = file.relative_to(source).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file.read_text(encoding="utf-8")
    return found


def imports(text, known):
    nodes = list(ast.walk(ast.parse(text)))
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    data = {id(arg) for node in calls if node.func.id == "files" for arg in node.args}
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names if item.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            names = {f"{node.module}.{item.name}" for item in node.names}
            yield from names & known.keys()
            if names - known.keys():
                yield node.module
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in data:
            name = node.value.partition(":")[0]
            if name in known and "." in name:
                yield name


def graph_of(known):
    return {name: {other for other in imports(text, known) if other != name} for name, text in known.items()}


def circle_in(graph):
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(reversed(error.args[1]))
    return []


def test_no_module_imports_what_imports_it():
    graph = graph_of(modules(SOURCE))
    assert sum(map(len, graph.values())) > 1500
    assert circle_in(graph) == []


def test_a_circle_is_found_wherever_it_hides():
    lines = (
        "from p.b import x",
        "import p.b",
        "def f():\n    from p import b",
        "if TYPE_CHECKING:\n    from p.b import X",
        "HOME = 'p.b:X'",
    )
    for line in lines:
        graph = graph_of({"p": "", "p.a": line, "p.b": "from p.a import y"})
        assert set(circle_in(graph)) == {"p.a", "p.b"}, line
    assert circle_in(graph_of({"p": "", "p.a": "import numpy", "p.b": "from p.a import y"})) == []
