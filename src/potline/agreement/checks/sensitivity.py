"""The certificate of Sobol indices of a margin: added up again from the margins behind them, some held again."""

from __future__ import annotations

__all__ = ["INDICES", "added", "verify_sensitivity"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.moved import QUESTION, Held
from potline.agreement.checks.points import ALONE, BOUND, MARGIN, at_draw, at_points, rare_places, some_rows
from potline.numerics.sobol import sobol

if TYPE_CHECKING:
    from potline.agreement.verdict.moved import MarginSensitivity
    from potline.agreement.verdict.moved_tonnages import TonnageSensitivity

Floats = NDArray[np.float64]

INDICES = "indices"
_TOLD = (
    (QUESTION, 1e-12, "relative", "names, shapes, ranges and the values themselves"),
    (MARGIN, 1e-9, "of revenue", "held again at the changed case, from both sides"),
    (BOUND, 1e-9, "of revenue", "most by which another group does better there"),
    (ALONE, 1e-9, "of price", "gain of an owner from another cut there"),
    (INDICES, 1e-9, "of the largest", "variances added up again"),
)
_FEW, _RARE, _BLOCKS = 150, 8, 8


def verify_sensitivity(result: MarginSensitivity) -> Certificate:
    """Check Sobol indices: added up again from the margins behind them, some of which are held again."""
    gaps = Gaps()
    held, case = Held(gaps, result), result.case
    factors = len(case.factors)
    noisy = case.noise.common_per_t > 0.0 or any(value > 0.0 for value in case.noise.plant_per_t)
    names = (*(factor.name for factor in case.factors), *(("errors of plants' costs",) if noisy else ()))
    gaps.equal(QUESTION, (result.case_name, result.factors), (case.name, names))
    margin, groups = result.margin_m_per_year, len(names)
    count = margin.shape[1]
    shapes = (margin.shape, result.mask.shape, *(item.shape for item in _indices(result)))
    wanted = ((groups + 2, count), (groups + 2, count), *((groups,),) * 4)
    gaps.equal(QUESTION, (shapes, result.draws), (wanted, count * (groups + 2)))
    seed = int(gaps.whole(QUESTION, result.seed))
    each = count // _BLOCKS
    gaps.equal(QUESTION, (each.bit_count(), count % _BLOCKS, seed >= 0), (1, 0, True))
    if shapes != wanted or each.bit_count() != 1 or count % _BLOCKS or seed < 0:
        return gathered(gaps, "indices", _TOLD)
    added(gaps, result, margin, result.mean_m_per_year, result.deviation_m_per_year)
    width = factors + (1 + len(case.industry.plants)) * noisy
    streams = np.random.SeedSequence(seed).spawn(_BLOCKS)
    cube = np.concatenate([sobol(2 * width, each.bit_length() - 1, np.random.default_rng(s)) for s in streams])
    first, second = cube[:, :width], cube[:, width:]
    masks = gaps.whole(QUESTION, result.mask)
    few = margin.size <= _FEW
    rare = set(rare_places(masks, _RARE))
    for group in range(groups + 2):
        points = second.copy() if group == 1 else first.copy()
        if group > 1:
            columns = [group - 2] if group - 2 < factors else list(range(factors, width))
            points[:, columns] = second[:, columns]
        values, error = at_points(case, points)
        named = {place % count for place in rare if place // count == group}
        for row in range(count) if few else sorted(named.union(some_rows(count, 2, margin[group], group)[:2])):
            held.check(at_draw(case, values[row], error[row]), float(margin[group, row]), int(masks[group, row]))
    return gathered(gaps, "indices", _TOLD)


def added(
    gaps: Gaps, result: MarginSensitivity | TonnageSensitivity, held: Floats, said_mean: float, said_deviation: float
) -> None:
    """Check mean, deviation, indices and errors, block by block, of values [2 + F, N]."""
    each = held.shape[1] // _BLOCKS
    a, b, *mixed = (row.reshape(_BLOCKS, each) for row in held)
    both = np.concatenate([a.ravel(), b.ravel()])
    mean = math.fsum(both.tolist()) / both.size
    variance = math.fsum(((both - mean) ** 2).tolist()) / both.size
    size = float(np.abs(both).max()) or 1.0
    gaps.same(INDICES, said_mean, mean, size)
    gaps.same(INDICES, said_deviation, math.sqrt(variance), size)
    for k, c in enumerate(mixed):
        scale = variance if variance > 0.0 else math.nan
        parts = [
            [math.fsum((((b - mean) * (c - a))[i]).tolist()) / each / scale for i in range(_BLOCKS)],
            [math.fsum((((a - c) ** 2)[i]).tolist()) / each / (2.0 * scale) for i in range(_BLOCKS)],
        ]
        for (value, error), blocks in zip(
            ((result.first[k], result.first_error[k]), (result.total[k], result.total_error[k])), parts, strict=True
        ):
            middle = math.fsum(blocks) / _BLOCKS
            spread = math.sqrt(math.fsum((x - middle) ** 2 for x in blocks) / (_BLOCKS - 1) / _BLOCKS)
            gaps.same(INDICES, value, middle)
            gaps.same(INDICES, error, spread)


def _indices(result: MarginSensitivity) -> tuple[Floats, ...]:
    return result.first, result.first_error, result.total, result.total_error
