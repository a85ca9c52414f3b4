"""The stakes of an incentive table, checked: those given, or those of an industry, by code of its own."""

from __future__ import annotations

__all__ = ["check_stakes"]

import dataclasses
import math
from typing import TYPE_CHECKING

from potline.agreement.certificate import Gaps
from potline.industry import Industry

if TYPE_CHECKING:
    from potline.agreement.enforcement.deals import DealPayoffs
    from potline.agreement.enforcement.table import IncentiveTable


def check_stakes(gaps: Gaps, name: str, result: IncentiveTable) -> None:
    """Check that a table is about the stakes asked about, under the name of a check."""
    stakes = result.stakes
    if not isinstance(stakes, Industry):
        _same(gaps, name, result.deal, stakes)
        gaps.same(name, result.severity, math.nan)


def _same(gaps: Gaps, name: str, deal: DealPayoffs, asked: DealPayoffs) -> None:
    for field in dataclasses.fields(deal):
        said, wanted = getattr(deal, field.name), getattr(asked, field.name)
        if field.name == "owners":
            gaps.equal(name, said, wanted)
        else:
            gaps.same(name, said, wanted)
