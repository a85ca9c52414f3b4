"""Subcommands that answer every question of a case: the run, and its brief alone."""

from __future__ import annotations

__all__ = ["brief", "run"]

from pathlib import Path
from typing import TYPE_CHECKING

import click

from potline.cli.options import case_and_changes, draws_and_seed, language, loaded, printing, refuse_idle
from potline.cli.printing import answered, progress_bar
from potline.cli.terminal import echo_json, say
from potline.errors import CertificateFailed, Infeasible

if TYPE_CHECKING:
    from potline.choices import Language
    from potline.report.briefing import Brief
    from potline.report.running import RunResult


@click.command(
    epilog="Examples: potline run china-aluminium-2013   |   "
    "potline run my-case --set 'price_cny_per_t=15000' --draws 4096 --out runs/dear"
)
@case_and_changes
@draws_and_seed
@click.option("--out", type=click.Path(path_type=Path), help="Run folder; runs/CASE unless given.")
@click.option("--pdf", is_flag=True, help="Write the brief as brief.pdf too.")
@click.option("--slides", is_flag=True, help="Write brief.pptx too: the verdict, and a slide for each figure.")
@language
@printing
def run(
    case: str,
    overrides: tuple[str, ...],
    draws: int,
    seed: int,
    out: Path | None,
    pdf: bool,
    slides: bool,
    language: Language | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Answer every question of CASE and write the run: brief, figures, tables, manifest."""
    from potline.choices import Language
    from potline.questions.verbs import run as whole

    refuse_idle()
    found = loaded(case, overrides)
    folder = out or Path("runs") / found.name
    with progress_bar(shown=not (as_json or quiet)) as tell:
        result = whole(
            found,
            draws=draws,
            seed=seed,
            language=language or Language.ENGLISH,
            pdf=pdf,
            slides=slides,
            out=folder,
            progress=tell,
            say=None if as_json else say,
        )
    if as_json:
        echo_json((result.folder / "results.json").read_text(encoding="utf-8").strip())
    else:
        say(f"Brief: {result.brief}")
    _leave(result)


@click.command(epilog="Example: potline brief china-aluminium-2013 --out beijing.pdf")
@case_and_changes
@draws_and_seed
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("brief.html"),
    show_default=True,
    help="The file; its ending decides: .html a page, .pdf paper, .pptx a slide for each figure.",
)
@language
@printing
def brief(
    case: str,
    overrides: tuple[str, ...],
    draws: int,
    seed: int,
    out: Path,
    language: Language | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write the brief of CASE alone: one file that needs nothing else, a page, paper or slides."""
    from potline.choices import Language
    from potline.plausibility import check
    from potline.questions.verbs import brief as page
    from potline.report.forms import check_brief_place

    refuse_idle()
    found = loaded(case, overrides)
    check_brief_place(out)
    with progress_bar(shown=not (as_json or quiet)) as tell:
        result = page(found, draws=draws, seed=seed, language=language or Language.ENGLISH, progress=tell)
        written = result.write(out)
    answered([f"Brief: {written}"], warnings=check(found), case=found, as_json=as_json, quiet=quiet)
    _leave(result)


def _leave(result: RunResult | Brief) -> None:
    if not result.certified:
        raise click.exceptions.Exit(CertificateFailed.exit_code)
    if result.infeasible:
        raise click.exceptions.Exit(Infeasible.exit_code)
