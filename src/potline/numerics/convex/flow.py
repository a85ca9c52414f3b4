r"""Equilibrium of flows on a graph whose nodes buy and sell along straight lines: an exact active-set method.

.. math:: \min \sum_e c_e f_e + \sum_k (c_k x_k + h_k x_k^2 / 2) \quad 0 \le f \le u,\ 0 \le x \le u_k

Arcs e cost a constant; terminals k (supply or demand at one node, ``h_k > 0``) have straight marginal cost. Arcs that
touch ``root`` are supplies and demands of constant price. At any time the arcs strictly between their bounds, and those
just put in, form a forest whose trees have one price level each: prices in a tree differ by the costs of its arcs, and
terminals sell what their lines say at those prices. One step takes the arc whose price gap exceeds its cost by most
and pushes flow along it. The two trees' prices move towards each other, at rates given by the sums of their slopes,
until the gap is closed (the arc joins the trees) or an arc on the way reaches a bound (it leaves and its tree falls
apart). The cost falls with every push, so the method is finite apart from ties; prices and flows of the last forest are
computed afresh, so they carry the rounding of one evaluation and not of the path.

A tree that holds an arc to ``root`` has a fixed price. Nodes that cannot balance by themselves start from an artificial
arc of cost ``big``; one that still carries flow at the end marks a shortage (or a surplus) that no route can remove.

Nearest relatives: the network simplex with separable convex costs (Helgason and Kennington 1995, Handbooks in OR 7,
pp. 85-133) and the equilibration of Dafermos and Nagurney (1989), Transportation Science 23, pp. 118-124.
"""

from __future__ import annotations

__all__ = ["FLOW_LIMIT", "FLOW_SOLVED", "FLOW_UNBOUNDED", "equilibrate", "plant", "settle"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bytes = NDArray[np.int8]

FLOW_SOLVED, FLOW_UNBOUNDED, FLOW_LIMIT = 0, 1, 2
LOW, IN, HIGH = 0, 1, 2
CLOSED, KINK, FULL, BLOCKED = 0, 1, 2, 3


@kernel
def _walk(
    node: int, begin: int, order: Ints, parent: Ints, mark: Ints, stamp: int, hold: Ints, links: Ints, ends: Ints
) -> int:
    """Write the tree of ``node`` into ``order`` from ``begin``, parents before children; return where it ends."""
    order[begin] = node
    parent[node] = -1
    mark[node] = stamp
    count, at = begin + 1, begin
    while at < count:
        half = hold[order[at], 0]
        at += 1
        while half >= 0:
            other = ends[half ^ 1]
            if mark[other] != stamp:
                mark[other] = stamp
                parent[other] = half >> 1
                order[count] = other
                count += 1
            half = links[half, 0]
    return count


@kernel
def _switch(arc: int, joins: bool, root: int, ends: Ints, hold: Ints, links: Ints) -> None:
    """Put an arc into the forest or take it out; an arc of the root is held by the node at its other end."""
    for half in range(2 * arc, 2 * arc + 2):
        node = ends[half]
        if node == root:
            hold[ends[half ^ 1], 1] = arc if joins else -1
            return
    for half in range(2 * arc, 2 * arc + 2):
        node = ends[half]
        if joins:
            ahead = hold[node, 0]
            links[half, 0], links[half, 1] = ahead, -1
            hold[node, 0] = half
            if ahead >= 0:
                links[ahead, 1] = half
        else:
            ahead, behind = links[half, 0], links[half, 1]
            if behind >= 0:
                links[behind, 0] = ahead
            else:
                hold[node, 0] = ahead
            if ahead >= 0:
                links[ahead, 1] = behind


@kernel
def _sold(node: int, price: float, start: Ints, lines: Floats) -> float:
    """Return the net supply of a node's terminals at a price."""
    total = 0.0
    for t in range(start[node], start[node + 1]):
        total += (min(max(price, lines[t, 0]), lines[t, 1]) - lines[t, 3]) * lines[t, 2]
    return total


@kernel
def _response(
    begin: int, end: int, up: bool, order: Ints, price: Floats, start: Ints, lines: Floats, weight: Floats
) -> tuple[float, float]:
    """Fill the nodes' slopes of net supply in one direction of the price; return their sum and the next kink."""
    total, near = 0.0, math.inf
    for k in range(begin, end):
        node = order[k]
        slope = 0.0
        for t in range(start[node], start[node + 1]):
            # Distances to where the line starts and to where it ends, as met in the direction asked for.
            ahead = lines[t, 0] - price[node] if up else price[node] - lines[t, 1]
            ends = lines[t, 1] - price[node] if up else price[node] - lines[t, 0]
            if ahead > 0.0:
                near = min(near, ahead)
            elif ends > 0.0:
                slope += lines[t, 2]
                near = min(near, ends)
        weight[node] = slope
        total += slope
    return total, near


@kernel
def _settle(
    count: int, root: int, order: Ints, parent: Ints, ends: Ints, cost: Floats, hold: Ints, start: Ints, lines: Floats,
    need: Floats, price: Floats, flow: Floats, weight: Floats,
) -> int:  # fmt: skip
    """Recompute level, prices and flows of one tree; return 1 or -1 for a shortage or surplus no price removes."""
    top = order[0]
    anchor = hold[top, 1]
    if anchor >= 0:
        price[top] = cost[anchor] if ends[2 * anchor] == root else -cost[anchor]
    wanted, scale = 0.0, 0.0
    for k in range(count):
        node = order[k]
        arc = parent[node]
        if arc >= 0:
            is_head = ends[2 * arc + 1] == node
            price[node] = price[ends[2 * arc]] + cost[arc] if is_head else price[ends[2 * arc + 1]] - cost[arc]
        wanted += need[node]
        scale += abs(need[node])
    while anchor < 0:
        short, size = wanted, scale
        for k in range(count):
            sold = _sold(int(order[k]), float(price[order[k]]), start, lines)
            short -= sold
            size += abs(sold)
        if abs(short) <= 1e-15 * size:
            break
        slope, near = _response(0, count, bool(short > 0.0), order, price, start, lines, weight)
        step = abs(short) / slope if slope > 0.0 else math.inf
        last = step <= near
        step = min(step, near)
        if math.isinf(step):
            if abs(short) > 1e-12 * size:
                return 1 if short > 0.0 else -1
            break
        for k in range(count):
            price[order[k]] += step if short > 0.0 else -step
        if last:
            break
    for k in range(count):
        weight[order[k]] = _sold(int(order[k]), float(price[order[k]]), start, lines) - need[order[k]]
    for k in range(count - 1, 0, -1):
        node = order[k]
        arc = parent[node]
        leaves = ends[2 * arc] == node
        flow[arc] = weight[node] if leaves else -weight[node]
        weight[ends[2 * arc + 1] if leaves else ends[2 * arc]] += weight[node]
    if anchor >= 0:
        flow[anchor] = -weight[top] if ends[2 * anchor] == root else weight[top]
    return 0


@kernel
def settle(
    node_from: int, node_to: int, root: int, ends: Ints, cost: Floats, upper: Floats, state: Bytes, start: Ints,
    lines: Floats, need: Floats, price: Floats, flow: Floats, hold: Ints, links: Ints, repair: bool,
) -> int:  # fmt: skip
    """Recompute prices and flows of all trees of some nodes from their forest; return how many arcs were dropped.

    With ``repair``, arcs whose flow would leave its bounds are put at the bound and their trees settled again, and
    nodes that cannot balance get an artificial arc: any forest becomes a feasible start.

    Args:
        node_from, node_to: nodes concerned; no arc of the forest leaves them.
        root: index of the root, which is the number of nodes.
        ends: tail and head of each arc in turn, shape (2 arcs,); the last ``2 root`` arcs are artificial, from the
            root to each node and then from each node to the root.
        cost, upper, flow: of each arc, shape (arcs,).
        state: LOW, IN the forest or HIGH, shape (arcs,).
        start: terminals of node v are rows ``start[v]:start[v + 1]`` of ``lines``.
        lines: shape (terminals, 4): price at which a line starts and ends, quantity per unit of price, and the price at
            which the terminal trades nothing.
        need: what each node must receive net, arcs at their upper bound counted, shape (nodes,).
        price: shape (nodes + 1,).
        hold: first half-arc in the forest and arc to the root of each node, -1 where none, shape (nodes, 2).
        links: next and previous half-arc at the same node, shape (2 arcs, 2).
    """
    order = np.empty(node_to - node_from + 1, np.int64)
    parent = np.full(root + 1, -1, np.int64)
    mark = np.zeros(root + 1, np.int64)
    weight = np.empty(root + 1)
    done = np.zeros(root + 1, np.bool_)
    real = cost.size - 2 * root
    dropped, stamp, seed = 0, 0, node_from
    while seed < node_to:
        if done[seed]:
            seed += 1
            continue
        top, count = seed, node_to - node_from
        for _ in range(2):
            stamp += 1
            count = _walk(top, 0, order, parent, mark, stamp, hold, links, ends)
            for k in range(count):
                if hold[order[k], 1] >= 0:
                    top = order[k]
        clears = _settle(count, root, order, parent, ends, cost, hold, start, lines, need, price, flow, weight)
        changed = False
        if repair and clears != 0:
            arc = real + top if clears > 0 else real + root + top
            state[arc] = IN
            hold[top, 1] = arc
            changed = True
        elif repair:
            worst, leaving = 0.0, real
            for k in range(count):
                arc = parent[order[k]] if k > 0 else hold[top, 1]
                if arc >= 0:
                    beyond = max(-flow[arc], flow[arc] - upper[arc])
                    if beyond > worst:
                        worst, leaving = beyond, arc
            if worst > 0.0:
                _switch(int(leaving), False, root, ends, hold, links)
                dropped += 1
                changed = True
                filled = flow[leaving] > 0.0
                state[leaving] = HIGH if filled else LOW
                flow[leaving] = upper[leaving] if filled else 0.0
                if filled and ends[2 * leaving] < root:
                    need[ends[2 * leaving]] += upper[leaving]
                if filled and ends[2 * leaving + 1] < root:
                    need[ends[2 * leaving + 1]] -= upper[leaving]
        if not changed:
            for k in range(count):
                done[order[k]] = True
    return dropped


@kernel
def equilibrate(
    block_from: int, block_to: int, blocks: Ints, root: int, ends: Ints, cost: Floats, upper: Floats, state: Bytes,
    start: Ints, lines: Floats, price: Floats, flow: Floats, hold: Ints, links: Ints, tolerance: float, limit: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Push flow along arcs whose price gap exceeds their cost until none is left; return status, pushes and last arc.

    Args:
        blocks: the arcs are looked at in blocks ``blocks[k]:blocks[k + 1]``, the worst of a block first.
        tolerance: gap that counts as closed, money.
        limit: most pushes.
        state, price, flow, hold, links: a feasible start from :func:`settle`; changed in place. Others as there.
    """
    order = np.empty(2 * root + 2, np.int64)
    parent = np.full(root + 1, -1, np.int64)
    mark = np.zeros(root + 1, np.int64)
    weight, pull = np.zeros(root + 1), np.zeros(root + 1)
    slope, near, move = np.zeros(2), np.zeros(2), np.zeros(2)
    fixed = np.zeros(2, np.bool_)
    bound = np.zeros(3, np.int64)
    stamp, pushes, idle, block = 0, 0, 0, block_from
    price[root] = 0.0
    while idle < block_to - block_from:
        entering, gap = root, tolerance
        for arc in range(blocks[block], blocks[block + 1]):
            if state[arc] != IN:
                found = price[ends[2 * arc + 1]] - price[ends[2 * arc]] - cost[arc]
                if state[arc] == HIGH:
                    found = -found
                if found > gap and upper[arc] > 0.0:
                    gap, entering = found, arc
        if gap <= tolerance:
            idle += 1
            block = block + 1 if block + 1 < block_to else block_from
            continue
        idle = 0
        forward = state[entering] == LOW
        a = ends[2 * entering] if forward else ends[2 * entering + 1]
        b = ends[2 * entering + 1] if forward else ends[2 * entering]
        while True:
            pushes += 1
            if pushes > limit:
                return FLOW_LIMIT, pushes, entering
            stamp += 2
            # The tree that gives comes first in `order`, then the tree that takes; the root stands for itself.
            bound[1] = 0
            if a != root:
                bound[1] = _walk(a, 0, order, parent, mark, stamp, hold, links, ends)
            loop = a != root and b != root and mark[b] == stamp
            bound[2] = bound[1]
            if b != root and not loop:
                bound[2] = _walk(b, bound[1], order, parent, mark, stamp + 1, hold, links, ends)
            count = bound[2]
            free_price = False
            for side in range(2):
                slope[side], near[side] = _response(
                    bound[side], bound[side + 1], side == 0, order, price, start, lines, weight
                )
                fixed[side] = (a if side == 0 else b) == root or loop
                for k in range(bound[side], bound[side + 1]):
                    if hold[order[k], 1] >= 0:
                        fixed[side] = True
                if not fixed[side] and slope[side] <= 0.0 and not free_price:
                    # Nothing is bought or sold on this piece: the price moves alone.
                    free_price = True
                    step = min(gap, near[side])
                    for k in range(bound[side], bound[side + 1]):
                        price[order[k]] += step if side == 0 else -step
                    gap = gap - step if step < gap else 0.0
                move[side] = 0.0 if fixed[side] or slope[side] <= 0.0 else 1.0 / slope[side]
            if free_price:
                if gap > 0.0:
                    continue
                state[entering] = IN
                _switch(entering, True, root, ends, hold, links)
                break
            for k in range(count):
                node = order[k]
                side = 0 if k < bound[1] else 1
                if loop:
                    pull[node] = 1.0 if node == b else 0.0
                elif fixed[side]:
                    pull[node] = 1.0 if hold[node, 1] >= 0 else 0.0
                else:
                    pull[node] = weight[node] * move[side]
            room = upper[entering] - flow[entering] if forward else flow[entering]
            closing = move[0] + move[1]
            step = gap / closing if closing > 0.0 else math.inf
            event, leaving = CLOSED, entering
            for side in range(2):
                if not fixed[side] and near[side] * slope[side] < step:
                    step, event = near[side] * slope[side], KINK
            if room < step:
                step, event = room, FULL
            # Each tree arc carries the pull of the nodes behind it, towards a in one tree and away from b in the other.
            for k in range(count - 1, -1, -1):
                node = order[k]
                share = pull[node]
                for which in range(2):
                    arc = parent[node] if which == 0 else hold[node, 1]
                    if arc < 0 or (which == 1 and loop):
                        continue
                    outward = ends[2 * arc] == (node if which == 0 else root)
                    carried = share
                    if which == 0:
                        pull[ends[2 * arc + 1] if outward else ends[2 * arc]] += share
                    else:
                        carried = 1.0
                    if carried > 0.0:
                        rises = outward == (k < bound[1])
                        free = upper[arc] - flow[arc] if rises else flow[arc]
                        if free < step * carried:
                            step, event, leaving = max(free, 0.0) / carried, BLOCKED, arc
            if math.isinf(step):
                return FLOW_UNBOUNDED, pushes, entering
            risen = False
            for k in range(count):
                node = order[k]
                for which in range(2):
                    arc = parent[node] if which == 0 else hold[node, 1]
                    if arc < 0 or (which == 1 and loop):
                        continue
                    rises = (ends[2 * arc] == (node if which == 0 else root)) == (k < bound[1])
                    change = step * pull[node] if which == 0 else step
                    flow[arc] += change if rises else -change
                    if arc == leaving:
                        risen = rises
                price[node] += step * move[0] if k < bound[1] else -step * move[1]
            flow[entering] += step if forward else -step
            gap -= step * closing
            if event == CLOSED:
                state[entering] = IN
                _switch(entering, True, root, ends, hold, links)
                break
            if event == FULL:
                state[entering] = HIGH if forward else LOW
                flow[entering] = upper[entering] if forward else 0.0
                break
            if event == BLOCKED:
                state[leaving] = HIGH if risen else LOW
                flow[leaving] = upper[leaving] if risen else 0.0
                _switch(int(leaving), False, root, ends, hold, links)
    return FLOW_SOLVED, pushes, -1


@kernel
def plant(state: Bytes, root: int, ends: Ints, hold: Ints, links: Ints) -> None:
    """Write the forest of the arcs in state IN into ``hold`` and ``links``, which come empty."""
    for arc in range(state.size):
        if state[arc] == IN:
            for half in range(2 * arc, 2 * arc + 2):
                node, other = ends[half], ends[half ^ 1]
                if node == root:
                    continue
                if other == root:
                    hold[node, 1] = arc
                    continue
                ahead = hold[node, 0]
                links[half, 0] = ahead
                hold[node, 0] = half
                if ahead >= 0:
                    links[ahead, 1] = half
