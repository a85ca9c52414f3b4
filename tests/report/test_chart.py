from __future__ import annotations

import json
import subprocess
import sys

import pytest

from potline.report.chart import Chart, beside, channel, chart, layered

ROWS = [{"owner": "A", "low": 1.0, "high": 3.0}]


def test_a_chart_is_rows_a_mark_and_channels() -> None:
    bars = chart(ROWS).mark("bar", height=9).encode(x=channel("low:Q", title=None), x2="high:Q", y="owner:N")
    assert bars.spec == {
        "data": {"values": ROWS},
        "mark": {"type": "bar", "height": 9},
        "encoding": {
            "x": {"field": "low", "type": "quantitative", "title": None},
            "x2": {"field": "high"},
            "y": {"field": "owner", "type": "nominal"},
        },
    }
    assert bars.where("datum.low > 0").sized(width=3).spec == {
        **bars.spec,
        "transform": [{"filter": "datum.low > 0"}],
        "width": 3,
    }


def test_a_chart_grows_by_copies_and_keeps_its_own_rows() -> None:
    rows = [dict(row) for row in ROWS]
    base = chart(rows)
    first, second = base.mark("bar"), base.mark("rule")
    rows[0]["owner"] = "B"
    assert "mark" not in base.spec
    assert (first.spec["mark"], second.spec["mark"]) == ({"type": "bar"}, {"type": "rule"})
    assert first.spec["data"] == {"values": ROWS}


def test_charts_stand_over_or_beside_each_other() -> None:
    one, two = Chart({"mark": "bar"}), Chart({"mark": "rule"})
    assert layered(one, two).spec == {"layer": [one.spec, two.spec]}
    assert beside(one, two, spacing=4).spec == {"hconcat": [one.spec, two.spec], "spacing": 4}
    apart = beside(one, two, spacing=4, colours_apart=True).spec
    assert apart["resolve"] == {"scale": {"color": "independent"}}


def test_a_field_names_the_letter_of_its_type_last() -> None:
    assert channel("a:b:T")["field"] == "a:b"
    with pytest.raises(KeyError):
        channel("a")


def test_building_a_figure_imports_no_drawing_library() -> None:
    code = (
        "import json, sys\n"
        "from potline.report.figures.costs import cost_curve_figures\n"
        "from potline.answers import Answers\n"
        "from potline.cases import load\n"
        "made = cost_curve_figures(Answers(load('china-aluminium-2013'), draws=0).net, source='s')\n"
        "print(json.dumps([len(made), sorted({'altair', 'vl_convert', 'polars'} & set(sys.modules))]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [3, []]
