"""Small industries drawn by seed in which imports rise above parity and the headroom has a spread, as cases.

:func:`reference_of` gives the same meeting to the plain reference. Losses, stopping and restart prices come from
:mod:`potline.shutdown`, which has tests of its own; demand and imports are read off the case here.
"""

from __future__ import annotations

import dataclasses
import math
import random

import numpy as np
from tests.agreement.tiny import tiny
from tests.reference.game import Game
from tests.reference.market import IdleLine, Market
from tests.reference.meeting import Meeting
from tests.reference.owners import Plant as Running
from tests.reference.prize import Prize

import potline as pot
from potline.agreement.table.laid_out import lay_out
from potline.industry import Input, InputMarket, Plant, PriceProcess, Supplier

PRICE, RATE = 12_500.0, 6.25
TABLE, OUTSIDE = ("N", "E", "S"), "F"


def with_imports(
    case: pot.Case, *, slope: float = math.inf, spread: float = 0.0, parity: float = 13_100.0, derived: bool = False
) -> pot.Case:
    """Return a case with imports along a slope from a parity on; ``derived``: from the market abroad that gives it."""
    duty, eta = (0.05, 0.6) if derived else (0.0, 0.0)
    at_the_border = pot.ImportParity(fob_usd_per_t=parity / RATE / (1.0 + duty), exchange_rate=RATE, duty_share=duty)
    trade = pot.Trade(parity=at_the_border, import_supply_slope_kt_per_price=slope, headroom_spread_per_t=spread)
    if derived:
        abroad = pot.RestOfWorld(quantity_kt=slope * parity / eta, supply_elasticity=eta)
        trade = pot.Trade(parity=at_the_border, rest_of_world=abroad, headroom_spread_per_t=spread)
    return dataclasses.replace(case, industry=dataclasses.replace(case.industry, trade=trade))


def curved(case: pot.Case, elasticity: float) -> pot.Case:
    """Return a case with demand of constant elasticity."""
    through = case.industry.demand
    demand = pot.IsoelasticDemand(
        price_per_t=through.price_per_t, quantity_kt=through.quantity_kt, elasticity=elasticity
    )
    return dataclasses.replace(case, industry=dataclasses.replace(case.industry, demand=demand))


def drawn(seed: int) -> pot.Case:
    """Return a case: three owners at the table, one outside, four to seven plants, some idle, some by whole lines."""
    r = random.Random(seed)
    shared = seed % 4 == 0
    owners = [*TABLE, OUTSIDE, *(r.choice((*TABLE, OUTSIDE)) for _ in range(r.randint(0, 3)))]
    plants: list[Plant] = []
    for k, owner in enumerate(owners):
        runs, cost = r.uniform(100.0, 500.0), PRICE + r.uniform(-1_100.0, 250.0)
        use = r.uniform(0.5, 2.0) if shared else 0.0
        ore = (Input(product="alumina", use_per_t=use, price_per_unit=2200.0, own_share=r.uniform(0.0, 0.5)),)
        plants.append(
            Plant(
                name=f"{owner}{k}",
                firm=owner,
                capacity_kt=runs + (r.uniform(20.0, 120.0) if r.random() < 0.5 else 0.0),
                running_kt=runs,
                inputs=ore * shared,
                other_cost_per_t=cost - 2200.0 * use,
                lump_sum_m_per_year=r.uniform(5.0, 40.0) if r.random() < 0.3 else 0.0,
                stop_cost_per_t=r.uniform(20.0, 200.0),
                holding_cost_per_t=r.uniform(20.0, 150.0),
                restart_cost_per_t=r.uniform(50.0, 500.0),
                pressure_per_t=r.uniform(0.0, 100.0),
                line_kt=r.uniform(20.0, 120.0) if r.random() < 0.2 else 0.0,
            )
        )
    makes = sum(plant.running_kt for plant in plants)
    eats = sum(plant.running_kt * item.use_per_t for plant in plants for item in plant.inputs)
    market = InputMarket(
        product="alumina",
        price_per_t=2200.0,
        suppliers=(
            Supplier(name="A", capacity_kt=0.8 * eats, cash_cost_per_t=2120.0),
            Supplier(name="B", capacity_kt=0.5 * eats, cash_cost_per_t=2200.0),
        ),
    )
    kept = tiny().meeting
    case = dataclasses.replace(
        tiny(),
        industry=pot.Industry(
            name=f"drawn {seed}",
            price_per_t=PRICE,
            demand=pot.LinearDemand(
                price_per_t=PRICE, quantity_kt=makes * r.uniform(1.0, 1.4), elasticity=10.0 ** r.uniform(-0.4, 1.0)
            ),
            process=PriceProcess(volatility=0.12),
            input_market=market if shared else None,
            plants=tuple(plants),
        ),
        meeting=dataclasses.replace(
            kept,
            rule=("pro_rata", "efficient", "stated")[seed % 3],
            least_cut_kt=r.uniform(0.02, 0.5) * sum(plant.running_kt for plant in plants if plant.firm in TABLE),
            stated_cuts_kt=tuple((name, r.uniform(20.0, 200.0)) for name in TABLE),
        ),
    )
    return with_imports(
        case,
        slope=math.inf if seed % 6 == 5 else makes / PRICE * 10.0 ** r.uniform(-1.5, 1.0),
        spread=0.0 if seed % 5 == 4 else r.uniform(20.0, 500.0),
        parity=PRICE + r.uniform(-50.0, 900.0),
        derived=seed % 6 in (1, 2),
    )


def reference_of(case: pot.Case, rule: str, cuts: tuple[tuple[str, float], ...] = ()) -> Meeting:
    """Return the same meeting as the plain reference holds it, beyond cuts of the baseline."""
    industry, trade, here = case.industry, case.industry.trade, lay_out(case).here
    of, demand, parity = here.plants, industry.demand, trade.parity
    owners = list(industry.owners)
    running: list[Running] = []
    lines: list[IdleLine] = []
    for j, owner in enumerate(of.owner.tolist()):
        runs, idle, use = float(of.running_kt[0, j]), float(of.idle_kt[0, j]), float(of.relief_use[0, j])
        part, whole = float(of.loss_part_per_t[0, j]), float(of.loss_whole_per_t[0, j])
        if runs > 0.0:
            running.append(
                Running(
                    owner=owner, running_kt=runs, loss_per_t=part, lump=runs * (whole - part),
                    stop_per_t=float(of.stop_price_per_t[0, j]), use=use, line_kt=float(of.line_kt[j]),
                )
            )  # fmt: skip
        if idle > 0.0:
            need = max(float(of.restart_price_per_t[0, j]) - industry.price_per_t, 0.0)
            lines.append(IdleLine(owner=owner, kt=idle, need_per_t=need, use=use))
    slope = trade.import_supply_slope_kt_per_price
    if trade.rest_of_world is not None:
        abroad = trade.rest_of_world.quantity_kt * trade.rest_of_world.supply_elasticity
        slope = abroad / (parity.fob_usd_per_t * parity.exchange_rate * (1.0 + parity.duty_share))
    prize = Prize(
        price_per_t=demand.price_per_t,
        quantity_kt=demand.quantity_kt,
        elasticity=demand.elasticity,
        isoelastic=isinstance(demand, pot.IsoelasticDemand),
        import_slope=slope,
        headroom_per_t=parity.price_per_t - industry.price_per_t,
        headroom_spread_per_t=trade.headroom_spread_per_t,
    )
    relief = np.stack([here.market.relief_output_fall_kt[0], here.market.relief_per_t[0]], axis=1).tolist()
    stated = dict(case.meeting.stated_cuts_kt)
    base = dict(cuts)
    game = Game(
        market=Market(prize, tuple(lines), tuple((x, y) for x, y in relief)),
        plants=tuple(running),
        owners=len(owners),
        annuity=float(here.market.annuity[0]),
        rule=rule,
        stated_kt={owners.index(name): kt for name, kt in stated.items()},
        baseline_kt=tuple(base.get(name, 0.0) for name in owners) if base else (),
    )
    return Meeting(game=game, present=tuple(owners.index(name) for name in case.meeting.owners))
