"""Choose the rows of a list that become plants; every other row is dropped with its reason."""

from __future__ import annotations

__all__ = ["Listed", "Selection", "select"]

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from potline.cases.problems import Problems, did_you_mean
from potline.errors import InputError
from potline.lists.amounts import Amount, factor_of, read_amount
from potline.lists.guessing import heading_names
from potline.lists.mapping import ListMapping
from potline.lists.owners import read_owners
from potline.lists.result import DroppedRow, ListNote
from potline.lists.sheets import Sheet


@dataclass(slots=True)
class Listed:
    """A row that is a plant.

    Attributes:
        row: as a spreadsheet counts.
        cells: by heading.
        name: of the plant, told apart from others of its name.
        firm: the company that runs it.
        owner: who decides for the company; "" for itself.
        capacity: kt/year.
        running: kt/year where the list says it.
        state: running, idle or starting.
        values: numbers of plants.csv, by column, as the case writes them.
    """

    row: int
    cells: Mapping[str, str]
    name: str
    firm: str
    owner: str
    capacity: Amount
    running: Amount | None
    state: str
    values: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Selection:
    """What was made of the rows."""

    rows: int
    kept: Sequence[Listed]
    dropped: Sequence[DroppedRow]
    notes: Sequence[ListNote]


def select(sheet: Sheet, mapping: ListMapping) -> Selection:
    """Choose the rows that become plants.

    Raises:
        InputError: a heading or a word of a state that the mapping names and the list lacks, or the reverse.
    """
    start = mapping.heading_row
    if start >= len(sheet.rows) or not any(sheet.rows[start - 1]):
        problems = Problems()
        _wrong(problems, mapping, ("list", "heading_row"), f"{start}", f"a row of headings of {sheet.file}")
        raise InputError(problems.sorted())
    width = max(len(cells) for cells in sheet.rows[start - 1 :])
    names = heading_names(sheet.rows[start - 1], width)
    _check_headings(mapping, names)
    kept: list[Listed] = []
    dropped: list[DroppedRow] = []
    told: dict[str, list[tuple[int, str]]] = defaultdict(list)
    unknown: Counter[str] = Counter()
    rows = 0
    for number, texts in enumerate(sheet.rows[start:], start=start + 1):
        if not any(texts):
            continue
        rows += 1
        cells = dict(zip(names, [*texts, *[""] * (width - len(texts))], strict=True))
        found = _listed(number, cells, mapping, told, unknown)
        if isinstance(found, DroppedRow):
            dropped.append(found)
        else:
            kept.append(found)
    _check_states(mapping, unknown)
    if not kept:
        reasons = Counter(item.reason for item in dropped).most_common(3)
        why = ", ".join(f"{reason} ({times:,} rows)" for reason, times in reasons) or "no rows below the headings"
        problems = Problems()
        problems.add(sheet.file, found=f"no row that is a plant: {why}", needed="at least one",
                     hint=f"See [columns], [statuses] and [capacity] of {mapping.file}.")  # fmt: skip
        raise InputError(problems.sorted())
    _name_apart(kept, mapping, told)
    _settle_owners(kept, told)
    notes = [ListNote(kind=kind, rows=tuple(row for row, _ in found), example=found[0][1])
             for kind, found in sorted(told.items())]  # fmt: skip
    return Selection(rows, kept, dropped, notes)


def _wrong(
    problems: Problems, mapping: ListMapping, keys: Sequence[str], found: str, needed: str, hint: str = ""
) -> None:
    line = mapping.document.line(keys)
    problems.add(mapping.file, line=line, key=".".join(keys), found=found, needed=needed, hint=hint)


def _check_headings(mapping: ListMapping, names: Sequence[str]) -> None:
    """Refuse headings that the list does not have."""
    problems = Problems()
    used = [(("columns", part), name) for part, name in mapping.columns.items()]
    used += [(("columns", "kept"), name) for name in mapping.kept]
    used += [(("capacity", "unit_column"), mapping.unit_column)]
    used += [(("only", name), name) for name in mapping.only]
    used += [(("assumed", item.column, "by"), item.by) for item in mapping.assumed]
    used += [(("given", item.column, "heading"), item.heading) for item in mapping.given]
    for keys, name in used:
        if name and name not in names:
            hint = did_you_mean(name, names, "Headings")
            _wrong(problems, mapping, keys, f"{name!r}, which is no heading of the list", "one of its headings", hint)
    if not mapping.unit_column and factor_of(mapping.unit) is None:
        hint = "Such as kt/year, t/year, Mt/year or t/day; write `ktpa` as kt/year."
        _wrong(problems, mapping, ("capacity", "unit"), repr(mapping.unit), "a unit of capacity", hint)
    if problems:
        raise InputError(problems.sorted())


def _check_states(mapping: ListMapping, unknown: Counter[str]) -> None:
    problems = Problems()
    for word, times in unknown.most_common():
        needed = "what it means in [statuses]: running, idle, starting or drop"
        found = f"the state {word!r} in {times:,} rows of the list"
        _wrong(problems, mapping, ("statuses",), found, needed, f"Write {word!r} there with one of them.")
    if problems:
        raise InputError(problems.sorted())


def _listed(
    number: int,
    cells: Mapping[str, str],
    mapping: ListMapping,
    told: dict[str, list[tuple[int, str]]],
    unknown: Counter[str],
) -> Listed | DroppedRow:
    """Return the plant of a row, or why it is none."""
    columns = mapping.columns
    name = cells[columns["plant"]]

    def drop(reason: str, column: str = "", cell: str = "") -> DroppedRow:
        return DroppedRow(row=number, plant=name, reason=reason, column=column, cell=cell)

    if mapping.is_missing(name):
        return drop("no name of a plant", columns["plant"], name)
    if name.casefold().rstrip(":") in mapping.totals:
        return drop("a total, not a plant", columns["plant"], name)
    for heading, words in mapping.only.items():
        if cells[heading] not in words:
            return drop(f"not asked for by [only] {heading}", heading, cells[heading])
    state = "running"
    if columns["status"]:
        word = cells[columns["status"]]
        state = mapping.statuses.get(word, "?")
        if state == "?":
            unknown[word] += 1
            return drop("state not known", columns["status"], word)
        if state == "drop":
            return drop(f"its state is {word!r}" if word else "its state is blank", columns["status"], word)
    factor = factor_of(cells[mapping.unit_column] if mapping.unit_column else mapping.unit)
    if factor is None:
        return drop("a unit that is not known", mapping.unit_column, cells[mapping.unit_column])
    cell = cells[columns["capacity"]]
    if mapping.is_missing(cell):
        return drop("no capacity", columns["capacity"], cell)
    capacity = read_amount(cell, factor, mapping.decimal, bounds=mapping.bounds, approximate=mapping.approximate)
    if capacity.why:
        return drop(f"its capacity is {capacity.why}", columns["capacity"], cell)
    if capacity.about:
        told["about"].append((number, cell))
    if capacity.low < capacity.high:
        told["range"].append((number, cell))
    running = _running(number, cells, mapping, factor, capacity, told)
    if isinstance(running, str):
        return drop(running, columns["running"], cells[columns["running"]])
    found = Listed(number, cells, name.replace(";", ","), "", "", capacity, running, state)
    if wrong := _numbers(found, mapping):
        return drop(*wrong)
    _firm(found, mapping, told)
    return found


def _running(
    number: int,
    cells: Mapping[str, str],
    mapping: ListMapping,
    factor: float,
    capacity: Amount,
    told: dict[str, list[tuple[int, str]]],
) -> Amount | str | None:
    """Return what runs where the list says it, or why the row is dropped; more than the capacity is told and cut."""
    heading = mapping.columns["running"]
    cell = cells[heading] if heading else ""
    if mapping.is_missing(cell):
        return None
    found = read_amount(cell, factor, mapping.decimal, bounds=mapping.bounds, approximate=mapping.approximate)
    if found.why == "0":
        return Amount()
    if found.why:
        return f"what runs is {found.why}"
    if found.high > capacity.low:
        told["runs_more"].append((number, cell))
        return Amount(min(found.low, capacity.low), min(found.high, capacity.low))
    return found


def _numbers(found: Listed, mapping: ListMapping) -> tuple[str, str, str] | None:
    """Read the numbers that the list gives beside the capacity; return why the row is dropped, None where it is not."""
    for item in mapping.given:
        cell = found.cells[item.heading]
        if mapping.is_missing(cell):
            return f"no {item.heading}", item.heading, cell
        read = read_amount(cell, 1.0, mapping.decimal, bounds="drop", approximate=mapping.approximate)
        if read.why and read.why != "0":
            return f"its {item.heading} is {read.why}", item.heading, cell
        low, high = read.low * item.times, read.high * item.times
        if needed := item.quantity.refusal(low) or item.quantity.refusal(high):
            return f"its {item.heading} is not {needed}", item.heading, cell
        found.values[item.column] = Amount(low, high).written
    return None


def _firm(found: Listed, mapping: ListMapping, told: dict[str, list[tuple[int, str]]]) -> None:
    """Say which company runs the plant and who decides for it."""
    columns, number = mapping.columns, found.row
    cell = found.cells[columns["owners"]] if columns["owners"] else ""
    company = found.cells[columns["firm"]] if columns["firm"] else ""
    if company.casefold() in (*mapping.missing, *mapping.nobody):
        company = ""
    owners = read_owners("" if mapping.is_missing(cell) else cell, mapping.nobody)
    if owners.shares and abs(owners.total - 100.0) > mapping.tolerance_percent:
        told["shares_off"].append((number, cell))
    if owners.shares and owners.total != owners.total and len(owners.shares) > 1:
        told["shares_absent"].append((number, cell))
    if owners.tie:
        told["shares_equal"].append((number, cell))
    if owners.minority:
        told["shares_minority"].append((number, cell))
    decides = owners.decides.replace(";", ",")
    if not company and not decides:
        told["no_company"].append((number, found.name))
    found.firm = (company or decides or found.name).replace(";", ",")
    found.owner = decides if decides != found.firm else ""


def _name_apart(kept: Sequence[Listed], mapping: ListMapping, told: dict[str, list[tuple[int, str]]]) -> None:
    """Tell plants of one name apart by their id, else by their row."""
    times = Counter(item.name for item in kept)
    taken = {name for name, count in times.items() if count == 1}
    for item in kept:
        if times[item.name] == 1:
            continue
        told["same_name"].append((item.row, item.name))
        mark = item.cells[mapping.columns["id"]].replace(";", ",") if mapping.columns["id"] else ""
        name = f"{item.name} ({mark})" if mark and f"{item.name} ({mark})" not in taken else ""
        item.name = name or f"{item.name} (row {item.row})"
        taken.add(item.name)


def _settle_owners(kept: Sequence[Listed], told: dict[str, list[tuple[int, str]]]) -> None:
    """Make each company decide for itself or through one that does.

    A company under two owners is told apart by them; an owner that has an owner itself is followed to the last.
    """
    owners: dict[str, set[str]] = defaultdict(set)
    for item in kept:
        owners[item.firm].add(item.owner)
    for item in kept:
        if len(owners[item.firm]) > 1 and item.owner:
            told["two_owners"].append((item.row, item.firm))
            item.firm = f"{item.firm} ({item.owner})"
    above = {item.firm: item.owner for item in kept if item.owner}
    last: dict[str, str] = {}
    for firm in above:
        seen = [firm]
        while (owner := above.get(seen[-1], "")) and owner not in seen:
            seen.append(owner)
        last[firm] = "" if owner else seen[-1]
    for item in kept:
        if item.owner and last[item.firm] != item.owner:
            told["owner_owned" if last[item.firm] else "owners_in_a_circle"].append((item.row, item.owner))
            item.owner = last[item.firm]
