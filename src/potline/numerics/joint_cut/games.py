"""Arrange a meeting for :mod:`potline.numerics.joint_cut.bounds`: pieces, with what precedes them, and lines."""

from __future__ import annotations

__all__ = ["CLOSE", "EFFICIENT", "PRO_RATA", "STATED", "Games", "games_of", "in_lines"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.numerics.joint_cut.rows import EFFICIENT, PRO_RATA, STATED, Rows
from potline.numerics.joint_cut.stay import all_blocks

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Games:
    """What the bounds read of G meetings of n owners, with J pieces (each owner's, then an empty one) and L lines.

    Attributes:
        rule: 0 pro rata, 1 efficient, 2 stated.
        market, relief, least, base, held: as the sweep reads them.
        line_at, line_kt: fall at which each line restarts and its size, [G, L].
        line_owner: [G, L], n for outsiders.
        owner: of each piece, [J].
        first: first piece of each owner, [n].
        start, kt, loss, use, line_size: of each piece, [G, J].
        loss_before, use_before: of the pieces before it, jumps included.
        place: the block of the path of all owners in which each piece is idled, pieces that tie in one, [G, J].
        head: who alone has tonnes in each block, -1 where several do, [G, places].
        running, using: [G, n].
        promised, stated: what is stated, and what idling it comes to, [G, n].
    """

    rule: int
    market: Floats
    relief: Floats
    least: Floats
    base: Floats
    held: Floats
    line_at: Floats
    line_kt: Floats
    line_owner: Integers
    owner: Integers
    first: Integers
    start: Floats
    kt: Floats
    loss: Floats
    use: Floats
    line_size: Floats
    loss_before: Floats
    use_before: Floats
    place: Floats
    head: Integers
    running: Floats
    using: Floats
    promised: Floats
    stated: Floats

    @property
    def quiet(self) -> NDArray[np.bool_]:
        """Owners that run nothing and so have nothing to sign, [G, n]."""
        return self.running <= CLOSE * self.running.sum(axis=1, keepdims=True)


def games_of(read: Rows) -> Games:
    """Arrange what the sweep reads for the bounds."""
    market, pieces, first, stated, lines, bits = (
        read.market, read.pieces, read.first, read.stated, read.lines, read.bits,
    )  # fmt: skip
    games, n = market.shape[0], first.size - 1
    line_owner = np.where(bits > 0, np.round(np.log2(np.maximum(bits, 1))).astype(np.int64), n)
    columns: dict[str, list[Floats]] = {k: [] for k in ("start", "kt", "loss", "use", "line_size", "lb", "ub", "place")}
    owner: list[int] = []
    place, head = _places(read)
    running, using = np.zeros((games, n)), np.zeros((games, n))
    promised, wanted = np.zeros((games, n)), np.zeros((games, n))
    zero = np.zeros((games, 1))
    for i in range(n):
        mine = slice(int(first[i]), int(first[i + 1]))
        kt, per_t, jump, use, unit = (pieces[:, mine, c] for c in range(5))
        ends = np.cumsum(kt, axis=1)
        lost = np.cumsum(kt * per_t + np.where(kt > 0.0, jump, 0.0), axis=1)
        used = np.cumsum(kt * use, axis=1)
        running[:, i], using[:, i] = kt.sum(axis=1), (kt * use).sum(axis=1)
        parts = (
            np.concatenate([zero, ends], axis=1),
            *(np.concatenate([values, zero], axis=1) for values in (kt, per_t, use, unit)),
            np.concatenate([zero, lost], axis=1),
            np.concatenate([zero, used], axis=1),
            np.concatenate([place[:, mine], zero + np.inf], axis=1),
        )
        for values, part in zip(columns.values(), parts, strict=True):
            values.append(part)
        owner += [i] * (kt.shape[1] + 1)
        promised[:, i] = np.minimum(stated[i], running[:, i])
        amount = np.clip(promised[:, i, None] - (ends - kt), 0.0, kt)
        wanted[:, i] = in_lines(amount, kt, unit).sum(axis=1)
    joined = {name: np.concatenate(values, axis=1) for name, values in columns.items()}
    return Games(
        rule=read.rule,
        market=market,
        relief=read.relief,
        least=read.least,
        base=read.base,
        held=read.held,
        line_at=np.ascontiguousarray(lines[:, :, 0]),
        line_kt=np.ascontiguousarray(lines[:, :, 1]),
        line_owner=line_owner,
        owner=np.array(owner),
        first=np.searchsorted(np.array(owner), np.arange(n)),
        loss_before=joined["lb"],
        use_before=joined["ub"],
        **{name: joined[name] for name in ("start", "kt", "loss", "use", "line_size", "place")},
        head=head,
        running=running,
        using=using,
        promised=promised,
        stated=wanted,
    )


def _places(read: Rows) -> tuple[Floats, Integers]:
    """Return the block of each piece of the path of all owners, and who alone has tonnes in each block."""
    pieces, first, n = read.pieces, read.first, read.first.size - 1
    place, head = np.zeros(pieces.shape[:2]), np.full((pieces.shape[0], max(1, pieces.shape[1])), -1, dtype=np.int64)
    if read.rule != EFFICIENT:
        return place, head
    cum, count = all_blocks(read.market, read.relief, read.lines, read.bits, pieces, first, read.base, read.held)
    for g in range(pieces.shape[0]):
        ends = cum[g, : count[g] + 1]
        wide = np.diff(ends, axis=0) > 0.0
        head[g, : count[g]] = np.where(wide.sum(axis=1) == 1, wide.argmax(axis=1), -1)
        for i in range(n):
            mine = slice(int(first[i]), int(first[i + 1]))
            middle = np.cumsum(pieces[g, mine, 0]) - 0.5 * pieces[g, mine, 0]
            place[g, mine] = np.maximum(np.searchsorted(ends[:, i], middle) - 1, 0)
    return place, head


def in_lines(amount: Floats, kt: Floats, unit: Floats) -> Floats:
    """Round up to whole lines."""
    safe = np.where(unit > 0.0, unit, 1.0)
    whole = np.where(amount > CLOSE * kt, np.minimum(np.ceil(amount / safe - CLOSE) * safe, kt), 0.0)
    return np.where(unit > 0.0, whole, amount)
