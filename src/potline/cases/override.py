"""Overrides as typed: the names, currency and tax basis of the files, turned into changes of the case."""

from __future__ import annotations

__all__ = ["STATES", "changed_path", "check_results", "checked", "inconsistent", "overridden", "values_at"]

import dataclasses
import math
import re
from collections.abc import Iterable, Sequence
from typing import cast

from potline.cases.cells import read_number, shown
from potline.cases.contents import AnyCase, CaseContents
from potline.cases.market import outgrown, too_steep
from potline.cases.parts import Factor
from potline.cases.paths import IN_QUOTES, LONGEST, Target, Unresolved, members_of, resolved
from potline.cases.plants import too_dear
from potline.errors import InputError, Problem
from potline.industry import Change, Plant, parse_path
from potline.industry.change import SELECTOR, Operation
from potline.text import apart, first_control
from potline.units import without_vat

_FORM = re.compile(rf"^(?P<path>(?:\[{SELECTOR}\]|[^\[\]=+*])+?)\s*(?P<sign>\+=|\*=|=)(?P<value>.*)$", re.DOTALL)
_SHOWN = 200
STATES = ("capacity_kt", "running_kt", "commissioning_kt")
"""Numbers of a plant that must fit each other."""
_OPERATIONS: dict[str, Operation] = {"=": "set", "+=": "add", "*=": "multiply"}


def overridden(case: AnyCase, texts: Sequence[str]) -> AnyCase:
    """Return the case with overrides applied in order.

    Raises:
        InputError: with the problems of all texts.
    """
    problems: list[Problem] = []
    result = case
    touched: list[tuple[str, Target]] = []
    reached: dict[tuple[str, str, str], list[tuple[str, frozenset[int]]]] = {}
    for text in texts:
        where = f"override {text if len(text) <= _SHOWN else text[:_SHOWN] + '...'!r}"
        try:
            target, change = _change(case, text)
            _check_once(case, text, change, reached)
            result = checked(result, target, change)
        except Unresolved as error:
            problems.append(Problem(where=where, found=error.found, needed=error.needed, hint=error.hint))
        except InputError as error:
            problems += [dataclasses.replace(problem, where=f"{where}, {problem.where}") for problem in error.problems]
        else:
            touched.append((where, target))
            result = dataclasses.replace(result, factors=tuple(_factors(result.factors, change)))
    problems.extend(inconsistent(result, touched))
    if problems:
        raise InputError(problems)
    return dataclasses.replace(result, changes=(*case.changes, *texts))


def _check_once(
    case: CaseContents, text: str, change: Change, reached: dict[tuple[str, str, str], list[tuple[str, frozenset[int]]]]
) -> None:
    """Refuse a value that leaves nothing of what an earlier override of the same call did.

    Raises:
        Unresolved: the earlier override has no effect.
    """
    path = parse_path(change.path)
    members = members_of(case.industry, path.noun) if path.noun else ()
    mine = frozenset(place for place, member in enumerate(members) if path.selects(member))
    before = reached.setdefault((path.noun, path.product, path.field), [])
    for earlier, theirs in before if change.operation == "set" else ():
        if theirs <= mine:
            hint = f"{earlier!r} would have no effect; leave one out."
            raise Unresolved("a second value for the same number", "one value for each number", hint)
    before.append((text, mine))


def changed_path(case: CaseContents, text: str) -> str:
    """Return the path, in Python names, that an override of the case changes."""
    return _change(case, text)[0].path


def _change(case: CaseContents, text: str) -> tuple[Target, Change]:
    if len(text) > LONGEST:
        raise Unresolved(f"{len(text):,} characters", f"at most {LONGEST:,}")
    if name := first_control(text)[1]:
        raise Unresolved(f"a control character, {name}", "text without control characters", "Delete it.")
    match = _FORM.match(text.strip())
    if match is None and "[" in text and "=" in text:
        raise Unresolved("brackets that cannot be read", "plant[NAME].COLUMN=VALUE", IN_QUOTES)
    if match is None:
        found = "no path before `=`" if "=" in text else "no `=`"
        raise Unresolved(found, "PATH=VALUE, PATH+=VALUE or PATH*=VALUE", "For example `discount_rate=0.08`.")
    operation = _OPERATIONS[match["sign"]]
    target = resolved(case, match["path"])
    raw = match["value"].strip()
    if target.path.endswith("lump_sum_pro_rata"):
        raw = {"yes": "1", "no": "0"}.get(raw, raw)
    try:
        interval = read_number(raw, share=target.quantity is None or target.quantity.is_share)
    except ValueError as error:
        needed, _, hint = str(error).partition("|")
        raise Unresolved(shown(raw), "one number" if ".." in needed else needed, hint) from None
    if interval.is_range:
        raise Unresolved(f"the range {interval}", "one number", "Ranges belong in `[[factors]]` of case.toml.")
    value = interval.central
    if operation != "multiply" and case.basis(target.basis) == "included":
        value = without_vat(value, case.industry.vat_rate)
    return target, Change(path=target.path, operation=operation, value=value)


def checked(case: AnyCase, target: Target, change: Change) -> AnyCase:
    """Apply a change; refuse a result out of bounds.

    Raises:
        Unresolved: a number at the path would leave its bounds.
    """
    check_results(case, target, change)
    return case.under(change)


def check_results(case: CaseContents, target: Target, change: Change) -> None:
    """Refuse a change after which a number would be out of bounds, without making the changed case.

    Raises:
        Unresolved: a number at the path would leave its bounds.
    """
    if target.path == "demand.elasticity":
        demand = case.industry.under(change).demand
        if needed := too_steep(demand):
            raise Unresolved(f"a result of {demand.elasticity:g}", needed)
    quantity = target.quantity
    for value in dict.fromkeys(values_at(case, target.path)) if quantity is not None else ():
        new = change.applied_to(value)
        if quantity is not None and (needed := quantity.refusal(new)):
            raise Unresolved(f"a result of {new:g}", needed, quantity.hint if needed == quantity.needed else "")


def values_at(case: CaseContents, path_text: str) -> list[float]:
    """Return the numbers at a path.

    Raises:
        Unresolved: the case has no such part.
    """
    path = parse_path(path_text)
    if not path.noun:
        names = path.field.split(".")
        item: object = {"meeting": case.meeting, "noise": case.noise}.get(names[0], case.industry)
        for name in names[1:] if names[0] in ("meeting", "noise") else names:
            if item is None:
                part = path.field.rpartition(".")[0]
                raise Unresolved(
                    f"a case without {part!r}", "one that states it", "Write its numbers into `case.toml`."
                )
            item = getattr(item, name)
        return [float(item)] if isinstance(item, (int, float)) else []
    members = members_of(case.industry, path.noun)
    chosen = path.among(members)
    nouns = [cast("Plant", member).input(path.product) for member in chosen] if path.product else chosen
    return [float(getattr(noun, path.field)) for noun in nouns]


def _factors(factors: Iterable[Factor], change: Change) -> Iterable[Factor]:
    """Keep factors in step with a change of the number they set: a number set by hand is no longer uncertain."""
    for factor in factors:
        if factor.operation != "set" or factor.path != change.path:
            yield factor
        elif change.operation != "set":
            ends = sorted((change.applied_to(factor.low), change.applied_to(factor.high)))
            central = change.applied_to(factor.central)
            yield dataclasses.replace(factor, low=ends[0], central=central, high=ends[1])


def inconsistent(case: CaseContents, touched: Iterable[tuple[str, Target]]) -> Iterable[Problem]:
    """Return problems of numbers that no longer fit each other, under the override that touched them."""
    for where, target in touched:
        process = case.industry.process
        if target.path == "process.kappa" and process and process.kappa > 0.0 and math.isnan(process.mean_price_per_t):
            name = f"process.mean_price_{case.currency.lower()}_per_t"
            found = "a return to a mean price that the case lacks"
            yield Problem(where=where, found=found, needed=f"{name} beside process.kappa", hint=f"Set `{name}` too.")
        rates = ("process.drift", "process.kappa", "discount_rate")
        if target.path in rates and (wrong := outgrown(process, case.industry.discount_rate)):
            yield Problem(where=where, found=wrong[0], needed=wrong[1], hint="Else for ever is worth no number.")
        path = parse_path(target.path)
        for plant in case.industry.plants if path.product else ():
            if path.selects(plant) and (wrong := too_dear(plant.input(path.product))):
                yield Problem(where=where, found=f"{wrong[0]} for plant {plant.name!r}", needed=wrong[1])
        if path.noun != "plant" or path.field not in STATES:
            continue
        for plant in case.industry.plants:
            busy = plant.running_kt + plant.commissioning_kt
            if path.selects(plant) and busy > plant.capacity_kt + 1e-9:
                found, most = apart(busy, plant.capacity_kt)
                yield Problem(
                    where=where,
                    found=f"running_kt + commissioning_kt = {found} for plant {plant.name!r}",
                    needed=f"at most capacity_kt = {most}",
                    hint="Override `running_kt` too.",
                )
