"""Who sells with market power at one product of the chain, and where their goods can go."""

from __future__ import annotations

__all__ = ["Sellers", "sellers_of"]

from dataclasses import dataclass

from potline.equilibrium.concepts import Cartel, Competitive, Concept, Conjectural, Cournot, Leader
from potline.errors import InputError, Problem
from potline.industry.network import Activity, LocalDemand, Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Sellers:
    """Sellers with market power at the product ``stage``.

    Attributes:
        names, theta: each seller and its conduct, above 0. members: owners that each decides for.
        reach: places each seller's goods can come to.
        fringe: whether anybody else brings the product to market.

    Examples:
        >>> Sellers(stage="", names=(), theta=(), members=(), reach=(), fringe=True).names
        ()
    """

    stage: str
    names: tuple[str, ...]
    theta: tuple[float, ...]
    members: tuple[tuple[str, ...], ...]
    reach: tuple[tuple[str, ...], ...]
    fringe: bool

    def layer(self, activity: Activity) -> int:
        """Return the seller an activity belongs to, counted from 1; 0 for price takers."""
        return next((k for k, owners in enumerate(self.members, start=1) if activity.decides in owners), 0)


def sellers_of(network: Network, concept: Concept, stage: str = "") -> Sellers:
    """Say who sells with market power, and check that one stage of linear demands can carry it.

    Raises:
        InputError: the stage is not clear, has no linear demand or is an input of something; the concept names nobody.

    Examples:
        >>> sellers_of(Network(name="empty", products=(), places=()), Competitive()).fringe
        True
    """
    if isinstance(concept, Competitive):
        return Sellers(stage="", names=(), theta=(), members=(), reach=(), fringe=True)
    if isinstance(concept, Leader):
        raise InputError(
            [
                Problem(
                    where="concept", found="Leader", needed="Competitive, Cournot, Conjectural or Cartel on a network"
                )
            ]
        )
    product = _stage(network, stage)
    makers = {
        owner: [item for item in network.activities if item.decides == owner and _makes(item, product)]
        for owner in network.owners
    }
    owners = [owner for owner, items in makers.items() if items]
    groups = _groups(concept, owners)
    strategic = [(name, theta, members) for name, theta, members in groups if theta > 0.0]
    held = {owner for _, _, members in strategic for owner in members}
    reach = tuple(
        _reach(network, product, [item.place for owner in members for item in makers[owner]])
        for _, _, members in strategic
    )
    brought = any(stock.product == product and stock.opening_kt + stock.closing_kt > 0.0 for stock in network.stocks)
    brought |= any(route.product == product and route.afloat_kt > 0.0 for route in network.routes)
    return Sellers(
        stage=product if strategic else "",
        names=tuple(name for name, _, _ in strategic),
        theta=tuple(theta for _, theta, _ in strategic),
        members=tuple(members for _, _, members in strategic),
        reach=reach,
        fringe=brought or not strategic or any(owner not in held for owner in owners),
    )


def _makes(activity: Activity, product: str) -> bool:
    return any(amount.product == product for amount in activity.outputs)


def _stage(network: Network, stage: str) -> str:
    sold = list(dict.fromkeys(item.product for item in network.demands if isinstance(item, LocalDemand)))
    product = stage or (sold[0] if len(sold) == 1 else "")
    problems: list[Problem] = []
    if product not in sold:
        problems.append(
            Problem(
                where="stage",
                found=repr(stage) if stage else f"{len(sold)} products with linear demand ({', '.join(sold)})",
                needed="one product with linear demand, where market power sits",
                hint=f"Pass stage= one of: {', '.join(sold) or 'none has linear demand'}.",
            )
        )
    problems += [
        Problem(
            where=f"demand for {item.product!r} at {item.place!r}",
            found="a fixed quantity",
            needed="linear demand where sellers have market power: against a fixed quantity no price is high enough",
        )
        for item in network.demands
        if item.product == product and not isinstance(item, LocalDemand)
    ]
    problems += [
        Problem(
            where=f"activity {item.name!r}",
            found=f"{product!r} as an input",
            needed="market power at a product that is sold to final demand only",
            hint="Market power over an input with derived demand is not a convex program.",
        )
        for item in network.activities
        if any(amount.product == product for amount in item.inputs)
    ]
    if problems:
        raise InputError(problems)
    return product


def _groups(concept: Concept, owners: list[str]) -> list[tuple[str, float, tuple[str, ...]]]:
    if isinstance(concept, Cartel):
        missing = [name for name in concept.members if name not in owners]
        if missing or not concept.members:
            raise InputError(
                [
                    Problem(
                        where="concept, cartel members",
                        found=", ".join(map(repr, missing)) or "none",
                        needed=f"owners of activities that make the product: {', '.join(owners)}",
                    )
                ]
            )
        rest = [owner for owner in owners if owner not in concept.members]
        return [(concept.name, 1.0, concept.members), *_groups(concept.fringe, rest)]
    if isinstance(concept, Cournot):
        return [(owner, 1.0, (owner,)) for owner in owners]
    if isinstance(concept, Conjectural):
        groups = [(owner, concept.of(owner), (owner,)) for owner in owners]
        wrong = [(name, theta) for name, theta, _ in groups if not theta >= 0.0]
        if wrong:
            raise InputError(
                [Problem(where=f"theta of {name!r}", found=f"{theta:g}", needed="0 or more") for name, theta in wrong]
            )
        return groups
    return [(owner, 0.0, (owner,)) for owner in owners]


def _reach(network: Network, product: str, starts: list[str]) -> tuple[str, ...]:
    """Return the places that routes of a product lead to from some places, those included."""
    onward: dict[str, list[str]] = {}
    for route in network.routes:
        if route.product == product:
            onward.setdefault(route.origin, []).append(route.destination)
    seen = list(dict.fromkeys(starts))
    for place in seen:
        seen += [other for other in dict.fromkeys(onward.get(place, ())) if other not in seen]
    return tuple(seen)
