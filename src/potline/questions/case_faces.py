"""What a case shows by itself; in a module of its own, so that one prints without loading what answers questions."""

from __future__ import annotations

__all__ = ["CASE_FACES"]

from collections.abc import Mapping
from typing import Any

from potline.cases import Case
from potline.report.face import Face
from potline.report.tables.inputs import input_tables


def _shown_numbers(case: Case) -> Mapping[str, Any]:
    industry, meeting = case.industry, case.meeting
    claims = len(case.claims)
    return {
        "plants": len(industry.plants),
        "capacity_kt": sum(plant.capacity_kt for plant in industry.plants),
        "running_kt": sum(plant.running_kt for plant in industry.plants),
        "price_per_t": industry.price_per_t,
        "at_the_meeting": () if meeting is None else meeting.owners,
        "asked_kt": None if meeting is None else meeting.least_cut_kt,
        "claims": claims,
        "assumed_share": case.claims.standings["assumed"] / claims if claims else None,
    }


_FACE: Face[Case] = Face(
    numbers=_shown_numbers,
    sentences=lambda case: [text for text in (case.title, case.description) if text],
    tables=input_tables,
)
CASE_FACES: dict[str, Face[Any]] = {"Case": _FACE}
