"""The usual ranges of the numbers of a case, read from the file that ships with the package."""

from __future__ import annotations

__all__ = ["UsualRange", "usual_ranges"]

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from potline.reading import binds


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualRange:
    """Between which two ends a number usually lies, in any industry and currency.

    Attributes:
        field: what is tested, as in ``discount_rate`` or ``plant.freight_per_t``.
        measure: where not the number itself is compared, words before what is.
        unit: of the ends.
        low, high: the ends, both usual themselves.
        why: what a reader should look at.
        source: where the ends come from.
        industry: of the source; ``any`` where it is of no single one.
        standing: ``reported``, ``derived`` from what was reported, or ``judgement``.

    Examples:
        >>> UsualRange(field="vat_rate", unit="share", low=0.0, high=0.27).words
        'usual 0 to 0.27 share'
    """

    field: str
    measure: str = ""
    unit: str
    low: float
    high: float
    why: str = ""
    source: str = ""
    industry: str = "any"
    standing: Literal["reported", "derived", "judgement"] = "judgement"

    @property
    def words(self) -> str:
        """The range as a warning says it."""
        unit = "times" if self.measure else self.unit
        return f"usual {self.low:g} to {self.high:g}{_of(unit)}"

    def holds(self, compared: float) -> bool:
        """Whether a number is usual."""
        return self.low <= compared <= self.high

    def holding(self, compared: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which of many numbers are usual."""
        return (self.low <= compared) & (compared <= self.high)

    def found(self, shown: str, compared: float) -> str:
        """Return what was read, with what it was compared by where that is another number."""
        return f"{shown}, {self.measure} {compared:.4g}{_of(self.unit)}" if self.measure else shown


def _of(unit: str) -> str:
    return "" if unit == "1" else f" {unit}"


@binds("usual_ranges")
@cache
def usual_ranges() -> dict[str, UsualRange]:
    """Return the usual ranges by field, in the order in which warnings are given.

    Examples:
        >>> usual_ranges()["discount_rate"].high
        0.3
    """
    text = files("potline.cases").joinpath("usual_ranges.csv").read_text(encoding="utf-8")
    return {
        row["field"]: UsualRange(
            field=row["field"],
            measure=row["measure"],
            unit=row["unit"],
            low=float(row["low"]),
            high=float(row["high"]),
            why=row["why"],
            source=row["source"],
            industry=row["industry"],
            standing=cast("Literal['reported', 'derived', 'judgement']", row["standing"]),
        )
        for row in csv.DictReader(io.StringIO(text))
    }
