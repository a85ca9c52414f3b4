"""Claims: every number of a case with its range, unit, tax basis, source and standing.

The nouns of :mod:`potline.industry` hold central values only; where a number comes from, how sure it is and
in which words it was published is kept here, beside them, by path.
"""

from __future__ import annotations

__all__ = ["Claim", "Claims", "Interval", "Source", "Standing", "VatBasis", "parse_interval"]

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal, Protocol, get_args

from potline.errors import Problem
from potline.reading import (
    Name,
    Within,
    did_you_mean,
    found_as,
    made_unread,
    named_fields,
    noun,
    read_fields,
    reads,
    refuse,
)
from potline.showing import Short

Standing = Literal["reported", "derived", "assumed", "disputed"]
VatBasis = Literal["included", "excluded", "none"]

Maybe = Annotated[float, Within(infinite=True, missing=True)]

STANDINGS: tuple[Standing, ...] = get_args(Standing)
VAT_BASES: tuple[str, ...] = get_args(VatBasis)

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf"
_RANGE = re.compile(rf"^(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})$")
_WITHIN = re.compile(rf"^(?P<central>{_NUMBER})\s+in\s+(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})$")


@noun
class Interval:
    """A central value inside a stated range; a plain number has ``low == central == high``.

    Examples:
        >>> Interval(central=0.56, low=0.55, high=0.58).is_range
        True
    """

    central: Maybe
    low: Maybe
    high: Maybe
    stated_central: bool = True

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where the central value lies outside the range."""
        yield from _outside("Interval", self.central, self.low, self.high)

    @property
    def is_range(self) -> bool:
        """Whether the two ends differ."""
        return self.low < self.high

    def __str__(self) -> str:
        if not self.is_range:
            return f"{self.central:g}"
        return (
            f"{self.central:g} in {self.low:g}..{self.high:g}"
            if self.stated_central
            else f"{self.low:g}..{self.high:g}"
        )


def parse_interval(text: str) -> Interval:
    """Read ``12``, ``12..15`` (central: the middle) or ``13 in 12..15``.

    Raises:
        ValueError: the text is none of the three, or the range is upside down, or the central value is outside.

    Examples:
        >>> parse_interval("12..15").central
        13.5
        >>> str(parse_interval("13 in 12..15"))
        '13 in 12..15'
    """
    cleaned = text.strip().replace(",", "").replace("−", "-")
    if match := _RANGE.match(cleaned):
        low, high = float(match["low"]), float(match["high"])
        central, stated = (low + high) / 2.0, False
    elif match := _WITHIN.match(cleaned):
        low, high, central, stated = float(match["low"]), float(match["high"]), float(match["central"]), True
    else:
        try:
            central = float(cleaned)
        except ValueError:
            raise ValueError("a number, `low..high` or `central in low..high`") from None
        low, high, stated = central, central, True
    if math.isnan(central):
        raise ValueError("a number, not nan")
    if low > high:
        raise ValueError("a range written low..high, the lower end first")
    if not low <= central <= high:
        raise ValueError("a central value inside its range")
    return Interval(central=central, low=low, high=high, stated_central=stated)


@noun
class Source:
    """A publication, data set or own estimate that numbers come from.

    Examples:
        >>> Source(id="S2", title="MIIT on capacity, Worldal, 18 February 2013").licence
        ''
    """

    id: str
    title: str
    address: str = ""
    licence: str = ""


@noun
class Claim:
    """One number of a case: what, how much, in which unit and tax basis, from where, and how sure.

    ``value`` and the range are as published (``vat`` says whether they include value-added tax); the nouns hold
    the same number without tax.

    Examples:
        >>> claim = Claim(path="price_per_t", low=14600, value=14600, high=14600, unit="CNY/t", vat="included",
        ...               source="SHFE", standing="reported")
        >>> claim.is_range
        False
    """

    path: Name
    value: Maybe
    low: Maybe
    high: Maybe
    unit: str
    vat: VatBasis
    source: str
    standing: Standing
    quote: str = ""
    note: str = ""
    where: str = ""

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where the value lies outside the range."""
        yield from _outside(f"Claim {self.path!r}", self.value, self.low, self.high)

    @property
    def is_range(self) -> bool:
        """Whether the claim states a range."""
        return self.low < self.high


def _outside(where: str, value: float, low: float, high: float) -> Iterable[Problem]:
    """Yield a problem unless a value lies within its range; one of the three that is missing says nothing."""
    if low > high or value < low or value > high:
        yield Problem(where=where, found=f"{value:.15g} in {low:.15g}..{high:.15g}", needed="low <= value <= high")


class Unmade(Protocol):
    """What claims are made of."""

    def __len__(self) -> int: ...
    def column(self, name: str) -> Iterable[Any]:
        """Return one field of all of them."""
        ...

    def only(self, place: int) -> Unmade:
        """Return one of them alone."""
        ...


def _made(unmade: Unmade) -> tuple[Claim, ...]:
    columns = {item.name: unmade.column(item.name) for item in fields(Claim)}
    return tuple(made_unread(Claim, len(unmade), columns))


class _Later:
    """Claims that are made when they are first asked for, since a case may hold a million; then ``_unmade`` is None."""

    __slots__ = ("_places", "_unmade")
    all: tuple[Claim, ...]
    _places: Mapping[str, int]
    _unmade: Unmade | None

    def __getattr__(self, name: str) -> Any:  # asked where a slot is empty
        unmade = None if name == "_unmade" else self._unmade
        if name == "_places":
            paths = [claim.path for claim in self.all] if unmade is None else list(unmade.column("path"))
            object.__setattr__(self, name, dict(zip(reversed(paths), reversed(range(len(paths))), strict=True)))
        elif name == "all" and unmade is not None:
            object.__setattr__(self, name, _made(unmade))
            object.__setattr__(self, "_unmade", None)
        elif name == "_unmade":
            object.__setattr__(self, name, None)
        else:
            raise AttributeError(name)
        return getattr(self, name)


@named_fields
@dataclass(frozen=True, slots=True)
class Claims(_Later, Short):
    """The claims of a case, by path.

    Examples:
        >>> claims = Claims((Claim(path="demand.elasticity", value=0.7, low=0.4, high=1.1, unit="1", vat="none",
        ...                        source="own", standing="assumed"),))
        >>> claims["demand.elasticity"].high
        1.1
        >>> [claim.path for claim in claims.about("elastic")]
        ['demand.elasticity']
    """

    all: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        read_fields(self)

    @classmethod
    def later(cls, unmade: Unmade) -> Claims:
        """Return claims that are made when they are asked for."""
        made = object.__new__(cls)
        object.__setattr__(made, "_unmade", unmade)
        return made

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all if self._unmade is None else self._unmade)

    def __getitem__(self, path: str) -> Claim:
        found = self.get(path)
        if found is not None:
            return found
        hint = did_you_mean(path, self._places, "There are")
        raise refuse("Claims, path", found_as(path), "the path of a claim; `claims.about(word)` searches", hint)

    def get(self, path: str) -> Claim | None:
        """Return the claim of a path; None where there is none."""
        place = self._places.get(path)
        if place is None:
            return None
        return self.all[place] if self._unmade is None else _made(self._unmade.only(place))[0]

    @property
    def standings(self) -> Counter[Standing]:
        """How many claims have each standing."""
        return Counter(
            (claim.standing for claim in self.all) if self._unmade is None else self._unmade.column("standing")
        )

    @reads
    def about(self, word: str) -> tuple[Claim, ...]:
        """Return the claims whose path, unit, source, quote or note holds ``word``, ignoring case."""
        wanted = word.casefold()
        return tuple(
            claim
            for claim in self.all
            if any(
                wanted in text.casefold() for text in (claim.path, claim.unit, claim.source, claim.quote, claim.note)
            )
        )

    @reads
    def with_standing(self, standing: Standing) -> tuple[Claim, ...]:
        """Return the claims of one standing."""
        return tuple(claim for claim in self.all if claim.standing == standing)

    def extended(self, more: Iterable[Claim]) -> Claims:
        """Return a copy with more claims at the end."""
        return Claims((*self.all, *more))
