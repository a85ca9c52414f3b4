"""The certificate of a chain: its network, its intervals, and that it is the industry's own."""

import dataclasses

import pytest
from tests.equilibrium.chain.test_chain import BOTH_WAYS, TWO, industry, smelter
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.verification import failed

ASKED = (
    "industry",
    "avoidable",
    "intervals_found",
    *(f"equilibrium.{name}" for name in ("network", "concept", "answer")),
)


def test_every_figure_of_a_chain_is_looked_at():
    result = pot.chain(industry(suppliers=TWO, routes=BOTH_WAYS, other=10.0))
    assert_caught(spoil(result, question=ASKED))


def test_a_chain_of_another_industry_is_refused():
    result = pot.chain(industry(suppliers=TWO, routes=BOTH_WAYS))
    other = industry(
        suppliers=TWO, routes=BOTH_WAYS, plants=(smelter("West", "West", 41.0), smelter("East", "East", 60.0))
    )
    assert failed(pot.verify(dataclasses.replace(result, industry=other)).checks) == ("the industry's own chain",)
    dear = dataclasses.replace(
        result.industry.input_market, suppliers=(dataclasses.replace(TWO[0], cash_cost_per_t=1701.0), TWO[1])
    )
    other = dataclasses.replace(result.industry, input_market=dear)
    assert failed(pot.verify(dataclasses.replace(result, industry=other)).checks) == ("the industry's own chain",)


@pytest.mark.parametrize(
    "options",
    [{"intervals": False}, {"output_kt": [40.0, 55.0]}, {"input_price_per_t": {"West": 1900.0, "East": 1800.0}}],
    ids=str,
)
def test_what_is_held_is_certified_too(options):
    result = pot.chain(industry(suppliers=TWO, routes=BOTH_WAYS, other=10.0), **options)
    assert result.status == "certified"
    assert pot.verify(result).holds
