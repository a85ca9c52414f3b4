"""Blocks of "what would it take": the inputs that decide, and a cut that waits for a price."""

from __future__ import annotations

__all__ = ["deciding_inputs", "waiting_cut"]

from potline.report.html import paragraph
from potline.report.sections.parts import Parts, joined


def deciding_inputs(parts: Parts) -> str:
    """Say which inputs move the margin: one at a time, all at once, and the two strongest together."""
    if parts.answers.tornado is None:
        return ""
    words = (
        "Three questions about the inputs. What if one of them were at the end of its stated range and all others as "
        "in the case? Which of them account for the spread of the margin when all are uncertain at once? And where, in "
        "the plane of the two that move it most, does an agreement begin? Each point of these figures is a meeting of "
        "its own."
    )
    return joined(
        "<h3>Which inputs decide</h3>", paragraph(words), parts.figure("tornado", "sensitivity", "stability_map")
    )


def waiting_cut(parts: Parts) -> str:
    """Say at which price a cut that waits for it would hold."""
    if "triggers" not in parts.figures:
        return ""
    words = (
        "Owners may also sign a plan that only binds once the price has fallen to a trigger. What is computed is the "
        "meeting they would then hold, in the state the market would then be in. Signing today and binding changes the "
        "verdict in nothing, since what happens at the trigger does not depend on when it is reached: only the stakes "
        "shrink with the odds and the wait, so that such a plan is cheap to sign."
    )
    return joined("<h3>A cut that waits for a price</h3>", paragraph(words), parts.figure("triggers"))
