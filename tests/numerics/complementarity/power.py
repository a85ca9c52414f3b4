"""Random markets with market power that no single program describes: several markets, and two stages."""

from __future__ import annotations

import numpy as np
from tests.numerics.complementarity.parts import PER_TONNE, Entries, Floats, Instance, Names, n, total, x

from potline.numerics.complementarity.problem import ComplementarityProblem


def isoelastic_cournot(seed: int, firms: int = 6, markets: int = 4) -> Instance:
    """Cournot firms with rising cost and a capacity, in several markets with demand of constant elasticity."""
    rng = np.random.default_rng([4, seed])
    cost, rise = rng.uniform(6e3, 12e3, firms), rng.uniform(0.1, 5.0, firms)
    freight, capacity = rng.uniform(50.0, 2000.0, (firms, markets)), rng.uniform(50.0, 800.0, firms)
    elasticity = rng.uniform(0.9, 2.0, markets)
    scale = rng.uniform(200.0, 900.0, markets) * firms / markets
    fringe = 0.05 * scale
    at = Names(flow=(firms, markets), worth=(firms,), sold=(markets,))
    flow, worth, sold = at["flow"], at["worth"], at["sold"]

    def evaluate(v: Floats) -> Floats:
        f = np.empty(at.size)
        q, supplied = v[flow], v[sold]
        price = 14e3 * (supplied / scale) ** (-1.0 / elasticity)
        made = q.sum(axis=1)
        revenue = price * (1.0 - q / (elasticity * supplied))
        f[flow] = (cost + rise * made + v[worth])[:, None] + freight - revenue
        f[worth] = capacity - made
        f[sold] = supplied - fringe - q.sum(axis=0)
        return f

    entries = Entries(at.size)
    entries.add(flow[:, :, None], flow[:, None, :])
    entries.add(flow, flow)
    entries.add(flow, worth[:, None])
    entries.add(flow, sold[None, :])
    entries.add(worth[:, None], flow)
    entries.add(sold[None, :], flow)
    entries.add(sold, sold)
    build = entries.build()
    ones = np.ones(flow.size)
    together = np.repeat(rise, markets * markets)

    def jacobian(v: Floats):
        q, supplied = v[flow], v[sold]
        price = 14e3 * (supplied / scale) ** (-1.0 / elasticity)
        fall = -price / (elasticity * supplied)
        by_own = price / (elasticity * supplied) * np.ones((firms, 1))
        by_sold = -(fall * (1.0 - q / (elasticity * supplied)) + price * q / (elasticity * supplied**2))
        return build(np.concatenate((together, by_own.ravel(), ones, by_sold.ravel(), -ones, -ones, np.ones(markets))))

    def rows() -> list[str]:
        text = [""] * at.size
        for i in range(firms):
            for r in range(markets):
                price = f"14000*({x(sold[r])}/{n(scale[r])})**{n(-1.0 / elasticity[r])}"
                text[flow[i, r]] = (
                    f"{n(cost[i] + freight[i, r])} + {n(rise[i])}*{total(flow[i])} + {x(worth[i])}"
                    f" - {price}*(1 - {x(flow[i, r])}/({n(elasticity[r])}*{x(sold[r])}))"
                )
            text[worth[i]] = f"{n(capacity[i])} - {total(flow[i])}"
        for r in range(markets):
            text[sold[r]] = f"{x(sold[r])} - {n(fringe[r])} - {total(flow[:, r])}"
        return text

    lower, start = np.zeros(at.size), np.zeros(at.size)
    lower[sold] = 0.5 * fringe
    start[flow] = 0.5 * capacity[:, None] / markets
    start[sold] = fringe + start[flow].sum(axis=0)
    return Instance(
        name=f"isoelastic_cournot-{seed}",
        problem=ComplementarityProblem(evaluate=evaluate, jacobian=jacobian),
        lower=lower,
        upper=np.full(at.size, np.inf),
        start=start,
        rows=rows,
    )


def two_stage_power(seed: int, refineries: int = 4, smelters: int = 5, markets: int = 3) -> Instance:
    """Refineries that see the smelters' derived demand sell to Cournot smelters, in markets of constant elasticity.

    The alumina price falls by ``beta`` per tonne sold, ``1 / beta = 1.93^2 sum_r Q_r e_r / (P_r (1 - 1 / (n e_r)))``.
    """
    rng = np.random.default_rng([5, seed])
    cost, rise = rng.uniform(1500.0, 2400.0, refineries), rng.uniform(0.05, 0.6, refineries)
    conduct = rng.uniform(0.0, 1.0, refineries)
    limit = rng.uniform(200.0, 1500.0, refineries) * smelters / refineries
    parity = float(rng.uniform(2800.0, 4500.0))
    other, freight = rng.uniform(4e3, 8e3, smelters), rng.uniform(50.0, 1500.0, (smelters, markets))
    capacity = rng.uniform(100.0, 800.0, smelters)
    elasticity = rng.uniform(0.9, 2.0, markets)
    scale = rng.uniform(200.0, 900.0, markets) * smelters / markets
    fringe = 0.05 * scale
    at = Names(
        refined=(refineries,),
        imported=(1,),
        alumina=(1,),
        flatness=(1,),
        flow=(smelters, markets),
        worth=(smelters,),
        sold=(markets,),
    )
    refined, imported, alumina, flatness = at["refined"], at["imported"], at["alumina"], at["flatness"]
    flow, worth, sold = at["flow"], at["worth"], at["sold"]
    power = PER_TONNE**2 * elasticity / (1.0 - 1.0 / (smelters * elasticity))

    def evaluate(v: Floats) -> Floats:
        f = np.empty(at.size)
        y, q, supplied = v[refined], v[flow], v[sold]
        price = 14e3 * (supplied / scale) ** (-1.0 / elasticity)
        f[refined] = cost + rise * y + conduct * y / v[flatness] - v[alumina]
        f[imported] = parity - v[alumina]
        f[alumina] = y.sum() + v[imported] - PER_TONNE * q.sum()
        f[flatness] = v[flatness] - (power * supplied / price).sum()
        revenue = price * (1.0 - q / (elasticity * supplied))
        f[flow] = (other + PER_TONNE * v[alumina] + v[worth])[:, None] + freight - revenue
        f[worth] = capacity - q.sum(axis=1)
        f[sold] = supplied - fringe - q.sum(axis=0)
        return f

    entries = Entries(at.size)
    fixed = []
    for rows_, columns, entry in (
        (refined, alumina, -1.0), (imported, alumina, -1.0), (alumina, refined, 1.0), (alumina, imported, 1.0),
        (alumina, flow, -PER_TONNE), (flatness, flatness, 1.0), (flow, alumina, PER_TONNE), (flow, worth[:, None], 1.0),
        (worth[:, None], flow, -1.0), (sold[None, :], flow, -1.0), (sold, sold, 1.0),
    ):  # fmt: skip
        entries.add(rows_, columns)
        fixed.append(np.broadcast_to(entry, np.broadcast_shapes(rows_.shape, columns.shape)).ravel())
    entries.add(refined, refined)
    entries.add(refined, flatness)
    entries.add(flatness, sold)
    entries.add(flow, flow)
    entries.add(flow, sold[None, :])
    build = entries.build()
    head = np.concatenate(fixed)

    def jacobian(v: Floats):
        y, q, supplied = v[refined], v[flow], v[sold]
        price = 14e3 * (supplied / scale) ** (-1.0 / elasticity)
        fall = -price / (elasticity * supplied)
        by_own = price / (elasticity * supplied) * np.ones((smelters, 1))
        by_sold = -(fall * (1.0 - q / (elasticity * supplied)) + price * q / (elasticity * supplied**2))
        by_flat = -conduct * y / v[flatness] ** 2
        by_reach = -power * (1.0 / price - supplied * fall / price**2)
        return build(
            np.concatenate((head, rise + conduct / v[flatness], by_flat, by_reach, by_own.ravel(), by_sold.ravel()))
        )

    def rows() -> list[str]:
        text = [""] * at.size
        price = [f"(14000*({x(sold[r])}/{n(scale[r])})**{n(-1.0 / elasticity[r])})" for r in range(markets)]
        for g in range(refineries):
            seen = f"{n(conduct[g])}*{x(refined[g])}/{x(flatness[0])}"
            text[refined[g]] = f"{n(cost[g])} + {n(rise[g])}*{x(refined[g])} + {seen} - {x(alumina[0])}"
        text[imported[0]] = f"{n(parity)} - {x(alumina[0])}"
        text[alumina[0]] = f"{total(refined)} + {x(imported[0])} - 1.93*{total(flow)}"
        reach = " + ".join(
            f"3.7249*{n(elasticity[r])}/(1 - 1/({smelters}*{n(elasticity[r])}))*{x(sold[r])}/{price[r]}"
            for r in range(markets)
        )
        text[flatness[0]] = f"{x(flatness[0])} - ({reach})"
        for j in range(smelters):
            for r in range(markets):
                text[flow[j, r]] = (
                    f"{n(other[j] + freight[j, r])} + 1.93*{x(alumina[0])} + {x(worth[j])}"
                    f" - {price[r]}*(1 - {x(flow[j, r])}/({n(elasticity[r])}*{x(sold[r])}))"
                )
            text[worth[j]] = f"{n(capacity[j])} - {total(flow[j])}"
        for r in range(markets):
            text[sold[r]] = f"{x(sold[r])} - {n(fringe[r])} - {total(flow[:, r])}"
        return text

    lower, start = np.zeros(at.size), np.zeros(at.size)
    upper = np.full(at.size, np.inf)
    upper[refined] = limit
    lower[sold], lower[flatness] = 0.5 * fringe, 1e-3 * (power * fringe).sum() / 14e3
    start[flow] = 0.5 * capacity[:, None] / markets
    start[refined] = 0.5 * limit
    start[sold] = fringe + start[flow].sum(axis=0)
    start[flatness] = (power * start[sold]).sum() / 14e3
    start[alumina] = 0.8 * parity
    return Instance(
        name=f"two_stage_power-{seed}",
        problem=ComplementarityProblem(evaluate=evaluate, jacobian=jacobian),
        lower=lower,
        upper=upper,
        start=start,
        rows=rows,
    )
