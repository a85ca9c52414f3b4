"""States that the model would not hold, and inputs that contradict each other: the whole text of each warning."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from potline.cases import Case, load, new
from potline.industry import (
    Change,
    Firm,
    ImportParity,
    Industry,
    Input,
    InputMarket,
    LinearDemand,
    Plant,
    PriceProcess,
    StatePurchase,
    Trade,
    Tranche,
)
from potline.plausibility import check
from potline.shutdown import observed_state, stopping_prices


@pytest.fixture
def starter(tmp_path: Path) -> Case:
    new(tmp_path / "starter")
    return load(tmp_path / "starter")


def mills(costs: list[float], *, price: float, share: float, quantity: float | None = None) -> Case:
    """Return a case of equal mills that each run at a share of their capacity."""
    plants = tuple(
        Plant(name=f"mill {k}", firm=f"firm {k}", capacity_kt=100.0, running_kt=100.0 * share, other_cost_per_t=cost,
              stop_cost_per_t=0.02 * price, restart_cost_per_t=0.03 * price, holding_cost_per_t=0.01 * price)
        for k, cost in enumerate(costs, 1)
    )  # fmt: skip
    running = sum(plant.running_kt for plant in plants)
    industry = Industry(
        name="steel", product="steel", currency="USD", plants=plants, price_per_t=price,
        firms=tuple(Firm(name=plant.firm) for plant in plants), process=PriceProcess(volatility=0.2),
        demand=LinearDemand(price_per_t=price, quantity_kt=quantity or running, elasticity=0.4),
    )  # fmt: skip
    return Case(name="steel", currency="USD", industry=industry)


def texts(case: Case) -> list[str]:
    return [str(warning) for warning in check(case) if warning.kind in ("state", "contradiction")]


def test_what_runs_and_is_not_bought(starter: Case) -> None:
    assert texts(starter.override("demand.quantity_kt=93")) == [
        "state of the plants: found 930 kt/year that run and 93 that are bought at 1,860 EUR/t as quoted; nothing "
        "takes the other 837; what runs is usually 0.98 to 1.02 times what is bought, with trade. "
        "Look at demand.quantity_kt and running_kt."
    ]


def test_what_is_bought_and_does_not_run(starter: Case) -> None:
    assert texts(starter.override("demand.quantity_kt=9300")) == [
        "state of the plants: found 930 kt/year that run and 9,300 that are bought at 1,860 EUR/t as quoted; nothing "
        "brings the other 8,370; what runs is usually 0.98 to 1.02 times what is bought, with trade. "
        "Look at demand.quantity_kt and running_kt."
    ]


def test_trade_and_state_purchases_explain_a_difference() -> None:
    long = mills([400.0] * 3, price=600.0, share=1.0, quantity=200.0)
    short = mills([400.0] * 3, price=600.0, share=1.0, quantity=400.0)
    assert len(texts(long)) == len(texts(short)) == 1

    def trading(case: Case, trade: Trade) -> Case:
        return dataclasses.replace(case, industry=dataclasses.replace(case.industry, trade=trade))

    assert texts(trading(long, Trade(export_floor_per_t=600.0))) == []
    assert texts(trading(short, Trade(tranches=(Tranche(price_per_t=600.0, quantity_kt=95.0),)))) == []
    assert len(texts(trading(short, Trade(tranches=(Tranche(price_per_t=600.0, quantity_kt=80.0),))))) == 1
    stored = StatePurchase(name="reserve", quantity_kt=100.0, price_per_t=600.0)
    bought = dataclasses.replace(long, industry=dataclasses.replace(long.industry, policies=(stored,)))
    assert texts(bought) == []


def test_idle_lines_that_would_restart_with_their_tonnes_and_prices() -> None:
    case = mills([400.0, 420.0, 440.0, 590.0], price=620.0, share=0.85)
    found = observed_state(case.industry).restart_per_t
    assert [round(price) for price in found] == [452, 474, 496, 659]
    assert texts(case) == [
        f"state of the plants: found 45 of 60 kt/year that stand idle although they restart above {found[0]:.2f} to "
        f"{found[2]:.2f} USD/t, where the price is 620.00 USD/t (3 plants, most at 'mill 1'); idle lines usually have "
        "restart prices at or above the price. Look at their costs, at running_kt and at the price. Answers have "
        "two ends: they do not come back within a term, or with the first money more."
    ]


def test_running_lines_that_would_have_stopped_with_their_tonnes_and_prices() -> None:
    case = mills([400.0, 800.0], price=500.0, share=1.0)
    at = stopping_prices(case.industry).p_stop_per_t
    assert at[0] < 500.0 < at[1]
    assert texts(case) == [
        f"state of the plants: found 100 of 200 kt/year that run although they stop below {at[1]:.2f} USD/t, where the "
        "price is 500.00 USD/t (1 plant, most at 'mill 2'); lines that run usually have stopping prices at or below "
        "the price. Look at their costs, at running_kt and at the price. Answers take what is not explained "
        "off their cost."
    ]


def test_only_lines_that_could_be_out_of_place_are_priced_and_none_is_missed() -> None:
    """The sieve before the options: what it leaves out is on its right side by the options too."""
    case = mills([300.0 + 7.0 * k for k in range(60)], price=500.0, share=0.7)
    stops = stopping_prices(case.industry)
    restart = observed_state(case.industry).restart_per_t
    above, below = int((stops.p_stop_per_t > 500.0).sum()), int((restart < 500.0).sum())
    said = texts(case)
    assert f"({above} plants" in said[0]
    assert f"({below} plants" in said[1]
    assert 0 < above < 60
    assert 0 < below < 60


def test_a_state_without_stopping_prices_says_why() -> None:
    case = mills([700.0, 400.0], price=500.0, share=1.0).under(Change(path="process.drift", value=0.2))
    (said,) = texts(case)
    assert said.startswith("state of the plants: found no stopping prices to test it by (")
    assert "process.drift: found a drift of 0.2 a year at a discount rate of 0.1)" in said
    assert said.endswith("); a state is tested by them.")


def test_a_price_above_import_parity_and_one_below_the_export_floor(starter: Case) -> None:
    assert texts(starter.override("price_eur_per_t=2090"))[:1] == [
        "price of the date: found 2,090 EUR/t as quoted, above import parity of 2,080 EUR/t as quoted; a price that "
        "holds is at most import parity, where any tonnage comes in. "
        "Look at price abroad, freight, duty and exchange rate, or at what keeps imports out."
    ]
    assert texts(starter.override("price_eur_per_t=2080")) == []
    floored = starter.under(Change(path="trade.export_floor_per_t", value=1560.0))
    assert texts(floored) == [
        "price of the date: found 1,860 EUR/t as quoted, below the export floor of 1,872 EUR/t as quoted; a price that "
        "holds is at least the export floor, where any tonnage leaves. Look at the price and at the floor."
    ]


def test_two_exchange_rates(starter: Case) -> None:
    assert texts(starter.override("input_market.parity.exchange_rate=9.0")) == [
        "trade.parity.exchange_rate and input_market.parity.exchange_rate: found 0.9 and 9 EUR/USD; "
        "one exchange rate at one date. Write the same in both."
    ]


def test_an_industry_without_price_plants_or_process_is_not_judged() -> None:
    case = mills([400.0], price=600.0, share=0.5)
    for changed in (
        dataclasses.replace(case.industry, price_per_t=float("nan")),
        dataclasses.replace(case.industry, plants=()),
        dataclasses.replace(case.industry, process=None),
    ):
        assert texts(dataclasses.replace(case, industry=changed)) == []


def test_an_input_bought_far_from_its_market(starter: Case) -> None:
    parity = ImportParity(fob_usd_per_t=100.0, freight_usd_per_t=9.0, exchange_rate=1.0)
    ore = Input(product="ore", use_per_t=1.6, price_per_unit=250.0)
    case = mills([200.0, 210.0, 220.0], price=600.0, share=1.0)
    plants = tuple(dataclasses.replace(plant, inputs=(ore,)) for plant in case.industry.plants)
    market = InputMarket(product="ore", price_per_t=100.0, parity=parity)
    industry = dataclasses.replace(case.industry, plants=plants, input_market=market)
    said = [str(warning) for warning in check(dataclasses.replace(case, industry=industry)) if warning.kind == "range"]
    assert said == [
        "plant 'mill 1', ore_price_usd_per_t: found 250 USD/t, that is 2.5 times the price in the input's own market, "
        "and 2 more like it; usual 0.5 to 2 times. "
        "What a plant pays for the input beside the price of its market."
    ]


def _compiled(industry: Industry):
    from potline.compiled import compile_industry

    return compile_industry(industry)
