"""The certificate of a table of cartels: every figure spoilt in turn, and two codes on random markets."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.spoiling import assert_caught, spoil
from tests.textbook.test_cartels import FOUR, industry

import potline as pot
from potline.numerics.coalitions.table import coalition_market
from potline.textbook.cartels import market_stability
from potline.verification import failed

ASKED = ("industry", "fringe", "avoidable", "market", "leads", "tolerance", "seed")
HELD = pot.Trade(tranches=(pot.Tranche(price_per_t=4.0),))
ALIKE = industry(("A", 1.0, 3.0), ("B", 2.0, 6.0), ("C", 2.0, 6.0), ("D", 30.0, 6.0), trade=HELD)


@pytest.mark.parametrize(
    "asked",
    [
        {"industry": FOUR},
        {"industry": FOUR, "leads": True},
        {"industry": FOUR, "leads": True, "fringe": pot.Competitive()},
        {"industry": FOUR, "fringe": pot.Conjectural(theta=(("A", 1.0),), others=0.5)},
        {"industry": ALIKE},
    ],
    ids=["cournot", "leads", "leads price takers", "conjectures", "parity and an owner that never sells"],
)
def test_every_figure_of_a_table_of_cartels_is_looked_at(asked):
    found = pot.cartel_stability(**asked)
    assert_caught(spoil(found, question=ASKED, most=3))


def test_a_price_at_which_a_first_mover_would_rather_sell_otherwise_is_refused():
    """All figures of Cournot's table follow from its prices; a leader would have chosen others."""
    alone = pot.cartel_stability(FOUR)
    wrong = dataclasses.replace(alone, leads=True)
    assert "cartels: gain of a first mover" in failed(pot.verify(wrong).checks)


@pytest.mark.parametrize("seed", range(40))
def test_random_markets_are_certified(seed):
    """Costs that tie, plants without capacity or limit, parity at a cost, any conduct, first movers."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    owner = np.concatenate([np.arange(n), rng.integers(0, n, int(rng.integers(0, n + 1)))])
    found = market_stability(
        coalition_market(
            rng.choice([0.0, 1.0, 2.0, 3.0, rng.uniform(0.0, 8.0), 25.0], owner.size),
            rng.choice([0.0, 1.0, 3.0, rng.uniform(0.5, 9.0), np.inf], owner.size),
            owner,
            owners=n,
            intercept=20.0,
            slope=1.0,
            conduct=rng.choice([1.0, 0.0, 0.5], n) if seed % 2 else 1.0,
            ceiling=float(rng.choice([np.inf, 2.0, 4.0])),
            leads=bool(seed // 2 % 2),
        )
    )
    assert found.certificate.holds


def test_a_verifier_takes_a_tolerance_of_its_own():
    found = pot.cartel_stability(FOUR, tolerance=1e-6)
    assert {check.tolerance for check in pot.verify(found, 1e-12).checks} == {0.0, 1e-12}
