"""The brief as slides: the verdict, then each figure under its sentence."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pptx import Presentation
from tests.report.documents import small
from tests.report.test_paper import bar

from potline.cases import load, new
from potline.questions.verbs import rerun, run
from potline.report.blocks import details
from potline.report.briefing import Brief
from potline.report.slides import pptx

SAID = ("Fushun 抚顺 costs most.", "A long sentence " * 30, "<p:sp> & \"quoted\" 'text' \\ #")


@pytest.fixture(scope="module")
def made() -> bytes:
    first, *rest = (bar(words) for words in SAID)
    return pptx(small((first,), details("Folded", tuple(rest)), language="zh-Hans"))


def test_the_verdict_comes_first_and_each_figure_has_a_slide(made: bytes) -> None:
    deck = Presentation(io.BytesIO(made))
    verdict, *figures = deck.slides
    words = "\n".join(shape.text_frame.text for shape in verdict.shapes if shape.has_text_frame)
    told = ("No cut would hold.", "Each would leave.", "By belief.", "If others keep: nothing would hold.", "Run 0123.")
    assert [line for line in ("Would it hold?", *told) if line not in words] == []
    assert [slide.shapes.title.text_frame.text for slide in figures] == list(SAID)
    assert deck.core_properties.title == "Would it hold? Small"
    for slide, sentence in zip(figures, SAID, strict=True):
        (drawn,) = [shape for shape in slide.shapes if shape.shape_type == 13]
        assert drawn._element.nvPicPr.cNvPr.get("descr") == sentence
        assert drawn.image.size[0] >= 600
        assert abs(drawn.width / drawn.height - drawn.image.size[0] / drawn.image.size[1]) < 0.01
        assert any("Source: by hand." in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for shape in slide.shapes:
            assert 0 <= shape.left <= shape.left + shape.width <= deck.slide_width
            assert 0 <= shape.top <= shape.top + shape.height <= deck.slide_height


def test_the_same_brief_is_the_same_bytes(made: bytes) -> None:
    first, *rest = (bar(words) for words in SAID)
    assert pptx(small((first,), details("Folded", tuple(rest)), language="zh-Hans")) == made


def test_earlier_slides_are_replaced(tmp_path: Path) -> None:
    place = Brief(document=small()).write(tmp_path / "brief.pptx")
    assert Brief(document=small(said="Another.")).write(place) == place
    verdict = Presentation(str(place)).slides[0]
    assert any("Another." in shape.text_frame.text for shape in verdict.shapes if shape.has_text_frame)


def test_a_run_writes_both_where_it_is_told_to_and_repeats_them(tmp_path: Path) -> None:
    new(tmp_path / "mine", minimal=True)
    done = run(load(tmp_path / "mine"), draws=0, out=tmp_path / "run", pdf=True, slides=True)
    again = rerun(done.folder)
    for name in ("brief.pdf", "brief.pptx"):
        assert (done.folder / name).is_file()
        assert again.manifest["files_sha256"][name] == done.manifest["files_sha256"][name]
