"""No file over 400 lines and no function over 70, its docstring apart; a kernel may be longer, with its reason here.

A kernel is compiled as one piece: a call to another costs compile time and passes every array again.
"""

import ast
import pathlib

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "src" / "potline"

LONG_FILES = {
    "numerics/coalitions/sweep.py": "one sweep of prices for each coalition, its events and both price rules",
    "numerics/convex/flow.py": "one forest: what settles it, pushes along it and hangs an arc elsewhere",
    "numerics/market/smooth.py": "prices of one market with a smooth demand, bracket and Newton together",
    "numerics/switching/kernels.py": "values of an option and the conditions at its two prices",
}
LONG_FUNCTIONS = {
    "numerics/coalitions/sweep.py solve_range": "the sweep of one coalition, its events in the arrays of the caller",
    "numerics/convex/flow.py equilibrate": "one loop over arcs that changes forest, prices and flows in place",
    "numerics/joint_cut/brief.py brief": "one walk over stretches and plateaus with running sums",
    "numerics/joint_cut/look.py look": "one walk over events, each stretch halved until it is known",
    "numerics/joint_cut/path.py best_on_path": "one walk along a path of cuts with running sums",
    "numerics/joint_cut/sweep.py sweep_deals": "one loop over coalitions that shares what it laid out",
    "numerics/joint_cut/tonnages.py search": "one loop over coalitions, to join what they hold and to count holders",
    "numerics/market/smooth.py clear_blocks": "one root for the price with its bracket and its blocks",
    "numerics/switching/chains.py policy_iteration": "one loop over policies, each a block system solved in place",
    "numerics/switching/kernels.py touch_pair": "Newton in two prices, tried again on another scale",
    "numerics/switching/tables.py tabulate": "both solutions and the price for ever of one law, column by column",
}


def lines_of(node):
    """Return the lines of a function from its decorators to its end, without its docstring."""
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    told = node.body[0] if ast.get_docstring(node) is not None else None
    return node.end_lineno - first + 1 - (told.end_lineno - told.lineno + 1 if told else 0)


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def decorated(node):
    return any(isinstance(item, ast.Name) and item.id in {"inner", "kernel"} for item in node.decorator_list)


def read():
    texts = {file.relative_to(SOURCE).as_posix(): file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py")}
    assert len(texts) > 300
    return texts


def test_no_file_is_over_400_lines_but_families_of_kernels():
    texts = read()
    assert {name for name, text in texts.items() if len(text.splitlines()) > 400} == LONG_FILES.keys()
    for name in LONG_FILES:
        assert any(decorated(node) for node in functions(ast.parse(texts[name]))), f"{name} holds no kernel"


def test_no_function_is_over_70_lines_but_kernels():
    found = {f"{name} {node.name}": node for name, text in read().items() for node in functions(ast.parse(text))}
    assert {name for name, node in found.items() if lines_of(node) > 70} == LONG_FUNCTIONS.keys()
    assert [name for name in LONG_FUNCTIONS if not decorated(found[name])] == []


def test_a_docstring_is_not_counted_and_a_decorator_is():
    tree = ast.parse('@kernel\ndef f(\n    x,\n):\n    """One.\n\n    Two.\n    """\n    return x\n')
    assert lines_of(functions(tree)[0]) == 5
