"""The answer in words: the line a journalist can quote, and the lines that stand with it."""

from __future__ import annotations

__all__ = [
    "asked_lines",
    "examined_sentence",
    "leaving_sentence",
    "losing_sentence",
    "meeting_lines",
    "meeting_quote",
    "no_verdict",
    "shrinking_sentence",
    "weakest",
]

import math
from typing import TYPE_CHECKING

from potline.choices import Baseline, Belief, Institution
from potline.report.saying import called, say
from potline.report.words import counted, listing, money, percent, signed, tonnes, with_error
from potline.text import apart

if TYPE_CHECKING:
    from potline.agreement import Attribution, MeetingResult, OwnerRow
    from potline.answers import Answers


def no_verdict() -> str:
    """Say that there is none, and why."""
    return f"{say('meeting.no_verdict')} {say('meeting.counted_from_a_state_that_nothing')}"


def meeting_quote(held: MeetingResult, currency: str) -> tuple[str, str]:
    """Return the verdict of a meeting in a word or two and the sentence that explains it.

    Where the two baselines give different verdicts both stand in it: counted from the observed state, and beyond what
    owners would idle alone.
    """
    if held.verdict == "no verdict":
        return say("meeting.no_verdict"), say("meeting.counted_from_a_state_that_nothing")
    word, sentence = _observed_quote(held, currency)
    other = held.margin(baseline=Baseline.NASH)
    if other.verdict == held.verdict:
        return word, sentence
    cut = tonnes(held.least_cut_kt)
    found = {
        "agreement": say(
            "meeting.can_idle_more_the_least",
            coalition=other.coalition,
            cut=cut,
            currency=currency,
            margin_m_per_year=other.margin_m_per_year,
        ),
        "infeasible": say("meeting.no_group_can_share_more", cut=cut)
        if _reached(held, Baseline.NASH)
        else say("meeting.no_group_can_idle_more", cut=cut),
    }.get(
        other.verdict,
        say("meeting.the_best_group_misses_by", currency=currency, margin_m_per_year=-other.margin_m_per_year),
    )
    first, second = called("verdict_first", held.verdict), called("verdict_second", other.verdict)
    return (
        say("meeting.from_the_observed_state_beyond", first=first, second=second),
        say("meeting.with_no_deal_owners_would", sentence=sentence, nash_cut_kt=held.nash_cut_kt, found=found),
    )


def _reached(held: MeetingResult, baseline: Baseline) -> bool:
    """Return whether a group reaches the tonnage, if only with a member that idles nothing."""
    return held.margin(Institution.TRANSFERS, baseline).verdict != "infeasible"


def _observed_quote(held: MeetingResult, currency: str) -> tuple[str, str]:
    cut = tonnes(held.least_cut_kt)
    if held.verdict == "infeasible":
        running = sum(row.running_kt for row in held.owners)
        if cut == tonnes(running) and held.least_cut_kt > running:
            cut = f"{apart(held.least_cut_kt, running)[0]} kt/year"
        if _reached(held, Baseline.OBSERVED):
            return say("meeting.no_deal_is_possible"), say("meeting.no_group_of_the_owners_2", cut=cut)
        return say("meeting.no_deal_is_possible"), say("meeting.no_group_of_the_owners", cut=cut)
    if held.verdict == "agreement":
        return (
            say("meeting.an_agreement_exists"),
            say(
                "meeting.can_idle_together_and_each",
                coalition=held.coalition,
                cut=cut,
                currency=currency,
                margin_m_per_year=held.margin_m_per_year,
            ),
        )
    worst = weakest(held)
    why = ""
    if held.verdict == "not decided":
        return (
            say("meeting.not_decided"),
            say(
                "meeting.no_group_of_the_present",
                owners=len(held.owners),
                cut=cut,
                currency=currency,
                margin_m_per_year=-held.margin_m_per_year,
                upper_m_per_year=held.margin().upper_m_per_year,
            ),
        )
    if worst is not None:
        inside, outside = worst.gain_m_per_year, worst.outside_gain_m_per_year
        why = " " + say(
            "meeting.in_the_group_that_comes" if inside >= 0.0 else "meeting.in_the_group_that_comes_2",
            owner=worst.owner,
            inside=_gained(inside, currency),
            outside=_gained(outside, currency),
        )
    return (
        say("meeting.no_agreement"),
        say(
            "meeting.no_group_of_the_present_2",
            owners=len(held.owners),
            cut=cut,
            currency=currency,
            margin_m_per_year=-held.margin_m_per_year,
            why=why,
        ),
    )


def examined_sentence(held: MeetingResult, currency: str) -> str:
    """Say how the groups were gone through, and what is left out, where there are many; empty where there are few."""
    how, owners = held.examined, counted(len(held.owners), "owner")
    said: list[str] = []
    if how.method == "alike":
        said.append(say("meeting.groups_of_were_counted_by", owners=owners, coalitions=how.coalitions))
    if how.method == "searched":
        gap = held.margin().gap_m_per_year
        better = (
            say("meeting.better")
            if gap <= how.tolerance_m_per_year
            else say("meeting.better_by_more_than_a", currency=currency, gap=gap)
        )
        said.append(
            say(
                "meeting.groups_were_scored_and_no",
                coalitions=how.coalitions,
                owners=owners,
                better=better,
                boxes=how.boxes,
            )
        )
    if held.obstacles is None:
        said.append(say("meeting.what_stands_in_the_way"))
    return " ".join(said)


def leaving_sentence(held: MeetingResult, currency: str) -> str:
    """Say how far the verdict hangs on what the others do once a member leaves; empty where no cut is feasible."""
    if held.verdict == "infeasible":
        return ""
    said: list[str] = []
    share = held.share
    for leaving in sorted(Belief, key=lambda item: item != Belief.KEEP):
        words = called("leaving_verdict", leaving)
        margin = held.margin(leaving=leaving).margin_m_per_year
        size = signed(margin, 0 if abs(margin) >= 10 else 1)
        if said:
            text = say("meeting.leaving_margin", belief=words, size=size)
            text += "" if share is None else " " + say("meeting.and", part=_part(share.of(leaving=leaving)))
        else:
            text = say("meeting.the_best_groups_margin_is", belief=words, size=size, currency=currency)
            if share is not None:
                text += " " + say("meeting.and_a_voluntary_deal_holds", part=_part(share.of(leaving=leaving)))
        if leaving == Belief.COLLAPSE and share is not None:
            text += " " + say(
                "meeting.where_members_may_also_pay", part=_part(share.of(Institution.TRANSFERS, leaving=leaving))
            )
        said.append(text)
    open_ = [
        called("leaving_verdict", leaving)
        for leaving in Belief
        if held.margin(leaving=leaving).verdict == "not decided"
    ]
    if open_:
        said.append(say("meeting.the_best_found_are_meant", beliefs=listing(open_).lower()))
    return say("meeting.this_hangs_on_what_the", parts="; ".join(said))


def shrinking_sentence(found: Attribution) -> str:
    """Name the obstacles that lose more than half their weight once the market clears again; empty where none does."""
    least = 0.05 * max((abs(item.held_m_per_year) for item in found.obstacles), default=0.0)
    gone = [
        say(
            "meeting.from_to",
            name=item.name,
            held_m_per_year=item.held_m_per_year,
            cleared_m_per_year=item.cleared_m_per_year,
        )
        for item in found.obstacles
        if item.held_m_per_year > least and item.cleared_m_per_year < 0.5 * item.held_m_per_year
    ]
    if not gone:
        return ""
    return say("meeting.this_holds_price_and_running", gone=gone, count=len(gone))


def losing_sentence(answers: Answers) -> str:
    """Say what does not cover its cash cost at the case's price, and what would stop."""
    currency, water = answers.case.currency, answers.net.under_water()
    price = money(answers.net.with_vat(answers.net.price_per_t), currency)
    losing = say(
        "costs.at_of_capacity_do_not",
        price=price,
        capacity_kt=water.capacity_kt,
        capacity_share=water.capacity_share,
        currency=currency,
        loss_m_per_year=water.loss_m_per_year,
    )
    if answers.stops is not None:
        below = answers.stops.running_below_stop_kt(answers.case.industry.price_per_t)
        losing += " " + say("costs.at_this_price_would_stop", below=below)
    return losing


def _gained(value_m: float, currency: str) -> str:
    if abs(value_m) < 0.05:
        return say("meeting.gain_nothing")
    key = "meeting.gains" if value_m > 0.0 else "meeting.loses"
    return say(key, size=abs(value_m), currency=currency)


def _part(share: float) -> str:
    return percent(share) if share in (0.0, 1.0) or 0.005 <= share < 0.995 else percent(share, 1)


def weakest(held: MeetingResult) -> OwnerRow | None:
    """Return the member of the headline's group whose test is worst; None where there is no group."""
    members = [row for row in held.owners if row.member]
    return min(members, key=lambda row: min(row.gain_m_per_year, row.slack_m_per_year), default=None)


def asked_lines(held: MeetingResult, currency: str) -> list[str]:
    """Return what the tonnage asked for comes to, and the obstacles."""
    quote = " ".join(meeting_quote(held, currency))
    asked = say("meeting.asked_for", cut=held.least_cut_kt, leaving=Belief.KEEP, quote=quote)
    return [asked, *_against(held, currency)]


def meeting_lines(held: MeetingResult, currency: str) -> list[str]:
    """Return what a meeting comes to: verdict, obstacles, pressure, ranges, cuts alone; no more where there is none."""
    lines = [" ".join(meeting_quote(held, currency))]
    if held.verdict == "no verdict":
        return lines
    if examined := examined_sentence(held, currency):
        lines.append(examined)
    if hangs := leaving_sentence(held, currency):
        lines.append(hangs)
    lines += _against(held, currency)
    free = held.without_pressure
    if not math.isnan(free.margin_m_per_year):
        lines.append(
            say(
                "meeting.without_government_pressure_g_0",
                verdict=free.verdict,
                currency=currency,
                margin_m_per_year=free.margin_m_per_year,
            )
        )
    if held.share is not None:
        share = held.share
        words = with_error(share.of(), share.error_of(), share.bound_of())
        lines.append(say("meeting.a_voluntary_deal_holds_in", share=words, draws=share.draws))
    lone = [cut.owner for cut in held.lone_cuts]
    lines.append(
        say("meeting.with_no_deal_would_be", nash_cut_kt=held.nash_cut_kt, lone=lone)
        if lone
        else say("meeting.no_owner_would_idle_anything")
    )
    return lines


def _against(held: MeetingResult, currency: str) -> list[str]:
    """Say what stands in the way of the tonnage asked for; nothing where nothing does."""
    found = held.obstacles
    against = sorted(
        (item for item in found.obstacles if item.held_m_per_year > 0.0) if found is not None else (),
        key=lambda item: -item.held_m_per_year,
    )
    if found is not None and against and held.verdict == "no agreement":
        named = listing([say("obstacles.with_size", name=item.name, size=item.held_m_per_year) for item in against[:4]])
        more = shrinking_sentence(found)
        return [
            say(
                "meeting.what_stands_in_the_way_2" if more else "meeting.what_stands_in_the_way_3",
                currency=currency,
                named=named,
                more=more,
            )
        ]
    return []
