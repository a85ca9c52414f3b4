"""Charts as plain data: rows, a mark, channels, in the words of Vega-Lite, which the drawing library reads as they are.

A chart is a specification and nothing else, so that building one imports no drawing library.
"""

from __future__ import annotations

__all__ = ["Chart", "beside", "channel", "chart", "layered"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TYPES = {"Q": "quantitative", "N": "nominal", "O": "ordinal", "T": "temporal"}
_SECOND_ENDS = ("x2", "y2")


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A Vega-Lite specification that grows by copies.

    Examples:
        >>> chart([{"size": 2.0}]).mark("bar", color="grey").encode(x="size:Q").spec["encoding"]
        {'x': {'field': 'size', 'type': 'quantitative'}}
    """

    spec: Mapping[str, Any]

    def mark(self, kind: str, **style: Any) -> Chart:
        """Return the chart with its mark (bar, line, point, rect, rule, text, tick, area) and the mark's style."""
        return Chart({**self.spec, "mark": {"type": kind, **style}})

    def encode(self, **channels: str | Mapping[str, Any]) -> Chart:
        """Return the chart with its channels, each a field as :func:`channel` reads it, or a definition as it is."""
        said = {name: channel(item) if isinstance(item, str) else item for name, item in channels.items()}
        for name in said.keys() & set(_SECOND_ENDS):  # the type of a bar's other end is that of its first
            said[name] = {key: value for key, value in said[name].items() if key != "type"}
        return Chart({**self.spec, "encoding": said})

    def where(self, test: str) -> Chart:
        """Return the chart of those rows for which an expression of Vega holds."""
        return Chart({**self.spec, "transform": [{"filter": test}]})

    def sized(self, **said: Any) -> Chart:
        """Return the chart with its width, height, title or other properties."""
        return Chart({**self.spec, **said})


def chart(rows: Sequence[Mapping[str, Any]]) -> Chart:
    """Return a chart of plain rows without a mark."""
    return Chart({"data": {"values": [dict(row) for row in rows]}})


def channel(field: str, **said: Any) -> dict[str, Any]:
    """Return the definition of a channel: a field with the letter of its type (Q, N, O, T), and what is said of it.

    Examples:
        >>> channel("cost:Q", title=None)
        {'field': 'cost', 'type': 'quantitative', 'title': None}
    """
    name, _, letter = field.rpartition(":")
    return {"field": name, "type": _TYPES[letter], **said}


def layered(*charts: Chart) -> Chart:
    """Return charts drawn over each other, the first at the bottom."""
    return Chart({"layer": [item.spec for item in charts]})


def beside(*charts: Chart, spacing: int, colours_apart: bool = False) -> Chart:
    """Return charts side by side, ``spacing`` pixels apart; ``colours_apart`` gives each its own colours and legend."""
    apart = {"resolve": {"scale": {"color": "independent"}}} if colours_apart else {}
    return Chart({"hconcat": [item.spec for item in charts], "spacing": spacing, **apart})
