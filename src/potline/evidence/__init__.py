"""The model against the world: the record, imports of alumina against customs, the market without a deal."""

from potline.evidence.alumina_imports import AluminaImports, AluminaMonth, alumina_imports
from potline.evidence.answers import Answers, NotComputed
from potline.evidence.hindcast import Comparison, Hindcast, hindcast
from potline.evidence.no_deal import NoDealMarket, no_deal_market
from potline.evidence.record import Record, RecordLine, record

__all__ = [
    "AluminaImports",
    "AluminaMonth",
    "Answers",
    "Comparison",
    "Hindcast",
    "NoDealMarket",
    "NotComputed",
    "Record",
    "RecordLine",
    "alumina_imports",
    "hindcast",
    "no_deal_market",
    "record",
]
