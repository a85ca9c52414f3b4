"""The brief on paper: its words, its bytes, text that tries to be markup, and where it may stand."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.report.documents import small

from potline import frame
from potline.cases import load
from potline.errors import InputError
from potline.questions.verbs import brief
from potline.report.blocks import (
    Blocks,
    Bullets,
    Document,
    Fold,
    Grid,
    Heading,
    Paragraph,
    Picture,
    bullets,
    details,
    heading,
    joined,
    paragraph,
    subheading,
    table_block,
)
from potline.report.briefing import Brief
from potline.report.chart import chart
from potline.report.figure import figure, svg
from potline.report.paper import pdf
from potline.report.table import Column, Table

HOSTILE = (
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    "$x^2$ and #panic()",
    "*bold* _slanted_ `raw` ~ -- --- ...",
    "<label> @label [content] {code}",
    "\\ back \\u{41} // comment /* comment */",
    "= heading - item + item / term: x",
    "'single' \"double\" https://example.org/#part",
    "</svg><script>alert(1)</script> &amp; ]]>",
    "a" * 400,
)


def printed(data: bytes) -> str:
    """The text of a PDF, as a reader copies it."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def bare(text: str) -> str:
    """Text without blanks, and without the places where a long word may be broken."""
    return re.sub(r"[\s\u200b]+", "", text)


def texts(blocks: Blocks) -> list[str]:
    """All that blocks say, drawings apart."""
    said: list[str] = []
    for block in blocks:
        match block:
            case Paragraph(text=text) | Heading(text=text):
                said.append(text)
            case Bullets(lines=lines):
                said += lines
            case Picture():
                said += ["" if block.said else block.sentence, "" if block.sourced else block.source]
            case Grid():
                said += [block.title, *block.headings, *(cell for row in block.rows for cell in row), block.note]
            case Fold(summary=summary, blocks=inside):
                said += [summary, *texts(inside)]
    return said


def all_texts(document: Document) -> list[str]:
    first, head = document.first, document.first.head
    told = [line for pair in first.told for line in pair]
    inside = [line for section in document.sections for line in (section.title, *texts(section.blocks))]
    on_first = [head.title, head.word, head.sentence, head.note, first.under, first.note, *texts(first.front), *told]
    return [*on_first, *inside, *document.foot]


def grid(*rows: tuple[str | float, ...], title: str = "Plants") -> Table:
    columns = tuple(Column(name=f"column_{place}", label=f"Column {place}") for place in range(len(rows[0])))
    return Table(name="t", title=title, columns=columns, rows=rows)


def bar(sentence: str) -> Picture:
    drawn = figure(
        chart([{"a": sentence[:30], "b": 1.0}]).mark("bar").encode(x="b:Q", y="a:N"),
        name="bars", title="Bars", sentence=sentence, source="by hand", units="t", width=300, height=60,
    )  # fmt: skip
    return Picture(name="bars", drawing=svg(drawn), sentence=sentence, source="Source: by hand.")


@pytest.fixture(scope="module")
def whole() -> Brief:
    return brief(load("steel-china-2023"), draws=0)


def test_every_word_of_the_brief_stands_on_paper(whole: Brief) -> None:
    data = pdf(whole.document)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert len(pages) > 6
    assert bare(whole.document.first.head.sentence) in bare(pages[0])
    assert bare(whole.document.sections[0].title) not in bare(pages[0].replace(whole.document.run, ""))
    assert all(bare(whole.document.run) in bare(page) for page in pages)
    found = bare("".join(pages))
    words = {word for text in all_texts(whole.document) for word in text.split()}
    assert len(words) > 600
    assert [word for word in words if bare(word) not in found] == []


def test_each_kind_of_block_is_printed_with_numbers_drawings_and_han(tmp_path: Path) -> None:
    rows = [(f"抚顺 {place}", 1234.0 + place) for place in range(120)]
    document = small(
        paragraph("A paragraph."), paragraph("A note.", "note"), heading("Unlisted"), subheading("Listed"),
        bullets(["first line", "second line"]), (bar("Fushun 抚顺 costs most."),),
        details("Folded away", table_block(grid(*rows)), paragraph("Below the table.")), language="zh-Hans",
    )  # fmt: skip
    data = pdf(document)
    found = bare(printed(data))
    assert [text for text in all_texts(document) if bare(text) not in found] == []
    assert found.count("Column0") > 1  # the head stands on every page of a long table
    assert "Bars" in found  # a drawing is text too
    about = pypdf.PdfReader(io.BytesIO(data))
    assert about.metadata is not None
    assert (about.metadata.title, about.metadata.author) == ("Would it hold? Small", "Potline")
    assert about.metadata.creation_date is None
    assert about.trailer["/Root"]["/Lang"] == "zh"


def test_the_same_brief_is_the_same_bytes(whole: Brief) -> None:
    assert pdf(whole.document) == pdf(whole.document)


@pytest.mark.parametrize("words", HOSTILE)
def test_text_from_a_case_is_printed_as_it_is(words: str) -> None:
    table = table_block(grid((words, 1.0), title=words))
    document = small(
        paragraph(words), subheading(words), bullets([words]), table, details(words, (bar(words),)), said=words
    )
    found = bare(printed(pdf(document)))
    assert found.count(bare(words)) >= 7


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=st.text(alphabet=st.sampled_from("#$@*_`<>\\\"'[]{}()/=-+~^&%;:,.!?|ab1 抚"), min_size=1, max_size=60))
def test_no_text_is_markup(words: str) -> None:
    shown = f"x{words}x"
    found = bare(printed(pdf(small(joined(paragraph(shown), table_block(grid((shown, "y"))))))))
    assert found.count(bare(shown)) >= 2


def test_a_table_too_wide_for_the_page_turns_it_and_loses_nothing() -> None:
    row = tuple(f"Wide{place}wide{place}" for place in range(22))
    reader = pypdf.PdfReader(io.BytesIO(pdf(small(table_block(grid(row))))))
    turned = [page for page in reader.pages if page.mediabox.width > page.mediabox.height]
    assert len(turned) == 1
    found = bare(turned[0].extract_text())
    assert [cell for cell in row if cell not in found] == []


def test_the_ending_decides_and_only_a_brief_is_replaced(tmp_path: Path) -> None:
    short = Brief(document=small())
    place = short.write(tmp_path / "brief.PDF")
    assert short.write(place).read_bytes().startswith(b"%PDF-")
    with pytest.raises(InputError) as caught:
        short.write(tmp_path / "brief.docx")
    assert str(caught.value) == (
        f"output {tmp_path / 'brief.docx'}: found a name that ends in .docx; needed one of .html, .htm, .pdf, .pptx. "
        "Try brief.html for a page, brief.pdf for paper, brief.pptx for slides."
    )
    for name in ("theirs.pdf", "theirs.pptx"):
        theirs = tmp_path / name
        theirs.write_bytes(b"%PDF-1.7 years of work")
        with pytest.raises(InputError, match="found a file that is no page of Potline; needed the name of a new file"):
            short.write(theirs)
        assert theirs.read_bytes() == b"%PDF-1.7 years of work"
    with pytest.raises(InputError, match="needed a place that can be written"):
        short.write(tmp_path / "theirs.pdf" / "brief.pdf")


NEEDED = (("b.pdf", "typst", "typst"), ("b.pptx", "pptx", "'potline[slides]'"))


@pytest.mark.parametrize(("name", "module", "told"), NEEDED)
def test_what_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, module: str, told: str
) -> None:
    def absent(wanted: str) -> None:
        raise ModuleNotFoundError(name=wanted)

    monkeypatch.setattr(frame, "import_module", absent)
    with pytest.raises(InputError) as caught:
        Brief(document=small()).write(tmp_path / name)
    assert str(caught.value) == (
        f"output {tmp_path / name}: found no {module}; needed {module}. Write `pip install {told}`."
    )
