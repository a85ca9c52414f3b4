"""Firms and governments."""

from __future__ import annotations

__all__ = ["Firm", "Government"]

from potline.reading import Name, NonNegative, noun


@noun
class Firm:
    """A firm; ``owner`` names the firm that decides for it where affiliates act as one.

    Examples:
        >>> Firm(name="Jiaozuo Wanfang", owner="Chalco").decides
        'Chalco'
    """

    name: Name
    owner: str = ""
    kind: str = ""
    note: str = ""

    @property
    def decides(self) -> str:
        """The firm that decides: the owner, or the firm itself."""
        return self.owner or self.name


@noun
class Government:
    """A government with a stake in its plants: jobs, tax and value added.

    Attributes:
        jobs_per_kt: jobs per kt/year of running capacity.
        tax_per_t: tax collected per t of output, money/t.
        value_added_per_t: value added (local GDP) per t of output, money/t.

    Examples:
        >>> Government(name="Henan", jobs_per_kt=20.0).jobs_per_kt
        20.0
    """

    name: Name
    jobs_per_kt: NonNegative = 0.0
    tax_per_t: float = 0.0
    value_added_per_t: float = 0.0
    note: str = ""
