"""The question a meeting poses: who sits there, how a cut is shared, how much of it, for how long."""

from __future__ import annotations

__all__ = ["Question", "everyone_at", "question_of"]

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.cases import Case, Meeting
from potline.cases.limits import MOST_GONE_THROUGH
from potline.choices import Rule
from potline.errors import InputError, Problem

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """A meeting in numbers.

    Attributes:
        owners: who decides at the table, those with a plant.
        attendees: their place among the industry's owners.
        rule: how a cut is shared.
        stated_cut_kt: of each of ``owners``, 0 where none is stated.
        term_years, least_cut_kt, sweep_kt: as in the case.
    """

    owners: tuple[str, ...]
    attendees: NDArray[np.int64]
    rule: Rule
    stated_cut_kt: Floats
    term_years: float
    least_cut_kt: float
    sweep_kt: tuple[float, ...]


def everyone_at(case: Case) -> Case:
    """Return the case with every owner that runs a plant at its meeting, and nobody else.

    Raises:
        InputError: the case has no meeting.
    """
    industry = case.industry
    meeting = _meeting_of(case)
    owned = zip(industry.plants, industry.plant_owners, strict=True)
    running = {owner for plant, owner in owned if plant.running_kt > 0.0}
    owners = tuple(owner for owner in industry.owners if owner in running)
    return dataclasses.replace(case, meeting=dataclasses.replace(meeting, firms=owners, owners=owners))


def question_of(case: Case, rule: Rule | None = None, *, most: int = MOST_GONE_THROUGH) -> Question:
    """Read the question from a case.

    Args:
        case: a case with a meeting.
        rule: how a cut is shared, the case's unless told otherwise.
        most: owners that can be dealt with.

    Raises:
        InputError: no meeting, fewer than two or more than ``most`` owners, no price above 0, or no cut stated.
    """
    meeting = _meeting_of(case)
    owners = tuple(owner for owner in meeting.owners if owner in case.industry.owners)
    chosen = rule or meeting.rule
    problems: list[Problem] = []
    if not 2 <= len(owners) <= most:
        hint = "Every set of them is a possible deal."
        if len(owners) > most == MOST_GONE_THROUGH:
            hint = (
                "Every set of them is a possible deal, and here all are gone through. Name fewer firms in "
                "`meeting.firms`; `potline meeting` bounds what more of them can agree."
            )
        elif len(owners) > most:
            hint = (
                f"Every set of them is a possible deal; {most} are the most that can be searched. Let small owners "
                "decide together: give them one `owner` in firms.csv."
            )
        problems.append(
            Problem(
                where="meeting, firms",
                found=f"{len(owners)} deciding owners with plants",
                needed=f"2 to {most}",
                hint=hint,
            )
        )
    price = case.industry.price_per_t
    if not price > 0.0:
        found = "none" if math.isnan(price) else f"{price:.15g}"
        hint = "Gains and losses of a cut are counted from the price of the date."
        problems.append(Problem(where="industry.price_per_t", found=found, needed="a price above 0", hint=hint))
    if meeting.term_years <= 0.0:
        problems.append(Problem(where="meeting.term_years", found=f"{meeting.term_years:g}", needed="above 0"))
    if meeting.least_cut_kt < 0.0:
        problems.append(Problem(where="meeting.least_cut_kt", found=f"{meeting.least_cut_kt:g}", needed="0 or more"))
    stated = dict.fromkeys(owners, 0.0)
    for firm, cut in meeting.stated_cuts_kt:
        owner = case.industry.owner(firm)
        if owner in stated:
            stated[owner] += cut
    if chosen == Rule.STATED and not any(stated.values()):
        problems.append(
            Problem(
                where="meeting.stated_cuts_kt", found="no cut of an owner present", needed="at least two for this rule"
            )
        )
    if problems:
        raise InputError(problems)
    places = {owner: k for k, owner in enumerate(case.industry.owners)}
    return Question(
        owners=owners,
        attendees=np.array([places[owner] for owner in owners], dtype=np.int64),
        rule=chosen,
        stated_cut_kt=np.array([stated[owner] for owner in owners]),
        term_years=meeting.term_years,
        least_cut_kt=meeting.least_cut_kt,
        sweep_kt=meeting.sweep_kt,
    )


def _meeting_of(case: Case) -> Meeting:
    if case.meeting is None:
        raise InputError(
            [Problem(where=f"case {case.name!r}", found="no meeting", needed="a [meeting] table in case.toml")]
        )
    return case.meeting
