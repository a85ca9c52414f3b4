"""What a case's meeting comes to, beside what was published: computed again, at central values and in a draw."""

from __future__ import annotations

__all__ = ["verify_published", "verify_published_drawn"]

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from potline.agreement.certificate import Gaps
from potline.agreement.checks.alone import base_of
from potline.agreement.checks.coalitions import every_mask, scores, table
from potline.agreement.checks.facts import read
from potline.agreement.checks.market import cleared, lines_of
from potline.agreement.checks.points import at_draw, drawn
from potline.cases import Case
from potline.choices import Belief, Rule

_MOST = 10


def verify_published(gaps: Gaps, name: str, case: Case, said: Iterable[tuple[str, float]]) -> None:
    """Check price flexibility and whether an agreement is reached, by quantity; others are passed over.

    Whether more than ten owners agree is not asked again.
    """
    for quantity, number in said:
        again = _AGAIN.get(quantity)
        many = quantity == "agreement_reached" and case.meeting is not None and len(case.meeting.owners) > _MOST
        if again is not None and case.meeting is not None and not many:
            gaps.same(name, number, again(case), abs(number) or 1.0)


def verify_published_drawn(
    gaps: Gaps, name: str, case: Case, seed: int, said: Sequence[tuple[str, Sequence[float]]]
) -> None:
    """Check the same at one draw; ``said`` holds a number a draw."""
    count = len(said[0][1])
    gaps.equal(name, {len(numbers) for _, numbers in said}, {count})
    told = drawn(gaps, name, case, count, seed)
    if told is None or gaps.worst[name] > 0.0:
        return
    values, error = told
    row = int(np.random.default_rng(count).integers(count))
    there = at_draw(case, values[row], error[row])
    verify_published(gaps, name, there, [(quantity, numbers[row]) for quantity, numbers in said])


def _flexibility(case: Case) -> float:
    """Return the rise of the price over the share withdrawn, with every owner at the table cutting one share."""
    facts = read(case, rule=Rule.PRO_RATA)
    if facts.least > facts.size[facts.seat].sum():
        return math.nan
    held = np.zeros((1, len(facts.owners)), np.bool_)
    held[0, facts.seat] = True
    market = cleared(facts, lines_of(facts), np.array([facts.least]), held)
    return float(market.rise[0]) / facts.price * float(facts.running.sum()) / facts.least


def _agreement(case: Case) -> float:
    """Return whether some coalition reaches the tonnage and no member gains by leaving while the others keep."""
    facts = read(case)
    lines = lines_of(facts)
    base = base_of(facts, lines, None)
    column = scores(facts, base, table(facts, lines, base, every_mask(facts.seat.size), respread=False))
    return float(column[:, Belief.KEEP.place, 0].max(initial=-math.inf) >= 0.0)


_AGAIN: dict[str, Callable[[Case], float]] = {"price_flexibility": _flexibility, "agreement_reached": _agreement}
