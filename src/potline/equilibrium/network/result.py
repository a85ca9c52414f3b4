"""An equilibrium of a network, and the tables that show it."""

from __future__ import annotations

__all__ = ["NetworkEquilibrium"]

from dataclasses import dataclass

import numpy as np

from potline.equilibrium.network.economics import activity_margins, contract_payments, route_margins
from potline.equilibrium.network.intervals import price_intervals
from potline.equilibrium.network.state import NetworkState
from potline.showing import Shown

Row = dict[str, str | float | int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkEquilibrium(NetworkState, Shown):
    """One equilibrium of a network, with the question it answers.

    Attributes:
        stages: products sold with market power, upstream first; empty where all take prices.
        sellers: price takers together (named ``""``) and each seller with market power.
        level_kt: of activities, shape (activities, periods).
        flow_kt: shape (sellers, routes, periods), in the period goods leave.
        bought_kt: shape (demands, periods).
        sales_kt: to final demand for a product of ``stages`` that no activity takes, shape (sellers, demands, periods),
            0 elsewhere.
        stock_kt: at the end of each period, shape (sellers, stocks, periods).
        markets: (product, place) where activities buy a product of ``stages``.
        delivered_kt: what sellers bring there, shape (sellers, markets, periods).
        response_per_kt: how prices there answer one more kt brought there, as sellers foresee it, money/t of its period
            per kt, shape (markets, periods, markets, periods): price by quantity; 0 where the fall of the price is
            stated.
        price_per_t: what buyers pay, money/t of its period, shape (products, places, periods); NaN where a product has
            no balance.
        value_per_t: what one more tonne is worth to each seller there, shape (sellers, products, places, periods); for
            price takers it is the price.
        quota_rent_per_t: shape (quotas, periods).
        owners: who decides: owners of activities, a cartel under its name.
        owner_profit_m: what each earns, million in money of its period, shape (owners, periods); rents of full routes,
            stocks and quotas are no owner's.
        potential_m: what the program maximises: area under demand less costs, less half of each seller's
            ``theta b x^2``; million, discounted; NaN where no program is maximised.
        answer: the kernel's answer, a start for neighbouring questions.
    """

    def price_table(self, intervals: bool = True) -> list[Row]:
        """Return one row a product, place and period: price, and the interval of prices that support the same flows."""
        found = price_intervals(self) if intervals else None
        rows: list[Row] = []
        for p, at, t in np.argwhere(np.isfinite(self.price_per_t)).tolist():
            row: Row = {
                "product": self.network.products[p].name,
                "place": self.network.places[at].name,
                "period": t + 1,
                "price_per_t": float(self.price_per_t[p, at, t]),
            }
            if found is not None:
                row["price_low_per_t"] = float(found.low_per_t[p, at, t])
                row["price_high_per_t"] = float(found.high_per_t[p, at, t])
            rows.append(row)
        return rows

    def activity_table(self) -> list[Row]:
        """Return one row an activity and period: level, capacity, utilisation, value of a tonne, cost, margin."""
        capacity, value, cost = activity_margins(self)
        rows: list[Row] = []
        for k, activity in enumerate(self.network.activities):
            for t in range(self.network.periods):
                room = float(capacity[k, t])
                rows.append(
                    {
                        "activity": activity.name,
                        "place": activity.place,
                        "owner": activity.decides,
                        "period": t + 1,
                        "level_kt": float(self.level_kt[k, t]),
                        "capacity_kt": room,
                        "utilisation": float(self.level_kt[k, t]) / room if room > 0.0 else 0.0,
                        "value_per_t": float(value[k, t]),
                        "marginal_cost_per_t": float(cost[k, t]),
                        "margin_per_t": float(value[k, t] - cost[k, t]),
                    }
                )
        return rows

    def route_table(self, used_only: bool = False) -> list[Row]:
        """Return one row a route and period: flow, cost of a tonne more, bill, price gap, and what is left as rent."""
        cost, bill, gap = route_margins(self)
        total = self.flow_kt.sum(axis=0)
        rows: list[Row] = []
        for k, route in enumerate(self.network.routes):
            for t in range(self.network.periods):
                if used_only and total[k, t] <= 0.0:
                    continue
                rows.append(
                    {
                        "route": route.label,
                        "product": route.product,
                        "origin": route.origin,
                        "destination": route.destination,
                        "period": t + 1,
                        "flow_kt": float(total[k, t]),
                        "marginal_cost_per_t": float(cost[k, t]),
                        "bill_m": float(bill[k, t]) / 1000.0,
                        "price_gap_per_t": float(gap[k, t]),
                        "rent_per_t": float(gap[k, t] - cost[k, t]),
                    }
                )
        return rows

    @property
    def profit_m(self) -> dict[str, float]:
        """Profit of each owner over all periods, million, not discounted; a cartel's is one."""
        return dict(zip(self.owners, self.owner_profit_m.sum(axis=1).tolist(), strict=True))

    def owner_table(self) -> list[Row]:
        """Return one row an owner (a cartel is one) and period: what it earns."""
        return [
            {"owner": name, "period": t + 1, "profit_m": float(self.owner_profit_m[i, t])}
            for i, name in enumerate(self.owners)
            for t in range(self.network.periods)
        ]

    def demand_table(self) -> list[Row]:
        """Return one row a demand and period: quantity, price, and each seller's share where market power sits."""
        rows: list[Row] = []
        for k, item in enumerate(self.network.demands):
            for t in range(self.network.periods):
                row: Row = {
                    "product": item.product,
                    "place": item.place,
                    "period": t + 1,
                    "bought_kt": float(self.bought_kt[k, t]),
                    "price_per_t": self.price(item.product, item.place, t),
                }
                if item.product in self.stages and (item.product, item.place) not in self.markets:
                    for s, name in enumerate(self.sellers):
                        row[f"sold by {name or 'price takers'}, kt"] = float(self.sales_kt[s, k, t])
                rows.append(row)
        return rows

    def stock_table(self) -> list[Row]:
        """Return one row a stock and period: what is in hand at its end."""
        total = self.stock_kt.sum(axis=0)
        return [
            {"product": item.product, "place": item.place, "period": t + 1, "stock_kt": float(total[k, t])}
            for k, item in enumerate(self.network.stocks)
            for t in range(self.network.periods)
        ]

    def delivery_table(self) -> list[Row]:
        """Return one row a market where activities buy from sellers with market power, and period.

        Price, what each seller brings, and by how much the price falls for one kt more there (0 where that is stated).
        """
        rows: list[Row] = []
        for m, (product, place) in enumerate(self.markets):
            for t in range(self.network.periods):
                row: Row = {
                    "product": product,
                    "place": place,
                    "period": t + 1,
                    "price_per_t": self.price(product, place, t),
                    "price_fall_per_kt": -float(self.response_per_kt[m, t, m, t]),
                }
                for s, name in enumerate(self.sellers):
                    row[f"brought by {name or 'price takers'}, kt"] = float(self.delivered_kt[s, m, t])
                rows.append(row)
        return rows

    def contract_table(self) -> list[Row]:
        """Return one row an indexed input and period: what is used, what is paid, its own price, and who loses.

        ``paid_by_contract_m`` is what whoever wrote the contract adds, its own price less what the user pays, million.
        """
        return contract_payments(self)

    @property
    def transport_bill_m(self) -> float:
        """What all routes cost together, million, not discounted."""
        return float(route_margins(self)[1].sum()) / 1000.0
