"""The model against the world: the record, imports of the input against customs, the market without a deal."""

from potline.evidence.checks import verify_imports, verify_no_deal
from potline.evidence.documented_checks import verify_documented
from potline.evidence.documented_stops import DocumentedStops, InputEnds, StopTest, documented_stops
from potline.evidence.hindcast import Comparison, Hindcast, look_back
from potline.evidence.input_imports import InputImports, InputMonth, input_imports, priced_abroad
from potline.evidence.known import Known, NotComputed, needed
from potline.evidence.no_deal import NoDealMarket, no_deal_market
from potline.evidence.record import Fact, Record, RecordLine, compare
from potline.evidence.record_checks import verify_record
from potline.evidence.state import state

__all__ = [
    "Comparison",
    "DocumentedStops",
    "Fact",
    "Hindcast",
    "InputEnds",
    "InputImports",
    "InputMonth",
    "Known",
    "NoDealMarket",
    "NotComputed",
    "Record",
    "RecordLine",
    "StopTest",
    "compare",
    "documented_stops",
    "input_imports",
    "look_back",
    "needed",
    "no_deal_market",
    "priced_abroad",
    "state",
    "verify_documented",
    "verify_imports",
    "verify_no_deal",
    "verify_record",
]
