"""What an attribution comes to: what each obstacle costs, and the margins behind it."""

from __future__ import annotations

__all__ = ["OBSTACLES", "Attribution", "Obstacle"]

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate
from potline.cases import Case
from potline.choices import Belief, Rule
from potline.reading import DrawsOrNone, Seed
from potline.showing import Shown

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

OBSTACLES = (
    "free riding",
    "switching cost",
    "waiting value",
    "support per tonne",
    "lump sums",
    "pressure",
    "import ceiling",
    "input relief",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """What removing one obstacle adds to the margin, million a year; negative where it stands in nobody's way.

    Attributes:
        held_m_per_year: price and running lines held; nan where no coalition reaches the least cut.
        cleared_m_per_year: market without a deal cleared again; nan where that market runs less than the least cut.
        held_low_m_per_year, held_high_m_per_year: 5th and 95th percentile over draws; nan where none were asked for.
    """

    name: str
    held_m_per_year: float
    cleared_m_per_year: float
    held_low_m_per_year: float = math.nan
    held_high_m_per_year: float = math.nan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attribution(Shown):
    """The obstacles, and the margins their contributions join, million a year.

    Attributes:
        margin_m_per_year, freed_m_per_year: margin with no obstacle removed and with all removed, market held; nan
            where no coalition reaches the least cut.
        cleared_margin_m_per_year, cleared_freed_m_per_year: the same with the market cleared again; nan where that
            market runs less than the least cut.
        cleared_price_per_t: price of the market cleared again with no obstacle removed, money/t.
        largest_gap_m_per_year: how far the contributions are from summing, the larger of both columns; nan where there
            are none.
        enough: the fewest obstacles whose removal together makes an agreement, market held, the set with the largest
            margin of those; empty where there is an agreement as it is, or none without all of them.
        case, rule, leaving: the question.
        draws, seed: of the spread.
        held_margins, cleared_margins: of every set of obstacles, bit k for obstacle k, market held and cleared, [256];
            nan where no coalition reaches the least cut.
        held_mask, cleared_mask: the coalition that attains each.
        by_draw_m_per_year: contributions, market held, [draws, 8]; nan where no coalition reaches the least cut.
        ends_m_per_year: margin with no obstacle removed and with all, [draws, 2]; nan where there is none.
        ends_mask: the coalition that attains each.
        certificate: what separate code found.
    """

    obstacles: tuple[Obstacle, ...]
    margin_m_per_year: float
    freed_m_per_year: float
    cleared_margin_m_per_year: float
    cleared_freed_m_per_year: float
    cleared_price_per_t: float
    largest_gap_m_per_year: float
    enough: tuple[str, ...]
    case: Case = field(repr=False)
    rule: Rule
    leaving: Belief
    draws: DrawsOrNone
    seed: Seed
    held_margins: Floats
    cleared_margins: Floats
    held_mask: Integers
    cleared_mask: Integers
    by_draw_m_per_year: Floats
    ends_m_per_year: Floats
    ends_mask: Integers
    certificate: Certificate
