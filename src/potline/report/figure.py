"""A figure: one specification, one sentence, one source line; drawn as SVG once and as PNG from that SVG."""

from __future__ import annotations

__all__ = ["Figure", "figure", "png", "sourced", "standalone", "svg", "with_source"]

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from html import escape
from types import MappingProxyType
from typing import Any, cast

from potline.report.chart import Chart
from potline.report.fonts import folder, font_face
from potline.report.saying import say
from potline.report.theme import FONT, MEASURED, SOFT, chart_config
from potline.report.words import set_text
from potline.text import cleaned, wrapped

_ID = re.compile(r'\bid="([^"]+)"')
_SIZE = re.compile(r'width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)" viewBox="0 0 [\d.]+ [\d.]+"')
_LETTER, _LINE = 5.3, 14.0
_REFERENCE = re.compile(r"url\(#([^)]+)\)|href=\"#([^\"]+)\"")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure:
    """A figure and the sentence it supports; its text holds no control characters.

    Attributes:
        name: file name without ending.
        title: what is shown.
        sentence: what it says, built from the numbers drawn.
        source: where the numbers come from.
        units: units of the axes.
        chart_spec: Vega-Lite specification.

    Examples:
        >>> Figure(name="empty", title="Nothing", sentence="Nothing is drawn.", source="none", units="1",
        ...        chart_spec={}).name
        'empty'
    """

    name: str
    title: str
    sentence: str
    source: str
    units: str
    chart_spec: Mapping[str, Any]

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _cleaned(getattr(self, field.name)))


def figure(
    drawing: Chart,
    *,
    name: str,
    title: str,
    sentence: str,
    source: str,
    units: str,
    subtitle: str = "",
    width: int | None = 700,
    height: int | None = 300,
) -> Figure:
    """Finish a chart with the shared look and keep it with its words; ``width=None`` leaves the size as drawn."""
    size = {name: length for name, length in (("width", width), ("height", height)) if length is not None}
    title, subtitle, sentence = map(set_text, (title, subtitle, sentence))
    heading = {"text": title, "subtitle": subtitle} if subtitle else {"text": title}
    spec: dict[str, Any] = {**drawing.spec, **size}
    spec["title"] = heading
    spec["config"] = chart_config()
    spec["description"] = sentence
    return Figure(
        name=name, title=title, sentence=sentence, source=source, units=units, chart_spec=MappingProxyType(spec)
    )


def svg(drawn: Figure) -> str:
    """Return the figure as SVG; ids carry the figure's name, so several can stand in one page."""
    text: str = _renderer().vegalite_to_svg(dict(drawn.chart_spec))
    text = text.replace(MEASURED, FONT)
    prefix = re.sub(r"[^A-Za-z0-9]+", "-", drawn.name)
    text = _ID.sub(lambda match: f'id="{prefix}-{match[1]}"', text)
    text = _REFERENCE.sub(
        lambda match: f"url(#{prefix}-{match[1]})" if match[1] else f'href="#{prefix}-{match[2]}"', text
    )
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(drawn.sentence, quote=True)}" ', 1)


def with_source(svg_text: str, told: str) -> str:
    """Return a drawn SVG with a line below, for a file that leaves the page behind.

    Args:
        svg_text: as :func:`svg` draws it.
        told: where its numbers come from, as :func:`sourced` says it.

    Raises:
        ValueError: the text is no drawing of :func:`svg`.
    """
    found = _SIZE.search(svg_text)
    if found is None:
        raise ValueError("found no width and height; needed an SVG drawn by `svg`")
    width, height = float(found["width"]), float(found["height"])
    lines = wrapped(told, max(20, int((width - 12.0) / _LETTER)))
    below = height + _LINE * len(lines) + 4.0
    words = "".join(
        f'<text x="5" y="{height + _LINE * (place + 1) - 4.0:g}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    strip = (
        f'<rect y="{height:g}" width="{width:g}" height="{below - height:g}" fill="white"/>'
        f'<g font-family="{escape(FONT, quote=True)}" font-size="10.5" fill="{SOFT}">{words}</g>'
    )
    size = f'width="{width:g}" height="{below:g}" viewBox="0 0 {width:g} {below:g}"'
    end = svg_text.rindex("</svg>")
    return f"{svg_text[: found.start()]}{size}{svg_text[found.end() : end]}{strip}</svg>"


def sourced(drawn: Figure) -> str:
    """Return the line that says where the numbers of a figure come from."""
    return say("page.source", source=drawn.source)


def standalone(svg_text: str) -> str:
    """Return a drawn SVG that carries its text font, to be kept as a file."""
    place = svg_text.index(">", svg_text.index("<svg")) + 1
    return f"{svg_text[:place]}<style>{font_face()}</style>{svg_text[place:]}"


def png(svg_text: str, *, scale: float = 2.0) -> bytes:
    """Return a drawn SVG as PNG, twice its size."""
    drawn: bytes = _renderer().svg_to_png(svg_text, scale=scale)
    return drawn


def _cleaned(content: Any) -> Any:
    """Return the same without control characters in its text: the drawing library does not survive them."""
    if isinstance(content, str):
        return cleaned(content)
    if isinstance(content, Mapping):
        inside = {_cleaned(key): _cleaned(value) for key, value in cast("Mapping[Any, Any]", content).items()}
        return MappingProxyType(inside) if isinstance(content, MappingProxyType) else inside
    return [_cleaned(item) for item in cast("list[Any]", content)] if isinstance(content, list) else content


@lru_cache(maxsize=1)
def _renderer() -> Any:
    """Return the renderer with the fonts registered."""
    import vl_convert

    vl_convert.register_font_directory(str(folder()))
    return vl_convert
