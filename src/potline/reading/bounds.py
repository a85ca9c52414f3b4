"""Numbers by what they may be: an annotation says it once, and the reader of a constructor or a verb holds to it.

A plain ``float`` is a finite number. The names below add bounds; :class:`Within` in an ``Annotated`` says any other.
"""

from __future__ import annotations

__all__ = [
    "Array",
    "Count",
    "Date",
    "Draws",
    "DrawsOrNone",
    "Form",
    "Hint",
    "Month",
    "Name",
    "NonNegative",
    "Positive",
    "Real",
    "Seed",
    "Share",
    "Unlimited",
    "Within",
]

import math
import sys
from dataclasses import dataclass
from typing import Annotated

from potline.limits import MOST_DRAWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """The numbers that may stand somewhere.

    Attributes:
        low, high: the ends, themselves allowed; ``above``: not allowed, but every number above it is.
        infinite: whether infinity may stand for "no limit".
        missing: whether nan may stand for "none".
        also: a single value allowed apart from the others, and what it means.

    Examples:
        >>> Within(low=0.0).words, Within(low=0.0, high=1.0).words, Within(above=0.0, missing=True).words
        ('a number of 0 or more', 'a number from 0 to 1', 'a number above 0, or nan where there is none')
        >>> Within(low=8, also=(0, "none")).words_of("a whole number")
        'a whole number of 8 or more, or 0 for none'
    """

    low: float = -math.inf
    above: float = -math.inf
    high: float = math.inf
    infinite: bool = False
    missing: bool = False
    also: tuple[float, str] | None = None

    def admits(self, value: float) -> bool:
        """Whether a number may stand there."""
        low, high = self.ends
        return (
            low <= value <= high
            or (self.missing and value != value)
            or (self.also is not None and value == self.also[0])
        )

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest number of one stretch that may stand there, missing ones and ``also`` apart."""
        least = math.nextafter(self.above, math.inf) if self.above > self.low else self.low
        most = self.high if self.infinite else min(self.high, sys.float_info.max)
        return least if self.infinite else max(least, -sys.float_info.max), most

    @property
    def words(self) -> str:
        """What is needed, in words."""
        return self.words_of("a number")

    def words_of(self, number: str) -> str:
        """Return what is needed, in words, of numbers called so."""
        if self.low > -math.inf and self.high < math.inf:
            text = f"{number} from {self.low:g} to {self.high:g}"
        elif self.low > -math.inf:
            text = f"{number} of {self.low:g} or more"
        elif self.above > -math.inf:
            text = f"{number} above {self.above:g}" + (f", at most {self.high:g}" if self.high < math.inf else "")
        elif self.high < math.inf:
            text = f"{number} of at most {self.high:g}"
        else:
            text = number if self.infinite or number != "a number" else "a finite number"
        text += ", or inf for no limit" if self.infinite else ""
        text += ", or nan where there is none" if self.missing else ""
        return text + (f", or {self.also[0]:g} for {self.also[1]}" if self.also else "")


@dataclass(frozen=True, slots=True)
class Hint:
    """What to try where a value is refused.

    Examples:
        >>> Hint("Write `pot.load(NAME)`.").words
        'Write `pot.load(NAME)`.'
    """

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    """Numbers in an array of so many dimensions; any where None.

    Examples:
        >>> Array(dimensions=1).dimensions
        1
    """

    dimensions: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A text of a form: a regular expression, and in words for one and for many.

    Examples:
        >>> Form(regex="[A-Z]", needed="a letter", many="letters").many
        'letters'
    """

    regex: str
    needed: str
    many: str


Name = Annotated[str, Form(regex=r"(?s).*\S.*", needed="a name", many="names")]
Month = Annotated[
    str,
    Form(
        regex=r"\d{4}-(0[1-9]|1[0-2])",
        needed="a month written YYYY-MM, such as 2013-04",
        many="months written YYYY-MM, such as 2013-04",
    ),
]
Date = Annotated[
    str,
    Form(
        regex=r"(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?",
        needed="a date written YYYY, YYYY-MM or YYYY-MM-DD, or nothing",
        many="dates written YYYY, YYYY-MM or YYYY-MM-DD",
    ),
]
Real = Annotated[float, Within(infinite=True)]
NonNegative = Annotated[float, Within(low=0.0)]
Positive = Annotated[float, Within(above=0.0)]
Share = Annotated[float, Within(low=0.0, high=1.0)]
Unlimited = Annotated[float, Within(low=0.0, infinite=True)]
Count = Annotated[int, Within(low=1)]
Seed = Annotated[int, Within(low=0)]
Draws = Annotated[int, Within(low=8, high=MOST_DRAWS)]
DrawsOrNone = Annotated[int, Within(low=8, high=MOST_DRAWS, also=(0, "none"))]
