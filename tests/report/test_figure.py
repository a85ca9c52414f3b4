from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Any

import altair as alt
import pytest

from potline.answers import Answers
from potline.questions import listed
from potline.report.chart import chart
from potline.report.contents import each_figure
from potline.report.figure import Figure, figure, png, standalone, svg, with_source


@pytest.fixture(scope="module")
def figures(answers: Answers) -> tuple[Figure, ...]:
    return tuple(each_figure(answers, listed()))


def drawn_text(words: str) -> bytes:
    picture = chart([{"words": words}]).mark("text", fontSize=40).encode(text="words:N")
    one = figure(picture, name="t", title="", sentence="", source="", units="", width=200, height=60)
    return png(svg(one))


def encodings(spec: Any) -> Iterator[dict[str, Any]]:
    if isinstance(spec, dict):
        if "encoding" in spec:
            yield spec["encoding"]
        for value in spec.values():
            yield from encodings(value)
    elif isinstance(spec, list):
        for item in spec:
            yield from encodings(item)


def words_of(title: Any) -> str:
    return " ".join(title) if isinstance(title, list) else str(title or "")


def test_every_question_of_the_case_has_its_figure(figures: tuple[Figure, ...]) -> None:
    names = [item.name for item in figures]
    assert len(names) == len(set(names))
    assert {
        "cost_curve",
        "province_map",
        "stopping_waterfall",
        "stop_restart_bands",
        "market_without_deal",
        "price_flexibility",
        "margins",
        "coalitions",
        "tonnage_sweep",
        "obstacles",
        "agreement_share",
        "under_water",
        "policies",
        "suppliers",
        "record",
    } <= set(names)


def test_every_figure_has_its_sentence_source_and_units(figures: tuple[Figure, ...]) -> None:
    for item in figures:
        assert item.sentence.endswith("."), item.name
        assert any(letter.isdigit() for letter in item.sentence), item.name
        assert item.source, item.name
        assert item.units, item.name
        for word in ("nan", "None", "inf ", "  "):
            assert word not in item.sentence, item.name


def test_every_specification_is_valid_vega_lite(figures: tuple[Figure, ...]) -> None:
    for item in figures:
        alt.Chart.from_dict(dict(item.chart_spec), validate=True)


def test_every_axis_of_numbers_has_a_unit_and_a_cut_axis_says_so(figures: tuple[Figure, ...]) -> None:
    for item in figures:
        for encoding in encodings(dict(item.chart_spec)):
            for name in ("x", "y"):
                axis = encoding.get(name, {})
                if not isinstance(axis, dict) or axis.get("type") != "quantitative" or "title" not in axis:
                    continue
                title = words_of(axis["title"])
                assert any(mark in title for mark in (",", "%")), f"{item.name}: {title}"
                domain = (axis.get("scale") or {}).get("domain")
                if isinstance(domain, list) and domain[0] > 0.0:
                    assert "axis starts at" in title, f"{item.name}: {title}"


def test_drawings_can_stand_in_one_page_and_carry_their_words(figures: tuple[Figure, ...]) -> None:
    first, second = svg(figures[0]), svg(figures[1])
    ids = [{part.split('"')[0] for part in text.split(' id="')[1:]} for text in (first, second)]
    assert not ids[0] & ids[1]
    assert 'role="img"' in first
    assert "<script" not in first
    assert "@font-face" in standalone(first)
    assert standalone(first).index("@font-face") < first.index("<g")


def test_a_kept_drawing_says_where_its_numbers_come_from(figures: tuple[Figure, ...]) -> None:
    text = svg(figures[0])
    kept = with_source(text, "Source: customs & a survey of plants " * 12)
    height, taller = (float(drawn.split(' height="')[1].split('"')[0]) for drawn in (text, kept))
    lines = re.findall(r'<text x="5" y="([\d.]+)">([^<]+)</text>', kept)
    assert len(lines) > 2
    assert lines[0][1].startswith("Source: customs &amp; a survey")
    assert all(height < float(place) < taller for place, _ in lines)
    with pytest.raises(ValueError, match="found no width and height"):
        with_source("<svg></svg>", "nowhere")


def test_a_picture_is_twice_the_size_of_its_drawing(figures: tuple[Figure, ...]) -> None:
    text = svg(figures[0])
    width = float(text.split(' width="')[1].split('"')[0])
    picture = png(text)
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">I", picture[16:20])[0] == pytest.approx(2.0 * width, abs=1.0)


def test_han_characters_are_drawn_and_not_boxes() -> None:
    assert drawn_text("河南") != drawn_text("南河")


def test_the_same_figure_is_drawn_the_same(figures: tuple[Figure, ...]) -> None:
    assert svg(figures[0]) == svg(figures[0])
    assert png(svg(figures[0])) == png(svg(figures[0]))
