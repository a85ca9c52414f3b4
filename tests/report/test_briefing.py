from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.report.documents import small

from potline.answers import Answers
from potline.cases import Case, load
from potline.errors import InputError
from potline.questions import listed
from potline.questions.verbs import brief
from potline.report.briefing import Brief, brief_document
from potline.report.contents import checks_of, tables_of
from potline.report.html import page as html_page
from potline.report.running import RunResult

SECTIONS = (
    "1 Losses",
    "2 The meeting",
    "3 Price",
    "4 Subsidies",
    "5 Alumina",
    "6 The record",
    "7 What would it take",
    "8 Sources and standings",
    "9 Method and certificates",
)


class Reader(HTMLParser):
    """Collects ids, addresses and open tags."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "xlink:href", "action", "data"):
                self.addresses.append(value or "")
        if tag not in ("meta", "br", "hr", "img", "path"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    found = Reader()
    found.feed(page)
    return found


def test_the_page_needs_nothing_but_itself(page: str, reader: Reader) -> None:
    assert "script" not in reader.tags
    assert all(address.startswith("#") for address in reader.addresses)
    assert not re.search(r"url\((?!data:|#)", page)
    assert "@import" not in page
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))


def test_sections_come_in_the_order_of_the_article(page: str) -> None:
    assert tuple(re.findall(r"<h2>([^<]+)</h2>", page)) == SECTIONS


def test_every_figure_of_the_run_is_in_the_page_with_its_sentence(page: str, finished: RunResult) -> None:
    names = {path.stem for path in (finished.folder / "figures").glob("*.svg")}
    assert set(re.findall(r'id="figure-([^"]+)"', page)) == names
    said = re.findall(r"<figcaption>(.*?)<", page)
    assert (
        len(set(said)) == len(said) >= len(names) - 2
    )  # the cost curve by owner and by state says what the first says


def test_the_verdict_stands_first_and_can_be_quoted(page: str) -> None:
    line = re.search(r'<p class="verdict no"><strong>([^<]+)</strong> ([^<]+)</p>', page)
    assert line is not None
    assert line[1] == "No cut would hold."
    assert "in every group some member would gain by leaving it" in line[2]
    assert page.index('class="verdict') < page.index('class="front"') < page.index("<h2>")
    assert page.count("<figure", page.index('class="front"'), page.index('class="told"')) == 3


def words(text: str) -> int:
    """Count words that a reader sees, without those of tables and drawings."""
    bare = re.sub(r"(?s)<(svg|table|style|title|nav|footer)\b.*?</\1>", " ", text)
    return sum(any(letter.isalnum() for letter in word) for word in re.sub(r"<[^>]+>", " ", bare).split())


def test_one_page_comes_first_and_the_whole_brief_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("potline.report.briefing.svg", lambda _: "<svg></svg>")  # words of drawings do not count
    text = brief(load("china-aluminium-2013"), draws=8).html
    first, _, rest = text.partition("<section")
    assert words(first) <= 350
    assert words(first) + words(rest) <= 4000
    assert first.count("<figure") == 3
    assert rest.count("<details><summary><h2>") == len(SECTIONS)


def test_assumptions_corrections_and_certificates_are_shown(page: str, starter: Case, finished: RunResult) -> None:
    for factor in starter.factors:
        assert f">{factor.name}<" in page
    assert "At 0 the verdict is" in page
    assert "Disputed claims, corrected" in page
    assert "930 kt/year" in page
    assert "What the engine does not know" in page
    held = re.search(r"All (\d+) checks of this run hold\.", page)
    assert held is not None
    assert int(held[1]) == len(finished.checks) > 13


def test_a_failed_certificate_is_said_loudly(answers: Answers) -> None:
    first, *rest = checks_of(answers, listed())
    broken = (dataclasses.replace(first, value=float("nan")), *rest)
    tables = tables_of(answers, listed())
    text = html_page(brief_document(answers, listed(), figures=(), drawn={}, tables=tables, checks=broken))
    assert text.index(f"These checks of this run FAILED: {first.name}.") < text.index("<h2>")


def test_no_clock_stands_in_the_page(page: str) -> None:
    years = set(re.findall(r"\b20[2-9]\d-\d\d(?:-\d\d)?", page))
    assert years <= {"2020-01", "2020-01-15", "2020-03", "2020-12"}


def test_a_case_without_a_meeting_still_has_its_page(starter: Case, tmp_path: Path) -> None:
    alone = dataclasses.replace(starter, meeting=None, record=(), factors=())
    text = brief(alone, draws=0).html
    assert "Who loses money in aluminium?" in text
    chapters = [title.partition(" ")[2] for title in SECTIONS if title[2:] not in ("The meeting", "What would it take")]
    assert re.findall(r"<h2>([^<]+)</h2>", text) == [f"{place} {name}" for place, name in enumerate(chapters, start=1)]
    losses = text[text.index("<h2>1 Losses") : text.index("<h2>2 Price")]
    assert "Why nobody stops alone" in losses
    assert "figure-stopping_waterfall" in losses


def test_a_case_with_the_least_in_it_still_has_its_page(starter: Case) -> None:
    bare = dataclasses.replace(
        starter.industry, process=None, input_market=None, governments=(), projects=(), policies=()
    )
    text = brief(dataclasses.replace(starter, industry=bare, meeting=None, record=()), draws=0).html
    assert "The case states no law of the price" in text
    assert "The case holds no market of a shared input." in text


def test_a_page_is_written_only_where_one_may_stand(tmp_path: Path) -> None:
    page = Brief(document=small())
    place = page.write(tmp_path / "deep" / "brief.html")
    assert page.write(place).read_text(encoding="utf-8").count("<h2>1 Words</h2>") == 1
    notes = tmp_path / "notes.txt"
    notes.write_text("years of work")
    theirs = tmp_path / "theirs.html"
    theirs.write_text("<!doctype html><p>years of work</p>")
    other = "a file that is no page of Potline"
    for taken, found in ((tmp_path, "a folder"), (notes, other), (theirs, other)):
        with pytest.raises(InputError) as caught:
            page.write(taken)
        assert f"output {taken}: found {found}; needed the name of a new file" in str(caught.value)
    with pytest.raises(InputError, match="needed a place that can be written"):
        page.write(notes / "brief.html")
    assert notes.read_text() == "years of work"
    assert sorted(item.name for item in tmp_path.rglob("*")) == ["brief.html", "deep", "notes.txt", "theirs.html"]


def test_a_cut_beyond_everybody_still_has_its_page(starter: Case) -> None:
    text = brief(starter.override("meeting.least_cut_kt=5000"), draws=8).html
    assert "The 5,000 kt/year asked for is more than those present run." in text
    assert "FAILED" not in text
    assert "n/a and n/a" not in text
