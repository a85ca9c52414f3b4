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
from potline.report.table import Reading, Table, col, table_of
from potline.report.tables.institutions import INSTITUTION_NAMES

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
            col("owner", "Owner", "", lambda row: row.owner),
            col("member", "In the group", "", lambda row: row.member),
            col("running_kt", "Running", "kt/year", lambda row: row.running_kt),
            col("cut_kt", "Cut", "kt/year", lambda row: row.cut_kt),
            col(f"loss_{cur}_per_t", "Loss a tonne idled", unit, lambda row: row.loss_per_t),
            col(f"waiting_value_{cur}_per_t", "of it waiting", unit, lambda row: row.waiting_value_per_t),
            col(f"gain_m_{cur}_per_year", "Gain in the deal", money, lambda row: row.gain_m_per_year),
            col(f"outside_gain_m_{cur}_per_year", "Gain outside it", money, lambda row: row.outside_gain_m_per_year),
            col(f"slack_m_{cur}_per_year", "Slack", money, lambda row: row.slack_m_per_year),
            col("alone_cut_kt", "Best cut alone", "kt/year", lambda row: row.alone_cut_kt),
            col(f"alone_gain_m_{cur}_per_year", "Gain alone", money, lambda row: row.alone_gain_m_per_year),
            col("baseline_cut_kt", "Cut with no deal", "kt/year", lambda row: row.baseline_cut_kt),
            col(
                "best_reply",
                "Best reply",
                "",
                lambda row: "join" if row.slack_m_per_year >= 0.0 and row.participates else "stay out",
            ),
        ],
        name="owners",
        title="Owners at the table, in the group that comes nearest; outside it: as if they joined. Money without VAT.",
    )


def _margins(meeting: MeetingResult) -> Table:
    cur, _, money = _units(meeting)
    searched = meeting.examined.method == "searched"
    upper: Reading[Margin] = col(
        f"upper_margin_m_{cur}_per_year", "No group above", money, lambda item: item.upper_m_per_year
    )
    return table_of(
        meeting.margins,
        [
            col("institution", "Institution", "", lambda item: INSTITUTION_NAMES[item.institution]),
            col("baseline", "Baseline", "", lambda item: item.baseline),
            col("rule", "Sharing", "", lambda item: item.rule),
            col("leaving", "When one leaves", "", lambda item: item.leaving),
            col(f"margin_m_{cur}_per_year", "Margin", money, lambda item: item.margin_m_per_year),
            *((upper,) if searched else ()),
            col("verdict", "Verdict", "", lambda item: item.verdict),
            col("group", "Group", "", lambda item: _group(item.coalition, meeting)),
        ],
        name="margins",
        title="Margin of the best group by institution, baseline, sharing rule and what the others do when one leaves.",
        note="Margin: of the best group found; no group of all that could form is above the figure beside it."
        if searched
        else "",
    )


def _lone_cuts(meeting: MeetingResult) -> Table:
    cur, _, money = _units(meeting)
    return table_of(
        meeting.lone_cuts,
        [
            col("owner", "Owner", "", lambda item: item.owner),
            col("attends", "At the meeting", "", lambda item: item.attends),
            col("cut_kt", "Best cut alone", "kt/year", lambda item: item.cut_kt),
            col(f"gain_m_{cur}_per_year", "Gain", money, lambda item: item.gain_m_per_year),
        ],
        name="cuts_alone",
        title="Owners whose own cut pays even if nobody else cuts; each by itself, not to be added up.",
    )


def _coalitions(meeting: MeetingResult) -> Table:
    cur, unit, money = _units(meeting)
    table = meeting.coalitions
    order = np.argsort(-table.margin_m_per_year, kind="stable")[:_MOST].tolist()
    most = f" The best {_MOST:,} of {table.mask.size:,}." if table.mask.size > _MOST else ""
    which = "Every group that reaches the tonnage"
    if not table.complete:
        which = "Some groups that reach the tonnage: those that decide, near ones, the best tried, others drawn"
    elif meeting.examined.method == "alike":
        which = "Every group that reaches the tonnage, groups of owners alike once"
    return table_of(
        order,
        [
            col("group", "Group", "", lambda k: _group(table.names(k), meeting)),
            col("owners", "Owners", "", lambda k: int(table.size[k])),
            col("cut_kt", "Cut", "kt/year", lambda k: float(table.cut_kt[k])),
            col("output_fall_kt", "Output falls by", "kt/year", lambda k: float(table.output_fall_kt[k])),
            col(f"price_rise_{cur}_per_t", "Price rises by", unit, lambda k: float(table.price_rise_per_t[k])),
            col(f"price_{cur}_per_t", "Price", unit, lambda k: float(table.price_per_t[k])),
            col(f"input_relief_{cur}_per_t", "Input gets cheaper by", unit, lambda k: float(table.relief_per_t[k])),
            col(f"gain_m_{cur}_per_year", "Gain of all", money, lambda k: float(table.gain_m_per_year[k])),
            col(f"least_gain_m_{cur}_per_year", "Least gain", money, lambda k: float(table.least_gain_m_per_year[k])),
            col(
                f"least_slack_m_{cur}_per_year", "Least slack", money, lambda k: float(table.least_slack_m_per_year[k])
            ),
            col(f"margin_m_{cur}_per_year", "Margin", money, lambda k: float(table.margin_m_per_year[k])),
            col(
                f"transfers_m_{cur}_per_year",
                "Margin with transfers",
                money,
                lambda k: float(table.transfers_m_per_year[k]),
            ),
        ],
        name="groups",
        title=f"{which}, best margin first; prices without VAT.{most}",
    )


def _sweep(meeting: MeetingResult) -> Table:
    sweep, said = meeting.sweep, INSTITUTION_NAMES
    found = "; ".join(
        f"{said[name]}: {'none' if np.isnan(cut) else f'{cut:,.0f} kt/year'}"
        f"{'' if same else ' (not monotone on the grid)'}"
        for name, cut, same in zip(sweep.institutions, sweep.largest_cut_kt, sweep.monotone, strict=True)
    )
    cuts, baselines = sweep.least_cut_kt.tolist(), tuple(Baseline)
    upper = sweep.upper_m_per_year if meeting.examined.method == "searched" else None
    return table_of(
        product(range(len(cuts)), range(len(baselines)), range(len(sweep.leaving))),
        [
            col("least_cut_kt", "Least cut", "kt/year", lambda at: cuts[at[0]]),
            col("baseline", "Baseline", "", lambda at: baselines[at[1]]),
            col("leaving", "When one leaves", "", lambda at: sweep.leaving[at[2]]),
            *_swept(meeting, sweep.margin_m_per_year, "margin", ""),
            *(() if upper is None else _swept(meeting, upper, "upper", ", no group above")),
        ],
        name="tonnage_sweep",
        title="Margin by least tonnage asked for.",
        note=f"Largest cut that holds, baseline observed, others keep their cut: {found}.",
    )


def _swept(
    meeting: MeetingResult, values: NDArray[np.float64], name: str, words: str
) -> list[Reading[tuple[int, int, int]]]:
    """Return a column an institution of values by baseline, tonnage, what the others do, and institution."""
    cur, _, money = _units(meeting)

    def one(place: int, institution: Tested) -> Reading[tuple[int, int, int]]:
        return col(
            f"{institution}_{name}_m_{cur}_per_year",
            f"{INSTITUTION_NAMES[institution].capitalize()}{words}",
            money,
            lambda at: float(values[at[1], at[0], at[2], place]),
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
            _Removed("margin as it is", found.margin_m_per_year, None, None, found.cleared_margin_m_per_year),
            *(
                _Removed(
                    item.name,
                    item.held_m_per_year,
                    item.held_low_m_per_year,
                    item.held_high_m_per_year,
                    item.cleared_m_per_year,
                )
                for item in found.obstacles
            ),
            _Removed("margin without all", found.freed_m_per_year, None, None, found.cleared_freed_m_per_year),
        ],
        [
            col("obstacle", "Obstacle", "", lambda row: row.name),
            col(f"held_m_{cur}_per_year", "Market held", money, lambda row: row.held),
            col(f"held_low_m_{cur}_per_year", "5th percentile", money, lambda row: row.low),
            col(f"held_high_m_{cur}_per_year", "95th percentile", money, lambda row: row.high),
            col(f"cleared_m_{cur}_per_year", "Market cleared again", money, lambda row: row.cleared),
        ],
        name="obstacles",
        title="What removing each obstacle adds to the margin, averaged over the order of removal.",
        note=f"5th and 95th percentile over {found.draws:,} draws." if found.draws else "",
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
    least: Reading[_Needed] = col(f"least_m_{cur}_per_year", "No group below", money, lambda row: row.least)
    return table_of(
        [
            _Needed("may pay each other", found.with_compensation_m_per_year, found.least_with_m_per_year, pay),
            _Needed(
                "may not pay each other", found.without_compensation_m_per_year, found.least_without_m_per_year, free
            ),
        ],
        [
            col("members", "Members", "", lambda row: row.members),
            col(f"money_m_{cur}_per_year", "Money needed", money, lambda row: row.money),
            *((least,) if meeting.examined.method == "searched" else ()),
            col("group", "Group that needs least", "", lambda row: _group(row.group, meeting)),
        ],
        name="outside_money",
        title="Money from outside that would make a deal hold.",
    )


def _group(names: Sequence[str], meeting: MeetingResult) -> str:
    """Return a group's members; of more than 20 present those that are out where they are fewer."""
    present = [row.owner for row in meeting.owners]
    missing = [owner for owner in present if owner not in names]
    if len(present) <= _ALL_NAMED or len(names) <= len(missing):
        return "; ".join(names)
    return f"all but {'; '.join(missing)}" if missing else f"all {len(present)}"


def _units(meeting: MeetingResult) -> tuple[str, str, str]:
    currency = meeting.industry.currency
    return currency.lower(), f"{currency}/t", f"m {currency}/year"
