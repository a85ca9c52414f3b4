"""From typed results to figures, tables, the brief and the run folder. Nothing is computed here but averages shown."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from potline.report.answers import Answers, answer
    from potline.report.briefing import Brief, brief
    from potline.report.figure import Figure
    from potline.report.running import RunResult, rerun, run
    from potline.report.table import Table
    from potline.report.verdict import verdict_lines

__all__ = [
    "Answers",
    "Brief",
    "Figure",
    "RunResult",
    "Table",
    "answer",
    "brief",
    "rerun",
    "run",
    "verdict_lines",
]

_HOMES = {
    "Answers": "answers",
    "Brief": "briefing",
    "Figure": "figure",
    "RunResult": "running",
    "Table": "table",
    "answer": "answers",
    "brief": "briefing",
    "rerun": "running",
    "run": "running",
    "verdict_lines": "verdict",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
