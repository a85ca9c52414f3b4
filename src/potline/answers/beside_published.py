"""Results that stand beside single published numbers: imports of the input by month, documented stops."""

from __future__ import annotations

__all__ = ["BesidePublished"]

from typing import TYPE_CHECKING

from potline.answers.asking import computed_once
from potline.answers.windows import Windowed

if TYPE_CHECKING:
    from potline.evidence import DocumentedStops, InputImports


class BesidePublished(Windowed):
    """What a case answers beside published numbers."""

    @computed_once
    def imports(self) -> InputImports | None:
        """Imports of the input by month of landing; None without a market of it, import parity and a series of FOB."""
        from potline.evidence.input_imports import input_imports, priced_abroad

        return input_imports(self.case) if priced_abroad(self.case) else None

    @computed_once
    def quotes(self) -> InputImports | None:
        """The same at the price abroad of the month itself, as prices are quoted."""
        from potline.evidence.input_imports import input_imports, priced_abroad

        return input_imports(self.case, lag_months=0) if priced_abroad(self.case) else None

    @computed_once
    def documented(self) -> DocumentedStops | None:
        """Documented stops beside the model; None where the case has none, or no price process."""
        if not self.case.documented_stops or self.case.industry.process is None:
            return None
        from potline.evidence import documented_stops

        return documented_stops(self.case)
