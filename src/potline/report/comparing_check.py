"""Differences computed again, by code that shares nothing with what set two cases side by side."""

from __future__ import annotations

__all__ = ["verify_comparison"]

import csv
import dataclasses
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from typing import Any, cast

from potline.cases.case_files import files_of
from potline.errors import InputError, Problem
from potline.report.case_comparison import CaseComparison
from potline.report.saying import say
from potline.verification import Check, Checked, worst

_FIELD = re.compile(r"\.?([A-Za-z_]\w*)")


def verify_comparison(result: CaseComparison, tolerance: Any = None) -> Checked:
    """Check each stated difference, each cell against the table that it is of, and the inputs and rows left out.

    Raises:
        InputError: a tolerance is given: each check states its own.
    """
    if tolerance is not None:
        needed, hint = "none for a CaseComparison", "Each of its checks states its own."
        raise InputError([Problem(where="tolerance", found=repr(tolerance), needed=needed, hint=hint)])
    pairs = [*result.inputs, *result.numbers]
    of_numbers = worst(_gap(item.before, item.after, item.difference) for item in pairs)
    checks = (*result.checks_before, *result.checks_after)
    found = (
        ("differences", of_numbers, 1e-9, say("compare.by_differences")),
        ("inputs", float(_wrong_inputs(result)), 0.0, say("compare.by_inputs")),
        ("inputs_left_out", float(_unsaid(result)), 0.0, say("compare.by_inputs_left_out")),
        ("cells", worst(_table_gap(item) for item in result.compared), 1e-9, say("compare.by_cells")),
        ("rows_left_out", float(sum(map(_left_out, result.compared))), 0.0, say("compare.by_rows_left_out")),
        ("answers", float(sum(not row.holds for row in checks)), 0.0, say("compare.by_answers")),
    )
    return Checked(
        tuple(Check(name=name, value=value, tolerance=limit, method=how) for name, value, limit, how in found)
    )


def _gap(before: Any, after: Any, stated: float) -> float:
    if any(isinstance(cell, (str, bool)) or cell is None or cell != cell for cell in (before, after)):
        return 0.0 if stated != stated else float("inf")
    if before == after:
        return abs(stated)
    size = max(abs(before), abs(after), 1.0)
    return abs(before + stated - after) / size if size < float("inf") else 0.0


def _wrong_inputs(result: CaseComparison) -> int:
    wrong = 0
    for item in result.inputs:
        for case, cell in ((result.before, item.before), (result.after, item.after)):
            wrong += not _equal(_followed(case, item.name), cell)
    return wrong


def _followed(at: Any, rest: str) -> Any:
    """Return what stands at the rest of a path; None where nothing does."""
    while rest and at is not None:
        if named := _FIELD.match(rest):
            at, rest = getattr(at, named[1], None), rest[named.end() :]
        else:
            at, rest = _member(at, rest)
    return at.value if isinstance(at, Enum) else at


def _member(at: Any, rest: str) -> tuple[Any, str]:
    """Return the member that brackets name, and the rest of the path; a name may hold brackets itself."""
    members = cast("tuple[Any, ...]", at) if isinstance(at, tuple) else ()
    for place, one in enumerate(members):
        names = [getattr(one, name) for name in ("name", "id", "product") if hasattr(one, name)][:1] or [place]
        if rest.startswith(f"[{names[0]}]"):
            return one, rest[len(f"[{names[0]}]") :]
    return None, ""


_ASKED = ("date", "currency", "industry", "meeting", "outcome", "factors", "noise", "record", "series", "window",
          "other_policies")  # fmt: skip
"""What of a case can move an answer, or stands beside one."""


def _unsaid(result: CaseComparison) -> int:
    """Return how many inputs differ, by both cases as plain data and by their files, and are not told of."""
    told = {item.name for item in result.inputs}
    one, other = (dict(_laid_out(case)) for case in (result.before, result.after))
    both = {*one, *other}
    wrong = sum(key[0] not in told and _far(one.get(key), other.get(key)) for key in both)
    rows = [name for item in result.inputs if (name := item.name.removeprefix("industry.plants[")) != item.name]
    return wrong + sum(not any(row.startswith(f"{plant}]") for row in rows) for plant in _moved_plants(result))


def _laid_out(case: Any) -> Iterator[tuple[tuple[str, int], Any]]:
    """Yield each leaf of a case by its path, and which of those of one path it is."""
    seen: Counter[str] = Counter()
    waiting: list[tuple[str, Any]] = [(name, getattr(case, name)) for name in _ASKED]
    while waiting:
        path, value = waiting.pop()
        if dataclasses.is_dataclass(value):
            value = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
        if isinstance(value, dict):
            parts = {f"{path}.{name}": part for name, part in cast("dict[str, Any]", value).items()}
            waiting += [item for item in parts.items() if item[0] != "industry.name"]
        elif isinstance(value, tuple):
            members = cast("tuple[Any, ...]", value)
            waiting += [(f"{path}[{_called(place, one)}]", one) for place, one in enumerate(members)]
        elif value is not None:
            yield (path, seen[path]), value
            seen[path] += 1


def _called(place: int, member: Any) -> Any:
    return next((getattr(member, name) for name in ("name", "id", "product") if hasattr(member, name)), place)


def _moved_plants(result: CaseComparison) -> set[str]:
    """Return plants for which a number in plants.csv differs, where both cases are as read and read alike."""
    cases = result.before, result.after
    held = [files_of(case) for case in cases]
    ways = [(case.currency, case.bases, case.industry.vat_rate, case.extra_columns) for case in cases]
    if ways[0] != ways[1] or any(case.changes for case in cases):
        return set()
    one, other = (_numbers_of(files.texts.get("plants.csv", "")) if files else {} for files in held)
    return {plant for plant, column in one.keys() & other.keys() if _far(one[plant, column], other[plant, column])}


def _numbers_of(text: str) -> dict[tuple[str, str], float]:
    """Return each cell that is one number, by the row's first cell and the column."""
    found: dict[tuple[str, str], float] = {}
    head, *rows = [*csv.reader(io.StringIO(text.lstrip("\ufeff")))] or [[]]
    for row in rows:
        for column, cell in zip(head[1:], row[1:], strict=False):
            with suppress(ValueError):
                found[row[0], column] = float(cell)
    return found


def _records(table: Any) -> list[dict[str, Any]]:
    return [{column.name: cell for column, cell in zip(table.columns, row, strict=True)} for row in table.rows]


def _by_row(records: list[dict[str, Any]], key: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return records by the cells of their key, by place where there is none; of those alike the first."""
    placed = [(tuple(row[name] for name in key) or (place,), row) for place, row in enumerate(records, start=1)]
    return dict(reversed(placed))


def _table_gap(item: Any) -> float:
    """Return the largest gap between a cell shown and the one it is of."""
    if item.before is None or item.after is None:
        return 0.0 if not item.shown.rows else float("inf")
    one, other = (_by_row(_records(table), item.key) for table in (item.before, item.after))
    gaps: list[float] = []
    for shown in _records(item.shown):
        row = tuple(shown[name] for name in item.key or ("row",))
        before, after = one.get(row, {}), other.get(row, {})
        for column in item.after.columns:
            if f"{column.name}_before" in shown and column.name not in item.key:
                ends = before.get(column.name), after.get(column.name)
                told = shown[f"{column.name}_before"], shown[f"{column.name}_after"]
                gaps += [0.0 if _equal(end, cell) else float("inf") for end, cell in zip(ends, told, strict=True)]
                if f"{column.name}_difference" in shown:
                    gaps.append(_gap(*ends, shown[f"{column.name}_difference"]))
    return worst(gaps)


def _equal(one: Any, other: Any) -> bool:
    return one == other or (one != one and other != other)


def _left_out(item: Any) -> int:
    """Return how many rows that are not shown differ in a column of both tables, or stand in one alone."""
    if item.before is None or item.after is None:
        return 0
    one, other = _records(item.before), _records(item.after)
    names = {column.name for column in item.before.columns} & {column.name for column in item.after.columns}
    told = {tuple(shown[name] for name in item.key or ("row",)) for shown in _records(item.shown)}
    wrong = 0
    for records, others in ((one, _by_row(other, item.key)), (other, _by_row(one, item.key))):
        for place, row in enumerate(records, start=1):
            found = tuple(row[name] for name in item.key) or (place,)
            if found not in told:
                wrong += found not in others or any(_far(row[name], others[found][name]) for name in names)
    return wrong


def _far(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return not (_equal(one, other) or abs(one - other) <= 1e-8 * max(abs(one), 1e-3))
    return not (one == other or (one != one and other is None) or (other != other and one is None))
