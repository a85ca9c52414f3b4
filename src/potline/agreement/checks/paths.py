r"""How a coalition shares a total, for a checker, and the total that brings its members most.

Members take parts of blocks, one block after the other: what each runs; what each stated; or, where the rule is
efficient, the plants whose loss is the least at the head of any member's order, those that tie together. The gain of
the members together is evaluated by :mod:`potline.agreement.checks.evaluation` for any total.
"""

from __future__ import annotations

__all__ = ["Paths", "Tops", "liked"]

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from potline.agreement.checks.alone import Base
from potline.agreement.checks.best import roots_of
from potline.agreement.checks.evaluation import Table, evaluated
from potline.agreement.checks.facts import Facts
from potline.agreement.checks.market import Lines, headroom_fall, on_stretch
from potline.agreement.checks.owners import KEPT_ON, idled, pieces_of
from potline.choices import Rule

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_TIE, _TOGETHER = 1e-10, 1e-9
_SIDE, _PARTS = 1e-9, 16


@dataclass(frozen=True, slots=True, eq=False)
class Tops:
    """Totals at which a coalition's gain may be largest, ascending from 0, and the gain there, million a year."""

    total: Floats
    gain: Floats


class Paths:
    """The coalitions of a meeting on one baseline, and what each asks of its members."""

    def __init__(self, facts: Facts, lines: Lines, base: Base) -> None:
        self.facts, self.lines, self.base = facts, lines, base
        self.left: Floats = (facts.size - base.cut)[facts.seat]
        self.able: Flags = self.left > 1e-9 * max(float(self.left.sum()), 1e-300)
        self.left = np.where(self.able, self.left, 0.0)
        self.pieces = pieces_of(facts, facts.seat, base.cut, base.relief, merged=False)
        self.blocks: dict[int, tuple[Floats, Floats]] = {}
        self.laid: dict[bytes, tuple[Integers, Floats, Floats, Integers]] = {}

    def members(self, mask: int) -> list[int]:
        """Return the seats in a coalition."""
        return [k for k in range(self.left.size) if mask >> k & 1]

    def path(self, mask: int) -> tuple[Floats, Floats]:
        """Return totals at the ends of blocks, from 0, [B + 1], and what each seat is asked for there, [B + 1, n]."""
        if mask not in self.blocks:
            rows = [np.zeros(self.left.size), *self._rows(mask)]
            self.blocks[mask] = np.array([row.sum() for row in rows]), np.array(rows)
        return self.blocks[mask]

    def _rows(self, mask: int) -> list[Floats]:
        inside = np.array([mask >> k & 1 == 1 for k in range(self.left.size)])
        if self.facts.rule == Rule.PRO_RATA:
            return [np.where(inside, self.left, 0.0)]
        if self.facts.rule == Rule.STATED:
            said = np.where(inside, np.minimum(self.facts.stated, self.left), 0.0)
            some = said > 0.0
            return [said * float((self.left[some] / said[some]).min(initial=np.inf)) if some.any() else said]
        pieces, annuity = self.pieces, self.facts.annuity
        keys = pieces.loss + annuity * self.base.relief * pieces.use
        queue = {
            k: [j for j in range(keys.size) if pieces.owner[j] == self.facts.seat[k] and pieces.kt[j] > 0.0]
            for k in self.members(mask)
        }
        row, rows = np.zeros(self.left.size), list[Floats]()
        while any(queue.values()):
            least = min(float(keys[mine[0]]) for mine in queue.values() if mine)
            for k, mine in queue.items():
                while mine and abs(keys[mine[0]] - least) <= _TIE * max(
                    abs(keys[mine[0]]), abs(least), self.facts.price
                ):
                    row = row + np.where(np.arange(row.size) == k, pieces.kt[mine.pop(0)], 0.0)
            rows.append(row)
        return rows

    def asked(self, mask: int, totals: Floats) -> Floats:
        """Return what each seat is asked for at totals, on the line between the ends of their block, [C, n]."""
        return self.asked_each(np.array([mask]), np.zeros(totals.size, dtype=np.int64), totals)

    def asked_each(self, masks: Integers, place: Integers, totals: Floats) -> Floats:
        """Return the same for coalitions that stand at places among some."""
        _, ends, rows, last = self._laid(masks)
        low, high = np.zeros(totals.size), ends[place, last[place]]
        inner = np.clip(totals, low, high)
        block = np.minimum((ends[place] <= inner[:, None]).sum(axis=1) - 1, np.maximum(last[place] - 1, 0))
        begin, end = ends[place, block], ends[place, np.minimum(block + 1, last[place])]
        here, then = rows[place, block], rows[place, np.minimum(block + 1, last[place])]
        wide = np.where(end > begin, end - begin, 1.0)[:, None]
        between = (then - here) / wide * (inner - begin)[:, None] + here
        return np.where((inner >= high)[:, None], rows[place, last[place]], between)

    def _laid(self, masks: Integers) -> tuple[Integers, Floats, Floats, Integers]:
        """Return coalitions, ends of their blocks (inf beyond), what seats are asked for there, and the last end."""
        key = masks.tobytes()
        if key not in self.laid:
            paths = [self.path(mask) for mask in masks.tolist()]
            last = np.array([ends.size - 1 for ends, _ in paths], dtype=np.int64)
            ends = np.full((masks.size, int(last.max(initial=0)) + 1), np.inf)
            rows = np.zeros((*ends.shape, self.left.size))
            for k, (mine, each) in enumerate(paths):
                ends[k, : mine.size], rows[k, : mine.size] = mine, each
            self.laid[key] = masks, ends, rows, last
        return self.laid[key]

    def reach(self, masks: Integers) -> Floats:
        """Return the largest tonnage each coalition can be asked for."""
        promised = np.minimum(self.facts.stated, self.left) if self.facts.rule == Rule.STATED else self.left
        inside = ((masks[:, None] >> np.arange(self.left.size)) & 1).astype(np.float64)
        return inside @ promised

    def evaluated(self, masks: Integers, plan: Floats, *, leaving: bool = False) -> Table:
        """Evaluate coalitions at what their members are asked for."""
        place, whole = np.arange(masks.size, dtype=np.int64), np.ones(masks.size, dtype=np.bool_)
        return evaluated(
            self.facts, self.lines, self.base, masks, every=masks, place=place, plan=plan, reached=whole,
            respread=leaving, leaving=leaving,
        )  # fmt: skip

    def gain(self, masks: Integers, totals: Floats) -> Floats:
        """Return what members of coalitions gain together at totals, million a year, [C] each."""
        found = self.evaluated(masks, self._plan(masks, totals))
        return np.where(found.inside, found.gain, 0.0).sum(axis=1)

    def deal(self, masks: Integers, tonnage: float, tops: dict[int, Tops]) -> Table:
        """Evaluate deals of K tonnes; all that a coalition becomes when one leaves must be among them."""
        every = self._with_smaller(masks)
        place = np.flatnonzero(self.reach(every) >= tonnage * (1.0 - 1e-12))
        listed, totals = every[place], np.full(place.size, tonnage)
        if self.facts.rule == Rule.STATED:
            totals = self.reach(listed)
        elif self.facts.rule == Rule.EFFICIENT:
            totals = np.array([self._total(mask, tonnage, tops[mask]) for mask in listed.tolist()])
        found = self.evaluated(listed, self.asked_each(every, place, totals), leaving=True)
        rows = np.searchsorted(listed, masks)
        fields = {name: getattr(found, name)[rows] for name in Table.__slots__}
        return Table(**fields)

    def agreed(self, masks: Integers, tonnage: float) -> Floats:
        """Return what each seat idles in deals of K tonnes at the total that members like best, [C, n]."""
        tops = self.tops(masks)
        totals = np.array([self._total(mask, tonnage, tops[mask]) for mask in masks.tolist()])
        return self.asked_each(masks, np.arange(masks.size), totals)

    def _with_smaller(self, masks: Integers) -> Integers:
        """Return coalitions and all of two or more that they become when one leaves, in order."""
        smaller = masks[:, None] & ~(np.int64(1) << np.arange(self.left.size))
        every = np.unique(np.append(masks, smaller))
        return every[np.bitwise_count(every) > 1]

    def _total(self, mask: int, tonnage: float, tops: Tops) -> float:
        beyond = np.flatnonzero(tops.total > tonnage)
        if beyond.size == 0:
            return tonnage
        best = beyond[int(np.argmax(tops.gain[beyond]))]
        here = float(self.gain(np.array([mask]), np.array([tonnage]))[0])
        close = 1e-14 * self.facts.scale_m
        return float(tops.total[best]) if tops.gain[best] > here + close else tonnage

    def tops(self, masks: Integers) -> dict[int, Tops]:
        """Return where each coalition's gain may be largest: kinks, just above each, and where it turns between two."""
        kinks = self._kinks(masks)
        row = np.repeat(masks, [max(kinks[mask].size - 1, 0) for mask in masks.tolist()])
        none = np.zeros(0)
        low = np.concatenate([none, *(kinks[mask][:-1] for mask in masks.tolist())])
        high = np.concatenate([none, *(kinks[mask][1:] for mask in masks.tolist())])
        above = low + KEPT_ON * (high - low)
        slope = self._slope(row, low, high)
        parts = _PARTS if self.facts.isoelastic else 1
        every = np.arange(row.size)
        turns, whose = none, np.zeros(0, dtype=np.int64)
        for part in range(parts):
            width = (high - low) * ((1.0 - 2.0 * _SIDE) / parts)
            a = low + _SIDE * (high - low) + part * width
            which = np.flatnonzero((slope(a, every) > 0.0) & (slope(a + width, every) < 0.0))
            found = roots_of(lambda x, which=which: slope(x, which), a[which], (a + width)[which])
            turns, whose = np.append(turns, found), np.append(whose, row[which])
        totals = {
            mask: np.unique(np.concatenate([kinks[mask], turns[whose == mask], above[row == mask]]))
            for mask in masks.tolist()
        }
        count = np.array([totals[mask].size for mask in masks.tolist()], dtype=np.int64)
        gain = self.gain(np.repeat(masks, count), np.concatenate([none, *totals.values()]))
        last = count.cumsum()
        return {
            mask: Tops(totals[mask], gain[end - many : end])
            for mask, many, end in zip(masks.tolist(), count.tolist(), last.tolist(), strict=True)
        }

    def _slope(self, masks: Integers, low: Floats, high: Floats) -> Callable[[Floats, Integers], Floats]:
        """Return the slope of what members gain, thousand a tonne, on stretches between kinks, at totals on some.

        There all but the price is a straight line in the total, read off at two places.
        """
        facts, width = self.facts, high - low
        at, to = (self._stand(masks, low + part * width) for part in (0.25, 0.75))
        climb = (to - at) / np.where(width > 0.0, 0.5 * width, 1.0)

        def slope(x: Floats, which: Integers) -> Floats:
            made, bought, fall, relief, _ = at[:, which] + climb[:, which] * (x - (low + 0.25 * width)[which])
            by_made, by_bought, by_fall, by_relief, by_loss = climb[:, which]
            rise, growth = on_stretch(facts, fall, 0.5 * (at[2] + to[2])[which])
            gained = made * growth * by_fall + by_made * rise + bought * by_relief + by_bought * relief
            return facts.annuity * gained - by_loss

        return slope

    def _stand(self, masks: Integers, totals: Floats) -> Floats:
        """Return what members make, buy of the input, the fall of output, the relief and members' loss, [5, C]."""
        facts, plan = self.facts, self._plan(masks, totals)
        found = self.evaluated(masks, plan)
        done = idled(facts, facts.seat, (self.base.cut[facts.seat] + plan).T)
        each = facts.size[facts.seat] - done.kt.T, facts.bought_kt[facts.seat] - done.use.T, done.loss.T
        made, bought, loss = (np.where(found.inside, one, 0.0).sum(axis=1) for one in each)
        return np.stack([made, bought, found.fall, found.relief, loss])

    def _plan(self, masks: Integers, totals: Floats) -> Floats:
        distinct, place = np.unique(masks, return_inverse=True)
        return self.asked_each(distinct, place.ravel(), totals)

    def _kinks(self, masks: Integers) -> dict[int, Floats]:
        """Return the totals at which a cut or the market bends or jumps, from 0, for each coalition."""
        found = {mask: self._edges(mask) for mask in masks.tolist()}
        several = [mask for mask, edges in found.items() if edges.size > 1]
        if not several:
            return found
        width = [np.diff(found[mask]) for mask in several]
        every = np.repeat(np.array(several, dtype=np.int64), [part.size for part in width])
        ends = np.array([part.size for part in width], dtype=np.int64).cumsum()[:-1]
        at, to = (
            np.split(
                self._withdrawn(every, [found[m][:-1] + part * w for m, w in zip(several, width, strict=True)]), ends
            )
            for part in (0.25, 0.75)
        )
        for mask, low, high, wide in zip(several, at, to, width, strict=True):
            edges, moves = found[mask], np.where(high > low, high - low, 1.0)[:, None]
            place = 0.25 + 0.5 * (self._bends(mask)[None, :] - low[:, None]) / moves
            place = np.where((high > low)[:, None] & (place > 0.0) & (place < 1.0), place, 0.0)
            kinks = np.unique((edges[:-1, None] + place * wide[:, None]).ravel())
            kinks = np.unique(np.append(kinks, edges))
            found[mask] = kinks[np.append(True, np.diff(kinks) > 1e-12 * float(self.path(mask)[0][-1]))]
        return found

    def _edges(self, mask: int) -> Floats:
        """Return the totals at which a block or a plant begins or ends, from 0."""
        ends, rows = self.path(mask)
        top = float(ends[-1])
        found = {0.0, *ends.tolist()}
        for k in self.members(mask):
            begin = 0.0
            for j in np.flatnonzero((self.pieces.owner == self.facts.seat[k]) & (self.pieces.kt > 0.0)).tolist():
                kt, line = float(self.pieces.kt[j]), float(self.pieces.line[j])
                inner = np.arange(line, kt, line) if line > 0.0 else np.array([kt * (1.0 - KEPT_ON)])
                for edge in begin + np.append(inner, kt):
                    for b, (here, then) in enumerate(pairwise(rows[:, k].tolist())):
                        if here < then and here <= edge * (1.0 + 1e-12) and edge <= then * (1.0 + 1e-12):
                            part = min(max((edge - here) / (then - here), 0.0), 1.0)
                            found.add(float(ends[b] + (ends[b + 1] - ends[b]) * part))
                begin += kt
        edges = np.array(sorted(x for x in found if x <= top * (1.0 + 1e-12)))
        return edges[np.append(True, np.diff(edges) > 1e-12 * max(top, 1e-300))]

    def _withdrawn(self, masks: Integers, totals: list[Floats]) -> Floats:
        """Return what coalitions withdraw at totals; ``masks`` holds each once for each of its totals, together."""
        if masks.size == 0:
            return np.zeros(0)
        plan = [self.asked(mask, each) for mask, each in zip(dict.fromkeys(masks.tolist()), totals, strict=True)]
        found = self.evaluated(masks, np.concatenate(plan))
        kept = np.where(found.inside, self.base.kept[self.facts.seat], 0.0).sum(axis=1)
        return self.base.total - kept + found.cut.sum(axis=1)

    def _bends(self, mask: int) -> Floats:
        """Return what is withdrawn where an idle line starts or ends to restart, and at kinks of the market."""
        at, kt, owner = self.lines.at[0], self.lines.kt[0], self.lines.owner[0]
        free = np.isfinite(at) & ~np.isin(owner, self.facts.seat[self.members(mask)])
        falls = [*self.facts.steps.tolist(), float(headroom_fall(self.facts)), self.facts.quantity]
        gross = [q + float(kt[free & (at < q)].sum()) for q in [*falls, *at[free].tolist()] if np.isfinite(q)]
        after = np.where(free, kt, 0.0).cumsum()
        return np.unique(np.concatenate([gross, (at + after)[free], (at + after - np.where(free, kt, 0.0))[free]]))


def liked(paths: Paths, tops: dict[int, Tops], masks: Integers) -> Floats:
    """Return what seats gain, million a year, where each coalition takes the total it likes best, [C, n]."""
    totals: list[float] = []
    for mask in masks.tolist():
        top = tops[mask]
        close = 1e-14 * paths.facts.scale_m
        totals.append(float(top.total[int(np.argmax(top.gain >= top.gain.max() - close))]))
    best = np.array(totals)
    gain = paths.evaluated(masks, paths.asked_each(masks, np.arange(masks.size), best)).gain
    return np.where(best[:, None] > 0.0, gain, 0.0)
