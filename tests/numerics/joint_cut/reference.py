"""A slow, plain restatement of the meeting's definitions, one draw at a time, that shares no code with the kernel."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import combinations, pairwise


@dataclass
class Plant:
    owner: int
    running: float
    idle: float
    loss_part: float
    loss_whole: float
    stop: float
    restart: float
    use: float
    potline: float


@dataclass
class World:
    price: float
    quantity: float
    elasticity: float
    isoelastic: bool
    ceiling: float
    annuity: float
    relief: list[tuple[float, float]]
    plants: list[Plant]
    owners: int
    base_cut: list[float] = field(default_factory=list)

    def rise(self, fall):
        left = self.quantity - fall
        if self.isoelastic:
            price = self.price * (max(left / self.quantity, 1e-9)) ** (-1.0 / self.elasticity)
        else:
            price = self.price + self.price / (self.elasticity * self.quantity) * min(fall, self.quantity)
        return min(price, max(self.ceiling, self.price)) - self.price

    def cheaper(self, fall, upper=False):
        """F: at a step its lower value unless ``upper``."""
        value = 0.0
        points = self.relief
        for (x0, y0), (x1, y1) in pairwise(points):
            if x1 == x0:
                reached = fall >= x0 * (1 - 1e-12) if upper else fall > x0 * (1 + 1e-11)
                value = y1 if reached else value
            elif fall > x0:
                value = y0 + (y1 - y0) * min(1.0, (fall - x0) / (x1 - x0))
        return value

    def market(self, withdrawn, held_owners, kept_running=0.0):
        """Bisect for the net fall q with q + restarts(q) = withdrawn; return q, u, F."""
        lines = [p for p in self.plants if p.idle > 0 and p.owner not in held_owners]
        withdrawn = withdrawn - kept_running

        def restarts(fall, cheaper):
            u = self.rise(fall)
            return sum(p.idle for p in lines if u + p.use * cheaper >= max(p.restart - self.price, 0.0))

        low, high = 0.0, withdrawn
        if restarts(0.0, self.cheaper(0.0)) >= withdrawn:
            return 0.0, 0.0, self.cheaper(0.0)
        for _ in range(200):
            middle = (low + high) / 2
            if middle in (low, high):
                break
            if middle + restarts(middle, self.cheaper(middle)) >= withdrawn:
                high = middle
            else:
                low = middle
        fall = high
        near = [x for x, _ in self.relief if x > 0 and abs(x - fall) <= 1e-9 * max(x, 1.0)]
        if near and self.cheaper(near[0], upper=True) > self.cheaper(near[0]):
            f_low, f_high = self.cheaper(near[0]), self.cheaper(near[0], upper=True)
            if near[0] + restarts(near[0], f_low) >= withdrawn - 1e-9:
                return fall, self.rise(fall), f_low
            for _ in range(200):
                middle = (f_low + f_high) / 2
                if near[0] + restarts(near[0], middle) >= withdrawn:
                    f_high = middle
                else:
                    f_low = middle
            return fall, self.rise(fall), f_high
        return fall, self.rise(fall), self.cheaper(fall)

    def order(self, owner):
        mine = [p for p in self.plants if p.owner == owner]
        return sorted(mine, key=lambda p: -p.stop)

    def idle_plants(self, owner, wanted):
        """Idle ``wanted`` of the owner's plants, the dearest first; return tonnes by plant."""
        result, left = [], wanted
        for p in self.order(owner):
            part = min(left, p.running)
            if p.potline > 0 and part > 1e-9:
                part = min(p.running, math.ceil(part / p.potline - 1e-9) * p.potline)
            if part > p.running * (1 - 1e-9):
                part = p.running
            result.append((p, part))
            left = max(0.0, left - part)
            if left < 1e-9 * wanted:
                left = 0.0
        return result

    def value(self, owner, wanted, u, cheaper):
        """Money over the term, thousand: margin rise on what runs less the loss of what is idled."""
        total = 0.0
        for p, part in self.idle_plants(owner, wanted):
            loss = p.loss_whole if part >= p.running > 0 else p.loss_part
            total += self.annuity * (p.running - part) * (u + p.use * cheaper) - part * loss
        return total

    def tonnes(self, owner, wanted):
        return sum(part for _, part in self.idle_plants(owner, wanted))

    def capacity(self, owner):
        return sum(p.running for p in self.plants if p.owner == owner)


def baseline_market(world):
    return world.market(sum(world.base_cut), held_owners=())


def restarted(world, owners):
    """What idle lines of ``owners`` restart in the baseline."""
    total = sum(world.base_cut)
    fall, _, _ = world.market(total, ())
    left = total - fall
    lines = [p for p in world.plants if p.idle > 0]
    key = {id(p): _trigger(world, p) for p in lines}
    amount = 0.0
    for p in sorted(lines, key=lambda p: key[id(p)]):
        part = min(left, p.idle)
        left -= part
        amount += part if p.owner in owners else 0.0
    return amount


def _trigger(world, p):
    need = max(p.restart - world.price, 0.0)
    low, high = 0.0, world.quantity
    if need <= 0:
        return 0.0
    if world.rise(high) + p.use * world.cheaper(high) < need:
        return math.inf
    for _ in range(200):
        middle = (low + high) / 2
        if world.rise(middle) + p.use * world.cheaper(middle, upper=True) >= need:
            high = middle
        else:
            low = middle
    return high


def deal(world, coalition, extra):
    """Gains of a deal: ``extra`` tonnes of each member on top of the baseline; all owners' gains, thousand."""
    total = sum(world.base_cut)
    cut = {i: world.tonnes(i, world.base_cut[i] + extra[i]) for i in coalition}
    withdrawn = total + sum(cut[i] - world.base_cut[i] for i in coalition)
    fall, u, cheaper = world.market(withdrawn, set(coalition), restarted(world, set(coalition)))
    return fall, u, cheaper, cut


def gains(world, coalition, extra):
    _, u0, f0 = baseline_market(world)
    fall, u, cheaper, cut = deal(world, coalition, extra)
    result = {}
    for i in range(world.owners):
        now = world.base_cut[i] + (extra[i] if i in coalition else 0.0)
        result[i] = world.value(i, now, u, cheaper) - world.value(i, world.base_cut[i], u0, f0)
    return result, cut, u, cheaper, fall


def shares(world, coalition, least, rule, stated, planned):
    free = {i: world.capacity(i) - world.base_cut[i] for i in coalition}
    promised = sum(min(stated[i], free[i]) if rule == "stated" else free[i] for i in coalition)
    if len(coalition) < 2 or promised < least * (1 - 1e-12) or min(free.values()) <= 1e-9:
        return None
    if rule == "stated":
        return {i: min(stated[i], free[i]) for i in coalition}
    if rule == "efficient":
        return planned(coalition)
    return {i: least * free[i] / sum(free.values()) for i in coalition}


def meeting(world, attendees, least, rule, stated=None, planned=None):
    """Best score of every leaving rule and institution, million a year."""
    best = {}
    per = 1e-3 / world.annuity
    for size in range(2, len(attendees) + 1):
        for coalition in combinations(attendees, size):
            extra = shares(world, coalition, least, rule, stated, planned)
            if extra is None:
                continue
            inside, _, _, _, _ = gains(world, coalition, extra)
            for way in ("keep", "respread", "collapse"):
                outside = {}
                for i in coalition:
                    rest = tuple(k for k in coalition if k != i)
                    if way == "keep":
                        outside[i] = gains(world, rest, extra)[0][i]
                    elif way == "respread":
                        again = shares(world, rest, least, rule, stated, planned)
                        outside[i] = gains(world, rest, again)[0][i] if again else 0.0
                    else:
                        outside[i] = 0.0
                slack = {i: inside[i] - outside[i] for i in coalition}
                test = {i: min(inside[i], slack[i]) for i in coalition}
                score = {
                    "voluntary": min(test.values()),
                    "transfers": sum(inside[i] - max(0.0, outside[i]) for i in coalition),
                    "participation": min(inside[i] for i in coalition),
                    "without_compensation": -sum(max(0.0, -test[i]) for i in coalition),
                }
                if rule != "pro_rata" and any(cut <= 1e-12 * least for cut in extra.values()):
                    score = {"transfers": score["transfers"]}  # who idles nothing is a member only if it may pay
                elif size == sum(world.capacity(i) - world.base_cut[i] > 1e-9 for i in attendees):
                    score["unanimity"] = score["participation"]
                for name, value in score.items():
                    best[way, name] = max(best.get((way, name), -math.inf), value * per)
    return best
