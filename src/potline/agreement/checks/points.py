"""Margins at changed cases, checked one by one: the group that decides, and others that must not do better."""

from __future__ import annotations

__all__ = ["changed", "check_point", "drawn", "rare_places", "some_rows", "stands_at"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Gaps
from potline.agreement.checks.alone import base_of, regret
from potline.agreement.checks.anew import with_anew
from potline.agreement.checks.coalitions import BELIEFS, scores, table
from potline.agreement.checks.facts import Facts
from potline.agreement.checks.market import lines_of
from potline.cases import Case
from potline.cases.inputs import NamedInput
from potline.cases.override import values_at
from potline.choices import Belief
from potline.industry import Change
from potline.numerics.sobol import sobol
from potline.reading import changed as copied

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MARGIN, BOUND, ALONE = "margins", "no group better", "best cuts alone"
_FEW = 6
_DRAWN = 8
_BLOCKS = 8
_BOUNDLESS = 1e9


def check_point(
    gaps: Gaps, facts: Facts, cut: Floats | None, said: Floats, masks: Integers,
    ways: tuple[Belief, ...] = BELIEFS, tests: tuple[int, ...] = (0, 1, 2),
) -> None:  # fmt: skip
    """Check the margins of one meeting.

    Args:
        facts: the meeting.
        cut: of the baseline nash, by owner, None for the observed one; nobody may want another.
        said, masks: margins and coalitions, [ways, tests]; nan and -1 where no coalition reaches the tonnage, or where
            the best margin is 1e9 times the revenue of the market or more: no price stands behind it.
        ways, tests: which beliefs and institutions those are.
    """
    lines = lines_of(facts)
    base = base_of(facts, lines, cut)
    if cut is not None:
        gain, slope, off = regret(facts, lines, cut)
        gaps.add(ALONE, max(gain * 1e3, slope, off / (facts.table_kt or 1.0)))
    with np.errstate(over="ignore", invalid="ignore"):
        found = table(facts, lines, base, _masks(facts, masks), respread=Belief.RESPREAD in ways)
        if Belief.REOPTIMISE in ways:
            anew = masks[ways.index(Belief.REOPTIMISE)]
            found = with_anew(facts, lines, base, found, named=anew.tolist())
        column = scores(facts, base, found)
    scale = facts.scale_m * (1.0 + found.rise / facts.price)  # of revenue at the price in the deal
    most = _BOUNDLESS * 1e-3 * facts.price * facts.quantity
    for a, way in enumerate(ways):
        for b, test in enumerate(tests):
            value, mask, mine = float(said[a, b]), int(masks[a, b]), column[:, way.place, test]
            row = found.row(mask)
            if math.isnan(value) or mask < 0:
                gaps.equal(MARGIN, (math.isnan(value), mask), (True, -1))
                gaps.equal(BOUND, bool(abs(mine.max(initial=-np.inf)) < most), False)
                continue
            gaps.same(MARGIN, value, mine[row] if found.reached[row] else math.nan, scale[row])
            gaps.most(BOUND, np.where(np.isneginf(mine), value, mine), value, np.maximum(scale, scale[row]))


def changed(case: Case, item: NamedInput, value: float) -> Case:
    """Return the case with a named input at a value, in the unit and tax basis of the input."""
    return case.under(Change(path=item.path, operation=item.operation, value=value / item.tax))


def stands_at(gaps: Gaps, name: str, case: Case, item: NamedInput) -> None:
    """Check at which value of an input the case is as it stands, and the tax that its values hold."""
    factor = next((factor for factor in case.factors if factor.name == item.name), None)
    if factor is not None:
        told = (factor.path, factor.operation, 1.0, factor.central)
        gaps.equal(name, (item.path, item.operation, item.tax, item.base), told)
        return
    taxes = (1.0,) if item.operation == "multiply" else (1.0, 1.0 + case.industry.vat_rate)
    gaps.equal(name, item.tax in taxes, True)
    if item.operation != "set":
        gaps.equal(name, item.base, 1.0 if item.operation == "multiply" else 0.0)
        return
    values = values_at(case, item.path)
    gaps.equal(name, math.isnan(item.base), min(values) != max(values))
    if not math.isnan(item.base):
        gaps.same(name, item.base, values[0] * item.tax)


def some_rows(count: int, most: int, near: Floats, seed: int) -> list[int]:
    """Return which of many rows to look at: all of few; else those nearest 0 and the ends, and others by seed."""
    if count <= most:
        return list(range(count))
    order = np.argsort(np.where(np.isnan(near), np.inf, np.abs(near)), kind="stable")
    rng = np.random.default_rng(seed)
    chosen = {0, count - 1, *order[: max(1, most // 4)].tolist(), *np.flatnonzero(np.isnan(near))[:1].tolist()}
    while len(chosen) < most:
        chosen.add(int(rng.integers(count)))
    return sorted(chosen)


def rare_places(masks: Integers, most: int) -> list[int]:
    """Return where groups that are named seldom are named first and last, in the flat array: rarest first, all of few.

    A name that stands everywhere is right at any place; names in the wrong places are seen where they are rare.
    """
    flat = masks.ravel()
    groups, count = np.unique(flat, return_counts=True)
    places: dict[int, None] = {}
    for group in groups[np.argsort(count, kind="stable")].tolist():
        there = np.flatnonzero(flat == group)
        places.update(dict.fromkeys((int(there[0]), int(there[-1]))))
    return list(places)[:most]


def drawn(gaps: Gaps, name: str, case: Case, count: int, seed: int) -> tuple[Floats, Floats] | None:
    """Return what the draws of a case are: values of its factors [B, F], and errors of its plants' cost [B, J].

    None, and a gap, where the number of draws is not 8 times a power of two or the seed is none.
    """
    count, seed = (int(value) for value in gaps.whole(name, [count, seed]))
    each, rest = divmod(count, _BLOCKS)
    gaps.equal(name, (each.bit_count(), rest, seed >= 0), (1, 0, True))
    if each.bit_count() != 1 or rest or seed < 0:
        return None
    noisy = case.noise.common_per_t > 0.0 or any(value > 0.0 for value in case.noise.plant_per_t)
    plants, factors = len(case.industry.plants), len(case.factors)
    width = factors + (1 + plants) * noisy
    if width == 0:
        return np.zeros((count, 0)), np.zeros((count, plants))
    streams = np.random.SeedSequence(seed).spawn(_BLOCKS)
    points = np.concatenate([sobol(width, each.bit_length() - 1, np.random.default_rng(stream)) for stream in streams])
    return at_points(case, points)


def at_points(case: Case, points: Floats) -> tuple[Floats, Floats]:
    """Return the same for points of the unit cube, [B, dimensions]."""
    count, plants, factors = points.shape[0], len(case.industry.plants), len(case.factors)
    values = np.empty((count, factors))
    for k, factor in enumerate(case.factors):
        u, low, peak, high = points[:, k], factor.low, factor.central, factor.high
        if high <= low:
            values[:, k] = peak
        elif factor.triangular:
            rising = low + np.sqrt(u * (high - low) * (peak - low))
            falling = high - np.sqrt((1.0 - u) * (high - low) * (high - peak))
            values[:, k] = np.where(u < (peak - low) / (high - low), rising, falling)
        else:
            values[:, k] = low + (high - low) * u
    error = np.zeros((count, plants))
    if points.shape[1] > factors:
        from scipy.special import ndtri

        normal = ndtri(np.clip(points[:, factors:], 1e-12, 1.0 - 1e-12))
        own = np.array(case.noise.plant_per_t or (0.0,) * plants)
        error = case.noise.common_per_t * normal[:, :1] + own * normal[:, 1:]
    return values, error


def at_draw(case: Case, values: Floats, error: Floats) -> Case:
    """Return the case at one draw: factors in order, then errors of cost."""
    there = case.under(*(factor.change(float(v)) for factor, v in zip(case.factors, values, strict=True)))
    if error.any():
        plants = tuple(
            copied(plant, other_cost_per_t=plant.other_cost_per_t + float(e))
            for plant, e in zip(there.industry.plants, error, strict=True)
        )
        there = copied(there, industry=copied(there.industry, plants=plants))
    return there


def _masks(facts: Facts, decide: Integers) -> set[int]:
    """Return the coalitions to look at: all of few owners, or those that decide and some drawn."""
    n = facts.seat.size
    if n <= _FEW:
        return {mask for mask in range(1 << n) if mask.bit_count() > 1}
    rng = np.random.default_rng(n)
    other = {sum(1 << int(i) for i in rng.permutation(n)[: int(rng.integers(2, n + 1))]) for _ in range(_DRAWN)}
    return {mask for mask in {*decide.ravel().tolist(), *other} if mask > 0 and mask.bit_count() > 1}
