"""What loading makes of a case: values without tax, claims as published, the same answer every time."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest

from potline.cases import load
from potline.errors import InputError
from potline.industry import LumpSum, PowerSubsidy, StatePurchase


def replace(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_nouns_hold_values_without_tax_and_claims_as_published(starter: Path) -> None:
    case = load(starter)
    assert case.industry.price_per_t == 1860 / 1.2
    assert case.claims["price_per_t"].value == 1860
    assert case.claims["price_per_t"].vat == "included"
    assert case.claims["price_per_t"].where == "case.toml line 25"
    plant = case.industry.plant("South 1")
    claim = case.claims["plant[South 1].power_price_per_kwh"]
    assert (claim.low, claim.high, claim.where) == (0.0552, 0.06, "plants.csv row 7")
    electricity = plant.input("electricity")
    assert electricity is not None
    assert electricity.price_per_unit == pytest.approx(0.0576 / 1.2)
    assert plant.other_cost_per_t == 370


def test_cost_of_a_plant_by_hand(starter: Path) -> None:
    plant = load(starter).industry.plant("Beta South")
    by_hand = 14100 * (0.0576 / 1.2 - 0.004) + 1.94 * 360 / 1.2 + 360
    assert plant.net_cash_cost_per_t() == pytest.approx(by_hand)
    assert plant.full_cost_per_t() == pytest.approx(by_hand + 70)


def test_blank_running_is_capacity_less_commissioning(starter: Path) -> None:
    replace(starter, "plants.csv", "running_kt", "commissioning_kt")
    replace(starter, "case.toml", "running_kt =", "commissioning_kt =")
    for line in ("Northland,300,", "Northland,200,", "Southland,150,", "Southland,80,"):
        replace(starter, "plants.csv", f"{line},", f"{line}0,")
    industry = load(starter).industry
    assert industry.plant("North 2").running_kt == 150 - 120
    assert industry.plant("North 1").running_kt == 300
    assert industry.plant("North 2").idle_kt == 0


def test_defaults_fill_blank_cells_with_one_claim(starter: Path) -> None:
    case = load(starter)
    assert {plant.restart_cost_per_t for plant in case.industry.plants} == {150}
    assert [claim.path for claim in case.claims.about("restart_cost")] == ["plant[*].restart_cost_per_t"]


def test_policies_in_force_are_applied_and_others_kept(starter: Path) -> None:
    rows = (
        "Stock,state_purchase,,Alpha;Gamma,30,kt,2020-01,,yes,example,assumed,,1800\n"
        "Grant,lump_sum,Northland,Alpha,4.2,m EUR/year,2020-01,,yes,example,assumed,,\n"
    )
    path = starter / "policies.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [lines[0] + ",price_eur_per_t", *(line + "," for line in lines[1:])]
    path.write_text("\n".join(lines) + "\n" + rows, encoding="utf-8")
    replace(starter, "case.toml", "# ---- Factors", '[columns.policies.price_eur_per_t]\nunit = "EUR/t"\n'
            'vat = "included"\nsource = "example"\nstanding = "assumed"\n# ---- Factors')  # fmt: skip
    case = load(starter)
    subsidy, stock, grant = case.industry.policies
    assert isinstance(subsidy, PowerSubsidy)
    assert isinstance(grant, LumpSum)
    assert stock == StatePurchase(name="Stock", quantity_kt=30, price_per_t=1500, sellers=("Alpha", "Gamma"),
                                  start="2020-01")  # fmt: skip
    supported = {plant.name for plant in case.industry.plants if plant.support_per_kwh == 0.004}
    assert supported == {"Beta South", "Gamma", "South 1"}
    assert case.industry.plant("North 1").lump_sum_m_per_year == pytest.approx(4.2 * 300 / 420)
    assert [policy.name for policy in case.other_policies] == ["Northland grant"]


def test_owners_are_those_who_decide_and_have_plants(starter: Path) -> None:
    meeting = load(starter).meeting
    assert meeting is not None
    assert meeting.firms == ("Alpha", "Beta Smelting", "Gamma", "Delta Rolling")
    assert meeting.owners == ("Alpha", "Beta Group", "Gamma")


def test_factors_are_in_python_names_without_tax(starter: Path) -> None:
    replace(starter, "case.toml", 'operation = "multiply"', 'operation = "set"')
    replace(starter, "case.toml", '"1 in 0.95..1.10"', '"0.048..0.060"')
    elasticity, restart, power = load(starter).factors
    assert (elasticity.low, elasticity.central, elasticity.high, elasticity.triangular) == (0.3, 0.5, 0.9, True)
    assert restart.path == "plant[*].restart_cost_per_t"
    assert (power.low, power.high, power.triangular) == (0.048 / 1.2, 0.060 / 1.2, False)


def test_series_are_sorted_and_kept_as_published(starter: Path) -> None:
    rows = "series,month,value\nspot,2019-12,1900\nspot,2019-11,1880..1890\n"
    (starter / "series.csv").write_text(rows, encoding="utf-8")
    with (starter / "case.toml").open("a", encoding="utf-8") as file:
        file.write('[series.spot]\nunit = "EUR/t"\nvat = "included"\nsource = "example"\nstanding = "assumed"\n')
    series = load(starter).series_named("spot")
    assert (series.months, series.values) == (("2019-11", "2019-12"), (1885.0, 1900.0))
    assert (series.lows, series.highs) == ((1880.0, 1900.0), (1890.0, 1900.0))
    with pytest.raises(InputError) as error:
        load(starter).series_named("spit")
    assert str(error.value) == (
        "Case.series_named, name: found 'spit'; needed the name of a series of the case. Did you mean 'spot'?"
    )


def test_record_keeps_sentences_without_numbers(starter: Path) -> None:
    entries = load(starter).record
    assert (entries[1].value, entries[1].corrected, entries[1].correction_source) == (950, 930, "example")
    assert math.isnan(entries[2].value)


def test_loading_twice_gives_the_same_hashable_case(starter: Path) -> None:
    first, second = load(starter), load(starter)
    assert first == second
    assert hash(first) == hash(second)
    assert len(first.digest) == 64
    replace(starter, "firms.csv", "buys metal", "buys  metal")
    assert load(starter).digest != first.digest


def test_loading_needs_no_array_library(starter: Path) -> None:
    program = (
        "import sys; from potline.cases import load; load(sys.argv[1]); "
        "assert not {'numpy', 'polars', 'numba', 'altair'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(starter)], check=True, timeout=60)
