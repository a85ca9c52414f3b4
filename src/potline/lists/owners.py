"""Who decides for a plant, of owners written with their shares: ``A [60%]; B [40%]``."""

from __future__ import annotations

__all__ = ["Owners", "looks_shared", "read_owners"]

import re
from collections.abc import Collection
from dataclasses import dataclass

_SHARE = re.compile(r"\s*[\[(（]?\s*(?P<sign>[<>~≈]?)\s*(?P<share>\d+(?:[.,]\d+)?)\s*[%％]\s*[\])）]?\s*$")
_PARTS = re.compile(r";|；|\||\s/\s|(?<=[%％][\])）])\s*,|(?<=[%％])\s*,")


@dataclass(frozen=True, slots=True)
class Owners:
    """The owners of a plant.

    Attributes:
        decides: the owner with the largest stated share, the first of several; "" where nobody is named.
        shares: each owner with its share in per cent, nan where none is stated.
        total: sum of the shares in per cent; nan where one is not stated.
        tie: whether another has as large a share.
        minority: whether the one that decides has less than half.
    """

    decides: str = ""
    shares: tuple[tuple[str, float], ...] = ()
    total: float = float("nan")
    tie: bool = False
    minority: bool = False


_NAN = float("nan")


def read_owners(cell: str, nobody: Collection[str] = ()) -> Owners:
    """Read owners and their shares; ``nobody`` holds words, in small letters, that name no owner.

    Examples:
        >>> found = read_owners("Alpha Ltd [60%]; Beta [40%]")
        >>> found.decides, found.total, found.minority
        ('Alpha Ltd', 100.0, False)
        >>> read_owners("Beta [49%]; Other [51%]", {"other"}).minority
        True
    """
    shares: list[tuple[str, float]] = []
    for part in _PARTS.split(cell):
        match = _SHARE.search(part)
        name = " ".join((part[: match.start()] if match else part).split()).strip(",:-– ")
        if name:
            shares.append((name, float(match["share"].replace(",", ".")) if match and not match["sign"] else _NAN))
    named = [(name, share) for name, share in shares if name.casefold() not in nobody]
    if not named:
        return Owners("", tuple(shares), sum(share for _, share in shares) if shares else _NAN)
    known = [(name, share) for name, share in named if share == share]
    decides, most = max(known, key=lambda item: item[1]) if known else named[0]
    total = sum(share for _, share in shares)
    alone = len(shares) == 1
    return Owners(
        decides=decides,
        shares=tuple(shares),
        total=total,
        tie=sum(share == most for _, share in known) > 1 or (not known and len(named) > 1),
        minority=not alone and most == most and most < 50.0,
    )


def looks_shared(cell: str) -> bool:
    """Whether a cell holds a share of an owner.

    Examples:
        >>> looks_shared("Alpha [60%]; Beta [40%]"), looks_shared("Alpha Ltd"), looks_shared("60%")
        (True, False, False)
    """
    return bool(re.search(r"[^\W\d].*[\[(（]?\s*\d+(?:[.,]\d+)?\s*[%％]", cell))
