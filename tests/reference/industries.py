"""Small industries drawn by seed, as games of the reference: flat ceilings, rising imports, spreads of headroom."""

from __future__ import annotations

__all__ = ["drawn", "drawn_alike"]

import math
import random
from dataclasses import replace

from tests.reference.closed_forms import Alike
from tests.reference.game import Game, nash
from tests.reference.market import IdleLine, Market
from tests.reference.meeting import Meeting
from tests.reference.owners import Plant
from tests.reference.prize import Prize

STEPS = ((0.0, 0.0), (60.0, 0.0), (60.0, 35.0), (300.0, 35.0), (300.0, 90.0))
RAMP = ((0.0, 0.0), (100.0, 30.0), (500.0, 60.0))


def drawn(
    seed: int,
    *,
    owners: int = 4,
    imports: str = "",
    rule: str = "",
    relief: bool = False,
    potlines: bool = True,
    from_nash: bool = False,
) -> Game:
    """Return a game of random plants; the last owner may have idle lines and outsiders always do.

    Args:
        seed: of everything. owners: how many. imports: none, flat, rising or spread; drawn unless told. rule: pro_rata,
            efficient or stated; drawn unless told. relief: whether a shared input gets cheaper. potlines: whether some
            plants stop by whole potlines. from_nash: whether cuts count beyond those that owners make alone.
    """
    r = random.Random(seed)
    imports = imports or r.choice(("none", "flat", "rising", "spread", "spread"))
    rule = rule or r.choice(("pro_rata", "pro_rata", "efficient", "stated"))
    plants: list[Plant] = []
    for k in range(owners + r.randint(0, 3)):
        running, loss = r.uniform(50.0, 500.0), r.uniform(20.0, 900.0)
        plants.append(
            Plant(
                owner=k if k < owners else r.randrange(owners),
                running_kt=running,
                loss_per_t=loss,
                lump=running * r.uniform(20.0, 300.0) if r.random() < 0.4 else 0.0,
                stop_per_t=-loss + r.uniform(-100.0, 100.0),
                use=r.uniform(0.0, 2.0) if r.random() < 0.7 else 0.0,
                line_kt=r.uniform(20.0, 120.0) if potlines and r.random() < 0.25 else 0.0,
            )
        )
    lines = [
        IdleLine(owner=r.choice((-1, *range(owners))), kt=r.uniform(10.0, 120.0), need_per_t=r.uniform(-200.0, 900.0))
        for _ in range(r.randint(0, 5))
    ]
    lines = [replace(line, need_per_t=max(0.0, line.need_per_t), use=r.uniform(0.0, 2.0)) for line in lines]
    quantity = sum(plant.running_kt for plant in plants) * r.uniform(1.0, 1.6)
    headroom = r.uniform(-50.0, 900.0)
    prize = Prize(
        price_per_t=12_500.0,
        quantity_kt=quantity,
        elasticity=r.uniform(3.0, 20.0),
        import_slope=0.0 if imports == "none" else math.inf if imports == "flat" else 10.0 ** r.uniform(-1.5, 1.0),
        headroom_per_t=headroom,
        headroom_spread_per_t=r.uniform(20.0, 500.0) if imports == "spread" else 0.0,
    )
    game = Game(
        market=Market(prize, tuple(lines), (STEPS if r.random() < 0.5 else RAMP) if relief else ()),
        plants=tuple(plants),
        owners=owners,
        annuity=r.uniform(0.6, 1.8),
        rule=rule,
        stated_kt={i: r.uniform(0.1, 0.9) * sum(p.running_kt for p in plants if p.owner == i) for i in range(owners)},
    )
    return replace(game, baseline_kt=nash(game).cut_kt) if from_nash else game


def drawn_alike(seed: int) -> tuple[Meeting, Alike]:
    """Return a random meeting of owners alike, and its closed form: no imports, a flat ceiling, or rising ones."""
    r = random.Random(seed)
    n, size, b, annuity = r.randint(2, 4), r.uniform(50.0, 200.0), r.uniform(0.05, 2.0), r.uniform(0.5, 2.0)
    loss = size * r.choice((r.uniform(0.01, 1.0), r.uniform(1.0, 3.2)))
    part = r.choice((1.0, 0.0, r.uniform(0.05, 0.95)))
    bend = math.inf if part == 1.0 else r.uniform(0.05, 2.5) * size
    prize = Prize(
        price_per_t=b * n * size,
        quantity_kt=n * size,
        elasticity=1.0,
        import_slope=math.inf if part == 0.0 else (1.0 / part - 1.0) / b,
        headroom_per_t=b * bend,
    )
    plants = tuple(Plant(owner=i, running_kt=size, loss_per_t=annuity * b * loss) for i in range(n))
    game = Game(market=Market(prize), plants=plants, owners=n, annuity=annuity)
    return Meeting(game=game, present=tuple(range(n))), Alike(n=n, r=size, a=loss, bend=bend, part=part)
