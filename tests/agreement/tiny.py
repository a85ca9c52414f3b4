"""A meeting small enough to be held again hundreds of times: three owners at the table, one outside, one idle line."""

from __future__ import annotations

import dataclasses
import math

from potline.cases import Case, Factor, Meeting, PlantNoise
from potline.industry import (
    Industry,
    Input,
    InputMarket,
    LinearDemand,
    Plant,
    PriceProcess,
    Supplier,
    Trade,
    Tranche,
)


def tiny(
    *,
    least: float = 150.0,
    ceiling: float = 13_100.0,
    pressure: float = 100.0,
    margin: float = 0.0,
    rule: str = "pro_rata",
    sweep: tuple[float, ...] = (),
) -> Case:
    """Three owners with a cut of 150 kt before them; ``margin`` is taken off every cost."""
    ore = Input(product="alumina", use_per_t=2.0, price_per_unit=2200.0, own_share=0.25)
    rows = (("N", 600.0, 600.0, 11_900.0), ("E", 400.0, 400.0, 12_300.0), ("E", 150.0, 110.0, 12_700.0),
            ("S", 500.0, 500.0, 12_100.0), ("F", 300.0, 220.0, 12_900.0))  # fmt: skip
    industry = Industry(
        name="tiny",
        price_per_t=12_500.0,
        demand=LinearDemand(price_per_t=12_500.0, quantity_kt=1830.0, elasticity=0.6),
        process=PriceProcess(volatility=0.15),
        trade=Trade(tranches=(Tranche(price_per_t=ceiling),)) if math.isfinite(ceiling) else Trade(),
        input_market=InputMarket(
            product="alumina",
            price_per_t=2200.0,
            suppliers=(
                Supplier(name="A", capacity_kt=3560.0, cash_cost_per_t=2150.0),
                Supplier(name="B", capacity_kt=900.0, cash_cost_per_t=2200.0),
            ),
        ),
        plants=tuple(
            Plant(
                name=f"{owner}{k}",
                firm=owner,
                capacity_kt=size,
                running_kt=runs,
                inputs=(ore,),
                other_cost_per_t=cost - 4400.0 - margin,
                support_per_t=60.0 * (k % 2),
                lump_sum_m_per_year=20.0 * (k == 1),
                stop_cost_per_t=150.0,
                holding_cost_per_t=200.0,
                restart_cost_per_t=500.0,
                pressure_per_t=pressure,
            )
            for k, (owner, size, runs, cost) in enumerate(rows)
        ),
    )
    return Case(
        name="tiny",
        currency="CNY",
        industry=industry,
        meeting=Meeting(
            date="",
            firms=("N", "E", "S"),
            owners=("N", "E", "S"),
            least_cut_kt=least,
            sweep_kt=sweep,
            rule=rule,  # type: ignore[arg-type]
        ),
        factors=(Factor(name="elasticity", path="demand.elasticity", low=0.3, central=0.6, high=0.9, triangular=True),),
        noise=PlantNoise(common_per_t=100.0, plant_per_t=(100.0,) * 5),
    )


def varied(case: Case, **fields: object) -> Case:
    """Return a case with other fields of its industry, its meeting or all its plants."""
    industry, asked, plants = case.industry, case.meeting, case.industry.plants
    of = {kind: {f.name for f in dataclasses.fields(kind)} for kind in (Industry, Plant)}
    whole = {name: value for name, value in fields.items() if name in of[Industry] - {"firms"}}
    each = {name: value for name, value in fields.items() if name in of[Plant]}
    rest = {name: value for name, value in fields.items() if name not in whole and name not in each}
    plants = tuple(dataclasses.replace(plant, **each) for plant in whole.pop("plants", plants))
    industry = dataclasses.replace(industry, plants=plants, **whole)
    return dataclasses.replace(case, industry=industry, meeting=dataclasses.replace(asked, **rest))
