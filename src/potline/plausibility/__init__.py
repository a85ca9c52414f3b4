"""What is unusual in a case, or contradicts itself: warnings, which stop no answer and stand in its first lines."""

from potline.plausibility.checking import check
from potline.plausibility.usual import UsualRange, usual_ranges
from potline.plausibility.warning import CaseWarning, warning_data, warning_lines

__all__ = ["CaseWarning", "UsualRange", "check", "usual_ranges", "warning_data", "warning_lines"]
