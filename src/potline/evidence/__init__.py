"""The model against the world: the record, imports of the input against customs, the market without a deal."""

from potline.evidence.checks import verify_imports, verify_no_deal
from potline.evidence.hindcast import Comparison, Hindcast, look_back
from potline.evidence.input_imports import InputImports, InputMonth, input_imports, priced_abroad
from potline.evidence.known import Known, NotComputed, needed
from potline.evidence.no_deal import NoDealMarket, no_deal_market
from potline.evidence.record import Fact, Record, RecordLine, compare
from potline.evidence.record_checks import verify_record
from potline.evidence.state import state

__all__ = [
    "Comparison",
    "Fact",
    "Hindcast",
    "InputImports",
    "InputMonth",
    "Known",
    "NoDealMarket",
    "NotComputed",
    "Record",
    "RecordLine",
    "compare",
    "input_imports",
    "look_back",
    "needed",
    "no_deal_market",
    "priced_abroad",
    "state",
    "verify_imports",
    "verify_no_deal",
    "verify_record",
]
