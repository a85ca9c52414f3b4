"""What an import says of a list: kept, dropped, guessed, told."""

from __future__ import annotations

__all__ = ["DroppedRow", "ListGuess", "ListImport", "ListNote"]

from collections import Counter
from collections.abc import Mapping

from potline.reading import noun
from potline.showing import Short


@noun
class DroppedRow:
    """A row of a list that became no plant.

    Attributes:
        row: as a spreadsheet counts.
        plant: what stands in the column of names.
        reason: why it was dropped.
        column: heading of the cell that decided.
        cell: what stands there.

    Examples:
        >>> DroppedRow(row=7, plant="North", reason="no capacity", column="kt/y").reason
        'no capacity'
    """

    row: int
    plant: str
    reason: str
    column: str = ""
    cell: str = ""


@noun
class ListGuess:
    """What was guessed of a list when its mapping file was written.

    Attributes:
        key: where it stands in the mapping file.
        value: what was guessed.
        why: from what.

    Examples:
        >>> ListGuess(key="columns.plant", value="Works", why="its heading").value
        'Works'
    """

    key: str
    value: str
    why: str


@noun
class ListNote:
    """What is told of rows that were kept: owners' shares that do not add up, names that stand twice.

    Attributes:
        kind: a code, such as ``shares_off``.
        rows: the rows, as a spreadsheet counts.
        example: what stands in the first of them.

    Examples:
        >>> len(ListNote(kind="shares_off", rows=(4, 9), example="A [60%]; B [30%]").rows)
        2
    """

    kind: str
    rows: tuple[int, ...]
    example: str = ""


@noun
class ListImport(Short):
    """A list that became a case, or its mapping file where something is still to be said.

    Attributes:
        file: name of the list.
        folder: the case folder.
        mapping: the mapping file.
        case: name of the case; "" while something is to be said.
        rows: rows of the list below its headings that hold anything.
        kept: rows that became plants.
        firms: how many firms run them.
        dropped: the others, each with its reason.
        guesses: what was guessed, where the mapping file was written by this call.
        open: keys of the mapping file that wait for a value.
        notes: what is told of rows that were kept.

    Examples:
        >>> done = ListImport(file="list.csv", folder="mine", mapping="mine/mapping.toml", case="mine", rows=3, kept=2,
        ...                   dropped=(DroppedRow(row=4, plant="Total", reason="a total, not a plant"),))
        >>> done.reasons
        {'a total, not a plant': 1}
    """

    file: str
    folder: str
    mapping: str
    case: str = ""
    rows: int = 0
    kept: int = 0
    firms: int = 0
    dropped: tuple[DroppedRow, ...] = ()
    guesses: tuple[ListGuess, ...] = ()
    open: tuple[str, ...] = ()
    notes: tuple[ListNote, ...] = ()

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many rows were dropped for each reason, the commonest first."""
        return dict(Counter(item.reason for item in self.dropped).most_common())
