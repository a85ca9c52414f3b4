"""Read what is asked of the industry: the meeting, the uncertain factors, the errors of plants' costs."""

from __future__ import annotations

__all__ = ["LEVELS", "read_factors", "read_meeting", "read_noise"]

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, cast

from potline.cases.case import Case
from potline.cases.cells import Quantity, is_list, is_table, shown
from potline.cases.override import STATES, check_results, inconsistent, values_at
from potline.cases.parts import Factor, Meeting, PlantNoise
from potline.cases.paths import Target, Unresolved, resolved
from potline.cases.problems import did_you_mean
from potline.cases.reader import Reader
from potline.cases.said import said_at
from potline.cases.schema import NUMBERS, FactorBlock, MeetingBlock, NoiseBlock
from potline.cases.written import Origin
from potline.choices import Rule
from potline.errors import InputError
from potline.industry import Change, Industry
from potline.sources import Interval
from potline.text import apart

MOST_FACTORS = 20
LEVELS = ("high", "med", "low")


def read_meeting(reader: Reader, industry: Industry) -> Meeting | None:
    """Read ``[meeting]``; a firm present without plants decides on no cut and is left out of the owners."""
    data: Any = reader.document.values.get("meeting")
    if data is None:
        return None
    block = reader.block(MeetingBlock, data, ("meeting",))
    firms = dict.fromkeys(firm.name for firm in industry.firms)
    times = Counter(block.firms)
    for firm in times:
        if any(firms) and firm not in firms:
            hint = partial(did_you_mean, firm, firms, "Firms")
            reader.at_key(("meeting", "firms"), f"unknown firm {firm!r}", "a firm of firms.csv", hint)
        if times[firm] > 1:
            reader.at_key(("meeting", "firms"), f"firm {firm!r} twice", "each firm once")
    with_plants = set(industry.owners)
    deciding = {firm.name: firm.decides for firm in industry.firms}
    owners = tuple(dict.fromkeys(owner for firm in block.firms if (owner := deciding.get(firm, firm)) in with_plants))
    if any(firms) and block.firms and len(owners) < 2:
        reader.at_key(
            ("meeting", "firms"),
            f"{len(owners)} owner{'' if len(owners) == 1 else 's'} with plants",
            "at least two, because a joint cut needs two",
            f"Owners with plants: {', '.join(industry.owners) or 'none'}.",
        )
    numbers: dict[str, float] = {}
    for name in ("term_years", "least_cut_kt"):
        raw = getattr(block, name)
        if raw is not None:
            keys, path = ("meeting", name), f"meeting.{name}"
            numbers[name] = reader.number(raw, NUMBERS[path], keys, path, said=said_at(reader, ("meeting",)))
    return Meeting(
        date=block.date,
        place=block.place,
        firms=block.firms,
        owners=owners,
        term_years=numbers.get("term_years", 1.0),
        least_cut_kt=numbers.get("least_cut_kt", math.nan),
        sweep_kt=_sweep(reader, block.sweep_kt),
        rule=block.rule,
        stated_cuts_kt=_stated(reader, block, industry),
    )


def _sweep(reader: Reader, raw: Any) -> tuple[float, ...]:
    if not isinstance(raw, (list, tuple)):
        reader.at_key(("meeting", "sweep_kt"), shown(raw), "a list of numbers such as [250, 500]")
        return ()
    cell = Quantity(above=0.0)
    found = [reader.quantity(item, cell, ("meeting", "sweep_kt")) for item in cast("Sequence[Any]", raw)]
    return tuple(item.central for item in found if item is not None)


def _stated(reader: Reader, block: MeetingBlock, industry: Industry) -> tuple[tuple[str, float], ...]:
    keys = ("meeting", "stated_cuts_kt")
    raw = block.stated_cuts_kt
    if raw is None:
        if block.rule == Rule.STATED:
            reader.at_key(keys, "nothing", 'the cut of each firm, because rule = "stated"', "Write `Firm = 100`.")
        return ()
    if not is_table(raw):
        reader.at_key(keys, shown(raw), "a table `[meeting.stated_cuts_kt]` with lines `Firm = 100`")
        return ()
    for word, value in (("source", block.source), ("standing", block.standing)):
        if not value:
            reader.at_key(("meeting", word), "nothing", f"a {word} of the stated cuts")
    source = reader.sources_at_key(block.source, ("meeting", "source"))
    origin = Origin(unit="kt/year", vat="none", source=source, standing=block.standing, note=block.note)
    running: dict[str, float] = {}
    deciding = {firm.name: firm.decides for firm in industry.firms}
    for plant in industry.plants:
        for name in {plant.firm, deciding.get(plant.firm, plant.firm)}:
            running[name] = running.get(name, 0.0) + plant.running_kt
    told = {deciding.get(firm, firm) for firm in raw}
    for firm in block.firms:
        if firm in running and deciding.get(firm, firm) not in told:
            reader.at_key((*keys, firm), "nothing", "the cut of each firm present, `0` where it cuts nothing")
    cuts: list[tuple[str, float]] = []
    for firm, amount in raw.items():
        interval = reader.quantity(amount, Quantity(minimum=0.0), (*keys, firm))
        if firm not in block.firms:
            hint = partial(did_you_mean, firm, block.firms, "Present")
            reader.at_key((*keys, firm), f"firm {firm!r}, not at the meeting", "a firm of `firms`", hint)
        elif firm not in running:
            reader.at_key((*keys, firm), f"a cut by {firm!r}, which has no plants", "a firm with plants")
        elif interval is not None and interval.high > running[firm] + 1e-9:
            cut, runs = apart(interval.high, running[firm])
            reader.at_key((*keys, firm), f"a cut of {cut} kt/year", f"at most the {runs} it runs")
        if interval is not None:
            where = f"case.toml line {reader.document.line((*keys, firm))}"
            cuts.append((firm, reader.claim(f"meeting.stated_cuts_kt[{firm}]", interval, origin, where=where)))
    return tuple(cuts)


def read_noise(reader: Reader, confidence: Sequence[str]) -> PlantNoise:
    """Read ``[noise]``: one standard deviation for all plants together, one by the confidence in each."""
    data: Any = reader.document.values.get("noise")
    if data is None:
        return PlantNoise(common_per_t=0.0, plant_per_t=(0.0,) * len(confidence))
    block = reader.block(NoiseBlock, data, ("noise",))
    source = reader.sources_at_key(block.source, ("noise", "source"))
    unit = reader.to_unit("CUR/t")
    origin = Origin(unit=unit, vat="excluded", source=source, standing=block.standing, note=block.note)
    where = f"case.toml line {reader.document.line(('noise',))}"
    zero = Interval(central=0.0, low=0.0, high=0.0)
    common = reader.claim("noise.common_per_t", block.common_cur_per_t or zero, origin, where=where)
    keys = ("noise", reader.to_file("plant_cur_per_t"))
    given: Any = block.plant_cur_per_t if block.plant_cur_per_t is not None else {}
    if not is_table(given) or (given and set(given) != set(LEVELS)):
        found = f"keys {', '.join(given)}" if is_table(given) else shown(given)
        reader.at_key(keys, found, "a number for each of high, med and low", "Write `{ high = 1, med = 2, low = 3 }`.")
        given = dict[str, Any]()
    levels: dict[str, float] = {}
    for level, raw in given.items():
        interval = reader.quantity(raw, Quantity(minimum=0.0), (*keys, level)) or zero
        levels[level] = reader.claim(f"noise.plant_per_t[{level}]", interval, origin, where=where)
    return PlantNoise(common_per_t=common, plant_per_t=tuple(levels.get(level, 0.0) for level in confidence))


def read_factors(reader: Reader, case: Case) -> tuple[Factor, ...]:
    """Read ``[[factors]]``; each must change something of the case."""
    given: Any = reader.document.values.get("factors", [])
    if not is_list(given):
        reader.at_key(("factors",), shown(given), "tables `[[factors]]`")
        return ()
    if len(given) > MOST_FACTORS:
        reader.at_key(
            ("factors",), f"{len(given)} factors", f"at most {MOST_FACTORS}", "Keep those that move the answer most."
        )
    factors: list[Factor] = []
    names: set[str] = set()
    for number, data in enumerate(given[:MOST_FACTORS]):
        keys = ("factors", str(number))
        if not is_table(data):
            reader.at_key(keys, shown(data), "a table `[[factors]]`")
            continue
        block = reader.block(FactorBlock, data, keys)
        if block.name in names:
            reader.at_key((*keys, "name"), f"factor {block.name!r} again", "each factor once")
        names.add(block.name)
        factor = _by_claim(reader, case, block, keys) if block.claim else _by_path(reader, case, block, keys)
        if factor is not None:
            factors.append(factor)
    return tuple(factors)


def _by_claim(reader: Reader, case: Case, block: FactorBlock, keys: tuple[str, ...]) -> Factor | None:
    at = (*keys, "claim")
    if block.path or block.range is not None:
        reader.at_key(at, "a claim beside a path or a range", "either `claim`, or `path` and `range`")
        return None
    claim = case.claims.get(block.claim)
    if claim is None:
        with suppress(Unresolved):
            claim = case.claims.get(resolved(case, block.claim, python_names=True).path)
    if claim is None:
        if block.claim in reader.tried:
            return None
        hint = partial(did_you_mean, block.claim, reader.written.paths, "Claims")
        reader.at_key(at, f"no number {block.claim!r}", "the path of a number of the case", hint)
        return None
    interval = reader.range_of(claim.path)
    if interval is None or not interval.is_range:
        reader.at_key(at, f"{claim.path!r} without a range", "a number written low..high", f"See {claim.where}.")
        return None
    every, _, field = claim.path.partition("].")
    if every == "plant[*":
        alike = [path for path in reader.written.paths if path.endswith(field)]
        own = sum(path.startswith("plant[") for path in alike) - 1
        if own:
            needed = "a `path` that selects the plants meant, and a `range`"
            reader.at_key(at, f"a default that {own} plants do not use", needed)
            return None
    if not _changes(reader, case, claim.path, at):
        return None
    note = block.note or claim.note
    return _factor(block, claim.path, interval, claim.source, claim.standing, note)


def _by_path(reader: Reader, case: Case, block: FactorBlock, keys: tuple[str, ...]) -> Factor | None:
    needed: Mapping[str, Any] = {
        "path": block.path, "range": block.range, "source": block.source, "standing": block.standing
    }  # fmt: skip
    given = reader.document.values["factors"][int(keys[1])]
    read_blank = ("path", "source")
    absent = [name for name, value in needed.items() if not value and (name not in given or name in read_blank)]
    for name in absent:
        reader.at_key((*keys, name), "nothing", f"a {name}", "" if name != "path" else "Or `claim = PATH`.")
    source = reader.sources_at_key(block.source, (*keys, "source"))
    if not block.path or block.range is None:
        return None
    at, target = (*keys, "path"), None
    try:
        target = resolved(case, block.path, python_names=True)
        path, basis = target.path, case.basis(target.basis)
        if block.operation != "multiply" and target.quantity is not None:
            reader.check_unit(block.unit, target.quantity.unit, (*keys, "unit"))
    except Unresolved as error:
        path, basis = block.path, "excluded"
        if not _fits(case, path):
            reader.at_key(at, error.found, error.needed, error.hint)
            return None
    if not _changes(reader, case, path, at):
        return None
    vat = "none" if block.operation == "multiply" else block.vat or basis
    factor = _factor(block, path, reader.untaxed(block.range, vat), source, block.standing, block.note)
    if target is not None:
        _check_ends(reader, case, factor, target, (*keys, "range"))
    return factor


def _check_ends(reader: Reader, case: Case, factor: Factor, target: Target, keys: tuple[str, ...]) -> None:
    """Report the ends of a range at which the case could not stand."""
    field = target.path.rpartition(".")[2]
    for end in (factor.low, factor.high):
        try:
            check_results(case, target, factor.change(end))
        except Unresolved as error:
            reader.at_key(keys, f"an end, {end:g}, with {error.found}", error.needed, error.hint)
            continue
        if field in STATES or field == "kappa":
            for problem in inconsistent(case.under(factor.change(end)), [("", target)]):
                reader.at_key(keys, f"an end, {end:g}, with {problem.found}", problem.needed)


def _fits(case: Case, path: str) -> bool:
    return not _refusal(case, path)


def _changes(reader: Reader, case: Case, path: str, keys: tuple[str, ...]) -> bool:
    refusal = _refusal(case, path)
    if refusal:
        reader.at_key(keys, f"a path that changes nothing ({refusal})", "the path of a number of the case")
    return not refusal


def _refusal(case: Case, path: str) -> str:
    """Return why nothing of the case changes with a path; nothing where something does."""
    with suppress(InputError, AttributeError):  # most paths have numbers, which is soon seen
        if values_at(case, path):
            return ""
    try:
        case.under(Change(path=path, operation="multiply", value=1.0))
    except InputError as error:
        return error.problems[0].found
    return ""


def _factor(block: FactorBlock, path: str, interval: Interval, source: str, standing: Any, note: str) -> Factor:
    return Factor(
        name=block.name,
        path=path,
        operation=block.operation if not block.claim else "set",
        low=interval.low,
        central=interval.central,
        high=interval.high,
        triangular=interval.is_range and interval.stated_central,
        source=source,
        standing=standing or "assumed",
        note=note,
    )
