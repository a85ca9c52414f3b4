"""Two cases side by side, as an answer: inputs that differ, headline numbers, tables, and a certificate."""

from __future__ import annotations

__all__ = ["FACE", "CaseComparison"]

from dataclasses import dataclass, field

from potline.cases import Case
from potline.reading import one_of
from potline.report.changed_since import changed_table
from potline.report.face import Face
from potline.report.saying import say
from potline.report.side_by_side import Beside, TableBeside, beside_table
from potline.report.table import Table
from potline.report.words import listing
from potline.showing import Shown
from potline.verification import Check, Checked

NOTHING = Checked(())
_SAID = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CaseComparison(Shown):
    """Two cases side by side.

    Attributes:
        before, after: the cases.
        draws, seed: over the stated input ranges, and their seed.
        questions: names of those asked of both.
        inputs: those that differ, by path in Python.
        numbers: headline numbers of both.
        compared: their tables.
        checks_before, checks_after: what separate code found about each.
        certificate: the differences computed again.
    """

    before: Case
    after: Case
    draws: int
    seed: int
    questions: tuple[str, ...]
    inputs: tuple[Beside, ...]
    numbers: tuple[Beside, ...]
    compared: tuple[TableBeside, ...]
    checks_before: tuple[Check, ...]
    checks_after: tuple[Check, ...]
    certificate: Checked = field(default=NOTHING)

    @property
    def name(self) -> str:
        """Both names; one where they share it."""
        names = dict.fromkeys((self.before.name, self.after.name))
        return " beside ".join(names)

    @property
    def moved(self) -> tuple[Beside, ...]:
        """The headline numbers that differ."""
        return tuple(item for item in self.numbers if item.moved)

    def number(self, name: str) -> Beside:
        """Return one headline number.

        Raises:
            InputError: no such number.
        """
        one_of("CaseComparison.number", name, [item.name for item in self.numbers], say("compare.headline_number"))
        return next(item for item in self.numbers if item.name == name)

    @property
    def changed(self) -> Table | None:
        """Every input and number that differs as one table, which a workbook leads with; None where none does."""
        named = {"inputs": self.inputs, "headline": self.numbers}
        return changed_table(named, self.compared, title=say("workbook.changed_beside"))

    def sentences(self) -> list[str]:
        """Say which inputs differ and how many headline numbers move."""
        numbers = say("compare.numbers_move", count=len(self.moved))
        if not self.inputs:
            return [say("compare.nothing_differs"), numbers]
        told = listing([_told(item) for item in self.inputs[:_SAID]], _SAID)
        return [say("compare.inputs_differ", count=len(self.inputs), inputs=told), numbers]

    def all_tables(self) -> list[Table]:
        """Return inputs and numbers that differ, then each table in which a row does."""
        found = [
            beside_table("inputs", self.inputs, title=say("compare.inputs")),
            beside_table("numbers", self.numbers, title=say("compare.numbers")),
        ]
        return [*found, *(item.shown for item in self.compared if item.shown.rows)]


def _told(item: Beside) -> str:
    blank = say("compare.blank")
    before, after = (blank if cell is None else f"{cell:.6g}" if isinstance(cell, float) else str(cell)
                     for cell in (item.before, item.after))  # fmt: skip
    return say("compare.from_to", name=item.name, before=before, after=after)


def _shown_numbers(found: CaseComparison) -> dict[str, int]:
    return {
        "inputs_that_differ": len(found.inputs),
        "headline_numbers_that_differ": len(found.moved),
        "tables_that_differ": sum(bool(item.shown.rows) for item in found.compared),
    }


FACE: Face[CaseComparison] = Face(
    numbers=_shown_numbers, sentences=CaseComparison.sentences, tables=CaseComparison.all_tables
)
