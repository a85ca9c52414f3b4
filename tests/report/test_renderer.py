from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest

from potline.errors import PotlineError
from potline.report.chart import chart
from potline.report.figure import Figure, figure, png, sourced, standalone, svg, with_source
from potline.report.renderer import renderer


def named(name: str) -> Figure:
    picture = chart([{"a": 1.0, "b": "é"}, {"a": 0.1 + 0.2, "b": "铝"}]).mark("bar").encode(x="a:Q", y="b:N")
    return figure(picture, name=name, title=name, sentence="Two bars.", source="none", units="1")


def test_the_process_draws_the_same(tmp_path: Path) -> None:
    items = [named("first"), named("second")]
    with renderer() as draw:
        promises = [draw(item, tmp_path) for item in items]
        drawn = [promise.result() for promise in promises]
    for item, text in zip(items, drawn, strict=True):
        assert text == svg(item)
        assert (tmp_path / f"{item.name}.svg").read_text(encoding="utf-8") == standalone(
            with_source(text, sourced(item))
        )
        assert (tmp_path / f"{item.name}.png").read_bytes() == png(with_source(text, sourced(item)))


def test_a_process_that_ends_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with renderer() as draw, pytest.raises(PotlineError) as caught:
        draw(named("lost"), tmp_path).result()
    assert str(caught.value) == "The process that draws ended at figure 'lost'; what it said stands above."


def test_a_figure_that_cannot_be_drawn_is_said_so_and_the_next_is_drawn(tmp_path: Path) -> None:
    broken = dataclasses.replace(named("broken"), chart_spec={"mark": "no such mark"})
    with renderer() as draw:
        lost, found = draw(broken, tmp_path), draw(named("next"), tmp_path)
        with pytest.raises(PotlineError, match="Figure 'broken' could not be drawn: ValueError: "):
            lost.result()
        assert found.result() == svg(named("next"))


def test_a_file_that_cannot_be_written_is_an_error_of_its_place(tmp_path: Path) -> None:
    with renderer() as draw:
        lost, found = draw(named("lost"), tmp_path / "no such folder"), draw(named("next"), tmp_path)
        with pytest.raises(FileNotFoundError):
            lost.result()
        assert found.result() == svg(named("next"))


def test_leaving_early_draws_no_more(tmp_path: Path) -> None:
    item = named("first")

    def left() -> None:
        with renderer() as draw:
            for number in range(200):
                draw(dataclasses.replace(item, name=f"figure_{number}"), tmp_path)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        left()
    assert len(list(tmp_path.glob("*.svg"))) < 100
