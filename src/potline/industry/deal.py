"""Joint cuts: who signs, how the cut is shared, for how long. An agreement is recorded here and computed elsewhere."""

from __future__ import annotations

__all__ = ["Agreement", "Efficient", "JointCut", "ProRata", "Sharing", "Stated"]

import math
from collections.abc import Iterable
from typing import Annotated

from potline.equality import same_values
from potline.errors import Problem
from potline.reading import NonNegative, Positive, Within, noun, unique


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

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem unless exactly one of share and total is given."""
        if math.isnan(self.share_of_running) == math.isnan(self.total_kt):
            found = "neither a share nor a total" if math.isnan(self.total_kt) else "both a share and a total"
            yield Problem(where="ProRata", found=found, needed="share_of_running=... or total_kt=..., one of the two")


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

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem for each signatory that has two cuts."""
        yield from unique("cut of", "Stated", [name for name, _ in self.cuts_kt])


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

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where nobody signs, where somebody signs twice, and for each cut of who does not sign."""
        if not self.signatories:
            yield Problem(where="JointCut, signatories", found="nobody", needed="one firm or more")
        yield from unique("signatory", "JointCut", self.signatories)
        if isinstance(self.rule, Stated):
            for name, _ in self.rule.cuts_kt:
                if name not in self.signatories:
                    found, hint = (
                        f"a cut of {name!r}, who does not sign",
                        f"There are: {', '.join(self.signatories)}.",
                    )
                    yield Problem(where="JointCut, rule", found=found, needed="cuts of signatories", hint=hint)


Agreement = JointCut
