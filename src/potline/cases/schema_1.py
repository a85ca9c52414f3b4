"""A case of schema 1 said in schema 2: names of one industry become general ones, and everything else stays.

Schema 1 took every shared input for alumina, its makers for refineries and its ore for bauxite. The names of columns,
tables, numbers, paths and quantities change; quotes, notes, names of plants and series, and numbers do not.
"""

from __future__ import annotations

__all__ = ["CASE", "FILES", "KEPT", "Renewed", "is_schema_1", "is_schema_1_text", "renewed"]

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from potline.cases.cells import is_list, is_table
from potline.cases.problems import Problems
from potline.cases.statements import Part, Statement, edited, statements
from potline.errors import InputError

Cells = list[tuple[int, int, str]]
"""Pieces of a text: start, end, and what stands or is to stand there."""

CASE, SHARED = "case.toml", "alumina"
KEPT = ".schema-1"
"""The folder inside a case in which its old files stand while it is rewritten."""
FILES = {"refineries.csv": "suppliers.csv", "bauxite.csv": "ore.csv"}
COLUMNS = {
    "plants.csv": {"potline_kt": "line_kt"},
    "refineries.csv": {"refinery": "supplier", "bauxite": "ore", "bauxite_use_t_per_t": "ore_use_t_per_t"},
    "bauxite.csv": {"bauxite": "ore"},
}
_OF_THE_INPUT = (
    "price_per_t", "import_parity_per_t", "parity_gap_per_t", "output_kt", "imports_kt", "imports_kt_month",
    "imports_kt_quarter", "imports_change_share", "imports_months_above_200kt",
)  # fmt: skip
_OF_THE_CHAIN = ("price_per_t", "landed_per_t", "gap_per_t", "imports_kt_month")
QUANTITIES = {
    **{f"alumina_{name}": f"input_{name}" for name in _OF_THE_INPUT},
    **{f"chain_alumina_{name}": f"chain_input_{name}" for name in _OF_THE_CHAIN},
    "alumina_price_south_per_t": "chain_input_price_per_t[Guangxi+Guizhou]",
    "alumina_demand_per_kt_metal": "input_use_per_kt",
    "alumina_imports_change_per_kt_metal_cut": "input_imports_change_per_kt_cut",
    "refinery_operating_share": "supplier_operating_share",
    "chain_refinery_operating_share": "chain_supplier_operating_share",
    "chain_bauxite_imports_kt": "chain_ore_imports_kt",
    "chain_bauxite_import_share": "chain_ore_import_share",
    "chain_price_change_without_bauxite_per_t": "chain_price_change_without_ore_per_t",
    "chain_price_change_without_bauxite_with_stocks_per_t": "chain_price_change_without_ore_with_stocks_per_t",
    "metal_imports_kt": "product_imports_kt",
    "metal_parity_headroom_share": "parity_headroom_share",
}
"""Quantities of record.csv, without the currency that stands in the names of money."""
_NOUNS = {"refinery": "supplier", "bauxite": "ore"}
_FIELDS = {"potline_kt": "line_kt", "bauxite_use_t_per_t": "ore_use_t_per_t"}
_CELL = re.compile(r'"(?:[^"]|"")*"[^,\r\n]*|[^,\r\n]*')


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """The files of a case in schema 2 by name, and what became of the old ones, a line each."""

    files: Mapping[str, bytes]
    changes: tuple[str, ...]


def is_schema_1(values: Mapping[str, Any]) -> bool:
    """Whether a case.toml says that it is of schema 1."""
    case = values.get("case")
    return is_table(case) and str(case.get("schema", "")).strip() == "1"


def is_schema_1_text(data: bytes) -> bool:
    """Whether a sound case.toml says that it is of schema 1."""
    return is_schema_1(tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n")))


def renewed(files: Mapping[str, bytes]) -> Renewed:
    """Return the files of a sound or unsound case of schema 1 in schema 2, byte for byte but for the names.

    Raises:
        InputError: names of schema 2 that stand there already, or old names in a place that is not understood.
    """
    problems = Problems()
    result: dict[str, bytes] = {}
    changes: list[str] = []
    for name, data in files.items():
        new = FILES.get(name, name)
        if new != name:
            changes.append(f"{name} is now {new}")
            if new in files:
                problems.add(new, found=f"a file beside {name}", needed=f"one of the two: schema 2 names {name} so")
        change = _toml if name == CASE else _table if name in COLUMNS else _record if name == "record.csv" else None
        result[new] = data if change is None else change(name, data, problems, changes)
    if problems:
        raise InputError(problems.sorted())
    return Renewed(files=result, changes=tuple(changes))


def _toml(file: str, data: bytes, problems: Problems, changes: list[str]) -> bytes:
    text = data.decode("utf-8-sig")
    before = tomllib.loads(text.replace("\r\n", "\n"))
    for place in _taken(before):
        problems.add(file, key=place, found="a name of schema 2 in a case of schema 1", needed="no such name",
                     hint="Rename it, or write `schema = 2` where the case is in schema 2 already.")  # fmt: skip
    new = Cells()
    told: dict[str, None] = {}
    end_of_head = 0
    for item in statements(text):
        new += _edits(text, item, told)
        if item.table == ("case",):
            end_of_head = item.end
    wanted = _renamed(before)
    if "input_market" in wanted:
        line = text.find("\n", end_of_head) + 1 or len(text)
        block = f'\n[input_market]\nproduct = "{SHARED}"\n'
        new.append((line, line, block if "\r\n" not in text else block.replace("\n", "\r\n")))
        told["[input_market] says that the shared input is alumina"] = None
    after = edited(text, new)
    if not problems and tomllib.loads(after.replace("\r\n", "\n")) != wanted:
        problems.add(file, found="old names inside values in braces", needed="tables with headers of their own",
                     hint='Write `[columns.refineries]` or `[numbers."alumina.price_..."]` instead.')  # fmt: skip
    changes += [f"{file}: {line}" for line in told]
    return _encoded(data, after)


def _taken(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a case of schema 1 already calls as schema 2 does."""
    if "input_market" in values:
        yield "input_market"
    for table, names in (("numbers", ("input_market.",)), ("columns", ("suppliers", "ore"))):
        inner = values.get(table)
        for key in inner if is_table(inner) else ():
            if key in names or key.startswith(tuple(name for name in names if name.endswith("."))):
                yield f"{table}.{key}"


def _edits(text: str, item: Statement, told: dict[str, None]) -> Iterator[tuple[int, int, str]]:
    """Yield what changes in one statement."""
    path = item.path
    own = len(item.table)
    for depth, part in enumerate(item.parts, start=own):
        name = _key_renamed(path[: depth + 1])
        if name != part.name:
            told[f"{'.'.join(path[: depth + 1])} is now {name}"] = None
            yield part.start, part.end, _written(text, part, name)
    if path == ("case", "schema"):
        told["schema is now 2"] = None
        yield item.start, item.end, text[item.start : item.end].replace("1", "2")
    if path[:1] == ("factors",) and path[-1] in ("path", "claim") and item.end:
        raw = text[item.start : item.end]
        old = tomllib.loads(f"key = {raw}")["key"]
        if isinstance(old, str) and (new := _path_renamed(old)) != old and raw.count(old) == 1:
            told[f"{old} is now {new}"] = None
            yield item.start, item.end, raw.replace(old, new)


def _written(text: str, part: Part, name: str) -> str:
    """Return a key as it stood: in the same quotes, or in none."""
    quote = text[part.start]
    return f"{quote}{name}{quote}" if quote in "\"'" else name


def _key_renamed(path: tuple[str, ...]) -> str:
    """Return the new name of the last key of a path."""
    name = path[-1]
    if len(path) == 2 and path[0] == "numbers":
        return _path_renamed(name)
    if len(path) == 2 and path[0] == "columns":
        return FILES.get(f"{name}.csv", f"{name}.csv").removesuffix(".csv")
    if len(path) == 3 and path[0] in ("columns", "defaults"):
        return COLUMNS.get(f"{path[1]}.csv", {}).get(name, name)
    return name


def _renamed(values: Any, path: tuple[str, ...] = ()) -> Any:
    """Return what a document of schema 1 says, in schema 2."""
    if is_list(values):
        return [_renamed(item, path) for item in values]
    if not is_table(values):
        if path == ("case", "schema"):
            return "2" if isinstance(values, str) else 2
        known = path[:1] == ("factors",) and path[-1] in ("path", "claim") and isinstance(values, str)
        return _path_renamed(values) if known else values
    result = {_key_renamed((*path, key)): _renamed(value, (*path, key)) for key, value in values.items()}
    numbers = values.get("numbers") if not path else None
    if is_table(numbers) and any(key.startswith(f"{SHARED}.") for key in numbers):
        result["input_market"] = {"product": SHARED}
    return result


def _path_renamed(text: str) -> str:
    """Return a path in the names of schema 2.

    Examples:
        >>> _path_renamed("alumina.price_per_t"), _path_renamed("refinery[bauxite=local].bauxite_use_t_per_t")
        ('input_market.price_per_t', 'supplier[ore=local].ore_use_t_per_t')
    """
    if text.startswith(f"{SHARED}."):
        return f"input_market.{text.removeprefix(f'{SHARED}.')}"
    match = re.match(r"(?P<noun>\w+)(?P<selector>\[.*\])\.(?P<field>\w+)$", text, re.DOTALL)
    if match is None:
        return text
    noun, selector, field = match["noun"], match["selector"], match["field"]
    if noun in _NOUNS:
        selector = re.sub(r"(?<=[\[,])(\s*)(refinery|bauxite)(?=\s*=)", lambda key: key[1] + _NOUNS[key[2]], selector)
    return f"{_NOUNS.get(noun, noun)}{selector}.{_FIELDS.get(field, field)}"


def _table(file: str, data: bytes, problems: Problems, changes: list[str]) -> bytes:
    """Rename the columns of a table."""
    text, names = _text(data), COLUMNS[file]
    header = next(_rows(text), Cells())
    columns = [name for _, _, name in header]
    for column in names.values():
        if column in columns:
            problems.add(file, row=1, column=column, found="a column that schema 2 gives a meaning",
                         needed="no such column in a case of schema 1", hint="Give it another name.")  # fmt: skip
    new = [(start, end, text[start:end].replace(name, names[name])) for start, end, name in header if name in names]
    changes += [f"{file}: column {name} is now {names[name]}" for _, _, name in header if name in names]
    return _encoded(data, edited(text, new))


def _record(file: str, data: bytes, problems: Problems, changes: list[str]) -> bytes:
    """Rename the quantities of the record."""
    text = _text(data)
    rows = _rows(text)
    columns = [name for _, _, name in next(rows, Cells())]
    if "quantity" not in columns:
        return data
    at, new = columns.index("quantity"), Cells()
    for row in rows:
        if at < len(row):
            start, end, key = row[at]
            name = _quantity_renamed(key)
            if name != key:
                new.append((start, end, text[start:end].replace(key, name)))
    after = edited(text, new)
    if _cells_of(after) != [
        [_quantity_renamed(cell) if number and column == at else cell for column, cell in enumerate(row)]
        for number, row in enumerate(_cells_of(text))
    ]:
        problems.add(file, found="cells that cannot be told apart", needed="a table in CSV", hint="Save it anew.")
    changes += [f"{file}: {len(new)} quantities have new names"] if new else []
    return _encoded(data, after)


def _quantity_renamed(key: str) -> str:
    """Return the key of a quantity in schema 2.

    Examples:
        >>> _quantity_renamed("alumina_price_cny_per_t[2013-04]"), _quantity_renamed("capacity_kt")
        ('input_price_cny_per_t[2013-04]', 'capacity_kt')
    """
    match = re.match(r"(?P<name>\w+)(?P<rest>(?:\[.*\])?)$", key, re.DOTALL)
    if match is None:
        return _path_renamed(key)
    money = re.search(r"_(?P<currency>[a-z]{3})_per_t$", match["name"])
    plain = match["name"].replace(f"_{money['currency']}_per_t", "_per_t") if money else match["name"]
    if plain not in QUANTITIES:
        return key
    name = QUANTITIES[plain]
    return (name.replace("_per_t", f"_{money['currency']}_per_t", 1) if money else name) + match["rest"]


def _cells_of(text: str) -> list[list[str]]:
    """Return the cells of a table as its reader sees them; none where it is no table, which its reader says."""
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error:
        return []


def _rows(text: str) -> Iterator[Cells]:
    """Yield the cells of each row of a table: where it stands, quotes included, and what it says."""
    place = 0
    while place < len(text):
        row = Cells()
        while True:
            match = _CELL.match(text, place)
            assert match is not None
            raw = match[0].strip()
            said = raw[1:-1].replace('""', '"').strip() if raw[:1] == raw[-1:] == '"' and len(raw) > 1 else raw
            row.append((match.start(), match.end(), said))
            place = match.end() + 1
            if text[match.end() : place] != ",":
                break
        place += text[place - 1 : place + 1] == "\r\n"
        yield row


def _text(data: bytes) -> str:
    """Return the text of a table; nothing, in which nothing is renamed, where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def _encoded(data: bytes, text: str) -> bytes:
    """Return a text as a file, with the mark of the old one; the old one where nothing of it could be read."""
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    return mark + text.encode("utf-8") if text else data
