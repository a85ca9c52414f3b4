"""Rows that are the sum of the others: a total or a subtotal among the members of a table."""

from __future__ import annotations

__all__ = ["totals"]

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from potline.cases import Case
from potline.industry import StatePurchase, selector
from potline.plausibility.places import Places
from potline.plausibility.warning import CaseWarning

_TOTAL = re.compile(r"\b(sub-?)?total\b|\bsum\b|\ball \w+|合计|总计|小计|总和", re.IGNORECASE)
_LEAST_UNNAMED = 4
"""Other rows from which a sum is taken for a total though nothing in its name says so."""


def totals(case: Case, places: Places) -> Iterator[CaseWarning]:
    """Yield a warning for each row whose tonnes are the sum of the other rows, or of those of its province or firm."""
    industry, market = case.industry, case.industry.input_market
    bought = [policy for policy in (*industry.policies, *case.other_policies) if isinstance(policy, StatePurchase)]
    tables: tuple[tuple[str, Sequence[Any], tuple[str, ...]], ...] = (
        ("plant", industry.plants, ("capacity_kt", "running_kt")),
        ("supplier", market.suppliers if market else (), ("capacity_kt",)),
        ("ore", market.ore if market else (), ("capacity_kt",)),
        ("route", market.routes if market else (), ("capacity_kt",)),
        ("project", industry.projects, ("capacity_kt",)),
        ("policy", bought, ("quantity_kt",)),
    )
    for noun, members, fields in tables:
        for member, others in _sums(members, fields):
            tonnes = " and ".join(f"{field} {getattr(member, field):.6g}" for field in fields)
            yield CaseWarning(
                kind="sum",
                where=places.row(f"{noun}[{selector(member.name)}].{fields[0]}", f"{noun} {member.name!r}"),
                found=f"{tonnes} kt/year for {noun} {member.name!r}, the sum of {others} other rows",
                usual="a row is usually one of its kind, not a total",
                hint="Delete the row: it counts beside those that it sums.",
            )


def _sums(members: Sequence[Any], fields: Sequence[str]) -> Iterator[tuple[Any, int]]:
    """Yield each member that is the sum of others, with their number."""
    everybody = _summed(members, fields)
    groups: dict[tuple[str, str], list[Any]] = {}
    for member in members:
        for key in ("government", "firm"):
            groups.setdefault((key, getattr(member, key, "")), []).append(member)
    sums = {key: _summed(group, fields) for key, group in groups.items()}
    for member in members:
        own = [float(getattr(member, field)) for field in fields]
        if not (math.isfinite(own[0]) and own[0] > 0.0):
            continue
        named = _TOTAL.search(member.name) is not None
        others = len(members) - 1
        if others >= (2 if named else _LEAST_UNNAMED) and _same(own, everybody, named):
            yield member, others
        elif named:
            for key in ("government", "firm"):
                group = key, getattr(member, key, "")
                if len(groups[group]) > 2 and _same(own, sums[group], named):
                    yield member, len(groups[group]) - 1
                    break
        elif firm := getattr(member, "firm", ""):
            group = groups["firm", firm]
            if len(group) > 2 and _same(own, sums["firm", firm], named) and _stands_for(member.name, firm, group):
                yield member, len(group) - 1


def _stands_for(name: str, firm: str, group: Sequence[Any]) -> bool:
    """Whether a name is that of its firm, or the first words of its firm's or of those of all the firm's others."""
    own, whole = name.casefold(), firm.casefold()
    others = [one.name.casefold() for one in group if one.name != name]
    return own == whole or whole.startswith(f"{own} ") or all(other.startswith(f"{own} ") for other in others)


def _summed(members: Sequence[Any], fields: Sequence[str]) -> list[float]:
    return [
        math.fsum(value for one in members if math.isfinite(value := float(getattr(one, field)))) for field in fields
    ]


def _same(own: Sequence[float], summed: Sequence[float], named: bool) -> bool:
    """Whether each number is what the others sum to: to rounding, or to 2 % where the name says that it is a total."""
    near = 0.02 if named else 1e-3
    return all(abs(number - (whole - number)) <= near * number for number, whole in zip(own, summed, strict=True))
