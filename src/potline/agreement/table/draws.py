"""Draws of a case: its uncertain factors and the errors of its plants' costs, as scrambled Sobol points.

Eight independent scramblings give the error of whatever is averaged. Factors are uniform over their range, or
triangular about the stated value; the errors of plants' cash cost are normal, one part common to all and one of each
plant.
"""

from __future__ import annotations

__all__ = ["RANDOMISATIONS", "Draws", "dimensions", "draw_case", "drawn_at", "sobol_points"]

import dataclasses
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.points import Points, points_of
from potline.cases import Case, Factor
from potline.compiled import CompiledIndustry, DrawnChange
from potline.numerics.sobol import sobol
from potline.reading import refuse

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

RANDOMISATIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws(Points):
    """A case drawn B times.

    Attributes:
        factors: drawn values of the case's factors [B, F].
        randomisation: which of the eight scramblings, [B].
    """

    factors: Floats
    randomisation: NDArray[np.int64]


def draw_case(case: Case, draws: int, seed: int) -> Draws:
    """Draw a case; the number of draws is rounded up to 8 times a power of two, which Sobol points need.

    Raises:
        InputError: the case has no meeting, or a factor has a path that cannot be drawn.

    Examples:
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> from potline.cases import Case, Meeting, PlantNoise
        >>> small = Industry(name="one", demand=LinearDemand(price_per_t=10.0, quantity_kt=9.0, elasticity=0.5),
        ...                  price_per_t=10.0, plants=(Plant(name="A", firm="A", capacity_kt=9.0),))
        >>> case = Case(name="one", industry=small, noise=PlantNoise(common_per_t=1.0),
        ...             meeting=Meeting(date="", firms=("A",), owners=("A",), least_cut_kt=1.0))
        >>> draw_case(case, 100, 7).compiled.draws
        128
    """
    each = 1 << max(0, int(np.ceil(np.log2(max(1, draws) / RANDOMISATIONS))))
    return drawn_at(case, sobol_points(dimensions(case), each, seed))


def drawn_at(case: Case, points: Floats) -> Draws:
    """Return the case at points of the unit cube [B, :func:`dimensions`], eight equal blocks one below the other."""
    count = points.shape[0]
    factors = np.empty((count, len(case.factors)))
    changes: list[DrawnChange] = []
    for k, factor in enumerate(case.factors):
        factors[:, k] = _quantile(factor, points[:, k])
        changes.append(DrawnChange(path=factor.path, operation=factor.operation, values=factors[:, k]))
    here = points_of(case, changes, count)
    compiled = here.compiled
    if _noisy(case):
        compiled = _with_errors(compiled, case, points[:, len(case.factors) :])
    return Draws(
        compiled=dataclasses.replace(compiled, draws=count),
        term_years=here.term_years,
        least_cut_kt=here.least_cut_kt,
        factors=factors,
        randomisation=np.repeat(np.arange(RANDOMISATIONS), count // RANDOMISATIONS),
    )


def dimensions(case: Case) -> int:
    """Return how many numbers a draw of the case takes: its factors, and an error common and of each plant."""
    return len(case.factors) + (1 + len(case.industry.plants)) * _noisy(case)


def sobol_points(count: int, each: int, seed: int) -> Floats:
    """Return eight scramblings of the first ``each`` Sobol points of ``count`` dimensions, one below the other."""
    if count == 0:
        return np.empty((RANDOMISATIONS * each, 0))
    streams = np.random.SeedSequence(seed).spawn(RANDOMISATIONS)
    exponent = each.bit_length() - 1
    return np.concatenate([sobol(count, exponent, np.random.default_rng(stream)) for stream in streams])


def _quantile(factor: Factor, u: Floats) -> Floats:
    low, mode, high = factor.low, factor.central, factor.high
    if high <= low:
        return np.full(u.size, mode)
    if not factor.triangular:
        return low + (high - low) * u
    peak = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u < peak, rising, falling)


def _noisy(case: Case) -> bool:
    return case.noise.common_per_t > 0.0 or any(case.noise.plant_per_t)


def _with_errors(compiled: CompiledIndustry, case: Case, points: Floats) -> CompiledIndustry:
    from scipy.special import ndtri

    normal = ndtri(np.clip(points, 1e-12, 1.0 - 1e-12))
    plants = len(case.industry.plants)
    own = np.array(case.noise.plant_per_t or (0.0,) * plants)
    if own.size != plants:
        needed = f"one for each of the industry's {plants} plants, in their order, or none"
        raise refuse("noise, plant_per_t", f"{own.size} errors of cost", needed)
    error = case.noise.common_per_t * normal[:, :1] + own * normal[:, 1:]
    cost = compiled.plants["other_cost_per_t"] + error
    cost.setflags(write=False)
    columns = MappingProxyType({**compiled.plants, "other_cost_per_t": cost})
    return dataclasses.replace(compiled, draws=points.shape[0], plants=columns)
