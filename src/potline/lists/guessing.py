"""Guess how a list is to be read: which row holds the headings, which column is which, and from what it was guessed."""

from __future__ import annotations

__all__ = ["Guessed", "guess_list", "heading_names"]

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import compress

from potline.lists.amounts import factor_of, read_amount, unit_in
from potline.lists.owners import looks_shared
from potline.lists.sheets import Sheet, filled, refused
from potline.lists.words import PARTS, known_headings, plain, state_word, words_of

_FIRST_ROWS, _MOST_STATES, _MOST_GROUPS = 40, 200, 40
_COST = re.compile(r"\bcosts?\b", re.IGNORECASE)


@dataclass(slots=True)
class Guessed:
    """What was guessed of a list, and why.

    Attributes:
        heading_row: row of the headings, the first row of the file being 1.
        headings: their names.
        parts: heading of each part of :data:`PARTS` that was found.
        why: what each guess came from, by its key in the mapping file.
        unit: unit of the capacities; "?" where nothing says it.
        unit_column: heading of a column that holds each row's unit.
        decimal: the decimal sign.
        states: each word of the column of states, its meaning and how many rows have it.
        groups: each word of the column of groups, with the rows kept so far.
        costs: heading of a column of cash costs; "" where there is none.
    """

    heading_row: int
    headings: tuple[str, ...]
    parts: dict[str, str] = field(default_factory=dict[str, str])
    why: dict[str, str] = field(default_factory=dict[str, str])
    unit: str = "?"
    unit_column: str = ""
    decimal: str = "."
    states: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    groups: dict[str, int] = field(default_factory=dict[str, int])
    costs: str = ""


def heading_names(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """Name every column: a blank heading by its place, a repeated one by its place too.

    Examples:
        >>> heading_names(["Plant", "", "Plant"], 4)
        ('Plant', 'column 2', 'Plant (column 3)', 'column 4')
    """
    names: list[str] = []
    for place in range(max(width, len(cells))):
        name = cells[place] if place < len(cells) else ""
        name = name or f"column {place + 1}"
        names.append(f"{name} (column {place + 1})" if name in names else name)
    return tuple(names)


def guess_list(sheet: Sheet) -> Guessed:
    """Guess how to read a list.

    Raises:
        InputError: no row looks like headings with rows below, or no column like plants or their capacity.
    """
    row = _heading_row(sheet)
    width = max(len(cells) for cells in sheet.rows[row - 1 :])
    found = Guessed(row, heading_names(sheet.rows[row - 1], width))
    known = sum(plain(name) in _every_heading() for name in found.headings)
    found.why["heading_row"] = f"row {row} has {filled(sheet.rows[row - 1])} headings, {known} of them usual ones"
    columns = _columns(sheet, found)
    _decimal(found, columns)
    _parts(found, columns)
    for part, words in (("plant", "a column with the names of the plants"), ("capacity", "a column of capacities")):
        if part not in found.parts:
            hint = "Name its heading `Plant`, or `Capacity (kt/y)`, or write a mapping file by hand."
            shown = ", ".join(found.headings[:12])
            raise refused(f"{sheet.file} row {row}", f"headings {shown}", words, hint)
    _unit(found, columns)
    _states_and_groups(found, columns)
    return found


def _every_heading() -> frozenset[str]:
    return frozenset(word for part in PARTS for word in known_headings(part))


def _heading_row(sheet: Sheet) -> int:
    """Return the row with most usual headings, the first of several; else the first as wide as those below it."""
    rows = sheet.rows[:_FIRST_ROWS]
    usual = _every_heading()
    scores = [(sum(plain(cell) in usual for cell in cells), filled(cells) > 1) for cells in rows]
    best = max(range(len(rows)), key=lambda place: (scores[place][1], scores[place][0], -place))
    if scores[best][0] == 0:
        widths = Counter(filled(cells) for cells in sheet.rows[: 5 * _FIRST_ROWS] if filled(cells) > 1)
        most = max(widths, key=lambda width: (widths[width], width), default=0)
        best = next((place for place, cells in enumerate(rows) if filled(cells) >= most > 1), best)
    if not any(any(cells) for cells in sheet.rows[best + 1 :]):
        raise refused(sheet.file, "no row below the headings", "a row of headings and a row for each plant")
    return best + 1


def _columns(sheet: Sheet, found: Guessed) -> dict[str, list[str]]:
    below = [cells for cells in sheet.rows[found.heading_row :] if any(cells)]
    return {
        name: [cells[place] if place < len(cells) else "" for cells in below]
        for place, name in enumerate(found.headings)
    }


def _decimal(found: Guessed, columns: dict[str, list[str]]) -> None:
    """Choose the decimal sign under which more cells of the list are numbers; three digits after it are thousands."""
    cells = [cell for column in columns.values() for cell in column if re.fullmatch(r"[\d.,']*\d[.,]\d[\d.,]*", cell)]
    commas = sum(bool(re.search(r",\d{1,2}$|,\d{4,}$|\.\d{3},|^\d{1,3}(\.\d{3})+$", cell)) for cell in cells)
    points = sum(bool(re.search(r"\.\d{1,2}$|\.\d{4,}$|,\d{3}\.|^\d{1,3}(,\d{3})+$", cell)) for cell in cells)
    found.decimal = "," if commas > points else "."
    example = next((cell for cell in cells if "," in cell), next(iter(cells), ""))
    read = read_amount(example, 1.0, found.decimal).written if example else ""
    found.why["decimal"] = f"a cell such as {example} is read as {read}" if example else "no cell has another"


def _parts(found: Guessed, columns: dict[str, list[str]]) -> None:
    free = list(found.headings)

    def take(part: str, name: str, why: str) -> None:
        found.parts[part], found.why[part] = name, why
        free.remove(name)

    def named(part: str, fits: Callable[[str], bool]) -> str:
        by_word = {plain(name): name for name in reversed(free)}
        return next((by_word[word] for word in known_headings(part) if word in by_word and fits(by_word[word])), "")

    def share(name: str, test: Callable[[str], bool]) -> float:
        cells = [cell for cell in columns[name][:400] if cell]
        return sum(map(test, cells)) / len(cells) if cells else 0.0

    numbers = {name: sum(_is_number(cell, found.decimal) for cell in column) for name, column in columns.items()}
    shared = max(free, key=lambda name: share(name, looks_shared), default="")
    if shared and share(shared, looks_shared) >= 0.2:
        take("owners", shared, "its cells hold shares such as [60%]")
    capacities = [name for name in free if numbers[name] and ("capacity" in plain(name) or unit_in(name))
                  and "cost" not in plain(name)] or [name for name in [named("capacity", bool)] if name]  # fmt: skip
    if capacities:
        best = max(capacities, key=lambda name: (plain(name) in known_headings("capacity"), numbers[name]))
        others = len(capacities) - 1
        why = f"{numbers[best]:,} of its cells are numbers"
        take("capacity", best, f"{why}{f', more than in {others} others of its kind' if others else ''}")
    distinct = {name: len({cell for cell in column if cell}) for name, column in columns.items()}
    fits: dict[str, Callable[[str], bool]] = {
        "place": lambda name: distinct[name] > 1,
        "group": lambda name: 1 < distinct[name] <= _MOST_GROUPS,
        "running": lambda name: numbers[name] > 0,
        "status": lambda name: 0 < distinct[name] <= _MOST_STATES,
    }
    for part in PARTS:
        if part not in found.parts and (name := named(part, fits.get(part, lambda name: distinct[name] > 0))):
            take(part, name, "its heading")
    if "plant" not in found.parts and (name := _texts(free, columns)):
        take("plant", name, "the first column of texts, nearly all different")
    costs = [name for name in free if _COST.search(plain(name)) and numbers[name]]
    found.costs = costs[0] if costs else ""


def _is_number(cell: str, decimal: str) -> bool:
    return bool(cell) and not read_amount(cell, 1.0, decimal).why


def _texts(free: Sequence[str], columns: dict[str, list[str]]) -> str:
    """Return the first column whose cells are texts that differ."""
    for name in free:
        cells = [cell for cell in columns[name] if cell]
        texts = sum(any(map(str.isalpha, cell)) for cell in cells)
        if cells and len(set(cells)) >= 0.8 * len(cells) and texts > 0.9 * len(cells):
            return name
    return ""


def _unit(found: Guessed, columns: dict[str, list[str]]) -> None:
    heading = found.parts["capacity"]
    if unit := unit_in(heading):
        found.unit, found.why["unit"] = unit, "the heading of the capacities"
        return
    first = next((cell for cell in columns[heading] if cell), "")
    if factor_of(first) is not None:
        found.unit, found.why["unit"] = first, "the cell below the heading"
        return
    for name in found.headings:
        if plain(name) in known_headings("unit"):
            found.unit, found.unit_column = "", name
            found.why["unit_column"] = "its heading"
            return
    found.why["unit"] = "nothing in the list says it"


def _states_and_groups(found: Guessed, columns: dict[str, list[str]]) -> None:
    capacity = columns[found.parts["capacity"]]
    states = columns.get(found.parts.get("status", ""), [])
    plants = columns[found.parts["plant"]]
    named = [bool(name) and name.casefold() not in words_of("totals") for name in plants]
    for cell, times in Counter(compress(states, named)).items():
        meaning = state_word(cell) if cell else "?"
        found.states[cell] = (meaning, times)
    groups = columns.get(found.parts.get("group", ""), [])
    kept = Counter(
        group
        for place, group in enumerate(groups)
        if named[place]
        and _is_number(capacity[place], found.decimal)
        and (not states or found.states[states[place]][0] in ("running", "idle", "starting", "?"))
    )
    found.groups = dict(sorted(kept.items(), key=lambda item: (-item[1], item[0])))
