"""How large a cut would hold by who sits at the table, in words."""

from __future__ import annotations

__all__ = ["known_of", "many_sentence", "seated_sentences", "seated_words"]

import math
from typing import TYPE_CHECKING

from potline.agreement import TonnageBounds
from potline.choices import Belief
from potline.report.saying import say
from potline.report.words import tonnes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from potline.agreement import TonnagesThatHold
    from potline.answers.windows import Seated


def known_of(found: TonnagesThatHold | TonnageBounds, leaving: str) -> tuple[float, float, tuple[str, ...]]:
    """Return the largest tonnage known to hold, that above which none does, and who holds the first."""
    if isinstance(found, TonnageBounds):
        bound = found.bound_of(leaving=leaving)
        return bound.found_kt, bound.bound_kt, bound.coalition
    one = found.set_of(leaving=leaving)
    return one.k_star_kt, one.k_star_kt, one.coalition


def seated_words(one: Seated) -> str:
    """Return who sits at a table."""
    if one.everyone:
        return say("at_table.all_there")
    return say("at_table.and_others", added=one.added) if one.added else say("at_table.present")


def seated_sentences(seated: Sequence[Seated]) -> list[str]:
    """Say what those who stayed away would have changed."""
    told: list[str] = []
    for one in seated:
        if isinstance(one.found, TonnageBounds):
            told.append(many_sentence(one.found))
        elif one.added:
            k_star, _, _ = known_of(one.found, Belief.REOPTIMISE)
            if one.everyone:
                told.append(say("at_table.everyone_exact", owners=one.owners, found=_kt(k_star)))
            elif math.isnan(k_star):
                told.append(say("at_table.joined_nothing", added=one.added))
            else:
                told.append(say("at_table.joined", added=one.added, k_star=k_star))
    return told


def many_sentence(found: TonnageBounds) -> str:
    """Say what is known of the largest cut of many owners."""
    one = found.bound_of()
    proven = one.bound_kt < one.most_kt
    return say(
        "at_table.everyone" if proven else "at_table.everyone_open",
        owners=found.owners,
        found=_kt(one.found_kt),
        bound=one.bound_kt,
    )


def _kt(value: float) -> str:
    return say("at_table.nothing") if math.isnan(value) else tonnes(value)
