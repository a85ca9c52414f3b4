"""Owners, their plants, and the paths along which a group shares a total cut (model, section 6).

An owner idles its plants in one order, the highest avoidable cost first, whole potlines where they are listed, and
loses a lump sum with the last tonne of a plant. A group shares a total X along a path of blocks: members take parts of
a block in proportion to their tonnes in it, one block after the other.

    pro_rata    one block: the running capacity of each member
    efficient   the merge of the members' orders by loss, smallest head first; heads that tie are one block
    stated      one block in the stated proportions, as far as nobody is asked for more than it runs
"""

from __future__ import annotations

__all__ = ["Cut", "Path", "Plant", "edges_of", "first_of", "idle", "in_order", "path_of", "remaining"]

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

TIE = 1e-10
CLOSE = 1e-12
KEPT_ON = 1e-6  # of a plant that goes on only for its lump sum


@dataclass(frozen=True, kw_only=True)
class Plant:
    """One plant that runs.

    Attributes:
        owner: whose. running_kt: what runs. loss_per_t: over the term, of a tonne idled while the plant goes on.
        lump: what is lost with its last tonne on top, kt times money/t. stop_per_t: highest is idled first.
        use: of the shared input bought, per t. line_kt: size of a potline, 0 where any amount can be idled.
    """

    owner: int
    running_kt: float
    loss_per_t: float
    lump: float = 0.0
    stop_per_t: float = 0.0
    use: float = 0.0
    line_kt: float = 0.0


@dataclass(frozen=True)
class Cut:
    """What an owner idles: tonnes, loss over the term (kt times money/t), use of the shared input."""

    kt: float = 0.0
    loss: float = 0.0
    use: float = 0.0


def in_order(plants: Sequence[Plant], owner: int) -> list[Plant]:
    """Return an owner's plants in the order in which it idles them; ties stay in the order of the plants."""
    return sorted((p for p in plants if p.owner == owner and p.running_kt > 0.0), key=lambda p: -p.stop_per_t)


def idle(plants: Sequence[Plant], asked: float) -> Cut:
    """Idle ``asked`` tonnes of plants that are in order; whole potlines, so possibly more."""
    kt = loss = use = 0.0
    for plant in plants:
        part = asked - kt
        if part <= CLOSE * asked:
            break
        if plant.line_kt > 0.0:
            part = math.ceil(part / plant.line_kt - CLOSE) * plant.line_kt
        if part >= plant.running_kt * (1.0 - CLOSE):
            part = plant.running_kt
            loss += plant.lump
        kt += part
        loss += part * plant.loss_per_t
        use += part * plant.use
    return Cut(kt, loss, use)


def remaining(plants: Sequence[Plant], cut: float) -> list[Plant]:
    """Return what still runs once ``cut`` tonnes of plants that are in order are idled."""
    result: list[Plant] = []
    for plant in plants:
        part = min(plant.running_kt, max(0.0, cut))
        cut -= part
        if plant.running_kt - part > 1e-9 * plant.running_kt:
            result.append(replace(plant, running_kt=plant.running_kt - part))
    return result


def first_of(plants: Sequence[Plant], kt: float) -> list[Plant]:
    """Return the first ``kt`` tonnes of plants that are in order."""
    result: list[Plant] = []
    for plant in plants:
        part = min(plant.running_kt, max(0.0, kt))
        kt -= part
        if part > 0.0:
            result.append(plant if part == plant.running_kt else replace(plant, running_kt=part))
    return result


def edges_of(plants: Sequence[Plant]) -> list[float]:
    """Return the tonnages at which an owner's cut jumps or bends: plants, potlines, and just short of a lump sum."""
    result: list[float] = []
    start = 0.0
    for plant in plants:
        if plant.line_kt > 0.0:
            count = math.ceil(plant.running_kt / plant.line_kt - CLOSE)
            result += [start + k * plant.line_kt for k in range(1, count)]
        elif plant.lump > 0.0:
            result.append(start + plant.running_kt * (1.0 - KEPT_ON))
        start += plant.running_kt
        result.append(start)
    return result


@dataclass(frozen=True)
class Path:
    """Blocks of tonnes by member, shared one after the other."""

    blocks: tuple[Mapping[int, float], ...]

    @property
    def total(self) -> float:
        """Return the tonnes of the whole path."""
        return sum(sum(block.values()) for block in self.blocks)

    def asked(self, total: float) -> dict[int, float]:
        """Return what each member is asked for at a total."""
        result: dict[int, float] = {}
        left = total
        for block in self.blocks:
            size = sum(block.values())
            part = 1.0 if left >= size * (1.0 - CLOSE) else max(0.0, left) / size
            for i, kt in block.items():
                result[i] = result.get(i, 0.0) + part * kt
            left -= size
        return result

    def totals_at(self, member: int, asked: float) -> list[float]:
        """Return the totals at which a member is asked for so much: one, or both ends of the stretch where it is."""
        result: list[float] = []
        before = total = 0.0
        for block in self.blocks:
            size, mine = sum(block.values()), block.get(member, 0.0)
            if mine > 0.0 and before - CLOSE * asked <= asked <= (before + mine) * (1.0 + CLOSE):
                result.append(total + size * min(1.0, max(0.0, (asked - before) / mine)))
            before, total = before + mine, total + size
        return result

    def ends(self) -> list[float]:
        """Return the totals at which a block ends."""
        result: list[float] = []
        for block in self.blocks:
            result.append((result[-1] if result else 0.0) + sum(block.values()))
        return result


def path_of(
    rule: str,
    plants: Mapping[int, Sequence[Plant]],
    stated: Mapping[int, float],
    *,
    relief_forgone: float = 0.0,
    scale: float = 0.0,
) -> Path:
    """Return how a group shares a total.

    Args:
        rule: pro_rata, efficient or stated. plants: of each member, in the order in which it idles them.
        stated: cut of each member, for the rule ``stated``.
        relief_forgone: money per unit of the shared input that a tonne idled gives up in the baseline, over the term.
        scale: a price; losses that differ by less than 1e-10 of it tie.
    """
    size = {i: sum(p.running_kt for p in mine) for i, mine in plants.items()}
    if rule == "pro_rata":
        return Path((size,))
    if rule == "stated":
        asked = {i: min(stated.get(i, 0.0), size[i]) for i in plants}
        factor = min((size[i] / kt for i, kt in asked.items() if kt > 0.0), default=0.0)
        return Path(({i: kt * factor for i, kt in asked.items()},))
    if rule != "efficient":
        raise ValueError(f"rule {rule!r}: needed pro_rata, efficient or stated")
    heads = {i: [(p.loss_per_t + relief_forgone * p.use, p.running_kt) for p in mine] for i, mine in plants.items()}
    blocks: list[dict[int, float]] = []
    while any(heads.values()):
        least = min(queue[0][0] for queue in heads.values() if queue)
        block: dict[int, float] = {}
        for i, queue in heads.items():
            while queue and abs(queue[0][0] - least) <= TIE * max(abs(queue[0][0]), abs(least), scale):
                block[i] = block.get(i, 0.0) + queue.pop(0)[1]
        blocks.append(block)
    return Path(tuple(blocks))
