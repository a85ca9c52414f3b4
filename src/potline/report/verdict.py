"""The answer in words: the line a journalist can quote, and the lines that stand with it."""

from __future__ import annotations

__all__ = [
    "LAW",
    "examined_sentence",
    "leaving_sentence",
    "losing_sentence",
    "meeting_lines",
    "meeting_quote",
    "shrinking_sentence",
    "weakest",
]

import math
from typing import TYPE_CHECKING

from potline.choices import Baseline, Belief, Institution
from potline.report.words import counted, listing, money, money_m, percent, signed, some, tonnes, with_error

if TYPE_CHECKING:
    from potline.agreement import Attribution, MeetingResult, OwnerRow
    from potline.answers import Answers

LAW = (
    "Potline analyses agreements; making one may break competition law: on 6 January 2026 China's market regulator "
    "(SAMR) halted a quota platform of polysilicon producers (pv magazine, 9 January 2026)."
)
_LEAVING = {
    Belief.KEEP: "If they keep their cut, as the verdict takes it",
    Belief.RESPREAD: "if they take over its part",
    Belief.COLLAPSE: "if the deal is off",
}


_FIRST = {
    "agreement": "An agreement exists",
    "no agreement": "No agreement",
    "not decided": "Not decided",
    "infeasible": "No deal is possible",
}
_SECOND = {
    "agreement": "one exists",
    "no agreement": "none",
    "not decided": "not decided",
    "infeasible": "no deal is possible",
}


def meeting_quote(held: MeetingResult, currency: str) -> tuple[str, str]:
    """Return the verdict of a meeting in a word or two and the sentence that explains it.

    Where the two baselines give different verdicts both stand in it: counted from the observed state, and beyond what
    owners would idle alone.
    """
    word, sentence = _observed_quote(held, currency)
    other = held.margin(baseline=Baseline.NASH)
    if other.verdict == held.verdict:
        return word, sentence
    cut = tonnes(held.least_cut_kt)
    found = {
        "agreement": f"{listing(other.coalition)} can idle {cut} more, the least of them better off by "
        f"{money_m(other.margin_m_per_year, currency)} a year",
        "infeasible": f"no group can idle {cut} more",
    }.get(other.verdict, f"the best group misses by {money_m(-other.margin_m_per_year, currency)} a year")
    first, second = _FIRST[held.verdict], _SECOND[other.verdict]
    return (
        f"{first} from the observed state, {second} beyond what owners would idle alone.",
        f"{sentence} With no deal owners would idle {tonnes(held.nash_cut_kt)} in their own interest; counted from "
        f"there {found}.",
    )


def _observed_quote(held: MeetingResult, currency: str) -> tuple[str, str]:
    cut = tonnes(held.least_cut_kt)
    if held.verdict == "infeasible":
        return "No deal is possible.", f"No group of the owners present can idle {cut}."
    if held.verdict == "agreement":
        return (
            "An agreement exists.",
            f"{listing(held.coalition)} can idle {cut} together and each is better off staying in: the least of them "
            f"by {money_m(held.margin_m_per_year, currency)} a year.",
        )
    worst = weakest(held)
    why = ""
    if held.verdict == "not decided":
        return (
            "Not decided.",
            f"No group of the {counted(len(held.owners), 'owner')} present was found that can idle {cut} together with "
            f"each member better off inside; the best found misses by {money_m(-held.margin_m_per_year, currency)} a "
            f"year, but only that none does better than {money_m(held.margin().upper_m_per_year, currency)} is proven.",
        )
    if worst is not None:
        inside, outside = worst.gain_m_per_year, worst.outside_gain_m_per_year
        why = (
            f" In the group that comes nearest, {worst.owner} would {_gained(inside, currency)} a year in the deal "
            f"{'but' if inside >= 0.0 else 'and'} {_gained(outside, currency)} by staying out while the others cut."
        )
    return (
        "No agreement.",
        f"No group of the {counted(len(held.owners), 'owner')} present can idle {cut} together without at least one "
        f"member doing better outside; the best group misses by {money_m(-held.margin_m_per_year, currency)} a "
        f"year.{why}",
    )


def examined_sentence(held: MeetingResult, currency: str) -> str:
    """Say how the groups were gone through, and what is left out, where there are many; empty where there are few."""
    how, owners = held.examined, counted(len(held.owners), "owner")
    said: list[str] = []
    if how.method == "alike":
        said.append(
            f"Groups of {owners} were counted by how many of each kind they hold: {how.coalitions:,} were scored, and "
            "the answer is that of all."
        )
    if how.method == "searched":
        gap = held.margin().gap_m_per_year
        better = "better" if gap <= how.tolerance_m_per_year else f"better by more than {money_m(gap, currency)} a year"
        said.append(
            f"{how.coalitions:,} groups were scored, and no group of all that {owners} can form does {better}: proven "
            f"by bounds on {how.boxes:,} sets of groups."
        )
    if held.obstacles is None:
        said.append("What stands in the way, and shares of the stated ranges, are left out with so many owners.")
    return " ".join(said)


def leaving_sentence(held: MeetingResult, currency: str) -> str:
    """Say how far the verdict hangs on what the others do once a member leaves; empty where no cut is feasible."""
    if held.verdict == "infeasible":
        return ""
    said: list[str] = []
    share = held.share
    for leaving, words in _LEAVING.items():
        margin = held.margin(leaving=leaving).margin_m_per_year
        size = signed(margin, 0 if abs(margin) >= 10 else 1)
        if said:
            text = f"{words}, {size} m"
            text += "" if share is None else f" and {_part(share.of(leaving=leaving))}"
        else:
            text = f"{words}, the best group's margin is {size} m {currency} a year"
            if share is not None:
                text += f" and a voluntary deal holds in {_part(share.of(leaving=leaving))} of the stated input ranges"
        if leaving == Belief.COLLAPSE and share is not None:
            text += (
                f" ({_part(share.of(Institution.TRANSFERS, leaving=leaving))} where members may also pay each other)"
            )
        said.append(text)
    open_ = [words for leaving, words in _LEAVING.items() if held.margin(leaving=leaving).verdict == "not decided"]
    if open_:
        said.append(f"the best found are meant: whether a better group holds is not decided {listing(open_).lower()}")
    return f"This hangs on what the others do once a member leaves. {'; '.join(said)}."


def shrinking_sentence(found: Attribution) -> str:
    """Name the obstacles that lose more than half their weight once the market clears again; empty where none does."""
    least = 0.05 * max((abs(item.held_m_per_year) for item in found.obstacles), default=0.0)
    gone = [
        f"{item.name} (from {signed(item.held_m_per_year)} to {signed(item.cleared_m_per_year)})"
        for item in found.obstacles
        if item.held_m_per_year > least and item.cleared_m_per_year < 0.5 * item.held_m_per_year
    ]
    if not gone:
        return ""
    shrink = "shrinks" if len(gone) == 1 else "shrink"
    return (
        "This holds price and running lines as they are; with the market cleared again after each removal, "
        f"{listing(gone)} {shrink}."
    )


def losing_sentence(answers: Answers) -> str:
    """Say what does not cover its cash cost at the case's price, and what would stop."""
    currency, water = answers.case.currency, answers.net.under_water()
    price = money(answers.net.with_vat(answers.net.price_per_t), currency)
    losing = (
        f"At {price}, {tonnes(water.capacity_kt)} ({percent(water.capacity_share)} of capacity) do not cover their "
        f"cash cost; their running lines lose {money_m(water.loss_m_per_year, currency)} a year."
    )
    if answers.stops is not None:
        below = answers.stops.running_below_stop_kt(answers.case.industry.price_per_t)
        losing += f" At this price {some(below, 'running lines')} would stop."
    return losing


def _gained(value_m: float, currency: str) -> str:
    if abs(value_m) < 0.05:
        return "gain nothing"
    return f"{'gain' if value_m > 0.0 else 'lose'} {money_m(abs(value_m), currency)}"


def _part(share: float) -> str:
    return percent(share) if share in (0.0, 1.0) or 0.005 <= share < 0.995 else percent(share, 1)


def weakest(held: MeetingResult) -> OwnerRow | None:
    """Return the member of the headline's group whose test is worst; None where there is no group."""
    members = [row for row in held.owners if row.member]
    return min(members, key=lambda row: min(row.gain_m_per_year, row.slack_m_per_year), default=None)


def meeting_lines(held: MeetingResult, currency: str) -> list[str]:
    """Return what a meeting comes to: verdict, obstacles, pressure, ranges, cuts alone."""
    lines = [" ".join(meeting_quote(held, currency))]
    if examined := examined_sentence(held, currency):
        lines.append(examined)
    if hangs := leaving_sentence(held, currency):
        lines.append(hangs)
    found = held.obstacles
    against = sorted(
        (item for item in found.obstacles if item.held_m_per_year > 0.0) if found is not None else (),
        key=lambda item: -item.held_m_per_year,
    )
    if found is not None and against and held.verdict == "no agreement":
        named = listing([f"{item.name} ({signed(item.held_m_per_year)})" for item in against[:4]])
        more = shrinking_sentence(found)
        lines.append(
            f"What stands in the way, m {currency} a year of margin won back if it were gone: {named}."
            + (f" {more}" if more else "")
        )
    free = held.without_pressure
    if not math.isnan(free.margin_m_per_year):
        lines.append(
            f"Without government pressure (g = 0): {free.verdict}, at {money_m(free.margin_m_per_year, currency)} a "
            "year."
        )
    if held.share is not None:
        share = held.share
        words = with_error(share.of(), share.error_of(), float(share.bound[0, 0, 0]))
        lines.append(
            f"A voluntary deal holds in {words} of the stated input ranges if the others keep their cut "
            f"({share.draws:,} draws)."
        )
    lone = [cut.owner for cut in held.lone_cuts]
    lines.append(
        f"With no deal {tonnes(held.nash_cut_kt)} would be idled in the owners' own interest; some cut would pay "
        f"{listing(lone, most=4)} if nobody else cut."
        if lone
        else "No owner would idle anything alone."
    )
    return lines
