r"""Given cuts, one draw: what each plant idles, what the market answers, and what an owner makes of both.

Serves what the compiled sweep does not hold. The state may buy Z of what still runs and hold it off the market: the
price answers to the fall of supply q, and the shared input, whose use has not changed by Z, to q - Z, so its relief
lies Z further along:

    q = W + Z - restarts(q),    an idle line restarts where u(q) + s F(q - Z) >= its restart price less p0.
"""

from __future__ import annotations

__all__ = ["Position", "clear", "idled_at", "idled_by_plant", "position"]

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.stakes import Stakes
from potline.numerics.joint_cut.arrange import relief_at, restart_lines
from potline.numerics.joint_cut.rise import rise_at

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Position:
    """What an owner runs, what input that takes, and what its idling costs over the term, thousand; [C] each."""

    running_kt: Floats
    use_kt: Floats
    loss: Floats

    def worth(self, annuity: float, rise: Floats, relief: Floats) -> Floats:
        """Return its payoff over the term, thousand, at market effects [C]."""
        return annuity * (self.running_kt * rise + self.use_kt * relief) - self.loss


def position(here: Stakes, owner: int, idled: Floats) -> Position:
    """Return where an owner stands with what it idles of each plant, [C, J]."""
    plants = here.plants
    mine = plants.owner == owner
    whole = (idled >= plants.running_kt[0]) & (plants.running_kt[0] > 0.0)
    per_t = cast("Floats", np.where(whole, plants.loss_whole_per_t[0], plants.loss_part_per_t[0]))
    runs = np.where(mine, plants.running_kt[0] - idled, 0.0)
    loss = np.where(mine & (idled > 0.0), idled * per_t, 0.0).sum(axis=1)
    return Position(runs.sum(axis=1), runs @ plants.relief_use[0], loss)


def idled_by_plant(here: Stakes, owner: int, wanted_kt: float) -> Floats:
    """Return what an owner idles of each plant, dearest first and by whole lines, kt/year [J]."""
    return idled_at(here, owner, np.array([wanted_kt]))[0]


def idled_at(here: Stakes, owner: int, wanted_kt: Floats) -> Floats:
    """Return the same for several tonnages, kt/year [N, J]."""
    plants = here.plants
    result = np.zeros((wanted_kt.size, plants.owner.size))
    left = np.array(wanted_kt, dtype=np.float64)
    for j in np.argsort(-plants.stop_price_per_t[0], kind="stable").tolist():
        if plants.owner[j] != owner:
            continue
        running, unit = plants.running_kt[0, j], plants.line_kt[j]
        part = left if unit <= 0.0 else np.ceil(left / unit - 1e-9) * unit
        part = np.where(part >= running * (1.0 - 1e-9), running, part)
        result[:, j] = np.where(left > 1e-9 * wanted_kt, part, 0.0)
        left = left - result[:, j]
    return result


def clear(
    here: Stakes, withdrawn_kt: Floats, held: Flags, bought_kt: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """Clear N markets exactly: net fall of output, price rise and fall of the shared input's price, [N].

    Args:
        here: one draw.
        withdrawn_kt: [N].
        held: owners of the industry whose idle lines stay idle, [N, owners].
        bought_kt: product taken off the market, [N]: supply falls by it, output and the use of the input do not.
    """
    rows, relief = here.arrangement.market, here.arrangement.relief
    lines, owner = here.arrangement.lines, here.arrangement.line_owner
    supply = withdrawn_kt
    if bought_kt is not None and bought_kt.any():
        supply = withdrawn_kt + bought_kt
        rows, relief = np.repeat(rows, supply.size, axis=0), np.repeat(relief, supply.size, axis=0)
        relief[:, :, 0] += bought_kt[:, None]
        lines, owner = restart_lines(rows, relief, here.plants)
    at, kt, cheaper = (lines[:, :, column] for column in range(3))
    free = ~np.take_along_axis(held, np.broadcast_to(owner, (supply.size, owner.shape[1])), axis=1)
    answer = np.where(free, kt, 0.0)
    left = supply[:, None] - np.cumsum(answer, axis=1)
    fall = np.minimum(supply, np.maximum(at, left).min(axis=1, initial=np.inf))
    marginal = free & (at == fall[:, None]) & (left <= at) & (left + answer > at)
    first = np.argmax(marginal, axis=1) if marginal.shape[1] else np.zeros(supply.size, dtype=np.int64)
    below = relief_at(np.broadcast_to(relief, (supply.size, *relief.shape[1:])), fall, upper=False)
    if marginal.any():
        each = np.broadcast_to(cheaper, marginal.shape)[np.arange(supply.size), first]
        below = np.where(marginal.any(axis=1), each, below)
    return fall, rise_at(rows, fall), below
