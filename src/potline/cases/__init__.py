"""Cases: an industry with its meeting and, for every number, where it comes from; read from folders."""

from potline.cases.case import Case
from potline.cases.files import ExtraColumn
from potline.cases.folders import new, shipped
from potline.cases.frames import case_frames, case_from_frames
from potline.cases.inputs import InputRange
from potline.cases.loading import check, load
from potline.cases.outcome import Outcome
from potline.cases.parts import DocumentedStop, Factor, Meeting, MonthFact, PlantNoise, RecordEntry, Series
from potline.cases.upgrading import Upgrade, upgrade

__all__ = [
    "Case",
    "DocumentedStop",
    "ExtraColumn",
    "Factor",
    "InputRange",
    "Meeting",
    "MonthFact",
    "Outcome",
    "PlantNoise",
    "RecordEntry",
    "Series",
    "Upgrade",
    "case_frames",
    "case_from_frames",
    "check",
    "load",
    "new",
    "shipped",
    "upgrade",
]
