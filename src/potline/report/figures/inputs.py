"""The figures of a run about what the margin hangs on."""

from __future__ import annotations

__all__ = ["input_figures"]

from collections.abc import Iterator
from typing import TYPE_CHECKING

from potline.report.figure import Figure
from potline.report.figures.stability import map_figure
from potline.report.figures.tornado import sensitivity_figure, tornado_figure
from potline.report.figures.triggers import trigger_figure

if TYPE_CHECKING:
    from potline.industry import Industry
    from potline.report.answers_inputs import InputAnswers


def input_figures(found: InputAnswers, industry: Industry, *, rule: str, source: str) -> Iterator[Figure | None]:
    """Yield each figure that has something to show."""
    ranges = f"{source}; ranges as in table factors, without VAT"
    if found.tornado is not None:
        yield tornado_figure(found.tornado, currency=industry.currency, source=ranges)
    if found.sensitivity is not None:
        yield sensitivity_figure(found.sensitivity, source=ranges)
    if found.maps:
        yield map_figure(found.maps, currency=industry.currency, source=ranges)
    yield trigger_figure(found.triggers, industry, rule=rule, source=source)
