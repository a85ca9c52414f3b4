import dataclasses
import math

import pytest
from tests.spoiling import spoil

import potline as pot
from potline.answers import Answers, record
from potline.cases import Case, Factor, Meeting, RecordEntry, Series, load
from potline.evidence import (
    quantities_chain,
    quantities_costs,
    quantities_industry,
    quantities_input,
    quantities_meeting,
)
from potline.evidence.quantities import QUANTITIES, parse_key
from potline.evidence.quantity import months_of
from potline.industry import Firm, Industry, Input, LinearDemand, Plant, PriceProcess
from potline.report.catalogue import english
from potline.report.tables.record import why_not

BY_HAND = {
    "attendee_capacity_share": 0.75,
    "attendee_firm_count": 1.0,
    "capacity_kt": 40.0,
    "capacity_kt[North]": 30.0,
    "captive_capacity_share": 0.75,
    "cash_cost_percentile_eur_per_t[75]": 10.0,
    "demand.quantity_kt": 30.0,
    "electricity_share_of_cash_cost": 5.0 / 12.5,
    "jobs_per_kt": 0.0,
    "price_eur_per_t": 15.0,
    "running_below_cash_cost_kt": 10.0,
    "share_capacity_under_water_cash": 0.25,
    "share_firms_under_water_full": 0.5,
    "unit_result_full_eur_per_t[X]": 5.0,
    "utilisation_share": 0.75,
    "utilisation_share[North]": 20.0 / 30.0,
    "weighted_cash_cost_eur_per_t": 12.5,
    "weighted_power_use_kwh_per_t": 10.0,
}


def entry(quantity="capacity_kt", value=math.nan, low=None, high=None, **fields):
    low, high = (value if low is None else low), (value if high is None else high)
    named = {"id": "R", **fields}
    return RecordEntry(quote="said", quantity=quantity, value=value, low=low, high=high, **named)


def case_of(*entries, **fields):
    power = (Input(product="electricity", use_per_t=10.0, price_per_unit=0.5),)
    industry = Industry(
        name="two",
        currency="EUR",
        price_per_t=15.0,
        vat_rate=0.2,
        demand=LinearDemand(price_per_t=15.0, quantity_kt=30.0, elasticity=1.0),
        firms=(Firm(name="X"), Firm(name="Y")),
        plants=(
            Plant(
                name="A",
                firm="X",
                government="North",
                capacity_kt=30.0,
                running_kt=20.0,
                other_cost_per_t=5.0,
                inputs=power,
                power_source="captive",
            ),
            Plant(name="B", firm="Y", government="South", capacity_kt=10.0, other_cost_per_t=15.0, inputs=power),
        ),
    )
    meeting = Meeting(date="2020-01-01", firms=("X",), owners=("X",), least_cut_kt=1.0)
    return Case(
        name="two", date="2020-01", currency="EUR", industry=industry, meeting=meeting, record=entries, **fields
    )


def only(*args, **fields):
    return record(case_of(entry(*args, **fields))).lines[0]


@pytest.mark.parametrize(("key", "value"), BY_HAND.items())
def test_quantities_by_hand(key, value):
    line = only(key)
    assert why_not(line) == ""
    assert line.model == pytest.approx(value)
    assert line.status == "model only"
    assert english("meanings")[line.quantity or "own_number"].endswith(".")


def test_the_page_says_what_the_code_says_a_quantity_is():
    """The catalogue's sentence and the docstring stand in two places, and say one thing."""
    rooms = (quantities_chain, quantities_costs, quantities_industry, quantities_input, quantities_meeting)
    for name in QUANTITIES:
        function = next(vars(room)[name] for room in rooms if name in vars(room))
        said = english("meanings")[name].format(input="the input", product="the product")
        assert said == " ".join(function.__doc__.split()), name


def test_a_claim_with_tax_is_compared_with_tax():
    line = only("weighted_cash_cost_eur_per_t", 15.0, unit="EUR/t incl. VAT")
    assert (line.model, line.status, line.gap) == (pytest.approx(15.0), "agrees", pytest.approx(0.0))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"value": 41.9}, "agrees"),
        ({"value": 42.5}, "differs"),
        ({"value": 45.0, "low": 40.0, "high": 50.0}, "agrees"),
        ({"value": 45.0, "low": 40.5, "high": 50.0}, "differs"),
        ({"value": 40.0, "standing": "disputed"}, "disputed"),
        ({}, "model only"),
    ],
)
def test_status(fields, status):
    assert only(**fields).status == status


def test_a_disputed_claim_is_compared_with_its_correction():
    corrected = {"corrected": 39.0, "corrected_low": 38.0, "corrected_high": 40.0}
    line = only(value=100.0, standing="disputed", **corrected)
    assert (line.status, line.corrected_status) == ("disputed", "agrees")
    assert (line.gap, line.relative_gap) == (-60.0, -0.6)
    assert (line.corrected_gap, line.corrected_relative_gap) == (1.0, pytest.approx(1 / 39))


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("no_such_thing", "no quantity and no number of the industry is called 'no_such_thing'"),
        ("demand", "'demand' is no number in this case"),
        ("capacity_kt[East]", "no plant in 'East'"),
        ("running_kt[2021-06]", "the case describes 2020-01; it holds no state of the plants at 2021-06"),
        ("cash_cost_percentile_eur_per_t[median]", "ValueError: could not convert string to float: 'median'"),
        ("restart_over_stop_share", "the case has no price process"),
        ("supplier_operating_share", "the case has no market of a shared input"),
    ],
)
def test_a_quantity_that_fails_says_why_and_hides_nothing(key, reason):
    lines = record(case_of(entry(key, 1.0), entry("capacity_kt", 40.0))).lines
    assert (lines[0].status, lines[1].status) == ("not computed", "agrees")
    assert why_not(lines[0]).startswith(reason)
    assert math.isnan(lines[0].gap)


def test_a_sentence_without_a_quantity_is_kept():
    found = record(case_of(entry("", id="1"), entry("", id="2", standing="disputed")))
    assert [line.status for line in found.lines] == ["statement", "disputed"]
    assert found.computed == ()
    assert found.counts["statement"] == 1


def test_given_answers_are_used():
    case = case_of(entry("restart_over_stop_share"))
    given = dataclasses.make_dataclass("Stops", ["p_stop_per_t", "p_restart_per_t"])
    numpy = pytest.importorskip("numpy")
    stops = given(numpy.array([10.0, 20.0]), numpy.array([11.0, numpy.inf]))
    assert Answers(case).having(stops=stops).record.lines[0].model == pytest.approx(0.1)


def test_a_firm_is_judged_at_the_price_of_the_sentence():
    prices = Series(
        name="exchange_aluminium_eur_per_t",
        unit="EUR/t",
        vat="included",
        months=("2019-10", "2019-12", "2020-01"),
        values=(12.0, 24.0, 30.0),
        lows=(12.0, 24.0, 30.0),
        highs=(12.0, 24.0, 30.0),
    )
    key = "unit_result_full_eur_per_t[X]"
    entries = (entry(key, period="2019 Q4"), entry(key, period="spring"), entry(key, period="2018"))
    case = case_of(*entries, series=(prices,))
    case = dataclasses.replace(case, industry=dataclasses.replace(case.industry, product="aluminium"))
    assert [line.model for line in record(case).lines] == pytest.approx([15.0 - 10.0, 15.0 - 10.0, 15.0 - 10.0])
    dearer = dataclasses.replace(prices, values=(24.0, 24.0, 30.0))
    assert record(dataclasses.replace(case, series=(dearer,))).lines[0].model == pytest.approx(20.0 - 10.0)


def test_periods():
    assert months_of("2012")[::11] == ("2012-01", "2012-12")
    assert months_of("2013-Q2") == ("2013-04", "2013-05", "2013-06")
    assert months_of("2013-03") == ("2013-03",)


def test_the_flagship_record_names_only_quantities_that_exist():
    case = load("china-aluminium-2013")
    assert len(case.record) >= 30
    keys = {entry.quantity for entry in case.record if entry.quantity}
    unknown = {key for key in keys if parse_key(key, case.currency)[0] not in QUANTITIES and "." not in key}
    assert unknown == set()


def test_the_flagship_record():
    case = load("china-aluminium-2013")
    found = record(case)
    assert tuple(line.entry for line in found.lines) == case.record
    missing = {line.entry.quantity for line in found.lines if line.status == "not computed"}
    assert missing <= {
        "input_imports_change_share[2013-Q1]",
        "input_imports_change_share[2013-03]",
        "running_kt[2013-06]",
    }
    by_key = {line.entry.quantity: line for line in found.computed}
    assert by_key["running_kt"].model == pytest.approx(21_710.0)
    assert by_key["hhi_points"].status == "agrees"
    assert (by_key["price_flexibility"].status, round(by_key["price_flexibility"].model, 3)) == ("differs", 0.422)
    assert by_key["agreement_reached"].model == 0.0
    assert by_key["input_imports_kt_month[2013-03]"].corrected_status == "differs"


def test_only_computed_numbers_agree_or_differ():
    found = record(
        case_of(
            entry("capacity_kt", 40.0, id="1"),
            entry("weighted_cash_cost_eur_per_t", 12.5, id="2"),
            entry("weighted_cash_cost_eur_per_t", 99.0, id="3"),
            entry("weighted_cash_cost_eur_per_t", 12.5, note="Source facts. Fitted.", id="4"),
            entry("weighted_cash_cost_eur_per_t", 12.5, note="Not fitted: from accounts.", id="5"),
            entry("demand.quantity_kt", 30.0, id="6"),
            entry("", id="7"),
        )
    )
    assert [line.basis for line in found.lines] == ["input", "computed", "computed", "fitted", "computed", "input", ""]
    assert {name: count for name, count in found.counts.items() if count} == {
        "agrees": 2, "differs": 1, "input": 2, "fitted": 1, "statement": 1
    }  # fmt: skip
    assert sum(found.counts.values()) == len(found.lines)


def test_the_counts_of_the_flagship_add_up_and_its_fitted_numbers_are_named():
    found = record(load("china-aluminium-2013"), draws=0)
    assert sum(found.counts.values()) == len(found.facts)
    fitted = {line.entry.id for line in found.lines if line.basis == "fitted"}
    assert fitted >= {"P18", "P19", "P20", "P21", "P22"}


def costly(*entries, factors=(), noise=None):
    """Return a case of two owners with entries about their cash cost, which a factor of +-2 about 12.5 moves."""
    case = dataclasses.replace(case_of(*entries), factors=factors)
    meeting = dataclasses.replace(case.meeting, firms=("X", "Y"), owners=("X", "Y"))
    process = PriceProcess(volatility=0.1)
    industry = dataclasses.replace(case.industry, process=process)
    return dataclasses.replace(case, meeting=meeting, industry=industry)


COST = Factor(name="cost", path="plant[*].other_cost_per_t", operation="add", low=-2.0, central=0.0, high=2.0,
              triangular=False)  # fmt: skip


def test_what_agrees_in_nearly_all_draws_could_hardly_fail():
    key = "weighted_cash_cost_eur_per_t"
    wide, narrow = entry(key, 12.5, 10.0, 15.0, id="wide"), entry(key, 12.5, 11.5, 13.5, id="narrow")
    off = entry(key, 14.0, 13.5, 14.5, id="off")
    found = record(costly(wide, narrow, off, entry("capacity_kt", 40.0, id="own"), factors=(COST,)), draws=64)
    assert [line.kind for line in found.lines] == ["could hardly fail", "agrees", "differs", "input"]
    shares = [line.agreeing_share for line in found.lines]
    assert shares[:3] == pytest.approx([1.0, 0.5, 0.25], abs=0.02)  # uniform from 10.5 to 14.5
    assert math.isnan(shares[3])
    assert found.certificate.holds


def test_a_number_that_no_range_moves_has_no_share():
    other = dataclasses.replace(COST, path="demand.elasticity", operation="set", low=0.5, central=1.0, high=1.5)
    found = record(costly(entry("weighted_cash_cost_eur_per_t", 12.5), factors=(other,)))
    (line,) = found.lines
    assert (line.kind, line.drawn, math.isnan(line.agreeing_share)) == ("agrees", (), True)


def test_a_fact_is_counted_once_and_refuted_by_one_of_its_lines():
    key = "weighted_cash_cost_eur_per_t"
    entries = (
        entry(key, 12.5, id="A"),
        entry(key, 99.0, id="B", repeats="A"),
        entry("", id="C", repeats="D"),
        entry(key, 12.5, id="D"),
    )
    found = record(case_of(*entries))
    assert [(fact.name, fact.kind, len(fact.lines)) for fact in found.facts] == [
        ("A", "differs", 2),
        ("D", "agrees", 2),
    ]
    assert (found.counts["agrees"], found.counts["differs"], sum(found.counts.values())) == (1, 1, 2)


def test_no_agreement_at_a_thousand_kt_could_hardly_fail_and_the_flexibility_is_with_imports():
    case = load("china-aluminium-2013")
    kept = {"A01", "A20", "P06", "P28", "P50"}
    small = dataclasses.replace(case, record=tuple(item for item in case.record if item.id in kept))
    found = record(small)
    assert {fact.name: fact.kind for fact in found.facts} == {
        "A01": "could hardly fail", "P06": "agrees", "P28": "differs", "P50": "agrees"
    }  # fmt: skip
    line = found.line("P28")
    headroom = case.industry.trade.ceiling_per_t / case.industry.price_per_t - 1.0
    assert line.model == pytest.approx(headroom / (1000.0 / 21_710.0))  # the cut lifts the price to parity
    assert line.agreeing_share == 0.0
    assert found.certificate.holds


def test_every_figure_of_a_record_is_looked_at():
    entries = (
        entry("price_flexibility", 1.45, 0.9, 2.0, id="P"),
        entry("agreement_reached", 0.0, id="A"),
        entry("running_kt[North]", 20.0, id="N"),
        entry(
            "capacity_kt", 44.0, standing="disputed", corrected=40.0, corrected_low=40.0, corrected_high=40.0, id="C"
        ),
        entry("no_such_thing", 1.0, id="M"),
        entry("", id="S"),
    )
    found = record(costly(*entries, factors=(COST,)), draws=8)
    assert [line.drawn != () for line in found.lines] == [True, True, False, False, False, False]
    question = ("case", "seed", "lines[*].entry", "lines[*].quantity", "lines[*].about", "lines[*].basis",
                "lines[*].why")  # fmt: skip
    assert found.certificate.holds, found.certificate
    only_one = {"lines[0].drawn", "lines[1].drawn"}
    missed = [item.name for item in spoil(found, question=question) if not item.noticed]
    assert all(name.startswith(tuple(only_one)) for name in missed), missed  # one draw is computed again
    for line in (0, 1):
        wrong = dataclasses.replace(found.lines[line], drawn=tuple(1.0 - 2.0 * x for x in found.lines[line].drawn))
        lines = tuple(wrong if k == line else item for k, item in enumerate(found.lines))
        assert not pot.verify(dataclasses.replace(found, lines=lines)).holds
