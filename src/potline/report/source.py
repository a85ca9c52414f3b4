"""What figures say of where the model's numbers come from."""

from __future__ import annotations

__all__ = ["model_source"]

from potline.cases import Case
from potline.report.saying import say


def model_source(case: Case, more: str = "") -> str:
    """Return the source line of a figure of a case."""
    return say("page.case_plants_and_prices_as", name=case.name, date=case.date, more=more)
