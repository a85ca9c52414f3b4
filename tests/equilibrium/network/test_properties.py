"""What the nouns alone say about programs and uniqueness."""

from __future__ import annotations

import dataclasses

import pytest
from tests.equilibrium.network.test_complementarity import curve, indexed, line, maker, places

from potline.equilibrium.concepts import Competitive, Cournot, Stage, Successive
from potline.equilibrium.network.properties import is_integrable, is_monotone
from potline.equilibrium.network.sellers import sellers_of
from potline.industry.network import CrossTerm, Network, Product, Route

PLAIN = Network(
    name="plain", products=(Product(name="metal"), Product(name="billet")), places=places("west", "east"),
    activities=(maker("A", "west", 2.0, cost_slope=1.0), maker("B", "west", 3.0, "billet", cost_slope=1.0)),
    routes=(Route(product="metal", origin="west", destination="east", freight_per_t=1.0, duty_share=0.1,
                  customs_value_per_t=2.0),),
    demands=(line("east"), line("west"), line("west", "billet")),
)  # fmt: skip


def both(network: Network, concept=Competitive()) -> tuple[bool, bool]:
    sellers = sellers_of(network, concept, "metal")
    return is_integrable(network, sellers), is_monotone(network, sellers)


def test_a_plain_network_has_a_program_and_one_answer():
    assert both(PLAIN) == (True, True)
    assert both(PLAIN, Cournot()) == (True, True)


def test_wedges_and_contracts_have_neither():
    endogenous = dataclasses.replace(PLAIN.routes[0], customs_value_per_t=None)
    assert both(dataclasses.replace(PLAIN, routes=(endogenous,))) == (False, False)
    assert both(indexed(0.2)) == (False, False)


@pytest.mark.parametrize(("kind", "of", "by"), [("demand", "metal", "billet"), ("activity", "A", "B")])
def test_cross_terms(kind, of, by):
    def terms(one: float, other: float) -> Network:
        place = "west" if kind == "demand" else ""
        return dataclasses.replace(
            PLAIN,
            cross_terms=(
                CrossTerm(of=of, by=by, place=place, per_t_per_kt=one, kind=kind),
                CrossTerm(of=by, by=of, place=place, per_t_per_kt=other, kind=kind),
            ),
        )

    assert both(terms(0.5, 0.5)) == (True, True)
    assert both(terms(0.5, 0.1)) == (False, True)
    assert both(terms(2.5, 0.1)) == (False, False)


def test_curves_and_stages():
    bent = dataclasses.replace(PLAIN, demands=(curve("east", 1.5), *PLAIN.demands[1:]))
    assert both(bent) == (True, True)
    assert both(bent, Cournot()) == (False, False)
    seen = (Stage(product="alumina", concept=Cournot()),)
    stated = (dataclasses.replace(seen[0], price_fall_per_kt=1.0),)
    plain = dataclasses.replace(
        indexed(0.2), activities=(indexed(0.2).activities[0], indexed(0.2).activities[2]), name="spot"
    )
    assert both(plain, Successive(stages=seen)) == (False, False)
    assert both(plain, Successive(stages=stated)) == (True, True)
