"""Everything of the record that the model computes, by key."""

from __future__ import annotations

__all__ = ["QUANTITIES", "Basis", "Quantity", "industry_number", "parse_key"]

from potline.evidence.quantities_chain import CHAIN
from potline.evidence.quantities_costs import COSTS
from potline.evidence.quantities_industry import INDUSTRY
from potline.evidence.quantities_input import INPUT
from potline.evidence.quantities_meeting import MEETING
from potline.evidence.quantity import Basis, Quantity, industry_number, parse_key

QUANTITIES: dict[str, Quantity] = {**INDUSTRY, **COSTS, **INPUT, **CHAIN, **MEETING}
