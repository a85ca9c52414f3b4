"""Blocks of "what would it take": the inputs that decide, and a cut that waits for a price."""

from __future__ import annotations

__all__ = ["deciding_inputs", "waiting_cut"]

from potline.report.blocks import Blocks, heading, joined, paragraph
from potline.report.saying import say
from potline.report.sections.parts import Parts


def deciding_inputs(parts: Parts) -> Blocks:
    """Say which inputs move the margin: one at a time, all at once, and the two strongest together."""
    if parts.answers.tornado is None:
        return ()
    words = say("inputs.three_questions_about_the_inputs")
    return joined(
        heading(say("inputs.which_inputs_decide")),
        paragraph(words),
        parts.figure("tonnage_tornado", "tornado", "sensitivity", "stability_map"),
    )


def waiting_cut(parts: Parts) -> Blocks:
    """Say at which price a cut that waits for it would hold."""
    if "triggers" not in parts.figures:
        return ()
    words = say("triggers.owners_may_also_sign_a")
    return joined(heading(say("triggers.a_cut_that_waits")), paragraph(words), parts.figure("triggers"))
