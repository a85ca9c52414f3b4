"""What a meeting's deal comes to beyond the verdict: under each institution, over time, divided, and with help."""

from __future__ import annotations

__all__ = ["LAW", "MOST_OWNERS", "DealAnswers", "deal_answers"]

from collections.abc import Sequence
from dataclasses import dataclass

from potline.agreement import (
    Convened,
    MeetingDivision,
    OverTime,
    Remedy,
    compare_institutions,
    divide_meeting,
    enforcement_over_time,
    remedy,
)
from potline.cases import Case
from potline.errors import InputError

MOST_OWNERS = 14
_FEW_OWNERS = 10
LAW = (
    "Potline analyses agreements; making one may break competition law: on 6 January 2026 China's market regulator "
    "(SAMR) halted a quota platform of polysilicon producers (pv magazine, 9 January 2026)."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DealAnswers:
    """The answers about one meeting's deal.

    Attributes:
        institutions: the meeting under each institution.
        over_time: whether the deal would be kept; None where no group reaches the tonnage.
        division: its gain divided.
        remedy: what it would take; None where it was not asked, or ``remedy_refused`` says why not.
    """

    institutions: tuple[Convened, ...]
    over_time: OverTime | None
    division: MeetingDivision
    remedy: Remedy | None
    remedy_refused: str = ""


def deal_answers(
    case: Case, *, rule: str | None = None, with_remedy: bool = True, only: Sequence[str] = ()
) -> DealAnswers | None:
    """Ask what a meeting's deal comes to; each question once. None for more than 14 owners at the table.

    Args:
        case: a case with a meeting. rule: how a cut is shared, the case's unless told otherwise.
        only: institutions by name; all unless named.
        with_remedy: also what it would take, for 10 owners at most; with more it takes a minute, and words say so.

    Raises:
        InputError: no meeting that can be held.
    """
    if case.meeting is not None and len(case.meeting.owners) > MOST_OWNERS:
        return None
    institutions = compare_institutions(case, only=only, rule=rule)
    division = divide_meeting(case, rule=rule)
    found, refused = None, ""
    if with_remedy and case.meeting is not None and len(case.meeting.owners) > _FEW_OWNERS:
        refused = (
            f"What a state or the owners could do is not computed in a brief of more than {_FEW_OWNERS} owners: "
            "`potline remedy` answers it in about a minute."
        )
    elif with_remedy:
        try:
            found = remedy(case, rule=rule)
        except InputError as error:
            refused = str(error)
    return DealAnswers(
        institutions=institutions,
        over_time=enforcement_over_time(case, rule=rule) if division.coalition else None,
        division=division,
        remedy=found,
        remedy_refused=refused,
    )
