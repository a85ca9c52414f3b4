"""Find the prices that prove that a network has no plan, by the dual of its least shortage."""

from __future__ import annotations

__all__ = ["proof_of_shortage"]

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from potline.equilibrium.concepts import Competitive
from potline.equilibrium.network.arrays import Kind
from potline.equilibrium.network.compilation import compile_network
from potline.equilibrium.network.shortage import ShortageProof
from potline.industry.network import FixedDemand, IsoelasticLocalDemand, Network, PlaceDemand
from potline.numerics.convex.linear import solve_linear


def proof_of_shortage(network: Network, wanting: Sequence[int] = (), share: float = 0.0) -> ShortageProof | None:
    """Return prices that prove that no plan exists; none where they are not found, or do not pass their check.

    Args:
        network: whoever owns what, all goods counted together.
        wanting: demands of constant elasticity that want something at any price; each is put down as taking ``share``
            of the quantity it is known by.
    """
    demands: list[PlaceDemand] = list(network.demands)
    for k in wanting:
        item = demands[k]
        assert isinstance(item, IsoelasticLocalDemand)
        known = item.quantity_kt if isinstance(item.quantity_kt, tuple) else (item.quantity_kt,) * network.periods
        demands[k] = FixedDemand(
            product=item.product, place=item.place, quantity_kt=tuple(share * quantity for quantity in known)
        )
    asked = dataclasses.replace(network, demands=tuple(demands))
    compiled = compile_network(asked, Competitive(), "")
    rows, columns, balances = compiled.right.size, compiled.linear.size, compiled.row_product.size
    balance = np.flatnonzero(np.arange(rows) % compiled.block < balances)
    gap = sparse.csc_array((np.ones(balance.size), (balance, np.arange(balance.size))), shape=(rows, balance.size))
    found = solve_linear(
        np.concatenate((np.zeros(columns), np.ones(2 * balance.size))),
        equal=sparse.hstack((compiled.matrix, gap, -gap), format="csc"),
        right=compiled.right,
        upper=np.concatenate((compiled.upper, np.full(2 * balance.size, np.inf))),
    )
    if found.status != "solved" or not found.value > 0.0:
        return None
    by_row = found.price.reshape(network.periods, compiled.block).T / found.value
    price = np.zeros((len(network.products), len(network.places), network.periods))
    price[compiled.row_product, compiled.row_place] = by_row[:balances]
    room = np.flatnonzero(compiled.kind == Kind.ROOM)
    rent = np.zeros((len(network.quotas), network.periods))
    for column in room.tolist():
        row = int(compiled.matrix.indices[compiled.matrix.indptr[column]])
        rent[compiled.noun[column], compiled.period[column]] = -found.price[row] / found.value
    proof = ShortageProof(network=asked, price_per_t=price, rent_per_t=rent)
    return proof if proof.certificate.holds else None
