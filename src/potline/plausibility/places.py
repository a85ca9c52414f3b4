"""Where the numbers of a case stand, and how its files write them."""

from __future__ import annotations

__all__ = ["Places"]

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from potline.cases import Case
from potline.cases.currency_names import to_file
from potline.cases.override import changed_path
from potline.cases.paths import Unresolved, resolved
from potline.cases.schema import NUMBERS
from potline.errors import InputError
from potline.industry import parse_path
from potline.industry.change import SELECTOR
from potline.sources import Claim

_OWN_PLACE = {"vat_rate": "case.toml, key case.vat_rate", "running_kt": "plants.csv, column running_kt"}
_KEYS = {"noise.common_per_t": "noise.common_cur_per_t", "noise.plant_per_t": "noise.plant_cur_per_t"}


class Places:
    """The places of one case.

    Examples:
        >>> from potline.industry import Industry, LinearDemand
        >>> made = Case(name="one", industry=Industry(name="one", plants=(), discount_rate=10.0,
        ...             demand=LinearDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=1.0)))
        >>> Places(made).where("discount_rate"), Places(made).shown("discount_rate", 10.0)
        ('discount_rate', '10 a year')
    """

    def __init__(self, case: Case) -> None:
        self._case = case

    def where(self, path: str, name: str = "") -> str:
        """Return the file with row and column, or line and key, of a number; or the override that set it.

        Args:
            path: of the number in Python names.
            name: whose it is, in words, for a case without files.
        """
        override = self._override(path)
        if override:
            return f"override {override!r}"
        if path in _OWN_PLACE:
            return _OWN_PLACE[path] if self._case.folder else path
        if path.endswith("].cash_cost"):
            return self.row(path.replace("].cash_cost", "].capacity_kt"), name)
        claim = self._claim(path)
        table, _, column = self._basis(path).partition(".")
        if claim is None or not claim.where:
            return ", ".join(part for part in (name, column if name else path) if part)
        if not claim.where.startswith("case.toml"):
            return f"{claim.where}, column {column}" if column else claim.where
        key = self._numbers.get(path.partition("[")[0] if path.startswith("noise.") else path)
        return f"{claim.where}, key {key or f'defaults.{table}.{column}'}"

    def row(self, path: str, name: str) -> str:
        """Return the file and row that a number stands in; the name where it stands in none."""
        claim = self._claim(path)
        return claim.where if claim is not None and claim.where else name

    def shown(self, path: str, value: float) -> str:
        """Return a number without tax as the case's files write it, with its unit."""
        case, unit = self._case, ""
        if path.endswith("].cash_cost"):
            return f"{value:.6g} {case.currency}/t" + (" without VAT" if case.industry.vat_rate else "")
        if path == "running_kt":
            return f"{value:.6g} kt/year"
        try:
            target = resolved(case, path, python_names=True)
        except Unresolved:
            claim = self._claim(path)
            unit = claim.unit if claim is not None else ""
        else:
            unit = target.quantity.unit.replace("CUR", case.currency) if target.quantity is not None else ""
            if case.basis(target.basis) == "included":
                value *= 1.0 + case.industry.vat_rate
        return f"{value:.6g} {unit}".rstrip() if unit != "1" else f"{value:.6g}"

    @cached_property
    def _numbers(self) -> Mapping[str, str]:
        """The key in case.toml of each number that stands there alone, by its path."""
        names = {name.replace("_cur", ""): name for name in NUMBERS} | _KEYS
        keys: dict[str, str] = {}
        for path, name in names.items():
            file = to_file(name, self._case.currency)
            own_table = path.startswith(("meeting.", "noise."))
            keys[path] = file if own_table else f'numbers."{file}"' if "." in file else f"numbers.{file}"
        return keys

    @cached_property
    def _changes(self) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for text in self._case.changes:
            try:
                found.append((changed_path(self._case, text), text))
            except (Unresolved, InputError):
                continue
        return found

    def _claim(self, path: str) -> Claim | None:
        for_all = re.sub(rf"(?<=\w)\[{SELECTOR}\]", "[*]", path, count=1)
        return self._case.claims.get(path) or self._case.claims.get(for_all)

    def _basis(self, path: str) -> str:
        try:
            return resolved(self._case, path, python_names=True).basis
        except Unresolved:
            return ""

    def _override(self, path: str) -> str:
        for changed, text in reversed(self._changes):
            if changed == path or self._covers(changed, path):
                return text
        return ""

    def _covers(self, changed: str, path: str) -> bool:
        """Whether a change of some members changes the number of one of them."""
        try:
            wide, one = parse_path(changed), parse_path(path)
        except InputError:
            return False
        if not wide.noun or (wide.noun, wide.product, wide.field) != (one.noun, one.product, one.field):
            return False
        industry, market = self._case.industry, self._case.industry.input_market
        members: dict[str, Sequence[Any]] = {
            "plant": industry.plants,
            "government": industry.governments,
            "supplier": market.suppliers if market else (),
            "ore": market.ore if market else (),
            "route": market.routes if market else (),
        }
        return any(wide.selects(item) and one.selects(item) for item in members.get(wide.noun, ()))
