"""Turn a meeting into what :mod:`potline.numerics.joint_cut.sweep` reads: who sits there, on which baseline."""

from __future__ import annotations

__all__ = ["EFFICIENT", "PRO_RATA", "STATED", "Alone", "Rows", "restarted", "rows_of"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.numerics.joint_cut.arrange import Arrangement
from potline.numerics.joint_cut.rise import ANNUITY

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PRO_RATA, EFFICIENT, STATED = range(3)
"""How a cut is shared: in equal shares of what each runs, the dearest tonnes of all first, or as stated."""
TIE = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alone:
    """Cuts that no owner would change alone.

    Attributes:
        cut_kt: shape (draws, owners).
        solo_cut_kt, solo_gain_m: best cut of each owner if nobody else cuts, and its gain over the term in millions;
            no column unless asked for.
        regret: largest gain a change would still bring, relative to what the owner's running capacity takes at the
            price that the cuts bring, shape (draws,).
        rounds: of best responses.
        settled: whether no change brings more than rounding; otherwise they cycle.
        total_kt, output_fall_kt, price_rise_per_t, relief_per_t: the market at these cuts, shape (draws,).
    """

    cut_kt: Floats
    solo_cut_kt: Floats
    solo_gain_m: Floats
    regret: Floats
    rounds: Integers
    settled: NDArray[np.bool_]
    total_kt: Floats
    output_fall_kt: Floats
    price_rise_per_t: Floats
    relief_per_t: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """A meeting as the sweeps read it.

    Attributes:
        rule: :data:`PRO_RATA`, :data:`EFFICIENT` or :data:`STATED`.
        market, relief, lines: of the arrangement.
        bits: members' idle lines, (draws, lines).
        pieces, first: of the attendees, what the baseline cut taken off.
        merged: all pieces in one order.
        stated, least: kt, (members,) and (draws,).
        base: cut, rise and relief of the baseline, (draws, 3).
        held: what idle lines of each attendee restart in it.
        kind: the first attendee alike in every draw in plants, idle lines, baseline and stated cut, (members,).
    """

    rule: int
    market: Floats
    relief: Floats
    lines: Floats
    bits: Integers
    pieces: Floats
    first: Integers
    merged: Integers
    stated: Floats
    least: Floats
    base: Floats
    held: Floats
    kind: Integers

    @property
    def arguments(
        self,
    ) -> tuple[int, Floats, Floats, Floats, Integers, Floats, Integers, Floats, Floats, Floats, Floats]:
        """Everything but ``merged`` and ``kind``, in the order in which the sweeps take it."""
        head = (self.rule, self.market, self.relief, self.lines, self.bits, self.pieces, self.first)
        return (*head, self.stated, self.least, self.base, self.held)


def rows_of(
    arrangement: Arrangement,
    attendees: Integers,
    least_cut_kt: Floats,
    *,
    rule: int = PRO_RATA,
    stated_cut_kt: Floats | None = None,
    baseline: Alone | None = None,
) -> Rows:
    """Return the rows of a meeting; arguments as in :func:`potline.numerics.joint_cut.deals`.

    Owners alike come one after the other in the merged order where losses tie, so that it matters nowhere which of
    them belong to a coalition.
    """
    draws, members = arrangement.draws, attendees.size
    pieces, first = _of(arrangement, attendees)
    base = np.zeros((draws, 3))
    held = np.zeros((draws, members))
    if baseline is not None:
        base[:, 0], base[:, 1], base[:, 2] = baseline.total_kt, baseline.price_rise_per_t, baseline.relief_per_t
        pieces = _remaining(pieces, first, baseline.cut_kt[:, attendees])
        held = restarted(arrangement, baseline, attendees)
    position = np.full(int(max(attendees.max(initial=0), arrangement.line_owner.max(initial=0))) + 1, -1, np.int64)
    position[attendees] = np.arange(members)
    seat = position[arrangement.line_owner]
    stated = np.zeros(members) if stated_cut_kt is None else np.ascontiguousarray(stated_cut_kt, np.float64)
    kind = _kinds(pieces, first, arrangement.lines, seat, held, stated)
    return Rows(
        rule=rule,
        market=arrangement.market,
        relief=arrangement.relief,
        lines=arrangement.lines,
        bits=np.where(seat >= 0, np.int64(1) << np.maximum(seat, 0), 0).astype(np.int64),
        pieces=pieces,
        first=first,
        merged=_merged(pieces, first, kind, base[:, 2:] * arrangement.market[:, ANNUITY, None]),
        stated=stated,
        least=np.ascontiguousarray(least_cut_kt, np.float64),
        base=base,
        held=held,
        kind=kind,
    )


def _of(arrangement: Arrangement, owners: Integers) -> tuple[Floats, Integers]:
    spans = [np.arange(int(arrangement.first[i]), int(arrangement.first[i + 1])) for i in owners.tolist()]
    first = np.concatenate([[0], np.cumsum([span.size for span in spans])]).astype(np.int64)
    return np.ascontiguousarray(arrangement.pieces[:, np.concatenate(spans)]), first


def _remaining(pieces: Floats, first: Integers, cut: Floats) -> Floats:
    """Take off what the baseline has cut already, in the owner's own order."""
    result = pieces.copy()
    for i in range(first.size - 1):
        mine = slice(first[i], first[i + 1])
        size = pieces[:, mine, 0]
        before = np.cumsum(size, axis=1) - size
        left = size - np.clip(cut[:, i, None] - before, 0.0, size)
        left = np.where(left > 1e-9 * size, left, 0.0)
        sliver = left <= 2e-6 * size  # kept on for its lump sum: from here it stops altogether or not at all
        result[:, mine, 0] = left
        result[:, mine, 4] = np.where(sliver, left, result[:, mine, 4])
    return result


def restarted(arrangement: Arrangement, baseline: Alone, owners: Integers) -> Floats:
    """Return what idle lines of some owners restart in the baseline, kt, (draws, owners).

    Lines restart in the order of the fall of output, then of the relief, at which each does; those that tie restart in
    equal shares.
    """
    at, kt, cheaper = (arrangement.lines[:, :, column] for column in range(3))
    lines = kt.shape[1]
    restarts = (baseline.total_kt - baseline.output_fall_kt)[:, None]
    new = np.ones(kt.shape, dtype=np.bool_)
    new[:, 1:] = ~(_same(at[:, 1:], at[:, :-1]) & _same(cheaper[:, 1:], cheaper[:, :-1]))
    head = np.where(new, np.arange(lines, dtype=np.int64), 0)
    head = np.maximum.accumulate(head, axis=1) if lines else head
    reached = np.take_along_axis(at, head, axis=1) <= baseline.output_fall_kt[:, None]
    ends = np.cumsum(kt, axis=1)
    before = np.take_along_axis(ends - kt, head, axis=1)
    tied = np.zeros(kt.shape)
    draw = np.arange(kt.shape[0], dtype=np.int64)
    for line in range(lines):
        tied[draw, head[:, line]] += kt[:, line]
    size = np.take_along_axis(tied, head, axis=1)
    share = np.clip((restarts - before) / np.where(size > 0.0, size, 1.0), 0.0, 1.0)
    amount = np.where(reached, share * kt, 0.0)
    return np.stack([np.where(arrangement.line_owner == i, amount, 0.0).sum(axis=1) for i in owners], axis=1)


def _same(a: Floats, b: Floats) -> NDArray[np.bool_]:
    """Return which numbers are equal but for rounding."""
    finite = np.isfinite(a) & np.isfinite(b)
    gap = np.abs(np.where(finite, a, 0.0) - np.where(finite, b, 0.0))
    return (a == b) | (finite & (gap <= TIE * np.maximum(np.abs(a), np.abs(b))))


def _kinds(pieces: Floats, first: Integers, lines: Floats, seat: Integers, held: Floats, stated: Floats) -> Integers:
    """Return the first owner like each, to the last digit; the first draw rules most of them out."""

    def alike(draws: slice, some: list[int]) -> dict[int, int]:
        seen: dict[tuple[bytes, ...], int] = {}
        kind: dict[int, int] = {}
        for i in some:
            mine = np.sort(np.where((seat[draws] == i)[:, :, None], lines[draws], np.inf), axis=1)
            parts = (pieces[draws, first[i] : first[i + 1]], mine, held[draws, i], stated[i])
            kind[i] = seen.setdefault(tuple(np.ascontiguousarray(part).tobytes() for part in parts), i)
        return kind

    everyone = list(range(stated.size))
    once = alike(slice(0, 1), everyone)
    several = [i for i in everyone if list(once.values()).count(once[i]) > 1]
    kind = once | alike(slice(None), several)
    return np.array([kind[i] for i in everyone], dtype=np.int64)


def _merged(pieces: Floats, first: Integers, kind: Integers, relief_forgone: Floats) -> Integers:
    """Order all pieces as a merge of the owners' orders would, the smallest loss at the head of any owner first.

    Within an owner the order is kept: a piece comes no earlier than the dearest before it.
    """
    key = np.where(pieces[:, :, 0] > 0.0, pieces[:, :, 1] + relief_forgone * pieces[:, :, 3], -np.inf)
    for i in range(first.size - 1):
        mine = slice(first[i], first[i + 1])
        key[:, mine] = np.maximum.accumulate(key[:, mine], axis=1)
    block = np.broadcast_to(np.repeat(kind, np.diff(first)), key.shape)
    return np.ascontiguousarray(np.lexsort((block, key), axis=1)).astype(np.int64)
