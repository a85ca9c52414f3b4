import dataclasses
import math

import pytest

from potline.cases import Case, Series, load
from potline.equilibrium.input_market import solve_input_market
from potline.errors import InputError
from potline.evidence import input_imports
from potline.industry import ImportParity, Industry, Input, InputMarket, LinearDemand, Plant, Supplier

INDUSTRY = Industry(
    name="chain",
    product="aluminium",
    vat_rate=0.17,
    demand=LinearDemand(price_per_t=1.0, quantity_kt=50.0, elasticity=1.0),
    plants=(
        Plant(
            name="A",
            firm="A",
            capacity_kt=120.0,
            inputs=(Input(product="alumina", use_per_t=2.0, price_per_unit=2000.0),),
        ),
    ),
    input_market=InputMarket(
        product="alumina",
        price_per_t=2000.0,
        suppliers=(
            Supplier(name="S", capacity_kt=120.0, cash_cost_per_t=1800.0),
            Supplier(name="H", capacity_kt=240.0, cash_cost_per_t=2100.0),
        ),
        parity=ImportParity(fob_usd_per_t=330.0, freight_usd_per_t=20.0, exchange_rate=6.0, vat_rate=0.17),
    ),
)


def series(name, points, spread=0.0):
    return Series(
        name=name,
        unit="",
        vat="none",
        months=tuple(points),
        values=tuple(points.values()),
        lows=tuple(value - spread for value in points.values()),
        highs=tuple(value + spread for value in points.values()),
    )


def case_of(*items):
    return Case(name="chain", date="2012-06", industry=INDUSTRY, series=items)


FOB = series("alumina_fob_usd_per_t", {"2011-11": 300.0, "2012-03": 360.0})
DERIVED = series("alumina_fob_derived_usd_per_t", {"2011-12": 330.0}, spread=20.0)
CUSTOMS = series("alumina_imports_kt_per_month", {"2012-01": 8.0, "2012-02": 7.0, "2012-05": 3.0})


def test_lag_score_and_ranges():
    answer = input_imports(case_of(FOB, DERIVED, CUSTOMS))
    assert [month.month for month in answer.months] == ["2012-01", "2012-02", "2012-05"]
    assert [month.scored for month in answer.months] == [True, False, True]
    cheap, between, dear = answer.months
    assert (cheap.imports_kt, cheap.error_kt) == (pytest.approx(10.0), pytest.approx(2.0))
    assert (dear.imports_kt, dear.error_kt) == (0.0, -3.0)
    assert (between.imports_low, between.imports_kt, between.imports_high) == (0.0, 0.0, pytest.approx(10.0))
    assert (answer.mean_error_kt, answer.mean_absolute_error_kt) == (pytest.approx(-0.5), pytest.approx(2.5))
    assert answer.mean_customs_kt == pytest.approx(5.5)
    assert cheap.parity_with_vat_per_t == pytest.approx(320.0 * 6.0 * 1.17)
    assert dear.price_with_vat_per_t == pytest.approx(2100.0 * 1.17)
    assert dear.gap_with_vat_per_t == pytest.approx((2100.0 - 380.0 * 6.0) * 1.17)


def test_another_lag_moves_the_month_of_landing():
    answer = input_imports(case_of(FOB, CUSTOMS), lag_months=0)
    assert [(month.month, month.fob_month) for month in answer.months] == [("2011-11",) * 2, ("2012-03",) * 2]
    assert answer.scored == ()
    assert math.isnan(answer.mean_error_kt)


def test_output_and_capacity_come_from_the_nearest_dated_fact():
    plain = input_imports(case_of(FOB, CUSTOMS)).month("2012-01")
    assert (plain.output_from, plain.capacity_from) == ("2012-06 (case)", "2012-06 (case)")
    assert (plain.product_output_kt, plain.input_capacity_kt) == (120.0, 360.0)
    output = series("aluminium_output_kt_per_year", {"2011-12": 90.0, "2012-02": 30.0, "2012-05": 110.0})
    capacity = series("alumina_capacity_kt_per_year", {"2011-06": 180.0})
    dated = input_imports(case_of(FOB, CUSTOMS, output, capacity)).month("2012-01")
    assert (dated.product_output_kt, dated.output_from) == (90.0, "2011-12")
    assert (dated.input_capacity_kt, dated.capacity_from) == (180.0, "2011-06")
    assert dated.imports_kt == pytest.approx((180.0 - 60.0) / 12.0)


def test_what_is_missing_is_said():
    with pytest.raises(InputError, match="series 'alumina_fob_usd_per_t'"):
        input_imports(case_of(CUSTOMS))
    with pytest.raises(InputError) as error:
        input_imports(case_of(FOB)).month("2013-01")
    assert str(error.value) == (
        "InputImports.month: found '2013-01'; needed a month with a price abroad 2 months before it."
    )


def test_the_flagship_scores_only_months_with_a_published_price():
    case = load("china-aluminium-2013")
    answer = input_imports(case)
    assert all(month.fob_standing == "observed" and month.customs_kt > 0.0 for month in answer.scored)
    assert {month.month for month in answer.scored} == {"2012-07", "2013-04", "2013-05", "2013-06"}
    assert all(month.fob_low < month.fob_high for month in answer.months if month.fob_standing == "derived")
    # A landed tonne cost more than the dearest domestic one that was needed: the step model lets nothing in, customs
    # shows contract cargoes. The whole of customs is the error, and is reported as such.
    assert all(month.gap_with_vat_per_t < 0.0 for month in answer.scored)
    assert answer.mean_absolute_error_kt == pytest.approx(answer.mean_customs_kt)


def test_the_flagship_market_of_alumina():
    case = load("china-aluminium-2013")
    result = solve_input_market(case.industry)
    assert result.certificate.holds
    assert result.gap_per_t < 0.0
    assert result.observed_gap_per_t < 0.0
    shandong = next(group for group in result.by_province() if group.government == "Shandong")
    assert 0.65 <= shandong.operating_rate <= 0.85
    doubled = dataclasses.replace(case, industry=result.industry)
    assert solve_input_market(doubled.industry).price_per_t == result.price_per_t
