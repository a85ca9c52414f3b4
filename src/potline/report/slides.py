"""The brief as slides: the verdict first, then a slide for each figure, under the sentence that it supports.

Figures are pictures of the drawings that the page holds, with the sentence for those who do not see them. The file
bears no time, so that the same brief is the same bytes.
"""

from __future__ import annotations

__all__ = ["pptx"]

import io
import zipfile
from datetime import datetime
from typing import Any

from potline.frame import library
from potline.report.blocks import Document, Picture, pictures_of
from potline.report.figure import png
from potline.report.theme import INK, SOFT
from potline.text import cleaned

_WIDE, _HIGH, _EDGE = 13.333, 7.5, 0.6
_FIRST = datetime(2000, 1, 1)
_ZIPPED = (1980, 1, 1, 0, 0, 0)
_COLOURS = {"yes": "#00684b", "no": "#a63d00"}
_TAGGED = {"zh-Hans": "zh-CN"}
"""Languages that PowerPoint knows by another tag."""
_TITLED = 5
"""Number of the layout that holds a title and nothing else."""
_SIZES = ((110, 24), (190, 20), (300, 17), (450, 14))
"""Letters of a title that stand in two or three lines, and their size."""


def pptx(document: Document) -> bytes:
    """Return a brief as PowerPoint.

    Raises:
        InputError: python-pptx is not installed.
    """
    deck = library("pptx", "slides", install="'potline[slides]'").Presentation()
    deck.slide_width, deck.slide_height = _inches(_WIDE), _inches(_HIGH)
    about = deck.core_properties
    about.author, about.last_modified_by, about.title = "Potline", "Potline", cleaned(document.title)
    about.language, about.created, about.modified = document.language, _FIRST, _FIRST
    _verdict(_titled(deck, document.first.head.title, document.language), document)
    for one in pictures_of(document):
        _figure(_titled(deck, one.sentence, document.language), one, document.language)
    return _timeless(deck)


def _verdict(slide: Any, document: Document) -> None:
    first, head, language = document.first, document.first.head, document.language
    _words(slide, [(first.under, 14, SOFT, False)], 1.35, 0.4, language)
    told = [
        (head.word, 32, _COLOURS.get(head.kind, INK), True),
        (head.sentence, 18, INK, False),
        (first.failed, 16, _COLOURS["no"], True),
        (head.note, 14, INK, False),
        *((f"{title}: {sentence}", 13, INK, False) for title, sentence in first.told),
        (first.note, 11, SOFT, False),
    ]
    _words(slide, [line for line in told if line[0]], 1.9, 4.9, language)
    _words(slide, [(document.run, 10, SOFT, False)], 6.95, 0.35, language)


def _figure(slide: Any, one: Picture, language: str) -> None:
    drawn = slide.shapes.add_picture(io.BytesIO(png(one.drawing, scale=2.0)), 0, 0)
    share = min(_inches(_WIDE - 2.0 * _EDGE) / drawn.width, _inches(5.0) / drawn.height)
    drawn.width, drawn.height = round(drawn.width * share), round(drawn.height * share)
    drawn.left, drawn.top = round((_inches(_WIDE) - drawn.width) / 2), _inches(1.75)
    about = drawn._element.nvPicPr.cNvPr
    about.set("name", cleaned(one.name))
    about.set("descr", cleaned(one.sentence))
    _words(slide, [(one.source, 10, SOFT, False)], 6.85, 0.5, language)


def _titled(deck: Any, title: str, language: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLED])
    held = slide.shapes.title
    held.left, held.top, held.width, held.height = map(_inches, (_EDGE, 0.35, _WIDE - 2.0 * _EDGE, 1.3))
    size = next((size for letters, size in _SIZES if len(title) <= letters), 12)
    _write(held.text_frame, [(title, size, INK, True)], language)
    return slide


def _words(slide: Any, lines: list[tuple[str, int, str, bool]], top: float, height: float, language: str) -> None:
    box = slide.shapes.add_textbox(*map(_inches, (_EDGE, top, _WIDE - 2.0 * _EDGE, height)))
    _write(box.text_frame, lines, language)


def _write(frame: Any, lines: list[tuple[str, int, str, bool]], language: str) -> None:
    """Write lines, each with its size, colour and weight, to the left."""
    from pptx.dml.color import RGBColor  # pyright: ignore[reportMissingTypeStubs]
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN  # pyright: ignore[reportMissingTypeStubs]
    from pptx.util import Pt  # pyright: ignore[reportMissingTypeStubs]

    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for place, (words, size, colour, bold) in enumerate(lines):
        part = frame.add_paragraph() if place else frame.paragraphs[0]
        part.alignment, part.space_after = PP_ALIGN.LEFT, Pt(6)
        run = part.add_run()
        run.text = cleaned(words)
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = RGBColor(*bytes.fromhex(colour.removeprefix("#")))
        run._r.get_or_add_rPr().set("lang", _TAGGED.get(language, language))


def _inches(length: float) -> int:
    return round(length * 914_400)


def _timeless(deck: Any) -> bytes:
    """Return the file with one time in all its parts."""
    written, again = io.BytesIO(), io.BytesIO()
    deck.save(written)
    with zipfile.ZipFile(written) as held, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as out:
        for part in held.infolist():
            about = zipfile.ZipInfo(part.filename, _ZIPPED)
            about.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(about, held.read(part.filename))
    return again.getvalue()
