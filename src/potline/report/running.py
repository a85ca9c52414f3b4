"""Run a case: every question once, written as a folder that is whole or not there at all."""

from __future__ import annotations

__all__ = ["RunResult", "rerun", "run"]

import dataclasses
import json
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from potline.answers import Answers, Progress, quiet
from potline.beside import beside
from potline.cases import Case, load
from potline.cases.case_files import files_of
from potline.choices import Language
from potline.errors import CertificateFailed
from potline.plausibility import warning_data
from potline.report.briefing import whole_document
from potline.report.catalogue import speaking
from potline.report.changed_since import changed_since
from potline.report.contents import each_figure, headline, tables_of, unanswered_of
from potline.report.figure import Figure
from potline.report.folder import MANIFEST, file_hashes, whole_folder
from potline.report.forms import check_forms, in_form
from potline.report.listed import Listed, asked
from potline.report.manifest import differences, language_of, manifest, read_manifest
from potline.report.renderer import Draw, renderer
from potline.report.spoken import Spoken, about_words
from potline.report.table import Table, csv_text, table_json
from potline.report.workbook import Asked, workbook_bytes
from potline.showing import Shown
from potline.text import cleaned
from potline.verification import Check

_COMPUTING = 0.72
Named = list[tuple[Listed, list[str]]]
"""Questions with the names of their tables."""


def _silent(line: str) -> None:
    del line


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunResult(Shown):
    """A finished run.

    Attributes:
        folder: where it stands; ``brief`` is the page in it.
        answers: the typed results.
        verdict: the lines the command line prints.
        checks: what separate code found.
        manifest: as written.
        infeasible: whether something that was asked for cannot be.
        changed: files that differ from the run reproduced; only from :func:`rerun`.
    """

    folder: Path
    answers: Answers
    verdict: tuple[str, ...]
    checks: tuple[Check, ...]
    infeasible: bool
    manifest: Mapping[str, Any]
    changed: tuple[str, ...] = ()

    @property
    def brief(self) -> Path:
        """The page to open."""
        return self.folder / "brief.html"

    @property
    def certified(self) -> bool:
        """Whether every certificate holds."""
        return all(item.holds for item in self.checks)


def run(
    case: Case,
    questions: Sequence[Listed],
    *,
    draws: int = 1024,
    seed: int = 7,
    language: Language = Language.ENGLISH,
    pdf: bool = False,
    slides: bool = False,
    out: str | Path,
    progress: Progress = quiet,
    say: Callable[[str], None] = _silent,
) -> RunResult:
    """Answer every question of a case and write the run folder.

    The folder holds ``brief.html``, ``figures/`` (PNG, SVG), ``tables/`` (CSV), ``tables.xlsx``, ``results.json``, the
    case's own files and ``manifest.json``, which reproduces the run. It is built beside ``out`` and renamed at the end:
    an error or Ctrl-C leaves nothing half written. A figure is drawn while the next answer is computed.

    A question whose answer fails its certificate, or cannot be had, is left out and named with the reason; the others
    stand.

    Args:
        case: the case, overrides applied.
        questions: what is asked, in the order in which the brief tells it.
        draws: draws over the stated input ranges.
        seed: of the draws.
        language: of sentences, headings and figures.
        pdf: whether the brief is written as ``brief.pdf`` too.
        slides: whether it is written as ``brief.pptx`` too.
        out: the run folder; an earlier run there is replaced, anything else is refused.
        progress: called with what is being done and the share done.
        say: called with each line of the verdict as soon as it stands; the last one tells what checks found of it.

    Raises:
        InputError: ``out`` is taken, or the case cannot be answered.
    """
    forms = ["brief.html", *(["brief.pdf"] if pdf else []), *(["brief.pptx"] if slides else [])]
    check_forms(forms)
    whole = _Run(case, questions, draws, seed, progress, _once(say))
    with whole_folder(Path(out)) as folder, speaking(language), renderer() as draw:
        (folder / "figures").mkdir()
        try:
            with beside(case):
                answers, promised, spoken, named = whole.computed(draw, folder / "figures")
        except CertificateFailed:  # found beside: again, without what stands on that answer
            answers, promised, spoken, named = whole.computed(draw, folder / "figures")
        drawn = _drawn(promised, _part(progress, 0.80, 0.97))
        progress("writing the brief", 0.97)
        document, tables, checks = whole_document(answers, questions, figures=tuple(promised), drawn=drawn)
        infeasible = any(item.infeasible(answers) for item in asked(questions, answers))
        lines = spoken.closed(checks)
        numbers = headline(answers, questions, checks)
        _write_tables(tables, folder)
        changed = changed_since(Path(out), tables, numbers)
        data = workbook_bytes(_sheets(named, tables), title=case.title or case.name, changed=changed)
        (folder / "tables.xlsx").write_bytes(data)
        for name in forms:
            (folder / name).write_bytes(in_form(document, Path(name)))
        _write_json(
            folder / "results.json",
            {
                "case": case.name,
                "warnings": warning_data(answers.warnings),
                "settings": answers.settings,
                "headline": numbers,
                "verdict": list(lines),
                "not_answered": unanswered_of(answers, questions),
                "tables": {table.name: table_json(table) for table in tables},
            },
        )
        _copy_case(case, folder / "case")
        record = manifest(
            case,
            settings=answers.settings,
            language=language,
            warnings=warning_data(answers.warnings),
            checks=checks,
            files=file_hashes(folder),
        )
        _write_json(folder / MANIFEST, record)
    progress("done", 1.0)
    return RunResult(
        folder=Path(out), answers=answers, verdict=lines, checks=checks, infeasible=infeasible, manifest=record
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run is asked, and who is told."""

    case: Case
    questions: Sequence[Listed]
    draws: int
    seed: int
    progress: Progress
    say: Callable[[str], None]

    def computed(self, draw: Draw, place: Path) -> tuple[Answers, dict[Figure, Future[str]], Spoken, Named]:
        """Compute every answer, have its figures drawn meanwhile, and say each line as soon as it stands."""
        answers = Answers(self.case, draws=self.draws, seed=self.seed)
        asked_for = asked(self.questions, answers)
        promised: dict[Figure, Future[str]] = {}
        spoken = Spoken(answers, asked_for, self.say)
        share = _COMPUTING / max(len(asked_for), 1)
        for number, item in enumerate(asked_for):
            answers.tell = _part(self.progress, number * share, (number + 1) * share)
            spoken.after(item)
            promised |= {drawn: draw(drawn, place) for drawn in each_figure(answers, [item])}
        self.progress("figures and tables", _COMPUTING)
        named = [(item, [table.name for table in tables_of(answers, [item])]) for item in asked_for]
        return answers, promised, spoken, named


def _once(say: Callable[[str], None]) -> Callable[[str], None]:
    said: set[str] = set()

    def tell(line: str) -> None:
        if line not in said:
            said.add(line)
            say(line)

    return tell


def rerun(
    path: str | Path, questions: Sequence[Listed], *, out: str | Path | None = None, progress: Progress = quiet
) -> RunResult:
    """Repeat a run from its manifest and say which CSV and JSON files differ; none on the same machine and versions.

    Args:
        path: the run's folder or its manifest.
        out: the new run folder; beside the first, its name with ``-rerun``, unless given.
        progress: as for :func:`run`.

    Raises:
        InputError: no manifest there, or its case files are gone.
    """
    source = Path(path)
    before = read_manifest(source)
    language = language_of(before)
    folder = source if source.is_dir() else source.parent
    question = before["case"]
    case = load(folder / question["files"]).override(*question["overrides"])
    settings = before["settings"]
    place = folder.absolute().with_name(f"{folder.absolute().name}-rerun") if out is None else out
    result = run(
        case,
        questions,
        draws=settings["draws"],
        seed=settings["seed"],
        language=language,
        pdf="brief.pdf" in before["files_sha256"],
        slides="brief.pptx" in before["files_sha256"],
        out=place,
        progress=progress,
    )
    return dataclasses.replace(result, changed=differences(before, result.manifest))


def _drawn(asked: Mapping[Figure, Future[str]], tell: Progress) -> dict[str, str]:
    drawn: dict[str, str] = {}
    for place, (item, promise) in enumerate(asked.items()):
        tell(f"drawing {item.name.replace('_', ' ')}", place / len(asked))
        drawn[item.name] = promise.result()
    return drawn


def _sheets(named: Named, tables: Sequence[Table]) -> list[Asked]:
    """Return the questions, each with its own of the run's tables."""
    held = {table.name: table for table in tables}
    return [
        Asked(name=item.name, about=about_words(item), tables=tuple(held[name] for name in names if name in held))
        for item, names in named
    ]


def _write_tables(tables: Sequence[Table], folder: Path) -> None:
    (folder / "tables").mkdir()
    for table in tables:
        (folder / "tables" / f"{table.name}.csv").write_text(csv_text(table), encoding="utf-8", newline="\n")


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(_plain(content), ensure_ascii=False, indent=1, allow_nan=False, default=str)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _plain(content: Any) -> Any:
    """Return the same with null for numbers that JSON cannot hold, and text without control characters."""
    if isinstance(content, Mapping):
        return {str(key): _plain(value) for key, value in cast("Mapping[Any, Any]", content).items()}
    if isinstance(content, (list, tuple)):
        return [_plain(value) for value in cast("Sequence[Any]", content)]
    if isinstance(content, str):
        return cleaned(content)
    return None if isinstance(content, float) and not math.isfinite(content) else content


def _copy_case(case: Case, folder: Path) -> None:
    read = files_of(case)
    for name, data in read.bytes_by_name().items() if read is not None else ():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _part(tell: Progress, start: float, end: float) -> Progress:
    return lambda words, share: tell(words, start + (end - start) * share)
