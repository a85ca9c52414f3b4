"""What may be put to the owners of a meeting: the words of a proposal. All frozen and hashable."""

from __future__ import annotations

__all__ = ["Announced", "CapacityOffLine", "CostOrder", "Maintenance", "Plain", "Pledge", "Tabled"]

from dataclasses import dataclass

from potline.reading import NonNegative, Share, noun


@noun
class CostOrder:
    """The dearest running tonnes of all who sign, by net cash cost and whoever owns them, stop first: ``total_kt``.

    An owner idles its own plants in its own order; the cost order decides how much each idles.

    Examples:
        >>> CostOrder(total_kt=1000.0).total_kt
        1000.0
    """

    total_kt: NonNegative


@noun
class CapacityOffLine:
    """Each who signs has this share of its built capacity off-line; what stands idle already counts.

    Examples:
        >>> CapacityOffLine(share=0.1).share
        0.1
    """

    share: Share


@noun
class Announced:
    """Announced cuts, pairs (owner, kt/year); capacity idle before the announcement counts towards them.

    Examples:
        >>> Announced(cuts_kt=(("Chalco", 380.0),)).cuts_kt[0]
        ('Chalco', 380.0)
    """

    cuts_kt: tuple[tuple[str, NonNegative], ...]


@noun
class Maintenance:
    """Equal shares of running capacity up to ``total_kt``, of which each owner may call ``limit_kt`` maintenance.

    Tonnes under maintenance escape the government's pressure; the rest does not.

    Examples:
        >>> Maintenance(total_kt=500.0, limit_kt=50.0).limit_kt
        50.0
    """

    total_kt: NonNegative
    limit_kt: NonNegative


@dataclass(frozen=True, slots=True)
class Tabled:
    """The meeting's own proposal: the case's sharing rule and least tonnage."""


Pledge = CostOrder | CapacityOffLine | Announced | Maintenance
Plain = Pledge | Tabled
