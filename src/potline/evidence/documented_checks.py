"""Check documented stops beside the model: what was asked, every stopping price behind it, and the tonnes.

The case at an event is written anew, costs are read from its plants, prices are checked as those of a policy
(:func:`potline.shutdown.verify_switching`), and tonnes are added up plant by plant.
"""

from __future__ import annotations

__all__ = ["verify_documented"]

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.cases import Case, DocumentedStop
from potline.choices import StopKind
from potline.evidence.documented_stops import DocumentedStops, StopTest
from potline.industry import Industry, Plant, PriceProcess
from potline.reading import refuse
from potline.shutdown import verify_switching
from potline.verification import verify

Floats = NDArray[np.float64]
ASKED, PRICES, TONNES, THRESHOLD = "what was asked", "prices", "tonnes", "price that stops as much"
_TOLD = (
    (ASKED, 0.0, "differences", "events, plants and what they ran read again from the case"),
    (PRICES, 1e-6, "relative", "each is a policy that no other beats"),
    (TONNES, 1e-9, "relative", "added up plant by plant"),
    (THRESHOLD, 1e-9, "relative", "tonnes just above and at it"),
)


def verify_documented(result: DocumentedStops) -> Certificate:
    """Return the certificate of documented stops."""
    gaps, case = Gaps(), result.case
    asked = [event for event in case.documented_stops if not event.not_tested]
    gaps.equal(ASKED, [test.event for test in result.tests], asked)
    gaps.equal(ASKED, [*result.listed], [event for event in case.documented_stops if event.not_tested])
    known = {factor.name: factor for factor in case.factors}
    gaps.equal(ASKED, all(name in known for name in result.inputs), True)
    if max(gaps.worst.values()) > 0.0 or not asked:
        gaps.equal(ASKED, bool(asked), True)
        return gathered(gaps, "documented stops", _TOLD)
    claims: list[tuple[Industry, Sequence[Plant], Floats]] = []
    for test in result.tests:
        claims += _claims(gaps, result, test)
    gaps.add(PRICES, _furthest(claims))
    return gathered(gaps, "documented stops", _TOLD)


def _claims(gaps: Gaps, result: DocumentedStops, test: StopTest) -> Iterable[tuple[Industry, Sequence[Plant], Floats]]:
    """Check one event, and yield each industry asked about with the prices claimed of its plants."""
    case, event = result.case, test.event
    there = _then(case, event)
    named = event.plants or tuple(plant.name for plant in there.industry.plants)
    plants = [plant for plant in there.industry.plants if plant.name in named]
    gaps.equal(ASKED, test.plants, tuple(plant.name for plant in plants))
    gaps.equal(ASKED, test.running_kt.tolist(), [plant.running_kt for plant in plants])
    gaps.equal(ASKED, {one.input for one in test.by_input} <= {*result.inputs}, True)
    shapes = {
        test.thresholds_per_t.shape,
        test.together_per_t.shape,
        *(o.thresholds_per_t[:, 0].shape for o in test.by_input),
    }
    gaps.equal(ASKED, shapes, {(3, len(plants))})
    if max(gaps.worst.values()) > 0.0:
        return
    size = math.fsum(plant.running_kt for plant in plants) or 1.0

    def count(said: float, stops: Floats, price: float) -> None:
        pairs = zip(plants, stops.tolist(), strict=True)
        gaps.same(TONNES, said, math.fsum(plant.running_kt for plant, stop in pairs if price < stop), size)

    stops = test.thresholds_per_t[0]
    count(test.model_kt, stops, event.price_per_t)
    count(test.model_least_kt, stops, event.price_high_per_t)
    count(test.model_most_kt, stops, event.price_low_per_t)
    yield there.industry, plants, test.thresholds_per_t
    factors = {factor.name: factor for factor in case.factors}
    best: list[tuple[str, float]] = []
    for one in test.by_input:
        factor = factors[one.input]
        gaps.equal(ASKED, (one.low, one.high), (factor.low, factor.high))
        for place, (end, said) in enumerate(((one.low, one.low_kt), (one.high, one.high_kt))):
            count(said, one.thresholds_per_t[0, place], event.price_per_t)
            _enough(
                gaps,
                event,
                plants,
                one.thresholds_per_t[0, place],
                (one.low_threshold_per_t, one.high_threshold_per_t)[place],
            )
            moved = there.industry.under(factor.change(end))
            yield moved, _same(moved, plants), one.thresholds_per_t[:, place]
        means = [math.fsum(row) for row in one.thresholds_per_t[0].tolist()]
        best.append((one.input, one.low if means[0] > means[1] else one.high))
    gaps.equal(ASKED, test.together, tuple(value for _, value in best))
    all_moved = there.industry.under(*(factors[name].change(value) for name, value in best))
    count(test.together_kt, test.together_per_t[0], event.price_per_t)
    yield all_moved, _same(all_moved, plants), test.together_per_t
    _enough(gaps, event, plants, test.together_per_t[0], test.together_threshold_per_t)
    _enough(gaps, event, plants, stops, test.threshold_per_t)


def _then(case: Case, event: DocumentedStop) -> Case:
    """Return the case at an event: what the window knows of that month, and what was otherwise."""
    facts = [f"{fact.path}={fact.value!r}" for fact in case.window if fact.month == event.month]
    return case.override(*facts).override(*event.otherwise)


def _same(industry: Industry, plants: Sequence[Plant]) -> list[Plant]:
    names = {plant.name for plant in plants}
    return [plant for plant in industry.plants if plant.name in names]


def _enough(gaps: Gaps, event: DocumentedStop, plants: Sequence[Plant], stops: Floats, said: float) -> None:
    """Check that at the price said as much stops as did, and that no line price above it stops as much."""
    wanted = 0.0 if event.kind == StopKind.RAN_ON else event.moved_kt * (1.0 - 1e-12)
    ran = [
        (plant.running_kt, stop) for plant, stop in zip(plants, stops.tolist(), strict=True) if plant.running_kt > 0.0
    ]
    prices = sorted((stop for _, stop in ran), reverse=True)
    enough = (price for price in prices if math.fsum(kt for kt, stop in ran if stop >= price) >= wanted)
    found = next(enough, math.nan)
    gaps.same(THRESHOLD, said, found, abs(found) or 1.0)


def _furthest(claims: Sequence[tuple[Industry, Sequence[Plant], Floats]]) -> float:
    """Return how far the worst of all prices stands from one that no other policy beats."""
    columns: dict[str, list[float]] = {}
    for industry, plants, _ in claims:
        law = industry.process or PriceProcess(volatility=math.nan)
        mean = math.log(law.mean_price_per_t) if law.kappa > 0.0 else 0.0
        for plant in plants:
            row = {
                "running_cost": plant.gross_cash_cost_per_t(industry.own_inputs)
                - plant.support_total_per_t
                - plant.lump_sum_per_t
                - plant.pressure_per_t,
                "holding_cost": plant.holding_cost_per_t,
                "stop_cost": plant.stop_cost_per_t,
                "restart_cost": plant.restart_cost_per_t,
                "exit_cost": plant.exit_cost_per_t,
                "sigma": law.volatility,
                "drift": law.drift,
                "kappa": law.kappa,
                "theta": mean,
                "discount_rate": industry.discount_rate,
            }
            for name, value in row.items():
                columns.setdefault(name, []).append(value)
    found = verify_switching(
        **_arrays(columns),
        thresholds=np.concatenate([prices.T for _, _, prices in claims]),
    )
    return max(check.value for check in found.checks)


def _arrays(columns: dict[str, list[float]]) -> dict[str, Any]:
    return {name: np.array(values) for name, values in columns.items()}


@verify.register
def _(result: DocumentedStops, tolerance: object = None) -> Certificate:
    if tolerance is not None:
        raise refuse("tolerance", repr(tolerance), "none for a DocumentedStops: each of its checks states its own")
    return verify_documented(result)
