"""Expansion in a deal, in three cases (model, section 6).

1. A project or ramping line that comes anyway is in both states: it is not in u, and its tonnes stand beside the cut.
   What the price of the date does not hold of it is a share of its tonnes. Below parity that share of N kt, on line for
   the part tau of the term, moves the headroom by +b N tau and the price without a deal by -b N tau.
2. One that starts only at a price is an idle line with that threshold and kt (T - t_start) / T: ``market.started``.
3. A signatory asked for x whose own lines ramp by r idles x + tau r; K counts x. Or the proposal exempts them and it
   idles x. The lines are among its plants with tau r kt: it runs them in the baseline. See ``Game.ramp_kt``.
"""

from __future__ import annotations

__all__ = ["comes_anyway", "ramping"]

from dataclasses import replace

from tests.reference.game import Game
from tests.reference.owners import Plant
from tests.reference.prize import Prize


def comes_anyway(prize: Prize, kt: float, *, on_line: float, not_in_price: float) -> Prize:
    """Return the prize without a deal once N kt have come that the price of the date holds only in part.

    Args:
        prize: at the date, linear demand. kt: N. on_line: tau, share of the term. not_in_price: share of N, 0 to 1.
    """
    tonnes = kt * on_line * not_in_price
    if prize.headroom_per_t <= 0.0:  # imports set the price: they come less, and the price stays
        return prize
    price, quantity = prize.price_per_t - prize.slope * tonnes, prize.quantity_kt + tonnes
    return replace(
        prize,
        price_per_t=price,
        quantity_kt=quantity,
        elasticity=price / (prize.slope * quantity),
        headroom_per_t=prize.headroom_per_t + prize.slope * tonnes,
    )


def ramping(game: Game, lines: list[tuple[Plant, float]], *, exempt: bool) -> Game:
    """Return the game with lines of owners that ramp up: (the line at its full size, tau)."""
    ramp = dict(game.ramp_kt)
    plants = list(game.plants)
    for line, on_line in lines:
        plants.append(replace(line, running_kt=line.running_kt * on_line))
        ramp[line.owner] = ramp.get(line.owner, 0.0) + line.running_kt * on_line
    return replace(game, plants=tuple(plants), ramp_kt=ramp, exempt=exempt)
