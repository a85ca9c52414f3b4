r"""What those who stay choose anew when a member leaves: the total that brings them most together, without K.

One owner too plays its best cut alone. What a leaver of S gets depends on who stays and on nothing else: so it stands
in a table by coalition, the rise of the price and the relief at the coalition's best total, the rise -1 where that is
none. Paths and best totals: :mod:`potline.numerics.joint_cut.totals`, :mod:`potline.numerics.joint_cut.liked`.
"""

from __future__ import annotations

__all__ = ["Room", "all_blocks", "cuts_chosen", "reoptimised", "reoptimised_of", "room_of"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel
from potline.numerics.joint_cut.brief import brief, prepare
from potline.numerics.joint_cut.events import NO_DEAL, PLANS, choose, chosen
from potline.numerics.joint_cut.rows import EFFICIENT, Rows
from potline.numerics.joint_cut.totals import lay_path, sizes
from potline.numerics.parallel import split

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Room = tuple[Floats, Floats, Integers, Floats, Floats, Integers, Floats, Integers, Floats]


def room_of(read: Rows) -> Room:
    """Return arrays in which one thread lays paths of coalitions: a book, work, heads."""
    n, pieces = read.first.size - 1, read.pieces.shape[1]
    blocks = pieces + 1 if read.rule == EFFICIENT else 1
    units = read.pieces[:, :, 4]
    lines = np.where(units > 0.0, np.ceil(read.pieces[:, :, 0] / np.where(units > 0.0, units, 1.0)) + 1.0, 2.0)
    bends = 2 * read.bits.shape[1] + read.relief.shape[1] + 2
    edges = blocks + (2 if read.rule == EFFICIENT else 1) * int(lines.sum(axis=1).max(initial=0.0))
    points = 16 * (edges + bends + n + 8)
    return (
        np.zeros((n + 2, blocks + 1)),
        np.zeros((n + 2, blocks + 1, n)),
        np.zeros(n + 2, np.int64),
        np.zeros(n + 2),
        np.zeros((n + 2, points, 8)),
        np.zeros(n + 2, np.int64),
        np.zeros((2 * n + PLANS, points)),
        np.zeros(n + 2, np.int64),
        np.zeros((pieces + n + read.bits.shape[1] + 1, 3)),
    )


@kernel
def choose_listed(
    start: int,
    stop: int,
    rule: int,
    market: Floats,
    relief: Floats,
    lines: Floats,
    bits: Integers,
    pieces: Floats,
    first: Integers,
    merged: Integers,
    stated: Floats,
    base: Floats,
    held: Floats,
    room: Room,
    draw: Integers,
    masks: Integers,
    table: Floats,
) -> None:
    """Write the rise and the relief of coalition ``masks[c]`` of draw ``draw[c]`` for each c."""
    ends, cum, blocks, kept, crest, crests, work, head, walk = room
    n, laid, count = first.size - 1, -1, -1
    book, size, plan = (ends, cum, blocks, kept, crest, crests), work[n + PLANS :, :2], work[n + PLANS :, 2:5]
    game = (
        market[0], relief[0], lines[0], bits[0], pieces[0], first, size, held[0], base[0], stated,
    )  # fmt: skip
    for c in range(start, stop):
        b = int(draw[c])
        if b != laid:
            game = (
                market[b], relief[b], lines[b], bits[b], pieces[b], first, size, held[b], base[b], stated,
            )  # fmt: skip
            sizes(pieces[b], first, size)
            count = prepare(rule, game, merged[b], walk)
            laid = b
        if count >= 0:
            brief(rule, masks[c], game, walk, count, 0.0, table[c])
        else:
            choose(rule, masks[c], game, book, work, head, plan, table[c])


@kernel
def all_blocks(
    market: Floats,
    relief: Floats,
    lines: Floats,
    bits: Integers,
    pieces: Floats,
    first: Integers,
    base: Floats,
    held: Floats,
) -> tuple[Floats, Integers]:
    """Return what each owner has idled at the ends of the blocks of the efficient path of all, and how many there are.

    Shapes (draws, blocks + 1, owners) and (draws,).

    Examples:
        Two owners, a loss of 5 a tonne on 100 kt of each, and of 7 on 50 kt of the second: two blocks, one of both.

        >>> one, rows = np.ones((1, 8)), np.zeros((1, 3, 5))
        >>> rows[0, :, 0], rows[0, :, 1] = [100.0, 100.0, 50.0], [5.0, 5.0, 7.0]
        >>> none = np.zeros((1, 0), np.int64)
        >>> cum, count = all_blocks(one, np.zeros((1, 0, 2)), np.zeros((1, 0, 3)), none, rows, np.array([0, 1, 3]),
        ...     np.zeros((1, 3)), np.zeros((1, 2)))
        >>> cum[0, : count[0] + 1].tolist()
        [[0.0, 0.0], [100.0, 100.0], [100.0, 150.0]]
    """
    n, most = first.size - 1, pieces.shape[1]
    every, count = np.zeros((pieces.shape[0], most + 1, n)), np.zeros(pieces.shape[0], np.int64)
    ends, cum, blocks, kept = np.zeros((1, most + 1)), np.zeros((1, most + 1, n)), np.zeros(1, np.int64), np.zeros(1)
    crest, crests, head = np.zeros((1, 1, 8)), np.zeros(1, np.int64), np.zeros(n, np.int64)
    size, stated = np.zeros((n, 2)), np.zeros(n)
    for b in range(pieces.shape[0]):
        game = (market[b], relief[b], lines[b], bits[b], pieces[b], first, size, held[b], base[b], stated)
        lay_path(EFFICIENT, (1 << n) - 1, 0, game, (ends, cum, blocks, kept, crest, crests), head, np.inf)
        count[b] = blocks[0]
        for k in range(blocks[0] + 1):
            for i in range(n):
                every[b, k, i] = cum[0, k, i]
    return every, count


def reoptimised_of(read: Rows, draw: Integers, masks: Integers, *, threads: int | None = None) -> Floats:
    """Return the rise of the price and the relief where coalitions take the total they like best, (coalitions, 2).

    Args:
        read: the meeting, from :func:`potline.numerics.joint_cut.rows.rows_of`; at most 62 owners.
        draw, masks: shape (coalitions,): which coalition in which draw; one owner is one too.
        threads: all cores unless told otherwise; no result depends on it.

    Examples:
        Owners of 100 kt, slope 0.1 a kt, and 5 lost on each tonne: one alone cuts 25 kt, two 75, three 125.

        >>> from potline.numerics.joint_cut.arrange import CutMarket, CutPlants, arrange
        >>> from potline.numerics.joint_cut.rows import rows_of
        >>> one, three = np.ones(1), np.ones((1, 3))
        >>> market = CutMarket(price_per_t=100 * one, quantity_kt=1000 * one, elasticity=one,
        ...     ceiling_per_t=np.inf * one, annuity=one, relief_output_fall_kt=np.empty((1, 0)),
        ...     relief_per_t=np.empty((1, 0)))
        >>> plants = CutPlants(running_kt=100 * three, idle_kt=0 * three, loss_part_per_t=5 * three,
        ...     loss_whole_per_t=5 * three, stop_price_per_t=three, restart_price_per_t=three, relief_use=0 * three,
        ...     line_kt=np.zeros(3), owner=np.arange(3))
        >>> read = rows_of(arrange(market, plants, 3), np.arange(3), one)
        >>> reoptimised_of(read, np.zeros(3, np.int64), np.array([1, 3, 7]))[:, 0].round(9).tolist()
        [2.5, 7.5, 12.5]
    """
    table = np.empty((masks.size, 2))
    arrays = (read.market, read.relief, read.lines, read.bits, read.pieces, read.first, read.merged)

    def task(start: int, stop: int) -> None:
        choose_listed(
            start, stop, read.rule, *arrays, read.stated, read.base, read.held, room_of(read), draw, masks, table
        )

    split(task, masks.size, threads)
    return table


@kernel
def choose_cuts(
    rule: int,
    market: Floats,
    relief: Floats,
    lines: Floats,
    bits: Integers,
    pieces: Floats,
    first: Integers,
    stated: Floats,
    base: Floats,
    held: Floats,
    room: Room,
    masks: Integers,
    found: Floats,
) -> None:
    """Write what members of coalitions of the first draw idle at the total that these choose, (coalitions, owners)."""
    ends, cum, blocks, kept, crest, crests, work, head, _ = room
    n = first.size - 1
    book, size, plan = (ends, cum, blocks, kept, crest, crests), work[n + PLANS :, :2], work[n + PLANS :, 2:5]
    game = (
        market[0], relief[0], lines[0], bits[0], pieces[0], first, size, held[0], base[0], stated,
    )  # fmt: skip
    sizes(pieces[0], first, size)
    for c in range(masks.size):
        total, _ = chosen(rule, masks[c], 0.0, game, book, work, head, plan)
        for i in range(n):
            found[c, i] = plan[i, 0] if total > 0.0 else 0.0


def cuts_chosen(read: Rows, masks: Integers) -> Floats:
    """Return what each owner idles where coalitions take the total they like best, (coalitions, owners); one draw.

    Examples:
        Owners of 100 kt, slope 0.1 a kt, and 5 lost on each tonne: one alone cuts 25 kt, two 37.5 kt each.

        >>> from potline.numerics.joint_cut.arrange import CutMarket, CutPlants, arrange
        >>> from potline.numerics.joint_cut.rows import rows_of
        >>> one, three = np.ones(1), np.ones((1, 3))
        >>> market = CutMarket(price_per_t=100 * one, quantity_kt=1000 * one, elasticity=one,
        ...     ceiling_per_t=np.inf * one, annuity=one, relief_output_fall_kt=np.empty((1, 0)),
        ...     relief_per_t=np.empty((1, 0)))
        >>> plants = CutPlants(running_kt=100 * three, idle_kt=0 * three, loss_part_per_t=5 * three,
        ...     loss_whole_per_t=5 * three, stop_price_per_t=three, restart_price_per_t=three, relief_use=0 * three,
        ...     line_kt=np.zeros(3), owner=np.arange(3))
        >>> read = rows_of(arrange(market, plants, 3), np.arange(3), one)
        >>> cuts_chosen(read, np.array([1, 6])).round(9).tolist()
        [[25.0, 0.0, 0.0], [0.0, 37.5, 37.5]]
    """
    found = np.empty((masks.size, read.first.size - 1))
    arrays = (read.market, read.relief, read.lines, read.bits, read.pieces, read.first)
    choose_cuts(read.rule, *arrays, read.stated, read.base, read.held, room_of(read), masks, found)
    return found


def reoptimised(read: Rows, *, threads: int | None = None) -> Floats:
    """Return :func:`reoptimised_of` for every coalition of every draw, (draws, 2 ** owners, 2); nobody has no deal."""
    draws, every = read.market.shape[0], np.arange(1 << (read.first.size - 1), dtype=np.int64)
    draw = np.repeat(np.arange(draws, dtype=np.int64), every.size - 1)
    found = np.full((draws, every.size, 2), np.array([NO_DEAL, 0.0]))
    found[:, 1:] = reoptimised_of(read, draw, np.tile(every[1:], draws), threads=threads).reshape(draws, -1, 2)
    return found
