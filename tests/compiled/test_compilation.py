"""A change to the noun and a change to its arrays give the same answer."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from potline.compiled import DrawnChange, compile_industry
from potline.errors import InputError
from potline.industry import (
    Change,
    ImportParity,
    Industry,
    Input,
    InputMarket,
    LinearDemand,
    Plant,
    Supplier,
    Trade,
    Tranche,
)

INDUSTRY = Industry(
    name="two plants",
    price_per_t=100.0,
    vat_rate=0.17,
    demand=LinearDemand(price_per_t=100.0, quantity_kt=50.0, elasticity=0.5),
    trade=Trade(
        parity=ImportParity(fob_usd_per_t=15.0, exchange_rate=6.0, vat_rate=0.17, port_charges_per_t=1.0),
        tranches=(Tranche(price_per_t=120.0),),
    ),
    input_market=InputMarket(
        product="alumina", price_per_t=20.0, suppliers=(Supplier(name="R", capacity_kt=90.0, cash_cost_per_t=15.0),)
    ),
    plants=(
        Plant(
            name="A",
            firm="F",
            government="North",
            capacity_kt=30.0,
            commissioning_kt=5.0,
            inputs=(
                Input(product="electricity", use_per_t=10.0, price_per_unit=2.0),
                Input(product="alumina", use_per_t=2.0, price_per_unit=20.0, own_share=0.5, own_cost_per_unit=15.0),
            ),
            other_cost_per_t=3.0,
            freight_per_t=4.0,
            support_per_kwh=0.1,
            lump_sum_m_per_year=0.2,
            power_source="grid",
        ),
        Plant(
            name="B",
            firm="G",
            government="South",
            capacity_kt=30.0,
            running_kt=20.0,
            inputs=(Input(product="alumina", use_per_t=1.9, price_per_unit=22.0),),
            other_cost_per_t=5.0,
        ),
    ),
)

PATHS = [
    "plant[A].other_cost_per_t",
    "plant[*].restart_cost_per_t",
    "plant[firm=G].lump_sum_m_per_year",
    "plant[power_source=grid].power_price_per_kwh",
    "plant[A].input[alumina].own_share",
    "plant[*].alumina_price_per_t",
    "demand.elasticity",
    "trade.parity.fob_usd_per_t",
    "input_market.price_per_t",
    "supplier[R].cash_cost_per_t",
    "discount_rate",
]


@given(
    path=st.sampled_from(PATHS),
    operation=st.sampled_from(["set", "add", "multiply"]),
    value=st.floats(0.01, 10.0),
    own=st.sampled_from(["at_market", "at_cost"]),
)
def test_a_change_of_the_noun_equals_a_change_of_the_arrays(path, operation, value, own):
    industry = dataclasses.replace(INDUSTRY, own_inputs=own)
    try:
        changed = industry.under(Change(path=path, operation=operation, value=value))
    except InputError as error:
        with pytest.raises(InputError) as drawn:
            compile_industry(industry).under(DrawnChange(path=path, operation=operation, values=[value]))
        one, other = error.problems[0], drawn.value.problems[0]
        assert (f"{one.found} in a draw", one.needed) == (other.found, other.needed)
        return
    by_noun = compile_industry(changed)
    by_array = compile_industry(industry).under(DrawnChange(path=path, operation=operation, values=[value]))
    for table in ("plants", "inputs", "suppliers", "numbers"):
        for key, array in getattr(by_noun, table).items():
            np.testing.assert_allclose(getattr(by_array, table)[key], array, rtol=1e-15, err_msg=key)
    for method in (
        "gross_cash_cost_per_t",
        "net_cash_cost_per_t",
        "full_cost_per_t",
        "lump_sum_per_t",
        "ceiling_per_t",
    ):
        np.testing.assert_allclose(getattr(by_array, method)(), getattr(by_noun, method)(), rtol=1e-15)


@pytest.mark.parametrize("own", ["at_market", "at_cost"])
def test_arrays_agree_with_the_nouns_own_arithmetic(own):
    industry = dataclasses.replace(INDUSTRY, own_inputs=own)
    compiled = compile_industry(industry)
    for index, plant in enumerate(industry.plants):
        assert compiled.gross_cash_cost_per_t()[0, index] == pytest.approx(plant.gross_cash_cost_per_t(own), rel=1e-15)
        assert compiled.net_cash_cost_per_t()[0, index] == pytest.approx(plant.net_cash_cost_per_t(own), rel=1e-15)
        assert compiled.lump_sum_per_t()[0, index] == plant.lump_sum_per_t
        assert compiled.idle_kt()[0, index] == plant.idle_kt
    assert compiled.ceiling_per_t()[0] == pytest.approx(industry.trade.ceiling_per_t, rel=1e-15)


def test_draws_broadcast_and_arrays_are_read_only():
    drawn = compile_industry(INDUSTRY).under(
        DrawnChange(path="discount_rate", values=[0.08, 0.1, 0.12]),
        DrawnChange(path="plant[B].other_cost_per_t", operation="add", values=[0.0, 1.0, 2.0]),
    )
    assert drawn.draws == 3
    assert drawn.net_cash_cost_per_t()[:, 1].tolist() == pytest.approx([46.8, 47.8, 48.8])
    assert drawn.net_cash_cost_per_t()[:, 0].tolist() == [66.0] * 3
    with pytest.raises(ValueError, match="read-only"):
        drawn.plants["other_cost_per_t"][0, 0] = 1.0


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("plant[Z].other_cost_per_t", "found a path that selects nothing; needed a plant of the industry, or several. "
         "There are 2: A, B."),
        ("demand.elastic", "found no number 'demand.elastic'; needed a number of the compiled industry. "
         "Did you mean 'demand.elasticity'?"),
        ("plant[*].restart_cost", "found no number 'restart_cost'; needed a number of the compiled industry. "
         "Did you mean 'restart_cost_per_t'?"),
        ("firm[F].x", "found a number of a firm; needed a plant, a supplier or a number of the industry: only these "
         "can be drawn."),
    ],
)  # fmt: skip
def test_a_path_that_means_nothing_is_refused(path, words):
    with pytest.raises(InputError) as error:
        compile_industry(INDUSTRY).under(DrawnChange(path=path, values=[1.0]))
    assert str(error.value) == f"path {path!r}: {words}"
