"""Which inputs move the largest cut that holds and the margin: one at a time, and over all ranges together."""

from __future__ import annotations

__all__ = ["sensitivity_figure", "tonnage_tornado_figure", "tornado_figure"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from potline.agreement import TonnageSensitivity
from potline.report.chart import Chart, channel, chart, layered
from potline.report.figure import Figure, figure
from potline.report.saying import called, coded, say
from potline.report.theme import CATEGORIES, INK, cut_mark
from potline.report.words import percent, short

if TYPE_CHECKING:
    from potline.agreement import MarginSensitivity, TonnageTornado, TonnageTornadoRow, Tornado, TornadoRow

_MOST = 12
_FLAT = 0.005


@dataclass(frozen=True, slots=True)
class _Bar:
    """What is drawn of one input: at its low and high end, and the least and most inside where these do not tell."""

    label: str
    low: float
    high: float
    least: float
    most: float
    inside: bool


def tonnage_tornado_figure(found: TonnageTornado, *, source: str) -> Figure | None:
    """Draw K* at both ends of each input's range, the largest swing on top; None where no input moves it."""
    first = found.rows[0]
    shown = [row for row in found.rows if row.swing_kt > _FLAT * first.swing_kt][:_MOST]
    if not shown:
        return None
    further = [row for row in shown if row.further_inside]
    lines = [
        say(
            "inputs.largest_moved_alone",
            input=first.input.name,
            swing_kt=first.swing_kt,
            ends=say(
                "inputs.largest_ends" if first.input.unit in ("", "1") else "inputs.largest_ends_2",
                low_kt=first.low_kt,
                low=first.input.low,
                high_kt=first.high_kt,
                high=first.input.high,
                unit=first.input.unit,
            ),
        )
    ]
    if further:
        lines.append(say("inputs.largest_turning", turning=[row.input.name for row in further]))
    if found.none_share > 0.0:
        lines.append(say("inputs.largest_nothing", none_share=found.none_share))
    left_out = len(found.rows) - len(shown)
    bars = [_Bar(_label(row), row.low_kt, row.high_kt, row.least_kt, row.most_kt, row.further_inside) for row in shown]
    mark = cut_mark([value for bar in bars for value in (bar.least, bar.most)])
    return figure(
        _bars(bars, found.base_kt, say("inputs.largest_axis", cut_mark=mark)),
        name="tonnage_tornado",
        title=say("inputs.largest_title"),
        subtitle=say(
            "inputs.largest_dashed_weaker" if left_out else "inputs.largest_dashed",
            institution=called("institution_short", found.institution).capitalize(),
            baseline_words=called("baseline", found.baseline),
            leaving_words=called("leaving", found.leaving),
            base_kt=found.base_kt,
            left_out=left_out,
        ),
        sentence=" ".join(lines),
        source=source,
        units=say("inputs.largest_units"),
        width=None,
        height=None,
    )


def tornado_figure(found: Tornado, *, currency: str, source: str) -> Figure | None:
    """Draw the margin at both ends of each input's range, the largest swing on top; None where nothing is known."""
    known = [row for row in found.rows if row.swing_m_per_year == row.swing_m_per_year]
    if not known:
        return None
    shown = [row for row in known if row.swing_m_per_year > _FLAT * known[0].swing_m_per_year][:_MOST]
    first = known[0]
    sentence = say(
        "inputs.moved_alone_over_its_stated",
        input=first.input.name,
        currency=currency,
        swing_m_per_year=first.swing_m_per_year,
        ends=_ends(first),
    )
    if turning := [row for row in shown if row.turns]:
        sentence += " " + say("inputs.both_ends_do_not_tell", turning=[_inside(row) for row in turning])
    deciding = [row.input.name for row in known if row.decides]
    sentence += " " + say(
        "inputs.the_verdict_changes_with" if deciding else "inputs.none_of_them_changes_the", deciding=deciding
    )
    left_out = len(found.rows) - len(shown)
    bars = [
        _Bar(_label(row), row.low_m_per_year, row.high_m_per_year, row.least_m_per_year, row.most_m_per_year, row.turns)
        for row in shown
    ]
    mark = cut_mark([found.base_m_per_year, *(m for bar in bars for m in (bar.least, bar.most))])
    return figure(
        _bars(bars, found.base_m_per_year, say("inputs.margin_m_a_year", currency=currency, cut_mark=mark)),
        name="tornado",
        title=say("inputs.one_input_at_a_time"),
        subtitle=say(
            "inputs.deal_dashed_the_case_weaker" if left_out > 0 else "inputs.deal_dashed_the_case",
            institution=called("institution_short", found.institution).capitalize(),
            baseline_words=called("baseline", found.baseline),
            leaving_words=called("leaving", found.leaving),
            base_m_per_year=found.base_m_per_year,
            left_out=left_out,
        ),
        sentence=sentence,
        source=source,
        units=say("inputs.m_a_year", currency=currency),
        width=None,
        height=None,
    )


def sensitivity_figure(found: MarginSensitivity | TonnageSensitivity, *, source: str) -> Figure | None:
    """Draw the Sobol indices of the margin or of K* with their errors, largest total first; None where all are 0."""
    largest = isinstance(found, TonnageSensitivity)
    order = sorted(range(len(found.factors)), key=lambda k: -float(found.total[k]))
    shown = [k for k in order if float(found.total[k]) > _FLAT][:_MOST]
    if not shown:
        return None
    names = [coded(found.factors[k]) for k in shown]
    rows = [
        {
            "input": coded(found.factors[k]),
            "value": float(found.total[k]),
            "low": max(0.0, float(found.total[k] - found.total_error[k])),
            "high": float(found.total[k] + found.total_error[k]),
        }
        for k in shown
    ]
    y_axis = channel("input:N", sort=names, title=None, axis={"labelLimit": 230, "ticks": False, "domain": False})
    title = say("inputs.largest_part_of_variance" if largest else "inputs.part_of_the_margins_variance")
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
        f"{coded(found.factors[k])} ({percent(float(found.total[k]))} ± {percent(float(found.total_error[k]))})"
        for k in shown
    ]
    said = "inputs.largest_when_all_vary" if largest else "inputs.when_all_inputs_vary_over"
    sentence = say(said, top=top[:3], total=float(found.total.sum()))
    return figure(
        drawing.sized(width=440, height=22 * len(names)),
        name="tonnage_sensitivity" if largest else "sensitivity",
        title=say("inputs.largest_all_at_once" if largest else "inputs.all_inputs_at_once_what"),
        subtitle=say(
            "inputs.largest_total_sobol" if largest else "inputs.total_sobol_indices_margins_seed",
            draws=found.draws,
            seed=found.seed,
        ),
        sentence=sentence,
        source=source,
        units=say("inputs.of_variance"),
        width=None,
        height=None,
    )


def _bars(rows: Sequence[_Bar], base: float, axis: str) -> Chart:
    order = [row.label for row in rows]
    words = (say("inputs.at_the_low_end"), say("inputs.at_the_high_end"))
    bars: list[dict[str, Any]] = [
        {"input": row.label, "end": word, "from": base, "to": value}
        for row in rows
        for word, value in zip(words, (row.low, row.high), strict=True)
        if value == value
    ]
    spans = [{"input": row.label, "low": row.least, "high": row.most} for row in rows if row.inside]
    every = [base, *(value for row in rows for value in (row.least, row.most))]
    scale = {"zero": False, "padding": 14}
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
            x=channel("from:Q", title=[axis], scale=scale),
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
    layers.append(chart([{"at": base}]).mark("rule", color=INK, strokeDash=[3, 3]).encode(x="at:Q"))
    if min(every) < 0.0 < max(every):
        layers.append(chart([{"at": 0.0}]).mark("rule", color=INK, strokeWidth=1.6).encode(x="at:Q"))
    return layered(*layers).sized(width=410, height=26 * len(rows))


def _label(row: TornadoRow | TonnageTornadoRow) -> str:
    item = row.input
    unit = "" if item.unit in ("", "1", "times") else f" {item.unit}"
    low, high = (f"{'+' if item.operation == 'add' and end > 0.0 else ''}{short(end)}" for end in (item.low, item.high))
    return say(
        "inputs.to" if item.operation == "multiply" else "inputs.to_2", name=item.name, low=low, high=high, unit=unit
    )


def _ends(row: TornadoRow) -> str:
    item = row.input
    low, high = (f"{'+' if item.operation == 'add' and end > 0.0 else ''}{short(end)}" for end in (item.low, item.high))
    return say(
        "inputs.at_at" if item.unit in ("", "1") else "inputs.at_at_2",
        low_m_per_year=row.low_m_per_year,
        low=low,
        high_m_per_year=row.high_m_per_year,
        high=high,
        unit=item.unit,
    )


def _inside(row: TornadoRow) -> str:
    """Say where inside the range of a turning input its margin is least or most."""
    at = dict(zip(row.margins_m_per_year, row.values, strict=True))
    ends = (row.low_m_per_year, row.high_m_per_year)
    low, high = min(m for m in at if m == m), max(m for m in at if m == m)
    turned = [m for m in (low, high) if m not in ends]
    if not turned:
        return say("inputs.turns_on_the_way", input=row.input.name)
    return say("inputs.reaches", input=row.input.name, turned=[say("inputs.at", m=m, at=at[m]) for m in turned])
