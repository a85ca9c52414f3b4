"""A remedy in words: what is missing, what mends it, what does not, and what each tonnage costs."""

from __future__ import annotations

__all__ = [
    "frontier_sentence",
    "headline_margins",
    "level_unit",
    "level_words",
    "no_level_suffices",
    "remedy_in_short",
    "remedy_sentences",
    "without_public_cost",
]

import math
from collections.abc import Sequence

from potline.agreement import Margin, Measure, Remedy
from potline.agreement.remedy.result import FrontierPoint
from potline.choices import Baseline, Belief, Institution, Instrument, Rule
from potline.report.saying import called, coded, filled, say
from potline.report.words import percent, rounded, tonnes


def remedy_in_short(found: Remedy) -> str:
    """Say what would bring about a voluntary cut of what is asked for, from what runs today."""
    margin = next(one for one in headline_margins(found) if one.institution == Institution.VOLUNTARY)
    best = found.cheapest(Institution.VOLUNTARY)
    if margin.verdict == "infeasible":
        return _out_of_reach(found, margin)
    if margin.verdict == "agreement":
        return say("remedy.in_short_holds", least_cut_kt=found.least_cut_kt)
    text = (
        say("remedy.in_short_none", least_cut_kt=found.least_cut_kt)
        if best is None
        else say(
            "remedy.in_short",
            least_cut_kt=found.least_cut_kt,
            instrument=called("instrument", best.instrument),
            currency=found.currency,
            public_cost_m_per_year=best.public_cost_m_per_year,
        )
    )
    free = without_public_cost(found, margin)
    return f"{text} {say('remedy.in_short_free', free=free)}" if free else text


def remedy_sentences(found: Remedy) -> list[str]:
    """Return the answer in words: for each institution of the headline, what is missing and what mends it."""
    asked = [margin for margin in headline_margins(found) if margin.verdict == "no agreement"]
    failed = [no_level_suffices(found, margin) for margin in asked]
    shared = [name for name in failed[0] if all(name in names for names in failed)] if failed else []
    lines = [_sentence(found, margin, shared) for margin in headline_margins(found)]
    if shared:
        rules = (
            say("remedy.this_institution")
            if len(asked) == 1
            else say("remedy.any_of_these_institutions", asked=len(asked))
        )
        lines.append(say("remedy.no_level_suffices_under_of", rules=rules, shared=shared))
    return lines


def _out_of_reach(found: Remedy, margin: Margin) -> str:
    head, least = called("institution_head", margin.institution), found.least_cut_kt
    if margin.rule != Rule.PRO_RATA and margin.institution != Institution.TRANSFERS:
        return say("remedy.no_group_can_share", head=head, least_cut_kt=least)
    return say("remedy.no_group_reaches", head=head, least_cut_kt=least)


def _sentence(found: Remedy, margin: Margin, shared: Sequence[str]) -> str:
    head = called("institution_head", margin.institution)
    if margin.verdict == "infeasible":
        return _out_of_reach(found, margin)
    if margin.verdict == "agreement":
        return say("remedy.an_agreement_exists_without_any", head=head)
    text = say(
        "remedy.no_agreement_short_by_a",
        head=head,
        currency=found.currency,
        margin_m_per_year=-margin.margin_m_per_year,
    )
    best = found.cheapest(margin.institution)
    if best is None:
        text += " " + say("remedy.no_payment_tried_by_a")
    else:
        text += " " + say(
            "remedy.cheapest_for_a_state_is",
            instrument_names=called("instrument", best.instrument),
            level=_level(best, found.currency),
            currency=found.currency,
            public_cost_m_per_year=best.public_cost_m_per_year,
            coalition=best.coalition,
        )
    free = without_public_cost(found, margin)
    failed = [name for name in no_level_suffices(found, margin) if name not in shared]
    if free:
        text += " " + say("remedy.at_no_public_cost", free=free)
    if failed:
        text += " " + say("remedy.no_level_suffices_here_of", failed=failed)
    return text


def frontier_sentence(found: Remedy) -> str:
    """Say what the cheapest payment costs at the smallest and largest tonnage and at the one proposed."""
    paid = [
        point
        for point in found.frontier
        if point.institution == Institution.VOLUNTARY and point.instrument == Instrument.TRANSFER
    ]
    known = [point for point in paid if math.isfinite(point.public_cost_m_per_year)]
    if not known:
        return say("remedy.no_payment_by_a_state")
    here = [point for point in known if point.least_cut_kt == found.least_cut_kt]
    first, last = known[0], known[-1]
    text = say(
        "remedy.money_from_outside_that_makes",
        least_cost=_cost(first, found),
        smallest=first.least_cut_kt,
        most_cost=_cost(last, found),
        largest=last.least_cut_kt,
    )
    text += say("remedy.at_the_tonnage_proposed", cost=_cost(here[0], found)) if here else "."
    costs: dict[float, list[float]] = {}
    for point in found.frontier:
        costs.setdefault(point.least_cut_kt, []).append(point.public_cost_m_per_year)
    beyond = [least for least, values in costs.items() if all(map(math.isnan, values))]
    if beyond:
        text += " " + say("remedy.no_group_reaches_2", beyond=[tonnes(least) for least in beyond])
    missing = dict.fromkeys(
        f"{called('instrument', point.instrument)} ({coded(point.institution)})"
        for point in found.frontier
        if math.isnan(point.public_cost_m_per_year) and point.least_cut_kt not in beyond
    )
    if missing:
        text += " " + say("remedy.at_some_tonnages_no_level", missing=list(missing))
    return text


def _cost(point: FrontierPoint, found: Remedy) -> str:
    cost = point.public_cost_m_per_year
    return say("remedy.nothing") if cost == 0.0 else say("remedy.a_year", currency=found.currency, cost=cost)


def headline_margins(found: Remedy) -> list[Margin]:
    """Return the margins of the headline: from what runs today, the others keeping their cut."""
    return [one for one in found.margins if (one.baseline, one.leaving) == (Baseline.OBSERVED, Belief.KEEP)]


def _of(found: Remedy, margin: Margin) -> list[Measure]:
    asked = (margin.institution, margin.baseline, margin.leaving)
    return [item for item in found.measures if (item.institution, item.baseline, item.leaving) == asked]


def without_public_cost(found: Remedy, margin: Margin) -> list[str]:
    """Return what suffices without public money, with its level; the import ceiling is nobody's instrument."""
    return [
        called("instrument", item.instrument) + _level(item, found.currency)
        for item in _of(found, margin)
        if item.suffices and item.public_cost_m_per_year <= 0.0 and item.instrument != Instrument.IMPORT_CEILING_LIFTED
    ]


def no_level_suffices(found: Remedy, margin: Margin) -> list[str]:
    """Return the instruments of which no level makes an agreement under an institution."""
    return [called("instrument", item.instrument) for item in _of(found, margin) if not item.suffices]


def level_unit(instrument: Instrument, currency: str) -> str:
    """Return the unit of an instrument's level in the case's currency.

    Examples:
        >>> level_unit(Instrument.COMPENSATION, "CNY"), level_unit(Instrument.SUPPORT_REMOVED, "CNY")
        ('CNY/t a year', 'share')
    """
    return filled(called("level_unit", instrument), {"currency": currency})


def _level(item: Measure, currency: str) -> str:
    """Return the level in brackets; nothing for money from outside, whose level is its cost."""
    if item.instrument == Instrument.TRANSFER:
        return ""
    return f" ({level_words(item, currency)})"


def level_words(item: Measure, currency: str) -> str:
    """Return the least level of an instrument with its unit."""
    if item.unit == "share":
        return percent(item.level, 1)
    return f"{rounded(item.level)} {level_unit(item.instrument, currency)}"
