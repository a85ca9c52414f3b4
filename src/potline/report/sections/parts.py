"""What the blocks of the brief are made of."""

from __future__ import annotations

__all__ = ["INPUTS", "Parts", "input_title"]

from collections.abc import Mapping
from dataclasses import dataclass

from potline.answers import Answers
from potline.report.blocks import Blocks, Paragraph, Picture, details
from potline.report.saying import say
from potline.report.table import Table
from potline.verification import Check

INPUTS = "Inputs"
"""Title of that chapter where the industry shares none."""
_EMPTY = Paragraph(text="")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """The results, the drawn figures, the tables and the checks.

    A name that is not there gives an empty block, so that a section reads the same without it.
    """

    answers: Answers
    figures: Mapping[str, Picture]
    tables: Mapping[str, Table]
    checks: tuple[Check, ...]

    @property
    def currency(self) -> str:
        """Currency of the case."""
        return self.answers.case.currency

    @property
    def product(self) -> str:
        """The input that the industry shares."""
        market = self.answers.case.industry.input_market
        return market.product if market is not None else say("page.the_input")

    def figure(self, *names: str) -> Blocks:
        """Return figures one below the other; of several, one that is not there leaves an empty line."""
        if len(names) == 1 and names[0] not in self.figures:
            return ()
        return tuple(self.figures.get(name, _EMPTY) for name in names)

    def folded(self, summary: str, *names: str) -> Blocks:
        """Return figures folded under a line; nothing where there are none."""
        there = tuple(self.figures[name] for name in names if name in self.figures)
        return details(summary, there) if there else ()

    def table(self, name: str) -> Table:
        """Return a table."""
        return self.tables[name]


def input_title(answers: Answers) -> str:
    """Return the title of the chapter on the input that the industry shares: its name."""
    market = answers.case.industry.input_market
    return market.product.capitalize() if market is not None else INPUTS
