"""Write what was selected of a list as the files of a case."""

from __future__ import annotations

__all__ = ["case_files", "digest_line", "dropped_table", "is_untouched"]

import difflib
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from potline.cases.cells import is_table
from potline.cases.currency_names import to_file
from potline.cases.problems import Problems
from potline.cases.schema import NUMBERS
from potline.cases.tables import PlantRow
from potline.cases.toml_writing import toml_key, toml_string, toml_value
from potline.cases.workbooks.reading import csv_bytes
from potline.errors import InputError
from potline.lists.factors import MOST_FACTORS, factors_of
from potline.lists.mapping import RUNNING_SHARE, Assumed, ListMapping, quantity_of
from potline.lists.result import DroppedRow
from potline.lists.selecting import Listed, Selection
from potline.sources import Interval, parse_interval

_DIGEST = "# import: sha256 "


def case_files(selection: Selection, mapping: ListMapping, list_file: str) -> dict[str, str]:
    """Return the text of each file of the case.

    Raises:
        InputError: a word of the list for which the mapping file assumes no value.
    """
    currency = str(mapping.case.get("currency", "")).strip()
    plants, running = _plants(selection, mapping, currency)
    files = {"plants.csv": plants, "firms.csv": _firms(selection.kept)}
    if mapping.columns["place"]:
        places = sorted({item.cells[mapping.columns["place"]] for item in selection.kept} - {""})
        if places:
            files["governments.csv"] = _table_text(("province",), [(_name(place),) for place in places])
    rows = [("list", *(mapping.source[key] or ("" if key != "title" else list_file)
                       for key in ("title", "address", "licence")))]  # fmt: skip
    rows += [(name, about["title"], about["address"], about["licence"]) for name, about in mapping.sources.items()]
    files["sources.csv"] = _table_text(("source", "title", "address", "licence"), rows)
    files["case.toml"] = _case(selection, mapping, currency, running, list_file)
    files["case.toml"] = digest_line(files) + files["case.toml"]
    return files


def _name(text: str) -> str:
    return text.replace(";", ",")


def _table_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return csv_bytes([header, *rows]).decode("utf-8")


def dropped_table(dropped: Sequence[DroppedRow]) -> str:
    """Return the rows that became no plant, each with its reason."""
    rows = [(str(item.row), item.plant, item.reason, item.column, item.cell) for item in dropped]
    return _table_text(("row", "plant", "reason", "column", "cell"), rows)


def digest_line(files: Mapping[str, str]) -> str:
    """Return the line that says whether files are as they were written."""
    found = hashlib.sha256()
    for name in sorted(files):
        text = files[name].partition("\n")[2] if files[name].startswith(_DIGEST) else files[name]
        found.update(f"{name}\n{text}\n".encode())
    return f"{_DIGEST}{found.hexdigest()}\n"


def is_untouched(files: Mapping[str, str]) -> bool:
    """Whether the files of a case are as an import wrote them."""
    return files.get("case.toml", "").startswith(digest_line(files))


def _plants(selection: Selection, mapping: ListMapping, currency: str) -> tuple[str, float]:
    """Return plants.csv and what runs in all."""
    share = next((item for item in mapping.assumed if item.column == RUNNING_SHARE), None)
    others = [item for item in mapping.assumed if item.column != RUNNING_SHARE]
    starting = any(item.state == "starting" for item in selection.kept)
    place = mapping.columns["place"]
    columns = ["plant", "firm", *(["province"] if place else []), "capacity_kt", "running_kt"]
    columns += ["commissioning_kt"] if starting else []
    numbers = [item.column for item in (*mapping.given, *others)]
    columns += [to_file(name, currency) for name in numbers]
    kept = _kept_names(mapping, currency)
    rows: list[list[str]] = []
    sold = 0.0
    for item in selection.kept:
        text, central = _running(item, share, mapping)
        sold += central
        row = [item.name, item.firm, *([_name(item.cells[place])] if place else []), item.capacity.written, text]
        row += [item.capacity.written if item.state == "starting" else "0"] if starting else []
        row += [item.values[given.column] for given in mapping.given]
        row += [_value_for(assumed, item, mapping) for assumed in others]
        rows.append([*row, str(item.row), *(item.cells[name] for name in kept.values())])
    return _table_text([*columns, "list_row", *kept], rows), sold


def _kept_names(mapping: ListMapping, currency: str) -> dict[str, str]:
    """Return the columns kept beside each plant: name in plants.csv, which looks like no column of it, and heading."""
    known = [to_file(name, currency) for name in PlantRow.model_fields]
    names: dict[str, str] = {}
    for heading in mapping.kept:
        slug = re.sub(r"[\W_]+", "_", heading.casefold()).strip("_") or "column"
        alike = difflib.get_close_matches(f"list_{slug}", known, n=1, cutoff=0.7)
        name = f"as_written_in_the_list_{slug}" if alike else f"list_{slug}"
        while name in names or name == "list_row":
            name += "_2"
        names[name] = heading
    return names


def _value_for(assumed: Assumed, item: Listed, mapping: ListMapping) -> str:
    """Return what is assumed of a plant."""
    if (value := assumed.value_for(item.cells)) is not None:
        return value
    word = item.cells[assumed.by]
    keys = ("assumed", assumed.column, "values")
    problems = Problems()
    problems.add(
        mapping.file,
        line=mapping.document.line(keys),
        key=".".join(keys),
        found=f"no value for {word!r} of {assumed.by!r}",
        needed="one for each word of that column",
        hint=f'Write `{toml_string(word)} = ...` there, or `"*" = ...` for every other word.',
    )
    raise InputError(problems.sorted())


def _running(item: Listed, share: Assumed | None, mapping: ListMapping) -> tuple[str, float]:
    """Return what runs, as text and as its central value."""
    if item.state != "running":
        return "0", 0.0
    low, high = item.capacity.low, item.capacity.high
    if item.running is not None:
        return item.running.written, 0.5 * (item.running.low + item.running.high)
    part = (
        parse_interval(_value_for(share, item, mapping) or "1") if share else Interval(central=1.0, low=1.0, high=1.0)
    )
    central = 0.5 * (low + high) * part.central
    ends = low * part.low, high * part.high
    if ends[0] == ends[1]:
        return f"{central:.10g}", float(f"{central:.10g}")
    text = f"{central:.10g} in {ends[0]:.10g}..{ends[1]:.10g}"
    return text, float(f"{central:.10g}")


def _firms(kept: Sequence[Listed]) -> str:
    owners = {item.firm: item.owner for item in kept}
    for owner in [owner for owner in owners.values() if owner]:
        owners.setdefault(owner, "")
    return _table_text(("firm", "owner"), [(firm, owners[firm]) for firm in sorted(owners)])


def _case(selection: Selection, mapping: ListMapping, currency: str, running: float, list_file: str) -> str:
    lines = [
        f"# Written by Potline from {list_file} by {mapping.file}: change that file, and import again.",
        "",
        "[case]",
        "schema = 2",
        *(f"{key} = {toml_value(value)}" for key, value in mapping.case.items()),
        "",
    ]
    for name, about in mapping.numbers.items():
        table = dict(about)
        if table.get("value") == "running":
            note = f"what runs of the {len(selection.kept):,} plants, added up"
            table |= {"value": float(f"{running:.10g}"), "standing": "derived", "source": "list", "note": note}
        unit = NUMBERS[name].unit
        lines += _claim(f"numbers.{toml_key(to_file(name, currency))}", table, unit, currency)
    for name, about in mapping.defaults.items():
        unit = _unit_of(name)
        lines += _claim(f"defaults.plants.{to_file(name, currency)}", about, unit, currency)
    lines += _columns(selection, mapping, currency)
    passed = dict(mapping.passed)
    if "factors" not in passed:
        passed["factors"] = factors_of(selection.kept, mapping)[: MOST_FACTORS + 1]
    for name, content in passed.items():
        lines += _passed(name, content)
    return "\n".join(lines)


def _unit_of(column: str) -> str:
    quantity = quantity_of(column)
    return quantity.unit if quantity else ""


def _claim(table: str, about: Mapping[str, Any], unit: str, currency: str) -> list[str]:
    """Return a number with what is said of it; what is left out is filled in."""
    full = {
        "value": about["value"],
        "unit": about.get("unit") or unit.replace("CUR", currency),
        "vat": about.get("vat") or ("excluded" if "CUR" in unit else "none"),
        "source": about.get("source") or "own",
        "standing": about.get("standing") or "assumed",
        **{key: about[key] for key in ("quote", "note") if about.get(key)},
    }
    return [f"[{table}]", *(f"{key} = {toml_value(value)}" for key, value in full.items()), ""]


def _columns(selection: Selection, mapping: ListMapping, currency: str) -> list[str]:
    said = {"capacity_kt": {"unit": "kt/year", "vat": "none", "source": "list", "standing": mapping.standing}}
    share = next((item.about for item in mapping.assumed if item.column == RUNNING_SHARE), None)
    about = {"source": "list", "standing": "derived"} if share is None else dict(share)
    said["running_kt"] = {**about, "unit": "kt/year", "vat": "none"}
    if any(item.state == "starting" for item in selection.kept):
        said["commissioning_kt"] = {"unit": "kt/year", "vat": "none", "source": "list", "standing": mapping.standing}
    for item in (*mapping.given, *(item for item in mapping.assumed if item.column != RUNNING_SHARE)):
        said[to_file(item.column, currency)] = {**item.about, "unit": item.about["unit"].replace("CUR", currency)}
    lines: list[str] = []
    for column, words in said.items():
        lines += [
            f"[columns.plants.{column}]",
            *(f"{key} = {toml_value(text)}" for key, text in words.items() if text),
            "",
        ]
    return lines


def _passed(name: str, content: Any) -> list[str]:
    """Return a part of case.toml as the mapping file holds it."""
    if isinstance(content, list):
        return [line for item in content for line in (f"[[{name}]]", *_flat(item), "")]  # pyright: ignore[reportUnknownVariableType]  # TOML
    return [f"[{name}]", *_flat(content), ""]


def _flat(table: Any) -> list[str]:
    return [f"{toml_key(str(key))} = {toml_value(value)}" for key, value in table.items()] if is_table(table) else []
