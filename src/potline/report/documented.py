"""Documented stops beside the model, in sentences."""

from __future__ import annotations

__all__ = ["counted_sentence", "documented_sentences"]

import math
from typing import TYPE_CHECKING

from potline.choices import StopKind
from potline.report.saying import say

if TYPE_CHECKING:
    from potline.evidence import DocumentedStops, StopTest

_WHAT = {
    StopKind.STOPPED: "documented.stopped",
    StopKind.PLANNED: "documented.planned",
    StopKind.RAN_ON: "documented.ran_on",
}


def documented_sentences(found: DocumentedStops) -> list[str]:
    """Say with how many events the model agrees, what it makes of each, and what its inputs' ranges could change."""
    said = [counted_sentence(found), *(_event(found, test) for test in found.tests)]
    return [*said, together] if (together := _together(found)) else said


def counted_sentence(found: DocumentedStops) -> str:
    """Say with how many events the model agrees."""
    agree, hardly = (sum(getattr(test, name) for test in found.tests) for name in ("agrees", "could_hardly_fail"))
    key = "documented.counted_hardly" if hardly else "documented.counted"
    return say(key, tests=len(found.tests), agree=agree, hardly=hardly)


def _event(found: DocumentedStops, test: StopTest) -> str:
    industry, event = found.case.industry, test.event
    what = say(
        _WHAT[event.kind],
        event=event.event,
        moved_kt=event.moved_kt,
        price=industry.with_vat(event.price_per_t),
        model_kt=test.model_kt,
        currency=industry.currency,
    )
    if not test.running_kt.any():
        return say("documented.no_line", what=what)
    if math.isnan(test.threshold_per_t):
        return say("documented.never", what=what)
    key = "documented.any_line" if event.kind == StopKind.RAN_ON else "documented.as_much"
    return say(key, what=what, threshold=industry.with_vat(test.threshold_per_t), currency=industry.currency)


def _together(found: DocumentedStops) -> str:
    """Say which of the stops the inputs' ranges could explain, all at their ends."""
    stops = [test for test in found.tests if test.event.kind != StopKind.RAN_ON and test.by_input]
    reached = [test.event.event for test in stops if test.together_kt >= test.event.moved_low_kt]
    missed = [test.event.event for test in stops if test.event.event not in reached]
    if not stops:
        return ""
    if not reached or not missed:
        return say("documented.together_all" if reached else "documented.together_none")
    return say("documented.together", reached=reached, missed=missed)
