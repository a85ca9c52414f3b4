"""Tables of the meeting: margins, owners, groups, tonnage, obstacles, cuts alone, outside money."""

from __future__ import annotations

__all__ = ["meeting_tables", "owners_table"]

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from potline.agreement import Attribution, Margin, MeetingResult
from potline.choices import Baseline, Tested
from potline.report.saying import called, say
from potline.report.table import Reading, Table, code, col, table_of

_MOST = 5000
_ALL_NAMED = 20


def meeting_tables(meeting: MeetingResult) -> tuple[Table, ...]:
    """Return every table of a meeting."""
    obstacles = () if meeting.obstacles is None else (_obstacles(meeting, meeting.obstacles),)
    return (
        _margins(meeting),
        owners_table(meeting),
        _lone_cuts(meeting),
        _coalitions(meeting),
        _sweep(meeting),
        *obstacles,
        _money(meeting),
    )


def owners_table(meeting: MeetingResult) -> Table:
    """Return one row an owner at the table, in the group of the headline or as if it joined."""
    cur, unit, money = _units(meeting)
    return table_of(
        meeting.owners,
        [
            col("owner", "", lambda row: row.owner),
            col("member", "", lambda row: row.member),
            col("running_kt", "kt/year", lambda row: row.running_kt),
            col("cut_kt", "kt/year", lambda row: row.cut_kt),
            col("loss_{cur}_per_t", unit, lambda row: row.loss_per_t),
            col("waiting_value_{cur}_per_t", unit, lambda row: row.waiting_value_per_t),
            col("gain_m_{cur}_per_year", money, lambda row: row.gain_m_per_year),
            col("outside_gain_m_{cur}_per_year", money, lambda row: row.outside_gain_m_per_year),
            col("slack_m_{cur}_per_year", money, lambda row: row.slack_m_per_year),
            col("alone_cut_kt", "kt/year", lambda row: row.alone_cut_kt),
            col("alone_gain_m_{cur}_per_year", money, lambda row: row.alone_gain_m_per_year),
            col("baseline_cut_kt", "kt/year", lambda row: row.baseline_cut_kt),
            col(
                "best_reply",
                "",
                lambda row: (
                    say("meeting.join") if row.slack_m_per_year >= 0.0 and row.participates else say("meeting.stay_out")
                ),
            ),
        ],
        said="meeting.owners",
        cur=cur,
    )


def _margins(meeting: MeetingResult) -> Table:
    cur, _, money = _units(meeting)
    searched = meeting.examined.method == "searched"
    upper: Reading[Margin] = col(
        f"upper_margin_m_{cur}_per_year", money, lambda item: item.upper_m_per_year, label=say("meeting.no_group_above")
    )
    return table_of(
        meeting.margins,
        [
            col("institution", "", lambda item: called("institution", item.institution)),
            code("baseline", lambda item: item.baseline),
            code("rule", lambda item: item.rule),
            code("leaving", lambda item: item.leaving),
            col("margin_m_{cur}_per_year", money, lambda item: item.margin_m_per_year),
            *((upper,) if searched else ()),
            code("verdict", lambda item: item.verdict),
            col("group", "", lambda item: _group(item.coalition, meeting)),
        ],
        said="meeting.margins",
        cur=cur,
        note=say("meeting.margin_of_the_best_group") if searched else "",
    )


def _lone_cuts(meeting: MeetingResult) -> Table:
    cur, _, money = _units(meeting)
    return table_of(
        meeting.lone_cuts,
        [
            col("owner", "", lambda item: item.owner),
            col("attends", "", lambda item: item.attends),
            col("cut_kt", "kt/year", lambda item: item.cut_kt),
            col("gain_m_{cur}_per_year", money, lambda item: item.gain_m_per_year),
        ],
        said="meeting.cuts_alone",
        cur=cur,
    )


def _coalitions(meeting: MeetingResult) -> Table:
    cur, unit, money = _units(meeting)
    table = meeting.coalitions
    order = np.argsort(-table.margin_m_per_year, kind="stable")[:_MOST].tolist()
    most = " " + say("meeting.the_best_of", most=_MOST, size=table.mask.size) if table.mask.size > _MOST else ""
    which = say("meeting.every_group_that_reaches_the")
    if not table.complete:
        which = say("meeting.some_groups_that_reach_the")
    elif meeting.examined.method == "alike":
        which = say("meeting.every_group_that_reaches_the_2")
    return table_of(
        order,
        [
            col("group", "", lambda k: _group(table.names(k), meeting)),
            col("owners", "", lambda k: int(table.size[k])),
            col("cut_kt", "kt/year", lambda k: float(table.cut_kt[k])),
            col("output_fall_kt", "kt/year", lambda k: float(table.output_fall_kt[k])),
            col("price_rise_{cur}_per_t", unit, lambda k: float(table.price_rise_per_t[k])),
            col("price_{cur}_per_t", unit, lambda k: float(table.price_per_t[k])),
            col("input_relief_{cur}_per_t", unit, lambda k: float(table.relief_per_t[k])),
            col("gain_m_{cur}_per_year", money, lambda k: float(table.gain_m_per_year[k])),
            col("least_gain_m_{cur}_per_year", money, lambda k: float(table.least_gain_m_per_year[k])),
            col("least_slack_m_{cur}_per_year", money, lambda k: float(table.least_slack_m_per_year[k])),
            col("margin_m_{cur}_per_year", money, lambda k: float(table.margin_m_per_year[k])),
            col(
                "transfers_m_{cur}_per_year",
                money,
                lambda k: float(table.transfers_m_per_year[k]),
            ),
        ],
        said="meeting.groups",
        cur=cur,
        which=which,
        most=most,
    )


def _sweep(meeting: MeetingResult) -> Table:
    sweep = meeting.sweep
    found = "; ".join(
        say(
            "obstacles.holds_no_cut" if np.isnan(cut) else "obstacles.holds_cut",
            who=called("institution", name),
            cut=cut,
        )
        + ("" if same else say("obstacles.not_monotone"))
        for name, cut, same in zip(sweep.institutions, sweep.largest_cut_kt, sweep.monotone, strict=True)
    )
    cuts, baselines = sweep.least_cut_kt.tolist(), tuple(Baseline)
    upper = sweep.upper_m_per_year if meeting.examined.method == "searched" else None
    return table_of(
        product(range(len(cuts)), range(len(baselines)), range(len(sweep.leaving))),
        [
            col("least_cut_kt", "kt/year", lambda at: cuts[at[0]]),
            code("baseline", lambda at: baselines[at[1]]),
            code("leaving", lambda at: sweep.leaving[at[2]]),
            *_swept(meeting, sweep.margin_m_per_year, "margin", ""),
            *(() if upper is None else _swept(meeting, upper, "upper", say("obstacles.upper"))),
        ],
        said="obstacles.tonnage_sweep",
        found=found,
    )


def _swept(
    meeting: MeetingResult, values: NDArray[np.float64], name: str, words: str
) -> list[Reading[tuple[int, int, int]]]:
    """Return a column an institution of values by baseline, tonnage, what the others do, and institution."""
    cur, _, money = _units(meeting)

    def one(place: int, institution: Tested) -> Reading[tuple[int, int, int]]:
        return col(
            f"{institution}_{name}_m_{cur}_per_year",
            money,
            lambda at: float(values[at[1], at[0], at[2], place]),
            label=f"{called('institution', institution).capitalize()}{words}",
        )

    return [one(place, institution) for place, institution in enumerate(meeting.sweep.institutions)]


class _Removed(NamedTuple):
    """An obstacle, or the margin with or without all of them: the market held, with its spread, and cleared again."""

    name: str
    held: float
    low: float | None
    high: float | None
    cleared: float


def _obstacles(meeting: MeetingResult, found: Attribution) -> Table:
    cur, _, money = _units(meeting)
    return table_of(
        [
            _Removed(
                say("obstacles.margin_as_it_is"), found.margin_m_per_year, None, None, found.cleared_margin_m_per_year
            ),
            *(
                _Removed(
                    called("obstacle", item.name),
                    item.held_m_per_year,
                    item.held_low_m_per_year,
                    item.held_high_m_per_year,
                    item.cleared_m_per_year,
                )
                for item in found.obstacles
            ),
            _Removed(
                say("obstacles.margin_without_all"), found.freed_m_per_year, None, None, found.cleared_freed_m_per_year
            ),
        ],
        [
            col("obstacle", "", lambda row: row.name),
            col("held_m_{cur}_per_year", money, lambda row: row.held),
            col("held_low_m_{cur}_per_year", money, lambda row: row.low),
            col("held_high_m_{cur}_per_year", money, lambda row: row.high),
            col("cleared_m_{cur}_per_year", money, lambda row: row.cleared),
        ],
        said="obstacles.obstacles",
        cur=cur,
        note=say("obstacles.5th_and_95th_percentile_over", draws=found.draws) if found.draws else "",
    )


class _Needed(NamedTuple):
    """Money from outside that one kind of group needs."""

    members: str
    money: float
    least: float
    group: Sequence[str]


def _money(meeting: MeetingResult) -> Table:
    cur, _, money = _units(meeting)
    found = meeting.outside_money
    pay, free = found.coalition_with, found.coalition_without
    least: Reading[_Needed] = col(
        f"least_m_{cur}_per_year", money, lambda row: row.least, label=say("obstacles.no_group_below")
    )
    return table_of(
        [
            _Needed(
                say("obstacles.may_pay_each_other"),
                found.with_compensation_m_per_year,
                found.least_with_m_per_year,
                pay,
            ),
            _Needed(
                say("obstacles.may_not_pay_each_other"),
                found.without_compensation_m_per_year,
                found.least_without_m_per_year,
                free,
            ),
        ],
        [
            col("members", "", lambda row: row.members),
            col("money_m_{cur}_per_year", money, lambda row: row.money),
            *((least,) if meeting.examined.method == "searched" else ()),
            col("group", "", lambda row: _group(row.group, meeting)),
        ],
        said="obstacles.outside_money",
        cur=cur,
    )


def _group(names: Sequence[str], meeting: MeetingResult) -> str:
    """Return a group's members; of more than 20 present those that are out where they are fewer."""
    present = [row.owner for row in meeting.owners]
    missing = [owner for owner in present if owner not in names]
    if len(present) <= _ALL_NAMED or len(names) <= len(missing):
        return "; ".join(names)
    return say("meeting.all_but", missing="; ".join(missing)) if missing else say("meeting.all", present=len(present))


def _units(meeting: MeetingResult) -> tuple[str, str, str]:
    currency = meeting.industry.currency
    return currency.lower(), f"{currency}/t", f"m {currency}/year"
