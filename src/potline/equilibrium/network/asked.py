"""Who sells with market power in a network, read a second time for the verifier."""

from __future__ import annotations

__all__ = ["asked_markets", "asked_reach", "asked_sellers"]

from potline.equilibrium.concepts import (
    Cartel,
    Competitive,
    Conjectural,
    Cournot,
    Follower,
    NetworkConcept,
    Stage,
    Successive,
)
from potline.equilibrium.network.sellers import Sellers
from potline.errors import InputError
from potline.industry.network import FixedDemand, Network


def asked_sellers(network: Network, concept: NetworkConcept, stage: str = "") -> Sellers:
    """Return stages, sellers with their conduct above 0, whom each decides for, and what sellers believe of the price.

    Args:
        network, concept: the question.
        stage: the product sold with market power where the concept names none.

    Raises:
        InputError: a concept that is none of ours for networks.
    """
    used = {amount.product for item in network.activities for amount in item.inputs}
    makers: dict[str, list[str]] = {}
    for item in network.activities:
        for amount in item.outputs:
            makers.setdefault(amount.product, []).append(item.owner or item.name)
    rows: list[tuple[str, str, float, tuple[str, ...]]] = []
    kept: list[Stage] = []
    for part in _stages(network, concept, stage):
        owners = [owner for owner in network.owners if owner in set(makers.get(part.product, ()))]
        strong = [row for row in _sellers(part.concept, owners) if row[1] > 0.0]
        rows += [(part.product, *row) for row in strong]
        kept += [part] if strong else []
    return Sellers(
        stages=tuple(part.product for part in kept),
        falls=tuple(part.price_fall_per_kt for part in kept),
        derived=tuple(part.product for part in kept if part.product in used),
        names=tuple(row[1] for row in rows),
        product=tuple(row[0] for row in rows),
        theta=tuple(row[2] for row in rows),
        members=tuple(row[3] for row in rows),
    )


def asked_markets(network: Network, sellers: Sellers) -> set[tuple[str, str]]:
    """Return the places where a product that is sold with market power to activities is bought."""
    bought = {(item.product, item.place) for item in network.demands}
    bought |= {(amount.product, item.place) for item in network.activities for amount in item.inputs}
    return {(product, place) for product, place in bought if product in sellers.derived}


def asked_reach(network: Network, sellers: Sellers) -> list[set[tuple[str, str]]]:
    """Return the products and places at which price takers, and each seller, can have goods."""
    touched = {(item.product, item.place) for item in (*network.demands, *network.stocks)}
    touched |= {(item.product, end) for item in network.routes for end in (item.origin, item.destination)}
    touched |= {(amount.product, item.place) for item in network.activities for amount in (*item.inputs, *item.outputs)}
    held: dict[str, set[str]] = {name: set() for name in sellers.stages}
    for product, members in zip(sellers.product, sellers.members, strict=True):
        held[product] |= set(members)
    alone = {name for name in sellers.stages if not _taken(network, name, held[name])}
    reach = [{(product, place) for product, place in touched if product not in alone}]
    for product, members in zip(sellers.product, sellers.members, strict=True):
        places = {
            item.place
            for item in network.activities
            if (item.owner or item.name) in members and any(amount.product == product for amount in item.outputs)
        }
        ways = [(item.origin, item.destination) for item in network.routes if item.product == product]
        more = places
        while more:
            more = {end for start, end in ways if start in places} - places
            places = places | more
        reach.append({(product, place) for place in places})
    return reach


def _taken(network: Network, product: str, held: set[str]) -> bool:
    """Whether price takers make a product, have it from before, or must have it at the end."""
    makers = {
        item.owner or item.name
        for item in network.activities
        if any(amount.product == product for amount in item.outputs)
    }
    stocks = any(item.product == product and item.opening_kt + item.closing_kt > 0.0 for item in network.stocks)
    afloat = any(item.product == product and item.afloat_kt > 0.0 for item in network.routes)
    return bool(makers - held) or stocks or afloat


def _stages(network: Network, concept: NetworkConcept, stage: str) -> tuple[Stage, ...]:
    if isinstance(concept, Successive):
        return concept.stages
    if isinstance(concept, Competitive):
        return ()
    if not isinstance(concept, Cournot | Conjectural | Cartel):
        raise InputError(f"found {concept!r} as the concept of a network; needed one of a network.")
    sloped = [item.product for item in network.demands if not isinstance(item, FixedDemand)]
    return (Stage(product=stage or sloped[0], concept=concept),) if stage or sloped else ()


def _sellers(concept: Follower | Cartel, owners: list[str]) -> list[tuple[str, float, tuple[str, ...]]]:
    """Return name, conduct and members of each seller among owners."""
    match concept:
        case Cartel():
            apart = [owner for owner in owners if owner not in concept.members]
            return [(concept.name, 1.0, tuple(concept.members)), *_sellers(concept.fringe, apart)]
        case Competitive():
            return []
        case Cournot():
            return [(owner, 1.0, (owner,)) for owner in owners]
        case Conjectural():
            fixed = concept.theta if isinstance(concept.theta, int | float) else None
            known = {} if isinstance(concept.theta, int | float) else dict(concept.theta)
            return [
                (owner, float(known.get(owner, concept.others) if fixed is None else fixed), (owner,))
                for owner in owners
            ]
        case _:  # pyright: ignore[reportUnnecessaryComparison]
            raise InputError(f"found {concept!r} as the concept of a stage; needed one of ours.")
