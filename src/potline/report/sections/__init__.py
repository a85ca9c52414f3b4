"""The nine sections of the brief, in the order of the article; each file writes the words of one or two of them."""

from __future__ import annotations

from potline.report.sections.evidence import method_section, record_section, sources_section
from potline.report.sections.markets import alumina_section, price_section, subsidies_section
from potline.report.sections.meeting import meeting_section, remedy_section
from potline.report.sections.parts import Parts, losses_section

__all__ = ["Parts", "sections_of"]


def sections_of(parts: Parts) -> list[tuple[str, str]]:
    """Return the title and the inside of every section; what a case does not ask is said, not left out."""
    return [
        ("Losses", losses_section(parts)),
        ("The meeting", meeting_section(parts)),
        ("Price", price_section(parts)),
        ("Subsidies", subsidies_section(parts)),
        ("Alumina" if parts.product == "alumina" else "Inputs", alumina_section(parts)),
        ("The record", record_section(parts)),
        ("What would it take", remedy_section(parts)),
        ("Sources and standings", sources_section(parts)),
        ("Method and certificates", method_section(parts)),
    ]
