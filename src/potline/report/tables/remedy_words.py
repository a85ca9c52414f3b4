"""A remedy in words: what is missing, what mends it, what does not, and what each tonnage costs."""

from __future__ import annotations

__all__ = [
    "INSTRUMENT_NAMES",
    "NO_LEVEL",
    "frontier_sentence",
    "headline_margins",
    "level_unit",
    "level_words",
    "no_level_suffices",
    "remedy_sentences",
    "without_public_cost",
]

import math
from collections.abc import Sequence

from potline.agreement import Margin, Measure, Remedy
from potline.agreement.remedy.result import FrontierPoint
from potline.choices import Baseline, Belief, Institution
from potline.report.words import listing, money_m, percent, rounded, tonnes

_INSTITUTION = {
    Institution.VOLUNTARY: "Voluntary, without payments",
    Institution.TRANSFERS: "With transfers among members",
}
INSTRUMENT_NAMES = {
    "transfer": "money from outside",
    "compensation": "compensation per tonne idled",
    "stockpile quota": "stockpile quota for those who idle",
    "stockpile premium": "stockpile at a premium, a kt for each kt idled",
    "switching cost paid": "paying for stops, idling and restarts",
    "support removed": "removing support per tonne",
    "lump sums removed": "removing lump sums",
    "pressure removed": "lifting government pressure",
    "penalty": "a penalty on leaving",
    "longer term": "a longer term",
    "lower discount rate": "more patience (a lower discount rate)",
    "import ceiling lifted": "a higher import ceiling (a diagnostic)",
}
NO_LEVEL = "no level suffices"


def remedy_sentences(found: Remedy) -> list[str]:
    """Return the answer in words: for each institution of the headline, what is missing and what mends it."""
    asked = [margin for margin in headline_margins(found) if margin.verdict == "no agreement"]
    failed = [no_level_suffices(found, margin) for margin in asked]
    shared = [name for name in failed[0] if all(name in names for names in failed)] if failed else []
    lines = [_sentence(found, margin, shared) for margin in headline_margins(found)]
    if shared:
        rules = "this institution" if len(asked) == 1 else f"any of these {len(asked)} institutions"
        lines.append(f"No level suffices, under {rules}, of {listing(shared, most=12)}.")
    return lines


def _sentence(found: Remedy, margin: Margin, shared: Sequence[str]) -> str:
    head = _INSTITUTION.get(margin.institution, "All or none")
    if margin.verdict == "infeasible":
        return f"{head}: no group reaches {tonnes(found.least_cut_kt)}."
    if margin.verdict == "agreement":
        return f"{head}: an agreement exists without any help."
    text = f"{head}: no agreement, short by {money_m(-margin.margin_m_per_year, found.currency)} a year."
    best = found.cheapest(margin.institution)
    if best is None:
        text += " No payment tried by a state suffices."
    else:
        text += (
            f" Cheapest for a state is {INSTRUMENT_NAMES[best.instrument]}{_level(best, found.currency)}: "
            f"{money_m(best.public_cost_m_per_year, found.currency)} a year; who cuts: {listing(best.coalition)}."
        )
    free = without_public_cost(found, margin)
    failed = [name for name in no_level_suffices(found, margin) if name not in shared]
    if free:
        text += f" At no public cost: {listing(free)}."
    if failed:
        text += f" No level suffices here of {listing(failed, most=12)}."
    return text


def frontier_sentence(found: Remedy) -> str:
    """Say what the cheapest payment costs at the smallest and largest tonnage and at the one proposed."""
    paid = [
        point
        for point in found.frontier
        if point.institution == Institution.VOLUNTARY and point.instrument == "transfer"
    ]
    known = [point for point in paid if math.isfinite(point.public_cost_m_per_year)]
    if not known:
        return "No payment by a state brings about any of the tonnages tried."
    here = [point for point in known if point.least_cut_kt == found.least_cut_kt]
    first, last = known[0], known[-1]
    text = (
        f"Money from outside that makes a voluntary cut hold costs {_cost(first, found)} at "
        f"{tonnes(first.least_cut_kt)} and {_cost(last, found)} at {tonnes(last.least_cut_kt)}"
    )
    text += f"; at the tonnage proposed, {_cost(here[0], found)}." if here else "."
    costs: dict[float, list[float]] = {}
    for point in found.frontier:
        costs.setdefault(point.least_cut_kt, []).append(point.public_cost_m_per_year)
    beyond = [least for least, values in costs.items() if all(map(math.isnan, values))]
    if beyond:
        text += f" No group reaches {listing([tonnes(least) for least in beyond])}."
    missing = dict.fromkeys(
        f"{INSTRUMENT_NAMES[point.instrument]} ({point.institution})"
        for point in found.frontier
        if math.isnan(point.public_cost_m_per_year) and point.least_cut_kt not in beyond
    )
    if missing:
        text += f" At some tonnages no level suffices of {listing(list(missing), most=9)}."
    return text


def _cost(point: FrontierPoint, found: Remedy) -> str:
    cost = point.public_cost_m_per_year
    return "nothing" if cost == 0.0 else f"{money_m(cost, found.currency)} a year"


def headline_margins(found: Remedy) -> list[Margin]:
    """Return the margins of the headline: from what runs today, the others keeping their cut."""
    return [one for one in found.margins if (one.baseline, one.leaving) == (Baseline.OBSERVED, Belief.KEEP)]


def _of(found: Remedy, margin: Margin) -> list[Measure]:
    asked = (margin.institution, margin.baseline, margin.leaving)
    return [item for item in found.measures if (item.institution, item.baseline, item.leaving) == asked]


def without_public_cost(found: Remedy, margin: Margin) -> list[str]:
    """Return what suffices without public money, with its level; the import ceiling is nobody's instrument."""
    return [
        INSTRUMENT_NAMES[item.instrument] + _level(item, found.currency)
        for item in _of(found, margin)
        if item.suffices and item.public_cost_m_per_year <= 0.0 and item.instrument != "import ceiling lifted"
    ]


def no_level_suffices(found: Remedy, margin: Margin) -> list[str]:
    """Return the instruments of which no level makes an agreement under an institution."""
    return [INSTRUMENT_NAMES[item.instrument] for item in _of(found, margin) if not item.suffices]


def level_unit(unit: str, currency: str) -> str:
    """Return the unit of a level in the case's currency.

    Examples:
        >>> level_unit("million a year", "CNY"), level_unit("money/t a year", "CNY"), level_unit("share", "CNY")
        ('m CNY a year', 'CNY/t a year', 'share')
    """
    return unit.replace("million", f"m {currency}").replace("money", currency)


def _level(item: Measure, currency: str) -> str:
    """Return the level in brackets; nothing for money from outside, whose level is its cost."""
    if item.instrument == "transfer":
        return ""
    return f" ({level_words(item, currency)})"


def level_words(item: Measure, currency: str) -> str:
    """Return the least level of an instrument with its unit."""
    if item.unit == "share":
        return percent(item.level, 1)
    return f"{rounded(item.level)} {level_unit(item.unit, currency)}"
