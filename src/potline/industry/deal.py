"""Joint cuts: who signs, how the cut is shared, for how long. An agreement is recorded here and computed elsewhere."""

from __future__ import annotations

__all__ = ["Agreement", "Efficient", "JointCut", "ProRata", "Sharing", "Stated"]

import math
from typing import Annotated

from potline.equality import same_values
from potline.reading import NonNegative, Positive, Within, noun


@noun
class ProRata:
    """Every signatory idles the same share of its running capacity: the share, or what makes up a total.

    Examples:
        >>> ProRata(share_of_running=0.10).share_of_running
        0.1
    """

    share_of_running: Annotated[float, Within(low=0.0, high=1.0, missing=True)] = math.nan
    total_kt: Annotated[float, Within(low=0.0, missing=True)] = math.nan

    __eq__ = same_values


@noun
class Efficient:
    """The signatories idle, together, what maximises their summed gain, at least ``total_kt``.

    Examples:
        >>> Efficient(total_kt=1000.0).total_kt
        1000.0
    """

    total_kt: NonNegative


@noun
class Stated:
    """Each signatory idles a stated capacity, kt/year.

    Examples:
        >>> Stated(cuts_kt=(("Chalco", 380.0), ("Yunnan", 150.0))).cuts_kt[0]
        ('Chalco', 380.0)
    """

    cuts_kt: tuple[tuple[str, NonNegative], ...]


Sharing = ProRata | Efficient | Stated


@noun
class JointCut:
    """A joint cut by ``signatories`` (firms that decide) under a rule, for a term in years.

    Examples:
        >>> JointCut(signatories=("Chalco", "Xinfa"), rule=ProRata(share_of_running=0.10), years=1.0).years
        1.0
    """

    signatories: tuple[str, ...]
    rule: Sharing
    years: Positive = 1.0
    name: str = ""


Agreement = JointCut
