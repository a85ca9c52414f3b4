"""Columns of activities: what is made of what, and at which prices inputs are paid."""

from __future__ import annotations

__all__ = ["Indexed", "index", "make"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import Kind
from potline.equilibrium.network.layout import Layout
from potline.equilibrium.network.series import table
from potline.errors import InputError, Problem
from potline.industry.network import Activity, Amount, Series

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Indexed:
    """An input paid by another product's price, and the first period's columns of its activity."""

    columns: Ints
    stride: int
    activity: Activity
    amount: Amount


def make(layout: Layout) -> list[Indexed]:
    """Add a column for each step of each activity and period."""
    activities = layout.network.activities
    indexed: list[Indexed] = []
    step_of: list[int] = []
    number: list[int] = []
    capacity: list[Series] = []
    cost: list[Series] = []
    slope: list[Series] = []
    for k, activity in enumerate(activities):
        for s, step in enumerate(activity.steps or (activity,)):
            step_of.append(k)
            number.append(s)
            capacity.append(step.capacity_kt)
            cost.append(step.cost_per_t)
            slope.append(activity.cost_slope if not activity.steps else 0.0)
    if not step_of:
        return indexed
    owner = np.array(step_of)
    first = layout.columns.add(
        Kind.ACTIVITY,
        owner,
        np.arange(layout.periods),
        step=np.array(number),
        linear=table(cost, layout.periods).T * layout.weight[:, None],
        diagonal=table(slope, layout.periods).T * layout.weight[:, None],
        upper=table(capacity, layout.periods).T,
    )
    steps_of = np.bincount(owner, minlength=len(activities))
    first_step = np.concatenate(([0], np.cumsum(steps_of)[:-1]))
    rows: list[int] = []
    of: list[int] = []
    values: list[float] = []
    paid: list[float] = []
    for k, activity in enumerate(activities):
        place = layout.place[activity.place]
        for amount in activity.outputs:
            layer = layout.sellers.layer(activity, amount.product)
            rows.append(int(layout.pair[layer, layout.product[amount.product], place]))
            of.append(k)
            values.append(amount.per_t)
            paid.append(amount.per_t)
        for amount in activity.inputs:
            rows.append(layout.buyer_row(layout.product[amount.product], place))
            of.append(k)
            values.append(-amount.per_t)
            paid.append(0.0 if amount.indexed_to else -amount.per_t)
            if amount.indexed_to:
                own = first + first_step[k] + np.arange(int(steps_of[k]))
                indexed.append(Indexed(columns=own, stride=owner.size, activity=activity, amount=amount))
    amounts, repeat = np.array(of, np.int64), steps_of[np.array(of, np.int64)]
    column = np.concatenate([first_step[k] + np.arange(int(steps_of[k])) for k in amounts.tolist()])
    layout.columns.enter(
        np.repeat(np.array(rows), repeat),
        first + column,
        np.repeat(np.array(values), repeat),
        paid=np.repeat(np.array(paid), repeat),
        repeat=(layout.periods, owner.size),
    )
    return indexed


def index(layout: Layout, indexed: list[Indexed]) -> None:
    """Charge indexed inputs at their share of the price that buyers of another product pay.

    Raises:
        InputError: that product has no price at the place the contract reads it.
    """
    problems: list[Problem] = []
    for item in indexed:
        amount = item.amount
        place = amount.index_place or item.activity.place
        row = layout.buyer_row(layout.product[amount.indexed_to], layout.place[place])
        where = f"activity {item.activity.name!r}"
        if row < 0:
            problems.append(
                Problem(
                    where=where,
                    found=f"{amount.product!r} indexed to {amount.indexed_to!r} at {place!r}, where it has no price",
                    needed="a place where somebody buys it or price takers have it",
                    hint="Name one in index_place.",
                )
            )
            continue
        size = item.columns.size
        share = np.full(size, -amount.per_t * amount.index_share)
        layout.columns.enter(
            np.full(size, row), item.columns, np.zeros(size), paid=share, repeat=(layout.periods, item.stride)
        )
        layout.unrationed.append(layout.buyer_row(layout.product[amount.product], layout.place[item.activity.place]))
        layout.beyond.append(f"{where} pays for {amount.product} by the price of {amount.indexed_to}")
    if problems:
        raise InputError(problems)
