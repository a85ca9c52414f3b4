"""What the generator is told; `python -m docs.building` runs it on the pages that it laid out."""

from __future__ import annotations

import re
from typing import Any

from docutils.nodes import SkipNode
from latex2mathml.converter import convert
from pygments.lexers.special import TextLexer

import potline

project = "Potline"
author = "The Potline founders"
version = release = potline.__version__
language = "en"
html_title = f"Potline {release}"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

# Pages are written for GitHub: its anchors, its formulas.
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
highlight_language = "text"

# The vocabulary as its docstrings tell it.
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
napoleon_numpy_docstring = False
add_module_names = False

# Nothing from another host: no script of formulas, no font.
html_theme = "furo"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["potline.css"]
html_copy_source = False
html_show_copyright = False
html_theme_options = {"top_of_page_buttons": []}

_SECTIONS = {"Args:": "Arguments", "Attributes:": "Attributes"}
_ITEM = re.compile(r"    (\*{0,2}\w+(?:, \*{0,2}\w+)*): (.*)")
_ARRAY = re.compile(r"~?numpy\.ndarray\[tuple\[~?typing\.Any, \.\.\.\], ~?numpy\.dtype\[~?numpy\.(\w+)\]\]")


def _formula(self: Any, node: Any) -> None:
    """Write a formula as MathML, which browsers draw themselves."""
    block = node.tagname == "math_block"
    formula = convert(node.astext(), display="block" if block else "inline")
    self.body.append(f'<div class="formula">{formula}</div>' if block else formula)
    raise SkipNode


def _listed(*told: Any) -> None:
    """Write arguments and attributes as a list: a line may name several at once, which the generator would misread."""
    lines = told[-1]
    written: list[str] = []
    inside = False
    for line in lines:
        if line in _SECTIONS:
            inside = True
            written += [f".. rubric:: {_SECTIONS[line]}", ""]
        elif inside and (item := _ITEM.fullmatch(line)):
            names = ", ".join(f"``{name}``" for name in item[1].split(", "))
            written.append(f"* {names}: {item[2]}")
        elif inside and line.startswith("    "):
            written.append(f"  {line.strip()}")
        else:
            inside = inside and not line
            written.append(line)
    lines[:] = written


def _short(*told: Any) -> tuple[str | None, str | None]:
    """Say ``ndarray[float64]`` for an array of any shape."""
    signature, returned = told[-2:]
    return _ARRAY.sub(r"ndarray[\1]", signature or "") or None, _ARRAY.sub(r"ndarray[\1]", returned or "") or None


def setup(app: Any) -> dict[str, bool]:
    """Say how formulas, tables of a file, arguments and arrays are written."""
    app.add_html_math_renderer("mathml", (_formula, None), (_formula, None))
    app.add_lexer("csv", TextLexer)
    app.connect("autodoc-process-docstring", _listed, priority=400)
    app.connect("autodoc-process-signature", _short)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
