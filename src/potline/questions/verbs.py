"""The whole of a case: its run, the run again, its brief, over every question that is listed."""

from __future__ import annotations

__all__ = ["brief", "rerun", "run"]

from collections.abc import Callable
from pathlib import Path

from potline.answers import Progress, quiet
from potline.cases import Case
from potline.questions import listed
from potline.reading import DrawsOrNone, Seed, reads
from potline.report.briefing import Brief
from potline.report.briefing import brief as told
from potline.report.running import RunResult
from potline.report.running import rerun as repeated
from potline.report.running import run as answered


@reads
def run(
    case: Case,
    *,
    draws: DrawsOrNone = 1024,
    seed: Seed = 7,
    out: str | Path,
    progress: Progress = quiet,
    say: Callable[[str], None] | None = None,
) -> RunResult:
    """Answer every question of a case and write the run folder.

    Args:
        case: the case, overrides applied.
        draws: draws over the stated input ranges.
        seed: of the draws.
        out: the run folder; an earlier run there is replaced, anything else is refused.
        progress: called with what is being done and the share done.
        say: called with each line of the verdict as soon as it stands.

    Raises:
        InputError: ``out`` is taken, or the case cannot be answered.
    """
    more = {} if say is None else {"say": say}
    return answered(case, listed(), draws=draws, seed=seed, out=out, progress=progress, **more)


@reads
def rerun(path: str | Path, *, out: str | Path | None = None, progress: Progress = quiet) -> RunResult:
    """Repeat a run from its manifest and say which CSV and JSON files differ; none on the same machine and versions.

    Args:
        path: the run's folder or its manifest.
        out: the new run folder; beside the first, its name with ``-rerun``, unless given.
        progress: as for :func:`run`.

    Raises:
        InputError: no manifest there, or its case files are gone.
    """
    return repeated(path, listed(), out=out, progress=progress)


@reads
def brief(case: Case, *, draws: DrawsOrNone = 1024, seed: Seed = 7, progress: Progress = quiet) -> Brief:
    """Answer a case's questions and return the page alone, without a run folder.

    Raises:
        InputError: the case cannot be answered.
    """
    return told(case, listed(), draws=draws, seed=seed, progress=progress)
