"""Read a case from a folder, with every problem of every file reported at once."""

from __future__ import annotations

__all__ = ["LEFT_OUT", "case_of_files", "check", "file_bytes", "load"]

import dataclasses
import hashlib
import os
import shlex
import warnings
from collections.abc import Collection, Mapping
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

from potline.cases.case import Case
from potline.cases.case_files import CaseFiles
from potline.cases.cells import is_table
from potline.cases.documented_stops import read_documented_stops
from potline.cases.documents import Document, read_toml
from potline.cases.files import MOST_BYTES, Table, beyond, decoded, read_table
from potline.cases.folders import shipped, shipped_folder
from potline.cases.market import read_market
from potline.cases.members import read_firms, read_governments, read_projects, read_suppliers
from potline.cases.outcome import read_outcome
from potline.cases.plants import is_input_column, read_plants
from potline.cases.policies import read_policies
from potline.cases.problems import Problems, did_you_mean
from potline.cases.question import read_factors, read_meeting, read_noise
from potline.cases.reader import CASE, Reader
from potline.cases.record import read_record, read_series, read_sources
from potline.cases.said import apart_from_said
from potline.cases.schema import BLOCKS, CaseBlock
from potline.cases.schema_1 import FILES, KEPT, is_schema_1, renewed
from potline.cases.supply import read_supply
from potline.cases.tables import TABLES
from potline.cases.window import read_window
from potline.cases.workbooks.reading import SHEETS, files_of_workbook, is_workbook
from potline.errors import InputError, Problem
from potline.industry import Industry, LumpSum, Policy
from potline.reading import changed, nouns_unread, read_all, reads, uncollected

NEEDED = "a case folder, a workbook (.xlsx) or a shipped case"
_REQUIRED = ("plants", "firms", "sources")
LEFT_OUT = "dropped.csv"
"""Rows that an import of a list left out of the case: no table of it."""


class _Folder(Protocol):
    """A folder on disk or inside an installed package."""

    @property
    def name(self) -> str: ...
    def iterdir(self) -> Any: ...
    def is_dir(self) -> bool: ...


@reads
def load(name: str | PathLike[str]) -> Case:
    """Read a shipped case by name, a case folder or a workbook.

    Raises:
        InputError: the case does not exist, or has problems; all of them, by file and row.

    Examples:
        >>> load("no-such-case")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        potline.errors.InputError: no-such-case: found no such folder; needed a case folder, a workbook (.xlsx) or...
    """
    case, problems = _read(name)
    if problems or case is None:
        raise InputError(problems)
    return case


@reads
def check(folder: str | PathLike[str]) -> tuple[Problem, ...]:
    """Return all problems of a folder, workbook or shipped case, by file and row or sheet and cell; none if sound."""
    try:
        return _read(folder)[1]
    except InputError as error:
        return error.problems


def _found(name: str | PathLike[str]) -> _Folder:
    text = str(name)
    names = shipped()
    if text in names:
        return shipped_folder(text)
    if not text.strip():
        hint = f"Shipped cases: {', '.join(names)}. The folder you are in is `.`."
        raise InputError([Problem(where="case", found="nothing", needed=NEEDED, hint=hint)])
    path = Path(name)
    try:
        if path.is_dir() or (path.is_file() and is_workbook(path.name)):
            return path
        found = "a file" if path.exists() else "no such file" if is_workbook(path.name) else "no such folder"
    except (OSError, ValueError) as error:  # a name too long, or with a character no name has
        found = f"a name that cannot be one ({getattr(error, 'strerror', None) or error})".lower()
    hint = did_you_mean(text, names, "Shipped cases") if names else ""
    shortened = text if len(text) <= 200 else f"{text[:197]}..."
    raise InputError([Problem(where=shortened, found=found, needed=NEEDED, hint=hint)])


@uncollected()
def _read(name: str | PathLike[str]) -> tuple[Case | None, tuple[Problem, ...]]:
    found, where, problems = _found(name), str(name), Problems()
    if isinstance(found, Path) and not found.is_dir():
        data = file_bytes(found, problems, where=where)
        files = {} if data is None else files_of_workbook(data, where, problems)
        if not files:
            return None, problems.sorted()
        return case_of_files(files, where, problems)
    files = _files(found, where, problems)
    if problems.in_file(KEPT) or (CASE not in files and (problems.in_file(CASE) or problems.in_file(where))):
        return None, problems.sorted()
    return case_of_files(files, where, problems)


def case_of_files(
    files: Mapping[str, bytes], where: str, problems: Problems
) -> tuple[Case | None, tuple[Problem, ...]]:
    """Return the case that the files of a folder say, by name, or all that is wrong with them.

    Args:
        files: ``case.toml``, tables such as ``plants.csv``, and what a case keeps unread, ``sheets/NAME.csv``.
        where: what the case is called where it was read from.
        problems: those found so far.
    """
    if CASE not in files:
        hint = "Write a starter case with `potline new FOLDER`."
        problem = Problem(where=where, found="a folder without case.toml", needed="a case folder", hint=hint)
        return None, (problem,)
    if [name for name, data in files.items() if name != CASE and beyond(data, name, problems)]:
        return None, problems.sorted()
    document = read_toml(files[CASE], CASE, problems) or Document()
    digest, given = _digest(files), files
    if is_schema_1(document.values):
        files = _in_schema_2(files, where)
        document = read_toml(files[CASE], CASE, problems) or Document()
    for name in FILES.keys() & files.keys():
        needed, hint = "a table this format knows", f"Schema 2 calls it {FILES[name]}."
        problems.add(name, found="an unknown table", needed=needed, hint=hint)
    tables: dict[str, Table] = {}
    for name in TABLES:
        file = f"{name}.csv"
        if file in files:
            table = read_table(files[file], file, problems, key=TABLES[name].required[0])
            if table is not None:
                tables[name] = table
        elif name in _REQUIRED and not problems.in_file(file):
            problems.add(file, found="no such file", needed="this table")
    if not document.values:
        return None, problems.sorted()
    reader = Reader(document, tables, problems)
    head = _head(reader)
    if not head.currency:
        return None, problems.sorted()
    with nouns_unread():
        case = _case(reader, head, digest, where)
    if problems:
        return None, problems.sorted()
    read_all(case)
    return changed(case, files=CaseFiles.of(given, case, problems.places)), ()


def _in_schema_2(files: Mapping[str, bytes], where: str) -> dict[str, bytes]:
    """Return the files of a case of schema 1 in schema 2, and say once that the folder is of the old one."""
    found = renewed(files)
    warnings.warn(
        f"{where} is a case of schema 1, read as schema 2. `potline check {shlex.quote(where)} --upgrade` rewrites it.",
        FutureWarning,
        stacklevel=2,
    )
    return dict(found.files)


def _files(folder: _Folder, where: str, problems: Problems) -> dict[str, bytes]:
    """Read case.toml and the tables; report what cannot be read and tables with unknown names."""
    known = [CASE, *(f"{name}.csv" for name in TABLES)]
    files: dict[str, bytes] = {}
    sheets: dict[str, bytes] = {}
    for entry in _entries(folder, where, problems):
        if entry.name in known or entry.name in FILES:
            data = file_bytes(entry, problems)
            if data is not None:
                files[entry.name] = data
        elif entry.name == SHEETS.rstrip("/") and entry.is_dir():
            sheets = _sheets(entry, problems)
        elif entry.name == KEPT:
            hint = f"Run `potline check {shlex.quote(where)} --upgrade` again."
            problems.add(KEPT, found="an upgrade that was cut short", needed="files of one schema", hint=hint)
        elif entry.name.lower().endswith(".csv") and entry.name[0] not in ".~" and entry.name != LEFT_OUT:
            hint = did_you_mean(entry.name, known[1:], "Tables")
            problems.add(entry.name, found="an unknown table", needed="a table this format knows", hint=hint)
    return files | sheets


def _entries(folder: _Folder, where: str, problems: Problems) -> list[Any]:
    """Return what a folder holds, by name; nothing, and a problem, where that cannot be read."""
    try:
        return sorted(folder.iterdir(), key=lambda item: item.name)
    except OSError as error:
        problems.add(where, found=_reason(error), needed="a folder that can be read")
        return []


def _sheets(folder: Any, problems: Problems) -> dict[str, bytes]:
    """Return the sheets of a workbook that a folder keeps for it, unread."""
    found: dict[str, bytes] = {}
    for entry in _entries(folder, SHEETS.rstrip("/"), problems):
        if entry.name.endswith(".csv") and entry.name[0] not in ".~":
            data = file_bytes(entry, problems, where=f"{SHEETS}{entry.name}")
            if data is not None and decoded(data, f"{SHEETS}{entry.name}", problems) is not None:
                found[f"{SHEETS}{entry.name}"] = data
    return found


def file_bytes(entry: Any, problems: Problems, *, where: str = "") -> bytes | None:
    """Return a file of a case; None, and a problem, where it is none, cannot be read or is too large."""
    most, where = MOST_BYTES.get(Path(entry.name).suffix, MOST_BYTES[".xlsx"]), where or entry.name
    try:
        if not entry.is_file():
            found = "a folder" if entry.is_dir() else "a pipe, a device or a link to nothing"
            problems.add(where, found=found, needed="a file")
            return None
        data = _first_bytes(entry, most + 1)
    except OSError as error:
        problems.add(where, found=_reason(error), needed="a file that can be read")
        return None
    if data is None:
        problems.add(where, found="a file that waits for somebody to write to it", needed="a file")
        return None
    if len(data) > most:
        problems.add(where, found="a larger file", needed=f"at most {most // 1_000_000} MB")
        return None
    return data


def _first_bytes(entry: Any, most: int) -> bytes | None:
    """Return the first bytes of a file; None where it has none yet: some devices call themselves files, and wait."""
    if not isinstance(entry, Path):
        with entry.open("rb") as file:
            return file.read(most)
    with open(entry, "rb", opener=_at_once) as file:
        return file.read(most)


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()


def _case(reader: Reader, head: CaseBlock, digest: str, where: str) -> Case:
    sources = read_sources(reader)
    firms = read_firms(reader)
    governments = read_governments(reader)
    names, provinces = (dict.fromkeys(item.name for item in items) for items in (firms, governments))
    plants = read_plants(reader, provinces, names)
    market = read_market(reader, head.demand, read_suppliers(reader, provinces))
    supply = read_supply(reader, market.input_market, provinces, head.product)
    industry = Industry(
        name=head.name,
        plants=plants.plants,
        demand=market.demand,
        price_per_t=market.price_per_t,
        firms=firms,
        governments=governments,
        currency=head.currency,
        product=head.product,
        date=head.date,
        vat_rate=reader.vat_rate,
        discount_rate=market.discount_rate,
        availability_share=market.availability_share,
        own_inputs=head.own_inputs,
        trade=market.trade,
        process=market.process,
        input_market=supply,
        projects=read_projects(reader, provinces, names),
    )
    industry, other = _under_policies(reader, industry, provinces)
    case = Case(
        name=head.name,
        title=head.title,
        description=head.description,
        date=head.date,
        currency=head.currency,
        industry=industry,
        meeting=read_meeting(reader, industry) if industry.plants else None,
        outcome=read_outcome(reader, names),
        sources=sources,
        noise=read_noise(reader, plants.confidence),
        record=read_record(reader),
        series=read_series(reader),
        other_policies=other,
        digest=digest,
        folder=where,
        extra_columns=tuple(reader.extra),
    )
    _check_column_tables(reader)
    case = dataclasses.replace(case, claims=reader.claims(), bases=tuple(reader.bases.items()))
    if not industry.plants:
        return case
    window, documented = read_window(reader, case), read_documented_stops(reader, case)
    factors, extra = read_factors(reader, case), tuple(reader.extra)
    return dataclasses.replace(case, factors=factors, window=window, documented_stops=documented, extra_columns=extra)


def _head(reader: Reader) -> CaseBlock:
    values = reader.document.values
    for key in values:
        if key not in BLOCKS:
            reader.at_key((key,), "an unknown table", "a table this format knows", did_you_mean(key, BLOCKS, "Tables"))
    defaults = values.get("defaults")
    for key in defaults if is_table(defaults) else ():
        if key != "plants":
            reader.at_key(("defaults", key), "defaults of another table", "`[defaults.plants.COLUMN]`")
    raw: Any = values.get("case")
    if is_table(raw):
        reader.currency = raw["currency"] if isinstance(raw.get("currency"), str) else ""
    if raw is None:
        reader.at_key(("case",), "nothing", "a table `[case]`", "Compare with `potline new FOLDER`.")
        return CaseBlock()
    head = reader.block(CaseBlock, raw, ("case",))
    reader.vat_rate = head.vat_rate.central if head.vat_rate else 0.0
    return head


def _under_policies(
    reader: Reader, industry: Industry, provinces: Collection[str]
) -> tuple[Industry, tuple[Policy, ...]]:
    names = dict.fromkeys(firm.name for firm in industry.firms)
    found = read_policies(reader, industry.plants, names, provinces)
    other = tuple(policy for _, _, policy, in_force in found if not in_force)
    with suppress(InputError):  # at once where all apply, however many they are
        return industry.under(*(policy for _, _, policy, in_force in found if in_force)), other
    for table, row, policy, in_force in found:
        if not in_force:
            continue
        try:
            industry = industry.under(policy)
        except InputError as error:
            known = not isinstance(policy, LumpSum) or policy.firm in names
            if known and not reader.problems.in_file("plants.csv"):
                said = f"{error.problems[0].where}: {error.problems[0].found}"
                reader.at_cell(table, row, "firm", said, "a firm that runs plants, or in_force = no")
    return industry, other


def _check_column_tables(reader: Reader) -> None:
    """Report ``[columns]`` of tables or columns that are not there."""
    given: Any = reader.document.values.get("columns", {})
    for name, columns in given.items() if is_table(given) else ():
        keys = ("columns", name)
        if name not in TABLES:
            reader.at_key(keys, f"unknown table {name!r}", "a table of the case", did_you_mean(name, TABLES, "Tables"))
        elif name in reader.tables and is_table(columns):
            known = reader.tables[name].columns
            legal = [reader.to_file(field) for field in TABLES[name].model_fields]
            for column in apart_from_said(columns)[1]:
                if column not in known and column not in legal and not is_input_column(reader.to_field(column)):
                    hint = did_you_mean(column, known, "Columns")
                    reader.at_key((*keys, column), "a column that is not there", f"a column of {name}.csv", hint)
