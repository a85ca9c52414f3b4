"""What a brief is made of: paragraphs, headings, lists, figures, tables, folds; said once, then shown as page or paper.

Blocks hold text that is said already, so that a renderer looks nothing up. A piece of a brief is a tuple of them, and
pieces are put together by ``+``; nothing to say is ``()``.
"""

from __future__ import annotations

__all__ = [
    "Block",
    "Blocks",
    "Bullets",
    "Document",
    "FirstPage",
    "Fold",
    "Grid",
    "Head",
    "Heading",
    "Paragraph",
    "Picture",
    "Section",
    "bullets",
    "details",
    "figure_block",
    "heading",
    "joined",
    "paragraph",
    "pictures_of",
    "subheading",
    "subheadings",
    "table_block",
]

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from potline.report.figure import Figure
from potline.report.figure import sourced as sourced_line
from potline.report.table import Cell, Column, Table, cell_shown
from potline.report.words import percent, set_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of plain text; ``kind`` is ``note`` for what is small, blank for what is not."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading inside a section; ``place`` is where the contents point, blank where they leave it out."""

    text: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list of plain sentences."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawn figure with the sentence it supports.

    Attributes:
        name: of the figure.
        drawing: its SVG.
        sentence, source: as they stand below it.
        said: whether the sentence stands below another figure already.
        sourced: whether the source is the usual one, which the document states once.
    """

    name: str
    drawing: str
    sentence: str
    source: str
    said: bool = False
    sourced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as it is read.

    Attributes:
        title: above it; blank for none.
        headings: of its columns.
        numeric: which columns hold numbers, and so stand to the right.
        rows: cells as text.
        note: below it; blank for none.
    """

    title: str
    headings: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Blocks folded under a line that a reader on screen can open."""

    summary: str
    blocks: tuple[Block, ...]


Block = Paragraph | Heading | Bullets | Picture | Grid | Fold
Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How a brief begins: the question put to the industry, the answer in a word, in a sentence, and what it hangs on.

    Attributes:
        title: the question.
        word: the answer.
        sentence: why.
        kind: ``yes``, ``no`` or ``none``, the colour of the line.
        note: what the answer hangs on.
    """

    title: str
    word: str
    sentence: str
    kind: str = "none"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPage:
    """What a reader of one page reads.

    Attributes:
        head: the question, the answer and what it hangs on.
        under: what is told below the question: the case, its date, its size.
        failed: which checks failed; blank where none did.
        front: the figures of the page.
        told: pairs of a heading and a sentence.
        note: the basis of all prices; blank for none.
    """

    head: Head
    under: str
    failed: str
    front: Blocks
    told: tuple[tuple[str, str], ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A chapter: its title, and what stands in it."""

    title: str
    blocks: Blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole brief.

    Attributes:
        title: of the file.
        language: of the words, as in HTML.
        first: its first page.
        sections: its chapters, as they follow each other.
        foot: the usual source of figures, and the run that this is of with what was changed.
        run: the same run in a line.
    """

    title: str
    language: str
    first: FirstPage
    sections: tuple[Section, ...]
    foot: tuple[str, str]
    run: str


def joined(*pieces: Blocks) -> Blocks:
    """Return pieces one below the other.

    Examples:
        >>> joined(paragraph("One."), (), paragraph("")) == paragraph("One.")
        True
    """
    return tuple(block for piece in pieces for block in piece)


def paragraph(text: str, kind: str = "") -> Blocks:
    """Return a paragraph of plain text; nothing for none."""
    return (Paragraph(text=set_text(text), kind=kind),) if text else ()


def heading(text: str) -> Blocks:
    """Return a heading inside a section that the contents leave out."""
    return (Heading(text=set_text(text)),)


def subheading(text: str) -> Blocks:
    """Return a heading inside a section, with a place the contents can point at.

    Examples:
        >>> subheading("How sure?")[0].place
        'how-sure'
    """
    return (Heading(text=set_text(text), place=re.sub(r"[^a-z0-9\u4e00-\u9fff]+", "-", text.lower()).strip("-")),)


def bullets(lines: Sequence[str]) -> Blocks:
    """Return a list of plain sentences; nothing for none."""
    return (Bullets(lines=tuple(map(set_text, lines))),) if lines else ()


def figure_block(drawn: Figure, svg_text: str, *, said: bool = False, sourced: bool = False) -> Picture:
    """Return a figure with the sentence it supports and its source.

    Args:
        drawn: the figure.
        svg_text: its drawing.
        said: whether its sentence stands below another figure already.
        sourced: whether its source is the usual one, which the document states once.
    """
    source = sourced_line(drawn)
    return Picture(
        name=drawn.name, drawing=svg_text, sentence=drawn.sentence, source=source, said=said, sourced=sourced
    )


def table_block(table: Table, *, caption: bool = True) -> Blocks:
    """Return a table; numbers to the digits of their columns."""
    numeric = [
        any(_is_number(row[place]) for row in table.rows) and not any(isinstance(row[place], str) for row in table.rows)
        for place in range(len(table.columns))
    ]
    rows = tuple(
        tuple(_shown(cell, column) for cell, column in zip(row, table.columns, strict=True)) for row in table.rows
    )
    headings = tuple(column.heading for column in table.columns)
    title = table.title if caption else ""
    return (Grid(title=title, headings=headings, numeric=tuple(numeric), rows=rows, note=table.note),)


def details(summary: str, *pieces: Blocks) -> Blocks:
    """Return pieces folded under a line the reader can open."""
    return (Fold(summary=set_text(summary), blocks=joined(*pieces)),)


def subheadings(blocks: Blocks) -> Iterator[Heading]:
    """Yield the headings that the contents name, in order, those in folds too."""
    for block in blocks:
        if isinstance(block, Heading) and block.place:
            yield block
        elif isinstance(block, Fold):
            yield from subheadings(block.blocks)


def pictures_of(document: Document) -> Iterator[Picture]:
    """Yield every figure of a brief, in order."""
    yield from _pictures(document.first.front)
    for section in document.sections:
        yield from _pictures(section.blocks)


def _pictures(blocks: Blocks) -> Iterator[Picture]:
    for block in blocks:
        if isinstance(block, Picture):
            yield block
        elif isinstance(block, Fold):
            yield from _pictures(block.blocks)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _shown(cell: Cell, column: Column) -> str:
    if column.unit == "share" and isinstance(cell, float):
        return percent(cell, max(0, column.digits - 2)) if cell == cell else ""
    return set_text(cell_shown(cell, column))
