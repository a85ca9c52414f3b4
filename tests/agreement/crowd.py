"""Meetings of many owners of one plant each."""

from __future__ import annotations

import numpy as np

from potline.cases import Case, Meeting
from potline.industry import Industry, LinearDemand, Plant, PriceProcess


def crowd(owners: int, *, kinds: int = 0, attend: int | None = None, least: float = 600.0) -> Case:
    """Owners of one plant each, a third of them partly idle; of a few kinds, or all different."""
    r = np.random.default_rng(5)
    cost, size = r.uniform(9500.0, 13_000.0, owners), np.round(r.uniform(80.0, 400.0, owners))
    if kinds:
        cost, size = cost[np.arange(owners) % kinds], size[np.arange(owners) % kinds]
    names = tuple(f"F{k:02d}" for k in range(owners))
    kind = np.arange(owners) % (kinds or owners)
    industry = Industry(
        name="crowd",
        currency="CNY",
        price_per_t=12_500.0,
        demand=LinearDemand(price_per_t=12_500.0, quantity_kt=float(size.sum()), elasticity=0.6),
        process=PriceProcess(volatility=0.18),
        plants=tuple(
            Plant(
                name=name,
                firm=name,
                capacity_kt=float(size[k]),
                running_kt=float(size[k]) * (0.6 if kind[k] % 3 == 1 else 1.0),
                other_cost_per_t=float(cost[k]),
                stop_cost_per_t=200.0,
                holding_cost_per_t=300.0,
                restart_cost_per_t=900.0,
            )
            for k, name in enumerate(names)
        ),
    )
    present = names[: attend or owners]
    return Case(
        name="crowd",
        currency="CNY",
        industry=industry,
        meeting=Meeting(date="", firms=present, owners=present, least_cut_kt=least),
    )
