"""The Sankey's geometry: bands as wide as what flows, nodes that hold their bands, nothing outside the picture."""

import pytest

from potline.report.drawings.sankey import Band, SankeyColumn, sankey

BANDS = (
    Band(column=0, origin="ore", destination="Henan", size=30.0, group="ore"),
    Band(column=0, origin="ore", destination="Shanxi", size=10.0, group="ore"),
    Band(column=1, origin="Henan", destination="Gansu", size=30.0, group="Henan"),
    Band(column=1, origin="Shanxi", destination="Gansu", size=10.0, group="Shanxi"),
)
COLUMNS = (
    SankeyColumn(title="from", nodes=("ore",)),
    SankeyColumn(title="in", nodes=("Henan", "Shanxi")),
    SankeyColumn(title="to", nodes=("Gansu",)),
)


def test_bands_are_as_wide_as_what_flows_and_stay_in_the_picture():
    drawn = sankey(COLUMNS, BANDS, colours={"ore": "#000000"}, labels={}, scales=(0.02, 0.02)).spec
    rows = drawn["layer"][0]["data"]["values"]
    assert {row["band"] for row in rows} == {0, 1, 2, 3}
    for row in rows:
        assert row["y2"] - row["y"] == pytest.approx(0.02 * BANDS[row["band"]].size, abs=2e-6)
        assert -1e-9 <= row["y"] <= row["y2"] <= 1.0 + 1e-9
    boxes = drawn["layer"][1]["data"]["values"]
    assert sorted(round(box["y2"] - box["y"], 6) for box in boxes) == [0.2, 0.6, 0.8, 0.8]


def test_bands_leave_a_node_one_below_the_other():
    drawn = sankey(COLUMNS, BANDS, colours={"ore": "#000000"}, labels={}, scales=(0.02, 0.02)).spec
    starts = [min((row for row in drawn["layer"][0]["data"]["values"] if row["band"] == k), key=lambda row: row["x"])
              for k in (0, 1)]  # fmt: skip
    assert starts[0]["y"] == pytest.approx(starts[1]["y2"])
