"""Check a record: every entry told once, agreement and counts read again, some numbers computed by other code.

The results that the record reads have certificates of their own. Computed again here: sums over plants and firms, price
flexibility by the checker's own market, and whether an agreement was reached by its own coalitions, at the central
values and in one draw.
"""

from __future__ import annotations

__all__ = ["verify_record"]

import math
from collections import Counter
from collections.abc import Callable

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.published import verify_published, verify_published_drawn
from potline.cases import Case
from potline.cases.parts import RecordEntry
from potline.errors import PotlineError
from potline.evidence.record import Record, RecordLine
from potline.reading import refuse
from potline.verification import verify

ENTRIES, READ, NUMBERS, FACTS, DRAWN = "entries", "agreement", "numbers", "facts", "draws"
_TOLD = (
    (ENTRIES, 0.0, "differences", "entries, names and numbers of draws read again from the case"),
    (READ, 0.0, "differences", "each number set beside its claim again"),
    (NUMBERS, 1e-9, "relative", "sums, price flexibility and the verdict computed by other code"),
    (FACTS, 0.0, "differences", "facts and their kinds counted again"),
    (DRAWN, 1e-9, "relative", "the same at a draw"),
)
_NEAR, _SURE = 0.05, 0.95
_FIRST_OF = (
    "differs", "agrees", "could hardly fail", "disputed", "not computed", "fitted", "input", "model only", "statement",
)  # fmt: skip


def verify_record(result: Record) -> Certificate:
    """Return the certificate of a record."""
    gaps, case = Gaps(), result.case
    shared = case.industry.input_market
    gaps.equal(ENTRIES, tuple(line.entry for line in result.lines), case.record)
    gaps.equal(ENTRIES, (result.product, result.input), (case.industry.product, shared.product if shared else ""))
    sizes = {len(line.drawn) for line in result.lines if line.drawn}
    gaps.equal(ENTRIES, len(sizes) <= 1, True)
    if max(gaps.worst.values()) > 0.0:
        return gathered(gaps, "record", _TOLD)
    kinds = [_kind(gaps, line) for line in result.lines]
    for line in result.lines:
        again = _AGAIN.get(_name(line.entry, case))
        if again is not None and not math.isnan(line.model):
            gaps.same(NUMBERS, line.model, _number(again, case, line.entry), abs(line.model) or 1.0)
    _count(gaps, result, kinds)
    held = [(line, _name(line.entry, case)) for line in result.lines if not math.isnan(line.model)]
    verify_published(gaps, NUMBERS, case, [(name, line.model) for line, name in held])
    told = [(name, line.drawn) for line, name in held if line.drawn]
    if told:
        verify_published_drawn(gaps, DRAWN, case, result.seed, told)
    return gathered(gaps, "record", _TOLD)


def _kind(gaps: Gaps, line: RecordLine) -> str:
    """Read a line again and return what it counts as."""
    entry, number = line.entry, line.model
    none = math.isnan(number)
    gaps.equal(READ, bool(line.why), none and bool(entry.quantity))
    gaps.equal(READ, bool(line.basis), not none)
    if "Fitted" in entry.note.replace(".", " ").replace(":", " ").replace(",", " ").split():
        gaps.equal(READ, none or line.basis == "fitted", True)
    beside = "" if none else _beside(number, entry.value, entry.low, entry.high)
    corrected = "" if none else _beside(number, entry.corrected, entry.corrected_low, entry.corrected_high)
    if entry.standing == "disputed" and not (none and entry.quantity):
        status = "disputed"
    elif none:
        status = "not computed" if entry.quantity else "statement"
    else:
        status = beside or "model only"
    gaps.equal(READ, (line.status, line.corrected_status), (status, corrected))
    kind = status
    if status in ("agrees", "differs") and line.basis != "computed":
        kind = line.basis
    elif status == "agrees" and line.drawn:
        yes = [_beside(value, entry.value, entry.low, entry.high) == "agrees" for value in line.drawn]
        kind = "could hardly fail" if yes.count(True) > _SURE * len(yes) else kind
    gaps.equal(FACTS, line.kind, kind)
    return kind


def _beside(number: float, value: float, low: float, high: float) -> str:
    if value != value:
        return ""
    near = _NEAR * abs(value) + 1e-12
    first, last = (low, high) if low < high else (value - near, value + near)
    return "agrees" if first <= number <= last else "differs"


def _count(gaps: Gaps, result: Record, kinds: list[str]) -> None:
    """Count facts again: of the entries that say one, the kind that stands first decides."""
    place = {line.entry.id: k for k, line in enumerate(result.lines)}
    best: dict[int, str] = {}
    for line, kind in zip(result.lines, kinds, strict=True):
        root = place.get(line.entry.repeats or line.entry.id, -1)
        best[root] = min(best.get(root, kind), kind, key=_FIRST_OF.index)
    gaps.equal(FACTS, dict(result.counts), {**dict.fromkeys(_FIRST_OF, 0), **Counter(best.values())})
    gaps.equal(FACTS, len(result.facts), len(best))


def _number(again: Callable[[Case, str], float], case: Case, entry: RecordEntry) -> float:
    _, _, rest = entry.quantity.partition("[")
    try:
        number = again(case, rest.removesuffix("]"))
    except PotlineError:
        return math.nan
    return number * (1.0 + case.industry.vat_rate if "incl. VAT" in entry.unit else 1.0)


def _name(entry: RecordEntry, case: Case) -> str:
    return entry.quantity.partition("[")[0].replace(f"_{case.currency.lower()}_", "_")


def _capacity(case: Case, where: str) -> float:
    return math.fsum(plant.capacity_kt for plant in case.industry.plants if where in ("", plant.government))


def _running(case: Case, where: str) -> float:
    return math.fsum(plant.running_kt for plant in case.industry.plants if where in ("", plant.government))


_AGAIN: dict[str, Callable[[Case, str], float]] = {
    "capacity_kt": _capacity,
    "running_kt": _running,
    "utilisation_share": lambda case, where: _running(case, where) / _capacity(case, where),
    "projects_kt": lambda case, _: math.fsum(item.capacity_kt for item in case.industry.projects),
    "price_per_t": lambda case, _: case.industry.price_per_t,
    "attendee_firm_count": lambda case, _: float(len(case.meeting.firms)) if case.meeting else math.nan,
}


@verify.register
def _(result: Record, tolerance: object = None) -> Certificate:
    if tolerance is not None:
        raise refuse("tolerance", repr(tolerance), "none for a Record", "Each of its checks states its own.")
    return verify_record(result)
