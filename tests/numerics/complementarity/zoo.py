"""Random markets that no single program describes, each as arrays and as text for an independent solver.

``rows()`` writes the conditions again, one scalar formula a condition over x1, x2, ..., from the parameters and not
from the arrays' code: an oracle that agrees has checked the formulas too.
"""

from __future__ import annotations

import numpy as np
from tests.numerics.complementarity.parts import PER_TONNE, Entries, Floats, Instance, Names, n, total, x
from tests.numerics.complementarity.power import isoelastic_cournot, two_stage_power

from potline.numerics.complementarity.problem import ComplementarityProblem


def asymmetric_demand(seed: int, plants: int = 6, markets: int = 3, products: int = 2) -> Instance:
    """Price takers; the demand for a product answers the others' prices, not symmetrically."""
    rng = np.random.default_rng([1, seed])
    made = np.concatenate((np.arange(products), rng.integers(0, products, plants - products)))
    cost, freight = rng.uniform(9e3, 15e3, plants), rng.uniform(50.0, 1500.0, (plants, markets))
    capacity = rng.uniform(50.0, 600.0, plants)
    own = rng.uniform(0.01, 0.05, (markets, products)) * plants / markets
    cross = rng.uniform(0.0, 0.8, (markets, products, products)) / max(1, products - 1)
    cross[:, np.arange(products), np.arange(products)] = 0.0
    slope = -own[:, :, None] * cross
    slope[:, np.arange(products), np.arange(products)] = own
    choke = rng.uniform(14e3, 30e3, (markets, products))
    intercept = np.einsum("rkl,rl->rk", slope, choke)
    at = Names(flow=(plants, markets), worth=(plants,), price=(markets, products))
    flow, worth, price = at["flow"], at["worth"], at["price"]
    sold = price[:, made].T
    groups = [np.flatnonzero(made == k) for k in range(products)]

    def evaluate(v: Floats) -> Floats:
        f = np.empty(at.size)
        f[flow] = cost[:, None] + freight + v[worth][:, None] - v[sold]
        f[worth] = capacity - v[flow].sum(axis=1)
        supplied = np.stack([v[flow][group].sum(axis=0) for group in groups], axis=1)
        f[price] = supplied - intercept + np.einsum("rkl,rl->rk", slope, v[price])
        return f

    entries = Entries(at.size)
    entries.add(flow, worth[:, None])
    entries.add(flow, sold)
    entries.add(worth[:, None], flow)
    entries.add(sold, flow)
    entries.add(price[:, :, None], price[:, None, :])
    ones = np.ones(flow.size)
    matrix = entries.build()(np.concatenate((ones, -ones, -ones, ones, slope.ravel())))

    def rows() -> list[str]:
        text = [""] * at.size
        for i in range(plants):
            text[worth[i]] = f"{n(capacity[i])} - {total(flow[i])}"
            for r in range(markets):
                bought = x(price[r, made[i]])
                text[flow[i, r]] = f"{n(cost[i] + freight[i, r])} + {x(worth[i])} - {bought}"
        for r in range(markets):
            for k in range(products):
                answer = " ".join(f"+ {n(slope[r, k, m])}*{x(price[r, m])}" for m in range(products))
                text[price[r, k]] = f"{total(flow[groups[k], r])} - {n(intercept[r, k])} {answer}"
        return text

    start = np.zeros(at.size)
    start[price] = choke
    return Instance(
        name=f"asymmetric_demand-{seed}",
        problem=ComplementarityProblem(evaluate=evaluate, jacobian=lambda _: matrix, linear=True),
        lower=np.zeros(at.size),
        upper=np.full(at.size, np.inf),
        start=start,
        rows=rows,
    )


def ad_valorem(seed: int, places: int = 6, markets: int = 4, months: int = 1, stocks: bool = False) -> Instance:
    """Taxes in per cent of an endogenous price; supply and demand of constant elasticity; stocks if asked."""
    rng = np.random.default_rng([2, seed])
    freight = rng.uniform(100.0, 2000.0, (1, places, markets)) * np.ones((months, 1, 1))
    duty = rng.uniform(0.0, 0.25, (1, places, markets)) * np.ones((months, 1, 1))
    size = rng.uniform(100.0, 800.0, (1, places)) * rng.uniform(0.9, 1.1, (months, places))
    base = rng.uniform(9e3, 14e3, (1, places)) * np.ones((months, 1))
    answer = rng.uniform(0.3, 3.0, (1, places)) * np.ones((months, 1))
    wanted = rng.uniform(100.0, 800.0, (1, markets)) * places / markets * rng.uniform(0.7, 1.3, (months, markets))
    usual = rng.uniform(11e3, 17e3, (1, markets)) * np.ones((months, 1))
    elasticity = rng.uniform(0.3, 1.5, (1, markets)) * np.ones((months, 1))
    carry = rng.uniform(30.0, 120.0, markets)
    shapes = {"flow": (months, places, markets), "mill": (months, places), "price": (months, markets)}
    if stocks:
        shapes["stock"] = (months - 1, markets)
    at = Names(**shapes)
    flow, mill, price = at["flow"], at["mill"], at["price"]
    stock = at["stock"] if stocks else np.zeros((0, markets), dtype=np.int64)

    def evaluate(v: Floats) -> Floats:
        f = np.empty(at.size)
        m, p, q = v[mill], v[price], v[flow]
        f[flow] = (m[:, :, None] + freight) * (1.0 + duty) - p[:, None, :]
        f[mill] = size * (m / base) ** answer - q.sum(axis=2)
        f[price] = q.sum(axis=1) - wanted * (p / usual) ** -elasticity
        if stocks:
            f[price[:-1]] -= v[stock]
            f[price[1:]] += v[stock]
            f[stock] = p[:-1] + carry - p[1:]
        return f

    entries = Entries(at.size)
    entries.add(flow, mill[:, :, None])
    entries.add(flow, price[:, None, :])
    entries.add(mill[:, :, None], flow)
    entries.add(price[:, None, :], flow)
    entries.add(mill, mill)
    entries.add(price, price)
    ones = np.ones(flow.size)
    tail = np.zeros(0)
    if stocks:
        for rows_, columns, sign in (
            (price[:-1], stock, -1.0), (price[1:], stock, 1.0), (stock, price[:-1], 1.0), (stock, price[1:], -1.0),
        ):  # fmt: skip
            entries.add(rows_, columns)
            tail = np.concatenate((tail, np.full(stock.size, sign)))
    build = entries.build()
    head = np.concatenate(((1.0 + duty).ravel(), -ones, -ones, ones))

    def jacobian(v: Floats):
        m, p = v[mill], v[price]
        supply = size * answer / base * (m / base) ** (answer - 1.0)
        demand = wanted * elasticity / usual * (p / usual) ** (-elasticity - 1.0)
        return build(np.concatenate((head, supply.ravel(), demand.ravel(), tail)))

    def rows() -> list[str]:
        text = [""] * at.size
        for t in range(months):
            for i in range(places):
                for r in range(markets):
                    text[flow[t, i, r]] = (
                        f"({x(mill[t, i])} + {n(freight[t, i, r])})*{n(1.0 + duty[t, i, r])} - {x(price[t, r])}"
                    )
                text[mill[t, i]] = (
                    f"{n(size[t, i])}*({x(mill[t, i])}/{n(base[t, i])})**{n(answer[t, i])} - {total(flow[t, i])}"
                )
            for r in range(markets):
                into = f" + {x(stock[t - 1, r])}" if stocks and t > 0 else ""
                out = f" - {x(stock[t, r])}" if stocks and t < months - 1 else ""
                text[price[t, r]] = (
                    f"{total(flow[t, :, r])}{into}{out}"
                    f" - {n(wanted[t, r])}*({x(price[t, r])}/{n(usual[t, r])})**{n(-elasticity[t, r])}"
                )
        if stocks:
            for t in range(months - 1):
                for r in range(markets):
                    text[stock[t, r]] = f"{x(price[t, r])} + {n(carry[r])} - {x(price[t + 1, r])}"
        return text

    lower = np.zeros(at.size)
    lower[mill], lower[price] = 10.0, 10.0
    start = np.zeros(at.size)
    start[mill], start[price] = base, usual
    return Instance(
        name=f"ad_valorem-{seed}",
        problem=ComplementarityProblem(evaluate=evaluate, jacobian=jacobian),
        lower=lower,
        upper=np.full(at.size, np.inf),
        start=start,
        rows=rows,
    )


def indexed_alumina(seed: int, refineries: int = 5, smelters: int = 6, markets: int = 3) -> Instance:
    """Refineries of rising cost, imports at parity; some smelters pay for alumina by the metal price of market 1."""
    rng = np.random.default_rng([3, seed])
    cost, rise = rng.uniform(1500.0, 2400.0, refineries), rng.uniform(0.05, 1.0, refineries)
    limit = rng.uniform(100.0, 1200.0, refineries)
    parity = float(rng.uniform(2500.0, 3200.0))
    other, freight = rng.uniform(5e3, 10e3, smelters), rng.uniform(50.0, 1500.0, (smelters, markets))
    capacity = rng.uniform(50.0, 600.0, smelters)
    share = np.where(rng.uniform(size=smelters) < 0.5, rng.uniform(0.14, 0.19, smelters), 0.0)
    choke = rng.uniform(16e3, 30e3, markets)
    slope = rng.uniform(0.01, 0.06, markets) * smelters / markets
    at = Names(
        refined=(refineries,),
        imported=(1,),
        alumina=(1,),
        flow=(smelters, markets),
        worth=(smelters,),
        price=(markets,),
    )
    refined, imported, alumina = at["refined"], at["imported"], at["alumina"]
    flow, worth, price = at["flow"], at["worth"], at["price"]
    market_share = np.where(share > 0.0, 0.0, PER_TONNE)
    index_share = PER_TONNE * share

    def evaluate(v: Floats) -> Floats:
        f = np.empty(at.size)
        f[refined] = cost + rise * v[refined] - v[alumina]
        f[imported] = parity - v[alumina]
        f[alumina] = v[refined].sum() + v[imported] - PER_TONNE * v[flow].sum()
        paid = market_share * v[alumina] + index_share * v[price[0]]
        f[flow] = (other + paid + v[worth])[:, None] + freight - v[price]
        f[worth] = capacity - v[flow].sum(axis=1)
        f[price] = v[flow].sum(axis=0) - slope * (choke - v[price])
        return f

    entries, values = Entries(at.size), []
    for rows_, columns, entry in (
        (refined, refined, rise), (refined, alumina, -1.0), (imported, alumina, -1.0), (alumina, refined, 1.0),
        (alumina, imported, 1.0), (alumina, flow, -PER_TONNE), (flow, alumina, market_share[:, None]),
        (flow, price[:1], index_share[:, None]), (flow, worth[:, None], 1.0), (flow, price[None, :], -1.0),
        (worth[:, None], flow, -1.0), (price[None, :], flow, 1.0), (price, price, slope),
    ):  # fmt: skip
        entries.add(rows_, columns)
        values.append(np.broadcast_to(entry, np.broadcast_shapes(rows_.shape, columns.shape)).ravel())
    matrix = entries.build()(np.concatenate(values))

    def rows() -> list[str]:
        text = [""] * at.size
        for g in range(refineries):
            text[refined[g]] = f"{n(cost[g])} + {n(rise[g])}*{x(refined[g])} - {x(alumina[0])}"
        text[imported[0]] = f"{n(parity)} - {x(alumina[0])}"
        text[alumina[0]] = f"{total(refined)} + {x(imported[0])} - 1.93*{total(flow)}"
        for j in range(smelters):
            paid = f"1.93*{n(share[j])}*{x(price[0])}" if share[j] > 0.0 else f"1.93*{x(alumina[0])}"
            for r in range(markets):
                text[flow[j, r]] = f"{n(other[j] + freight[j, r])} + {paid} + {x(worth[j])} - {x(price[r])}"
            text[worth[j]] = f"{n(capacity[j])} - {total(flow[j])}"
        for r in range(markets):
            text[price[r]] = f"{total(flow[:, r])} - {n(slope[r])}*({n(choke[r])} - {x(price[r])})"
        return text

    upper = np.full(at.size, np.inf)
    upper[refined] = limit
    start = np.zeros(at.size)
    start[price], start[alumina] = choke, parity
    return Instance(
        name=f"indexed_alumina-{seed}",
        problem=ComplementarityProblem(evaluate=evaluate, jacobian=lambda _: matrix, linear=True),
        lower=np.zeros(at.size),
        upper=upper,
        start=start,
        rows=rows,
    )


KINDS = (asymmetric_demand, ad_valorem, indexed_alumina, isoelastic_cournot, two_stage_power)
PER_KIND = 40


def zoo() -> list[Instance]:
    """Two hundred instances of five kinds, in four sizes."""
    sizes = {
        asymmetric_demand: [(4, 2, 2), (6, 3, 2), (9, 4, 3), (14, 6, 3)],
        ad_valorem: [(3, 2), (6, 4), (9, 8), (14, 10)],
        indexed_alumina: [(3, 3, 2), (5, 6, 3), (7, 10, 5), (10, 14, 8)],
        isoelastic_cournot: [(3, 2), (6, 4), (9, 7), (14, 9)],
        two_stage_power: [(2, 3, 2), (4, 5, 3), (6, 8, 5), (9, 12, 8)],
    }
    return [kind(seed, *sizes[kind][seed % 4]) for kind in KINDS for seed in range(PER_KIND)]


STARTS = ("stated", "zero", "random", "far")


def starts(items: list[Instance], name: str) -> list[Floats]:
    """Points in the box: the stated one, the one nearest 0, and two drawn by seed."""
    rng = np.random.default_rng(5)
    points = []
    for item in items:
        zero = np.clip(np.zeros(item.start.size), item.lower, item.upper)
        far = 10.0 ** rng.uniform(0.0, 6.0, zero.size)
        near = rng.uniform(0.0, 2.0, zero.size) * np.maximum(100.0, item.start)
        point = {"stated": item.start, "zero": zero, "random": zero + near, "far": zero + far}[name]
        points.append(np.clip(point, item.lower, item.upper))
    return points
