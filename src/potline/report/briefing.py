"""The brief: one page that answers the case's questions in the order of the article, words before numbers."""

from __future__ import annotations

__all__ = ["Brief", "brief", "brief_page", "check_page_place"]

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path

from potline._version import __version__
from potline.cases import Case
from potline.errors import InputError, Problem
from potline.report.answers import Answers, Progress, answer, quiet
from potline.report.certificates import certificates_of
from potline.report.contents import figures_of, tables_of
from potline.report.figure import Figure, svg
from potline.report.folder import unwritable
from potline.report.html import contents, figure_block, page, paragraph, tile
from potline.report.manifest import Certificate, run_id
from potline.report.sections import Parts, sections_of
from potline.report.table import Table
from potline.report.verdict import leaving_sentence, quote
from potline.report.words import counted, money_m, month_words, percent, tonnes, with_error


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The page as text."""

    html: str

    def write(self, path: str | Path) -> Path:
        """Write the page to a file and return its place; an earlier page there is replaced, nothing else is.

        Raises:
            InputError: the place is a folder, holds a file that is no page, or cannot be written.
        """
        place = Path(path)
        check_page_place(place)
        temporary = place.with_name(f".{place.name}.part")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(self.html, encoding="utf-8", newline="\n")
            temporary.replace(place)
        except OSError as error:
            raise InputError([unwritable(place, error)]) from None
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        return place


def check_page_place(place: Path) -> None:
    """Refuse a place for a page that is a folder or holds something else.

    Raises:
        InputError: with what was found and what is needed.
    """
    try:
        found = "" if not place.exists() else "a folder" if place.is_dir() else _other(place)
    except OSError as error:
        raise InputError([unwritable(place, error)]) from None
    if found:
        needed = "the name of a new file, or of an earlier page to replace"
        raise InputError(
            [Problem(where=f"output {place}", found=found, needed=needed, hint="Try a name such as brief.html.")]
        )


def _other(place: Path) -> str:
    with place.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return "" if not start or start.startswith((b"<!doctype html", b"<html")) else "a file that is no HTML page"


def brief(case: Case, *, draws: int = 1024, seed: int = 7, progress: Progress | None = None) -> Brief:
    """Answer a case's questions and return the page alone, without a run folder.

    Raises:
        InputError: the case cannot be answered.
    """
    tell = progress or quiet
    answers = answer(case, draws=draws, seed=seed, progress=lambda words, share: tell(words, 0.8 * share))
    figures = figures_of(answers)
    drawn: dict[str, str] = {}
    for place, item in enumerate(figures):
        tell(f"drawing {item.name.replace('_', ' ')}", 0.8 + 0.2 * place / max(len(figures), 1))
        drawn[item.name] = svg(item)
    text = brief_page(
        answers, figures=figures, drawn=drawn, tables=tables_of(answers), certificates=certificates_of(answers)
    )
    tell("done", 1.0)
    return Brief(html=text)


def brief_page(
    answers: Answers,
    *,
    figures: Sequence[Figure],
    drawn: Mapping[str, str],
    tables: Sequence[Table],
    certificates: Sequence[Certificate],
) -> str:
    """Return the page: one file, no script, no address outside it, no clock time.

    Args:
        answers: the results.
        figures: with ``drawn``, their SVG by name. tables: of the run. certificates: of the run.
    """
    case = answers.case
    blocks = {item.name: figure_block(item, drawn[item.name]) for item in figures if item.name in drawn}
    parts = Parts(
        answers=answers,
        figures=blocks,
        tables={table.name: table for table in tables},
        certificates=tuple(certificates),
    )
    sections = sections_of(parts)
    head = _head(answers)
    nav = contents([(f"s{k}", f"{k} {title}", inside) for k, (title, inside) in enumerate(sections, 1)])
    body = "\n".join(
        [
            head,
            nav,
            *(
                f'<section id="s{number}">\n<h2>{number} {escape(title)}</h2>\n{inside}\n</section>'
                for number, (title, inside) in enumerate(sections, 1)
            ),
            _foot(answers),
        ]
    )
    return page(title=f"{_question(case)} {case.title}", language="en", body=body)


def _question(case: Case) -> str:
    product = case.industry.product
    if case.meeting is None:
        return f"Who loses money in {product}?"
    return f"Will the {product} producers agree to cut?"


def _head(answers: Answers) -> str:
    case, held = answers.case, answers.meeting
    word, sentence = quote(answers)
    hangs = "" if held is None else leaving_sentence(held, case.currency)
    industry = case.industry
    facts = [
        case.title or case.name,
        month_words(case.date),
        counted(len(industry.plants), "plant"),
        f"{tonnes(answers.net.total_capacity_kt)} capacity",
    ]
    facts = [fact for fact in facts if fact and not (fact == month_words(case.date) and fact in case.title)]
    kind = "none" if held is None or held.verdict == "not decided" else "yes" if held.verdict == "agreement" else "no"
    return "\n".join(
        [
            f"<h1>{escape(_question(case))}</h1>",
            f'<p class="under">Brief · {escape(" · ".join(facts))}</p>',
            f'<p class="verdict {kind}"><strong>{escape(word)}</strong> {escape(sentence)}</p>',
            paragraph(hangs, "hangs"),
            '<div class="tiles">',
            *_tiles(answers),
            "</div>",
            paragraph(
                "Prices and costs a tonne in the text and the figures are as quoted, with "
                f"{percent(industry.vat_rate)} value added tax (VAT), unless said; sums of money are without it, and "
                "each table says which.",
                "note",
            )
            if industry.vat_rate
            else "",
        ]
    )


def _tiles(answers: Answers) -> list[str]:
    currency, water = answers.case.currency, answers.net.under_water()
    full = answers.full.under_water()
    tiles = [
        tile(
            percent(water.capacity_share),
            "of capacity under water",
            f"on cash cost; {percent(full.capacity_share)} on full cost",
        ),
        tile(money_m(water.loss_m_per_year, currency), "cash loss a year", "of the running lines under water"),
    ]
    held = answers.meeting
    if held is None:
        return tiles
    if held.share is not None:
        share = held.share
        words = with_error(share.of(), share.error_of(), float(share.bound[0, 0, 0]))
        value, _, error = words.partition(" (") if "(" in words else words.partition(" ± ")
        more = error.rstrip(")") if "(" in words else f"± {error}" if error else ""
        tiles.append(
            tile(
                value,
                "of the stated ranges hold a stable joint cut",
                "; ".join(part for part in ("if the others keep their cut", more, f"{share.draws:,} draws") if part),
            )
        )
    cutting = [row.owner for row in held.owners if row.baseline_cut_kt > 0.0]
    lone = len(held.lone_cuts)
    tiles.append(
        tile(
            tonnes(held.nash_cut_kt) if held.nash_cut_kt >= 0.5 else "0 kt/year",
            f"would be idled alone{', by ' + cutting[0] if len(cutting) == 1 else ''}",
            f"{counted(lone, 'owner')} would cut something if nobody else did",
        )
    )
    return tiles


def _foot(answers: Answers) -> str:
    case, settings = answers.case, answers.settings
    changes = f" · changed: {'; '.join(case.changes)}" if case.changes else ""
    return (
        f"<footer>run {run_id(case, settings)} · case {escape(case.name)} · inputs {case.digest[:12]} · seed "
        f"{settings['seed']} · {settings['draws']:,} draws · potline {__version__}{escape(changes)}</footer>"
    )
