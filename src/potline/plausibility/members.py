"""The numbers of plants, governments, makers of the input, ore, routes and projects, beside what they compare with."""

from __future__ import annotations

__all__ = ["readings_of_members"]

import math
from collections.abc import Iterator
from operator import attrgetter

import numpy as np

from potline.cases import Case
from potline.industry import ELECTRICITY, Industry, Input, InputMarket, Plant
from potline.industry.change import input_field
from potline.plausibility.readings import Readings, of_members, of_numbers
from potline.units import millions

_OF_PRICE = (
    "other_cost_per_t",
    "freight_per_t",
    "support_per_t",
    "stop_cost_per_t",
    "restart_cost_per_t",
    "holding_cost_per_t",
    "exit_cost_per_t",
    "pressure_per_t",
    "depreciation_per_t",
    "interest_per_t",
)
"""Money a tonne of a plant that is compared with the price of the product."""
_SEVERAL = 3
"""Plants that use an input, from which on the use of each is compared with their median."""
_capacity = attrgetter("capacity_kt")


def readings_of_members(case: Case) -> Iterator[Readings]:
    """Yield what is read of each member, field by field."""
    industry = case.industry
    plants, price = industry.plants, industry.price_per_t
    yield of_members("plant.capacity_kt", "plant", "capacity_kt", [p for p in plants if p.capacity_kt > 0.0], _capacity)
    lines = [plant for plant in plants if plant.line_kt > 0.0]
    yield of_members("plant.line_kt", "plant", "line_kt", lines, lambda one: one.line_kt, _capacity)
    yield from _inputs(industry)
    for name in _OF_PRICE:
        yield of_members(f"plant.{name}", "plant", name, plants, attrgetter(name), of=price)
    gross = [plant for plant in plants if plant.smooth_cost is None]
    at = industry.own_inputs
    yield of_members(
        "plant.gross_cash_cost", "plant", "cash_cost", gross, lambda one: one.gross_cash_cost_per_t(at), of=price
    )
    lump = attrgetter("lump_sum_m_per_year")
    yield of_members(
        "plant.lump_sum_m_per_year", "plant", "lump_sum_m_per_year", plants, lump,
        lambda one: millions(one.running_kt, price),
    )  # fmt: skip
    for name in ("jobs_per_kt", "tax_per_t", "value_added_per_t"):
        whole = None if name == "jobs_per_kt" else price
        yield of_members(f"government.{name}", "government", name, industry.governments, attrgetter(name), of=whole)
    if industry.input_market is not None:
        yield from _suppliers(industry, industry.input_market)
    projects = [project for project in industry.projects if project.capacity_kt > 0.0]
    yield of_members("project.capacity_kt", "project", "capacity_kt", projects, _capacity)


def _inputs(industry: Industry) -> Iterator[Readings]:
    users: dict[str, list[tuple[Plant, Input]]] = {}
    for plant in industry.plants:
        for item in plant.inputs:
            if item.use_per_t > 0.0:
                users.setdefault(item.product, []).append((plant, item))
    for product, found in users.items():
        yield from _input(industry, product, [plant for plant, _ in found], [item for _, item in found])


def _input(industry: Industry, product: str, plants: list[Plant], items: list[Input]) -> Iterator[Readings]:
    """Yield what is read of one input of the plants that use it."""
    market, power = industry.input_market, product == ELECTRICITY
    use = np.array([item.use_per_t for item in items])
    price = np.array([item.price_per_unit for item in items])
    field = "plant.power_use_kwh_per_t" if power else "plant.input.use_per_t"
    yield of_numbers(field, "plant", input_field(product, "use_per_t"), plants, use)
    if len(plants) >= _SEVERAL:
        others = np.full(use.size, np.median(use))
        beside = f"{field.removesuffix('_kwh_per_t').removesuffix('_per_t')}_beside_others"
        yield of_numbers(beside, "plant", input_field(product, "use_per_t"), plants, use, others)
    priced = input_field(product, "price_per_unit")
    field = "plant.power_price_per_kwh" if power else "plant.input.price_per_unit"
    yield of_numbers(field, "plant", priced, plants, price, industry.price_per_t / use)
    if market is not None and market.product == product:
        whole = np.full(price.size, market.price_per_t)
        yield of_numbers("plant.input.market_price", "plant", priced, plants, price, whole)
    own = np.array([item.own_cost_per_unit if item.own_share > 0.0 else math.nan for item in items])
    column = input_field(product, "own_cost_per_unit")
    yield of_numbers("plant.input.own_cost_per_unit", "plant", column, plants, own, price)
    if power:
        support = np.array([plant.support_per_kwh for plant in plants])
        yield of_numbers("plant.support_per_kwh", "plant", "support_per_kwh", plants, support, price)


def _suppliers(industry: Industry, market: InputMarket) -> Iterator[Readings]:
    makers, price = market.suppliers, market.price_per_t
    there = [maker for maker in makers if maker.capacity_kt > 0.0]
    yield of_members("supplier.capacity_kt", "supplier", "capacity_kt", there, _capacity)
    cost = attrgetter("cash_cost_per_t")
    yield of_members("supplier.cash_cost_per_t", "supplier", "cash_cost_per_t", makers, cost, of=price)
    yield of_members(
        "supplier.delivery_per_t", "supplier", "delivery_per_t", makers, attrgetter("delivery_per_t"), cost
    )
    users = [maker for maker in makers if maker.ore_use_t_per_t > 0.0]
    use = attrgetter("ore_use_t_per_t")
    yield of_members("supplier.ore_use_t_per_t", "supplier", "ore_use_t_per_t", users, use)
    yield of_members("supplier.added_kt", "supplier", "added_kt", there, attrgetter("added_kt"), _capacity)
    rate = market.parity.exchange_rate if market.parity is not None else math.nan
    priced = [ore for ore in market.ore if ore.capacity_kt > 0.0]
    yield of_members("ore.cost", "ore", "cost_per_t", priced, lambda one: one.delivered_per_t(rate), of=price)
    of_input = [route for route in market.routes if route.product == market.product]
    of_product = [route for route in market.routes if route.product != market.product]
    freight = attrgetter("freight_per_t")
    yield of_members("route.freight_per_t", "route", "freight_per_t", of_input, freight, of=price)
    yield of_members("route.freight_per_t", "route", "freight_per_t", of_product, freight, of=industry.price_per_t)
    yield of_members("route.lag_months", "route", "lag_months", market.routes, attrgetter("lag_months"))
