"""The model against the world: the record, imports of alumina against customs, the market without a deal."""

from potline.evidence.alumina_imports import AluminaImports, AluminaMonth, alumina_imports, priced_abroad
from potline.evidence.checks import verify_imports, verify_no_deal
from potline.evidence.hindcast import Comparison, Hindcast, look_back
from potline.evidence.known import Known, NotComputed, needed
from potline.evidence.no_deal import NoDealMarket, no_deal_market
from potline.evidence.record import Record, RecordLine, compare

__all__ = [
    "AluminaImports",
    "AluminaMonth",
    "Comparison",
    "Hindcast",
    "Known",
    "NoDealMarket",
    "NotComputed",
    "Record",
    "RecordLine",
    "alumina_imports",
    "compare",
    "look_back",
    "needed",
    "no_deal_market",
    "priced_abroad",
    "verify_imports",
    "verify_no_deal",
]
