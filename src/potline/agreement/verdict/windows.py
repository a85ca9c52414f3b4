"""What the tonnages that hold come to at other prices and in other months."""

from __future__ import annotations

__all__ = ["TonnageWindow", "WindowPoint"]

import math
from dataclasses import dataclass, field

from potline.agreement.certificate import Certificate
from potline.agreement.verdict.held import TonnageSet, set_among
from potline.cases import Case
from potline.choices import Baseline, Belief, Institution, Rule
from potline.industry import Change
from potline.showing import Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPoint:
    """A meeting at one price or in one month.

    Attributes:
        month: ``YYYY-MM``; blank where only the price is another.
        price_per_t: of the market, without tax.
        headroom_per_t: from there to import parity, without tax; negative above parity, ``inf`` without imports.
        running_kt: what the industry runs, kt/year.
        nash_cuts: by owner, what is cut in the baseline nash, kt/year.
        sets: as those of :class:`~potline.TonnagesThatHold`.
    """

    month: str
    price_per_t: float
    headroom_per_t: float
    running_kt: float
    nash_cuts: tuple[tuple[str, float], ...]
    sets: tuple[TonnageSet, ...]

    def set_of(
        self,
        institution: str = Institution.VOLUNTARY,
        leaving: str = Belief.REOPTIMISE,
        baseline: str = Baseline.OBSERVED,
    ) -> TonnageSet:
        """Return one set.

        Raises:
            InputError: a word that is none of them.
        """
        return set_among(self.sets, "WindowPoint.set_of", institution, leaving, baseline)


@dataclass(frozen=True, slots=True, kw_only=True)
class TonnageWindow(Shown):
    """The tonnages that hold as a function of the price, or month by month.

    Attributes:
        case, rule, prices_per_t: the question; no price where months are asked about.
        version: of Potline.
        points: in the order of the prices or months.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    rule: Rule
    prices_per_t: tuple[float, ...]
    version: str
    points: tuple[WindowPoint, ...]
    certificate: Certificate = field(repr=False)

    def k_star_kt(
        self,
        institution: str = Institution.VOLUNTARY,
        leaving: str = Belief.REOPTIMISE,
        baseline: str = Baseline.OBSERVED,
    ) -> tuple[float, ...]:
        """Return K* of each point, 0 where nothing holds; the headline's sets unless told otherwise."""
        found = (point.set_of(institution, leaving, baseline).k_star_kt for point in self.points)
        return tuple(0.0 if math.isnan(k_star) else k_star for k_star in found)

    def at_price(self, price_per_t: float) -> WindowPoint:
        """Return the point whose price is nearest."""
        return min(self.points, key=lambda point: abs(point.price_per_t - price_per_t))

    def case_of(self, point: WindowPoint) -> Case:
        """Return the case that a point is about."""
        if point.month:
            return self.case.in_month(point.month)
        return self.case.under(Change(path="price_per_t", value=point.price_per_t))
