"""An input named by hand, and the range it is moved over: a path as after ``--set``, or a factor of the case."""

from __future__ import annotations

__all__ = ["InputRange", "NamedInput", "named_input", "unit_at"]

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from potline.cases.case import Case
from potline.cases.cells import Quantity
from potline.cases.override import checked, inconsistent, values_at
from potline.cases.parts import Factor
from potline.cases.paths import Target, Unresolved, resolved
from potline.cases.problems import did_you_mean
from potline.errors import InputError, Problem
from potline.industry import Change
from potline.industry.change import Operation
from potline.reading import Name, Within, noun

_SIGNS: dict[str, Operation] = {"*": "multiply", "+": "add"}


@noun
class InputRange:
    """An input and the range it is moved over.

    Attributes:
        input: the name of a factor of the case, or a path as after ``--set``: its values are set; added with a ``+``
            behind the path, multiplied with a ``*``.
        low, high: in the unit and tax basis of the case's files, for a factor without tax; a factor's own range unless
            given.

    Examples:
        >>> InputRange(input="demand.elasticity", low=0.2, high=0.5).high
        0.5
    """

    input: Name
    low: Annotated[float, Within(missing=True)] = math.nan
    high: Annotated[float, Within(missing=True)] = math.nan

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where the low end is above the high one."""
        if self.low > self.high:
            found = f"{self.low:.15g}..{self.high:.15g}"
            yield Problem(where=f"InputRange {self.input!r}", found=found, needed="low <= high")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedInput:
    """What an input's values mean.

    Attributes:
        name: as given.
        path, operation: of the change that a value makes.
        unit: of the values; ``times`` for factors.
        tax: 1 + VAT rate where the values hold tax, else 1; a change takes the value divided by it.
        low, high: the range.
        base: the value at which the case is as it stands; nan where members differ.
    """

    name: str
    path: str
    operation: Operation
    unit: str
    tax: float
    low: float
    high: float
    base: float


def named_input(case: Case, asked: InputRange) -> NamedInput:
    """Return what an input means in a case, with its range; both ends of it are tried on the case.

    Raises:
        InputError: no such input, no range, or an end that the case cannot take.

    Examples:
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> small = Industry(name="one", demand=LinearDemand(price_per_t=10.0, quantity_kt=9.0, elasticity=0.5),
        ...                  price_per_t=10.0, plants=(Plant(name="A", firm="A", capacity_kt=9.0),))
        >>> found = named_input(Case(name="one", industry=small),
        ...                     InputRange(input="demand.elasticity", low=0.2, high=0.6))
        >>> found.path, found.unit, found.base
        ('demand.elasticity', '1', 0.5)
    """
    where = f"input {asked.input!r}"
    factor = next((item for item in case.factors if item.name == asked.input), None)
    try:
        found, quantity = _of_factor(case, factor) if factor is not None else _of_path(case, asked.input)
    except Unresolved as error:
        names = [item.name for item in case.factors]
        hint = error.hint or did_you_mean(asked.input, names, "Factors")
        needed = f"{error.needed}, or the name of a factor" if names else error.needed
        raise _refused(where, error.found, needed, hint) from None
    low = found.low if math.isnan(asked.low) else asked.low
    high = found.high if math.isnan(asked.high) else asked.high
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        given = "no range" if math.isnan(low) or math.isnan(high) else f"{low:g}..{high:g}"
        raise _refused(where, given, "a range LOW..HIGH of finite numbers, low below high")
    for value in (low, high):
        change = Change(path=found.path, operation=found.operation, value=value / found.tax)
        target = Target(path=found.path, basis="", quantity=quantity)
        try:
            moved = checked(case, target, change)
        except Unresolved as error:
            raise _refused(f"{where}, at {value:g}", error.found, error.needed, error.hint) from None
        problems = list(inconsistent(moved, [(f"{where}, at {value:g}", target)]))
        if problems:
            raise InputError(problems)
    return NamedInput(
        name=found.name,
        path=found.path,
        operation=found.operation,
        unit=found.unit,
        tax=found.tax,
        low=low,
        high=high,
        base=found.base,
    )


def unit_at(case: Case, path: str, operation: Operation = "set") -> str:
    """Return the unit of the number at a path in Python names; ``times`` where it is multiplied, empty if unknown."""
    if operation == "multiply":
        return "times"
    stated = next((claim.unit for claim in case.claims if claim.path == path), "")
    try:
        return stated or _unit(case, resolved(case, path, python_names=True).quantity)
    except Unresolved:
        return ""


def _of_factor(case: Case, factor: Factor) -> tuple[NamedInput, Quantity | None]:
    try:
        quantity = resolved(case, factor.path, python_names=True).quantity
    except Unresolved:
        quantity = None
    found = NamedInput(
        name=factor.name,
        path=factor.path,
        operation=factor.operation,
        unit=unit_at(case, factor.path, factor.operation),
        tax=1.0,
        low=factor.low,
        high=factor.high,
        base=factor.central,
    )
    return found, quantity


def _of_path(case: Case, text: str) -> tuple[NamedInput, Quantity | None]:
    operation = _SIGNS.get(text.strip()[-1:], "set")
    path = text.strip()[:-1] if operation != "set" else text.strip()
    target = resolved(case, path, python_names=not case.currency)
    taxed = operation != "multiply" and case.basis(target.basis) == "included"
    tax = 1.0 + case.industry.vat_rate if taxed else 1.0
    unit = "times" if operation == "multiply" else _unit(case, target.quantity)
    values = set(values_at(case, target.path))
    alike = values.pop() * tax if len(values) == 1 else math.nan
    base = {"multiply": 1.0, "add": 0.0, "set": alike}[operation]
    found = NamedInput(
        name=text.strip(),
        path=target.path,
        operation=operation,
        unit=unit,
        tax=tax,
        low=math.nan,
        high=math.nan,
        base=base,
    )
    return found, target.quantity


def _unit(case: Case, quantity: Quantity | None) -> str:
    return "" if quantity is None else quantity.unit.replace("CUR", case.currency)


def _refused(where: str, found: str, needed: str, hint: str = "") -> InputError:
    return InputError([Problem(where=where, found=found, needed=needed, hint=hint)])
