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
    """What n owners idle, [n, N]: tonnes, loss over the term (thousand), use of the shared input, money paid a year."""

    kt: Floats
    loss: Floats
    use: Floats
    paid: Floats

    def at(self, column: int | list[int]) -> Idled:
        """Return what they idle at one of the tonnages, [n], or at several, a row each, [.., n]."""
        return Idled(*(values[:, column].T for values in (self.kt, self.loss, self.use, self.paid)))


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


def idled(facts: Facts, owners: Integers, wanted: Floats, paid_per_t: Floats | None = None) -> Idled:
    """Idle tonnages of owners' plants: the dearest first, whole lines, the lump sum lost with the last.

    Args:
        facts: the meeting.
        owners: whose plants, [n].
        wanted: kt, [n, N].
        paid_per_t: for it, by plant, [J].
    """
    dearest = np.argsort(-facts.stop, kind="stable")
    plants = [dearest[facts.owner[dearest] == owner] for owner in owners]
    many = sorted(range(owners.size), key=lambda i: -plants[i].size)  # who has more plants comes first
    asked = wanted[many]
    total, loss, use, paid = (np.zeros(wanted.shape) for _ in range(4))
    for rank in range(plants[many[0]].size if many else 0):
        j = np.array([plants[i][rank] for i in many if plants[i].size > rank])
        rows = slice(0, j.size)
        part = _part(asked[rows] - total[rows], facts.running[j][:, None], facts.line_size[j][:, None], asked[rows])
        whole = (part >= facts.running[j][:, None]) & (part > 0.0)
        total[rows] += part
        loss[rows] += part * np.where(whole, facts.whole[j][:, None], facts.part[j][:, None])
        use[rows] += part * facts.use[j][:, None]
        if paid_per_t is not None:
            paid[rows] += part * paid_per_t[j][:, None]
    back = np.argsort(many)
    return Idled(total[back], loss[back], use[back], paid[back])


def by_plant(facts: Facts, owner: int, wanted: float) -> Floats:
    """Return what one owner idles of each plant, [J]."""
    return by_plant_at(facts, owner, np.array([wanted]))[0]


def by_plant_at(facts: Facts, owner: int, wanted: Floats) -> Floats:
    """Return what one owner idles of each plant at tonnages [N], [N, J]."""
    found, left = np.zeros((wanted.size, facts.owner.size)), wanted
    mine = np.flatnonzero(facts.owner == owner)
    for j in mine[np.argsort(-facts.stop[mine], kind="stable")].tolist():
        found[:, j] = _part(left, facts.running[j], facts.line_size[j], wanted)
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


def _part(left: Floats, running: Floats, line: Floats, wanted: Floats) -> Floats:
    """Return what is idled of a plant when so much is left to idle."""
    part = np.maximum(left, 0.0)
    if (line > 0.0).any():
        size = np.where(line > 0.0, line, 1.0)
        part = np.where(line > 0.0, np.ceil(part / size - _WHOLE) * size, part)
    part = np.where(part >= running * (1.0 - _WHOLE), running, part)
    return np.where(left > _WHOLE * wanted, part, 0.0)
