"""Cases: an industry with its meeting and, for every number, where it comes from; read from folders."""

from potline.cases.case import Case, Factor, Meeting, PlantNoise, RecordEntry, Series
from potline.cases.folders import new, shipped
from potline.cases.inputs import InputRange
from potline.cases.loading import check, load

__all__ = [
    "Case",
    "Factor",
    "InputRange",
    "Meeting",
    "PlantNoise",
    "RecordEntry",
    "Series",
    "check",
    "load",
    "new",
    "shipped",
]
