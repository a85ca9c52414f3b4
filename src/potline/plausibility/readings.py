"""A number of a case as it is read: whose it is, where it stands, and what is compared with the usual range."""

from __future__ import annotations

__all__ = ["Places", "Readings", "of_industry", "of_members", "use_of"]

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from potline.cases import Case
from potline.cases.override import changed_path
from potline.cases.paths import Unresolved, resolved
from potline.industry import Plant, parse_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One field read for each of its members, or once for the industry.

    Attributes:
        field: of the usual range.
        noun, column: of the numbers' paths, ``noun[NAME].column``; without a noun the path is the column.
        members: whose numbers they are; empty for the industry's own.
        values: as the industry holds them, money without tax. compared: in the unit of the usual range.
    """

    field: str
    noun: str = ""
    column: str
    members: Sequence[Any] = ()
    values: Sequence[float]
    compared: Sequence[float]

    def path(self, place: int) -> str:
        """Return the path of one number, in Python names."""
        return f"{self.noun}[{self.members[place].name}].{self.column}" if self.noun else self.column

    def name(self, place: int) -> str:
        """Return whose number it is, in words; empty for the industry's own."""
        return f"{self.noun} {self.members[place].name!r}" if self.noun else ""


def of_industry(field: str, path: str, value: float, compared: float | None = None) -> Readings:
    """Return one number, and what of it is compared where it is not itself; nothing where there is no number.

    Examples:
        >>> of_industry("discount_rate", "discount_rate", 0.1).compared, of_industry("a", "a", math.nan).values
        ((0.1,), ())
    """
    shared = value if compared is None else compared
    if not (math.isfinite(value) and math.isfinite(shared)):
        return Readings(field=field, column=path, values=(), compared=())
    return Readings(field=field, column=path, values=(value,), compared=(shared,))


def of_members(
    field: str,
    noun: str,
    column: str,
    members: Sequence[Any],
    value: Callable[[Any], float],
    against: Callable[[Any], float] | None = None,
    *,
    of: float | None = None,
) -> Readings:
    """Return one number of each member, compared by its share of another where one is given.

    Args:
        field: of the usual range. noun, column: of the numbers' paths, ``noun[NAME].column``.
        members: plants, governments and so on; those whose number is not finite, or has nothing above 0 to be compared
            with, are left out.
        value: the number of one of them. against: what it is a share of, of each; ``of``: the same for all.
    """
    whole = 1.0 if of is None else of
    found = [(member, value(member), whole if against is None else against(member)) for member in members]
    kept = [(member, number, base) for member, number, base in found if math.isfinite(number) and 0.0 < base < math.inf]
    return Readings(
        field=field,
        noun=noun,
        column=column,
        members=[member for member, _, _ in kept],
        values=[number for _, number, _ in kept],
        compared=[number / base for _, number, base in kept],
    )


def use_of(plant: Plant, product: str) -> float:
    """Return how much of an input a plant uses for a tonne; 0 where it does not list it."""
    item = plant.input(product)
    return item.use_per_t if item is not None else 0.0


_OWN_PLACE = {"vat_rate": "case.toml, key case.vat_rate", "running_kt": "plants.csv, column running_kt"}


class Places:
    """Where the numbers of a case stand, and how its files write them.

    Examples:
        >>> from potline.industry import Industry, LinearDemand
        >>> made = Case(name="one", industry=Industry(name="one", plants=(), discount_rate=10.0,
        ...             demand=LinearDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=1.0)))
        >>> Places(made).where("discount_rate"), Places(made).shown("discount_rate", 10.0)
        ('discount_rate', '10 a year')
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._claims = {claim.path: claim for claim in case.claims}
        self._changes: list[tuple[str, str]] = []
        for text in case.changes:
            try:
                self._changes.append((changed_path(case, text), text))
            except ValueError:
                continue

    def where(self, path: str, name: str = "") -> str:
        """Return file, row and column or key of a number, or the override that set it."""
        override = self._override(path)
        if override:
            return f"override {override!r}"
        if path in _OWN_PLACE:
            return _OWN_PLACE[path] if self._case.folder else path
        if path.endswith("].cash_cost"):
            claim = self._claims.get(path.replace("].cash_cost", "].capacity_kt"))
            return claim.where if claim is not None and claim.where else name
        claim = self._claims.get(path) or self._claims.get(_for_all(path))
        table, _, column = self._basis(path).partition(".")
        if claim is None or not claim.where:
            return " ".join(part for part in (name, column or path) if part) or self._case.name
        if not column:
            return claim.where
        if claim.where.startswith("case.toml"):
            key = f"numbers.{column}" if table == "numbers" else f"defaults.{table}.{column}"
            return f"{claim.where}, key {key}"
        return f"{claim.where}, column {column}"

    def shown(self, path: str, value: float) -> str:
        """Return a number without tax as the case's files write it, with its unit."""
        case, unit = self._case, ""
        if path.endswith("].cash_cost"):
            return f"{value:.6g} {case.currency}/t" + (" without VAT" if case.industry.vat_rate else "")
        try:
            target = resolved(case, path, python_names=True)
        except Unresolved:
            claim = self._claims.get(path)
            unit = claim.unit if claim is not None else ""
        else:
            unit = target.quantity.unit.replace("CUR", case.currency) if target.quantity is not None else ""
            if case.basis(target.basis) == "included":
                value *= 1.0 + case.industry.vat_rate
        return f"{value:.6g} {unit}".rstrip() if unit != "1" else f"{value:.6g}"

    def _basis(self, path: str) -> str:
        try:
            return resolved(self._case, path, python_names=True).basis
        except Unresolved:
            return ""

    def _override(self, path: str) -> str:
        for changed, text in reversed(self._changes):
            if changed == path or (changed and path and _covers(changed, path, self._case)):
                return text
        return ""


def _for_all(path: str) -> str:
    head, mark, rest = path.partition("[")
    return f"{head}[*]{rest.partition(']')[2]}" if mark else path


def _covers(changed: str, path: str, case: Case) -> bool:
    """Whether a change of some members changes the number at a path."""
    wide, one = parse_path(changed), parse_path(path)
    if (wide.noun, wide.product, wide.field) != (one.noun, one.product, one.field) or not wide.noun:
        return False
    market = case.industry.alumina
    members: dict[str, Sequence[Any]] = {
        "plant": case.industry.plants,
        "government": case.industry.governments,
        "refinery": market.refineries if market else (),
        "bauxite": market.bauxite if market else (),
        "route": market.routes if market else (),
    }
    return any(wide.selects(item) and one.selects(item) for item in members.get(wide.noun, ()))
