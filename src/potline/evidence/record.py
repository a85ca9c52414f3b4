"""The record: published sentences beside what the model computes for the same quantity.

Every entry of a case's record is shown. Where its ``quantity`` names something in :data:`QUANTITIES`, or a number of
the industry by its path, the model's number stands beside the published one with the gap. A quantity that cannot be
computed says why and never hides the rest.

A stated range is met where the model's number lies in it; a single number where it is within 5 per cent of it. A
disputed claim keeps its value as published and is compared with the corrected value as well.

Agreement says something only where the number follows from the model. Each line has a basis: ``input`` where the case
sets the number, so that it is echoed back; ``fitted`` where inputs were set to meet it, which the entry's note says
with the word "Fitted"; ``computed`` for the rest. Agreement of the computed ones only is counted.

It says more the easier it could have been missed. Each computed line is answered again in draws of the case's uncertain
inputs, and the share of draws in which it would agree stands beside it. What agrees in more than 95 per cent of them
could hardly fail, and is counted apart: whatever the inputs were within their ranges, it would have agreed. A line that
no stated range moves has no such share.

Facts are counted, not sentences: entries that repeat one fact are one. A fact differs where one of its lines differs,
and agrees where those that are computed agree.
"""

from __future__ import annotations

__all__ = ["DRAWS", "HARDLY", "POINT_TOLERANCE", "Fact", "Kind", "Record", "RecordLine", "Status", "compare"]

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, get_args

from potline.cases import Case
from potline.cases.parts import RecordEntry
from potline.evidence.drawn import Asked, numbers_drawn
from potline.evidence.known import Known, NotComputed
from potline.evidence.quantities import QUANTITIES, Basis, Quantity, industry_number, parse_key
from potline.reading import one_of
from potline.showing import Shown
from potline.verification import Verified, verify

Status = Literal["agrees", "differs", "disputed", "model only", "not computed", "statement"]
Kind = Literal[
    "differs", "agrees", "could hardly fail", "disputed", "not computed", "fitted", "input", "model only", "statement"
]
POINT_TOLERANCE = 0.05
HARDLY = 0.95
DRAWS = 32
_KINDS: tuple[Kind, ...] = get_args(Kind)
_FITTED = re.compile(r"\bFitted\b")


def compare(answers: Known, *, draws: int = DRAWS, seed: int = 7) -> Record:
    """Set every entry of a case's record beside the model's number.

    Args:
        answers: the results of a case with a record; each is asked for when a quantity first needs it.
        draws: over the stated ranges, for what could hardly fail; rounded up to 8 times a power of two, 0 for none.
        seed: of the draws.
    """
    case = answers.case
    market = case.industry.input_market
    lines = [_line(case, entry, answers) for entry in case.record]
    if draws:
        asked = [(place, found) for place, line in enumerate(lines) if (found := _drawn(case, line)) is not None]
        numbers = numbers_drawn(answers, [found for _, found in asked], draws, seed)
        for (place, _), values in zip(asked, numbers, strict=True):
            lines[place] = replace(lines[place], drawn=tuple(values.tolist()))
    return Record(
        case=case, seed=seed, product=case.industry.product, input=market.product if market else "", lines=tuple(lines)
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
        drawn: the model's number in each draw of the stated ranges; none where it is not drawn, or none moves it.
        why, about: the key of the reason why it is not computed, and what its sentence names.
    """

    entry: RecordEntry
    model: float = math.nan
    status: Status
    corrected_status: Literal["agrees", "differs", ""] = ""
    basis: Basis | Literal[""] = ""
    quantity: str = ""
    drawn: tuple[float, ...] = ()
    why: str = ""
    about: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def kind(self) -> Kind:
        """The status; in place of ``agrees`` and ``differs`` the basis, where the number is not computed.

        What agrees in more than :data:`HARDLY` of the draws ``could hardly fail``.
        """
        if self.status in ("agrees", "differs") and self.basis in ("input", "fitted"):
            return self.basis
        return "could hardly fail" if self.status == "agrees" and self.agreeing_share > HARDLY else self.status

    @property
    def agreeing_share(self) -> float:
        """Share of draws in which it would agree, with the corrected value where it is disputed; nan where not drawn.

        A draw in which there is no number does not agree.
        """
        if not self.drawn:
            return math.nan
        return sum(self.meets(number) == "agrees" for number in self.drawn) / len(self.drawn)

    def meets(self, number: float) -> Literal["agrees", "differs", ""]:
        """Say whether a number agrees with the claim, with its correction where it is disputed; empty without one."""
        entry = self.entry
        if self.status == "disputed":
            return _met(number, entry.corrected, entry.corrected_low, entry.corrected_high)
        return _met(number, entry.value, entry.low, entry.high)

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
class Fact:
    """What one or several published sentences say.

    Attributes:
        name: id of the entry that says it, where others repeat it.
        lines: all that say it, in the record's order.
    """

    name: str
    lines: tuple[RecordLine, ...]

    @property
    def kind(self) -> Kind:
        """The first kind that some line of it has, in the order of :data:`Kind`: one that differs refutes it."""
        return next(kind for kind in _KINDS if any(line.kind == kind for line in self.lines))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record(Shown):
    """All entries of a case's record, in its order.

    Attributes:
        case, seed: the question; the seed is that of the draws.
        product, input: what the product and the shared input are called.
        lines: one an entry.
    """

    case: Case = field(repr=False)
    seed: int
    product: str
    input: str
    lines: tuple[RecordLine, ...]

    @property
    def certificate(self) -> Verified:
        """What separate code finds; checked when asked for."""
        return verify(self)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the entries say, each fact once, in the order in which it is first said."""
        said: dict[str, list[RecordLine]] = {}
        for line in self.lines:
            said.setdefault(line.entry.repeats or line.entry.id, []).append(line)
        return tuple(Fact(name=name, lines=tuple(lines)) for name, lines in said.items())

    @property
    def computed(self) -> tuple[RecordLine, ...]:
        """The lines with a number of the model."""
        return tuple(line for line in self.lines if not math.isnan(line.model))

    @property
    def counts(self) -> Mapping[Kind, int]:
        """Number of facts of each kind; every fact is counted once, and agreement only where it is computed."""
        kinds = [fact.kind for fact in self.facts]
        return {kind: kinds.count(kind) for kind in _KINDS}

    def line(self, entry_id: str) -> RecordLine:
        """Return the line of an entry."""
        known = {line.entry.id: line for line in self.lines}
        return known[one_of("Record.line, entry_id", entry_id, known, f"the id of an entry of {self.case.name!r}")]


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


def _drawn(case: Case, line: RecordLine) -> Asked | None:
    """Return what is asked of a line in each draw; None where there is no number to compare, or none worth its cost."""
    if line.basis != "computed" or not line.meets(line.model):
        return None
    name, argument = parse_key(line.entry.quantity, case.currency)
    quantity = QUANTITIES[name]
    if quantity.costly and line.meets(line.model) != "agrees":
        return None
    number = partial(_computed, quantity, line.entry, argument)
    return Asked(quantity=quantity, argument=argument, model=line.model, number=number)


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
