"""The whole of a case: its run, the run again, its brief, over every question that is listed."""

from __future__ import annotations

__all__ = ["brief", "compare", "rerun", "run"]

from collections.abc import Callable, Sequence
from pathlib import Path

from potline.answers import Progress, quiet
from potline.cases import Case
from potline.choices import Language
from potline.questions import listed
from potline.reading import DrawsOrNone, Seed, one_of, reads
from potline.report.briefing import Brief
from potline.report.briefing import brief as told
from potline.report.comparing import CaseComparison
from potline.report.comparing import compare as set_beside
from potline.report.running import RunResult
from potline.report.running import rerun as repeated
from potline.report.running import run as answered


@reads
def run(
    case: Case,
    *,
    draws: DrawsOrNone = 1024,
    seed: Seed = 7,
    language: Language = Language.ENGLISH,
    pdf: bool = False,
    slides: bool = False,
    out: str | Path,
    progress: Progress = quiet,
    say: Callable[[str], None] | None = None,
) -> RunResult:
    """Answer every question of a case and write the run folder.

    Args:
        case: the case, overrides applied.
        draws: draws over the stated input ranges.
        seed: of the draws.
        language: of sentences, headings and figures; names of columns and keys are English in all.
        pdf: whether the brief is written as ``brief.pdf`` too.
        slides: whether it is written as ``brief.pptx`` too, a slide for each figure.
        out: the run folder; an earlier run there is replaced, anything else is refused.
        progress: called with what is being done and the share done.
        say: called with each line of the verdict as soon as it stands.

    Raises:
        InputError: ``out`` is taken, or the case cannot be answered.
    """
    more = {} if say is None else {"say": say}
    return answered(
        case,
        listed(),
        draws=draws,
        seed=seed,
        language=language,
        pdf=pdf,
        slides=slides,
        out=out,
        progress=progress,
        **more,
    )


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
def brief(
    case: Case,
    *,
    draws: DrawsOrNone = 1024,
    seed: Seed = 7,
    language: Language = Language.ENGLISH,
    progress: Progress = quiet,
) -> Brief:
    """Answer a case's questions and return it alone, without a run folder.

    Args:
        case: the case, overrides applied.
        draws: draws over the stated input ranges.
        seed: of the draws.
        language: of sentences, headings and figures; names of columns and keys are English in all.
        progress: called with what is being done and the share done.

    Raises:
        InputError: the case cannot be answered.
    """
    return told(case, listed(), draws=draws, seed=seed, language=language, progress=progress)


@reads
def compare(
    before: Case,
    after: Case,
    *,
    only: Sequence[str] = (),
    draws: DrawsOrNone = 0,
    seed: Seed = 7,
    progress: Progress = quiet,
) -> CaseComparison:
    """Set two cases side by side: which inputs differ, and what that makes of headline numbers and tables.

    Args:
        before, after: the cases; ``after`` often ``before.override("PATH=VALUE")``.
        only: names of the questions asked, ``costs``, ``largest_deal``; all unless given.
        draws: over the stated input ranges, 0 for none.
        seed: of the draws.
        progress: called with what is being done and the share done.

    Returns:
        The comparison; its certificate says whether each difference, computed again, is the one stated.

    Raises:
        InputError: no such question, or a case that cannot be answered.

    Examples:
        >>> import potline as pot
        >>> case = pot.load("china-aluminium-2015")
        >>> found = pot.compare(case, case.override("price_cny_per_t+=100"), only=("costs",))
        >>> found.inputs[0].name, found.number("price_quoted_cny_per_t").difference
        ('industry.demand.price_per_t', 100.0)
    """
    names = {item.name: item for item in listed()}
    for name in only:
        one_of("only", name, names, "question")
    questions = [names[name] for name in only] if only else listed()
    return set_beside(before, after, questions, draws=draws, seed=seed, progress=progress)
