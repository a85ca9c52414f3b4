"""The record: published sentences beside what the model computes for the same quantity.

Every entry of a case's record is shown. Where its ``quantity`` names something in :data:`QUANTITIES`, or a number of
the industry by its path, the model's number stands beside the published one with the gap. A quantity that cannot be
computed says why and never hides the rest.

A stated range is met where the model's number lies in it; a single number where it is within 5 per cent of it. A
disputed claim keeps its value as published and is compared with the corrected value as well.

Agreement says something only where the number follows from the model. Each line has a basis: ``input`` where the case
sets the number, so that it is echoed back; ``fitted`` where inputs were set to meet it, which the entry's note says
with the word "Fitted"; ``computed`` for the rest. :attr:`Record.counts` counts agreement of the computed ones only.
"""

from __future__ import annotations

__all__ = ["POINT_TOLERANCE", "Kind", "Record", "RecordLine", "Status", "compare"]

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from potline.cases import Case
from potline.cases.parts import RecordEntry
from potline.evidence.known import Known, NotComputed
from potline.evidence.quantities import QUANTITIES, Basis, Quantity, industry_number, parse_key
from potline.reading import one_of

Status = Literal["agrees", "differs", "disputed", "model only", "not computed", "statement"]
Kind = Literal["agrees", "differs", "input", "fitted", "model only", "disputed", "not computed", "statement"]
POINT_TOLERANCE = 0.05
_KINDS: tuple[Kind, ...] = (
    "agrees", "differs", "input", "fitted", "model only", "disputed", "not computed", "statement"
)  # fmt: skip
_FITTED = re.compile(r"\bFitted\b")


def compare(answers: Known) -> Record:
    """Set every entry of a case's record beside the model's number.

    Args:
        answers: the results of a case with a record; each is asked for when a quantity first needs it.
    """
    case = answers.case
    market = case.industry.input_market
    return Record(
        case=case.name,
        product=case.industry.product,
        input=market.product if market else "",
        lines=tuple(_line(case, entry, answers) for entry in case.record),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """One published sentence and the model's number; unit and tax basis as published.

    Attributes:
        entry: the sentence, its number and where it comes from.
        model: the model's number, nan where there is none.
        status: ``agrees`` or ``differs``; ``disputed`` for a claim known to be wrong; ``model only`` where the
            sentence has no number; ``not computed``, and ``why``; ``statement`` where nothing computes it.
        corrected_status: ``agrees`` or ``differs`` against the corrected value, empty where there is none.
        basis: of the model's number: ``input``, ``fitted`` or ``computed``; empty where nothing computes it.
        quantity: name of what the model computes, without the currency; empty where it is a number of the case itself.
        why, about: the key of the reason why it is not computed, and what its sentence names.
    """

    entry: RecordEntry
    model: float = math.nan
    status: Status
    corrected_status: Literal["agrees", "differs", ""] = ""
    basis: Basis | Literal[""] = ""
    quantity: str = ""
    why: str = ""
    about: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def kind(self) -> Kind:
        """The status; in place of ``agrees`` and ``differs`` the basis, where the number is not computed."""
        if self.status in ("agrees", "differs") and self.basis in ("input", "fitted"):
            return self.basis
        return self.status

    @property
    def gap(self) -> float:
        """Model less claim (its central value), in the claim's unit; nan where either is missing."""
        return self.model - self.entry.value

    @property
    def relative_gap(self) -> float:
        """Gap over the size of the claim; nan where the claim is 0 or either is missing."""
        return self.gap / abs(self.entry.value) if self.entry.value != 0.0 else math.nan

    @property
    def corrected_gap(self) -> float:
        """Model less the corrected value; nan where either is missing."""
        return self.model - self.entry.corrected

    @property
    def corrected_relative_gap(self) -> float:
        """Gap to the corrected value over its size."""
        return self.corrected_gap / abs(self.entry.corrected) if self.entry.corrected != 0.0 else math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All entries of a case's record, in its order; what the product and the shared input are called."""

    case: str
    product: str
    input: str
    lines: tuple[RecordLine, ...]

    @property
    def computed(self) -> tuple[RecordLine, ...]:
        """The lines with a number of the model."""
        return tuple(line for line in self.lines if not math.isnan(line.model))

    @property
    def counts(self) -> Mapping[Kind, int]:
        """Number of lines of each kind; every line is counted once, and agreement only where it is computed."""
        return {name: sum(line.kind == name for line in self.lines) for name in _KINDS}

    def line(self, entry_id: str) -> RecordLine:
        """Return the line of an entry."""
        known = {line.entry.id: line for line in self.lines}
        return known[one_of("Record.line, entry_id", entry_id, known, f"the id of an entry of {self.case!r}")]


def _line(case: Case, entry: RecordEntry, answers: Known) -> RecordLine:
    if not entry.quantity:
        status: Status = "disputed" if entry.standing == "disputed" else "statement"
        return RecordLine(entry=entry, status=status)
    name, argument = parse_key(entry.quantity, case.currency)
    quantity = QUANTITIES.get(name)
    try:
        number = _computed(quantity, entry, argument, answers)
    except Exception as error:  # a failing quantity is shown as such, and hides no other line
        if not isinstance(error, NotComputed):
            error = NotComputed("refused", said=f"{type(error).__name__}: {error}")
        return RecordLine(
            entry=entry, status="not computed", quantity=name if quantity else "", why=error.why, about=error.about
        )
    return RecordLine(
        entry=entry,
        model=number,
        status=_status(entry, number),
        corrected_status=_met(number, entry.corrected, entry.corrected_low, entry.corrected_high),
        basis=_basis(quantity, entry),
        quantity=name if quantity else "",
    )


def _basis(quantity: Quantity | None, entry: RecordEntry) -> Basis:
    if _FITTED.search(entry.note):
        return "fitted"
    return quantity.basis if quantity else "input"


def _computed(quantity: Quantity | None, entry: RecordEntry, argument: str, answers: Known) -> float:
    with_vat = 1.0 + answers.case.industry.vat_rate if "incl. VAT" in entry.unit else 1.0
    if quantity is None:
        return industry_number(answers.case, entry.quantity) * with_vat
    number = float(quantity.compute(answers, argument, entry.period))
    if math.isnan(number):
        raise NotComputed("not_given")
    return number * with_vat


def _status(entry: RecordEntry, number: float) -> Status:
    if entry.standing == "disputed":
        return "disputed"
    return _met(number, entry.value, entry.low, entry.high) or "model only"


def _met(number: float, value: float, low: float, high: float) -> Literal["agrees", "differs", ""]:
    if math.isnan(value):
        return ""
    if low < high:
        return "agrees" if low <= number <= high else "differs"
    return "agrees" if abs(number - value) <= POINT_TOLERANCE * abs(value) + 1e-12 else "differs"
