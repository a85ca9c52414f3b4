"""Which inputs move the margin: one at a time, and over all ranges together."""

from __future__ import annotations

__all__ = ["sensitivity_figure", "tornado_figure"]

from typing import TYPE_CHECKING, Any

from potline.report.chart import Chart, channel, chart, layered
from potline.report.figure import Figure, figure
from potline.report.figures.meeting import BASELINE_WORDS, INSTITUTION_WORDS, LEAVING_WORDS
from potline.report.theme import CATEGORIES, INK, cut_mark
from potline.report.words import amount, listing, money_m, percent, short

if TYPE_CHECKING:
    from potline.agreement import MarginSensitivity, Tornado, TornadoRow

_MOST = 12
_FLAT = 0.005


def tornado_figure(found: Tornado, *, currency: str, source: str) -> Figure | None:
    """Draw the margin at both ends of each input's range, the largest swing on top; None where nothing is known."""
    known = [row for row in found.rows if row.swing_m_per_year == row.swing_m_per_year]
    if not known:
        return None
    moving = [row for row in known if row.swing_m_per_year > _FLAT * known[0].swing_m_per_year]
    shown, flat = moving[:_MOST], [row for row in known if row not in moving]
    first = known[0]
    sentence = (
        f"Moved alone over its stated range, {first.input.name} moves the margin most, by "
        f"{money_m(first.swing_m_per_year, currency)} a year ({_ends(first)})."
    )
    if len(shown) > 1:
        sentence += f" Next come {listing([row.input.name for row in shown[1:4]])}."
    if turning := [row for row in shown if row.turns]:
        sentence += (
            f" Both ends do not tell all: {listing([_inside(row) for row in turning])}; the thin line spans "
            "what was found inside the range."
        )
    if flat:
        named = listing([row.input.name for row in flat])
        sentence += (
            f" {named[:1].upper()}{named[1:]} {'moves' if len(flat) == 1 else 'move'} it by next to nothing alone."
        )
    deciding = [row.input.name for row in known if row.decides]
    sentence += (
        f" The verdict changes with {listing(deciding)}." if deciding else " None of them changes the verdict alone."
    )
    left_out = len(moving) - len(shown)
    return figure(
        _bars(shown, found.base_m_per_year, currency),
        name="tornado",
        title="One input at a time: the margin at the ends of each range",
        subtitle=f"{INSTITUTION_WORDS[found.institution].capitalize()} deal, {BASELINE_WORDS[found.baseline]}, "
        f"{LEAVING_WORDS[found.leaving]}; dashed: the case, {amount(found.base_m_per_year)}"
        + (f"; {left_out} weaker inputs left out" if left_out > 0 else ""),
        sentence=sentence,
        source=source,
        units=f"m {currency} a year",
        width=None,
        height=None,
    )


def sensitivity_figure(found: MarginSensitivity, *, source: str) -> Figure | None:
    """Draw the Sobol indices with their errors, the largest total first; None where the margin does not vary."""
    order = sorted(range(len(found.factors)), key=lambda k: -float(found.total[k]))
    shown = [k for k in order if float(found.total[k]) > _FLAT][:_MOST]
    if not shown:
        return None
    names = [found.factors[k] for k in shown]
    rows = [
        {
            "input": found.factors[k],
            "value": float(found.total[k]),
            "low": max(0.0, float(found.total[k] - found.total_error[k])),
            "high": float(found.total[k] + found.total_error[k]),
        }
        for k in shown
    ]
    y_axis = channel("input:N", sort=names, title=None, axis={"labelLimit": 230, "ticks": False, "domain": False})
    title = "Part of the margin's variance, what it does with others included"
    x_axis = channel(
        "value:Q", title=title, axis={"labelExpr": "format(100 * datum.value, '.0f') + ' %'", "tickCount": 6}
    )
    base = chart(rows)
    drawing = layered(
        base.mark("bar", height=12, color=CATEGORIES[4]).encode(x=x_axis, y=y_axis),
        base.mark("rule", color=INK, strokeWidth=1.4).encode(x="low:Q", x2="high:Q", y=y_axis),
        *(
            base.mark("tick", color=INK, thickness=1.4, size=8).encode(x=f"{end}:Q", y=y_axis)
            for end in ("low", "high")
        ),
    )
    top = [
        f"{found.factors[k]} ({percent(float(found.total[k]))} ± {percent(float(found.total_error[k]))})" for k in shown
    ]
    sentence = (
        f"When all inputs vary over their stated ranges at once, most of the margin's variance hangs on "
        f"{listing(top[:3])}. All parts add up to {percent(float(found.total.sum()))}: what inputs do only together "
        "counts for each of them."
    )
    return figure(
        drawing.sized(width=440, height=22 * len(names)),
        name="sensitivity",
        title="All inputs at once: what the margin's spread comes from",
        subtitle=f"Total Sobol indices, {found.draws:,} margins, seed {found.seed}; thin lines: ± one standard error",
        sentence=sentence,
        source=source,
        units="% of variance",
        width=None,
        height=None,
    )


def _bars(rows: list[TornadoRow], base_m: float, currency: str) -> Chart:
    order = [_label(row) for row in rows]
    words = ("at the low end", "at the high end")
    bars: list[dict[str, Any]] = [
        {"input": _label(row), "end": word, "from": base_m, "to": value}
        for row in rows
        for word, value in zip(words, (row.low_m_per_year, row.high_m_per_year), strict=True)
        if value == value
    ]
    spans = [
        {"input": _label(row), "low": row.least_m_per_year, "high": row.most_m_per_year} for row in rows if row.turns
    ]
    every = [base_m, *(m for row in rows for m in (row.least_m_per_year, row.most_m_per_year))]
    scale = {"zero": False, "padding": 14}
    title = [f"Margin, m {currency} a year{cut_mark(every)}"]
    y_axis = channel("input:N", sort=order, title=None, axis={"labelLimit": 330, "ticks": False, "domain": False})
    colour = channel(
        "end:N",
        scale={"domain": list(words), "range": [CATEGORIES[1], CATEGORIES[0]]},
        legend={"title": None},
    )
    layers: list[Chart] = [
        chart(bars)
        .mark("bar", height=9)
        .encode(
            x=channel("from:Q", title=title, scale=scale),
            x2="to:Q",
            y=y_axis,
            yOffset=channel("end:N", sort=list(words), scale={"paddingOuter": 0.35}),
            color=colour,
        )
    ]
    if spans:
        thin = chart(spans)
        layers.append(
            thin.mark("rule", color=INK, strokeWidth=1.6).encode(x=channel("low:Q", scale=scale), x2="high:Q", y=y_axis)
        )
        for end in ("low", "high"):
            layers.append(thin.mark("tick", color=INK, thickness=1.6, size=11).encode(x=f"{end}:Q", y=y_axis))
    layers.append(chart([{"at": base_m}]).mark("rule", color=INK, strokeDash=[3, 3]).encode(x="at:Q"))
    if min(every) < 0.0 < max(every):
        layers.append(chart([{"at": 0.0}]).mark("rule", color=INK, strokeWidth=1.6).encode(x="at:Q"))
    return layered(*layers).sized(width=410, height=26 * len(rows))


def _label(row: TornadoRow) -> str:
    item = row.input
    unit = "" if item.unit in ("", "1", "times") else f" {item.unit}"
    low, high = (f"{'+' if item.operation == 'add' and end > 0.0 else ''}{short(end)}" for end in (item.low, item.high))
    return f"{item.name}: {'× ' if item.operation == 'multiply' else ''}{low} to {high}{unit}"


def _ends(row: TornadoRow) -> str:
    item = row.input
    low, high = (f"{'+' if item.operation == 'add' and end > 0.0 else ''}{short(end)}" for end in (item.low, item.high))
    return (
        f"{amount(row.low_m_per_year)} at {low}, {amount(row.high_m_per_year)} at {high}"
        f"{'' if item.unit in ('', '1') else ' ' + item.unit}"
    )


def _inside(row: TornadoRow) -> str:
    """Say where inside the range of a turning input its margin is least or most."""
    at = dict(zip(row.margins_m_per_year, row.values, strict=True))
    ends = (row.low_m_per_year, row.high_m_per_year)
    low, high = min(m for m in at if m == m), max(m for m in at if m == m)
    turned = [m for m in (low, high) if m not in ends]
    if not turned:
        return f"{row.input.name} turns on the way"
    return f"{row.input.name} reaches {listing([f'{amount(m)} at {short(at[m])}' for m in turned])}"
