r"""Documented stops beside the model: which lines it would have stopped at the price quoted then.

A line runs while the price is at its stopping price or above, so that at a price p the model stops

    kt(p) = sum over the plants of an event of running_kt [p_stop > p],

p_stop as costs are stated (what runs without an explanation is not explained away here), running_kt of that month
where the case's window has it. A quoted range of prices gives a range of tonnes. Beside it stands the price at which
the model stops as much as did stop, max {p : kt(p) >= moved}; where none stopped, the highest at which any line would.

Each uncertain input of the case that moves a stopping price is set to its two ends, all others held, and all of them
together to the ends that stop most: what can bring the model to stop what stopped, and what cannot. Nothing is fitted.
"""

from __future__ import annotations

__all__ = ["DocumentedStops", "InputEnds", "StopTest", "documented_stops"]

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.cases import Case, DocumentedStop, InputRange
from potline.cases.inputs import NamedInput, named_input
from potline.choices import StopKind
from potline.compiled import CompiledIndustry, DrawnChange, compile_industry
from potline.reading import reads, refuse
from potline.showing import Shown
from potline.shutdown import terms_of, thresholds_of
from potline.verification import Verified, verify

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputEnds:
    """What the model would stop with one input at an end of its range.

    Attributes:
        input: name of the factor.
        low, high: the ends, without tax.
        low_kt, high_kt: capacity that stops at the central price with the input there, kt/year.
        low_threshold_per_t, high_threshold_per_t: price at which as much stops as did, with the input there.
        thresholds_per_t: stopping, restart and exit prices at the two ends, [3, 2, J].
    """

    input: str
    low: float
    high: float
    low_kt: float
    high_kt: float
    low_threshold_per_t: float
    high_threshold_per_t: float
    thresholds_per_t: Floats = field(repr=False)

    @property
    def most(self) -> float:
        """The end at which the mean stopping price of the plants is highest."""
        low, high = self.thresholds_per_t[0].mean(axis=1).tolist()
        return self.low if low > high else self.high


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StopTest:
    """One documented event and what the model would have stopped; prices money/t without tax, capacity kt/year.

    Attributes:
        event: what is documented.
        plants: those it tells of, J of them, in the industry's order.
        running_kt: what each ran, [J].
        thresholds_per_t: their stopping, restart and exit prices, [3, J].
        model_kt: what the model stops at the central price quoted.
        model_least_kt, model_most_kt: at the highest and at the lowest price quoted.
        threshold_per_t: the highest price at which the model stops as much as did (any line, where none did); nan where
            it never does.
        by_input: one input at a time.
        together_kt, together_threshold_per_t: the same with all inputs at the ends at which they stop most.
        together: their values, in the order of ``by_input``.
        together_per_t: stopping, restart and exit prices then, [3, J].
    """

    event: DocumentedStop
    plants: tuple[str, ...]
    running_kt: Floats
    thresholds_per_t: Floats
    model_kt: float
    model_least_kt: float
    model_most_kt: float
    threshold_per_t: float
    by_input: tuple[InputEnds, ...]
    together_kt: float
    together_threshold_per_t: float
    together: tuple[float, ...]
    together_per_t: Floats

    @property
    def gap_per_t(self) -> float:
        """The price quoted less that at which the model stops as much, money/t; nan where there is none."""
        return self.event.price_per_t - self.threshold_per_t

    @property
    def agrees(self) -> bool:
        """Whether the tonnes that the model stops over the range of prices and those documented have one in common."""
        low, high = (0.0, 0.0) if self.event.kind == StopKind.RAN_ON else (
            self.event.moved_low_kt, self.event.moved_high_kt
        )  # fmt: skip
        return self.model_least_kt <= high and low <= self.model_most_kt

    @property
    def could_hardly_fail(self) -> bool:
        """Whether it agrees that none stopped, and would with all inputs at the ends at which they stop most."""
        return self.agrees and self.event.kind == StopKind.RAN_ON and self.together_kt == 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DocumentedStops(Shown):
    """Documented stops beside the model.

    Attributes:
        case: the case asked about.
        inputs: names of the inputs moved, of those that move a stopping price.
        tests: of the events of which the model is asked, in the case's order.
        listed: the others.
    """

    case: Case = field(repr=False)
    inputs: tuple[str, ...]
    tests: tuple[StopTest, ...]
    listed: tuple[DocumentedStop, ...]

    @property
    def certificate(self) -> Verified:
        """What separate code finds of every event; checked when asked for."""
        return verify(self)


@reads
def documented_stops(case: Case, *, inputs: Sequence[str] = ()) -> DocumentedStops:
    """Ask which lines the model would have stopped at the prices at which lines did stop, or did not.

    Args:
        case: a case with ``documented_stops.csv`` and a price process.
        inputs: inputs to move, names of factors; all factors that move a stopping price unless given.

    Raises:
        InputError: no documented stop, no price process, or an input that the case does not have.

    Examples:
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> plants = tuple(Plant(name=name, firm=name, capacity_kt=100.0, other_cost_per_t=cost)
        ...                for name, cost in (("A", 90.0), ("B", 120.0)))
        >>> small = Industry(name="two", plants=plants, process=PriceProcess(volatility=0.2), discount_rate=0.1,
        ...                  demand=LinearDemand(price_per_t=100.0, quantity_kt=200.0, elasticity=0.5))
        >>> event = DocumentedStop(event="spring", month="2013-03", kind="stopped", moved_kt=80.0, moved_low_kt=80.0,
        ...                        moved_high_kt=80.0, price_per_t=100.0, price_low_per_t=100.0, price_high_per_t=100.0)
        >>> found = documented_stops(Case(name="two", industry=small, documented_stops=(event,)))
        >>> found.tests[0].model_kt, round(found.tests[0].threshold_per_t, 3)
        (100.0, 120.0)
    """
    if not case.documented_stops:
        raise refuse(f"case {case.name!r}", "no documented stop", "documented_stops.csv with a row at least")
    if case.industry.process is None:
        raise refuse(f"case {case.name!r}", "no price process", "one: `process.volatility` in case.toml")
    named = [named_input(case, InputRange(input=name)) for name in inputs or _ranged(case)]
    worlds: dict[tuple[object, ...], _World] = {}
    tests: list[StopTest] = []
    for event in case.documented_stops:
        if event.tested:
            month = event.month if event.month in case.months else ""
            key = (month, event.otherwise)
            if key not in worlds:
                worlds[key] = _World(case, month, event.otherwise, named)
            tests.append(worlds[key].test(event))
    moved = {one.input for test in tests for one in test.by_input}
    return DocumentedStops(
        case=case,
        inputs=tuple(item.name for item in named if item.name in moved),
        tests=tuple(tests),
        listed=tuple(event for event in case.documented_stops if not event.tested),
    )


def _ranged(case: Case) -> list[str]:
    """Return the factors that may move a stopping price: all of the industry that have a range."""
    return [item.name for item in case.factors if item.high > item.low and not item.path.startswith("meeting.")]


class _World:
    """The industry as it was at an event, and its stopping prices: as it stands, and with each input at its ends."""

    def __init__(self, case: Case, month: str, otherwise: Sequence[str], named: Sequence[NamedInput]) -> None:
        case = (case.in_month(month) if month else case).override(*otherwise)
        self.industry = case.industry
        self.compiled = compile_industry(case.industry)
        self.prices = _prices(self.compiled)[:, 0]
        pairs = [(item, _prices(self.compiled.under(_change(item, (item.low, item.high))))) for item in named]
        self.moved = [(item, ends) for item, ends in pairs if (ends[0] != self.prices[0]).any()]

    def test(self, event: DocumentedStop) -> StopTest:
        """Return what the model makes of an event."""
        names = [plant.name for plant in self.industry.plants]
        at = np.array([not event.plants or name in event.plants for name in names])
        runs = np.array([plant.running_kt for plant in self.industry.plants])[at]
        own = self.prices[:, at]

        def stopped(stops: Floats, price: float) -> float:
            return float(runs[stops > price].sum())

        by_input = tuple(
            InputEnds(
                input=item.name,
                low=item.low,
                high=item.high,
                low_kt=stopped(ends[0, 0, at], event.price_per_t),
                high_kt=stopped(ends[0, 1, at], event.price_per_t),
                low_threshold_per_t=_threshold(ends[0, 0, at], runs, event),
                high_threshold_per_t=_threshold(ends[0, 1, at], runs, event),
                thresholds_per_t=ends[:, :, at],
            )
            for item, ends in self.moved
        )
        most = tuple(one.most for one in by_input)
        changes = [_change(item, (value,)) for (item, _), value in zip(self.moved, most, strict=True)]
        together = _prices(self.compiled.under(*changes))[:, 0, at] if changes else own
        return StopTest(
            event=event,
            plants=tuple(name for name, chosen in zip(names, at.tolist(), strict=True) if chosen),
            running_kt=runs,
            thresholds_per_t=own,
            model_kt=stopped(own[0], event.price_per_t),
            model_least_kt=stopped(own[0], event.price_high_per_t),
            model_most_kt=stopped(own[0], event.price_low_per_t),
            threshold_per_t=_threshold(own[0], runs, event),
            by_input=by_input,
            together_kt=stopped(together[0], event.price_per_t),
            together_threshold_per_t=_threshold(together[0], runs, event),
            together=most,
            together_per_t=together,
        )


def _change(item: NamedInput, values: Sequence[float]) -> DrawnChange:
    return DrawnChange(path=item.path, operation=item.operation, values=np.array(values) / item.tax)


def _prices(compiled: CompiledIndustry) -> Floats:
    """Return stopping, restart and exit price of every plant as costs are stated, [3, B, J]."""
    return thresholds_of(terms_of(compiled, 1.0))


def _threshold(stops: Floats, runs: Floats, event: DocumentedStop) -> float:
    """Return the highest price at which lines that ran stop: as many as did, or any where none did."""
    ran = runs > 0.0
    order = np.argsort(-stops[ran], kind="stable")
    price, tonnes = stops[ran][order], np.cumsum(runs[ran][order])
    wanted = 0.0 if event.kind == StopKind.RAN_ON else event.moved_kt
    enough = np.flatnonzero(tonnes >= min(wanted, math.inf) * (1.0 - 1e-12))
    return float(price[enough[0]]) if enough.size else math.nan
