"""What owners idle and what that costs them, plant by plant, for many tonnages at once."""

from __future__ import annotations

__all__ = ["KEPT_ON", "Idled", "Pieces", "by_plant", "by_plant_at", "idled", "pieces_of"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.checks.facts import Facts

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_WHOLE = 1e-9
KEPT_ON = 1e-6  # of a plant that goes on only for its lump sum


@dataclass(frozen=True, slots=True, eq=False)
class Idled:
    """What is idled, [N]: tonnes, loss over the term (thousand), use of the shared input, money paid for it a year."""

    kt: Floats
    loss: Floats
    use: Floats
    paid: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Plants in the order in which they are idled, what the baseline idles taken off; [P] each.

    Attributes:
        plant, owner: which, and whose.
        kt: still runs.
        line: size of a line, 0 for none; of a plant that is kept on with next to nothing: all of it.
        loss, jump: a tonne, and once it is whole.
        use: of the shared input.
    """

    plant: Integers
    owner: Integers
    kt: Floats
    line: Floats
    loss: Floats
    jump: Floats
    use: Floats


def idled(facts: Facts, owner: int, wanted: Floats, paid_per_t: Floats | None = None) -> Idled:
    """Idle tonnages [N] of one owner's plants: the dearest first, whole lines, the lump sum lost with the last."""
    total, loss, use, paid = (np.zeros(wanted.size) for _ in range(4))
    mine = np.flatnonzero(facts.owner == owner)
    for j in mine[np.argsort(-facts.stop[mine], kind="stable")].tolist():
        part = _part(wanted - total, float(facts.running[j]), float(facts.line_size[j]), wanted)
        whole = (part >= facts.running[j]) & (part > 0.0)
        total += part
        loss += part * np.where(whole, facts.whole[j], facts.part[j])
        use += part * facts.use[j]
        if paid_per_t is not None:
            paid += part * paid_per_t[j]
    return Idled(total, loss, use, paid)


def by_plant(facts: Facts, owner: int, wanted: float) -> Floats:
    """Return what one owner idles of each plant, [J]."""
    return by_plant_at(facts, owner, np.array([wanted]))[0]


def by_plant_at(facts: Facts, owner: int, wanted: Floats) -> Floats:
    """Return what one owner idles of each plant at tonnages [N], [N, J]."""
    found, left = np.zeros((wanted.size, facts.owner.size)), wanted
    mine = np.flatnonzero(facts.owner == owner)
    for j in mine[np.argsort(-facts.stop[mine], kind="stable")].tolist():
        found[:, j] = _part(left, float(facts.running[j]), float(facts.line_size[j]), wanted)
        left = left - found[:, j]
    return found


def pieces_of(facts: Facts, owners: Integers, before: Floats, relief: float, *, merged: bool = True) -> Pieces:
    """Return the plants of some owners in one order, the least loss at the head of any owner first.

    Args:
        before: what each owner of the industry idles in the baseline, [O].
        relief: of the baseline: it is forgone too.
        merged: or one owner after the other.
    """
    rows: list[tuple[float, int, int, int, int, float, float]] = []
    kinds: dict[tuple[object, ...], int] = {}
    for place, i in enumerate(owners.tolist()):
        mine = np.flatnonzero(facts.owner == i)
        mine = mine[np.argsort(-facts.stop[mine], kind="stable")]
        gone, key = float(before[i]), -np.inf
        found: list[tuple[float, int, float, float]] = []
        for j in mine.tolist():
            runs = float(facts.running[j])
            left = runs - min(gone, runs)
            gone -= runs - left
            left = left if left > _WHOLE * runs else 0.0
            line = left if 0.0 < left <= 2.0 * KEPT_ON * runs else float(facts.line_size[j])
            if left > 0.0:
                key = max(key, float(facts.part[j] + facts.annuity * relief * facts.use[j]))
            found.append((key, j, left, line))
        lines = np.flatnonzero((facts.owner == i) & (facts.idle > 0.0))
        alike = (
            tuple((left, line, *_numbers(facts, j)) for _, j, left, line in found),
            tuple(sorted((float(facts.idle[j]), float(facts.restart[j]), float(facts.use[j])) for j in lines)),
            float(facts.stated[facts.seat == i].sum()),
        )
        kind = kinds.setdefault(alike, place)
        rows += [(key, kind, place, n, j, left, line) for n, (key, j, left, line) in enumerate(found)]
    if merged:
        rows.sort()
    plant = np.array([row[4] for row in rows], dtype=np.int64)
    kt = np.array([row[5] for row in rows])
    return Pieces(
        plant=plant,
        owner=facts.owner[plant],
        kt=kt,
        line=np.array([row[6] for row in rows]),
        loss=facts.part[plant],
        jump=np.where(kt > 0.0, facts.running[plant] * (facts.whole[plant] - facts.part[plant]), 0.0),
        use=facts.use[plant],
    )


def _numbers(facts: Facts, plant: int) -> tuple[float, float, float]:
    return float(facts.part[plant]), float(facts.whole[plant]), float(facts.use[plant])


def _part(left: Floats, running: float, line: float, wanted: Floats) -> Floats:
    """Return what is idled of a plant when so much is left to idle."""
    part = np.maximum(left, 0.0)
    if line > 0.0:
        part = np.ceil(part / line - _WHOLE) * line
    part = np.where(part >= running * (1.0 - _WHOLE), running, part)
    return np.where(left > _WHOLE * wanted, part, 0.0)
