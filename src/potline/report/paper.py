"""The brief on paper: a PDF set by Typst, whose compiler comes as a wheel.

What is said is handed to the template ``paper.typ`` as data, so that text from a case is never read as markup. The
compiler sees an empty folder, the fonts of the package and nothing else of the machine or the network; a PDF bears no
time, so that the same brief is the same bytes.
"""

from __future__ import annotations

__all__ = ["pdf"]

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from potline.errors import PotlineError
from potline.frame import library
from potline.report.blocks import (
    Block,
    Blocks,
    Bullets,
    Document,
    Fold,
    Grid,
    Heading,
    Paragraph,
    Picture,
)
from potline.report.fonts import folder
from potline.text import cleaned

_UNBROKEN, _TALL, _LONGEST = 28, 900, 4
_HAN = "\u2e80-\uffef"
_BREAKS = re.compile(rf"(\s+)|(?<=[/\-?])(?=[^\W\d_])|(?<=[{_HAN}])|(?=[{_HAN}])")
"""Where a line may end: at blanks, in an address, between Han characters."""
_BREAK = "\u200b"


def pdf(document: Document) -> bytes:
    """Return a brief as PDF.

    Raises:
        InputError: Typst is not installed.
        PotlineError: it could not be set.
    """
    typst = library("typst", "a brief as PDF")
    template = (files("potline.report") / "paper.typ").read_bytes()
    with tempfile.TemporaryDirectory(prefix="potline-") as nothing:
        compiler = typst.Compiler(
            template,
            root=nothing,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"brief": json.dumps(_document(document))},
            package_path=nothing,
            package_cache_path=nothing,
        )
        try:
            made: bytes = compiler.compile(format="pdf")
        except typst.TypstError as error:
            raise PotlineError(f"The brief could not be set as PDF: {error}") from None
    return made


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder()])


def _document(document: Document) -> dict[str, Any]:
    first, head = document.first, document.first.head
    words = {
        "title": head.title,
        "under": first.under,
        "word": head.word,
        "sentence": head.sentence,
        "failed": first.failed,
        "hangs": head.note,
        "note": first.note,
    }
    return {
        "title": cleaned(document.title),
        "language": document.language.partition("-")[0],
        "run": _text(document.run),
        "foot": [_text(line) for line in document.foot],
        "first": {
            **{name: _text(text) for name, text in words.items()},
            "kind": head.kind,
            "front": _blocks(first.front),
            "told": [[_text(title), _text(sentence)] for title, sentence in first.told],
        },
        "sections": [
            {"title": _text(section.title), "blocks": _blocks(section.blocks)} for section in document.sections
        ],
    }


def _blocks(blocks: Blocks) -> list[dict[str, Any]]:
    return [_block(block) for block in blocks if block != Paragraph(text="")]


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text=text, kind=kind):
            return {"is": "paragraph", "text": _text(text), "kind": kind}
        case Heading(text=text, place=place):
            return {"is": "heading", "text": _text(text), "named": bool(place)}
        case Bullets(lines=lines):
            return {"is": "bullets", "lines": [_text(line) for line in lines]}
        case Picture():
            told = {"told": "" if block.said else block.sentence, "source": "" if block.sourced else block.source}
            shown = {name: _text(text) for name, text in told.items()}
            return {"is": "picture", "drawing": block.drawing, "sentence": cleaned(block.sentence), **shown}
        case Grid():
            return _grid(block)
        case Fold(summary=summary, blocks=inside):
            return {"is": "fold", "summary": _text(summary), "blocks": _blocks(inside)}


def _grid(block: Grid) -> dict[str, Any]:
    """Return a table with what its columns need at least, which is their longest words, and what they would like."""
    rows = [[_text(cell) for cell in row] for row in block.rows]
    headings = [_text(text) for text in block.headings]
    columns = [[row[place] for row in rows] for place in range(len(headings))]
    whole = [_first(column) for column in columns]
    return {
        "is": "table",
        "title": _text(block.title),
        "note": _text(block.note),
        "headings": headings,
        "numeric": list(block.numeric),
        "rows": rows,
        "heads": [_first(_words(text)) for text in headings],
        "words": [
            longest if numeric else _first(word for cell in column for word in _words(cell))
            for column, longest, numeric in zip(columns, whole, block.numeric, strict=True)
        ],
        "longest": whole,
        "tall": any(len(cell) > _TALL for row in rows for cell in row),
    }


def _first(texts: Iterable[str]) -> Sequence[str]:
    """Return the few longest of texts."""
    return sorted(set(texts), key=lambda text: (-len(text), text))[:_LONGEST]


def _words(text: str) -> Iterator[str]:
    """Yield the parts of a text that a line does not break."""
    for part in _BREAKS.split(text):
        yield from (part or "").split(_BREAK)


def _text(text: str) -> str:
    """Return text without control characters, a word too long for a line with places where it may be broken."""
    parts = (part or "" for part in _BREAKS.split(cleaned(text)))
    return "".join(_BREAK.join(re.findall(f"(?s).{{1,{_UNBROKEN}}}", part)) for part in parts)
