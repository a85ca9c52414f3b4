"""The proof that a network has no plan: prices added up again noun by noun, spoilt, and tried on drawn networks."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import optimize
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.equilibrium.network.prices_of_shortage import proof_of_shortage
from potline.equilibrium.network.shortage import ShortageProof
from potline.industry.network import (
    Activity,
    Amount,
    FixedDemand,
    IsoelasticLocalDemand,
    Network,
    Place,
    Product,
    Quota,
    Route,
    Stock,
)

TWO = tuple(Place(name=name) for name in ("west", "east"))
ORE, METAL = Product(name="ore"), Product(name="metal")


def chain(*, wanted=9.0, periods=1, **other) -> Network:
    """A mine and a mill in the west, a railway under a quota, a fixed buyer in the east."""
    return Network(
        name="chain",
        products=(ORE, METAL),
        places=TWO,
        activities=(
            Activity(name="mine", place="west", outputs=(Amount(product="ore"),), cost_per_t=1.0, capacity_kt=12.0),
            Activity(
                name="mill", place="west", inputs=(Amount(product="ore", per_t=2.0),),
                outputs=(Amount(product="metal"),), cost_per_t=2.0,
            ),
        ),
        routes=(Route(product="metal", origin="west", destination="east", freight_per_t=1.0, loss_share=0.1),),
        demands=(FixedDemand(product="metal", place="east", quantity_kt=wanted),),
        periods=periods,
        **other,
    )  # fmt: skip


def refused(network: Network) -> ShortageProof:
    with pytest.raises(pot.PotlineError) as found:
        pot.solve(network)
    proof = found.value.proof
    assert isinstance(proof, ShortageProof)
    return proof


CASES = {
    "mine": chain(),
    "quota": chain(wanted=5.0, quotas=(Quota(name="licence", routes=("metal west -> east",), limit_kt=3.0),)),
    "stock": chain(
        wanted=(2.0, 14.0), periods=2, stocks=(Stock(product="metal", place="east", opening_kt=1.0, closing_kt=2.0),)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_price_of_a_proof_is_looked_at(name):
    proof = refused(CASES[name])
    assert proof.certificate.holds
    assert_caught(
        spoil(proof, question=("network",), most=12),
        right={"price_per_t[0,1*": "no ore comes to the east: its price there proves nothing"},
    )


def test_a_proof_of_a_network_that_has_a_plan_fails():
    proof = refused(chain())
    fine = chain(wanted=5.0)
    assert pot.solve(fine).status == "certified"
    assert not pot.verify(dataclasses.replace(proof, network=fine)).holds


def test_demand_that_wants_something_at_any_price_and_gets_nothing():
    bent = IsoelasticLocalDemand(product="metal", place="east", price_per_t=5.0, quantity_kt=2.0, elasticity=0.8)
    late = Route(product="metal", origin="west", destination="east", lag_periods=1)
    proof = refused(dataclasses.replace(chain(periods=2), routes=(late,), demands=(bent,)))
    assert proof.certificate.holds


def drawn(seed: int) -> Network:
    rng = np.random.default_rng(seed)
    places = tuple(Place(name=f"P{k}") for k in range(4))
    names = [place.name for place in places]
    acts = tuple(
        Activity(
            name=f"M{k}",
            place=names[k],
            outputs=(Amount(product="metal"),),
            capacity_kt=float(rng.integers(0, 6)),
        )
        for k in range(4)
    )
    ways = tuple(
        Route(product="metal", origin=a, destination=b, capacity_kt=float(rng.integers(1, 6)), loss_share=0.05)
        for a in names
        for b in names
        if a != b and rng.random() < 0.5
    )
    demands = tuple(FixedDemand(product="metal", place=name, quantity_kt=float(rng.integers(0, 5))) for name in names)
    return Network(name="drawn", products=(METAL,), places=places, activities=acts, routes=ways, demands=demands)


def has_plan(network: Network) -> bool:
    """Whether scipy finds flows that balance, written out from the nouns."""
    names = [place.name for place in network.places]
    columns, upper = [], []
    for act in network.activities:
        columns.append([float(name == act.place) for name in names])
        upper.append(act.capacity_kt)
    for way in network.routes:
        columns.append([0.95 * (name == way.destination) - (name == way.origin) for name in names])
        upper.append(way.capacity_kt)
    found = optimize.linprog(
        np.zeros(len(columns)), A_eq=np.array(columns).T, b_eq=[d.quantity_kt for d in network.demands],
        bounds=list(zip([0.0] * len(columns), upper, strict=True)), method="highs",
    )  # fmt: skip
    return found.status == 0


def test_drawn_networks_have_a_plan_or_a_proof_and_never_both():
    short = 0
    for seed in range(150):
        network = drawn(seed)
        proof = proof_of_shortage(network)
        assert (proof is None) == has_plan(network), seed
        short += proof is not None
    assert 20 < short < 140
