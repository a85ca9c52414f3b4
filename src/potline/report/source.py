"""What figures say of where the model's numbers come from."""

from __future__ import annotations

__all__ = ["model_source"]

from potline.cases import Case
from potline.report.words import month_words


def model_source(case: Case, more: str = "") -> str:
    """Return the source line of a figure of a case."""
    return f"case {case.name}, {month_words(case.date)}; plants and prices as in tables plants and claims{more}"
