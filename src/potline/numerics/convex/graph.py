"""Recognise a program that is a graph with straight-line terminals, and solve it by the flow method."""

from __future__ import annotations

__all__ = ["Forest", "Graph", "graph_of", "solve_graph"]

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from potline.numerics.convex.flow import FLOW_LIMIT, FLOW_UNBOUNDED, equilibrate, plant, settle
from potline.numerics.convex.program import ConvexAnswer, ConvexProgram
from potline.numerics.parallel import split

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLOSED_GAP = 1e-11
PUSHES_PER_ARC = 200
# Arcs looked at before a push: all of a period up to LONG, pieces of SHORT beyond (measured on 50 to 200 places).
LONG, SHORT = 3_000, 500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Graph:
    """A program as arcs and terminals; arguments of :func:`~potline.numerics.convex.flow.settle` by their names there.

    Attributes:
        arc, terminal: columns of the program that are arcs (in the order of blocks) and terminals (by node).
        sign: 1 for a terminal that sells, -1 for one that buys, shape (terminals,).
        first_block: first block of each period, and their number.
        periods: number of independent groups of nodes; 1 where arcs link periods.
    """

    program: ConvexProgram
    arc: Ints
    terminal: Ints
    sign: Floats
    ends: Ints
    cost: Floats
    upper: Floats
    blocks: Ints
    first_block: Ints
    start: Ints
    lines: Floats
    periods: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forest:
    """Where the flow method stopped: ``ends`` as in :class:`Graph` and the state of each arc, for a warm start."""

    ends: Ints
    state: NDArray[np.int8]


def graph_of(program: ConvexProgram) -> Graph | None:
    """Return the program as a graph, or None where it is not one."""
    matrix = program.matrix
    if program.cross[2].size or np.any(program.cubic) or np.any(np.abs(matrix.data) != 1.0):
        return None
    indptr = np.asarray(matrix.indptr, np.int64)
    entries = np.diff(indptr)
    double = entries == 2
    if np.any((entries < 1) | (entries > 2)) or np.any(program.diagonal[double]):
        return None
    one = indptr[:-1]
    first_row, first_value = np.asarray(matrix.indices, np.int64)[one], matrix.data[one]
    other = np.where(double, one + 1, one)
    other_row, other_value = np.asarray(matrix.indices, np.int64)[other], matrix.data[other]
    if np.any(first_value[double] == other_value[double]):
        return None
    root = program.right.size
    enters = first_value > 0.0
    tail = np.where(double, np.where(enters, other_row, first_row), np.where(enters, root, first_row))
    head = np.where(double, np.where(enters, first_row, other_row), np.where(enters, first_row, root))
    straight = program.diagonal > 0.0
    arc, terminal = np.flatnonzero(~straight), np.flatnonzero(straight)
    block = program.block or root
    count = root // block
    period = np.where(tail[arc] == root, head[arc], tail[arc]) // block
    away = np.where(head[arc] == root, tail[arc], head[arc]) // block
    linked = period != away
    period = np.where(linked, count, period).astype(np.int16 if count < 32_000 else np.int64)
    order = np.argsort(period, kind="stable")
    arc, period = arc[order], period[order]
    edges = np.searchsorted(period, np.arange(count + 2)).astype(np.int64)
    if not linked.any():
        edges = edges[:-1]
    bounds: list[int] = edges.tolist()
    pieces = [
        np.arange(low, high, SHORT if high - low > LONG else max(high - low, 1)) for low, high in pairwise(bounds)
    ]
    blocks = np.concatenate((*pieces, edges[-1:]))
    nodes = np.arange(root)
    big = 1e4 * max(float(np.abs(program.linear).max(initial=0.0)), 1e-300)
    at_root = np.full(root, root)
    ends = np.empty(2 * (arc.size + 2 * root), np.int64)
    ends[0::2] = np.concatenate((tail[arc], at_root, nodes))
    ends[1::2] = np.concatenate((head[arc], nodes, at_root))
    terminal = terminal[np.argsort(first_row[terminal], kind="stable")]
    sells = enters[terminal]
    slope, linear = program.diagonal[terminal], program.linear[terminal]
    reach = slope * program.upper[terminal]
    datum = np.where(sells, linear, -linear)
    return Graph(
        program=program,
        arc=arc,
        terminal=terminal,
        sign=np.where(sells, 1.0, -1.0),
        ends=ends,
        cost=np.concatenate((program.linear[arc], np.full(2 * root, big))),
        upper=np.concatenate((program.upper[arc], np.full(2 * root, np.inf))),
        blocks=blocks,
        first_block=np.concatenate(([0], np.cumsum([piece.size for piece in pieces]))),
        start=np.searchsorted(first_row[terminal], np.arange(root + 1)).astype(np.int64),
        lines=np.stack(
            (np.where(sells, datum, datum - reach), np.where(sells, datum + reach, datum), 1.0 / slope, datum), axis=1
        ),
        periods=1 if linked.any() else count,
    )


def solve_graph(graph: Graph, *, start: ConvexAnswer | None = None, threads: int | None = None) -> ConvexAnswer:
    """Solve by the flow method, from the forest of a neighbouring answer where the arcs are the same."""
    program = graph.program
    root, arcs = program.right.size, graph.cost.size
    state = np.zeros(arcs, np.int8)
    price = np.zeros(root + 1)
    flow = np.zeros(arcs)
    need = program.right.copy()
    hold, links = np.full((root, 2), -1, np.int64), np.full((2 * arcs, 2), -1, np.int64)
    basis = start.basis if start is not None else None
    if start is not None and isinstance(basis, Forest) and np.array_equal(basis.ends, graph.ends):
        state[:] = basis.state
        state[(state == 2) & np.isinf(graph.upper)] = 0
        price[:root] = start.price
        full = np.flatnonzero(state == 2)
        flow[full] = graph.upper[full]
        moved = np.concatenate((need, [0.0]))
        np.add.at(moved, graph.ends[2 * full], graph.upper[full])
        np.subtract.at(moved, graph.ends[2 * full + 1], graph.upper[full])
        need = moved[:root]
        plant(state, root, graph.ends, hold, links)
    elif graph.terminal.size:
        first_prices(graph, price)
    tolerance = CLOSED_GAP * max(float(np.abs(program.linear).max(initial=0.0)), 1e-300)
    groups = graph.periods
    size = root // groups
    outcome = np.zeros((groups, 3), np.int64)

    def task(begin: int, end: int) -> None:
        low = int(graph.first_block[begin])
        high = int(graph.first_block[-1] if end == groups else graph.first_block[end])
        here = (begin * size, end * size, root, graph.ends, graph.cost, graph.upper, state, graph.start, graph.lines)
        settle(*here, need, price, flow, hold, links, True)
        outcome[begin] = equilibrate(
            low, high, graph.blocks, *here[2:], price, flow, hold, links, tolerance, PUSHES_PER_ARC * arcs
        )
        if outcome[begin, 0] == 0:
            fresh = program_need(graph, state, begin * size, end * size)
            settle(*here, fresh, price, flow, hold, links, False)

    split(task, groups, threads)
    x = np.zeros(program.linear.size)
    real = graph.arc.size
    x[graph.arc] = flow[:real]
    node = np.repeat(np.arange(root), np.diff(graph.start))
    low, high, rate, datum = graph.lines.T
    x[graph.terminal] = graph.sign * (np.clip(price[node], low, high) - datum) * rate
    np.maximum(x, 0.0, out=x)
    np.minimum(x, program.upper, out=x)
    shortage = flow[real : real + root] - flow[real + root :]
    short = np.abs(shortage) > 1e-9 * max(float(np.abs(x).max(initial=0.0)), float(np.abs(need).max(initial=0.0)))
    status = "infeasible" if short.any() else "solved"
    if np.any(outcome[:, 0] == FLOW_UNBOUNDED):
        status = "unbounded"
    elif np.any(outcome[:, 0] == FLOW_LIMIT):
        status = "failed"
    state[real:] = 0
    return ConvexAnswer(
        x=x,
        price=price[:root].copy(),
        status=status,
        method="flow",
        iterations=int(outcome[:, 1].sum()),
        finished=True,
        basis=Forest(ends=graph.ends, state=state),
        shortage=np.where(short, shortage, 0.0) if short.any() else np.zeros(0),
    )


def first_prices(graph: Graph, price: Floats) -> None:
    """Set prices to start from: where a node's first line starts if it sells, at what it would pay first if it buys."""
    has = np.flatnonzero(np.diff(graph.start))
    first = graph.start[has]
    asked = np.minimum.reduceat(np.where(graph.sign > 0.0, graph.lines[:, 3], np.inf), first)
    offered = np.maximum.reduceat(np.where(graph.sign < 0.0, graph.lines[:, 3], -np.inf), first)
    price[has] = np.where(np.isinf(asked), offered, asked)


def program_need(graph: Graph, state: NDArray[np.int8], node_from: int, node_to: int) -> Floats:
    """Return what nodes must receive once the arcs at their upper bound are counted, shape (nodes,)."""
    root = graph.program.right.size
    need = np.concatenate((graph.program.right, [0.0]))
    full = np.flatnonzero(state == 2)
    if full.size:
        tail, head = graph.ends[2 * full], graph.ends[2 * full + 1]
        mine = np.where(tail == root, head, tail)
        full = full[(mine >= node_from) & (mine < node_to)]
        np.add.at(need, graph.ends[2 * full], graph.upper[full])
        np.subtract.at(need, graph.ends[2 * full + 1], graph.upper[full])
    return need[:root]
