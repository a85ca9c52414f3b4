"""How answers show themselves in Python, whichever they are: by the list of questions, which says what each kind shows.

A kind of answer that no question lists, or whose question says nothing of it, is shown as what its fields state.
"""

from __future__ import annotations

__all__ = ["chart", "face_of", "frame", "frame_names", "page", "text"]

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from pkgutil import resolve_name
from typing import Any, cast

from potline.errors import InputError, Problem
from potline.frame import Frame, library
from potline.questions import listed
from potline.report.blocks import paragraph, table_block
from potline.report.face import Face, checks_line, head_of, numbers_line, plain_tables
from potline.report.figure import Figure, svg
from potline.report.html import inside
from potline.report.listed import Listed
from potline.report.saying import say
from potline.report.table import Table, frame_of

MOST_TEXT, MOST_PAGE, MOST_FIGURE = 999, 300_000, 200_000
"""Characters of what is printed, bytes of what a notebook shows, and of the figure in it."""
_HEAD = 10
_OTHERS = {"CaseComparison": "potline.report.case_comparison:FACE"}
"""Where the face of a kind of answer stands that tells of no one question."""
_PLAIN: Face[Any] = Face(tables=plain_tables)


def face_of(found: Any) -> Face[Any]:
    """Return what is shown of a kind of answer."""
    item, kind = _question_of(found), type(found).__name__
    if item is not None:
        return item.faces.get(kind, _PLAIN)
    return resolve_name(_OTHERS[kind]) if kind in _OTHERS else _PLAIN


def text(found: Any) -> str:
    """Return a few lines: what an answer is, its question, its numbers, whether its checks hold."""
    item = _question_of(found)
    head = head_of(found, item.about if item is not None else "")
    lines = [head, numbers_line(found, face_of(found).numbers(found)), checks_line(found)]
    whole = "\n  ".join(line for line in lines if line)
    return whole if len(whole) <= MOST_TEXT else f"{whole[: MOST_TEXT - 3]}..."


def page(found: Any) -> str:
    """Return the same for a notebook: with its sentences, its first figure and the head of its first table."""
    item, face = _question_of(found), face_of(found)
    figures, tables = _figures(found), list(face.tables(found))
    parts = [f"<p><b>{escape(head_of(found, item.about if item is not None else ''))}</b></p>"]
    parts += [inside(paragraph(line)) for line in face.sentences(found)]
    parts.append(inside(paragraph(numbers_line(found, face.numbers(found)))))
    if figures:
        drawn = svg(figures[0])
        fits = len(drawn.encode()) <= MOST_FIGURE
        parts.append(drawn if fits else inside(paragraph(say("faces.heavy"))))
    if tables:
        parts.append(_head(tables[0]))
    parts.append(inside(paragraph(checks_line(found))))
    names = [table.name for table in tables]
    if names and figures:
        told = say("faces.tables", names=names, figures=[one.name for one in figures])
        parts.append(inside(paragraph(told)))
    elif names:
        parts.append(inside(paragraph(say("faces.tables_alone", names=names))))
    return _within(parts)


def chart(found: Any, name: str) -> Any:
    """Return a figure of an answer as an Altair chart.

    Raises:
        InputError: no such figure, or no Altair.
    """
    figures = {one.name: one for one in _figures(found)}
    where = f"{type(found).__name__}.plot"
    if not figures:
        hint = say("faces.try_tables", names=frame_names(found)) if frame_names(found) else ""
        raise InputError([Problem(where=where, found="no figure", needed="an answer that the brief draws", hint=hint)])
    if name and name not in figures:
        raise InputError([Problem(where=where, found=repr(name), needed=f"one of: {', '.join(figures)}")])
    altair = library("altair", where, install="'potline[frames]'")
    shown = figures[name] if name else next(iter(figures.values()))
    return altair.Chart.from_dict(_plain(shown.chart_spec))


def frame_names(found: Any) -> tuple[str, ...]:
    """Return the names of the tables of an answer."""
    return tuple(table.name for table in face_of(found).tables(found))


def frame(found: Any, name: str) -> Frame:
    """Return a table of an answer as a frame.

    Raises:
        InputError: no such table.
    """
    tables = {table.name: table for table in face_of(found).tables(found)}
    where = f"{type(found).__name__}.table"
    if not tables:
        raise InputError([Problem(where=where, found="no table", needed="an answer with tables")])
    if name and name not in tables:
        raise InputError([Problem(where=where, found=repr(name), needed=f"one of: {', '.join(tables)}")])
    return frame_of(tables[name] if name else next(iter(tables.values())))


def _question_of(found: Any) -> Listed | None:
    kind = type(found).__name__
    return next((item for item in listed() if kind in item.results), None)


def _figures(found: Any) -> list[Figure]:
    return [one for one in face_of(found).figures(found) if one is not None]


def _head(table: Table) -> str:
    shown = replace(table, rows=table.rows[:_HEAD], note="")
    more = ""
    if len(table.rows) > _HEAD:
        told = say("faces.more_rows", shown=_HEAD, count=len(table.rows), name=table.name, quoted=repr(table.name))
        more = inside(paragraph(told))
    return inside(table_block(shown)) + more


def _within(parts: list[str]) -> str:
    """Join as many parts as a notebook takes, in order; a part that is too long is left out."""
    kept, size = list[str](), len('<div class="potline"></div>')
    for part in parts:
        if part and size + len(part.encode()) + 1 <= MOST_PAGE:
            kept.append(part)
            size += len(part.encode()) + 1
    inside = "\n".join(kept)
    return f'<div class="potline">{inside}</div>'


def _plain(spec: Any) -> Any:
    if isinstance(spec, Mapping):
        return {key: _plain(value) for key, value in cast("Mapping[str, Any]", spec).items()}
    return [_plain(value) for value in cast("list[Any]", spec)] if isinstance(spec, (list, tuple)) else spec
