"""A warning, and the lines and plain data that answers carry of several."""

from __future__ import annotations

__all__ = ["SHOWN", "CaseWarning", "warning_data", "warning_lines"]

import dataclasses
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from potline.cases import Case

Kind = Literal["state", "contradiction", "sum", "missing", "range"]

SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWarning:
    """Something in a case that can be, but is unusual or does not fit the rest.

    Attributes:
        kind: a ``state`` that the model would not hold, a ``contradiction`` of two inputs, a row that is the ``sum`` of
            others, ``missing`` where all others have it, or outside the usual ``range``.
        where: file and row, key, override or option.
        found: what was read, with its unit.
        usual: what is usual, or would fit.
        hint: what to look at.
        field: of the usual range that was left; empty where it is none.

    Examples:
        >>> print(CaseWarning(kind="range", where="override 'discount_rate=10'", found="10 a year",
        ...                   usual="usual 0.01 to 0.3 a year", hint="10 % a year is written 0.10."))
        override 'discount_rate=10': found 10 a year; usual 0.01 to 0.3 a year. 10 % a year is written 0.10.
    """

    kind: Kind
    where: str
    found: str
    usual: str
    hint: str = ""
    field: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: found {self.found}; {self.usual}."
        return f"{text} {self.hint}" if self.hint else text


def warning_lines(warnings: Sequence[CaseWarning], case: Case) -> list[str]:
    """Return the first lines of an answer: how many warnings, and the first three; nothing where there is none.

    Examples:
        >>> from potline.industry import Industry, LinearDemand
        >>> case = Case(name="mine", folder="mine", changes=("plant[North 1].capacity_kt=5",), industry=Industry(
        ...     name="mine", plants=(), demand=LinearDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=1.0)))
        >>> one = CaseWarning(kind="range", where="--theta", found="7", usual="usual 0 to 1")
        >>> warning_lines([one], case)
        ['1 warning:', '  --theta: found 7; usual 0 to 1.']
        >>> warning_lines([one] * 4, case)[0]
        "4 warnings, the first 3 (all: potline check mine --set 'plant[North 1].capacity_kt=5'):"
    """
    if not warnings:
        return []
    count = f"{len(warnings)} warning{'s' * (len(warnings) > 1)}"
    if len(warnings) > SHOWN:
        count += f", the first {SHOWN}"
        changes = "".join(f" --set {shlex.quote(text)}" for text in case.changes)
        count += f" (all: potline check {shlex.quote(case.folder)}{changes})" if case.folder else ""
    return [f"{count}:", *(f"  {item}" for item in warnings[:SHOWN])]


def warning_data(warnings: Sequence[CaseWarning]) -> list[dict[str, str]]:
    """Return warnings as plain data.

    Examples:
        >>> warning_data([CaseWarning(kind="range", where="--theta", found="7", usual="usual 0 to 1")])
        [{'kind': 'range', 'where': '--theta', 'found': '7', 'usual': 'usual 0 to 1', 'hint': '', 'field': ''}]
    """
    return [dataclasses.asdict(item) for item in warnings]
