"""Why no larger cut would hold: what each obstacle takes from the largest, price and running lines held."""

from __future__ import annotations

__all__ = ["tonnage_obstacles_figure"]

from potline.agreement import TonnageAttribution, TonnageObstacle
from potline.report.drawings import Step, ladder
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.words import listing

_LEAST = 0.02


def tonnage_obstacles_figure(found: TonnageAttribution, *, source: str) -> Figure | None:
    """Draw the attribution of K*; None where no removal moves it, or where some leave no answer."""
    order = sorted(found.obstacles, key=lambda item: -item.held_kt)
    most = max(abs(item.held_kt) for item in order)
    if not most > 1e-6:
        return None
    steps = [Step(label=say("obstacles.without", name=item.name), value=item.held_kt) for item in order]
    first = Step(label=say("obstacles.largest_as_it_is"), value=found.k_star_kt, total=True)
    last = Step(label=say("obstacles.largest_without_all"), value=found.freed_kt, total=True)
    return figure(
        ladder(
            {say("obstacles.held"): [first, *steps, last]},
            x_title=say("obstacles.largest_axis"),
            width=255,
            row_height=22,
            label_limit=150,
        ),
        name="tonnage_obstacles",
        title=say("obstacles.largest_title"),
        subtitle=say("obstacles.largest_subtitle", leaving_words=called("leaving", found.leaving)),
        sentence=_against(order, most),
        source=source,
        units=say("inputs.largest_units"),
        width=None,
        height=None,
    )


def _against(order: list[TonnageObstacle], most: float) -> str:
    """Say what stands most in the way."""
    against = [item for item in order if item.held_kt > _LEAST * most]
    if not against:
        return say("obstacles.largest_nothing")
    named = [say("obstacles.with_size", name=item.name, size=item.held_kt) for item in against[:3]]
    return say("obstacles.largest_against", named=listing(named))
