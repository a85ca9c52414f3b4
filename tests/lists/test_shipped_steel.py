"""The shipped cases of steel: built through the import to the byte, light to run, with figures that hold."""

import importlib.util
import json
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.steel.test_steel import OTHERS, others, texts

import potline as pot
from potline.cases.folders import shipped_folder
from potline.cli.app import command

SCRIPT = Path(__file__).parents[2] / "data-raw" / "build_steel_2023.py"
NAMES = ("steel-2023", "steel-china-2023")


def test_the_script_gives_the_shipped_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("build_steel_2023", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.build(tmp_path)
    assert "steel-2023: 913 plants of 748 firms" in capsys.readouterr().out
    for name in NAMES:
        ours = {item.name: item.read_bytes() for item in shipped_folder(name).iterdir()}
        assert {item.name: item.read_bytes() for item in (tmp_path / name).iterdir()} == ours


@pytest.mark.parametrize(("name", "plants", "capacity"), [(NAMES[0], 913, 2_325_746.3), (NAMES[1], 341, 1_120_778.0)])
def test_every_number_is_reported_or_a_range_with_its_source(name: str, plants: int, capacity: float) -> None:
    case = pot.load(name)
    assert len(case.industry.plants) == plants
    assert sum(plant.capacity_kt for plant in case.industry.plants) == pytest.approx(capacity, abs=0.1)
    assert case.meeting is None
    assert case.description.startswith("Every cost is an assumed range by process route")
    known = {source.id for source in case.sources}
    for claim in case.claims:
        assert {item.strip() for item in claim.source.split(";")} <= known, claim.path
        if claim.standing == "assumed" and claim.value != 0.0 and not claim.path.startswith("noise."):
            assert claim.low < claim.high, claim.path


@pytest.mark.parametrize("name", NAMES)
def test_a_run_answers_and_speaks_of_no_other_industry(name: str, tmp_path: Path) -> None:
    out = tmp_path / "run"
    result = CliRunner().invoke(command, ["run", name, "--draws", "16", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert others(result.output) == []
    assert "The case holds no meeting" in result.output
    industry = pot.load(name).industry
    names = {item.name for item in (*industry.plants, *industry.firms)}
    names |= {cell for column in pot.load(name).extra_columns for cell in column.cells}
    wrong: dict[str, list[str]] = {}
    for file in sorted(item for item in out.rglob("*") if item.is_file() and item.suffix != ".xlsx"):
        for part, text in texts(file).items():
            bare = unescape(text).replace('""', '"').replace('\\"', '"')
            for word in sorted((name for name in names if OTHERS.search(name)), key=len, reverse=True):
                bare = bare.replace(word, "")
            wrong |= {part: found} if (found := others(bare)) else {}
    assert wrong == {}
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results
    page = (out / "brief.html").read_text(encoding="utf-8")
    told = "Of 2 published facts none can be set beside a number that follows from the model."
    assert (told in page) == bool(pot.load(name).record)
    assert "agree with a number that follows" not in page[: page.index("<section")]


def test_bars_of_many_plants_are_not_eaten_by_white_lines() -> None:
    from potline.report.figures.costs import cost_curve_figures
    from potline.report.figures.provinces import province_figure

    curve = pot.cost_curve(pot.load("steel-2023").industry)
    for found in cost_curve_figures(curve, source=""):
        drawing = json.dumps(dict(found.chart_spec))
        assert '"strokeWidth": 0.3' in drawing
        assert '"stroke": "white", "strokeWidth": 0.5' not in drawing
    drawn = province_figure(curve, source="")
    assert drawn is not None
    assert "Drawn are the 30 with most capacity" in drawn.sentence
    few = pot.cost_curve(pot.load("china-aluminium-2013").industry)
    drawing = json.dumps(dict(cost_curve_figures(few, source="")[0].chart_spec))
    assert '"stroke": "white"' in drawing
    assert '"strokeWidth": 0.5' in drawing
