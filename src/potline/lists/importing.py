"""Make a case from a vendor's plant list: the first call writes how it is read, the next makes the case by it."""

from __future__ import annotations

__all__ = ["import_list"]

import os
import re
import tempfile
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from potline.cases.currency_names import to_field
from potline.cases.loading import LEFT_OUT, check
from potline.cases.toml_writing import toml_path
from potline.errors import InputError, Problem
from potline.lists.case_files import case_files, dropped_table, is_untouched
from potline.lists.guessing import Guessed, guess_list
from potline.lists.mapping import ListMapping, read_mapping
from potline.lists.result import ListGuess, ListImport
from potline.lists.selecting import Selection, select
from potline.lists.sheets import Sheet, read_sheet, refused
from potline.lists.template import mapping_text
from potline.reading import reads

MAPPING = "mapping.toml"
_FILES = ("plants.csv", "firms.csv", "governments.csv", "sources.csv", "case.toml")
_MOST_MAPPING = 1_000_000


@reads
def import_list(
    file: str | PathLike[str], folder: str | PathLike[str], *, mapping: str | PathLike[str] | None = None
) -> ListImport:
    """Make a case folder from a vendor's list of plants, CSV or workbook, by a mapping file.

    The first call guesses which column is which, writes ``mapping.toml`` into the folder and says what was guessed
    from what; no number is made up: what the list does not hold stands there as ``"?"``. Edit it and call again: then
    the rows that are plants become a case, and every other row stands in ``dropped.csv`` with its reason. A cell that
    is not understood drops its row; it is never 0.

    Args:
        file: the list.
        folder: where mapping file and case are written; a case there that was changed by hand is not written over.
        mapping: a mapping file elsewhere, used in place of the folder's and copied into it.

    Returns:
        a :class:`ListImport`: what was kept, dropped, guessed, told, and what is still to be said.

    Raises:
        InputError: a list or a mapping file that cannot be read, a mapping that does not fit the list, a ``"?"`` left
            in a file that was there before, a case that is not sound; all problems at once, and no case is written.
        OSError: a folder that cannot be written.

    Examples:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as place:
        ...     text = "Works,Company,Status,Capacity (Mt/y)\\nNorth,Alpha,operating,1.2\\nSouth,Beta,unknown,>0\\n"
        ...     _ = pathlib.Path(place, "list.csv").write_text(text)
        ...     first = import_list(f"{place}/list.csv", f"{place}/mine")
        >>> first.case, {item.key: item.value for item in first.guesses}["columns.plant"], first.open[0]
        ('', 'Works', 'statuses.unknown')
    """
    source, target = Path(file), Path(folder)
    if target.is_file():
        raise refused(str(folder), "a file", "a folder", "Choose another name.")
    wanted = Path(mapping) if mapping is not None else target / MAPPING
    if mapping is None and not wanted.exists():
        return _first(source, target, str(folder))
    found = read_mapping(_mapping_bytes(wanted), wanted.name)
    _check_open(found)
    sheet = read_sheet(source, encoding=found.encoding, separator=found.separator, sheet=found.sheet)
    selection = select(sheet, found)
    files = case_files(selection, found, sheet.file)
    _write(target, files, selection, found, wanted, sheet.file)
    return ListImport(
        file=sheet.file,
        folder=str(folder),
        mapping=str(wanted),
        case=str(found.case.get("name", "")),
        rows=selection.rows,
        kept=len(selection.kept),
        firms=len({item.firm for item in selection.kept}),
        dropped=tuple(selection.dropped),
        notes=tuple(selection.notes),
    )


def _first(source: Path, target: Path, folder: str) -> ListImport:
    """Guess, and write the mapping file."""
    if (target / "case.toml").exists():
        hint = "Choose another folder, or give `--mapping`."
        raise refused(folder, "a case that no import wrote", "a new folder, or one with a mapping.toml", hint)
    sheet = read_sheet(source)
    guessed = guess_list(sheet)
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", target.resolve().name).strip("-.") or "mine"
    text = mapping_text(sheet, guessed, name)
    found = read_mapping(text.encode(), MAPPING)
    target.mkdir(parents=True, exist_ok=True)
    _put(target / MAPPING, text)
    rows = sum(any(cells) for cells in sheet.rows[guessed.heading_row :])
    return ListImport(
        file=sheet.file,
        folder=folder,
        mapping=str(target / MAPPING),
        rows=rows,
        guesses=_guesses(sheet, guessed),
        open=tuple(map(toml_path, found.open)),
    )


def _guesses(sheet: Sheet, found: Guessed) -> tuple[ListGuess, ...]:
    """Return what was guessed, in the order of the mapping file."""
    why = found.why
    guesses = [ListGuess(key="list.heading_row", value=str(found.heading_row), why=why["heading_row"])]
    guesses += [ListGuess(key=f"columns.{part}", value=name, why=why[part]) for part, name in found.parts.items()]
    if found.unit != "?":
        key, value = ("unit", found.unit) if found.unit else ("unit_column", found.unit_column)
        guesses.append(ListGuess(key=f"capacity.{key}", value=value, why=why[key]))
    guesses.append(ListGuess(key="list.decimal", value=found.decimal, why=why["decimal"]))
    if sheet.sheets:
        guesses.append(ListGuess(key="list.sheet", value=sheet.sheet, why="the largest sheet"))
    for word, (meaning, _) in found.states.items():
        if meaning != "?":
            guesses.append(ListGuess(key=f"statuses.{word}", value=meaning, why="the word"))
    return tuple(guesses)


def _mapping_bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise refused(str(path), "no file", "a mapping file")
        with path.open("rb") as file:
            data = file.read(_MOST_MAPPING + 1)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        hint = "The first call without it writes one."
        raise refused(str(path)[:200], f"a mapping file that cannot be read ({why})", "a mapping file", hint) from None
    if len(data) > _MOST_MAPPING:
        raise refused(str(path), "more than 1 MB", "a mapping file")
    return data


def _check_open(mapping: ListMapping) -> None:
    """Refuse a mapping file that waits for values.

    Raises:
        InputError: each of them, by line and key.
    """
    problems: list[Problem] = []
    for keys in mapping.open:
        line = mapping.document.line(keys)
        where = f"{mapping.file}{f' line {line}' if line else ''}, key {toml_path(keys)}"
        problems.append(Problem(where=where, found='"?"', needed="what only you can say"))
    if problems:
        raise InputError(problems)


def _write(
    target: Path, files: Mapping[str, str], selection: Selection, mapping: ListMapping, wanted: Path, list_file: str
) -> None:
    """Check the case in a folder of its own, then put its files into the target, case.toml last."""
    _check_untouched(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".potline-import-") as place:
        made = Path(place)
        for name, text in files.items():
            _put(made / name, text)
        if problems := check(made):
            raise InputError([_told(problem, selection, mapping, list_file) for problem in problems])
        _put(made / LEFT_OUT, dropped_table(selection.dropped))
        if wanted.resolve() != (target / MAPPING).resolve():
            (made / MAPPING).write_bytes(wanted.read_bytes())
        target.mkdir(exist_ok=True)
        for name in (*_FILES[:-1], LEFT_OUT, MAPPING, _FILES[-1]):
            if (made / name).exists():
                os.replace(made / name, target / name)
            elif name in _FILES:
                (target / name).unlink(missing_ok=True)


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _check_untouched(target: Path) -> None:
    """Refuse to write over files that no import wrote, or that were changed since.

    Raises:
        InputError: with the folder.
    """
    there = [name for name in _FILES if (target / name).exists()]
    if not there:
        return
    try:
        old = {name: (target / name).read_bytes().decode("utf-8") for name in there}
    except (OSError, UnicodeDecodeError):
        old = dict[str, str]()
    if not is_untouched(old):
        found = f"{', '.join(there)}, changed since they were imported or written by hand"
        hint = "Put your changes into the mapping file and move these away, or import into another folder."
        raise refused(str(target), found, "files as an import wrote them", hint)


def _told(problem: Problem, selection: Selection, mapping: ListMapping, list_file: str) -> Problem:
    """Return a problem of the case in the places of the list and the mapping file."""
    where = problem.where
    if match := re.match(r"case\.toml(?: line \d+)?, key (.*)", where):
        key = to_field(match[1], str(mapping.case.get("currency", "")))
        line = mapping.document.line(key.split("."))
        where = f"{mapping.file}{f' line {line}' if line else ''}, key {key}"
    elif (match := re.match(r"plants\.csv row (\d+)", where)) and 0 <= int(match[1]) - 2 < len(selection.kept):
        row = selection.kept[int(match[1]) - 2].row
        where = f"{where} ({list_file} row {row})"
    return Problem(where=where, found=problem.found, needed=problem.needed, hint=problem.hint)
