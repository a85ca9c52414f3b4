"""The largest cut that would hold, in three sentences."""

from __future__ import annotations

__all__ = ["largest_sentences", "ranges_words"]

import math
from typing import TYPE_CHECKING

from potline.choices import Baseline, Belief
from potline.report.saying import called, say
from potline.report.words import amount, range_words, tonnes

if TYPE_CHECKING:
    from potline.agreement import TonnageSet, TonnageShare, TonnagesThatHold

_NOTHING_KT = 1e-3


def largest_sentences(found: TonnagesThatHold, share: TonnageShare | None) -> tuple[str, str, str, str]:
    """Return the answer in a word, how it is meant, what the largest owner would do alone, and the span of beliefs.

    Args:
        found: the sets of the case as stated.
        share: those over its ranges, if drawn.
    """
    one = found.set_of()
    word = say("largest_deal.word", k_star=one.k_star_kt) if one.intervals else say("largest_deal.word_none")
    return word, _meant(found, one, share), _alone(found), _span(found)


def ranges_words(one: TonnageSet) -> list[str]:
    """Write the intervals of a set, kt/year."""
    return [
        say("numbers.range", low=_kt(item.low_kt), high=_kt(item.high_kt))
        if item.high_kt > item.low_kt
        else _kt(item.low_kt)
        for item in one.intervals
    ]


def _kt(value: float) -> str:
    return amount(value, 0 if abs(value) >= 10.0 or value == 0.0 else 1)


def _meant(found: TonnagesThatHold, one: TonnageSet, share: TonnageShare | None) -> str:
    said = [_who(one), say("largest_deal.terms")]
    if len(one.intervals) > 1 or one.lowest_kt > _NOTHING_KT:
        said.append(say("largest_deal.holes", ranges=ranges_words(one)))
    if one.intervals and (math.isnan(one.with_largest_kt) or one.with_largest_kt < one.k_star_kt * (1.0 - 1e-9)):
        said.append(
            say("largest_deal.no_deal_with_largest", largest=found.largest_owner)
            if math.isnan(one.with_largest_kt)
            else say("largest_deal.most_with_largest", largest=found.largest_owner, with_largest=one.with_largest_kt)
        )
    asked = found.asked_kt
    if asked > 0.0:
        said.append(
            say("largest_deal.asked_holds", asked=asked)
            if asked in one
            else say("largest_deal.asked_fails" if asked <= one.most_kt else "largest_deal.asked_beyond", asked=asked)
        )
    if share is not None:
        low, high = share.quantiles_kt(0.05, 0.95)
        said.append(say("largest_deal.spread", range_words=range_words(low, high, "kt/year")))
    return " ".join(said)


def _who(one: TonnageSet) -> str:
    if not one.intervals:
        return say("largest_deal.nothing_holds")
    return say(
        "largest_deal.most_that_holds" if one.k_star_belongs else "largest_deal.most_approached",
        coalition=one.coalition,
    )


def _alone(found: TonnagesThatHold) -> str:
    cuts = dict(found.nash_cuts)
    mine, nash = cuts.get(found.largest_owner, 0.0), sum(cuts.values())
    if nash < _NOTHING_KT:
        return say("largest_deal.nobody_alone")
    other = found.set_of(baseline=Baseline.NASH)
    beyond = (
        say("largest_deal.beyond_some", k_star=other.k_star_kt)
        if other.intervals
        else say("largest_deal.beyond_nothing")
    )
    if mine < _NOTHING_KT:
        return say("largest_deal.largest_idle", largest=found.largest_owner, nash=nash, beyond=beyond)
    if nash - mine < _NOTHING_KT:
        return say("largest_deal.largest_alone", largest=found.largest_owner, cut=mine, beyond=beyond)
    return say("largest_deal.largest_alone_of", largest=found.largest_owner, cut=mine, nash=nash, beyond=beyond)


def _k_star(one: TonnageSet) -> str:
    """Write the largest tonnage of a set, or that nothing holds."""
    return tonnes(one.k_star_kt) if one.intervals else say("largest_deal.span_none")


def _span(found: TonnagesThatHold) -> str:
    parts = [
        say(
            "largest_deal.span_part",
            belief=called("leaving_if", leaving),
            k_star=_k_star(found.set_of(leaving=leaving)),
        )
        for leaving in Belief
        if leaving != Belief.REOPTIMISE
    ]
    return say("largest_deal.span", parts="; ".join(parts))
