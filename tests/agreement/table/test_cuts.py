"""Markets cleared at given cuts, with metal bought by the state: against what clearing means."""

from __future__ import annotations

import numpy as np
import pytest
from tests.agreement.verdict.test_meeting import small

from potline.agreement.table.cuts import clear
from potline.agreement.table.stakes import stakes
from potline.compiled import compile_industry
from potline.shutdown import priced_at, terms_of


@pytest.mark.parametrize("bought", [False, True])
@pytest.mark.parametrize("ceiling", [np.inf, 13_200.0, 12_900.0])
@pytest.mark.parametrize("isoelastic", [False, True])
def test_supply_falls_by_what_is_withdrawn_less_what_pays_to_restart(bought, ceiling, isoelastic):
    r = np.random.default_rng(11)
    compiled = compile_industry(small(ceiling=ceiling, isoelastic=isoelastic))
    terms = terms_of(compiled, np.array([1.0]))
    here = stakes(compiled, terms, priced_at(terms, np.array([12_500.0])))
    withdrawn, held = r.uniform(0.0, 1500.0, 400), r.random((400, len(compiled.owners))) < 0.4
    stock = r.uniform(0.0, 800.0, 400) if bought else np.zeros(400)
    fall, rise, relief = clear(here, withdrawn, held, stock)
    market, plants = here.market, here.plants
    demand = compiled.industry.demand
    assert rise == pytest.approx(
        [min(demand.price_at(demand.quantity_kt - q), max(ceiling, 12_500.0)) - 12_500.0 for q in fall], abs=1e-8
    )
    need = np.maximum(plants.restart_price_per_t[0] - 12_500.0, 0.0)
    lead = rise[:, None] + plants.relief_use[0] * relief[:, None] - need
    idle = np.where(held[:, plants.owner], 0.0, plants.idle_kt[0])
    sure, maybe = (np.where(test, idle, 0.0).sum(axis=1) for test in (lead > 1e-6, np.abs(lead) <= 1e-6))
    back = withdrawn + stock - fall
    assert (back >= sure - 1e-6).all()
    assert (back <= sure + maybe + 1e-6).all()
    x, y = market.relief_output_fall_kt[0], market.relief_per_t[0]
    low, high = (np.interp(np.maximum(fall - stock + d, 0.0), x, y) for d in (-1e-6, 1e-6))
    assert (relief >= low - 1e-6).all()
    assert (relief <= high + 1e-6).all()
