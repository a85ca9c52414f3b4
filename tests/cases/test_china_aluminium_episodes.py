"""The cases of June 2013, December 2015 and July 2017: built from data-raw, no input from after the date."""

import csv
import math
import subprocess
import sys
from pathlib import Path

import pytest

from potline.cases import Case, load, shipped

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT / "data-raw"
CASES = ROOT / "src" / "potline" / "cases"
NAMES = ("china-aluminium-2013-june", "china-aluminium-2015", "china-aluminium-2017")
DATED = ("numbers", "defaults", "power", "capacity", "idle", "meetings", "orders")


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    return {name: load(name) for name in NAMES}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_rebuilding_gives_the_shipped_bytes(tmp_path):
    cases, pages = tmp_path / "cases", tmp_path / "pages"
    script = [str(RAW / "build_china_aluminium_episodes.py"), "--out", str(cases), "--pages", str(pages)]
    subprocess.run([sys.executable, *script], check=True, timeout=120)
    for name in NAMES:
        built = {path.name: path.read_bytes() for path in (cases / name).iterdir()}
        assert built == {path.name: path.read_bytes() for path in (CASES / name).iterdir() if path.is_file()}
        assert (pages / f"{name}.md").read_bytes() == (ROOT / "docs" / "cases" / f"{name}.md").read_bytes()


def test_all_four_meetings_are_shipped():
    assert {"china-aluminium-2013", *NAMES} <= set(shipped())


def test_no_input_is_about_a_time_after_its_case(cases):
    """Only what happened, in outcomes.csv, may lie later."""
    for table in DATED:
        for row in rows(RAW / "compiled" / "episodes" / f"{table}.csv"):
            month = cases[row["case"]].date
            assert row["about"] <= month, f"{table}.csv: {row}"
            assert row["about"][:4].isdigit()
    later = [row for row in rows(RAW / "compiled" / "episodes" / "outcomes.csv") if row["case"] == NAMES[1]]
    assert any(row["about"] > "2015-12" for row in later)


def test_series_and_law_of_the_price_end_before_the_meeting(cases):
    lengths = {}
    for name, last in zip(NAMES, ("2013-05", "2015-11", "2017-06"), strict=True):
        for series in cases[name].series:
            assert series.months[0] == "2000-01"
            assert series.months[-1] == last
        note = cases[name].claims["process.volatility"].note
        assert f"2000-01 to {last}" in note
        lengths[name] = int(note.split(" monthly")[0].rsplit(" ", 1)[1])
    assert list(lengths.values()) == [160, 190, 209]


def test_every_claim_has_a_source_and_a_standing(cases):
    for case in cases.values():
        known = {source.id for source in case.sources}
        for claim in case.claims:
            assert claim.standing in ("reported", "derived", "assumed", "disputed"), claim.path
            assert claim.source, claim.path
            assert {name.strip() for name in claim.source.split(";")} <= known, claim.path


def test_outcomes_enter_nothing(cases):
    for case in cases.values():
        paths = [claim.path for claim in case.claims if claim.path.startswith("outcome.")]
        assert paths
        assert not any(factor.path.startswith("outcome.") for factor in case.factors)
        assert case.outcome is not None
        assert case.outcome.source


@pytest.mark.parametrize(
    ("name", "capacity", "running", "plants", "owners"),
    [
        ("china-aluminium-2013-june", 27_711.0, 22_390.0, 65, 5),
        ("china-aluminium-2015", 42_000.0, 32_200.0, 67, 14),
        ("china-aluminium-2017", 44_673.0, 37_610.0, 68, 6),
    ],
)
def test_capacity_and_running_state(cases, name, capacity, running, plants, owners):
    case = cases[name]
    assert len(case.industry.plants) == plants
    assert sum(plant.capacity_kt for plant in case.industry.plants) == pytest.approx(capacity, abs=0.5)
    assert sum(plant.running_kt for plant in case.industry.plants) == pytest.approx(running, abs=0.01)
    assert case.industry.demand.quantity_kt == running
    assert case.meeting is not None
    assert len(case.meeting.owners) == owners


def test_what_the_sources_tell_of_single_plants(cases):
    june = cases["china-aluminium-2013-june"].industry
    assert june.plant("Qujing").idle_kt == 150.0
    chalco = [plant for plant in june.plants if plant.firm == "Chalco"]
    assert sum(plant.idle_kt for plant in chalco) >= 380.0
    assert all(plant.idle_kt == 0.0 for plant in june.plants if plant.firm == "Yunnan Aluminium")
    kunming = cases["china-aluminium-2015"].industry
    assert kunming.plant("Liancheng").idle_kt == 550.0
    assert kunming.plant("Binzhou-Zouping").capacity_kt == 5_217.0
    ordered = cases["china-aluminium-2017"].industry
    assert ordered.plant("Huayun").commissioning_kt == 480.0
    assert [ordered.plant(name).capacity_kt for name in ("East Hope Zhundong", "Qiya Zhundong", "Manas")] == [
        1600.0, 800.0, 750.0,
    ]  # fmt: skip


def test_own_power_follows_coal_and_mine_mouth_plants_do_not(cases):
    before, after = load("china-aluminium-2013").industry, cases["china-aluminium-2015"].industry

    def price(industry, name):
        return next(item.price_per_unit for item in industry.plant(name).inputs if item.product == "electricity") * 1.17

    move = 6.5 * (52.47 * 6.364 - 90.98 * 6.2154) / 13_600.0
    assert price(after, "Binzhou-Zouping") - price(before, "Binzhou-Zouping") == pytest.approx(move, abs=1e-4)
    assert price(after, "Wujiaqu") == pytest.approx(price(before, "Wujiaqu"))
    assert price(after, "Fushun") - price(before, "Fushun") == pytest.approx(-0.018, abs=1e-9)


def test_what_was_ordered_in_2017(cases):
    meeting = cases["china-aluminium-2017"].meeting
    assert meeting is not None
    assert meeting.rule == "stated"
    cuts = dict(meeting.stated_cuts_kt)
    hongqiao = 2680.0 + 0.1 * (cases["china-aluminium-2017"].industry.plant("Binzhou-Zouping").running_kt - 2680.0)
    assert cuts["Hongqiao"] == pytest.approx(hongqiao, abs=0.06)
    assert meeting.least_cut_kt == pytest.approx(sum(cuts.values()), abs=0.01)


def test_outcomes_as_published(cases):
    june, kunming, ordered = (cases[name].outcome for name in NAMES)
    assert (june.decision, kunming.decision, ordered.decision) == ("pledge", "pledge", "mandate")
    assert sum(kt for _, kt in june.announced_kt) == 800.0
    assert june.made_before_kt == 530.0
    assert kunming.kept_months == 4.0
    assert kunming.restart_price_per_t * 1.17 == pytest.approx(11_600.0)
    assert ordered.kept_months == math.inf
    assert load("china-aluminium-2013").outcome.decision == "none"
