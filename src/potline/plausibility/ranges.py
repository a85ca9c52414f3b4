"""Each number of a case beside its usual range: one warning a field, with the number farthest out and how many are."""

from __future__ import annotations

__all__ = ["outside"]

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from potline.cases import Case, Factor
from potline.industry import parse_path
from potline.plausibility.members import readings_of_members
from potline.plausibility.numbers import readings_of_case
from potline.plausibility.places import Places
from potline.plausibility.readings import Readings
from potline.plausibility.usual import UsualRange, usual_ranges
from potline.plausibility.warning import CaseWarning

_NOT_CHANGED = ("policy", "project")
ASKED = {
    "conduct": "--theta",
    "price": "--price",
    "trigger_price": "--if-below",
    "window_years": "--within",
    "premium_per_t": "--premium",
}
"""What a question may set beside the case, and the option that does."""


def outside(case: Case, asked: Mapping[str, float], places: Places) -> Iterator[CaseWarning]:
    """Yield a warning for each field with numbers outside their usual range, then for factors and what is asked."""
    usual = usual_ranges()
    every = [*readings_of_case(case), *readings_of_members(case)]
    order = {field: place for place, field in enumerate(usual)}
    for readings in sorted(every, key=lambda item: order[item.field]):
        row = usual[readings.field]
        out = np.flatnonzero(~row.holding(readings.compared))
        if out.size:
            yield _warning(readings, row, places, out)
    for factor in case.factors:
        yield from _ends(factor, every, usual, places)
    for name, value in asked.items():
        yield from _asked(case, name, value, usual[f"asked.{name}"])


def _warning(readings: Readings, row: UsualRange, places: Places, out: NDArray[np.int64]) -> CaseWarning:
    """Return one warning for the numbers that are out: of the one farthest out, and how many others are."""
    compared = readings.compared
    far = np.maximum(row.low - compared[out], compared[out] - row.high)
    worst = int(out[int(np.argmax(far))])
    path, name = readings.path(worst), readings.name(worst)
    where, shown = places.where(path, name), places.shown(path, float(readings.values[worst]))
    found = row.found(shown + (f" for {name}" if name and name not in where else ""), float(compared[worst]))
    more = f", and {out.size - 1} more like it" if out.size > 1 else ""
    return _said(row, where, found + more)


def _said(row: UsualRange, where: str, found: str) -> CaseWarning:
    return CaseWarning(kind="range", where=where, found=found, usual=row.words, hint=row.why, field=row.field)


def _ends(
    factor: Factor, every: Sequence[Readings], usual: Mapping[str, UsualRange], places: Places
) -> Iterator[CaseWarning]:
    """Yield a warning for the first end of a factor at which a number leaves its usual range."""
    where = f"factor {factor.name!r}"
    row = usual["factor.multiply"]
    for end in (factor.low, factor.high):
        if factor.operation == "multiply" and not row.holds(end):
            yield _said(row, where, f"an end of {end:g}")
            return
    wide = parse_path(factor.path)
    for readings in every:
        if not readings.values.size or (not readings.noun and "[" in readings.column) or readings.noun in _NOT_CHANGED:
            continue
        one = parse_path(readings.path(0))
        if (one.noun, one.product, one.field) != (wide.noun, wide.product, wide.field):
            continue
        row, old = usual[readings.field], readings.values
        there = np.ones(old.size, dtype=np.bool_)
        if readings.noun and wide.where:
            meant = {member.name for member in wide.among(readings.members)}
            there = np.array([readings.members[place].name in meant for place in readings.at.tolist()], dtype=np.bool_)
        there &= row.holding(readings.compared) & (old != 0.0)
        for end in (factor.low, factor.high):
            new = {"set": np.full(old.size, end), "add": old + end, "multiply": old * end}[factor.operation]
            moved = np.where(there, readings.compared * new / np.where(there, old, 1.0), row.low)
            out = np.flatnonzero(~row.holding(moved))
            if out.size:
                place = int(out[0])
                path, name = readings.path(place), readings.name(place)
                at = f"{end:g}" if factor.operation == "multiply" else places.shown(path, end)
                shown = f"an end of {at}" if row.measure else f"an end of {at}, which makes {moved[place]:g}"
                yield _said(row, where, row.found(shown + (f" for {name}" if name else ""), float(moved[place])))
                return


def _asked(case: Case, name: str, value: float, row: UsualRange) -> Iterator[CaseWarning]:
    money = row.unit.startswith("times the price")
    price = case.industry.price_per_t if name == "premium_per_t" else case.industry.with_vat(case.industry.price_per_t)
    compared = value / price if money else value
    if not row.holds(compared):
        unit = f" {case.currency}/t" if money else ""
        yield _said(row, ASKED[name], row.found(f"{value:g}{unit}", compared))
