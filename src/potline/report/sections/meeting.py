"""The meeting: why nobody stops alone and why they do not stop together; and what it would take."""

from __future__ import annotations

__all__ = ["meeting_block", "no_meeting_block", "obstacles_block", "tonnages_block"]

import math

from potline.agreement import MeetingResult
from potline.answers import there
from potline.choices import Belief
from potline.report.figures.meeting import BASELINE_WORDS, INSTITUTION_WORDS, LEAVING_WORDS, RULE_HOW, RULE_WORDS
from potline.report.html import bullets, paragraph, subheading, table_block
from potline.report.sections.parts import Parts, joined
from potline.report.table import Table
from potline.report.verdict import LAW, examined_sentence, weakest
from potline.report.words import (
    amount,
    counted,
    listing,
    money,
    money_m,
    month_words,
    opening,
    percent,
    quantity,
    range_words,
    some,
    tonnes,
    with_error,
)

_HEADINGS = {
    "agreement": "Why they stop together",
    "no agreement": "Why they do not stop together",
    "infeasible": "Why they do not stop together",
    "not decided": "Whether they stop together",
}


def meeting_block(parts: Parts) -> str:
    """Say who met, why nobody stops alone, and why they do not stop together."""
    held = there(parts.answers.meeting)
    return joined(
        paragraph(_who(parts, held)),
        paragraph(LAW, "note"),
        _alone_block(parts),
        subheading(_HEADINGS[held.verdict]),
        paragraph(_together(held, parts.currency)),
        table_block(_owners(parts)),
        parts.figure("coalitions", "margins"),
        subheading("How sure"),
        paragraph(joined(examined_sentence(held, parts.currency), _sure(held, parts.currency))),
        parts.figure("agreement_share"),
    )


def no_meeting_block(parts: Parts) -> str:
    """Say that nobody met, and why nobody stops alone all the same."""
    missing = paragraph("The case holds no meeting: no joint cut was tested.")
    return joined(missing, _alone_block(parts) if parts.answers.stops is not None else "")


def _alone_block(parts: Parts) -> str:
    return joined(
        subheading("Why nobody stops alone"),
        paragraph(_alone(parts)),
        parts.figure("stopping_waterfall", "stopping_by_owner"),
    )


def obstacles_block(parts: Parts) -> str:
    """Say which obstacles matter."""
    return joined(paragraph(_obstacles_head(there(parts.answers.meeting))), parts.figure("obstacles"))


def tonnages_block(parts: Parts) -> str:
    """Say what a smaller cut, money or other rules would do."""
    held, currency = there(parts.answers.meeting), parts.currency
    money_needed = held.outside_money
    lines: list[str] = []
    if parts.answers.remedy is None and not math.isnan(money_needed.with_compensation_m_per_year):
        lines.append(_money(held, currency))
    lines.append(_smaller(held))
    agreed = [item for item in held.margins if item.verdict == "agreement" and item.rule == held.rule]
    if agreed:
        best = max(agreed, key=lambda item: item.margin_m_per_year)
        lines.append(
            f"Other rules: with {RULE_WORDS[held.rule]}, {counted(len(agreed), 'combination')} of institution, "
            f"baseline and leaving rule {'gives' if len(agreed) == 1 else 'give'} an agreement; the best, "
            f"{INSTITUTION_WORDS[best.institution]} counted {BASELINE_WORDS[best.baseline]} where "
            f"{LEAVING_WORDS[best.leaving]} once one leaves, has {money_m(best.margin_m_per_year, currency)} a year "
            "to spare. A threat to drop the deal must be believed for that."
        )
    free = held.without_pressure
    lines.append(
        f"Government pressure is an assumed input whose range includes 0. At 0 the verdict is {free.verdict}"
        + ("." if math.isnan(free.margin_m_per_year) else f", at {money_m(free.margin_m_per_year, currency)} a year.")
    )
    return joined(
        subheading("A smaller cut, other rules, and the inputs that decide"),
        bullets(lines),
        parts.figure("tonnage_sweep"),
        paragraph(
            "Not computed here: consent of provinces as players of their own, and what owners learn from one meeting "
            "for the next.",
            "note",
        ),
    )


def _obstacles_head(held: MeetingResult) -> str:
    if math.isnan(held.margin_m_per_year):
        return (
            f"No group of those present runs enough to idle {tonnes(held.least_cut_kt)}: only a smaller tonnage "
            "or more owners at the table could bring a deal about."
        )
    if held.obstacles is None:
        return "With so many owners the obstacles are not taken apart; what other tonnages and rules would do is."
    if held.verdict == "agreement":
        return "A deal holds as it is; what narrows its margin can be taken away one obstacle at a time."
    return "What keeps the owners from agreeing can be taken away one obstacle at a time."


def _alone(parts: Parts) -> str:
    answers = parts.answers
    stops = answers.stops
    if stops is None:
        return ""
    industry = answers.case.industry
    below = stops.running_below_stop_kt(industry.price_per_t)
    water = answers.net.under_water()
    words = f"{opening(some(water.running_kt, 'running lines'))} do not cover their cash cost; " + (
        f"stopping would pay for {tonnes(below)} of lines. " if below >= 0.5 else "stopping would pay for none. "
    )
    held = answers.meeting
    if held is not None and held.lone_cuts:
        first = held.lone_cuts[0]
        words += (
            "A cut for the sake of the price is another matter: if nobody else cut, "
            f"{counted(len(held.lone_cuts), 'owner')} would gain from idling something, {first.owner} most "
            f"({tonnes(first.cut_kt)}). Since each prefers the others to do it, {tonnes(held.nash_cut_kt)} in all "
            "would be idled with no deal; that is not credited to an agreement in the second baseline."
        )
    return words


def _who(parts: Parts, held: MeetingResult) -> str:
    case, met = parts.answers.case, held.meeting
    place = f" in {met.place}" if met.place else ""
    running = sum(row.running_kt for row in held.owners)
    share = running / max(parts.answers.net.total_running_kt, 1e-9)
    affiliates = [firm for firm in met.firms if case.industry.owner(firm) != firm]
    when = f"{'On' if met.date.count('-') == 2 else 'In'} {month_words(met.date)}" if met.date else ""
    firms, outcome = listing(met.firms, most=12), case.outcome
    if outcome is not None and outcome.decision == "mandate":
        words = f"{when}{place} the state ordered {firms} to cut; nobody met. "
    else:
        words = f"{when}{place} {firms} met. " if when else f"{firms} met{place}. "
    if affiliates:
        words += f"{listing([f'{firm} decides with {case.industry.owner(firm)}' for firm in affiliates])}; so "
    words += (
        f"{'t' if affiliates else 'T'}here are {counted(len(held.owners), 'owner')} with {tonnes(running)} of running "
        f"capacity, {percent(share)} of the industry's. The question put to them here: idle "
        f"{tonnes(held.least_cut_kt)} more than stands idle now, for "
        f"{quantity(held.term_years, 'year' if held.term_years == 1 else 'years')}, {RULE_HOW[held.rule]}."
    )
    return words


def _owners(parts: Parts) -> Table:
    cur = parts.currency.lower()
    return parts.table("owners").picked(
        [
            "owner",
            "member",
            "running_kt",
            "cut_kt",
            f"loss_{cur}_per_t",
            f"gain_m_{cur}_per_year",
            f"outside_gain_m_{cur}_per_year",
            f"slack_m_{cur}_per_year",
            "alone_cut_kt",
            "best_reply",
        ]
    )


def _together(held: MeetingResult, currency: str) -> str:
    words = (
        "Each owner is asked two things: do you gain from the deal, and would you gain more by leaving it to the "
        "others? The gain inside less the gain outside is its slack. The margin is the worst answer in the best group. "
        "What the others do once one leaves decides much: "
        "keep cutting (the headline), share out its part, or drop the deal. "
    )
    worst = weakest(held)
    members = [row for row in held.owners if row.member]
    losing = [row.owner for row in members if row.gain_m_per_year < 0.0]
    if worst is not None and worst.slack_m_per_year < 0.0:
        leaving = sum(row.slack_m_per_year < 0.0 for row in members)
        words += (
            f"In the group that comes nearest {leaving} of {counted(len(members), 'member')} would do better outside; "
            f"the weakest link is {worst.owner}, {money_m(-worst.slack_m_per_year, currency)} a year better off "
            "without signing."
        )
    if losing:
        words += f" {listing(losing)} would even lose inside it."
    return words


def _sure(held: MeetingResult, currency: str) -> str:
    share = held.share
    if share is None and held.obstacles is None:
        return ""
    if share is None:
        return "No draws were asked for, so nothing is said about the ranges of the inputs."
    head = with_error(share.of(), share.error_of(), float(share.bound[0, 0, 0]))
    feasible = bool((share.infeasible < 1.0).any()) and held.verdict != "infeasible"
    low, high = share.quantiles(0.05, 0.95) if feasible else (math.nan, math.nan)
    spread = (
        f"If they keep it, in nine of ten draws the margin lies between {amount(low)} and {amount(high)} m {currency} "
        "a year. "
        if feasible
        else "In no draw could a group idle the tonnage. "
        if float(share.infeasible.min()) >= 1.0
        else ""
    )
    return (
        f"Every uncertain input was drawn from its stated range {share.draws:,} times, with errors of plants' costs "
        f"beside, and the meeting held anew each time. A voluntary deal holds in {head} of the "
        f"draws if the others keep "
        f"their cut when one leaves, in {percent(share.of(leaving=Belief.RESPREAD))} if they take over its part and in "
        f"{percent(share.of(leaving=Belief.COLLAPSE))} if the deal is off. {spread}This is a share of the ranges "
        "written down below, not a probability of anything else."
    )


def _money(held: MeetingResult, currency: str) -> str:
    needed = held.outside_money
    if needed.with_compensation_m_per_year <= 0.0:
        return "Money from outside: none is needed if members may pay each other."
    least, alone = needed.with_compensation_m_per_year, needed.without_compensation_m_per_year
    a_tonne = money(least / held.least_cut_kt * 1000.0, currency)
    text = f"Money from outside: {money_m(least, currency)} a year ({a_tonne} idled) would make a deal hold "
    if abs(alone - least) <= 1e-6 * max(least, 1.0) and needed.coalition_with == needed.coalition_without:
        text += (
            f"in the group that needs least, {listing(needed.coalition_with)}, whether or not members may also pay "
            "each other: there none would do better inside than outside, so none has anything to pay with."
        )
    else:
        text += f"if members may also pay each other ({listing(needed.coalition_with)})"
        if not math.isnan(alone):
            text += f", {money_m(alone, currency)} if not ({listing(needed.coalition_without)})"
        text += "."
    if held.margin_m_per_year < 0.0:
        text += (
            f" The margin of {money_m(held.margin_m_per_year, currency)} is the gap of one member, the worst placed of "
            f"the group that comes nearest ({listing(held.coalition)}); money must close the gap of every member."
        )
    return text


def _smaller(held: MeetingResult) -> str:
    sweep = held.sweep
    parts = [
        f"{INSTITUTION_WORDS[name]}, {'none' if math.isnan(cut) else f'up to {amount(cut)} kt/year'}"
        for name, cut in zip(sweep.institutions, sweep.largest_cut_kt, strict=True)
    ]
    return (
        f"Another tonnage: of the cuts tried "
        f"({range_words(float(sweep.least_cut_kt[0]), float(sweep.least_cut_kt[-1]), 'kt/year')}) these hold when the "
        f"others keep their cut: {'; '.join(parts)}."
    )
