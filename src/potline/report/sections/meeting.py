"""The meeting: why nobody stops alone and why they do not stop together; and what it would take."""

from __future__ import annotations

__all__ = ["alone_block", "meeting_block", "obstacles_block", "tonnages_block", "who_block"]

import math

from potline.agreement import MeetingResult
from potline.answers import there
from potline.report.blocks import Blocks, bullets, joined, paragraph, subheading, table_block
from potline.report.saying import called, say
from potline.report.sections.parts import Parts
from potline.report.table import Table
from potline.report.verdict import examined_sentence, weakest
from potline.report.words import (
    listing,
    money,
    opening,
    some,
)


def meeting_block(parts: Parts) -> Blocks:
    """Say why nobody stops alone, and why they do not stop together; who met, where nothing before says so."""
    held = there(parts.answers.meeting)
    return joined(
        () if parts.answers.holds else who_block(parts),
        alone_block(parts),
        subheading(called("verdict_heading", held.verdict)),
        paragraph(_together(held, parts.currency)),
        table_block(_owners(parts)),
        parts.figure("coalitions", "margins"),
        paragraph(examined_sentence(held, parts.currency)),
        parts.figure("agreement_share"),
    )


def who_block(parts: Parts) -> Blocks:
    """Say who met, and that an agreement may break the law."""
    met = paragraph(_who(parts, there(parts.answers.meeting)))
    return joined(met, paragraph(say("meeting.competition_law"), "note"))


def alone_block(parts: Parts) -> Blocks:
    """Say why nobody stops alone."""
    return joined(
        subheading(say("meeting.why_nobody_stops_alone")),
        paragraph(_alone(parts)),
        parts.figure("stopping_waterfall", "stopping_by_owner"),
    )


def obstacles_block(parts: Parts) -> Blocks:
    """Say which obstacles matter."""
    held = there(parts.answers.meeting)
    return joined(paragraph(_obstacles_head(held)), parts.figure("obstacles", "obstacles_cleared"))


def tonnages_block(parts: Parts) -> Blocks:
    """Say what a smaller cut, money or other rules would do."""
    held, currency = there(parts.answers.meeting), parts.currency
    money_needed = held.outside_money
    lines: list[str] = []
    if parts.answers.remedy is None and not math.isnan(money_needed.with_compensation_m_per_year):
        lines.append(_money(held, currency))
    free = held.without_pressure
    lines.append(
        say(
            "obstacles.government_pressure_is_an_assumed"
            if math.isnan(free.margin_m_per_year)
            else "obstacles.government_pressure_is_an_assumed_2",
            verdict=free.verdict,
            currency=currency,
            margin_m_per_year=free.margin_m_per_year,
        )
    )
    return joined(
        subheading(say("obstacles.a_smaller_cut_other_rules")),
        bullets(lines),
        parts.folded(say("obstacles.margins_by_tonnage"), "tonnage_sweep"),
        paragraph(
            say("obstacles.not_computed_here_consent_of"),
            "note",
        ),
    )


def _obstacles_head(held: MeetingResult) -> str:
    if math.isnan(held.margin_m_per_year):
        return say("obstacles.no_group_of_those_present", least_cut_kt=held.least_cut_kt)
    if held.obstacles is None:
        return say("obstacles.with_so_many_owners_the")
    if held.verdict == "agreement":
        return say("obstacles.a_deal_holds_as_it")
    return say("obstacles.what_keeps_the_owners_from")


def _alone(parts: Parts) -> str:
    answers = parts.answers
    stops = answers.stops
    if stops is None:
        return ""
    industry = answers.case.industry
    below = stops.running_below_stop_kt(industry.price_per_t)
    water = answers.net.under_water()
    words = (
        say(
            "meeting.do_not_cover_their_cash" if below >= 0.5 else "meeting.do_not_cover_their_cash_2",
            lines=opening(some(water.running_kt, "running_lines")),
            below=below,
        )
        + " "
    )
    held = answers.meeting
    if held is not None and held.lone_cuts and not answers.holds:
        first = held.lone_cuts[0]
        words += say(
            "meeting.a_cut_for_the_sake",
            lone_cuts=len(held.lone_cuts),
            owner=first.owner,
            cut_kt=first.cut_kt,
            nash_cut_kt=held.nash_cut_kt,
        )
    return words


def _who(parts: Parts, held: MeetingResult) -> str:
    case, met = parts.answers.case, held.meeting
    place = " " + say("meeting.in", place=met.place) if met.place else ""
    running = sum(row.running_kt for row in held.owners)
    share = running / max(parts.answers.net.total_running_kt, 1e-9)
    affiliates = [firm for firm in met.firms if case.industry.owner(firm) != firm]
    when = say("meeting.on_day" if met.date.count("-") == 2 else "meeting.in_month", date=met.date) if met.date else ""
    firms, outcome = listing(met.firms, most=12), case.outcome
    if outcome is not None and outcome.decision == "mandate":
        words = say("meeting.the_state_ordered_to_cut", when=when, place=place, firms=firms) + " "
    else:
        words = say("meeting.met" if when else "meeting.met_2", when=when, place=place, firms=firms) + " "
    if affiliates:
        words += (
            say(
                "meeting.so",
                affiliates=[
                    say("meeting.decides_with", firm=firm, owner=case.industry.owner(firm)) for firm in affiliates
                ],
            )
            + " "
        )
    words += say(
        "meeting.there_are_with_of_running" if affiliates else "meeting.there_are_with_of_running_2",
        owners=len(held.owners),
        running=running,
        share=share,
        least_cut_kt=held.least_cut_kt,
        term=_term(held.term_years),
        rule_how=called("rule_how", held.rule),
    )
    return words


def _term(years: float) -> str:
    return say("meeting.term", years=years, count=years)


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
    words = say("meeting.each_owner_is_asked_two") + " "
    worst = weakest(held)
    members = [row for row in held.owners if row.member]
    losing = [row.owner for row in members if row.gain_m_per_year < 0.0]
    if worst is not None and worst.slack_m_per_year < 0.0:
        leaving = sum(row.slack_m_per_year < 0.0 for row in members)
        words += say(
            "meeting.in_the_group_that_comes_3",
            leaving=leaving,
            members=len(members),
            owner=worst.owner,
            currency=currency,
            slack_m_per_year=-worst.slack_m_per_year,
        )
    if losing:
        words += " " + say("meeting.would_even_lose_inside_it", losing=losing)
    return words


def _money(held: MeetingResult, currency: str) -> str:
    needed = held.outside_money
    if needed.with_compensation_m_per_year <= 0.0:
        return say("obstacles.money_from_outside_none_is")
    least, alone = needed.with_compensation_m_per_year, needed.without_compensation_m_per_year
    a_tonne = money(least / held.least_cut_kt * 1000.0, currency)
    text = say("obstacles.money_from_outside_a_year", currency=currency, least=least, a_tonne=a_tonne) + " "
    if abs(alone - least) <= 1e-6 * max(least, 1.0) and needed.coalition_with == needed.coalition_without:
        text += say("obstacles.in_the_group_that_needs", coalition_with=needed.coalition_with)
    else:
        text += say("obstacles.if_members_may_also_pay", coalition_with=needed.coalition_with)
        if not math.isnan(alone):
            text += say("obstacles.if_not", currency=currency, alone=alone, coalition_without=needed.coalition_without)
        text += "."
    if held.margin_m_per_year < 0.0:
        text += " " + say(
            "obstacles.the_margin_of_is_the",
            currency=currency,
            margin_m_per_year=held.margin_m_per_year,
            coalition=held.coalition,
        )
    return text
