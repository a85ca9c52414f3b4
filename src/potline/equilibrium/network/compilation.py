r"""Turn a declared network into the arrays of one program, a noun at a time and never a variable at a time.

Columns are steps of activities, routes, demands, sellers' sales, stocks and totals; rows are balances by product, place
and period, in order of periods, and the sums that define totals. With prices y of the rows the equilibrium is

.. math:: 0 \le x \perp c + Qx + k x^2 - W'y \ge 0 \ (x \le u), \qquad Ax = r

``W`` (``pricing``) is ``A`` and ``Q`` symmetric where the equilibrium is a convex program; wedges on endogenous prices,
indexed contracts and one-way cross terms make them differ, and :attr:`CompiledNetwork.not_integrable` names each.
Money of later periods is discounted, so that a row's price in money of its own period is ``y / weight``.
"""

from __future__ import annotations

__all__ = ["Kind", "compile_network"]

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.concepts import Concept
from potline.equilibrium.network.arrays import Columns, CompiledNetwork, Kind
from potline.equilibrium.network.checks import check_network
from potline.equilibrium.network.sellers import Sellers, sellers_of
from potline.equilibrium.network.series import table
from potline.industry.network import FixedDemand, LocalDemand, Network, Route, Series

if TYPE_CHECKING:
    from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def compile_network(network: Network, concept: Concept, stage: str = "") -> CompiledNetwork:
    """Compile a network under a concept; market power sits at the product ``stage``.

    Raises:
        InputError: the network or the concept mean nothing; every problem is listed.

    Examples:
        >>> from potline.equilibrium.concepts import Competitive
        >>> from potline.industry.network import Activity, Amount, LocalDemand, Place, Product
        >>> here = Network(name="here", products=(Product(name="metal"),), places=(Place(name="west"),),
        ...     activities=(Activity(name="mill", place="west", outputs=(Amount(product="metal"),), cost_per_t=2.0),),
        ...     demands=(LocalDemand(product="metal", place="west", intercept_per_t=10.0, slope_per_kt=1.0),))
        >>> compiled = compile_network(here, Competitive())
        >>> compiled.matrix.toarray().tolist(), compiled.linear.tolist()
        ([[1.0, -1.0]], [2.0, -10.0])
    """
    check_network(network)
    return _Compilation(network, sellers_of(network, concept, stage)).compiled()


class _Compilation:
    """The state of one compilation: where each balance stands, and the columns so far."""

    def __init__(self, network: Network, sellers: Sellers) -> None:
        self.network, self.sellers = network, sellers
        self.periods = network.periods
        self.product = {item.name: k for k, item in enumerate(network.products)}
        self.place = {item.name: k for k, item in enumerate(network.places)}
        self.weight = np.power(1.0 - network.discount_per_period, np.arange(network.periods), dtype=np.float64)
        self.stage = self.product.get(sellers.stage, -1)
        self.balances()
        self.columns = Columns()
        self.sums: list[tuple[int, Floats]] = []

    def balances(self) -> None:
        """Give every (product, place, seller) that something touches a row in each period; seller 0 takes prices."""
        network = self.network
        used = np.zeros((len(network.products), len(network.places)), np.bool_)
        for activity in network.activities:
            for amount in (*activity.inputs, *activity.outputs):
                used[self.product[amount.product], self.place[activity.place]] = True
                if amount.indexed_to:
                    used[self.product[amount.indexed_to], self.place[activity.place]] = True
        for route in network.routes:
            used[self.product[route.product], self.place[route.origin]] = True
            used[self.product[route.product], self.place[route.destination]] = True
        for noun in (*network.demands, *network.stocks):
            used[self.product[noun.product], self.place[noun.place]] = True
        if self.stage >= 0 and not self.sellers.fringe:
            used[self.stage] = False
        layers = len(self.sellers.names)
        self.pair = np.full((layers + 1, len(network.products), len(network.places)), -1, np.int64)
        self.pair[0][used] = np.arange(int(used.sum()))
        count = int(used.sum())
        for layer, places in enumerate(self.sellers.reach, start=1):
            for place in places:
                self.pair[layer, self.stage, self.place[place]] = count
                count += 1
        self.pairs = count

    def compiled(self) -> CompiledNetwork:
        """Write all columns and return the arrays."""
        self.right = np.zeros((self.periods, self.pairs))
        self.activities()
        self.routes()
        self.demands()
        self.stocks()
        block = self.pairs + len(self.sums)
        right = np.zeros((self.periods, block))
        right[:, : self.pairs] = self.right
        for number, (_, values) in enumerate(self.sums):
            right[:, self.pairs + number] = values
        columns = self.columns
        rows, cols, values, paid = columns.entries(block)
        shape = (self.periods * block, columns.count)
        matrix = _compressed(rows, cols, values, shape)
        pricing = matrix if np.array_equal(values, paid) else _compressed(rows, cols, paid, shape)
        kind, noun, period, seller, step, linear, diagonal, cubic, upper = columns.fields()
        cross, one_way = self.cross(kind, noun, period)
        layer, product, place = np.nonzero(self.pair >= 0)
        order = np.argsort(self.pair[layer, product, place])
        return CompiledNetwork(
            network=self.network,
            stage=self.sellers.stage,
            sellers=("", *self.sellers.names),
            theta=np.array((0.0, *self.sellers.theta)),
            kind=kind,
            noun=noun,
            period=period,
            seller=seller,
            step=step,
            linear=linear,
            diagonal=diagonal,
            cubic=cubic,
            upper=upper,
            cross=cross,
            matrix=matrix,
            pricing=pricing,
            right=right.ravel(),
            block=block,
            row_product=product[order],
            row_place=place[order],
            row_seller=layer[order],
            pair=self.pair,
            weight=self.weight,
            not_integrable=(*self.wedges, *one_way),
        )

    def new_sum(self, noun: int, values: Floats | None = None) -> int:
        """Return the row number within a period of a new sum; its right side is 0 or ``values``."""
        self.sums.append((noun, np.zeros(self.periods) if values is None else values))
        return self.pairs + len(self.sums) - 1

    def activities(self) -> None:
        """Add a column for each step of each activity and period."""
        activities = self.network.activities
        self.wedges: list[str] = []
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
            return
        owner = np.array(step_of)
        first = self.columns.add(
            Kind.ACTIVITY,
            owner,
            np.arange(self.periods),
            step=np.array(number),
            linear=table(cost, self.periods).T * self.weight[:, None],
            diagonal=table(slope, self.periods).T * self.weight[:, None],
            upper=table(capacity, self.periods).T,
        )
        steps_of = np.bincount(owner, minlength=len(activities))
        first_step = np.concatenate(([0], np.cumsum(steps_of)[:-1]))
        rows: list[int] = []
        of: list[int] = []
        values: list[float] = []
        paid: list[float] = []
        for k, activity in enumerate(activities):
            place = self.place[activity.place]
            layer = self.sellers.layer(activity)
            for amount in activity.outputs:
                product = self.product[amount.product]
                rows.append(int(self.pair[layer if product == self.stage else 0, product, place]))
                of.append(k)
                values.append(amount.per_t)
                paid.append(amount.per_t)
            for amount in activity.inputs:
                rows.append(int(self.pair[0, self.product[amount.product], place]))
                of.append(k)
                values.append(-amount.per_t)
                paid.append(0.0 if amount.indexed_to else -amount.per_t)
                if amount.indexed_to:
                    rows.append(int(self.pair[0, self.product[amount.indexed_to], place]))
                    of.append(k)
                    values.append(0.0)
                    paid.append(-amount.per_t * amount.index_share)
                    self.wedges.append(
                        f"activity {activity.name!r} pays for {amount.product} by the price of {amount.indexed_to}"
                    )
        amounts, repeat = np.array(of, np.int64), steps_of[np.array(of, np.int64)]
        column = np.concatenate([first_step[k] + np.arange(int(steps_of[k])) for k in amounts.tolist()])
        self.columns.enter(
            np.repeat(np.array(rows), repeat),
            first + column,
            np.repeat(np.array(values), repeat),
            paid=np.repeat(np.array(paid), repeat),
            repeat=(self.periods, owner.size),
        )

    def routes(self) -> None:
        """Add a column for each route and period, and for each seller that can use it."""
        routes = self.network.routes
        if not routes:
            return
        product = np.array([self.product[route.product] for route in routes])
        origin = np.array([self.place[route.origin] for route in routes])
        destination = np.array([self.place[route.destination] for route in routes])
        cost, wedge = self.border(routes)
        capacity = table([route.capacity_kt for route in routes], self.periods)
        marginal = np.array([1.0 if route.carriage == "marginal" else 0.0 for route in routes])[:, None]
        slope = table([route.crowding_slope for route in routes], self.periods) * (1.0 + marginal)
        cubic = table([route.crowding_cubic for route in routes], self.periods) * (1.0 + 2.0 * marginal)
        lag = np.array([route.lag_periods for route in routes])
        kept = np.array([1.0 - route.loss_share for route in routes])
        layers = [
            np.flatnonzero((self.pair[layer, product, origin] >= 0) & (self.pair[layer, product, destination] >= 0))
            for layer in range(self.pair.shape[0])
        ]
        copies = np.zeros(len(routes), np.int64)
        for own in layers:
            copies[own] += 1
        crowded = (slope.max(axis=1) > 0.0) | (cubic.max(axis=1) > 0.0) | (capacity.min(axis=1) < np.inf)
        in_quota: dict[int, list[int]] = {}
        label = {route.label: k for k, route in enumerate(routes)}
        for q, quota in enumerate(self.network.quotas):
            row = self.new_sum(-1, table([quota.limit_kt], self.periods)[0])
            room = self.columns.add(Kind.ROOM, np.array([q]), np.arange(self.periods))
            self.columns.enter(np.array([row]), np.array([room]), np.ones(1), repeat=(self.periods, 1))
            for name in quota.routes:
                in_quota.setdefault(label[name], []).append(row)
        total_row: dict[int, int] = {}
        for k in np.flatnonzero((copies > 1) & crowded).tolist():
            total_row[k] = self.new_sum(k)
            total = self.columns.add(
                Kind.ROUTE_TOTAL, np.array([k]), np.arange(self.periods), diagonal=(slope[k] * self.weight)[:, None],
                cubic=(cubic[k] * self.weight)[:, None], upper=capacity[k][:, None],
            )  # fmt: skip
            self.columns.enter(np.array([total_row[k]]), np.array([total]), -np.ones(1), repeat=(self.periods, 1))
        alone = copies == 1
        for layer, own in enumerate(layers):
            delays: list[int] = np.unique(lag[own]).tolist()
            for delay in delays:
                here = own[lag[own] == delay]
                span = np.arange(self.periods - delay)
                single = alone[here][:, None]
                first = self.columns.add(
                    Kind.ROUTE, here, span, seller=layer,
                    linear=(cost[here] * self.weight)[:, span].T,
                    diagonal=(np.where(single, slope[here], 0.0) * self.weight)[:, span].T,
                    cubic=(np.where(single, cubic[here], 0.0) * self.weight)[:, span].T,
                    upper=np.where(single, capacity[here], np.inf)[:, span].T,
                )  # fmt: skip
                column = first + np.arange(here.size)
                size = (span.size, here.size)
                leaves = self.pair[layer, product[here], origin[here]]
                share = wedge[here][:, span]
                if share.any():
                    self.columns.enter(leaves, column, -np.ones(here.size), paid=-(1.0 + share.T), repeat=size)
                    charged: list[int] = here[share.any(axis=1)].tolist()
                    self.wedges += [
                        f"{routes[k].label!r} pays duty or tax on the price at {routes[k].origin}" for k in charged
                    ]
                else:
                    self.columns.enter(leaves, column, -np.ones(here.size), repeat=size)
                arrives = self.pair[layer, product[here], destination[here]]
                self.columns.enter(arrives, column, kept[here], later=delay, repeat=size)
                for at, k in enumerate(here.tolist()):
                    for row in (*in_quota.get(k, ()), *((total_row[k],) if k in total_row else ())):
                        self.columns.enter(np.array([row]), column[at : at + 1], np.ones(1), repeat=size)
        for k in np.flatnonzero(lag).tolist():
            afloat = routes[k].afloat_kt * kept[k]
            self.right[: lag[k], self.pair[0, product[k], destination[k]]] -= afloat

    def border(self, routes: Sequence[Route]) -> tuple[Floats, Floats]:
        """Return what a tonne pays on each route besides its price, and the share of an endogenous price it pays."""
        freight = table([route.freight_per_t for route in routes], self.periods)
        duty = table([route.duty_share for route in routes], self.periods)
        tax = table([route.vat_rate for route in routes], self.periods)
        port = table([route.port_charges_per_t for route in routes], self.periods)
        back = np.array([route.vat_recovered for route in routes])[:, None]
        declared = table([route.customs_value_per_t or 0.0 for route in routes], self.periods)
        endogenous = np.array([route.customs_value_per_t is None for route in routes])[:, None]
        wedge = (1.0 + duty) * (1.0 + np.where(back, 0.0, tax)) - 1.0
        cost = freight + wedge * (declared + freight) + port / np.where(back, 1.0 + tax, 1.0)
        return cost, np.where(endogenous, wedge, 0.0)

    def demands(self) -> None:
        """Add fixed demand to the balances, and columns for what linear demands buy and sellers sell."""
        fixed = [item for item in self.network.demands if isinstance(item, FixedDemand)]
        for item, values in zip(fixed, table([item.quantity_kt for item in fixed], self.periods), strict=True):
            self.right[:, self.pair[0, self.product[item.product], self.place[item.place]]] += values
        lines = [(k, item) for k, item in enumerate(self.network.demands) if isinstance(item, LocalDemand)]
        if not lines:
            return
        noun = np.array([k for k, _ in lines])
        product = np.array([self.product[item.product] for _, item in lines])
        place = np.array([self.place[item.place] for _, item in lines])
        most = table([item.intercept_per_t for _, item in lines], self.periods).T * self.weight[:, None]
        slope = table([item.slope_per_kt for _, item in lines], self.periods).T * self.weight[:, None]
        first = self.columns.add(Kind.DEMAND, noun, np.arange(self.periods), linear=-most, diagonal=slope)
        rows = self.pair[0, product, place].copy()
        sold = (product == self.stage) & (self.pair.shape[0] > 1)
        for at in np.flatnonzero(sold).tolist():
            rows[at] = self.new_sum(int(noun[at]))
        size = (self.periods, noun.size)
        self.columns.enter(rows, first + np.arange(noun.size), -np.ones(noun.size), repeat=size)
        for layer in range(self.pair.shape[0]):
            here = np.flatnonzero(sold & (self.pair[layer, product, place] >= 0))
            if here.size == 0:
                continue
            theta = self.sellers.theta[layer - 1] if layer else 0.0
            sale = self.columns.add(
                Kind.SALE, noun[here], np.arange(self.periods), seller=layer, diagonal=theta * slope[:, here]
            )
            column, size = sale + np.arange(here.size), (self.periods, here.size)
            self.columns.enter(self.pair[layer, product[here], place[here]], column, -np.ones(here.size), repeat=size)
            self.columns.enter(rows[here], column, np.ones(here.size), repeat=size)

    def stocks(self) -> None:
        """Add stocks at the end of each period (of the last: beyond what must be in hand); the rest is on the right."""
        for k, stock in enumerate(self.network.stocks):
            product, place = self.product[stock.product], self.place[stock.place]
            layers = [layer for layer in range(self.pair.shape[0]) if self.pair[layer, product, place] >= 0]
            if self.pair[0, product, place] >= 0:
                self.right[0, self.pair[0, product, place]] -= stock.opening_kt
                self.right[-1, self.pair[0, product, place]] += stock.closing_kt
            last = np.arange(self.periods) == self.periods - 1
            cost = (table([stock.cost_per_t], self.periods)[0] * self.weight)[:, None]
            room = (table([stock.capacity_kt], self.periods)[0] - stock.closing_kt * last)[:, None]
            shared = len(layers) > 1 and bool(np.isfinite(room).any())
            whole = np.arange(self.periods)
            size = (self.periods, 1)
            row = -1
            if shared:
                row = self.new_sum(k)
                total = self.columns.add(Kind.STOCK_TOTAL, np.array([k]), whole, upper=room)
                self.columns.enter(np.array([row]), np.array([total]), -np.ones(1), repeat=size)
            for layer in layers:
                upper = np.full_like(room, np.inf) if shared else room
                first = self.columns.add(Kind.STOCK, np.array([k]), whole, seller=layer, linear=cost, upper=upper)
                column, pair = np.array([first]), np.array([self.pair[layer, product, place]])
                self.columns.enter(pair, column, -np.ones(1), repeat=size)
                kept = np.array([1.0 - stock.loss_share])
                self.columns.enter(pair, column, kept, later=1, repeat=(self.periods - 1, 1))
                if shared:
                    self.columns.enter(np.array([row]), column, np.ones(1), repeat=size)

    def cross(self, kind: Ints, noun: Ints, period: Ints) -> tuple[tuple[Ints, Ints, Floats], list[str]]:
        """Return the entries of Q off its diagonal, and the terms that hold in one direction only."""
        rows: list[Ints] = []
        cols: list[Ints] = []
        values: list[Floats] = []
        names = {(item.product, item.place): k for k, item in enumerate(self.network.demands)}
        acts = {item.name: k for k, item in enumerate(self.network.activities)}
        terms = {(item.kind, item.place, item.of, item.by): item.per_t_per_kt for item in self.network.cross_terms}
        one_way: list[str] = []
        for (which, place, of, by), value in terms.items():
            wanted = Kind.DEMAND if which == "demand" else Kind.ACTIVITY
            a = names[of, place] if which == "demand" else acts[of]
            b = names[by, place] if which == "demand" else acts[by]
            ours, theirs = (
                np.flatnonzero((kind == wanted) & (noun == a)),
                np.flatnonzero((kind == wanted) & (noun == b)),
            )
            left, right = np.meshgrid(ours, theirs, indexing="ij")
            same = period[left] == period[right]
            rows.append(left[same])
            cols.append(right[same])
            values.append(value * self.weight[period[left[same]]])
            if abs(terms.get((which, place, by, of), 0.0) - value) > 1e-12 * abs(value):
                one_way.append(f"the cross term of {by!r} on {of!r} is not matched by that of {of!r} on {by!r}")
        if not rows:
            return (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)), one_way
        return (np.concatenate(rows), np.concatenate(cols), np.concatenate(values)), one_way


def _compressed(rows: Ints, cols: Ints, values: Floats, shape: tuple[int, int]) -> sparse.csc_array:
    from scipy import sparse

    result = sparse.csc_array((values, (rows, cols)), shape=shape)
    result.sum_duplicates()
    if np.any(result.data == 0.0):
        result.eliminate_zeros()
    return result
