"""What the margin hangs on: inputs one at a time, two at a time and all at once, and a cut that waits for a price."""

from __future__ import annotations

__all__ = ["InputAnswers", "input_answers"]

from dataclasses import dataclass

from potline.agreement import (
    MarginSensitivity,
    StabilityMap,
    Tornado,
    TriggerRange,
    margin_sensitivity,
    stability_map,
    tornado,
    trigger_range,
)
from potline.cases import Case

MOST_OWNERS = 10
_POINTS = (21, 15)
_DRAWS_PER_BASE = 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputAnswers:
    """Answers about a case's inputs, for the headline's rules.

    Attributes:
        tornado: None where no factor has a range. sensitivity: None where no draws were asked for.
        maps: of the two inputs that move the margin most, where the others keep their cut and where the deal is off.
        triggers: where import parity is held and where it follows the price.
    """

    tornado: Tornado | None
    sensitivity: MarginSensitivity | None
    maps: tuple[StabilityMap, ...]
    triggers: tuple[TriggerRange, ...]


def input_answers(case: Case, *, draws: int, seed: int) -> InputAnswers | None:
    """Ask what the margin of a case's meeting hangs on; None without a meeting, or with more than ten owners at it.

    Args:
        case: with a price process. draws: of the run; a sixteenth of them are base points of the Sobol indices.
        seed: of the draws.
    """
    if case.meeting is None or len(case.meeting.owners) > MOST_OWNERS:
        return None
    ranged = [item for item in case.factors if item.high > item.low]
    found = tornado(case) if ranged else None
    moving = [row.input.name for row in found.rows if row.swing_m_per_year > 0.0][:2] if found is not None else []
    return InputAnswers(
        tornado=found,
        sensitivity=margin_sensitivity(case, draws=max(8, draws // _DRAWS_PER_BASE), seed=seed)
        if ranged and draws > 0
        else None,
        maps=(
            stability_map(case, moving[0], moving[1], points=_POINTS),
            stability_map(case, moving[0], moving[1], points=_POINTS, leaving="collapse"),
        )
        if len(moving) == 2
        else (),
        triggers=(trigger_range(case), trigger_range(case, parity="follows")),
    )
