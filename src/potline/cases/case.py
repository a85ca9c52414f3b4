"""A case: an industry, the meeting it holds, and for every number where it comes from.

The industry holds central values without value-added tax; ranges, units, tax basis and sources stay in the claims.
A case is frozen and hashable; :meth:`Case.under` and :meth:`Case.override` return changed copies.
"""

from __future__ import annotations

__all__ = ["Case"]

from os import PathLike
from typing import Annotated, ClassVar

from potline.cases.contents import CaseContents
from potline.cases.override import overridden
from potline.cases.saving import save_case
from potline.reading import Hint, noun, one_of, reads


@noun
class Case(CaseContents):
    """An industry with its meeting, claims, uncertain factors, record and series.

    Attributes:
        outcome: what happened; no input.
        factors: at most 20 uncertain factors.
        noise: errors of plants' cash cost beside them.
        record: published sentences to compare with the model.
        window: what was otherwise in other months.
        documented_stops: what lines are documented to have done, at which price.
        other_policies: policies not in force at the date.
        changes: overrides as typed.
        digest: sha256 of the files' names and bytes.
        folder: where it was read.
        bases: pairs (``numbers.NAME`` or ``TABLE.COLUMN`` as in the files, tax basis).
        extra_columns: columns that the format does not know; they enter nothing.
        files: what it was read from, as the files of a folder; None for one made in Python.

    Examples:
        >>> from potline.industry import Change, Industry, LinearDemand, Plant
        >>> small = Industry(name="one", demand=LinearDemand(price_per_t=10.0, quantity_kt=9.0, elasticity=0.5),
        ...                  price_per_t=10.0, plants=(Plant(name="A", firm="A", capacity_kt=9.0),))
        >>> moved = Case(name="one", industry=small).under(Change(path="price_per_t", value=12.0))
        >>> moved.industry.price_per_t, moved.industry.demand.price_per_t, moved.industry.demand.quantity_kt
        (12.0, 12.0, 9.0)
    """

    how_to_get: ClassVar[str] = (
        "`pot.load(NAME)` reads a shipped case or a folder; `pot.Case(name=..., industry=...)` makes one."
    )

    @reads
    def save(self, place: str | PathLike[str]) -> None:
        """Write the case as a workbook, where the name ends in ``.xlsx``, or else as a folder; nothing is replaced.

        Both say the same, and what is written is read as the same case: ranges, sources, columns and sheets of your
        own. A folder that was read from a folder is the same to the byte.

        Args:
            place: a new file, or a new or empty folder.

        Raises:
            InputError: the place is taken or cannot be written, the case was made in Python or changed since it was
                read, or a text is longer than a cell of a workbook.
        """
        save_case(self, place)

    @reads
    def override(self, *texts: Annotated[str, Hint('Write `case.override("PATH=VALUE", ...)`.')]) -> Case:
        """Return a copy with overrides written in the names, currency and tax basis of the case's files.

        ``"price_cny_per_t=14000"`` sets, ``+=`` adds, ``*=`` multiplies; ``plant[Fushun].power_price_cny_per_kwh`` and
        ``plant[province=Henan].support_cny_per_t`` name members by name or by columns. A number that the files do not
        give is written without tax. A number set by hand is no longer uncertain: factors that set it are dropped;
        factors that multiply or add to it stay and act on the new value.

        Raises:
            InputError: a text is no override, names nothing, or its value is out of bounds; holds all problems.
        """
        return overridden(self, texts)

    def in_month(self, month: str) -> Case:
        """Return a copy in another month of its window; what the window does not give of it is held.

        Raises:
            InputError: the window has no such month.
        """
        one_of("Case.in_month, month", month, self.months, "a month of the case's window")
        return self.override(*(fact.text for fact in self.window if fact.month == month))
