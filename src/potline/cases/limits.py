"""How many owners may sit at the table of a meeting, by what is asked of it, and how large a number may be.

Every set of owners is a possible deal.
"""

from __future__ import annotations

__all__ = [
    "LARGEST",
    "LONGEST_YEARS",
    "MOST_DIVIDED",
    "MOST_DRAWN",
    "MOST_EXPLAINED",
    "MOST_FARSIGHTED",
    "MOST_GONE_THROUGH",
    "MOST_PLANTS_HELD",
    "MOST_PROPOSED",
    "MOST_RANGED",
    "MOST_REMEDIED",
    "MOST_SEARCHED",
    "MOST_SPREAD",
]

LARGEST = 1e12
"""No number is larger in size, but ``inf``: beyond it sums lose what matters."""
LONGEST_YEARS = 1000.0
"""No term is longer."""
MOST_FARSIGHTED = 9
"""Owners who propose in turn or look at where moves end."""
MOST_PROPOSED = 10
"""Owners to whom a proposal is put that is not the meeting's own."""
MOST_RANGED = 10
"""Owners in a brief that asks what the margin hangs on."""
MOST_SPREAD = 10
"""Owners with whom obstacles are drawn as often as asked; half as often for each one more."""
MOST_DRAWN = 8
"""Owners whose tonnages that hold are drawn as often as asked; half as often for each one more."""
MOST_DIVIDED = 14
"""Owners in a brief that asks for institutions, enforcement and division."""
MOST_REMEDIED = 14
"""Owners of whom it is asked what it would take: every group at every level."""
MOST_EXPLAINED = 16
"""Owners whose obstacles and share of the ranges are computed: hundreds of meetings."""
MOST_GONE_THROUGH = 20
"""Owners all of whose groups are gone through."""
MOST_PLANTS_HELD = 300
"""Plants in a run or a meeting that asks which tonnages hold: each event of each plant is gone through."""
MOST_SEARCHED = 62
"""Owners whose best group is searched for: a group is a mask of one whole number."""
